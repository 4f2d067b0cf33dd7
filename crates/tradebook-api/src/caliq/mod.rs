//! The Caliq v1 dialect: three calls, tolerant of what existing clients send.

mod agreement;
mod buying_report;
mod describe;
mod documents;
pub(crate) mod exports;
mod price_list;
mod refusal;
pub(crate) mod rendered;
mod routing;
#[cfg(test)]
mod same_bytes;
mod stream;
mod tags;

use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::{
    ACCEPT_ENCODING, AcceptEncoding, CACHE_CONTROL, CONTENT_TYPE, ContentEncoding, EXPIRES,
    Encoding, Header as _, PRAGMA,
};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use time::Date;
use tradebook_model::CustomerId;
use tradebook_pricing::CustomerIndex;
use tradebook_wire::caliq::{self as wire, MediaType, Request, RequestFormat};

pub(crate) use describe::error_schema;
pub(crate) use refusal::Refusal;
pub(crate) use routing::{canonicalise, unmatched};

use crate::AppState;
use crate::books::Book;
use tags::{Asked, Tag};

/// Mounts the three calls.
pub(crate) fn mount(config: &mut utoipa_actix_web::service_config::ServiceConfig<'_>) {
    config
        .service(price_list::price_list_normal)
        .service(agreement::customer_cpa)
        .service(buying_report::customer_buying_report);
}

/// A call that may be answered: its request is read and checked, its key opens the book.
struct Call<T> {
    request: T,
    book: Arc<Book>,
    today: Date,
    head: Head,
}

/// What is decided about an answer before there is one.
struct Head {
    media: MediaType,
    /// What the client prefers of what the server can do.
    coding: ContentEncoding,
    /// The tag, where the client wants to hear of it.
    tag: Option<Tag>,
}

impl Head {
    /// 200 without a body yet.
    fn ok(&self) -> HttpResponseBuilder {
        let mut response = HttpResponse::Ok();
        response.insert_header((CONTENT_TYPE, self.media.content_type()));
        no_cache(&mut response);
        if let Some(tag) = &self.tag {
            tag.put(&mut response);
        }
        response
    }
}

/// Whether answers to a call have tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tags {
    /// They do, for clients that ask for them: all that an answer depends on is in the book.
    Offered,
    /// They do not.
    None,
}

/// Answers a call, or says why not.
async fn answer<T, F>(
    http: HttpRequest,
    payload: web::Payload,
    state: web::Data<AppState>,
    tags: Tags,
    respond: F,
) -> HttpResponse
where
    T: Request,
    F: AsyncFnOnce(Call<T>, &AppState) -> Result<HttpResponse, Refusal>,
{
    let outcome = async {
        let call = receive(&http, payload.into_inner(), &state, tags).await?;
        if let Some(tag) = &call.head.tag
            && tag.is_known(&http)
        {
            return Ok(tag.not_modified());
        }
        respond(call, &state).await
    };
    outcome.await.unwrap_or_else(|refusal| refusal.answer(&http))
}

/// Reads a request: its format first, then its body, its key, and last what it asks for.
async fn receive<T: Request>(
    http: &HttpRequest,
    payload: Payload,
    state: &AppState,
    tags: Tags,
) -> Result<Call<T>, Refusal> {
    let body = crate::body::read(http.headers(), payload, &state.limits).await?;
    let content_type = refusal::joined(http, "content-type");
    let bound = match wire::request_format(content_type.as_deref(), !body.is_empty()) {
        RequestFormat::Unsupported { message } => return Err(Refusal::Unsupported { message }),
        RequestFormat::Empty => return Err(Refusal::Unauthorized),
        RequestFormat::Body { format, charset } => {
            wire::read::<T>(&body, format, charset).map_err(Refusal::Unreadable)?
        }
    };
    let key = bound.value.api_key().ok_or(Refusal::Unauthorized)?;
    let principal = state.authenticate(key).await?.ok_or(Refusal::Unauthorized)?;
    let request = bound.checked().map_err(Refusal::Invalid)?;
    let book = state.book(principal.organization).await?;
    let today = state.clock.today(&book.organization.settings.time_zone);
    let (media, coding) = (refusal::media_type(http), accepted_coding(http));
    let tag = (tags == Tags::Offered && Tag::is_wanted(http))
        .then(|| Tag::new(&book, Asked { call: T::ROOT, body: &body, day: today, media, coding }));
    Ok(Call { request, book, today, head: Head { media, coding, tag } })
}

/// The content coding that answers get, as the compressing middleware chooses it.
fn accepted_coding(http: &HttpRequest) -> ContentEncoding {
    let plain = ContentEncoding::Identity;
    if !http.headers().contains_key(ACCEPT_ENCODING) {
        return plain;
    }
    let supported = [Encoding::identity(), Encoding::gzip(), Encoding::deflate(), Encoding::zstd()];
    let accepted = AcceptEncoding::parse(http).ok();
    match accepted.and_then(|accepted| accepted.negotiate(supported.iter())) {
        Some(Encoding::Known(coding)) => coding,
        _ => plain,
    }
}

/// The headers by which the emulated service forbids caching.
fn no_cache(response: &mut HttpResponseBuilder) {
    response
        .insert_header((CACHE_CONTROL, "no-cache"))
        .insert_header((PRAGMA, "no-cache"))
        .insert_header((EXPIRES, "-1"));
}

/// The customers named by id or account number, without duplicates, in the order of their ids; unknown ones are left out.
fn named_customers(book: &Book, ids: &[i32], account_numbers: &[String]) -> Vec<CustomerIndex> {
    let by_id = ids
        .iter()
        .filter_map(|id| CustomerId::new(*id).ok())
        .filter_map(|id| book.prices.find_customer_by_id(id));
    let by_number = account_numbers
        .iter()
        .filter_map(|number| book.prices.find_customer_by_reference(number.trim()));
    let mut found: Vec<CustomerIndex> = by_id.chain(by_number).collect();
    found.sort_unstable();
    found.dedup();
    found
}
