//! Answers in XML.

use std::borrow::Cow;
use std::str::FromStr;

use super::{Agreement, AnswerError, PriceList};
use crate::caliq::negotiation::Charset;
use crate::caliq::xml::{Element, XmlEvent, XmlReader};
use crate::caliq::{
    AgreementCustomer, AgreementRule, BuyingReportItem, Limits, PriceListCustomer, PriceListHead,
    PriceListItem,
};

type Result<T> = std::result::Result<T, AnswerError>;

pub(super) fn price_lists(text: &str) -> Result<Vec<PriceList>> {
    document(text, "PriceLists", "PriceList", |reader| {
        let mut items = Vec::new();
        let mut customers = None;
        let members = Members::read(reader, "PriceList", |reader, element| {
            if element.is("Items") {
                children(reader, "Item", |reader| {
                    items.push(item(&Members::read(reader, "Item", nothing_inside)?)?);
                    Ok(())
                })?;
                return Ok(true);
            }
            if element.is("PLCusts") {
                let shown = customers.get_or_insert_with(Vec::new);
                children(reader, "PLCust", |reader| {
                    let members = Members::read(reader, "PLCust", nothing_inside)?;
                    let (id, account_no) =
                        (members.parsed("ID")?, members.text("AccountNo").into());
                    shown.push(PriceListCustomer { id, account_no });
                    Ok(())
                })?;
                return Ok(true);
            }
            Ok(false)
        })?;
        Ok(PriceList {
            head: PriceListHead {
                id: members.parsed("ID")?,
                currency: members.text("Currency").into(),
                list_type: members.text("Type").into(),
                source: members.text("Source").into(),
                description: members.owned("Description"),
                vat_included: members.parsed("VATInc")?,
            },
            items,
            customers,
        })
    })
}

pub(super) fn agreements(text: &str) -> Result<Vec<Agreement>> {
    document(text, "CPARulesList", "CPACustomer", |reader| {
        let mut rules = Vec::new();
        let members = Members::read(reader, "CPACustomer", |reader, element| {
            if !element.is("CPARules") {
                return Ok(false);
            }
            children(reader, "CPARule", |reader| {
                let members = Members::read(reader, "CPARule", nothing_inside)?;
                rules.push(AgreementRule {
                    id: members.parsed("ID")?,
                    code: members.text("Code").into(),
                    price: members.parsed("Price")?,
                });
                Ok(())
            })?;
            Ok(true)
        })?;
        Ok(Agreement {
            customer: AgreementCustomer {
                id: members.parsed("ID")?,
                account_no: members.text("AccountNo").into(),
                currency: members.text("Currency").into(),
                price_list_id: members.parsed("PriceListID")?,
                price_list_name: members.owned("PriceListName"),
                price_list_standard: members.parsed("PriceListStandard")?,
                normal_discount: members.optional("NormalDisc")?,
                always_gets_bulk: members.text("AlwaysGetsBulk").into(),
                never_gets_bulk: members.text("NeverGetsBulk").into(),
                markup_on_cost: members.optional("MarkupOnCost")?,
            },
            rules,
        })
    })
}

pub(super) fn buying_report(text: &str) -> Result<Vec<BuyingReportItem<'static>>> {
    document(text, "BuyingReport", "BuyingReportItem", |reader| {
        let members = Members::read(reader, "BuyingReportItem", nothing_inside)?;
        Ok(BuyingReportItem {
            id: members.parsed("ID")?,
            code: members.text("Code").into(),
            description: members.owned("Description"),
            customer_part_no: members.owned("CustPartNo"),
            barcode: members.owned("Barcode"),
            epos_barcode: members.owned("EPOSBarcode"),
            quantity: members.parsed("Qty")?,
            last_invoiced: members.owned("LastInvoiced"),
            next_available: members.owned("NextAvail"),
        })
    })
}

