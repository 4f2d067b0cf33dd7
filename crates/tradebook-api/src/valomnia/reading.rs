//! Listing, showing and deleting customers.

use actix_web::{HttpRequest, HttpResponse, delete, get, web};
use tradebook_model::RecordRef;
use tradebook_store::{
    CustomerError, CustomerFault, CustomerFilter, CustomerQuery, CustomerSort, InstantBounds, Role,
    StoreError, Wildcard,
};
use tradebook_wire::valomnia::{
    CustomerBody, CustomerListRequest, DeletedBody, InstantRange, Links, ListBody, Order, Paging,
    collection, schema,
};

use super::TAG;
use super::call::{Call, answer, ok};
use super::describe::{DeleteRefusals, ListRefusals, ShowRefusals};
use super::form;
use super::refusal::{Refusal, json, written};
use super::view::ViewRequest;
use crate::AppState;

/// A page of the customers that match all filters.
#[utoipa::path(
    tag = TAG,
    path = "/api/{version}/customers",
    operation_id = "list_customers",
    params(schema::VersionPath, schema::CustomerListQuery),
    responses(
        (status = 200, description = "The page.", body = inline(ListBody<CustomerBody<'static>>)),
        ListRefusals,
    ),
    security(("bearer" = []), ("session" = [])),
)]
#[get(r"/api/{version:v1\.0|v2\.0|v2\.1}/customers")]
pub(super) async fn list_customers(http: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    answer(http, state, Role::Read, async |call: &Call<'_>| {
        let query = form::query(call.http);
        let request =
            CustomerListRequest::read(&query, |field| CustomerSort::from_field(field).is_some())?;
        let (version, organization) = (call.version, call.organization);
        let view = ViewRequest::new(call);
        let body = call
            .with_store(move |store| {
                let page = store.list_customers(organization, &store_query(&request))?;
                let view = view.read(store)?;
                let links = Links {
                    version,
                    collection: collection::CUSTOMERS,
                    sort: &request.sort,
                    order: request.order,
                    filters: &request.filters,
                };
                let total = i64::try_from(page.total).unwrap_or(i64::MAX);
                let body = ListBody {
                    paging: Paging::new(total, request.page, &links),
                    data: page.records.iter().map(|record| view.customer(record)).collect(),
                };
                Ok::<_, StoreError>(serde_json::to_vec(&body))
            })
            .await?;
        bytes(body)
    })
    .await
}

fn store_query(request: &CustomerListRequest) -> CustomerQuery {
    let wildcard = |text: &Option<String>| text.as_deref().map(Wildcard::new);
    let bounds = |range: InstantRange| InstantBounds {
        from: range.from,
        before: range.before,
        ..InstantBounds::default()
    };
    CustomerQuery {
        filter: CustomerFilter {
            reference: wildcard(&request.reference),
            name: wildcard(&request.name),
            category_reference: wildcard(&request.category_reference),
            is_active: request.is_active,
            created: bounds(request.created),
            updated: bounds(request.updated),
        },
        sort: CustomerSort::from_field(&request.sort).unwrap_or(CustomerSort::Created),
        descending: request.order == Order::Descending,
        offset: u64::try_from(request.page.offset).unwrap_or_default(),
        max: request.page.max,
    }
}

