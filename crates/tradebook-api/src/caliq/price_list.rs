//! `POST /api/v1/PriceListNormal`.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, post, web};
use tradebook_model::{CurrencyCode, ListType, ProductId};
use tradebook_pricing::{ListSelection, ProductIndex};
use tradebook_wire::caliq::{PriceListRequest, schema};

use super::describe::{Refusals, json};
use super::documents::{PriceListsDocument, ProductSelection};
use super::{Call, answer, named_customers, stream};
use crate::AppState;
use crate::books::Book;

/// Standard, group and customers' price lists, complete with quantity breaks and with promotions merged in.
///
/// Lists come by id, their items by code and quantity. `CustomerIDs` and `AccountNumbers` narrow the lists of groups and
/// customers (`Source` `CPG` and `CPA`), `ProductIDs` and `ProductCodes` the items of all; of each pair either or both may be
/// given. Nothing found is 200 with an empty list.
#[utoipa::path(
    tag = "Caliq v1",
    operation_id = "price_list_normal",
    request_body(content(
        (schema::PriceListParams = "application/json", example = json!(json(schema::PRICE_LIST_PARAMS.json))),
        (schema::PriceListParams = "application/xml", example = json!(schema::PRICE_LIST_PARAMS.xml)),
        (schema::PriceListParams = "text/json", example = json!(json(schema::PRICE_LIST_PARAMS.json))),
        (schema::PriceListParams = "text/xml", example = json!(schema::PRICE_LIST_PARAMS.xml)),
    )),
    responses(
        (status = 200, description = "The price lists.", content(
            (schema::PriceLists = "application/json", example = json!(json(schema::PRICE_LISTS.json))),
            (schema::PriceLists = "application/xml", example = json!(schema::PRICE_LISTS.xml)),
        )),
        Refusals,
    ),
)]
#[post("/api/v1/PriceListNormal")]
pub(crate) async fn price_list_normal(
    http: HttpRequest,
    payload: web::Payload,
    state: web::Data<AppState>,
) -> HttpResponse {
    answer(http, payload, state, async |call: Call<PriceListRequest>, _: &AppState| {
        let Call { request, book, today, media } = call;
        let lists = match selection(&request, &book) {
            Some(selection) => book.prices.price_lists(&selection, today),
            None => Vec::new(),
        };
        let products = products(&request, &book);
        Ok(stream::ok(media, PriceListsDocument::new(book, lists, products, media)))
    })
    .await
}

/// Which lists are wanted; `None` if the currency is none that a list can have.
fn selection(request: &PriceListRequest, book: &Book) -> Option<ListSelection> {
    let currency = match request.wanted_currency() {
        Some(text) => Some(text.parse::<CurrencyCode>().ok()?),
        None => None,
    };
    let names_customers = !request.customer_ids.is_empty() || !request.account_numbers.is_empty();
    let customers = names_customers.then(|| {
        named_customers(book, &request.customer_ids, &request.account_numbers).into_iter().collect()
    });
    Some(ListSelection {
        list_type: ListType::Normal,
        currency,
        exclude_customer_lists: request.exclude_customer_prices,
        customers,
    })
}

fn products(request: &PriceListRequest, book: &Arc<Book>) -> ProductSelection {
    if request.product_ids.is_empty() && request.product_codes.is_empty() {
        return ProductSelection::All;
    }
    let by_id = request
        .product_ids
        .iter()
        .filter_map(|id| ProductId::new(*id).ok())
        .filter_map(|id| book.prices.find_product_by_id(id));
    let by_code = request
        .product_codes
        .iter()
        .filter_map(|code| book.prices.find_product_by_code(code.trim()));
    let mut found: Vec<ProductIndex> = by_id.chain(by_code).collect();
    found.sort_unstable();
    found.dedup();
    ProductSelection::Only(found)
}
