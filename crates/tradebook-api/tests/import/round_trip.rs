//! Exports are imports, in whatever wrapping.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tradebook_api::transfer::{ImportRequest, export};
use tradebook_wire::csv::FileKind;

use crate::harness::{Book, on_each};

fn complete() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/import/complete")
}

fn assert_same_files(a: &Path, b: &Path) {
    for kind in FileKind::ALL {
        let read = |folder: &Path| fs::read_to_string(folder.join(kind.file_name())).unwrap();
        assert_eq!(read(a), read(b), "{}", kind.file_name());
    }
}

#[test]
fn an_export_of_an_import_is_the_same_files() {
    on_each(|book| {
        let request = ImportRequest { paths: vec![complete()], ..book.request() };
        let report = book.run(&request).unwrap();
        assert_eq!(report.files.len(), FileKind::ALL.len());
        assert_eq!(report.revision, Some(book.revision()));
        let first = book.path("first");
        export(&book.store, &book.organization, &first).unwrap();
        assert_same_files(&complete(), &first);

        let other = Book::new(&book.store);
        other.run(&ImportRequest { paths: vec![first.clone()], ..other.request() }).unwrap();
        let second = other.path("second");
        export(&book.store, &other.organization, &second).unwrap();
        assert_same_files(&first, &second);

        let again = book.run(&ImportRequest { replace: true, ..request }).unwrap();
        for file in &again.files {
            assert_eq!((file.created, file.updated, file.removed), (0, 0, 0), "{file:?}");
        }
    });
}

#[test]
fn an_export_replaces_its_own_files_only() {
    on_each(|book| {
        let folder = book.path("out");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("products.csv"), "old").unwrap();
        fs::write(folder.join("notes.txt"), "mine").unwrap();
        let report = export(&book.store, &book.organization, &folder).unwrap();
        assert_eq!(report.files.len(), FileKind::ALL.len());
        assert!(fs::read_to_string(folder.join("products.csv")).unwrap().starts_with("code,id,"));
        assert_eq!(fs::read_to_string(folder.join("notes.txt")).unwrap(), "mine");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), FileKind::ALL.len() + 1);
        fs::write(book.path("file"), "").unwrap();
        let error = export(&book.store, &book.organization, &book.path("file")).unwrap_err();
        assert!(error.to_string().starts_with("cannot write "), "{error}");
    });
}

#[test]
fn files_may_be_wrapped_and_come_in_any_order() {
    on_each(|book| {
        let read = |kind: FileKind| fs::read(complete().join(kind.file_name())).unwrap();
        let mut paths = Vec::new();
        for (position, kind) in FileKind::ALL.into_iter().enumerate() {
            let text = read(kind);
            let path = match position % 3 {
                0 => {
                    let path = book.path(&format!("{}.gz", kind.file_name()));
                    let file = fs::File::create(&path).unwrap();
                    let mut gzip = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
                    gzip.write_all(&text).unwrap();
                    gzip.finish().unwrap();
                    path
                }
                1 => {
                    let path = book.path(&format!("{}.zst", kind.file_name()));
                    fs::write(&path, zstd::encode_all(text.as_slice(), 1).unwrap()).unwrap();
                    path
                }
                _ => {
                    let path = book.path(kind.file_name());
                    fs::write(&path, [b"\xEF\xBB\xBF".as_slice(), &text].concat()).unwrap();
                    path
                }
            };
            paths.insert(0, path);
        }
        book.run(&ImportRequest { paths, ..book.request() }).unwrap();
        let out = book.path("out");
        export(&book.store, &book.organization, &out).unwrap();
        assert_same_files(&complete(), &out);
    });
}
