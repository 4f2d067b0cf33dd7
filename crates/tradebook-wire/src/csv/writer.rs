//! Rows into a file.

use std::io::{self, Write};

use super::{Cell, Column, Row};

/// Writes the rows of one file: all columns of its kind, lines that end in LF, quotes only where they are needed.
pub struct RowWriter<W: Write> {
    output: csv::Writer<W>,
    text: String,
}

impl<W: Write> RowWriter<W> {
    /// Starts a file with the header of a kind of rows.
    pub fn new<T: Row>(output: W) -> io::Result<Self> {
        let mut output = csv::Writer::from_writer(output);
        output.write_record(T::COLUMNS.iter().map(|column| column.name))?;
        Ok(Self { output, text: String::new() })
    }

    /// Writes a row, which must be of the kind that the file was started with.
    pub fn write<T: Row>(&mut self, row: &T) -> io::Result<()> {
        let mut cells = CellWriter { output: &mut self.output, text: &mut self.text, error: None };
        row.write(&mut cells);
        if let Some(error) = cells.error {
            return Err(error.into());
        }
        self.output.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// Ends the file and hands the output back.
    pub fn finish(self) -> io::Result<W> {
        self.output.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

/// Takes the cells of one row, in the order of [`ReadRow::COLUMNS`](super::ReadRow::COLUMNS).
pub struct CellWriter<'a> {
    output: &'a mut dyn Fields,
    text: &'a mut String,
    error: Option<csv::Error>,
}

trait Fields {
    fn field(&mut self, text: &str) -> csv::Result<()>;
}

impl<W: Write> Fields for csv::Writer<W> {
    fn field(&mut self, text: &str) -> csv::Result<()> {
        self.write_field(text)
    }
}

impl CellWriter<'_> {
    /// The next column, which is required.
    pub fn required<T: Cell>(&mut self, value: &T) {
        self.cell(Some(value));
    }

    /// The next column, which is part of the key and may be empty.
    pub fn key<T: Cell>(&mut self, value: &Option<T>) {
        self.cell(value.as_ref());
    }

    /// The next column, which is optional.
    pub fn optional<T: Cell>(&mut self, value: &Column<T>) {
        self.cell(match value {
            Column::Given(value) => Some(value),
            Column::Empty | Column::Absent => None,
        });
    }

    fn cell<T: Cell>(&mut self, value: Option<&T>) {
        self.text.clear();
        if let Some(value) = value {
            value.write(self.text);
        }
        if let (None, Err(error)) = (&self.error, self.output.field(self.text)) {
            self.error = Some(error);
        }
    }
}
