//! `POST /api/v1/CustomerCPA`.

use actix_web::{HttpRequest, HttpResponse, post, web};
use tradebook_wire::caliq::{CustomerAgreementRequest, schema};

use super::describe::{IF_NONE_MATCH, Refusals, json};
use super::documents::AgreementsDocument;
use super::{Call, Tags, answer, named_customers, stream};
use crate::AppState;

/// The price agreements of the named customers: which list they buy from, on what terms, and their agreed prices.
///
/// Customers come by id, without duplicates; unknown ones are left out. If none is found, or none is named: 204.
#[utoipa::path(
    tag = "Caliq v1",
    operation_id = "customer_cpa",
    request_body(content(
        (schema::CustomerCPAParams = "application/json", example = json!(json(schema::CUSTOMER_CPA_PARAMS.json))),
        (schema::CustomerCPAParams = "application/xml", example = json!(schema::CUSTOMER_CPA_PARAMS.xml)),
        (schema::CustomerCPAParams = "text/json", example = json!(json(schema::CUSTOMER_CPA_PARAMS.json))),
        (schema::CustomerCPAParams = "text/xml", example = json!(schema::CUSTOMER_CPA_PARAMS.xml)),
    )),
    params(("If-None-Match" = Option<String>, Header, description = IF_NONE_MATCH, example = "")),
    responses(
        (status = 200, description = "The agreements.", headers(("ETag" = Option<String>, description = "Strong; only where the request has `If-None-Match`.")), content(
            (schema::CPARulesList = "application/json", example = json!(json(schema::CPA_RULES_LIST.json))),
            (schema::CPARulesList = "application/xml", example = json!(schema::CPA_RULES_LIST.xml)),
        )),
        (status = 204, description = "None of the named customers exists, or none was named."),
        (status = 304, description = "The client has the answer already: its `If-None-Match` names the tag."),
        Refusals,
    ),
)]
#[post("/api/v1/CustomerCPA")]
pub(crate) async fn customer_cpa(
    http: HttpRequest,
    payload: web::Payload,
    state: web::Data<AppState>,
) -> HttpResponse {
    answer(
        http,
        payload,
        state,
        Tags::Offered,
        async |call: Call<CustomerAgreementRequest>, _: &AppState| {
            let Call { request, book, today, head } = call;
            let customers = named_customers(&book, &request.customer_ids, &request.account_numbers);
            if customers.is_empty() {
                return Ok(HttpResponse::NoContent().finish());
            }
            let document = AgreementsDocument::new(book, customers, today, head.media);
            Ok(stream::finish(&mut head.ok(), document))
        },
    )
    .await
}
