//! Whose turn it is to write to a file of SQLite, while an import goes on.
//!
//! SQLite lets one connection write at a time, and those that wait try again now and then: none of them stands in a queue. An
//! import that writes in steps would take the next one before anybody has noticed that the last is over. So there is a file
//! beside the database as long as it goes on: who wants to write locks it until the turn has come, and the import lets them
//! pass between two steps. The locks are those of the operating system: a process that is killed leaves none behind.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::StoreError;

/// How long those who wait get to come in, all together.
const PASSING: Duration = Duration::from_millis(50);
/// How often it is looked whether they have.
const LOOK: Duration = Duration::from_micros(200);

/// A file beside a database: its name and a suffix.
pub(crate) fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// The file that those lock who want to write.
pub(crate) fn waiting_file(database: &Path) -> PathBuf {
    beside(database, "-import-waiting")
}

/// Says that one waits for the turn, until it is dropped. `None` where no import goes on.
pub(crate) fn announce(waiting_file: &Path) -> Option<File> {
    let file = File::open(waiting_file).ok()?;
    file.lock_shared().ok()?;
    Some(file)
}

/// One import at a time: held as long as it goes on, by whatever process.
#[derive(Debug)]
pub(crate) struct ImportLock {
    // Closing the file unlocks it.
    _file: File,
}

impl ImportLock {
    /// Waits for the import that goes on.
    pub(crate) fn wait(database: &Path) -> Result<Self, StoreError> {
        let path = beside(database, "-import");
        let failed = |source: io::Error| StoreError::Write { path: path.clone(), source };
        let file = private(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                tracing::info!("another import goes on, this one begins after it");
                file.lock().map_err(failed)?;
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        Ok(Self { _file: file })
    }
}

/// Lets those pass who wait to write.
#[derive(Debug)]
pub(crate) struct Passage {
    path: PathBuf,
    file: File,
}

impl Passage {
    pub(crate) fn open(database: &Path) -> Result<Self, StoreError> {
        let path = waiting_file(database);
        match private(&path) {
            Ok(file) => Ok(Self { path, file }),
            Err(source) => Err(StoreError::Write { path, source }),
        }
    }

    /// Whether somebody waits.
    pub(crate) fn is_wanted(&self) -> bool {
        if self.file.try_lock().is_err() {
            return true;
        }
        // What cannot be unlocked is unlocked at the end of the import.
        drop(self.file.unlock());
        false
    }

    /// Waits until nobody waits, or until they had their time.
    pub(crate) fn let_pass(&self) {
        let deadline = Instant::now() + PASSING;
        while self.is_wanted() && Instant::now() < deadline {
            std::thread::sleep(LOOK);
        }
    }
}

impl Drop for Passage {
    fn drop(&mut self) {
        // One that stays costs those who write a look at it.
        drop(std::fs::remove_file(&self.path));
    }
}

/// A file for the owner alone, as the database's other files are where the owner has made it so.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
