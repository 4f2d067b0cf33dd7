//! Whether the data are consistent.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use tradebook_model::OrganizationId;

use crate::connection::AnyConnection;
use crate::own_list::NEEDS_OWN_LIST;
use crate::rows::stored;
use crate::schema::organizations;
use crate::sequence::Sequence;
use crate::{SchemaState, Store, StoreError};

/// What must never be, as a query that counts it, and what to say of it.
pub(crate) const INVARIANTS: [(&str, &str); 18] = [
    (
        "lines of orders or invoices that contradict their document",
        "SELECT COUNT(*) AS count FROM ledger_lines \
         JOIN ledger_documents ON ledger_documents.organization_id = ledger_lines.organization_id \
          AND ledger_documents.ledger = ledger_lines.ledger \
          AND ledger_documents.id = ledger_lines.document_id \
         WHERE ledger_documents.kind <> ledger_lines.kind \
          OR ledger_documents.status <> ledger_lines.status \
          OR ledger_documents.customer_id <> ledger_lines.customer_id \
          OR ledger_documents.date <> ledger_lines.date",
    ),
    (
        "lines of orders or invoices without their document",
        "SELECT COUNT(*) AS count FROM ledger_lines WHERE NOT EXISTS (\
         SELECT 1 FROM ledger_documents \
         WHERE ledger_documents.organization_id = ledger_lines.organization_id \
          AND ledger_documents.ledger = ledger_lines.ledger \
          AND ledger_documents.id = ledger_lines.document_id)",
    ),
    (
        "lines of orders or invoices whose product does not exist",
        // Those of an import that is not finished may refer to products that wait for its end.
        "SELECT COUNT(*) AS count FROM ledger_lines WHERE NOT EXISTS (\
         SELECT 1 FROM products WHERE products.organization_id = ledger_lines.organization_id \
          AND products.id = ledger_lines.product_id) AND NOT EXISTS (\
         SELECT 1 FROM unfinished_imports \
         WHERE unfinished_imports.organization_id = ledger_lines.organization_id \
          AND unfinished_imports.first_document <= ledger_lines.document_id)",
    ),
    (
        "customers whose own list has the id of a price list",
        "SELECT COUNT(*) AS count FROM customers \
         JOIN price_lists ON price_lists.organization_id = customers.organization_id \
          AND price_lists.id = customers.own_list_id",
    ),
    (
        "prices whose periods overlap",
        "SELECT COUNT(*) AS count FROM prices \
         JOIN prices AS later ON later.organization_id = prices.organization_id \
          AND later.list_id = prices.list_id AND later.product_id = prices.product_id \
          AND later.quantity = prices.quantity AND later.valid_from > prices.valid_from \
         WHERE (prices.valid_to IS NULL OR prices.valid_to >= later.valid_from) AND NOT EXISTS (\
         SELECT 1 FROM unfinished_imports \
         WHERE unfinished_imports.organization_id = prices.organization_id \
          AND (unfinished_imports.first_touch <= prices.touched \
           OR unfinished_imports.first_touch <= later.touched))",
    ),
    (
        "agreed prices whose periods overlap",
        "SELECT COUNT(*) AS count FROM agreed_prices \
         JOIN agreed_prices AS later ON later.organization_id = agreed_prices.organization_id \
          AND later.customer_id = agreed_prices.customer_id \
          AND later.product_id = agreed_prices.product_id \
          AND later.valid_from > agreed_prices.valid_from \
         WHERE agreed_prices.valid_to IS NULL OR agreed_prices.valid_to >= later.valid_from",
    ),
    (
        "price lists that are derived from themselves",
        "WITH RECURSIVE chain (organization_id, id, base_id) AS (\
          SELECT organization_id, id, base_id FROM price_lists WHERE base_id IS NOT NULL \
          UNION SELECT chain.organization_id, chain.id, price_lists.base_id FROM chain \
          JOIN price_lists ON price_lists.organization_id = chain.organization_id \
           AND price_lists.id = chain.base_id WHERE price_lists.base_id IS NOT NULL) \
         SELECT COUNT(*) AS count FROM chain WHERE base_id = id",
    ),
    (
        "organizations whose customers are counted wrongly",
        "SELECT COUNT(*) AS count FROM organizations WHERE (\
         SELECT COUNT(*) FROM customers WHERE customers.organization_id = organizations.id) \
         <> COALESCE((SELECT customer_counts.customers FROM customer_counts \
          WHERE customer_counts.organization_id = organizations.id), 0) \
         OR (SELECT COUNT(*) FROM customers WHERE customers.organization_id = organizations.id \
          AND customers.is_active) \
         <> COALESCE((SELECT customer_counts.active FROM customer_counts \
          WHERE customer_counts.organization_id = organizations.id), 0)",
    ),
    (
        "customers that searches do not find",
        "SELECT COUNT(*) AS count FROM customers WHERE search_name IS NULL",
    ),
    (
        "purchase events whose classification does not exist",
        "SELECT COUNT(*) AS count FROM purchase_events \
         WHERE purchase_events.classification_id IS NOT NULL AND NOT EXISTS (\
         SELECT 1 FROM classifications WHERE classifications.organization_id = purchase_events.organization_id \
          AND classifications.id = purchase_events.classification_id)",
    ),
    (
        "purchase events whose unit does not exist",
        "SELECT COUNT(*) AS count FROM purchase_events \
         WHERE purchase_events.unit_id IS NOT NULL AND NOT EXISTS (\
         SELECT 1 FROM units WHERE units.organization_id = purchase_events.organization_id \
          AND units.id = purchase_events.unit_id)",
    ),
    (
        "purchase events whose rate period does not exist",
        "SELECT COUNT(*) AS count FROM purchase_events \
         WHERE purchase_events.rate_period_id IS NOT NULL AND NOT EXISTS (\
         SELECT 1 FROM currency_rate_periods WHERE currency_rate_periods.organization_id = purchase_events.organization_id \
          AND currency_rate_periods.id = purchase_events.rate_period_id)",
    ),
    (
        "purchase events whose creator does not exist",
        "SELECT COUNT(*) AS count FROM purchase_events \
         WHERE purchase_events.created_by IS NOT NULL AND NOT EXISTS (\
         SELECT 1 FROM users WHERE users.organization_id = purchase_events.organization_id \
          AND users.id = purchase_events.created_by)",
    ),
    (
        "purchase events whose last changer does not exist",
        "SELECT COUNT(*) AS count FROM purchase_events \
         WHERE purchase_events.updated_by IS NOT NULL AND NOT EXISTS (\
         SELECT 1 FROM users WHERE users.organization_id = purchase_events.organization_id \
          AND users.id = purchase_events.updated_by)",
    ),
    (
        "lines of purchase events whose product does not exist",
        "SELECT COUNT(*) AS count FROM purchase_event_products \
         WHERE purchase_event_products.product_id IS NOT NULL AND NOT EXISTS (\
         SELECT 1 FROM products WHERE products.organization_id = purchase_event_products.organization_id \
          AND products.id = purchase_event_products.product_id)",
    ),
    (
        "access tokens with the authentication code of another",
        "SELECT COUNT(*) AS count FROM access_tokens \
         JOIN access_tokens AS other ON other.organization_id = access_tokens.organization_id \
          AND other.authentication_code = access_tokens.authentication_code \
          AND other.identifier > access_tokens.identifier",
    ),
    (
        "organizations without the settings they need",
        "SELECT COUNT(*) AS count FROM organizations WHERE NOT EXISTS (\
         SELECT 1 FROM organization_settings \
         WHERE organization_settings.organization_id = organizations.id \
          AND organization_settings.name = 'currency')",
    ),
    (
        "secrets of the keys other than the one",
        "SELECT ABS(COUNT(*) - 1) AS count FROM server_state",
    ),
];

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl Store {
    /// Looks for what must never be: a damaged file, broken references, ids handed out twice, documents that contradict
    /// their lines, periods that overlap, values that cannot be read. One sentence for each; none where all is well. Reads
    /// everything, at one moment.
    pub fn check(&self) -> Result<Vec<String>, StoreError> {
        match self.schema_state()? {
            SchemaState::Current => {}
            SchemaState::Behind => return Err(StoreError::OldSchema),
            SchemaState::Newer { version } => return Err(StoreError::NewerSchema { version }),
            SchemaState::HalfCopied => return Err(StoreError::HalfCopied),
        }
        let mut faults = self.read_snapshot(|connection| {
            let mut faults = check_file(connection)?;
            check_invariants(connection, &mut faults)?;
            check_sequences(connection, &mut faults)?;
            Ok(faults)
        })?;
        for organization in self.organization_ids()? {
            match self.read_book(organization) {
                Ok(_) => {}
                Err(error @ StoreError::Corrupt { .. }) => faults.push(with_sources(&error)),
                Err(error) => return Err(error),
            }
        }
        Ok(faults)
    }

    fn organization_ids(&self) -> Result<Vec<OrganizationId>, StoreError> {
        let ids: Vec<i32> = organizations::table
            .select(organizations::id)
            .order(organizations::id)
            .load(&mut *self.pools().read()?)?;
        ids.into_iter().map(|id| stored("an organization's id", OrganizationId::new(id))).collect()
    }
}

fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

fn check_invariants(
    connection: &mut AnyConnection,
    faults: &mut Vec<String>,
) -> Result<(), StoreError> {
    for (what, query) in INVARIANTS {
        let Counted { count } = diesel::sql_query(query).get_result(connection)?;
        if count > 0 {
            faults.push(format!("there are {count} {what}"));
        }
    }
    let Counted { count } = diesel::sql_query(format!(
        "SELECT COUNT(*) AS count FROM customers WHERE own_list_id IS NULL AND {NEEDS_OWN_LIST}"
    ))
    .get_result(connection)?;
    if count > 0 {
        faults.push(format!("there are {count} customers with terms of their own but no list"));
    }
    Ok(())
}

fn check_sequences(
    connection: &mut AnyConnection,
    faults: &mut Vec<String>,
) -> Result<(), StoreError> {
    let columns = Sequence::ALL
        .into_iter()
        .flat_map(|sequence| sequence.columns().iter().map(move |column| (sequence, *column)));
    for (sequence, (table, column)) in columns {
        let (kind, far) = (sequence.word(), sequence.far());
        let Counted { count } = diesel::sql_query(format!(
            "SELECT COUNT(*) AS count FROM {table} WHERE {column} < {far} AND {column} >= COALESCE((\
             SELECT next_id FROM id_sequences \
             WHERE id_sequences.organization_id = {table}.organization_id AND kind = $1), 1)"
        ))
        .bind::<Text, _>(kind)
        .get_result(connection)?;
        if count > 0 {
            faults.push(format!(
                "there are {count} ids in {table}.{column} that the sequence of `{kind}` would hand out again"
            ));
        }
    }
    Ok(())
}

