//! Where import files are: folders, plain and compressed files, archives.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use super::{Fault, FileKind, FileName};

/// One file to import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name that faults and reports show: the path, for an entry of an archive `archive.zip/entry.csv`.
    pub name: Arc<str>,
    /// What it is about.
    pub kind: FileKind,
    /// How many bytes [`read`](Self::read) will count.
    pub size: u64,
    location: Location,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Location {
    File { path: PathBuf, packing: Packing },
    Entry { archive: PathBuf, index: usize },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    None,
    Gzip,
    Zstd,
}

/// What a set of paths holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// The files, in the order in which they are to be applied.
    pub sources: Vec<Source>,
    /// Files whose name says that they cannot be imported.
    pub faults: Vec<Fault>,
}

/// A path that cannot be looked into.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The path does not exist or may not be read.
    #[error("cannot read {path}")]
    Io {
        /// The path.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file's name has no ending that is known.
    #[error("{path} is neither a folder nor a .csv, .csv.gz, .csv.zst or .zip file")]
    Ending {
        /// The path.
        path: PathBuf,
    },
    /// A folder or archive without any file to import.
    #[error("{path} holds no file to import; the files are {}", FileKind::all_file_names())]
    Empty {
        /// The path.
        path: PathBuf,
    },
    /// An archive that cannot be opened.
    #[error("cannot read the archive {path}")]
    Archive {
        /// The path.
        path: PathBuf,
        /// Why.
        #[source]
        source: zip::result::ZipError,
    },
}

/// Finds the files to import under paths that name folders, `.csv`, `.csv.gz`, `.csv.zst` and `.zip` files.
///
/// A folder is looked into, but not its sub-folders; of its files, those with other endings are passed over. An archive's entries
/// count at any depth. Files come in the order of their kinds, those of one kind in the order of the paths.
///
/// # Errors
///
/// A path that does not exist, has an unknown ending, or holds nothing to import.
pub fn find_sources(paths: &[PathBuf]) -> Result<Found, SourceError> {
    let mut found = Found::default();
    for path in paths {
        let before = found.sources.len() + found.faults.len();
        if metadata(path)?.is_dir() {
            for file in files_of(path)? {
                found.add_file(&file)?;
            }
        } else if !found.add_file(path)? {
            return Err(SourceError::Ending { path: path.clone() });
        }
        if found.sources.len() + found.faults.len() == before {
            return Err(SourceError::Empty { path: path.clone() });
        }
    }
    found.sources.sort_by_key(|source| source.kind);
    Ok(found)
}

impl Source {
    /// Opens the file and hands its decompressed text to `consume`. `done` grows by the bytes that were read, up to
    /// [`size`](Self::size).
    ///
    /// # Errors
    ///
    /// Those of opening and decompressing the file, and those of `consume`.
    pub fn read<T>(
        &self,
        done: &AtomicU64,
        consume: impl FnOnce(&mut dyn Read) -> io::Result<T>,
    ) -> io::Result<T> {
        match &self.location {
            Location::File { path, packing } => {
                let mut file = Counting { input: File::open(path)?, done };
                match packing {
                    Packing::None => consume(&mut file),
                    Packing::Gzip => consume(&mut MultiGzDecoder::new(file)),
                    Packing::Zstd => consume(&mut zstd::Decoder::new(file)?),
                }
            }
            Location::Entry { archive, index } => {
                let mut archive = ZipArchive::new(File::open(archive)?)?;
                consume(&mut Counting { input: archive.by_index(*index)?, done })
            }
        }
    }
}

impl Found {
    /// Adds what a file holds; false where its ending is unknown.
    fn add_file(&mut self, path: &Path) -> Result<bool, SourceError> {
        let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let lower = name.to_ascii_lowercase();
        if lower.ends_with(".zip") {
            self.add_archive(path)?;
            return Ok(true);
        }
        let (stem, packing) = if let Some(stem) = lower.strip_suffix(".gz") {
            (stem, Packing::Gzip)
        } else if let Some(stem) = lower.strip_suffix(".zst") {
            (stem, Packing::Zstd)
        } else {
            (lower.as_str(), Packing::None)
        };
        let Some(meaning) = FileName::parse(stem) else { return Ok(false) };
        let size = metadata(path)?.len();
        let location = Location::File { path: path.to_owned(), packing };
        self.add(meaning, path.to_string_lossy().into(), size, location);
        Ok(true)
    }

