//! New rows through `COPY … FROM STDIN (FORMAT binary)`: how PostgreSQL takes them fastest.

use std::io;

use diesel::pg::{CopyFormat, CopyTarget, PgConnection};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// A type of which columns are made, in the binary format: its length, and its bytes with the most significant one first.
/// See <https://www.postgresql.org/docs/current/sql-copy.html>, "Binary Format".
pub(crate) trait CopyColumn {
    /// Writes a value.
    fn copy(&self, out: &mut Vec<u8>);
}

impl<T: CopyColumn> CopyColumn for Option<T> {
    fn copy(&self, out: &mut Vec<u8>) {
        match self {
            Some(value) => value.copy(out),
            None => out.extend_from_slice(&(-1_i32).to_be_bytes()),
        }
    }
}

macro_rules! copy_columns {
    ($($type:ty: |$value:ident| $bytes:expr;)*) => {$(
        impl CopyColumn for $type {
            fn copy(&self, out: &mut Vec<u8>) {
                let $value = self;
                let bytes = $bytes;
                let bytes: &[u8] = bytes.as_ref();
                // A longer one than PostgreSQL takes is refused by it.
                let length = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
                out.extend_from_slice(&length.to_be_bytes());
                out.extend_from_slice(bytes);
            }
        }
    )*};
}

copy_columns! {
    i16: |value| value.to_be_bytes();
    i32: |value| value.to_be_bytes();
    i64: |value| value.to_be_bytes();
    bool: |value| [u8::from(*value)];
    f64: |value| value.to_bits().to_be_bytes();
    String: |value| value.as_bytes();
    Vec<u8>: |value| value.as_slice();
}

/// Rows in the binary format.
pub(crate) struct Rows {
    data: Vec<u8>,
    /// How many columns each has, as the format has it.
    columns: [u8; 2],
}

impl Rows {
    /// The signature, then flags and the length of further headers, both of them 0.
    const BEGINNING: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
    const END: [u8; 2] = (-1_i16).to_be_bytes();

    /// No rows yet.
    pub(crate) fn new(columns: usize) -> Self {
        let columns = i16::try_from(columns).unwrap_or(i16::MAX).to_be_bytes();
        Self { data: Self::BEGINNING.to_vec(), columns }
    }

    /// Where the values of one more row go, in the order of the columns.
    pub(crate) fn next_row(&mut self) -> &mut Vec<u8> {
        self.data.extend_from_slice(&self.columns);
        &mut self.data
    }

    /// Writes them into these columns of their table. None of them may be there.
    pub(crate) fn copy_into<T: Table, C: CopyTarget<Table = T>>(
        mut self,
        connection: &mut PgConnection,
        table: T,
        columns: C,
    ) -> QueryResult<()> {
        self.data.extend_from_slice(&Self::END);
        let data = self.data.as_slice();
        let query = diesel::copy_from(table)
            .from_raw_data(columns, |copy| copy.write_all(data).map_err(CopyError::Write));
        match query.with_format(CopyFormat::Binary).execute(connection) {
            Ok(_) => Ok(()),
            Err(CopyError::Database(error)) => Err(error),
            Err(CopyError::Write(error)) => Err(unsent(error)),
        }
    }
}

/// Why rows were not copied.
#[derive(Debug, thiserror::Error)]
enum CopyError {
    #[error(transparent)]
    Database(#[from] DieselError),
    #[error(transparent)]
    Write(io::Error),
}

/// What the driver says of data that it could not send, which it wraps into an error of input and output.
fn unsent(error: io::Error) -> DieselError {
    let message = error.to_string();
    let inner = error.into_inner().and_then(|inner| inner.downcast::<DieselError>().ok());
    inner.map_or_else(
        || DieselError::DatabaseError(DatabaseErrorKind::UnableToSendCommand, Box::new(message)),
        |inner| *inner,
    )
}
