//! Answers that are made while they are sent: memory does not grow with their length, nor with how slowly they are read.

use std::convert::Infallible;
use std::sync::Arc;

use actix_web::body::SizedStream;
use actix_web::{HttpResponse, HttpResponseBuilder};
use bytes::Bytes;

use super::rendered::Fragments;

/// How much is sent at a time: large enough to be fast, small enough that a slow reader costs little. With its frame it is less
/// than the 65,483 bytes that one packet carries on loopback: a little more would be sent as two, the second nearly empty.
pub(super) const ENOUGH: usize = 63 * 1024;

/// How far into its memory a chunk begins. A connection copies it into a buffer of its own, to behind the few bytes of a frame. Both
/// begin alike in a page of memory, and on some processors copying slows down to a tenth where the target is, within a page, 1
/// to 15 bytes after the source: <https://sourceware.org/bugzilla/show_bug.cgi?id=30994>.
const LEAD: usize = 2048;

/// What a document has done.
pub(super) enum Written {
    /// There is more to write.
    More,
    /// These follow what was written; then there is more.
    Shared(Shared),
    /// There is no more.
    Last,
}

/// Bytes that are sent from where they are.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) bytes: Bytes,
    /// The page whose items they are, if they are all of them.
    pub(super) page: Option<Arc<Fragments>>,
}

/// An answer that can be written piece by piece.
pub(super) trait Document: 'static {
    /// Writes the next piece: some products, or a customer.
    fn write(&mut self, out: &mut Vec<u8>) -> Written;

    /// About how long the document is; more than [`ENOUGH`] does not matter.
    fn expected_bytes(&self) -> usize {
        ENOUGH
    }
}

/// The answer with the document as its body: with a length if it is small, streamed if it is not.
pub(super) fn finish(response: &mut HttpResponseBuilder, document: impl Document) -> HttpResponse {
    let mut chunks = Chunks::new(document);
    let first = chunks.next().unwrap_or_default();
    if chunks.is_at_end() {
        return response.body(first);
    }
    let rest = std::iter::once(first).chain(chunks).map(Ok::<Bytes, Infallible>);
    response.streaming(futures_util::stream::iter(rest))
}

/// The answer with a body that is in memory.
pub(super) fn finish_whole(
    response: &mut HttpResponseBuilder,
    pieces: Vec<Bytes>,
    length: u64,
) -> HttpResponse {
    match pieces.as_slice() {
        [] => response.body(Bytes::new()),
        [only] if only.len() <= ENOUGH => response.body(only.clone()),
        _ => {
            let slices = Slices { pieces: pieces.into_iter(), rest: Bytes::new() };
            let stream = futures_util::stream::iter(slices.map(Ok::<Bytes, Infallible>));
            response.body(SizedStream::new(length, stream))
        }
    }
}

/// A document of which all bytes are in memory, most of them shared.
#[derive(Clone, Default)]
pub(super) struct Whole {
    pieces: Vec<Piece>,
    length: u64,
}

/// A part of a document.
#[derive(Clone)]
pub(super) enum Piece {
    /// Written for this document.
    Own(Bytes),
    /// Taken from where it is.
    Shared(Shared),
}

impl Piece {
    pub(super) const fn bytes(&self) -> &Bytes {
        match self {
            Self::Own(bytes) | Self::Shared(Shared { bytes, .. }) => bytes,
        }
    }
}

impl Whole {
    /// Writes a document to its end. It had better consist of shared pieces.
    pub(super) fn of(mut document: impl Document) -> Self {
        let mut whole = Self::default();
        let mut out = Vec::new();
        loop {
            match document.write(&mut out) {
                Written::More => {}
                Written::Shared(shared) => {
                    whole.push(Piece::Own(Bytes::from(std::mem::take(&mut out))));
                    whole.push(Piece::Shared(shared));
                }
                Written::Last => {
                    whole.push(Piece::Own(Bytes::from(out)));
                    return whole;
                }
            }
        }
    }

    fn push(&mut self, piece: Piece) {
        if !piece.bytes().is_empty() {
            self.length += u64::try_from(piece.bytes().len()).unwrap_or(u64::MAX);
            self.pieces.push(piece);
        }
    }

    pub(super) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// The answer with the document as its body.
    pub(super) fn finish(self, response: &mut HttpResponseBuilder) -> HttpResponse {
        let pieces = self.pieces.into_iter().map(|piece| match piece {
            Piece::Own(bytes) | Piece::Shared(Shared { bytes, .. }) => bytes,
        });
        finish_whole(response, pieces.collect(), self.length)
    }
}

/// Pieces in slices of [`ENOUGH`] bytes: a connection copies what it is given, so that it should be given little.
struct Slices {
    pieces: std::vec::IntoIter<Bytes>,
    rest: Bytes,
}

impl Iterator for Slices {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        if self.rest.is_empty() {
            self.rest = self.pieces.next()?;
        }
        Some(slice_off(&mut self.rest))
    }
}

fn slice_off(bytes: &mut Bytes) -> Bytes {
    bytes.split_to(bytes.len().min(ENOUGH))
}

/// A document in parts of about [`ENOUGH`] bytes.
pub(super) struct Chunks<D> {
    document: Option<D>,
    shared: Bytes,
    /// None in the first chunk, which may be the whole answer and then goes behind a head of its own.
    lead: usize,
}

impl<D: Document> Chunks<D> {
    pub(super) fn new(document: D) -> Self {
        Self { document: Some(document), shared: Bytes::new(), lead: 0 }
    }

    fn is_at_end(&self) -> bool {
        self.document.is_none() && self.shared.is_empty()
    }
}

impl<D: Document> Iterator for Chunks<D> {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        if !self.shared.is_empty() {
            return Some(slice_off(&mut self.shared));
        }
        let document = self.document.as_mut()?;
        let expected = document.expected_bytes().min(ENOUGH + ENOUGH / 8);
        let lead = std::mem::replace(&mut self.lead, LEAD);
        let mut chunk = Vec::with_capacity(expected);
        chunk.resize(lead, 0);
        while chunk.len() < ENOUGH {
            match document.write(&mut chunk) {
                Written::More => {}
                Written::Shared(shared) => {
                    self.shared = shared.bytes;
                    break;
                }
                Written::Last => {
                    self.document = None;
                    break;
                }
            }
        }
        if chunk.len() == lead { self.next() } else { Some(Bytes::from(chunk).slice(lead..)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Countdown(usize);

    impl Document for Countdown {
        fn write(&mut self, out: &mut Vec<u8>) -> Written {
            out.extend_from_slice(&[b'x'; 100]);
            self.0 -= 1;
            match self.0 {
                0 => Written::Last,
                count if count % 1000 == 0 => {
                    let bytes = Bytes::from(vec![b'y'; 100_000]);
                    Written::Shared(Shared { bytes, page: None })
                }
                _ => Written::More,
            }
        }
    }

    #[test]
    fn chunks_are_small_and_lose_nothing() {
        let whole = Whole::of(Countdown(3000));
        let pieces: Vec<Bytes> = whole.pieces.iter().map(|piece| piece.bytes().clone()).collect();
        let expected = pieces.concat();
        assert_eq!(whole.length, 500_000);
        assert_eq!(expected.len(), 500_000);
        let slices = Slices { pieces: pieces.into_iter(), rest: Bytes::new() };
        for chunks in [slices.collect::<Vec<_>>(), Chunks::new(Countdown(3000)).collect()] {
            assert_eq!(chunks.concat(), expected);
            assert!(chunks.iter().all(|chunk| (1..ENOUGH + 100).contains(&chunk.len())));
        }
    }
}
