//! `POST /api/v1/CustomerBuyingReport`.

use actix_web::{HttpRequest, HttpResponse, post, web};
use tradebook_buying::{BuyingError, BuyingRequest, report, window};
use tradebook_model::{CustomerId, CustomerReference};
use tradebook_store::CustomerSelector;
use tradebook_wire::caliq::{BuyingReportRequest, ModelState, schema};

use super::describe::{Refusals, json};
use super::documents::BuyingReportDocument;
use super::{Call, Refusal, Tags, answer, stream};
use crate::AppState;
use crate::blocking::blocking;

/// What a customer bought in the last months and can buy again: items in stock, or back in stock within some weeks.
///
/// One row per product, by code. `CustomerID` counts if it is not 0, else `AccountNo`. An unknown customer, or nothing left
/// to report, is 204.
#[utoipa::path(
    tag = "Caliq v1",
    operation_id = "customer_buying_report",
    request_body(content(
        (schema::CustomerBuyingReportParams = "application/json", example = json!(json(schema::CUSTOMER_BUYING_REPORT_PARAMS.json))),
        (schema::CustomerBuyingReportParams = "application/xml", example = json!(schema::CUSTOMER_BUYING_REPORT_PARAMS.xml)),
        (schema::CustomerBuyingReportParams = "text/json", example = json!(json(schema::CUSTOMER_BUYING_REPORT_PARAMS.json))),
        (schema::CustomerBuyingReportParams = "text/xml", example = json!(schema::CUSTOMER_BUYING_REPORT_PARAMS.xml)),
    )),
    responses(
        (status = 200, description = "The report.", content(
            (schema::BuyingReport = "application/json", example = json!(json(schema::BUYING_REPORT.json))),
            (schema::BuyingReport = "application/xml", example = json!(schema::BUYING_REPORT.xml)),
        )),
        (status = 204, description = "The customer does not exist, or has nothing to report."),
        Refusals,
    ),
)]
#[post("/api/v1/CustomerBuyingReport")]
pub(crate) async fn customer_buying_report(
    http: HttpRequest,
    payload: web::Payload,
    state: web::Data<AppState>,
) -> HttpResponse {
    answer(
        http,
        payload,
        state,
        Tags::None,
        async |call: Call<BuyingReportRequest>, state: &AppState| {
            let Call { request, book, today, head } = call;
            let wanted = wanted(&request, book.organization.settings.include_undated)?;
            let Some(customer) = selector(&request) else {
                return Ok(HttpResponse::NoContent().finish());
            };
            let (from, to) = window(today, wanted.months_back);
            let (store, organization) = (state.store.clone(), book.organization.id);
            let facts = blocking(move || {
                store.buying_facts(organization, &customer, wanted.basis, from, to)
            })
            .await?;
            let rows = facts.map(|facts| report(&wanted, &facts, today)).unwrap_or_default();
            if rows.is_empty() {
                return Ok(HttpResponse::NoContent().finish());
            }
            Ok(stream::finish(&mut head.ok(), BuyingReportDocument::new(rows, head.media)))
        },
    )
    .await
}

/// What the report is asked for. The wire has checked the same rules; a fault here names the member again.
fn wanted(request: &BuyingReportRequest, include_undated: bool) -> Result<BuyingRequest, Refusal> {
    let invalid = |member: &str, message: String| {
        let mut state = ModelState::new();
        state.add(member, message);
        Refusal::Invalid(state)
    };
    let basis =
        request.basis().ok_or_else(|| invalid("BasedOn", "BasedOn must be O or I.".into()))?;
    let wanted = BuyingRequest::new(basis, request.months_back, request.weeks_until_available)
        .map_err(|error| match error {
            BuyingError::NegativeWeeks(_) => invalid("WeeksUntilAvailable", error.to_string()),
            _ => invalid("MonthsBack", error.to_string()),
        })?;
    Ok(BuyingRequest { include_undated, ..wanted })
}

/// The customer meant; `None` if no customer can have that id or account number.
fn selector(request: &BuyingReportRequest) -> Option<CustomerSelector> {
    if request.customer_id != 0 {
        return CustomerId::new(request.customer_id).ok().map(CustomerSelector::Id);
    }
    let number = request.wanted_account_no()?;
    CustomerReference::new(number).ok().map(CustomerSelector::Reference)
}
