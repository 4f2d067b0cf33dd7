//! The customers API: parameters as forms, answers in JSON, errors in the words of its manual.

mod access;
mod call;
mod describe;
mod form;
mod reading;
mod records;
mod refusal;
mod routing;
mod sign_in;
mod view;
mod writing;

pub(crate) use access::caller;
pub(crate) use describe::{ImageRefusals, complete};
pub(crate) use refusal::Refusal;
pub(crate) use routing::{canonicalise, unmatched};

/// Under which heading Swagger UI shows these calls.
const TAG: &str = "Customers";

/// Mounts the calls, those first that are made most: one after the other is tried.
pub(crate) fn mount(config: &mut utoipa_actix_web::service_config::ServiceConfig<'_>) {
    config
        .service(reading::show_customer)
        .service(reading::list_customers)
        .service(writing::create_customer)
        .service(reading::show_customer_by_reference)
        .service(writing::upsert_customer)
        .service(reading::delete_customer_by_reference)
        .service(writing::update_customer)
        .service(reading::delete_customer)
        .service(records::list_customer_categories)
        .service(records::show_customer_category)
        .service(records::list_customer_segmentations)
        .service(records::show_customer_segmentation)
        .service(records::list_payment_types)
        .service(records::show_payment_type)
        .service(records::list_regions)
        .service(records::show_region)
        .service(records::list_users)
        .service(records::show_user)
        .service(records::list_currencies)
        .service(records::show_currency)
        .service(records::list_contacts)
        .service(records::show_contact)
        .service(sign_in::sign_in)
        .service(sign_in::sign_in_by_query)
        .service(sign_in::signed_in);
}
