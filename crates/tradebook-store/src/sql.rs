//! Questions whose text depends on what is asked.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};

use crate::StoreError;
use crate::connection::AnyConnection;

type Backend = <AnyConnection as diesel::Connection>::Backend;

/// A value of a question.
#[derive(Debug, Clone)]
pub(crate) enum Bind {
    Id(i32),
    Number(i64),
    Text(String),
}

/// A part of a question with its values, in the order in which its text mentions them as `?`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sql {
    text: String,
    binds: Vec<Bind>,
}

impl Sql {
    pub(crate) fn push(&mut self, text: &str, binds: impl IntoIterator<Item = Bind>) -> &mut Self {
        self.text.push_str(text);
        self.binds.extend(binds);
        self
    }

    pub(crate) fn append(&mut self, other: &Self) -> &mut Self {
        self.push(&other.text, other.binds.iter().cloned())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Numbers the values, as PostgreSQL wants it.
    fn numbered(&self) -> String {
        let mut text = String::with_capacity(self.text.len() + 16);
        let mut parts = self.text.split('?');
        text.extend(parts.next());
        for (number, part) in (1..).zip(parts) {
            text.push_str(&format!("${number}{part}"));
        }
        text
    }

    pub(crate) fn execute(&self, connection: &mut AnyConnection) -> Result<usize, StoreError> {
        Ok(self.query().execute(connection)?)
    }

    fn query(
        &self,
    ) -> diesel::query_builder::BoxedSqlQuery<'_, Backend, diesel::query_builder::SqlQuery> {
        let mut query = diesel::sql_query(self.numbered()).into_boxed::<Backend>();
        for bind in &self.binds {
            query = match bind {
                Bind::Id(id) => query.bind::<Integer, _>(*id),
                Bind::Number(number) => query.bind::<BigInt, _>(*number),
                Bind::Text(text) => query.bind::<Text, _>(text.clone()),
            };
        }
        query
    }

    /// The same after other words: `EXPLAIN `.
    #[cfg(test)]
    pub(crate) fn after(&self, words: &str) -> Self {
        Self { text: format!("{words}{}", self.text), binds: self.binds.clone() }
    }

    pub(crate) fn load<T>(&self, connection: &mut AnyConnection) -> Result<Vec<T>, StoreError>
    where
        T: diesel::deserialize::QueryableByName<Backend> + 'static,
    {
        Ok(self.query().load(connection)?)
    }
}
