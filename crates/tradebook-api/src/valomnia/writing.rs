//! Creating and changing customers.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, post, web};
use tradebook_model::{Change, CustomerChanges, CustomerReference, ImageName, RecordRef};
use tradebook_store::{
    Created, CustomerError, CustomerFault, CustomerRecord, Retry, Role, StoredAnswer,
};
use tradebook_wire::valomnia::{
    CustomerBody, Fault, Standing, check_needs, read_customer_changes, read_new_customer, schema,
};

use super::TAG;
use super::call::{Call, answer};
use super::describe::{CreateRefusals, WriteRefusals};
use super::form::{Form, Upload};
use super::refusal::{Refusal, written};
use super::view::{View, ViewRequest};
use crate::AppState;
use crate::images::Rendered;

/// The header that makes a create safe to send again.
const RETRY_KEY: &str = "Idempotency-Key";

/// Creates a customer. It is at once priceable by its reference.
#[utoipa::path(
    tag = TAG,
    path = "/api/{version}/customers",
    operation_id = "create_customer",
    params(
        schema::VersionPath,
        ("Idempotency-Key" = Option<String>, Header, description = "Names this request: sent again within 24 hours, with the \
            same key and content, it is answered as before instead of done again. 1 to 255 visible characters.", example = ""),
    ),
    request_body(content(
        (schema::NewCustomerForm = "multipart/form-data"),
        (schema::NewCustomerForm = "application/x-www-form-urlencoded"),
    )),
    responses((status = 201, description = "The new customer.", body = CustomerBody<'static>), CreateRefusals),
    security(("bearer" = []), ("session" = [])),
)]
#[post(r"/api/{version:v1\.0|v2\.0|v2\.1}/customers")]
pub(super) async fn create_customer(
    http: HttpRequest,
    payload: web::Payload,
    state: web::Data<AppState>,
) -> HttpResponse {
    answer(http, state, Role::Write, async |call: &Call<'_>| {
        let form = Form::read(call.http, payload.into_inner(), &call.state.limits).await?;
        let changes = read_new_customer(&form.parameters, None)?;
        let view = view(call).await?;
        let retry = retry(call, &form, &view)?;
        let (organization, user) = (call.organization, call.user.clone());
        let image = Image::of(call, form.image, Check::New(changes.clone())).await?;
        let changes = image.named_in(changes);
        let created = call
            .with_state(move |state| {
                let created = state.store.create_customer(organization, changes, user, retry)?;
                if let Created::New(record) = &created {
                    state.customer_changed(organization, record.customer.id);
                }
                Ok::<_, CustomerError>(created)
            })
            .await;
        match created {
            Ok(Created::New(record)) => shown(&view, StatusCode::CREATED, &record),
            Ok(Created::Before(StoredAnswer { status, body })) => {
                image.remove(call).await;
                Ok(written(StatusCode::from_u16(status).unwrap_or(StatusCode::CREATED), body))
            }
            Err(refusal) => {
                image.remove(call).await;
                Err(refusal)
            }
        }
    })
    .await
}

/// Changes a customer: absent parameters keep their fields, empty ones clear them.
#[utoipa::path(
    tag = TAG,
    path = "/api/{version}/customers/{id}",
    operation_id = "update_customer",
    params(schema::VersionPath, ("id" = i64, Path, description = "The customer's id.")),
    request_body(content(
        (schema::CustomerForm = "multipart/form-data"),
        (schema::CustomerForm = "application/x-www-form-urlencoded"),
    )),
    responses((status = 200, description = "The customer as it is now.", body = CustomerBody<'static>), WriteRefusals),
    security(("bearer" = []), ("session" = [])),
)]
#[post(r"/api/{version:v1\.0|v2\.0|v2\.1}/customers/{id}")]
pub(super) async fn update_customer(
    http: HttpRequest,
    payload: web::Payload,
    state: web::Data<AppState>,
) -> HttpResponse {
    answer(http, state, Role::Write, async |call: &Call<'_>| {
        let customer = call.id()?;
        let form = Form::read(call.http, payload.into_inner(), &call.state.limits).await?;
        let view = view(call).await?;
        let _order = order(call, &form).await;
        let before = find(call, &customer).await?;
        let before = before.ok_or(CustomerError::from(CustomerFault::UnknownCustomer(customer)))?;
        let changes = changes(&form, &before, false)?;
        let record = update(call, before, changes, form.image).await?;
        shown(&view, StatusCode::OK, &record)
    })
    .await
}