    fn add_archive(&mut self, path: &Path) -> Result<(), SourceError> {
        let io = |source| SourceError::Io { path: path.to_owned(), source };
        let zip = |source| SourceError::Archive { path: path.to_owned(), source };
        let mut archive = ZipArchive::new(File::open(path).map_err(io)?).map_err(zip)?;
        let before = self.sources.len() + self.faults.len();
        for index in 0..archive.len() {
            let entry = archive.by_index_raw(index).map_err(zip)?;
            let name = entry.name().map_err(zip)?.into_owned();
            let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
            // macOS adds a twin of each file under this name.
            if !entry.is_file() || base.starts_with('.') || name.starts_with("__MACOSX/") {
                continue;
            }
            let Some(meaning) = FileName::parse(base) else { continue };
            let size = entry.size();
            let shown: String = name.chars().filter(|letter| !letter.is_control()).collect();
            let location = Location::Entry { archive: path.to_owned(), index };
            let shown = format!("{}/{shown}", path.to_string_lossy());
            self.add(meaning, shown.into(), size, location);
        }
        if self.sources.len() + self.faults.len() == before {
            return Err(SourceError::Empty { path: path.to_owned() });
        }
        Ok(())
    }

    fn add(&mut self, meaning: FileName, name: Arc<str>, size: u64, location: Location) {
        match meaning {
            FileName::Known(kind) => {
                self.sources.push(Source { name, kind, size, location });
            }
            FileName::Unknown => {
                let message = format!(
                    "is not a file of this format; the files are {}",
                    FileKind::all_file_names()
                );
                self.faults.push(Fault::file(&name, message));
            }
        }
    }
}

struct Counting<'a, R> {
    input: R,
    done: &'a AtomicU64,
}

impl<R: Read> Read for Counting<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.done.fetch_add(u64::try_from(read).unwrap_or_default(), Ordering::Relaxed);
        Ok(read)
    }
}

fn metadata(path: &Path) -> Result<fs::Metadata, SourceError> {
    fs::metadata(path).map_err(|source| SourceError::Io { path: path.to_owned(), source })
}

fn files_of(folder: &Path) -> Result<Vec<PathBuf>, SourceError> {
    let io = |source| SourceError::Io { path: folder.to_owned(), source };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        let is_hidden =
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !is_hidden && metadata(&path)?.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const TEXT: &str = "name\nNorth\n";

    fn text_of(source: &Source) -> String {
        let done = AtomicU64::new(0);
        let mut text = String::new();
        source.read(&done, |input| input.read_to_string(&mut text)).unwrap();
        assert_eq!(done.into_inner(), source.size, "{}", source.name);
        text
    }

    #[test]
    fn folders_compressed_files_and_archives_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("regions.csv"), TEXT).unwrap();
        fs::write(at("README.md"), "passed over").unwrap();
        fs::write(at(".regions.csv"), "passed over").unwrap();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(TEXT.as_bytes()).unwrap();
        fs::write(at("users.csv.gz"), gzip.finish().unwrap()).unwrap();
        fs::write(at("PRODUCTS.CSV.zst"), zstd::encode_all(TEXT.as_bytes(), 1).unwrap()).unwrap();
        let mut zip = zip::ZipWriter::new(File::create(at("rest.zip")).unwrap());
        let options = zip::write::SimpleFileOptions::default();
        for name in ["export/prices.csv", "__MACOSX/export/._prices.csv", "export/notes.txt"] {
            zip.start_file(name, options).unwrap();
            zip.write_all(TEXT.as_bytes()).unwrap();
        }
        zip.finish().unwrap();

        let found = find_sources(&[folder.path().to_owned()]).unwrap();
        assert_eq!(found.faults, []);
        let names: Vec<_> = found
            .sources
            .iter()
            .map(|source| {
                assert_eq!(text_of(source), TEXT, "{}", source.name);
                (source.kind, source.name.rsplit('/').next().unwrap().to_owned())
            })
            .collect();
        assert_eq!(
            names,
            [
                (FileKind::Products, "PRODUCTS.CSV.zst".to_owned()),
                (FileKind::Prices, "prices.csv".to_owned()),
                (FileKind::Regions, "regions.csv".to_owned()),
                (FileKind::Users, "users.csv.gz".to_owned()),
            ]
        );
    }

    #[test]
    fn what_cannot_be_imported_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let error = |path: PathBuf| find_sources(&[path]).unwrap_err().to_string();
        let shown = folder.path().display().to_string();
        assert_eq!(error(at("nowhere")), format!("cannot read {shown}/nowhere"));
        assert!(error(at("")).contains("holds no file to import; the files are currencies.csv, "));
        fs::write(at("a.txt"), "").unwrap();
        assert!(error(at("a.txt")).contains("is neither a folder nor a .csv"));
        fs::write(at("a.zip"), "no archive").unwrap();
        assert!(error(at("a.zip")).starts_with("cannot read the archive"));

        fs::write(at("colours.csv"), "").unwrap();
        let found = find_sources(&[at("colours.csv")]).unwrap();
        let faults: Vec<_> = found.faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            faults,
            [format!(
                "{shown}/colours.csv: is not a file of this format; the files are {}",
                FileKind::all_file_names()
            ),]
        );
    }
}
