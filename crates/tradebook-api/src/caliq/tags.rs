//! Tags of answers, for clients that keep them: an extension that a client asks for by sending `If-None-Match`.
//!
//! A tag is made of what an answer depends on, so that nothing of the answer has to be made to know it: the organization, the
//! edition of its book, the day, the call and the bytes of its request, the media type and the content coding.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ContentEncoding, ETAG, HttpDate, IF_NONE_MATCH, LAST_MODIFIED, VARY,
};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use sha2::{Digest as _, Sha256};
use time::{Date, OffsetDateTime};
use tradebook_wire::caliq::MediaType;

use crate::books::{Book, Edition};
use crate::conditional::is_unchanged;

/// The tag of an answer, and since when it has been that answer.
#[derive(Debug, Clone)]
pub(super) struct Tag {
    /// As in the header: with quotes.
    value: String,
    since: OffsetDateTime,
}

/// What makes an answer beyond its book.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// The name of the request.
    pub(super) call: &'static str,
    /// The body.
    pub(super) body: &'a [u8],
    pub(super) day: Date,
    pub(super) media: MediaType,
    pub(super) coding: ContentEncoding,
}

impl Tag {
    /// Whether a client wants to hear of tags.
    pub(super) fn is_wanted(http: &HttpRequest) -> bool {
        http.headers().contains_key(IF_NONE_MATCH)
    }

    pub(super) fn new(book: &Book, asked: Asked<'_>) -> Self {
        let Asked { call, body, day, media, coding } = asked;
        let mut hash = Sha256::new();
        match book.edition() {
            Edition::Whole(revision) => {
                hash.update([0]);
                hash.update(revision.0.to_le_bytes());
            }
            Edition::Patched(number) => {
                hash.update([1]);
                hash.update(number.to_le_bytes());
            }
        }
        hash.update(book.organization.id.get().to_le_bytes());
        hash.update(day.to_julian_day().to_le_bytes());
        // The last one has no end but that of the text.
        for text in [media.content_type(), coding.as_str(), call] {
            hash.update(text);
            hash.update([0]);
        }
        hash.update(body);
        let digest = hash.finalize();
        let mut value = String::with_capacity(2 + 32);
        value.push('"');
        for byte in digest.iter().take(16) {
            for digit in [byte >> 4, byte & 15] {
                value.extend(char::from_digit(digit.into(), 16));
            }
        }
        value.push('"');
        Self { value, since: book.shown_since() }
    }

    /// Whether the client has the answer. `*` names none: it asks for the tag.
    pub(super) fn is_known(&self, http: &HttpRequest) -> bool {
        let asks = http.headers().get(IF_NONE_MATCH).is_some_and(|value| value == "*");
        !asks && is_unchanged(http, &self.value)
    }

    /// 304.
    pub(super) fn not_modified(&self) -> HttpResponse {
        let mut response = HttpResponse::build(StatusCode::NOT_MODIFIED);
        super::no_cache(&mut response);
        self.put(&mut response);
        response.finish()
    }

    /// Adds the tag to an answer.
    pub(super) fn put(&self, response: &mut HttpResponseBuilder) {
        response
            .insert_header((ETAG, self.value.as_str()))
            .insert_header((LAST_MODIFIED, HttpDate::from(std::time::SystemTime::from(self.since))))
            .append_header((VARY, "accept, accept-encoding"));
    }
}