fn item(members: &Members) -> Result<PriceListItem<'static>> {
    Ok(PriceListItem {
        id: members.parsed("ID")?,
        code: members.text("Code").into(),
        quantity: members.parsed("Q")?,
        price: members.parsed("P")?,
        was: members.optional("W")?,
        custom: members.parsed("C")?,
        on_application: members.parsed("POA")?,
    })
}

/// Reads the elements of one name below the root.
fn document<V>(
    text: &str,
    root: &str,
    row: &str,
    mut read: impl FnMut(&mut XmlReader<'_>) -> Result<V>,
) -> Result<Vec<V>> {
    let limits = Limits::default();
    let mut reader = XmlReader::new(text, Charset::Utf8, &limits)?;
    match reader.next()? {
        XmlEvent::Start(element) if element.is(root) => {}
        _ => return Err(reader.error(format!("the root element must be {root}")).into()),
    }
    let mut rows = Vec::new();
    children(&mut reader, row, |reader| {
        rows.push(read(reader)?);
        Ok(())
    })?;
    match reader.next()? {
        XmlEvent::Eof => Ok(rows),
        _ => Err(reader.error("something after the root element").into()),
    }
}

/// Hands out the children of one name, passes over all else, and ends behind the end of the parent.
fn children(
    reader: &mut XmlReader<'_>,
    name: &str,
    mut read: impl FnMut(&mut XmlReader<'_>) -> Result<()>,
) -> Result<()> {
    loop {
        match reader.next()? {
            XmlEvent::Start(element) if element.is(name) => read(reader)?,
            XmlEvent::Start(_) => reader.skip()?,
            XmlEvent::Text(_) => {}
            XmlEvent::End | XmlEvent::Eof => return Ok(()),
        }
    }
}

fn nothing_inside(_: &mut XmlReader<'_>, _: &Element) -> Result<bool> {
    Ok(false)
}

/// The simple children of an element by name; nil ones are left out, and of two the first counts.
struct Members {
    element: &'static str,
    texts: Vec<(String, String)>,
}

impl Members {
    /// Reads the element that was begun last. `inside` takes the children that are not simple and says whether it did.
    fn read(
        reader: &mut XmlReader<'_>,
        element: &'static str,
        mut inside: impl FnMut(&mut XmlReader<'_>, &Element) -> Result<bool>,
    ) -> Result<Self> {
        let mut texts = Vec::new();
        loop {
            match reader.next()? {
                XmlEvent::Start(child) => {
                    if inside(reader, &child)? {
                        continue;
                    }
                    if child.nil || !child.plain {
                        reader.skip()?;
                        continue;
                    }
                    texts.push((child.name, simple(reader)?));
                }
                XmlEvent::Text(_) => {}
                XmlEvent::End | XmlEvent::Eof => return Ok(Self { element, texts }),
            }
        }
    }

    fn given(&self, name: &str) -> Option<&str> {
        self.texts.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    fn owned(&self, name: &str) -> Option<Cow<'static, str>> {
        self.given(name).map(|text| Cow::Owned(text.to_owned()))
    }

    fn text(&self, name: &str) -> String {
        self.given(name).unwrap_or_default().to_owned()
    }

    fn parsed<V: FromStr>(&self, member: &'static str) -> Result<V> {
        let missing = AnswerError::Member { element: self.element, member };
        self.optional(member)?.ok_or(missing)
    }

    fn optional<V: FromStr>(&self, member: &'static str) -> Result<Option<V>> {
        let unreadable = AnswerError::Member { element: self.element, member };
        self.given(member).map(|text| text.trim().parse()).transpose().map_err(|_| unreadable)
    }
}

/// The text of an element that was begun last, without what its children contain.
fn simple(reader: &mut XmlReader<'_>) -> Result<String> {
    let mut text = String::new();
    loop {
        match reader.next()? {
            XmlEvent::Text(part) => text.push_str(&part),
            XmlEvent::Start(_) => reader.skip()?,
            XmlEvent::End | XmlEvent::Eof => return Ok(text),
        }
    }
}
