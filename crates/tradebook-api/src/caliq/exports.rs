//! Compressed forms of whole price lists: made when they are first asked for, kept within a budget, and made again for the next
//! book before it is shown.

use std::io::Write as _;
use std::sync::Arc;

use actix_web::http::header::ContentEncoding;
use bytes::Bytes;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest as _, Sha256};
use tradebook_model::PriceListId;
use tradebook_pricing::{ListHandle, ListOrigin};
use tradebook_wire::caliq::MediaType;

use super::documents::{PriceListsDocument, ProductSelection};
use super::stream::{Piece, Shared, Whole};
use crate::books::Book;

/// How many bytes all of them may take.
const BUDGET: u64 = 96 * 1024 * 1024;
/// About how many there are.
const EXPECTED: usize = 64;
/// Each is made once and sent often, and what does not change is not even made again.
const GZIP_LEVEL: u32 = 6;
/// As small as levels up to 3, and the fastest.
const ZSTD_LEVEL: i32 = 1;

/// How a document is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Coding {
    /// `gzip`, RFC 1952: one member.
    Gzip,
    /// `zstd`, RFC 8878: one frame.
    Zstd,
}

impl Coding {
    /// The name in `Content-Encoding`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// The coding, if it is one of these.
    pub(crate) const fn of(coding: ContentEncoding) -> Option<Self> {
        match coding {
            ContentEncoding::Gzip => Some(Self::Gzip),
            ContentEncoding::Zstd => Some(Self::Zstd),
            _ => None,
        }
    }
}

/// Compressed documents of all books.
pub(crate) struct Exports {
    cache: Cache<Key, Export, Size>,
}

impl Default for Exports {
    fn default() -> Self {
        Self { cache: Cache::with_weighter(EXPECTED, BUDGET, Size) }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    /// A hash of what the document is made of.
    content: [u8; 32],
    coding: Coding,
}

#[derive(Clone)]
struct Export {
    bytes: Bytes,
    wanted: Arc<Wanted>,
}

/// What was asked for.
struct Wanted {
    /// The [serial number](super::rendered::RenderedLists::serial) of the lists that it was made of.
    serial: u64,
    lists: Vec<PriceListId>,
    media: MediaType,
}

#[derive(Clone)]
struct Size;

impl Weighter<Key, Export> for Size {
    fn weight(&self, _: &Key, export: &Export) -> u64 {
        u64::try_from(export.bytes.len()).unwrap_or(u64::MAX).saturating_add(256)
    }
}

impl Exports {
    /// A whole document, compressed. Whoever asks first makes it, others wait.
    pub(super) async fn get(
        &self,
        book: &Book,
        lists: &[ListHandle],
        media: MediaType,
        (whole, serial): (Whole, u64),
        coding: Coding,
    ) -> std::io::Result<Bytes> {
        let key = Key { content: content(&whole, serial), coding };
        let make = async {
            let ids = lists.iter().filter_map(|list| book.prices.list_header(list));
            let wanted = Wanted { serial, lists: ids.map(|head| head.id).collect(), media };
            let made = actix_web::web::block(move || compress(&whole, coding)).await;
            let bytes = made.map_err(std::io::Error::other)??;
            Ok(Export { bytes, wanted: Arc::new(wanted) })
        };
        self.cache.get_or_insert_async(&key, make).await.map(|export| export.bytes)
    }

