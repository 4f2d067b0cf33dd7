//! Values and rows of any table, in a form that both kinds of database share.

use diesel::deserialize::{self, FromSql, QueryableByName};
use diesel::row::{Field, NamedRow, Row as DatabaseRow};
use diesel::sql_types::{BigInt, Binary, Double, Text};

use super::tables::{Kind, Table};
use crate::StoreError;

/// A value. Booleans are 0 and 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Bytes(Vec<u8>),
}

/// A row's values in the order of its table's columns.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row(pub(super) Vec<Value>);

impl Row {
    /// The bytes that stand for the row, and for no other.
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        for value in &self.0 {
            value.encode(out);
        }
    }

    /// The bytes that stand for the row's key.
    pub(super) fn key(&self, table: &Table) -> Vec<u8> {
        let mut out = Vec::new();
        for value in table.key.iter().filter_map(|place| self.0.get(*place)) {
            value.encode(&mut out);
        }
        out
    }
}

impl Value {
    fn encode(&self, out: &mut Vec<u8>) {
        let (tag, bytes): (u8, &[u8]) = match self {
            Self::Null => (0, &[]),
            Self::Integer(value) => (1, &value.to_be_bytes()),
            Self::Real(value) => (2, &value.to_bits().to_be_bytes()),
            Self::Text(text) => (3, text.as_bytes()),
            Self::Bytes(bytes) => (4, bytes),
        };
        out.push(tag);
        if tag > 2 {
            out.extend_from_slice(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        }
        out.extend_from_slice(bytes);
    }

    /// Reads the values of a key.
    pub(super) fn decode_all(mut bytes: &[u8]) -> Result<Vec<Self>, StoreError> {
        let mut values = Vec::new();
        while !bytes.is_empty() {
            let (value, rest) = Self::decode(bytes)
                .ok_or_else(|| StoreError::corrupt("how far the copy has come"))?;
            values.push(value);
            bytes = rest;
        }
        Ok(values)
    }

    fn decode(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (tag, rest) = bytes.split_first()?;
        if *tag == 0 {
            return Some((Self::Null, rest));
        }
        let (number, rest) = rest.split_first_chunk::<8>()?;
        match tag {
            1 => Some((Self::Integer(i64::from_be_bytes(*number)), rest)),
            2 => Some((Self::Real(f64::from_bits(u64::from_be_bytes(*number))), rest)),
            _ => {
                let length = usize::try_from(u64::from_be_bytes(*number)).ok()?;
                let (bytes, rest) = rest.split_at_checked(length)?;
                let value = match tag {
                    3 => Self::Text(String::from_utf8(bytes.to_vec()).ok()?),
                    4 => Self::Bytes(bytes.to_vec()),
                    _ => return None,
                };
                Some((value, rest))
            }
        }
    }

    /// The value as it is to be bound for a column, or that it cannot be.
    fn mismatch(&self, kind: Kind) -> StoreError {
        StoreError::corrupt(format!("{self:?} in a column of type {kind:?}"))
    }

    pub(super) fn boolean(&self) -> Result<Option<bool>, StoreError> {
        match self {
            Self::Null => Ok(None),
            Self::Integer(value @ (0 | 1)) => Ok(Some(*value == 1)),
            _ => Err(self.mismatch(Kind::Boolean)),
        }
    }

    pub(super) fn small(&self) -> Result<Option<i16>, StoreError> {
        self.integer(Kind::Small)?
            .map(|value| i16::try_from(value).map_err(|_| self.mismatch(Kind::Small)))
            .transpose()
    }

    pub(super) fn normal(&self) -> Result<Option<i32>, StoreError> {
        self.integer(Kind::Normal)?
            .map(|value| i32::try_from(value).map_err(|_| self.mismatch(Kind::Normal)))
            .transpose()
    }

    pub(super) fn big(&self) -> Result<Option<i64>, StoreError> {
        self.integer(Kind::Big)
    }

    fn integer(&self, kind: Kind) -> Result<Option<i64>, StoreError> {
        match self {
            Self::Null => Ok(None),
            Self::Integer(value) => Ok(Some(*value)),
            _ => Err(self.mismatch(kind)),
        }
    }

    pub(super) fn real(&self) -> Result<Option<f64>, StoreError> {
        match self {
            Self::Null => Ok(None),
            Self::Real(value) => Ok(Some(*value)),
            _ => Err(self.mismatch(Kind::Real)),
        }
    }

    pub(super) fn text(&self) -> Result<Option<&str>, StoreError> {
        match self {
            Self::Null => Ok(None),
            Self::Text(text) => Ok(Some(text)),
            _ => Err(self.mismatch(Kind::Text)),
        }
    }

    pub(super) fn bytes(&self) -> Result<Option<&[u8]>, StoreError> {
        match self {
            Self::Null => Ok(None),
            Self::Bytes(bytes) => Ok(Some(bytes)),
            _ => Err(self.mismatch(Kind::Bytes)),
        }
    }
}

#[cfg(feature = "sqlite")]
impl QueryableByName<diesel::sqlite::Sqlite> for Row {
    fn build<'a>(row: &impl NamedRow<'a, diesel::sqlite::Sqlite>) -> deserialize::Result<Self> {
        use diesel::sqlite::{Sqlite, SqliteType};

        let mut values = Vec::with_capacity(row.field_count());
        for place in 0..row.field_count() {
            let field = DatabaseRow::get(row, place).ok_or("a column is missing")?;
            let Some(value) = field.value() else {
                values.push(Value::Null);
                continue;
            };
            values.push(match value.value_type() {
                Some(SqliteType::Integer | SqliteType::Long | SqliteType::SmallInt) => {
                    Value::Integer(FromSql::<BigInt, Sqlite>::from_sql(value)?)
                }
                Some(SqliteType::Float | SqliteType::Double) => {
                    Value::Real(FromSql::<Double, Sqlite>::from_sql(value)?)
                }
                Some(SqliteType::Text) => Value::Text(FromSql::<Text, Sqlite>::from_sql(value)?),
                Some(SqliteType::Binary) => {
                    Value::Bytes(FromSql::<Binary, Sqlite>::from_sql(value)?)
                }
                _ => Value::Null,
            });
        }
        Ok(Self(values))
    }
}

