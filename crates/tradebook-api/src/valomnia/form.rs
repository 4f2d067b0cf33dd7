//! Reading a write's parameters: urlencoded or multipart, and those of the query before them.

use actix_multipart::{Field, Multipart};
use actix_web::HttpRequest;
use actix_web::dev::{Decompress, Payload};
use actix_web::http::header::CONTENT_TYPE;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use sha2::{Digest as _, Sha256};
use tradebook_wire::valomnia::{Fault, Parameters};

use super::refusal::Refusal;
use crate::{Limits, body, images};

/// The most parts of a body, or parameters of a form.
const MAX_PARTS: usize = 64;
const MAX_PARAMETERS: usize = 1000;
/// The most bytes of one part that is no file.
const MAX_TEXT_BYTES: usize = 64 * 1024;
/// How much of a file that is too large is still taken, and thrown away, so that its client hears why it is refused.
const MAX_DISCARDED_BYTES: usize = 32 * 1024 * 1024;
/// The part with the image.
const IMAGE: &str = "imageFile";

/// What a write carries.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) parameters: Parameters,
    pub(super) image: Upload,
}

/// What a write says of the image.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Upload {
    /// Nothing: it stays.
    Absent,
    /// The parameter is empty: it is removed.
    Cleared,
    /// A file.
    File {
        /// What the client calls it.
        name: String,
        /// Its content, or as much of it as a text parameter can carry.
        bytes: Bytes,
    },
    /// A file of more than 2 MiB.
    TooLarge,
}

impl Form {
    /// Reads the query and the body of a request.
    pub(super) async fn read(
        http: &HttpRequest,
        payload: Payload,
        limits: &Limits,
    ) -> Result<Self, Refusal> {
        let mut pairs = query(http).pairs().to_vec();
        let content_type = http
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let media = content_type.split(';').next().unwrap_or_default().trim();
        let mut image = Upload::Absent;
        if media.eq_ignore_ascii_case("multipart/form-data") {
            let reading = multipart(http, payload, &mut pairs);
            image = tokio::time::timeout(limits.body_time, reading)
                .await
                .unwrap_or(Err(Refusal(Fault::TooSlow)))?;
        } else {
            let bytes = body::read(http.headers(), payload, limits).await?;
            if media.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
                pairs.extend(form_urlencoded::parse(&bytes).into_owned());
            } else if !bytes.is_empty() {
                return Err(Refusal(Fault::UnsupportedMediaType));
            }
        }
        if pairs.len() > MAX_PARAMETERS {
            return Err(Refusal(Fault::TooLarge));
        }
        let parameters = Parameters::new(pairs);
        if image == Upload::Absent {
            image = match parameters.get(IMAGE) {
                None => Upload::Absent,
                Some("") => Upload::Cleared,
                Some(text) => Upload::File {
                    name: String::new(),
                    bytes: Bytes::copy_from_slice(text.as_bytes()),
                },
            };
        }
        Ok(Self { parameters, image })
    }

    /// A hash of all that the request says, however it was written.
    pub(super) fn hash(&self, path: &str) -> [u8; 32] {
        let mut hash = Sha256::new();
        let mut add = |bytes: &[u8]| {
            hash.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_le_bytes());
            hash.update(bytes);
        };
        add(path.as_bytes());
        for (name, value) in self.parameters.pairs() {
            add(name.as_bytes());
            add(value.as_bytes());
        }
        match &self.image {
            Upload::Absent | Upload::Cleared => {}
            Upload::File { name, bytes } => {
                add(name.as_bytes());
                add(bytes);
            }
            Upload::TooLarge => add(b"too large"),
        }
        hash.finalize().into()
    }
}

/// The parameters of a query.
pub(super) fn query(http: &HttpRequest) -> Parameters {
    form_urlencoded::parse(http.query_string().as_bytes()).into_owned().collect()
}

/// Reads all parts: texts into `pairs`, the first image as what it says.
async fn multipart(
    http: &HttpRequest,
    payload: Payload,
    pairs: &mut Vec<(String, String)>,
) -> Result<Upload, Refusal> {
    let unreadable = || Refusal(Fault::UnreadableBody);
    let stream = Decompress::from_headers(payload, http.headers());
    let mut parts = Multipart::new(http.headers(), stream);
    let mut image = Upload::Absent;
    let mut count = 0;
    while let Some(field) = parts.next().await {
        let mut field = field.map_err(|_| unreadable())?;
        count += 1;
        if count > MAX_PARTS {
            return Err(Refusal(Fault::TooLarge));
        }
        let name = field.name().ok_or_else(unreadable)?.to_owned();
        if name != IMAGE {
            let bytes = read_part(&mut field, MAX_TEXT_BYTES, 0).await?;
            let bytes = bytes.ok_or(Refusal(Fault::TooLarge))?;
            let value = std::str::from_utf8(&bytes).map_err(|_| unreadable())?;
            pairs.push((name, value.to_owned()));
            continue;
        }
        let file_name = field
            .content_disposition()
            .and_then(|disposition| disposition.get_filename())
            .map(str::to_owned);
        let upload = match read_part(&mut field, images::MAX_BYTES, MAX_DISCARDED_BYTES).await? {
            None => Upload::TooLarge,
            Some(bytes) => match file_name {
                // A file field of a page that was left alone.
                Some(name) if name.is_empty() && bytes.is_empty() => Upload::Absent,
                None if bytes.is_empty() => Upload::Cleared,
                name => Upload::File { name: name.unwrap_or_default(), bytes },
            },
        };
        if image == Upload::Absent {
            image = upload;
        }
    }
    Ok(image)
}

/// A part's bytes; `None` if it has more than `max`. Of one that has more, up to `discard` bytes are still taken.
async fn read_part(
    field: &mut Field,
    max: usize,
    discard: usize,
) -> Result<Option<Bytes>, Refusal> {
    let mut bytes = BytesMut::new();
    let mut beyond = 0;
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(|_| Refusal(Fault::UnreadableBody))?;
        if beyond == 0 && bytes.len() + chunk.len() <= max {
            bytes.extend_from_slice(&chunk);
            continue;
        }
        bytes = BytesMut::new();
        beyond += chunk.len();
        if beyond > discard {
            let fault = if discard > 0 { Fault::FileTooLarge } else { Fault::TooLarge };
            return Err(Refusal(fault));
        }
    }
    Ok((beyond == 0).then(|| bytes.freeze()))
}