/// Changes the customer of a reference, or creates it with that reference. Relations are named by reference too.
#[utoipa::path(
    tag = TAG,
    path = "/api/{version}/customers/reference/{reference}",
    operation_id = "upsert_customer",
    params(schema::VersionPath, ("reference" = String, Path, description = "The customer's reference.")),
    request_body(content(
        (schema::CustomerForm = "multipart/form-data"),
        (schema::CustomerForm = "application/x-www-form-urlencoded"),
    )),
    responses(
        (status = 200, description = "It was there; the customer as it is now.", body = CustomerBody<'static>),
        (status = 201, description = "It was created, for which `name` is required.", body = CustomerBody<'static>),
        WriteRefusals,
    ),
    security(("bearer" = []), ("session" = [])),
)]
#[post(r"/api/{version:v1\.0|v2\.0|v2\.1}/customers/reference/{reference}")]
pub(super) async fn upsert_customer(
    http: HttpRequest,
    payload: web::Payload,
    state: web::Data<AppState>,
) -> HttpResponse {
    answer(http, state, Role::Write, async |call: &Call<'_>| {
        let reference = call.reference();
        let form = Form::read(call.http, payload.into_inner(), &call.state.limits).await?;
        let view = view(call).await?;
        let _order = order(call, &form).await;
        if let Some(before) = find(call, &RecordRef::Reference(reference.clone())).await? {
            let changes = changes(&form, &before, true)?;
            let record = update(call, before, changes, form.image).await?;
            return shown(&view, StatusCode::OK, &record);
        }
        let changes = read_new_customer(&form.parameters, Some(&reference))?;
        let reference = CustomerReference::new(&reference).map_err(|_| Fault::SaveFailed)?;
        let (organization, user) = (call.organization, call.user.clone());
        let image = Image::of(call, form.image, Check::New(changes.clone())).await?;
        let changes = image.named_in(changes);
        let upserted = call
            .with_state(move |state| {
                let upserted =
                    state.store.upsert_customer(organization, reference, changes, user)?;
                state.customer_changed(organization, upserted.record.customer.id);
                Ok::<_, CustomerError>(upserted)
            })
            .await;
        match upserted {
            Ok(upserted) => {
                let status = if upserted.created { StatusCode::CREATED } else { StatusCode::OK };
                shown(&view, status, &upserted.record)
            }
            Err(refusal) => {
                image.remove(call).await;
                Err(refusal)
            }
        }
    })
    .await
}

/// What a form changes of a customer.
fn changes(
    form: &Form,
    before: &CustomerRecord,
    by_reference: bool,
) -> Result<CustomerChanges, Fault> {
    let profile = &before.customer.profile;
    let standing = Standing {
        has_parent: profile.parent.is_some(),
        has_due_date_type: profile.due_date_config_type.is_some(),
        has_due_date_number: profile.due_date_config_number.is_some(),
    };
    check_needs(&form.parameters, standing)?;
    read_customer_changes(&form.parameters, by_reference)
}

/// Changes a customer that was there a moment ago, and its image.
async fn update(
    call: &Call<'_>,
    before: CustomerRecord,
    changes: CustomerChanges,
    upload: Upload,
) -> Result<CustomerRecord, Refusal> {
    let organization = call.organization;
    let customer = RecordRef::Id(before.customer.id.get().into());
    let check = Check::Update(customer.clone(), changes.clone());
    let image = Image::of(call, upload, check).await?;
    let changes = image.named_in(changes);
    let updated = call
        .with_state(move |state| {
            let updated = state.store.update_customer(organization, customer, changes)?;
            state.customer_changed(organization, updated.customer.id);
            Ok::<_, CustomerError>(updated)
        })
        .await;
    let Ok(record) = updated else {
        image.remove(call).await;
        return updated;
    };
    if let Some(logo) = &before.logo
        && record.logo.as_ref() != Some(logo)
    {
        call.state.images.remove(organization, logo).await;
    }
    Ok(record)
}

