//! Rows as an import writes them. Columns that are not named here keep what they have.

#[cfg(feature = "postgres")]
use std::sync::LazyLock;

#[cfg(feature = "sqlite")]
use diesel::dsl::SqlTypeOf;
use diesel::prelude::*;

#[cfg(feature = "postgres")]
use super::arrays::Column;
#[cfg(feature = "postgres")]
use super::copying::{self, CopyColumn};
use super::records::Session;
#[cfg(feature = "sqlite")]
use super::values::{Binder, Put, Target, Values};
use crate::connection::AnyConnection;
use crate::schema::{
    access_tokens, accounts_receivable, agreed_prices, categories, classifications, contacts,
    currencies, currency_rate_periods, customer_part_numbers, customer_payment_types, customers,
    ledger_documents, ledger_lines, payment_types, price_lists, prices, product_types, products,
    purchase_event_products, purchase_events, regions, rewards_participants, segmentations,
    spend_requests, units, users,
};

/// A table as an import writes it: the columns that find a row, those that are written every time, those that are written only
/// with a new row, and those that count the changes.
#[cfg(feature = "sqlite")]
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) table: &'static str,
    pub(crate) key: &'static [&'static str],
    pub(crate) set: &'static [&'static str],
    pub(crate) once: &'static [&'static str],
    pub(crate) bump: &'static [&'static str],
}

/// Declares a row: `key` columns find it, `set` columns are written every time, `once` columns only with a new row, and `bump`
/// columns count the changes.
macro_rules! table_rows {
    ($(
        $(#[$doc:meta])*
        $row:ident of $table:ident {
            key { $($key:ident: $key_type:ty,)+ }
            set { $($set:ident: $set_type:ty,)+ }
            once { $($once:ident: $once_type:ty,)* }
            bump { $($bump:ident,)* }
        }
    )*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Insertable, Queryable)]
        #[diesel(table_name = $table, treat_none_as_default_value = false)]
        pub(crate) struct $row {
            $(pub(crate) $key: $key_type,)+
            $(pub(crate) $set: $set_type,)+
            $(pub(crate) $once: $once_type,)*
        }

        impl $row {
            const COLUMNS: &[&str] =
                &[$(stringify!($key),)+ $(stringify!($set),)+ $(stringify!($once),)*];

            /// The columns, in the order of the fields.
            #[allow(dead_code, reason = "one kind of row is only ever read in parts")]
            pub(crate) const ALL: ($($table::$key,)+ $($table::$set,)+ $($table::$once,)*) =
                ($($table::$key,)+ $($table::$set,)+ $($table::$once,)*);

            /// Inserts rows and updates those that are there.
            pub(crate) fn put(session: &mut Session<'_>, rows: &[Self]) -> QueryResult<()> {
                match session.connection {
                    #[cfg(feature = "sqlite")]
                    AnyConnection::Sqlite(sqlite) => {
                        let is_staged = session.steps.is_some();
                        let target = if is_staged { Target::Staged } else { Target::Table };
                        Put::all(sqlite, target, rows)
                    }
                    #[cfg(feature = "postgres")]
                    AnyConnection::Postgres(postgres) if session.writes_new => {
                        Self::copy_in(postgres, rows)
                    }
                    #[cfg(feature = "postgres")]
                    AnyConnection::Postgres(postgres) => Self::put_arrays(postgres, rows),
                }
            }

            /// Inserts rows, none of which is there.
            #[cfg(feature = "postgres")]
            fn copy_in(connection: &mut PgConnection, rows: &[Self]) -> QueryResult<()> {
                if rows.is_empty() {
                    return Ok(());
                }
                let mut data = copying::Rows::new(Self::COLUMNS.len());
                for row in rows {
                    let out = data.next_row();
                    $(row.$key.copy(out);)+
                    $(row.$set.copy(out);)+
                    $(row.$once.copy(out);)*
                }
                data.copy_into(connection, $table::table, Self::ALL)
            }

            #[cfg(feature = "postgres")]
            fn put_arrays(connection: &mut PgConnection, rows: &[Self]) -> QueryResult<()> {
                static SQL: LazyLock<String> = LazyLock::new(|| {
                    let types = [
                        $(<$key_type as Column>::TYPE,)+
                        $(<$set_type as Column>::TYPE,)+
                        $(<$once_type as Column>::TYPE,)*
                    ];
                    let keys = [$(stringify!($key),)+].join(", ");
                    let arrays: Vec<_> = types
                        .iter()
                        .zip(1..)
                        .map(|(name, place)| format!("${place}::{name}[]"))
                        .collect();
                    let set = [
                        $(concat!(stringify!($set), " = excluded.", stringify!($set)),)+
                        $(concat!(
                            stringify!($bump), " = ", stringify!($table), ".", stringify!($bump), " + 1"
                        ),)*
                    ];
                    format!(
                        "INSERT INTO {} ({}) SELECT * FROM unnest({}) ON CONFLICT ({keys}) DO UPDATE SET {}",
                        stringify!($table),
                        $row::COLUMNS.join(", "),
                        arrays.join(", "),
                        set.join(", ")
                    )
                });
                if rows.is_empty() {
                    return Ok(());
                }
                let query = diesel::sql_query(SQL.as_str()).into_boxed();
                $(let query = Column::bind(query, rows, |row: &Self| &row.$key);)+
                $(let query = Column::bind(query, rows, |row: &Self| &row.$set);)+
                $(let query = Column::bind(query, rows, |row: &Self| &row.$once);)*
                query.execute(connection).map(drop)
            }
        }

        #[cfg(feature = "sqlite")]
        impl Values for $row {
            const SHAPE: Shape = Shape {
                table: stringify!($table),
                key: &[$(stringify!($key),)+],
                set: &[$(stringify!($set),)+],
                once: &[$(stringify!($once),)*],
                bump: &[$(stringify!($bump),)*],
            };

            fn bind<'b>(&'b self, mut bind: Binder<'_, '_, 'b>) -> QueryResult<()> {
                $(bind.push::<SqlTypeOf<$table::$key>, _>(&self.$key)?;)+
                $(bind.push::<SqlTypeOf<$table::$set>, _>(&self.$set)?;)+
                $(bind.push::<SqlTypeOf<$table::$once>, _>(&self.$once)?;)*
                Ok(())
            }
        }
    )*

        /// All tables that imports write.
        #[cfg(feature = "sqlite")]
        pub(crate) const SHAPES: &[Shape] = &[$(<$row as Values>::SHAPE,)*];
    };
}

