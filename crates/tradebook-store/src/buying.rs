//! The facts of a customer's buying report.

use std::collections::HashMap;
use std::ops::Range;

use diesel::dsl::max;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use tradebook_model::{
    BuyingFacts, BuyingProduct, CustomerId, CustomerReference, Date, HistoryBasis, HistoryLine,
    InvoiceKind, OrganizationId, PartNumber, ProductId, SignedQuantity,
};

use crate::connection::AnyConnection;
use crate::import::unfinished::{hidden, is_visible};
use crate::ledger::{Ledger, invoice_kind, invoice_kind_number, order_kind, order_status};
use crate::rows::{day, day_number, optional_day, stored, stored_option};
use crate::schema::{customer_part_numbers, customers, ledger_lines, products};
use crate::{Store, StoreError};

/// The most products that a statement names; where there are more, all of the customer's are asked for.
const NAMED: usize = 1000;

/// How a customer is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomerSelector {
    /// By its id.
    Id(CustomerId),
    /// By its reference, which is its account number.
    Reference(CustomerReference),
}

impl Store {
    /// The facts of one customer's buying report at one moment: its lines from `from` to `to`, both included, of the
    /// basis; the last invoices of their products up to `to`; the products and part numbers they need. `None` where there
    /// is no such customer.
    pub fn buying_facts(
        &self,
        organization: OrganizationId,
        customer: &CustomerSelector,
        basis: HistoryBasis,
        from: Date,
        to: Date,
    ) -> Result<Option<BuyingFacts>, StoreError> {
        self.read_of(organization, |connection| {
            let Some(customer) = customer_id(connection, organization, customer)? else {
                return Ok(None);
            };
            let first_hidden = hidden(connection, organization)?.document;
            let question = Question { organization, customer, basis, from, to, first_hidden };
            let lines = question.lines(connection)?;
            Ok(Some(BuyingFacts {
                last_invoiced: question.last_invoiced(connection, &lines)?,
                lines,
                products: question.products(connection)?,
                part_numbers: question.part_numbers(connection)?,
            }))
        })
    }

    /// The id of a customer; `None` where there is none.
    pub fn find_customer(
        &self,
        organization: OrganizationId,
        customer: &CustomerSelector,
    ) -> Result<Option<CustomerId>, StoreError> {
        self.read_of(organization, |connection| customer_id(connection, organization, customer))
    }
}

fn customer_id(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    customer: &CustomerSelector,
) -> Result<Option<CustomerId>, StoreError> {
    let of_organization = customers::table
        .select(customers::id)
        .filter(customers::organization_id.eq(organization.get()));
    let id: Option<i32> = match customer {
        CustomerSelector::Id(id) => {
            of_organization.filter(customers::id.eq(id.get())).get_result(connection)
        }
        CustomerSelector::Reference(reference) => of_organization
            .filter(customers::reference.eq(reference.as_str()))
            .get_result(connection),
    }
    .optional()?;
    stored_option("a customer's id", id, CustomerId::new)
}

struct Question {
    organization: OrganizationId,
    customer: CustomerId,
    basis: HistoryBasis,
    from: Date,
    to: Date,
    /// The first id of documents that are not to be seen.
    first_hidden: i64,
}

/// The customer's lines of the basis in the period, from the covering index alone.
#[diesel::dsl::auto_type(no_type_alias)]
fn in_period(question: &Question) -> _ {
    let organization: i32 = question.organization.get();
    let customer: i32 = question.customer.get();
    let ledger: i16 = question.ledger();
    let from: i32 = question.first();
    let to: i32 = question.last();
    let visible: SqlLiteral<Bool> = is_visible(question.first_hidden);
    ledger_lines::table
        .filter(ledger_lines::organization_id.eq(organization))
        .filter(ledger_lines::customer_id.eq(customer))
        .filter(ledger_lines::ledger.eq(ledger))
        .filter(ledger_lines::date.between(from, to))
        .filter(visible)
}

type ProductColumns =
    (i32, String, Option<String>, Option<String>, Option<String>, i32, Option<i32>);

impl Question {
    fn ledger(&self) -> i16 {
        match self.basis {
            HistoryBasis::Orders => Ledger::Orders,
            HistoryBasis::Invoices => Ledger::Invoices,
        }
        .number()
    }

    fn first(&self) -> i32 {
        day_number(self.from)
    }

    fn last(&self) -> i32 {
        day_number(self.to)
    }

    fn lines(&self, connection: &mut AnyConnection) -> Result<Vec<HistoryLine>, StoreError> {
        let rows: Vec<(i16, i16, i32, i32, i32)> = in_period(self)
            .select((
                ledger_lines::kind,
                ledger_lines::status,
                ledger_lines::product_id,
                ledger_lines::date,
                ledger_lines::quantity,
            ))
            .load(connection)?;
        rows.into_iter()
            .map(|(kind, status, product, date, quantity)| {
                let product = stored("a line's product", ProductId::new(product))?;
                let date = day(date)?;
                let quantity = SignedQuantity::new(quantity);
                Ok(match self.basis {
                    HistoryBasis::Orders => HistoryLine::Ordered {
                        kind: order_kind(kind)?,
                        status: order_status(status)?,
                        product,
                        created: date,
                        quantity,
                    },
                    HistoryBasis::Invoices => HistoryLine::Invoiced {
                        kind: invoice_kind(kind)?,
                        product,
                        tax_point: date,
                        quantity,
                    },
                })
            })
            .collect()
    }