/// What the database itself says of its file and its references.
fn check_file(connection: &mut AnyConnection) -> Result<Vec<String>, StoreError> {
    match connection {
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(sqlite) => {
            let said: Vec<Said> = diesel::sql_query(
                "SELECT 'the file is damaged: ' || integrity_check AS text \
                 FROM pragma_integrity_check WHERE integrity_check <> 'ok' \
                 UNION ALL \
                 SELECT COUNT(*) || ' rows of ' || \"table\" || ' refer to nothing in ' || parent \
                 FROM pragma_foreign_key_check WHERE \"table\" NOT IN ('ledger_documents', 'prices') \
                 GROUP BY \"table\", parent \
                 UNION ALL \
                 SELECT COUNT(*) || ' rows of ledger_documents refer to nothing in customers' \
                 FROM ledger_documents WHERE NOT EXISTS (\
                 SELECT 1 FROM customers \
                 WHERE customers.organization_id = ledger_documents.organization_id \
                  AND customers.id = ledger_documents.customer_id) AND NOT EXISTS (\
                 SELECT 1 FROM unfinished_imports \
                 WHERE unfinished_imports.organization_id = ledger_documents.organization_id \
                  AND unfinished_imports.first_document <= ledger_documents.id) \
                 HAVING COUNT(*) > 0 \
                 UNION ALL \
                 SELECT COUNT(*) || ' rows of prices refer to nothing in price_lists or products' \
                 FROM prices WHERE (NOT EXISTS (\
                 SELECT 1 FROM price_lists \
                 WHERE price_lists.organization_id = prices.organization_id \
                  AND price_lists.id = prices.list_id) OR NOT EXISTS (\
                 SELECT 1 FROM products WHERE products.organization_id = prices.organization_id \
                  AND products.id = prices.product_id)) AND NOT EXISTS (\
                 SELECT 1 FROM unfinished_imports \
                 WHERE unfinished_imports.organization_id = prices.organization_id \
                  AND unfinished_imports.first_touch <= prices.touched) \
                 HAVING COUNT(*) > 0",
            )
            .load(sqlite)?;
            Ok(said.into_iter().map(|said| said.text).collect())
        }
        // The server checks its pages as it reads them, and never lets a reference break.
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(_) => Ok(Vec::new()),
    }
}

#[cfg(feature = "sqlite")]
#[derive(QueryableByName)]
struct Said {
    #[diesel(sql_type = Text)]
    text: String,
}