/// Changes of images wait for each other: each has to know which image it replaces.
async fn order<'a>(call: &Call<'a>, form: &Form) -> Option<tokio::sync::MutexGuard<'a, ()>> {
    match form.image {
        Upload::Absent => None,
        _ => Some(call.state.images.in_order().await),
    }
}

async fn find(call: &Call<'_>, customer: &RecordRef) -> Result<Option<CustomerRecord>, Refusal> {
    let (organization, customer) = (call.organization, customer.clone());
    call.with_store(move |store| store.show_customer(organization, &customer)).await
}

async fn view(call: &Call<'_>) -> Result<Arc<View>, Refusal> {
    let view = ViewRequest::new(call);
    Ok(Arc::new(call.with_store(move |store| view.read(store)).await?))
}

fn shown(
    view: &View,
    status: StatusCode,
    record: &CustomerRecord,
) -> Result<HttpResponse, Refusal> {
    Ok(super::refusal::json(status, &view.customer(record)))
}

/// How the request is recognised if it is sent again.
fn retry(call: &Call<'_>, form: &Form, view: &Arc<View>) -> Result<Option<Retry>, Refusal> {
    let Some(key) = call.http.headers().get(RETRY_KEY) else { return Ok(None) };
    let unreadable = || Fault::InvalidType(RETRY_KEY);
    let key = key.to_str().map_err(|_| unreadable())?;
    if key.trim().is_empty() {
        return Ok(None);
    }
    let key = key.parse().map_err(|_| unreadable())?;
    let view = Arc::clone(view);
    Ok(Some(Retry {
        key,
        request_hash: form.hash(call.http.path()),
        answer: Arc::new(move |record| StoredAnswer {
            status: StatusCode::CREATED.as_u16(),
            body: serde_json::to_vec(&view.customer(record)).unwrap_or_default(),
        }),
    }))
}

/// What a write would be without its image, to find what else is wrong with it: that counts before the image.
enum Check {
    New(CustomerChanges),
    Update(RecordRef, CustomerChanges),
}

/// What a write does to the image.
enum Image {
    Stays,
    Goes,
    Comes(ImageName),
}

impl Image {
    /// Decodes and keeps an uploaded image. If that fails, `check` finds whether the write would have failed before.
    async fn of(call: &Call<'_>, upload: Upload, check: Check) -> Result<Self, Refusal> {
        let (name, bytes) = match upload {
            Upload::Absent => return Ok(Self::Stays),
            Upload::Cleared => return Ok(Self::Goes),
            Upload::TooLarge => return Err(first(call, check, Fault::FileTooLarge).await),
            Upload::File { name, bytes } => (name, bytes),
        };
        let rendered: Result<Rendered, _> = call.state.images.render(bytes).await;
        let Ok(rendered) = rendered else {
            return Err(first(call, check, Fault::UnsupportedFile).await);
        };
        Ok(Self::Comes(call.state.images.keep(call.organization, &name, rendered).await?))
    }

    fn named_in(&self, changes: CustomerChanges) -> CustomerChanges {
        let logo = match self {
            Self::Stays => Change::Keep,
            Self::Goes => Change::Set(None),
            Self::Comes(name) => Change::Set(Some(name.clone())),
        };
        CustomerChanges { logo, ..changes }
    }

    /// Takes back what was kept.
    async fn remove(&self, call: &Call<'_>) {
        if let Self::Comes(name) = self {
            call.state.images.remove(call.organization, name).await;
        }
    }
}

/// The fault that counts: what is wrong apart from the image, or else the image.
async fn first(call: &Call<'_>, check: Check, image: Fault) -> Refusal {
    let organization = call.organization;
    let checked = call
        .with_store(move |store| match check {
            Check::New(changes) => store.check_new_customer(organization, changes),
            Check::Update(customer, changes) => {
                store.check_customer_changes(organization, customer, changes)
            }
        })
        .await;
    match checked {
        Ok(()) => Refusal(image),
        Err(refusal) => refusal,
    }
}
