//! The calls of CRM.COM's Web API, version 4: logging in, and listing and showing purchase customer events.

mod access;
mod describe;
mod login;
mod purchases;
mod refusal;
mod routing;
mod streaming;

pub(crate) use describe::complete;
pub(crate) use routing::unmatched;
pub(crate) use streaming::Streams;

/// Under which heading Swagger UI shows these calls.
const TAG: &str = "CRM.COM V4";

/// Mounts the calls.
pub(crate) fn mount(config: &mut utoipa_actix_web::service_config::ServiceConfig<'_>) {
    config
        .service(login::crm_token)
        .service(login::crm_web_api_key_token)
        .service(login::crm_release_token)
        .service(purchases::crm_list_purchases)
        .service(purchases::crm_show_purchase);
}