#[cfg(feature = "postgres")]
impl QueryableByName<diesel::pg::Pg> for Row {
    fn build<'a>(row: &impl NamedRow<'a, diesel::pg::Pg>) -> deserialize::Result<Self> {
        use diesel::pg::Pg;
        use diesel::sql_types::{Bool, Integer, SmallInt};

        let mut values = Vec::with_capacity(row.field_count());
        for place in 0..row.field_count() {
            let field = DatabaseRow::get(row, place).ok_or("a column is missing")?;
            let Some(value) = field.value() else {
                values.push(Value::Null);
                continue;
            };
            // The numbers of PostgreSQL's own types never change.
            values.push(match value.get_oid().get() {
                16 => Value::Integer(i64::from(<bool as FromSql<Bool, Pg>>::from_sql(value)?)),
                21 => Value::Integer(i64::from(<i16 as FromSql<SmallInt, Pg>>::from_sql(value)?)),
                23 => Value::Integer(i64::from(<i32 as FromSql<Integer, Pg>>::from_sql(value)?)),
                20 => Value::Integer(FromSql::<BigInt, Pg>::from_sql(value)?),
                701 => Value::Real(FromSql::<Double, Pg>::from_sql(value)?),
                25 => Value::Text(FromSql::<Text, Pg>::from_sql(value)?),
                17 => Value::Bytes(FromSql::<Binary, Pg>::from_sql(value)?),
                other => return Err(format!("a column of the unknown type {other}").into()),
            });
        }
        Ok(Self(values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_were_written() {
        let values = vec![
            Value::Null,
            Value::Integer(-7),
            Value::Real(-0.5),
            Value::Text("é".into()),
            Value::Text(String::new()),
            Value::Bytes(vec![0, 3]),
        ];
        let mut bytes = Vec::new();
        Row(values.clone()).encode(&mut bytes);
        assert_eq!(Value::decode_all(&bytes).unwrap(), values);
        for length in 1..bytes.len() {
            // A part of it is another key or none.
            assert_ne!(Value::decode_all(&bytes[..length]).ok().as_ref(), Some(&values));
        }
        assert!(Value::decode_all(&[9, 0, 0, 0, 0, 0, 0, 0, 0]).is_err());
    }
}
