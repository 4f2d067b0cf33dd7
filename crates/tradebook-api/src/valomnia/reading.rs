//! Listing, showing and deleting customers.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderValue};
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
use super::describe::{DeleteRefusals, IfNoneMatch, ListRefusals, ShowRefusals};
use super::form;
use super::refusal::{Refusal, json, written};
use super::view::ViewRequest;
use crate::AppState;
use crate::conditional::is_unchanged;
use crate::shown::{Shown, ShownKey};

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
    params(schema::VersionPath, ("id" = i64, Path, description = "The customer's id."), IfNoneMatch),
    responses(
        (status = 200, description = "The customer.", body = CustomerBody<'static>,
            headers(("ETag" = String, description = "Stands for the customer as it is shown."))),
        (status = 304, description = "The customer is as the client knows it."),
        ShowRefusals,
    ),
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
    params(
        schema::VersionPath,
        ("reference" = String, Path, description = "The customer's reference."),
        IfNoneMatch,
    ),
    responses(
        (status = 200, description = "The customer.", body = CustomerBody<'static>,
            headers(("ETag" = String, description = "Stands for the customer as it is shown."))),
        (status = 304, description = "The customer is as the client knows it."),
        ShowRefusals,
    ),
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
    let memory = &call.state.shown;
    let key = ShownKey { organization, version: call.version, customer: customer.clone() };
    if let Some(shown) = memory.get(&key)
        && shown.base.as_ref().is_none_or(|base| *base == call.base())
    {
        return Ok(unless_known(call, &shown));
    }
    let base = call.base();
    let view = ViewRequest::new(call);
    let moment = memory.moment(organization);
    let written = call
        .with_store(move |store| {
            let record = store
                .show_customer(organization, &customer)?
                .ok_or(CustomerFault::UnknownCustomer(customer))?;
            let body = serde_json::to_vec(&view.read(store)?.customer(&record));
            Ok::<_, CustomerError>(body.map(|body| Shown::new(&record, body, &base)))
        })
        .await?;
    match written {
        Ok(shown) => {
            let shown = Arc::new(shown);
            memory.keep(key, Arc::clone(&shown), moment);
            Ok(unless_known(call, &shown))
        }
        Err(error) => bytes(Err(error)),
    }
}

/// The customer, or that the client has it.
fn unless_known(call: &Call<'_>, shown: &Shown) -> HttpResponse {
    let mut response = if is_unchanged(call.http, &shown.etag) {
        HttpResponse::NotModified().finish()
    } else {
        written(StatusCode::OK, shown.body.clone())
    };
    let headers = response.headers_mut();
    // Kept by nobody but the client, which asks each time.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(ETAG, shown.etag_header.clone());
    response
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
    let gone = call
        .with_state(move |state| {
            let gone = state.store.delete_customer(organization, customer)?;
            state.customer_changed(organization, gone.customer.id);
            Ok::<_, CustomerError>(gone)
        })
        .await?;
    if let Some(logo) = &gone.logo {
        call.state.images.remove(organization, logo).await;
    }
    Ok(ok(&DeletedBody::DONE))
}

/// 200 with a body that was written with the store at hand.
pub(super) fn bytes(body: serde_json::Result<Vec<u8>>) -> Result<HttpResponse, Refusal> {
    match body {
        Ok(bytes) => Ok(written(StatusCode::OK, bytes)),
        Err(error) => {
            tracing::error!(%error, "an answer cannot be written");
            Ok(json(
                StatusCode::INTERNAL_SERVER_ERROR,
                &tradebook_wire::valomnia::Fault::ServerError.body(),
            ))
        }
    }
}
