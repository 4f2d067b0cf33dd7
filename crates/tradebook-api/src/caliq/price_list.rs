//! `POST /api/v1/PriceListNormal`.

use std::sync::Arc;

use actix_web::http::header::{CONTENT_ENCODING, VARY};
use actix_web::{HttpRequest, HttpResponse, post, web};
use time::Date;
use tradebook_model::{CurrencyCode, ListType, ProductId};
use tradebook_pricing::{ListHandle, ListSelection, ProductIndex};
use tradebook_wire::caliq::{PriceListRequest, schema};

use super::describe::{IF_NONE_MATCH, Refusals, json};
use super::documents::{PriceListsDocument, ProductSelection};
use super::exports::Coding;
use super::stream::Whole;
use super::{Call, Head, Tags, answer, named_customers, stream};
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
    params(("If-None-Match" = Option<String>, Header, description = IF_NONE_MATCH, example = "")),
    responses(
        (status = 200, description = "The price lists.", headers(("ETag" = Option<String>, description = "Strong; only where the request has `If-None-Match`.")), content(
            (schema::PriceLists = "application/json", example = json!(json(schema::PRICE_LISTS.json))),
            (schema::PriceLists = "application/xml", example = json!(schema::PRICE_LISTS.xml)),
        )),
        (status = 304, description = "The client has the answer already: its `If-None-Match` names the tag."),
        Refusals,
    ),
)]
#[post("/api/v1/PriceListNormal")]
pub(crate) async fn price_list_normal(
    http: HttpRequest,
    payload: web::Payload,
    state: web::Data<AppState>,
) -> HttpResponse {
    answer(
        http,
        payload,
        state,
        Tags::Offered,
        async |call: Call<PriceListRequest>, _: &AppState| {
            let Call { request, book, today, head } = call;
            let lists = match selection(&request, &book) {
                Some(selection) => book.prices.price_lists(&selection, today),
                None => Vec::new(),
            };
            let products = products(&request, &book);
            Ok(respond(&head, book, (lists, today), products).await)
        },
    )
    .await
}

/// Sends lists: compressed ones from memory where they are whole and rendered.
async fn respond(
    head: &Head,
    book: Arc<Book>,
    (lists, today): (Vec<ListHandle>, Date),
    products: ProductSelection,
) -> HttpResponse {
    let media = head.media;
    let rendered = book.rendered(today);
    let serial = rendered.as_ref().map(|lists| lists.serial());
    let handles = lists.clone();
    let document = PriceListsDocument::new(Arc::clone(&book), rendered, lists, products, media);
    let mut response = head.ok();
    let Some(serial) = serial.filter(|_| document.is_rendered() && !handles.is_empty()) else {
        return stream::finish(&mut response, document);
    };
    let whole = Whole::of(document);
    let Some(coding) = Coding::of(head.coding) else { return whole.finish(&mut response) };
    let made = book.exports().get(&book, &handles, media, (whole.clone(), serial), coding).await;
    match made {
        Ok(bytes) => {
            response
                .insert_header((CONTENT_ENCODING, coding.name()))
                .append_header((VARY, "accept-encoding"));
            let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            stream::finish_whole(&mut response, vec![bytes], length)
        }
        Err(error) => {
            tracing::warn!(%error, "a price list is compressed while it is sent");
            whole.finish(&mut response)
        }
    }
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
    let codes: Vec<&str> = request.product_codes.iter().map(|code| code.trim()).collect();
    let by_code = book.prices.find_products_by_codes(&codes);
    let mut found: Vec<ProductIndex> = by_id.chain(by_code).collect();
    found.sort_unstable();
    found.dedup();
    ProductSelection::Only(found)
}
