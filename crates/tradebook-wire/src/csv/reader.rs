//! Typed rows out of a file.

use std::io::{self, Read};
use std::sync::Arc;

use super::record::{MAX_RECORD_BYTES, Record, RecordFault, RecordReader};
use super::{Cell, CellWriter, Column, ColumnSpec, Fault, FileKind};

/// What is read from one row of a kind of file.
pub trait ReadRow: Sized {
    /// The file's kind.
    const KIND: FileKind;
    /// The file's columns, in the order in which they are written.
    const COLUMNS: &'static [ColumnSpec];

    /// Reads the row's cells in the order of [`COLUMNS`](ReadRow::COLUMNS). `None` where a cell has a fault, which `cells` then keeps.
    fn read(cells: &mut Cells<'_>) -> Option<Self>;
}

/// A whole row of one kind of file.
pub trait Row: ReadRow {
    /// Writes the row's cells in the order of [`COLUMNS`](ReadRow::COLUMNS).
    fn write(&self, cells: &mut CellWriter<'_>);
}

/// Reads the rows of one file.
pub struct RowReader<T, R> {
    file: Arc<str>,
    records: RecordReader<R>,
    /// For each column of the kind, its position in the file; `None` until the header is read.
    header: Option<Header>,
    finished: bool,
    row: std::marker::PhantomData<fn() -> T>,
}

struct Header {
    positions: Vec<Option<usize>>,
    len: usize,
}

impl<T: ReadRow, R: Read> RowReader<T, R> {
    /// A reader of decompressed text. `file` is the name that faults show.
    pub fn new(file: impl Into<Arc<str>>, input: R) -> Self {
        Self {
            file: file.into(),
            records: RecordReader::new(input),
            header: None,
            finished: false,
            row: std::marker::PhantomData,
        }
    }

    /// The next row without faults and the line on which it starts; `None` at the end of the file. What is wrong with the rows
    /// passed over is added to `faults`. A file whose header is at fault has no rows.
    pub fn next_row(&mut self, faults: &mut Vec<Fault>) -> io::Result<Option<(u64, T)>> {
        if self.header.is_none() && !self.finished {
            self.header = self.read_header(faults)?;
            self.finished = self.header.is_none();
        }
        while !self.finished {
            let Some(header) = &self.header else { break };
            let Some(record) = self.records.next()? else { break };
            let line = record.line;
            if let Some(fault) = record.fault {
                faults.push(Fault::line(&self.file, line, record_fault(fault)));
                self.finished = fault == RecordFault::TooLong;
                continue;
            }
            if let Some(message) = header.misfit(record) {
                faults.push(Fault::line(&self.file, line, message));
                continue;
            }
            let mut cells =
                Cells { record, header, columns: T::COLUMNS.iter(), index: 0, faults: Vec::new() };
            match T::read(&mut cells) {
                Some(row) if cells.faults.is_empty() => return Ok(Some((line, row))),
                _ => faults.extend(
                    cells
                        .faults
                        .into_iter()
                        .map(|(column, message)| Fault::cell(&self.file, line, column, message)),
                ),
            }
        }
        self.finished = true;
        Ok(None)
    }

    fn read_header(&mut self, faults: &mut Vec<Fault>) -> io::Result<Option<Header>> {
        self.records.skip_byte_order_mark()?;
        let names = || T::COLUMNS.iter().map(|column| column.name).collect::<Vec<_>>().join(", ");
        let Some(record) = self.records.next()? else {
            faults.push(Fault::line(
                &self.file,
                1,
                format!("the file is empty; it needs a header row with the columns {}", names()),
            ));
            return Ok(None);
        };
        let faults_before = faults.len();
        if let Some(fault) = record.fault {
            faults.push(Fault::line(&self.file, record.line, record_fault(fault)));
            return Ok(None);
        }
        let mut positions = vec![None; T::COLUMNS.len()];
        for position in 0..record.len() {
            let cell = record.cell(position).unwrap_or_default();
            let Ok(name) = std::str::from_utf8(cell) else {
                faults.push(Fault::line(
                    &self.file,
                    record.line,
                    format!("the name of column {} is not UTF-8 text", position + 1),
                ));
                if position == 0 {
                    // Most likely the whole file is in another encoding, UTF-16 for example.
                    break;
                }
                continue;
            };
            let name = name.trim_start_matches('\u{feff}').trim();
            let slot = T::COLUMNS.iter().zip(&mut positions).find(|(spec, _)| spec.name == name);
            let message = match slot {
                Some((_, slot @ None)) => {
                    *slot = Some(position);
                    continue;
                }
                Some(_) => "the column is there twice".to_owned(),
                None => {
                    format!("unknown column; {} has {}", T::KIND.file_name(), names())
                }
            };
            let shown = if name.is_empty() {
                format!("column {}", position + 1)
            } else {
                name.chars().take(60).filter(|letter| !letter.is_control()).collect()
            };
            faults.push(Fault::cell(&self.file, record.line, shown, message));
            if faults.len() > faults_before + 100 {
                return Ok(None);
            }
        }
        for (spec, position) in T::COLUMNS.iter().zip(&positions) {
            if spec.required && position.is_none() {
                let message = "the column is missing";
                faults.push(Fault::cell(&self.file, record.line, spec.name, message));
            }
        }
        let is_whole = faults.len() == faults_before;
        Ok(is_whole.then_some(Header { positions, len: record.len() }))
    }
}

impl Header {
    fn misfit(&self, record: &Record) -> Option<String> {
        let (cells, columns) = (record.len(), self.len);
        let count = |number: usize, noun: &str| {
            format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
        };
        let hint = match cells.cmp(&columns) {
            std::cmp::Ordering::Equal => return None,
            std::cmp::Ordering::Less => "",
            std::cmp::Ordering::Greater => "; a cell that contains a comma must be quoted",
        };
        Some(format!(
            "the row has {}, the header {}{hint}",
            count(cells, "cell"),
            count(columns, "column")
        ))
    }
}

fn record_fault(fault: RecordFault) -> String {
    match fault {
        RecordFault::AfterQuote => "text follows a closing quote".to_owned(),
        RecordFault::Unclosed => "a quote is never closed".to_owned(),
        RecordFault::TooLong => format!(
            "the record is longer than {MAX_RECORD_BYTES} bytes; is a quote never closed? The rest of the file was not read"
        ),
    }
}

/// The first two columns of a row whose records have ids: the key, trimmed, and the id. Rows whose other cells have faults are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyAndId<T> {
    /// The key.
    pub key: String,
    /// The id, a positive number.
    pub id: Option<i32>,
    row: std::marker::PhantomData<fn() -> T>,
}

impl<T: ReadRow> ReadRow for KeyAndId<T> {
    const KIND: FileKind = T::KIND;
    const COLUMNS: &'static [ColumnSpec] = T::COLUMNS;