    /// Makes for a book what was asked for of the one that it replaces.
    pub(crate) fn renew(&self, before: &Book, after: &Arc<Book>) {
        let day = |book: &Book| book.latest_rendered();
        let (Some(old), Some(new)) = (day(before), day(after)) else { return };
        if old.serial() == new.serial() {
            return;
        }
        let stale: Vec<(Key, Export)> =
            self.cache.iter().filter(|(_, export)| export.wanted.serial == old.serial()).collect();
        let next = std::sync::atomic::AtomicUsize::new(0);
        let work = || {
            while let Some((key, export)) =
                stale.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
            {
                let Wanted { lists, media, .. } = &*export.wanted;
                let handles: Vec<ListHandle> = lists
                    .iter()
                    .filter_map(|id| after.prices.find_list_by_id(*id))
                    .map(|list| ListHandle::new(ListOrigin::Stored(list), new.day()))
                    .collect();
                let (book, rendered) = (Arc::clone(after), Arc::clone(&new));
                let document = PriceListsDocument::new(
                    book,
                    Some(rendered),
                    handles,
                    ProductSelection::All,
                    *media,
                );
                if document.is_rendered() {
                    let whole = Whole::of(document);
                    if let Ok(bytes) = compress(&whole, key.coding) {
                        let wanted =
                            Wanted { serial: new.serial(), lists: lists.clone(), media: *media };
                        let key = Key { content: content(&whole, new.serial()), ..*key };
                        self.cache.insert(key, Export { bytes, wanted: Arc::new(wanted) });
                    }
                }
                self.cache.remove(key);
            }
        };
        std::thread::scope(|scope| {
            if stale.len() > 1 {
                scope.spawn(work);
            }
            work();
        });
    }
}

/// Tells a document from others without reading what it shares: a page of lists with one serial number is where it is.
fn content(whole: &Whole, serial: u64) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(serial.to_le_bytes());
    for piece in whole.pieces() {
        let length = piece.bytes().len().to_le_bytes();
        match piece {
            Piece::Own(bytes) => {
                hash.update([0]);
                hash.update(length);
                hash.update(bytes);
            }
            Piece::Shared(Shared { bytes, .. }) => {
                hash.update([1]);
                hash.update(length);
                hash.update(bytes.as_ptr().addr().to_le_bytes());
            }
        }
    }
    hash.finalize().into()
}

pub(super) fn compress(whole: &Whole, coding: Coding) -> std::io::Result<Bytes> {
    match coding {
        Coding::Gzip => Ok(gzip(whole)),
        Coding::Zstd => zstd(whole),
    }
}

/// One frame that says how long it is.
fn zstd(whole: &Whole) -> std::io::Result<Bytes> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), ZSTD_LEVEL)?;
    encoder.set_pledged_src_size(Some(whole.length()))?;
    for piece in whole.pieces() {
        encoder.write_all(piece.bytes())?;
    }
    Ok(Bytes::from(encoder.finish()?.into_boxed_slice()))
}

/// Blocks of deflated bytes (RFC 1951) that end at a byte and refer to nothing before them: any may follow any other.
#[derive(Debug)]
pub(crate) struct Deflated {
    blocks: Box<[u8]>,
    crc: Crc,
}

impl Deflated {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(GZIP_LEVEL));
        // Writing into memory does not fail.
        let _ = encoder.write_all(bytes).and_then(|()| encoder.flush());
        let mut crc = Crc::new();
        crc.update(bytes);
        Self { blocks: std::mem::take(encoder.get_mut()).into(), crc }
    }
}

/// One member, put together from the deflated pages.
fn gzip(whole: &Whole) -> Bytes {
    /// No name, no time; made on Unix.
    const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    /// An empty block that is the last.
    const END: [u8; 2] = [3, 0];
    let mut out = HEADER.to_vec();
    let mut crc = Crc::new();
    let mut add = |deflated: &Deflated| {
        out.extend_from_slice(&deflated.blocks);
        crc.combine(&deflated.crc);
    };
    for piece in whole.pieces() {
        match piece {
            Piece::Shared(Shared { page: Some(page), .. }) => add(page.deflated()),
            piece => add(&Deflated::new(piece.bytes())),
        }
    }
    out.extend_from_slice(&END);
    out.extend_from_slice(&crc.sum().to_le_bytes());
    let low_bits = whole.length() & u64::from(u32::MAX);
    out.extend_from_slice(&u32::try_from(low_bits).unwrap_or_default().to_le_bytes());
    Bytes::from(out.into_boxed_slice())
}
