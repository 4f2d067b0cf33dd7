//! Answers that are made while they are sent: memory does not grow with their length.

use std::convert::Infallible;

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_TYPE;
use bytes::Bytes;
use tradebook_wire::caliq::MediaType;

/// How much is made at a time: large enough to be fast, small enough that a slow reader costs little.
const CHUNK_BYTES: usize = 64 * 1024;

/// An answer that can be written piece by piece.
pub(crate) trait Document: 'static {
    /// Writes the next piece, a product or a customer at most. `false` once there is no more.
    fn write_next(&mut self, out: &mut Vec<u8>) -> bool;
}

/// 200 with the document: with a length if it is small, streamed if it is not.
pub(crate) fn ok(media: MediaType, document: impl Document) -> HttpResponse {
    let mut chunks = Chunks { document: Some(document) };
    let first = chunks.next().unwrap_or_default();
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, media.content_type()));
    super::no_cache(&mut response);
    if chunks.document.is_none() {
        return response.body(first);
    }
    let rest = std::iter::once(first).chain(chunks).map(Ok::<Bytes, Infallible>);
    response.streaming(futures_util::stream::iter(rest))
}

struct Chunks<D> {
    document: Option<D>,
}

impl<D: Document> Iterator for Chunks<D> {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        let document = self.document.as_mut()?;
        let mut chunk = Vec::with_capacity(CHUNK_BYTES + CHUNK_BYTES / 8);
        while chunk.len() < CHUNK_BYTES {
            if !document.write_next(&mut chunk) {
                self.document = None;
                break;
            }
        }
        Some(Bytes::from(chunk))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Countdown(usize);

    impl Document for Countdown {
        fn write_next(&mut self, out: &mut Vec<u8>) -> bool {
            out.extend_from_slice(&[b'x'; 100]);
            self.0 -= 1;
            self.0 > 0
        }
    }

    #[test]
    fn chunks_are_of_one_size_and_lose_nothing() {
        let chunks: Vec<Bytes> = Chunks { document: Some(Countdown(3000)) }.collect();
        assert_eq!(chunks.iter().map(Bytes::len).sum::<usize>(), 300_000);
        assert!(chunks.iter().all(|chunk| chunk.len() < CHUNK_BYTES + 100));
        assert_eq!(chunks.len(), 5);
    }
}