/// One customer, by its id.
#[utoipa::path(
    tag = TAG,
    path = "/api/{version}/customers/{id}",
    operation_id = "show_customer",
    params(schema::VersionPath, ("id" = i64, Path, description = "The customer's id.")),
    responses((status = 200, description = "The customer.", body = CustomerBody<'static>), ShowRefusals),
    security(("bearer" = []), ("session" = [])),
)]
#[get(r"/api/{version:v1\.0|v2\.0|v2\.1}/customers/{id}")]
pub(super) async fn show_customer(http: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    answer(http, state, Role::Read, async |call: &Call<'_>| show(call, call.id()?).await).await
}

/// One customer, by its reference.
#[utoipa::path(
    tag = TAG,
    path = "/api/{version}/customers/reference/{reference}",
    operation_id = "show_customer_by_reference",
    params(schema::VersionPath, ("reference" = String, Path, description = "The customer's reference.")),
    responses((status = 200, description = "The customer.", body = CustomerBody<'static>), ShowRefusals),
    security(("bearer" = []), ("session" = [])),
)]
#[get(r"/api/{version:v1\.0|v2\.0|v2\.1}/customers/reference/{reference}")]
pub(super) async fn show_customer_by_reference(
    http: HttpRequest,
    state: web::Data<AppState>,
) -> HttpResponse {
    answer(http, state, Role::Read, async |call: &Call<'_>| {
        show(call, RecordRef::Reference(call.reference())).await
    })
    .await
}

async fn show(call: &Call<'_>, customer: RecordRef) -> Result<HttpResponse, Refusal> {
    let organization = call.organization;
    let view = ViewRequest::new(call);
    let body = call
        .with_store(move |store| {
            let record = store
                .show_customer(organization, &customer)?
                .ok_or(CustomerFault::UnknownCustomer(customer))?;
            Ok::<_, CustomerError>(serde_json::to_vec(&view.read(store)?.customer(&record)))
        })
        .await?;
    bytes(body)
}

/// Deletes a customer that has no sub-customers, no sales history and no agreed prices.
#[utoipa::path(
    tag = TAG,
    path = "/api/{version}/customers/{id}",
    operation_id = "delete_customer",
    params(schema::VersionPath, ("id" = i64, Path, description = "The customer's id.")),
    responses((status = 200, description = "It is deleted.", body = DeletedBody), DeleteRefusals),
    security(("bearer" = []), ("session" = [])),
)]
#[delete(r"/api/{version:v1\.0|v2\.0|v2\.1}/customers/{id}")]
pub(super) async fn delete_customer(http: HttpRequest, state: web::Data<AppState>) -> HttpResponse {
    answer(http, state, Role::Write, async |call: &Call<'_>| remove(call, call.id()?).await).await
}

/// Deletes a customer, named by its reference.
#[utoipa::path(
    tag = TAG,
    path = "/api/{version}/customers/reference/{reference}",
    operation_id = "delete_customer_by_reference",
    params(schema::VersionPath, ("reference" = String, Path, description = "The customer's reference.")),
    responses((status = 200, description = "It is deleted.", body = DeletedBody), DeleteRefusals),
    security(("bearer" = []), ("session" = [])),
)]
#[delete(r"/api/{version:v1\.0|v2\.0|v2\.1}/customers/reference/{reference}")]
pub(super) async fn delete_customer_by_reference(
    http: HttpRequest,
    state: web::Data<AppState>,
) -> HttpResponse {
    answer(http, state, Role::Write, async |call: &Call<'_>| {
        remove(call, RecordRef::Reference(call.reference())).await
    })
    .await
}

async fn remove(call: &Call<'_>, customer: RecordRef) -> Result<HttpResponse, Refusal> {
    let organization = call.organization;
    let gone = call.with_store(move |store| store.delete_customer(organization, customer)).await?;
    call.state.changed(organization);
    if let Some(logo) = &gone.logo {
        call.state.images.remove(organization, logo).await;
    }
    Ok(ok(&DeletedBody::DONE))
}

/// 200 with a body that was written with the store at hand.
pub(super) fn bytes(body: serde_json::Result<Vec<u8>>) -> Result<HttpResponse, Refusal> {
    match body {
        Ok(bytes) => Ok(written(actix_web::http::StatusCode::OK, bytes)),
        Err(error) => {
            tracing::error!(%error, "an answer cannot be written");
            Ok(json(
                actix_web::http::StatusCode::INTERNAL_SERVER_ERROR,
                &tradebook_wire::valomnia::Fault::ServerError.body(),
            ))
        }
    }
}
