//! The thread that writes.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use diesel::connection::SimpleConnection;
use tradebook_model::{CustomerId, OrganizationId};

use crate::StoreError;
use crate::connection::{AnyConnection, Pools};
use crate::customer_writes::{CustomerWrites, Journal, Touched, Touches};
use crate::customers::fold_customers;
use crate::transaction::{Mode, Outcome, next_revision, transaction};

/// The most writes of one transaction, so that the first does not wait for ever.
const GROUP: usize = 256;
/// The most writes that wait; more wait to wait.
const QUEUE: usize = 4096;

type Panic = Box<dyn Any + Send>;
type Answer<T> = Result<Result<T, StoreError>, Panic>;

/// The thread that writes. It ends with the last store of its database.
#[derive(Debug)]
pub(crate) struct GroupWriter {
    queue: SyncSender<Box<dyn Job>>,
}

impl GroupWriter {
    pub(crate) fn start(pools: Pools, journal: Arc<Journal>) -> Result<Self, StoreError> {
        let (queue, jobs) = sync_channel::<Box<dyn Job>>(QUEUE);
        std::thread::Builder::new()
            .name("tradebook-writer".to_owned())
            .spawn(move || {
                while let Ok(job) = jobs.recv() {
                    run_group(&pools, &journal, job, &jobs);
                }
            })
            .map_err(StoreError::unavailable)?;
        Ok(Self { queue })
    }

    /// Runs a write with those that wait, and comes back when it is on disk.
    pub(super) fn write<T: Touches + Send + 'static>(
        &self,
        organization: OrganizationId,
        work: impl FnMut(&mut AnyConnection) -> Result<Outcome<T>, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = sync_channel(1);
        let job = Box::new(Task { organization, work, reply, result: None });
        let gone = || StoreError::unavailable("the thread that writes has ended");
        self.queue.send(job).map_err(|_| gone())?;
        match answer.recv().map_err(|_| gone())? {
            Ok(result) => result,
            Err(panic) => resume_unwind(panic),
        }
    }
}

/// Whether what a job did is to stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Keep,
    Undo,
}

/// A write whose result type is forgotten.
trait Job: Send {
    fn organization(&self) -> OrganizationId;
    fn run(&mut self, connection: &mut AnyConnection) -> Verdict;
    /// What it has touched, once it has run and is to stay.
    fn touched(&self) -> Touched;
    /// Answers after the commit, or with what kept it from happening.
    fn finish(self: Box<Self>, committed: Result<(), &StoreError>);
}

struct Task<T, F> {
    organization: OrganizationId,
    work: F,
    reply: SyncSender<Answer<T>>,
    result: Option<(Verdict, Answer<T>)>,
}

impl<T, F> Job for Task<T, F>
where
    T: Touches + Send,
    F: FnMut(&mut AnyConnection) -> Result<Outcome<T>, StoreError> + Send,
{
    fn organization(&self) -> OrganizationId {
        self.organization
    }

    fn run(&mut self, connection: &mut AnyConnection) -> Verdict {
        let done = catch_unwind(AssertUnwindSafe(|| (self.work)(connection)));
        let (verdict, answer) = match done {
            Ok(Ok(Outcome::Commit(value))) => (Verdict::Keep, Ok(Ok(value))),
            Ok(Ok(Outcome::RollBack(value))) => (Verdict::Undo, Ok(Ok(value))),
            Ok(Err(error)) => (Verdict::Undo, Ok(Err(error))),
            Err(panic) => (Verdict::Undo, Err(panic)),
        };
        self.result = Some((verdict, answer));
        verdict
    }

    fn touched(&self) -> Touched {
        match &self.result {
            Some((_, Ok(answer))) => answer.touched(),
            _ => Touched::Nothing,
        }
    }

    fn finish(self: Box<Self>, committed: Result<(), &StoreError>) {
        let answer = match (self.result, committed) {
            (Some((Verdict::Undo, answer)), _) | (Some((Verdict::Keep, answer)), Ok(())) => answer,
            (_, Err(error)) => Ok(Err(same(error))),
            (None, Ok(())) => Ok(Err(StoreError::Busy)),
        };
        // Whoever asked may have gone.
        drop(self.reply.send(answer));
    }
}

/// An error of the group, for one of its members.
fn same(error: &StoreError) -> StoreError {
    match error {
        StoreError::Busy => StoreError::Busy,
        StoreError::OldSchema => StoreError::OldSchema,
        StoreError::NotFound { what, name } => StoreError::not_found(what, name),
        other => StoreError::unavailable(other),
    }
}

/// The customers that a group has touched in an organization; `None` where it has touched more than customers.
#[derive(Debug)]
struct Changed(Option<Vec<CustomerId>>);

impl Changed {
    fn add(&mut self, touched: Touched) {
        match touched {
            Touched::Nothing => {}
            Touched::Customer(customer) => self.0.iter_mut().for_each(|known| known.push(customer)),
            Touched::Anything => self.0 = None,
        }
    }
}

fn run_group(
    pools: &Pools,
    journal: &Journal,
    first: Box<dyn Job>,
    waiting: &Receiver<Box<dyn Job>>,
) {
    let mut jobs = Vec::new();
    let mut next = Some(first);
    let committed = pools.write().and_then(|mut connection| {
        transaction(&mut connection, Mode::Write, |connection| {
            let mut changed: BTreeMap<OrganizationId, Changed> = BTreeMap::new();
            while let Some(mut job) = next.take() {
                let organization = job.organization();
                let verdict = run_job(connection, job.as_mut());
                let touched = job.touched();
                jobs.push(job);
                if verdict? == Verdict::Keep {
                    let changed = changed.entry(organization);
                    changed.or_insert_with(|| Changed(Some(Vec::new()))).add(touched);
                }
                if jobs.len() < GROUP {
                    next = waiting.try_recv().ok();
                }
            }
            if changed.is_empty() {
                return Ok(Outcome::RollBack(Vec::new()));
            }
            let mut writes = Vec::new();
            for (organization, Changed(customers)) in changed {
                let revision = next_revision(connection, organization)?;
                writes.extend(customers.map(|customers| CustomerWrites {
                    organization,
                    revision,
                    customers,
                }));
                // Once for all: each time the index of searches is told of a change costs as much as the change.
                fold_customers(connection, organization)?;
            }
            Ok(Outcome::Commit(writes))
        })
    });
    let committed = committed.map(|writes| journal.note(writes));
    if matches!(committed, Err(StoreError::Busy)) {
        // Each would wait for the same lock, one after the other.
        jobs.extend(waiting.try_iter().take(QUEUE));
    }
    for job in jobs.into_iter().chain(next) {
        job.finish(committed.as_ref().copied());
    }
}

/// Runs a job in a savepoint. An error is one of the whole group: the savepoint could not be made or ended.
fn run_job(connection: &mut AnyConnection, job: &mut dyn Job) -> Result<Verdict, StoreError> {
    connection.batch_execute("SAVEPOINT job")?;
    let verdict = job.run(connection);
    connection.batch_execute(match verdict {
        Verdict::Keep => "RELEASE job",
        Verdict::Undo => "ROLLBACK TO job; RELEASE job",
    })?;
    Ok(verdict)
}