    fn read(cells: &mut Cells<'_>) -> Option<Self> {
        let key = cells.required::<String>()?.trim().to_owned();
        let id = cells.optional::<i32>()?.given().filter(|id| *id > 0);
        Some(Self { key, id, row: std::marker::PhantomData })
    }
}

/// The first column of a row whose records have no ids that are numbers: the key, trimmed. Rows whose other cells have faults are
/// read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key<T> {
    /// The key.
    pub key: String,
    row: std::marker::PhantomData<fn() -> T>,
}

impl<T: ReadRow> ReadRow for Key<T> {
    const KIND: FileKind = T::KIND;
    const COLUMNS: &'static [ColumnSpec] = T::COLUMNS;

    fn read(cells: &mut Cells<'_>) -> Option<Self> {
        let key = cells.required::<String>()?.trim().to_owned();
        Some(Self { key, row: std::marker::PhantomData })
    }
}

/// What a row has to say before it is read as a whole.
pub trait Entry: ReadRow {
    /// The key of its record.
    fn key(&self) -> &str;

    /// The id that it gives its record, where that is a number.
    fn id(&self) -> Option<i32>;
}

impl<T: ReadRow> Entry for KeyAndId<T> {
    fn key(&self) -> &str {
        &self.key
    }

    fn id(&self) -> Option<i32> {
        self.id
    }
}

impl<T: ReadRow> Entry for Key<T> {
    fn key(&self) -> &str {
        &self.key
    }

    fn id(&self) -> Option<i32> {
        None
    }
}

/// The cells of one record, taken in the order of [`ReadRow::COLUMNS`].
pub struct Cells<'a> {
    record: &'a Record,
    header: &'a Header,
    columns: std::slice::Iter<'static, ColumnSpec>,
    index: usize,
    faults: Vec<(&'static str, String)>,
}

impl<'a> Cells<'a> {
    /// The next column, which is required and may not be empty. `None` with a fault.
    pub fn required<T: Cell>(&mut self) -> Option<T> {
        match self.next_column() {
            (name, Column::Given(text)) => self.value(name, text),
            (name, Column::Empty | Column::Absent) => {
                self.faults.push((name, "must not be empty".to_owned()));
                None
            }
        }
    }

    /// The next column, which is part of the key and may be empty or missing. `None` with a fault.
    pub fn key<T: Cell>(&mut self) -> Option<Option<T>> {
        match self.next_column() {
            (name, Column::Given(text)) => self.value(name, text).map(Some),
            (_, Column::Empty | Column::Absent) => Some(None),
        }
    }

    /// The next column, which is optional. `None` with a fault.
    pub fn optional<T: Cell>(&mut self) -> Option<Column<T>> {
        match self.next_column() {
            (name, Column::Given(text)) => self.value(name, text).map(Column::Given),
            (_, Column::Empty) => Some(Column::Empty),
            (_, Column::Absent) => Some(Column::Absent),
        }
    }

    fn value<T: Cell>(&mut self, name: &'static str, text: &'a [u8]) -> Option<T> {
        let read = match std::str::from_utf8(text) {
            Ok(text) => T::read(text),
            Err(_) => Err("is not UTF-8 text".to_owned()),
        };
        read.map_err(|message| self.faults.push((name, message))).ok()
    }

    fn next_column(&mut self) -> (&'static str, Column<&'a [u8]>) {
        let name = self.columns.next().map_or("", |column| column.name);
        let position = self.header.positions.get(self.index).copied().flatten();
        self.index += 1;
        let cell = match position.and_then(|position| self.record.cell(position)) {
            None => Column::Absent,
            Some(text) if text.trim_ascii().is_empty() => Column::Empty,
            Some(text) => Column::Given(text),
        };
        (name, cell)
    }
}
