//! An organization, a folder of files, and what imports make of them.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tradebook_api::transfer::{ImportError, ImportReport, ImportRequest, export, import};
use tradebook_model::{OrganizationId, OrganizationName, Revision, Settings};
use tradebook_store::{Store, StoreOptions};

/// An organization without data and a folder for its files.
pub(crate) struct Book {
    pub(crate) store: Store,
    pub(crate) organization: OrganizationName,
    pub(crate) id: OrganizationId,
    folder: tempfile::TempDir,
}

/// Runs a test on each database.
pub(crate) fn on_each(test: impl Fn(&Book)) {
    // Imports that are one transaction, and those that go in steps.
    for import_in_steps_from in [u64::MAX, 0] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tradebook.db");
        let options = StoreOptions { import_in_steps_from, ..StoreOptions::default() };
        let store = Store::open(&format!("sqlite://{}", file.display()), &options).unwrap();
        store.migrate().unwrap();
        test(&Book::new(&store));
        let left = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let left: Vec<_> = left.filter(|name| *name != "tradebook.db-import").collect();
        assert!(
            left.iter().all(|name| !name.to_string_lossy().contains("-import")),
            "an import has left {left:?}"
        );
    }
    if let Some(store) = postgres() {
        test(&Book::new(store));
    }
}

/// Tests share the database and keep to organizations of their own.
fn postgres() -> Option<&'static Store> {
    static STORE: OnceLock<Option<Store>> = OnceLock::new();
    STORE
        .get_or_init(|| {
            let Ok(url) = std::env::var("TEST_POSTGRES_URL") else {
                eprintln!(
                    "TEST_POSTGRES_URL is not set: left out; `make test` runs it on PostgreSQL"
                );
                return None;
            };
            let options = StoreOptions {
                acquire_timeout: std::time::Duration::from_secs(60),
                ..StoreOptions::default()
            };
            let store = Store::open(&url, &options).unwrap();
            store.migrate().unwrap();
            Some(store)
        })
        .as_ref()
}

impl Book {
    pub(crate) fn new(store: &Store) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let organization: OrganizationName =
            format!("import {} {number}", std::process::id()).parse().unwrap();
        let settings = Settings::new("EUR".parse().unwrap(), "Europe/Berlin".parse().unwrap());
        let id = store.create_organization(&organization, &settings).unwrap().id;
        let folder = tempfile::tempdir().unwrap();
        Self { store: store.clone(), organization, id, folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts files into an otherwise empty folder: names and texts.
    pub(crate) fn files(&self, files: &[(&str, &str)]) {
        for entry in fs::read_dir(self.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.unwrap();
        }
        for (name, text) in files {
            fs::write(self.path(name), text).unwrap();
        }
    }

    pub(crate) fn request(&self) -> ImportRequest {
        ImportRequest {
            organization: self.organization.clone(),
            paths: vec![self.folder.path().to_owned()],
            dry_run: false,
            replace: false,
        }
    }

    pub(crate) fn run(&self, request: &ImportRequest) -> Result<ImportReport, ImportError> {
        import(&self.store, request, &mut |_| {})
    }

    /// Imports files that have no faults.
    pub(crate) fn import(&self, files: &[(&str, &str)]) -> ImportReport {
        self.files(files);
        match self.run(&self.request()) {
            Ok(report) => report,
            Err(error) => panic!("{files:?}: {:?}", self.shown(error)),
        }
    }

    /// Imports files with `--replace` that have no faults.
    pub(crate) fn replace(&self, files: &[(&str, &str)]) -> ImportReport {
        self.files(files);
        match self.run(&ImportRequest { replace: true, ..self.request() }) {
            Ok(report) => report,
            Err(error) => panic!("{files:?}: {:?}", self.shown(error)),
        }
    }

    /// The faults of files, with their folder left out.
    pub(crate) fn faults(&self, files: &[(&str, &str)], replace: bool) -> Vec<String> {
        self.files(files);
        let before = self.revision();
        let error = self.run(&ImportRequest { replace, ..self.request() }).unwrap_err();
        assert_eq!(self.revision(), before, "nothing was applied");
        self.shown(error)
    }

    fn shown(&self, error: ImportError) -> Vec<String> {
        let ImportError::Faults(faults) = error else { return vec![error.to_string()] };
        let folder = format!("{}/", self.folder.path().display());
        faults.shown().iter().map(|fault| fault.to_string().replace(&folder, "")).collect()
    }

    pub(crate) fn revision(&self) -> Revision {
        let revisions = self.store.revisions().unwrap();
        revisions.into_iter().find(|(id, _)| *id == self.id).unwrap().1
    }

    /// What an export writes into a file.
    pub(crate) fn exported(&self, name: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        export(&self.store, &self.organization, folder.path()).unwrap();
        fs::read_to_string(folder.path().join(name)).unwrap()
    }

    /// Some columns of what an export writes, without the header.
    pub(crate) fn columns(&self, name: &str, columns: &[&str]) -> Vec<String> {
        let text = self.exported(name);
        let mut lines = text.lines();
        let header: Vec<_> = lines.next().unwrap().split(',').collect();
        let positions: Vec<_> = columns
            .iter()
            .map(|column| header.iter().position(|name| name == column).unwrap())
            .collect();
        lines
            .map(|line| {
                let cells: Vec<_> = line.split(',').collect();
                positions.iter().map(|at| cells[*at]).collect::<Vec<_>>().join(",")
            })
            .collect()
    }
}

/// Counts of a report: created, updated, unchanged, removed of each file.
pub(crate) fn counts(report: &ImportReport) -> Vec<[u64; 4]> {
    let counts = report.files.iter();
    counts.map(|file| [file.created, file.updated, file.unchanged, file.removed]).collect()
}

/// Products, a list and a customer that other files refer to.
pub(crate) const BASE: [(&str, &str); 3] = [
    ("products.csv", "code\nA\nB\n"),
    ("price_lists.csv", "code,currency\nL,EUR\nM,EUR\n"),
    ("customers.csv", "reference,name\nC,Customer\nD,Other\n"),
];

/// The base and one more file.
pub(crate) fn with_base<'a>(name: &'a str, text: &'a str) -> Vec<(&'a str, &'a str)> {
    BASE.into_iter().filter(|(base, _)| *base != name).chain([(name, text)]).collect()
}
