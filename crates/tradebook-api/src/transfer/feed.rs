//! Files into batches of rows: a thread reads and parses while the caller applies.

use std::io::{self, Read};
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{SyncSender, TryRecvError, sync_channel};

use tradebook_wire::csv::{Fault, ReadRow, RowReader, Source};

use super::ImportError;

/// Rows of a file and what is wrong between them.
pub(super) struct Batch<R> {
    /// Rows without faults and the lines on which they start.
    pub(super) rows: Vec<(u64, R)>,
    pub(super) faults: Vec<Fault>,
}

/// How many batches may wait for the caller.
const WAITING: usize = 4;

/// Hands a file's rows to `consume` in batches of at most `size` rows, and nothing where it has to wait for them. `done` grows by
/// the bytes read.
pub(super) fn feed<R: ReadRow + Send>(
    source: &Source,
    size: usize,
    done: &AtomicU64,
    mut consume: impl FnMut(Option<Batch<R>>) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(WAITING);
        let reader = scope
            .spawn(move || source.read(done, |input| send_batches(source, size, input, &sender)));
        loop {
            match receiver.try_recv() {
                Ok(batch) => consume(Some(batch))?,
                Err(TryRecvError::Disconnected) => break,
                Err(TryRecvError::Empty) => {
                    consume(None)?;
                    let Ok(batch) = receiver.recv() else { break };
                    consume(Some(batch))?;
                }
            }
        }
        // The reader sends no more, or sees that nobody takes it.
        drop(receiver);
        match reader.join() {
            Ok(read) => {
                read.map_err(|error| ImportError::Read { file: source.name.clone(), source: error })
            }
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn send_batches<R: ReadRow>(
    source: &Source,
    size: usize,
    input: &mut dyn Read,
    sender: &SyncSender<Batch<R>>,
) -> io::Result<()> {
    let mut reader = RowReader::<R, _>::new(source.name.clone(), input);
    let mut batch = Batch { rows: Vec::with_capacity(size), faults: Vec::new() };
    loop {
        let row = reader.next_row(&mut batch.faults)?;
        let is_last = row.is_none();
        batch.rows.extend(row);
        if is_last || batch.rows.len() >= size || batch.faults.len() >= size {
            let empty = Batch { rows: Vec::with_capacity(size), faults: Vec::new() };
            // A caller that has given up takes no more.
            if sender.send(std::mem::replace(&mut batch, empty)).is_err() || is_last {
                return Ok(());
            }
        }
    }
}
