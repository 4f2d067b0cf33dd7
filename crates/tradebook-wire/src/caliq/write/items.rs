//! The items of price lists: of all that is written there are by far the most of them.

use tradebook_model::NullDecimals;

use super::AnswerOptions;
use super::encode::{Encoder, decimal};
use super::repeated::begin_object;
use crate::caliq::{BodyFormat, PriceListRow};

/// Appends the items of one product. They begin alike, so that the beginning is made once.
pub(super) fn write_product(
    out: &mut Vec<u8>,
    format: BodyFormat,
    options: AnswerOptions,
    (id, code): (i32, &str),
    rows: impl IntoIterator<Item = PriceListRow>,
) {
    let mut rows = rows.into_iter();
    let Some(first) = rows.next() else { return };
    let start = out.len();
    begin_object(out, format, "Item");
    Encoder::new(out, format, options.null_decimals_in_xml).int("ID", id).text("Code", code);
    let beginning = start..out.len();
    write_row(out, format, options, first);
    for row in rows {
        out.extend_from_slice(format.separator());
        out.extend_from_within(beginning.clone());
        write_row(out, format, options, row);
    }
}

fn write_row(out: &mut Vec<u8>, format: BodyFormat, options: AnswerOptions, row: PriceListRow) {
    match format {
        BodyFormat::Json => json_row(out, row),
        BodyFormat::Xml => xml_row(out, options.null_decimals_in_xml, row),
    }
}

fn json_row(out: &mut Vec<u8>, row: PriceListRow) {
    let PriceListRow { quantity, price, was, custom, on_application } = row;
    out.extend_from_slice(b",\"Q\":");
    out.extend_from_slice(itoa::Buffer::new().format(quantity).as_bytes());
    out.extend_from_slice(b",\"P\":");
    decimal(out, price.micros(), true);
    match was {
        None => out.extend_from_slice(b",\"W\":null"),
        Some(was) => {
            out.extend_from_slice(b",\"W\":");
            decimal(out, was.micros(), true);
        }
    }
    out.extend_from_slice(match (custom, on_application) {
        (false, false) => b",\"C\":false,\"POA\":false}".as_slice(),
        (true, false) => b",\"C\":true,\"POA\":false}",
        (false, true) => b",\"C\":false,\"POA\":true}",
        (true, true) => b",\"C\":true,\"POA\":true}",
    });
}

fn xml_row(out: &mut Vec<u8>, null_decimals: NullDecimals, row: PriceListRow) {
    let PriceListRow { quantity, price, was, custom, on_application } = row;
    out.extend_from_slice(b"<Q>");
    out.extend_from_slice(itoa::Buffer::new().format(quantity).as_bytes());
    out.extend_from_slice(b"</Q><P>");
    decimal(out, price.micros(), false);
    match was {
        None => out.extend_from_slice(match null_decimals {
            NullDecimals::Omit => b"</P>".as_slice(),
            NullDecimals::Nil => b"</P><W xsi:nil=\"true\" />",
            NullDecimals::Zero => b"</P><W>0</W>",
        }),
        Some(was) => {
            out.extend_from_slice(b"</P><W>");
            decimal(out, was.micros(), false);
            out.extend_from_slice(b"</W>");
        }
    }
    out.extend_from_slice(match (custom, on_application) {
        (false, false) => b"<C>false</C><POA>false</POA></Item>".as_slice(),
        (true, false) => b"<C>true</C><POA>false</POA></Item>",
        (false, true) => b"<C>false</C><POA>true</POA></Item>",
        (true, true) => b"<C>true</C><POA>true</POA></Item>",
    });
}
