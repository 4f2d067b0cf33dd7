//! Reading a request's body within limits of size and time.

use actix_web::dev::{Decompress, Payload};
use actix_web::error::PayloadError;
use actix_web::http::header::HeaderMap;
use futures_util::StreamExt as _;

use crate::Limits;

/// Why a body could not be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum BodyFault {
    /// It is larger than [`Limits::body_bytes`].
    TooLarge {
        /// How many bytes are allowed.
        max: usize,
    },
    /// It did not arrive within [`Limits::body_time`].
    TooSlow,
    /// It broke off, or its content coding does not decode.
    Broken,
}

/// Reads a body to its end, decompressed where it names a content coding.
pub(crate) async fn read(
    headers: &HeaderMap,
    payload: Payload,
    limits: &Limits,
) -> Result<Vec<u8>, BodyFault> {
    let max = limits.body_bytes;
    if declared_length(headers).is_some_and(|length| length > max) {
        return Err(BodyFault::TooLarge { max });
    }
    let mut stream = Decompress::from_headers(payload, headers);
    let collect = async {
        let mut body = Vec::new();
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|error| match error {
                PayloadError::Overflow => BodyFault::TooLarge { max },
                _ => BodyFault::Broken,
            })?;
            if body.len() + chunk.len() > max {
                return Err(BodyFault::TooLarge { max });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    };
    tokio::time::timeout(limits.body_time, collect).await.unwrap_or(Err(BodyFault::TooSlow))
}

fn declared_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(actix_web::http::header::CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}
