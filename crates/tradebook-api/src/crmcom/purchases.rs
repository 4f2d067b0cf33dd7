//! Listing and showing purchase customer events.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use tradebook_model::{Organization, SpendPeriod};
use tradebook_store::EventQuery;
use tradebook_wire::crmcom::{
    EventWriter, ListRequest, Parameters, ShowRequest, parameter, schema,
};

use super::access::organization;
use super::describe::{LIST_EXAMPLE, ListAnswers, ShowAnswers, example};
use super::login::parameters;
use super::refusal::{Refusal, ok};
use super::{TAG, streaming};
use crate::AppState;
use crate::blocking::stopping;

/// The purchase customer events of a rewards participant, an account or a classification, or those created after a moment.
///
/// They come by `performed_on`, then by `number` as text. All filters must hold, and dates are strict: after is later than,
/// before is earlier than. Without `number_of_results` all events come, streamed. Nothing found is an empty list.
#[utoipa::path(
    tag = TAG,
    path = "/crmapi/rest/v2/customer_events/purchases/list",
    operation_id = "crm_list_purchases",
    request_body(content = schema::ListRequest, content_type = "application/json", example = json!(example(LIST_EXAMPLE))),
    responses(ListAnswers),
    security(()),
)]
#[post("/crmapi/rest/v2/customer_events/purchases/list{slash:/?}")]
pub(super) async fn crm_list_purchases(
    http: HttpRequest,
    payload: web::Payload,
    state: web::Data<AppState>,
) -> HttpResponse {
    let outcome = async {
        let parameters = parameters(&http, payload, &state).await?;
        let organization = organization(&parameters, &state).await?;
        let Organization { id, settings, .. } = organization;
        let request = ListRequest::read(&parameters, &settings.time_zone)?;
        let ListRequest { selector, filter, page, fields } = request;
        let period = SpendPeriod {
            today: state.clock.today(&settings.time_zone),
            days: settings.spend_period_days,
            time_zone: settings.time_zone.clone(),
        };
        let query = EventQuery { selector, filter, period, page, parts: fields.parts() };
        streaming::list(&state, id, query, EventWriter::new(fields, settings.time_zone)).await
    };
    outcome.await.unwrap_or_else(|refusal: Refusal| refusal.answer())
}

/// A single purchase customer event.
#[utoipa::path(
    tag = TAG,
    path = "/crmapi/rest/v2/customer_events/purchases/show",
    operation_id = "crm_show_purchase",
    params(schema::ShowQuery),
    responses(ShowAnswers),
    security(()),
)]
#[get("/crmapi/rest/v2/customer_events/purchases/show{slash:/?}")]
pub(super) async fn crm_show_purchase(
    http: HttpRequest,
    state: web::Data<AppState>,
) -> HttpResponse {
    let outcome = async {
        let query = form_urlencoded::parse(http.query_string().as_bytes()).into_owned();
        let parameters = Parameters::from_query(query);
        let organization = organization(&parameters, &state).await?;
        let ShowRequest { identifier, fields } = ShowRequest::read(&parameters)?;
        let store = state.store.clone();
        let event =
            web::block(move || store.purchase_event(organization.id, &identifier, fields.parts()));
        let event = match event.await {
            Ok(event) => event.map_err(|fault| Refusal::of_events(fault, parameter::EVENT))?,
            Err(_) => return Err(stopping().into()),
        };
        Ok(ok(EventWriter::new(fields, organization.settings.time_zone).single(&event)))
    };
    outcome.await.unwrap_or_else(|refusal: Refusal| refusal.answer())
}