    /// The latest invoices of the products of the lines. What was invoiced within the period is in the lines themselves or,
    /// of a report of orders, is looked for there first; history before it is searched for what is still missing alone.
    fn last_invoiced(
        &self,
        connection: &mut AnyConnection,
        lines: &[HistoryLine],
    ) -> Result<Vec<(ProductId, Date)>, StoreError> {
        let mut latest: HashMap<ProductId, Option<Date>> = HashMap::new();
        for line in lines {
            let (product, invoiced) = match *line {
                HistoryLine::Ordered { product, .. } => (product, None),
                HistoryLine::Invoiced { kind, product, tax_point, .. } => {
                    (product, (kind == InvoiceKind::Invoice).then_some(tax_point))
                }
            };
            let known = latest.entry(product).or_default();
            *known = invoiced.max(*known);
        }
        let (before, within) = (i32::MIN..self.first(), self.first()..self.last() + 1);
        let stretches = match self.basis {
            HistoryBasis::Orders => vec![within, before],
            HistoryBasis::Invoices => vec![before],
        };
        for days in stretches {
            let missing: Vec<i32> = latest
                .iter()
                .filter_map(|(product, day)| day.is_none().then_some(product.get()))
                .collect();
            if missing.is_empty() {
                break;
            }
            for (product, day) in self.invoiced(connection, days, &missing)? {
                if let Some(known) = latest.get_mut(&product) {
                    *known = Some(day).max(*known);
                }
            }
        }
        Ok(latest.into_iter().filter_map(|(product, day)| Some((product, day?))).collect())
    }

    /// The latest days within some on which products were invoiced to the customer, possibly of others as well.
    fn invoiced(
        &self,
        connection: &mut AnyConnection,
        days: Range<i32>,
        products: &[i32],
    ) -> Result<Vec<(ProductId, Date)>, StoreError> {
        let mut query = ledger_lines::table
            .group_by(ledger_lines::product_id)
            .select((ledger_lines::product_id, max(ledger_lines::date)))
            .filter(ledger_lines::organization_id.eq(self.organization.get()))
            .filter(ledger_lines::customer_id.eq(self.customer.get()))
            .filter(ledger_lines::ledger.eq(Ledger::Invoices.number()))
            .filter(ledger_lines::date.ge(days.start))
            .filter(ledger_lines::date.lt(days.end))
            .filter(ledger_lines::kind.eq(invoice_kind_number(InvoiceKind::Invoice)))
            .filter(is_visible(self.first_hidden))
            .into_boxed();
        if products.len() <= NAMED {
            query = query.filter(ledger_lines::product_id.eq_any(products));
        }
        let rows: Vec<(i32, Option<i32>)> = query.load(connection)?;
        rows.into_iter()
            .filter_map(|(product, date)| Some((product, date?)))
            .map(|(product, date)| {
                Ok((stored("a line's product", ProductId::new(product))?, day(date)?))
            })
            .collect()
    }

    fn products(&self, connection: &mut AnyConnection) -> Result<Vec<BuyingProduct>, StoreError> {
        let rows: Vec<ProductColumns> = products::table
            .select((
                products::id,
                products::code,
                products::description,
                products::barcode,
                products::epos_barcode,
                products::available,
                products::next_available,
            ))
            .filter(products::organization_id.eq(self.organization.get()))
            .filter(products::id.eq_any(in_period(self).select(ledger_lines::product_id)))
            .load(connection)?;
        rows.into_iter()
            .map(|(id, code, description, barcode, epos_barcode, available, next_available)| {
                Ok(BuyingProduct {
                    id: stored("a product's id", ProductId::new(id))?,
                    code: stored("a product's code", code.parse())?,
                    description: stored_option("a product's description", description, |text| {
                        text.parse()
                    })?,
                    barcode: stored_option("a product's barcode", barcode, |text| text.parse())?,
                    epos_barcode: stored_option("a product's barcode", epos_barcode, |text| {
                        text.parse()
                    })?,
                    available,
                    next_available: optional_day(next_available)?,
                })
            })
            .collect()
    }

    fn part_numbers(
        &self,
        connection: &mut AnyConnection,
    ) -> Result<Vec<(ProductId, PartNumber)>, StoreError> {
        let rows: Vec<(i32, String)> = customer_part_numbers::table
            .select((customer_part_numbers::product_id, customer_part_numbers::part_number))
            .filter(customer_part_numbers::organization_id.eq(self.organization.get()))
            .filter(customer_part_numbers::customer_id.eq(self.customer.get()))
            .load(connection)?;
        rows.into_iter()
            .map(|(product, number)| {
                Ok((
                    stored("a part number's product", ProductId::new(product))?,
                    stored("a customer's part number", number.parse())?,
                ))
            })
            .collect()
    }
}