table_rows! {
    CurrencyRow of currencies {
        key { organization_id: i32, code: String, }
        set {
            name: Option<String>,
            exchange_rate: Option<String>,
            prefix_symbol: Option<String>,
            suffix_symbol: Option<String>,
            touched: i64,
        }
        once {}
        bump { version, }
    }

    ProductRow of products {
        key { organization_id: i32, id: i32, }
        set {
            code: String,
            description: Option<String>,
            status: i16,
            barcode: Option<String>,
            inner_barcode: Option<String>,
            outer_barcode: Option<String>,
            epos_barcode: Option<String>,
            cost: Option<i64>,
            vat_rate: Option<i64>,
            available: i32,
            next_available: Option<i32>,
            product_type: Option<String>,
            alternative_code: Option<String>,
            touched: i64,
        }
        once {}
        bump { version, }
    }

    PriceListRow of price_lists {
        key { organization_id: i32, id: i32, }
        set {
            code: String,
            description: Option<String>,
            currency: String,
            list_type: String,
            source: String,
            vat_inc: bool,
            base_id: Option<i32>,
            percent: Option<i64>,
            rounding: Option<i64>,
            ending: Option<i64>,
            decimals: Option<i16>,
            valid_from: Option<i32>,
            valid_to: Option<i32>,
            touched: i64,
        }
        once {}
        bump { version, }
    }

    PriceRowRow of prices {
        key { organization_id: i32, list_id: i32, product_id: i32, quantity: i32, valid_from: i32, }
        set { valid_to: Option<i32>, amount: Option<i64>, touched: i64, }
        once {}
        bump {}
    }

    CategoryRow of categories {
        key { organization_id: i32, id: i32, }
        set { reference: String, name: Option<String>, parent_id: Option<i32>, touched: i64, }
        once {}
        bump { version, }
    }

    SegmentationRow of segmentations {
        key { organization_id: i32, id: i32, }
        set { reference: String, name: Option<String>, touched: i64, }
        once {}
        bump { version, }
    }

    PaymentTypeRow of payment_types {
        key { organization_id: i32, id: i32, }
        set { reference: String, name: Option<String>, touched: i64, }
        once {}
        bump { version, }
    }

    RegionRow of regions {
        key { organization_id: i32, id: i32, }
        set { name: String, parent_id: Option<i32>, touched: i64, }
        once {}
        bump { version, }
    }

    UserRow of users {
        key { organization_id: i32, id: i32, }
        set {
            reference: String,
            username: Option<String>,
            name: Option<String>,
            email: Option<String>,
            touched: i64,
        }
        once {}
        bump { version, }
    }

    #[derive(Selectable, AsChangeset)]
    #[diesel(primary_key(organization_id, id), treat_none_as_null = true)]
    CustomerRow of customers {
        key { organization_id: i32, id: i32, }
        set {
            reference: String,
            name: String,
            currency: String,
            standard_list_id: Option<i32>,
            group_list_id: Option<i32>,
            normal_discount: Option<i64>,
            markup_on_cost: Option<i64>,
            bulk: i16,
            promotions: bool,
            reference2: Option<String>,
            category_id: Option<i32>,
            is_sub_customer: bool,
            parent_id: Option<i32>,
            bill_with_parent: bool,
            segmentation_id: Option<i32>,
            email: Option<String>,
            phone: Option<String>,
            mobile: Option<String>,
            fax: Option<String>,
            comment: Option<String>,
            barcode: Option<String>,
            is_same_address: bool,
            billing_country: Option<String>,
            billing_city: Option<String>,
            billing_postal_code: Option<String>,
            billing_address: Option<String>,
            billing_latitude: Option<f64>,
            billing_longitude: Option<f64>,
            shipping_country: Option<String>,
            shipping_city: Option<String>,
            shipping_postal_code: Option<String>,
            shipping_address: Option<String>,
            shipping_latitude: Option<f64>,
            shipping_longitude: Option<f64>,
            credit_limit: Option<i64>,
            is_active: bool,
            on_hold: bool,
            on_hold_reason: Option<String>,
            user_id: Option<i32>,
            due_date_config_number: Option<i32>,
            due_date_config_type: Option<i16>,
            website: Option<String>,
            tax_number: Option<String>,
            company_registration_number: Option<String>,
            customer_risk: Option<String>,
            customer_risk_color: Option<String>,
            region_id: Option<i32>,
            last_updated: i64,
            touched: i64,
        }
        once { date_created: i64, }
        bump { version, }
    }

    CustomerPaymentTypeRow of customer_payment_types {
        key { organization_id: i32, customer_id: i32, payment_type_id: i32, }
        set { position: i16, }
        once {}
        bump {}
    }

    ContactRow of contacts {
        key { organization_id: i32, id: i32, }
        set {
            reference: String,
            customer_id: i32,
            first_name: Option<String>,
            last_name: Option<String>,
            phone: Option<String>,
            phone2: Option<String>,
            mobile: Option<String>,
            fax: Option<String>,
            email: Option<String>,
            job: Option<String>,
            address: Option<String>,
            city: Option<String>,
            country: Option<String>,
            postal_code: Option<String>,
            comment: Option<String>,
            touched: i64,
        }
        once {}
        bump { version, }
    }

    AgreedPriceRow of agreed_prices {
        key { organization_id: i32, customer_id: i32, product_id: i32, valid_from: i32, }
        set { valid_to: Option<i32>, price: i64, touched: i64, }
        once {}
        bump {}
    }

    CustomerPartNumberRow of customer_part_numbers {
        key { organization_id: i32, customer_id: i32, product_id: i32, }
        set { part_number: String, touched: i64, }
        once {}
        bump {}
    }

    DocumentRow of ledger_documents {
        key { organization_id: i32, ledger: i16, id: i64, }
        set {
            number: String,
            kind: i16,
            status: i16,
            customer_id: i32,
            date: i32,
            currency: Option<String>,
            touched: i64,
        }
        once {}
        bump {}
    }

    DocumentLineRow of ledger_lines {
        key { organization_id: i32, ledger: i16, document_id: i64, line: i32, }
        set {
            kind: i16,
            status: i16,
            customer_id: i32,
            date: i32,
            product_id: i32,
            quantity: i32,
            unit_price: Option<i64>,
            touched: i64,
        }
        once {}
        bump {}
    }

    ProductTypeRow of product_types {
        key { organization_id: i32, name: String, }
        set {
            opaque_id: String,
            alternative_code: Option<String>,
            description: Option<String>,
            classification: Option<String>,
            service_type: Option<String>,
            physical_good_type: Option<String>,
            composition_method: Option<String>,
            used_for_provisioning: Option<bool>,
            touched: i64,
        }
        once {}
        bump { version, }
    }

    ClassificationRow of classifications {
        key { organization_id: i32, id: i32, }
        set { opaque_id: String, name: String, alternative_code: Option<String>, touched: i64, }
        once {}
        bump { version, }
    }

    UnitRow of units {
        key { organization_id: i32, id: i32, }
        set {
            opaque_id: String,
            name: String,
            group_name: Option<String>,
            community_name: Option<String>,
            alternative_code: Option<String>,
            description: Option<String>,
            touched: i64,
        }
        once {}
        bump { version, }
    }

    RatePeriodRow of currency_rate_periods {
        key { organization_id: i32, id: i32, }
        set {
            opaque_id: String,
            currency: String,
            rate: Option<String>,
            inverse_rate: Option<String>,
            from_date: Option<i32>,
            to_date: Option<i32>,
            touched: i64,
        }
        once {}
        bump { version, }
    }

    AccountRow of accounts_receivable {
        key { organization_id: i32, id: i32, }
        set {
            opaque_id: String,
            number: String,
            name: Option<String>,
            state: String,
            customer_id: i32,
            touched: i64,
        }
        once {}
        bump { version, }
    }

    AccessTokenRow of access_tokens {
        key { organization_id: i32, identifier: String, }
        set {
            account_id: i32,
            state: String,
            authentication_code: Option<String>,
            pass_code: Option<Vec<u8>>,
            one_time_password: Option<Vec<u8>>,
            touched: i64,
        }
        once {}
        bump { version, }
    }

    ParticipantRow of rewards_participants {
        key { organization_id: i32, id: i32, }
        set { number: String, account_id: i32, touched: i64, }
        once {}
        bump { version, }
    }

    PurchaseRow of purchase_events {
        key { organization_id: i32, id: i64, }
        set {
            opaque_id: String,
            number: String,
            account_id: i32,
            classification_id: Option<i32>,
            performed_on: i64,
            created: i64,
            updated: Option<i64>,
            created_by: Option<i32>,
            updated_by: Option<i32>,
            cancelled: bool,
            unit_id: Option<i32>,
            rate_period_id: Option<i32>,
            currency: Option<String>,
            description: Option<String>,
            reference_number: Option<String>,
            external_system: Option<String>,
            external_system_reference_number: Option<String>,
            touched: i64,
        }
        once {}
        bump {}
    }

    PurchaseLineRow of purchase_event_products {
        key { organization_id: i32, event_id: i64, line: i32, }
        set {
            opaque_id: Option<String>,
            product_id: i32,
            quantity: Option<i64>,
            net_amount: Option<i64>,
            vat_amount: Option<i64>,
            total_amount: Option<i64>,
            touched: i64,
        }
        once {}
        bump {}
    }

    SpendRequestRow of spend_requests {
        key { organization_id: i32, number: String, }
        set {
            event_id: i64,
            performed_on: i64,
            cancelled: bool,
            instant: bool,
            automatic: bool,
            amount: Option<i64>,
            touched: i64,
        }
        once {}
        bump {}
    }
}
