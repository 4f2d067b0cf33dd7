//! Lists that are written while they are sent: neither their length nor a slow reader takes memory.
//!
//! A thread reads events from one snapshot and writes them into chunks. A task passes the chunks on to the connection, and gives
//! up on a reader that takes none for [`Limits::reader_time`](crate::Limits::reader_time): the thread then stops at its next
//! chunk, and its snapshot and connection to the database are free again. What breaks off does so visibly, never as a
//! well-formed half of an answer.

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use bytes::Bytes;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tradebook_model::OrganizationId;
use tradebook_store::{EventFault, EventQuery, Store};
use tradebook_wire::crmcom::{EventWriter, Fault, selector_parameter};

use super::refusal::{Refusal, builder};
use crate::AppState;

/// How much is sent at once: large enough to be fast, small enough that a slow reader costs little.
const CHUNK_BYTES: usize = 64 * 1024;
/// How much is sent first, so that the reader can begin early.
const FIRST_CHUNK_BYTES: usize = 8 * 1024;
/// Chunks that wait at each of the two stations on the way.
const WAITING_CHUNKS: usize = 1;
/// How long a list waits for others to end before it is refused.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// How many lists may be read at once: each holds a connection to the database.
#[derive(Debug)]
pub(crate) struct Streams(Arc<Semaphore>);

impl Streams {
    /// At most so many at once, and at least one.
    pub(crate) fn new(at_once: usize) -> Self {
        Self(Arc::new(Semaphore::new(at_once.max(1))))
    }

    async fn begin(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        let permit = Arc::clone(&self.0).acquire_owned();
        match tokio::time::timeout(LONGEST_WAIT, permit).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(Refusal(Fault::Unavailable)),
        }
    }
}

/// A piece of an answer.
enum Piece {
    Some(Bytes),
    /// The end, with what is left.
    Last(Bytes),
    /// There is no answer. Comes first or never.
    Fault(EventFault),
}

/// Answers with the events of a query.
pub(super) async fn list(
    state: &AppState,
    organization: OrganizationId,
    query: EventQuery,
    writer: EventWriter,
) -> Result<HttpResponse, Refusal> {
    let parameter = selector_parameter(&query.selector);
    let permit = state.streams.begin().await?;
    let store = state.store.clone();
    let (pieces, mut read) = channel(WAITING_CHUNKS);
    actix_web::rt::task::spawn_blocking(move || {
        produce(&store, organization, &query, writer, &pieces);
        drop(permit);
    });
    let first = match read.recv().await {
        Some(Piece::Some(first)) => first,
        Some(Piece::Last(whole)) => return Ok(builder(StatusCode::OK).body(whole)),
        Some(Piece::Fault(fault)) => return Err(Refusal::of_events(fault, parameter)),
        None => return Err(Refusal(Fault::ServerError)),
    };
    let (send, taken) = channel(WAITING_CHUNKS);
    actix_web::rt::spawn(pass_on(read, send, state.limits.reader_time));
    Ok(builder(StatusCode::OK).streaming(body(first, taken, parameter)))
}

/// Reads and writes until the end, a fault, or until nobody wants more.
fn produce(
    store: &Store,
    organization: OrganizationId,
    query: &EventQuery,
    mut writer: EventWriter,
    pieces: &Sender<Piece>,
) {
    let mut chunk = Vec::with_capacity(FIRST_CHUNK_BYTES * 2);
    let mut full = FIRST_CHUNK_BYTES;
    let mut gone = false;
    writer.begin(&mut chunk);
    let outcome = store.purchase_events(organization, query, |event| {
        writer.event(&mut chunk, &event);
        if chunk.len() < full {
            return ControlFlow::Continue(());
        }
        full = CHUNK_BYTES;
        let written =
            std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK_BYTES + CHUNK_BYTES / 8));
        if pieces.blocking_send(Piece::Some(written.into())).is_ok() {
            return ControlFlow::Continue(());
        }
        gone = true;
        ControlFlow::Break(())
    });
    let last = match outcome {
        Ok(()) if gone => return,
        Ok(()) => {
            writer.end(&mut chunk);
            Piece::Last(chunk.into())
        }
        Err(fault) => Piece::Fault(fault),
    };
    // Where nobody takes it, nobody wants it.
    let _ = pieces.blocking_send(last);
}

/// Passes pieces on for as long as the reader takes them.
async fn pass_on(mut read: Receiver<Piece>, send: Sender<Piece>, reader_time: Duration) {
    while let Some(piece) = read.recv().await {
        match tokio::time::timeout(reader_time, send.send(piece)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return,
            Err(_) => {
                tracing::warn!("a reader takes nothing of a list of events; it is cut off");
                return;
            }
        }
    }
}

/// The bytes of an answer, up to its last piece; without one it ends in an error, which breaks the connection off.
fn body(
    first: Bytes,
    taken: Receiver<Piece>,
    parameter: &'static str,
) -> impl futures_util::Stream<Item = Result<Bytes, io::Error>> {
    enum Next {
        First(Bytes, Receiver<Piece>),
        Rest(Receiver<Piece>),
        End,
    }
    futures_util::stream::unfold(Next::First(first, taken), move |next| async move {
        let mut taken = match next {
            Next::First(first, taken) => return Some((Ok(first), Next::Rest(taken))),
            Next::Rest(taken) => taken,
            Next::End => return None,
        };
        match taken.recv().await {
            Some(Piece::Some(bytes)) => Some((Ok(bytes), Next::Rest(taken))),
            Some(Piece::Last(bytes)) => Some((Ok(bytes), Next::End)),
            Some(Piece::Fault(fault)) => {
                // The client hears of it only by the connection's end.
                let refusal = Refusal::of_events(fault, parameter);
                Some((Err(io::Error::other(refusal.0)), Next::End))
            }
            None => Some((Err(io::ErrorKind::TimedOut.into()), Next::End)),
        }
    })
}
