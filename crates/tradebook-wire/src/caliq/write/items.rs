//! The items of price lists: of all that is written there are by far the most of them.

use tradebook_model::NullDecimals;

use super::AnswerOptions;
use super::encode::Encoder;
use super::line::Line;
use super::repeated::begin_object;
use crate::caliq::{BodyFormat, PriceListRow};

/// How many bytes the beginning of an item may have to be put into a line in one go; those of most products have fewer.
const SHORT: usize = 64;

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
    let beginning = Beginning::of(out.get(start..).unwrap_or_default());
    let mut line = Line::new(out);
    write_row(&mut line, format, options, first);
    for row in rows {
        match format {
            BodyFormat::Json => line.put(b","),
            BodyFormat::Xml => {}
        }
        beginning.put(&mut line);
        write_row(&mut line, format, options, row);
    }
    line.pass_on();
}

/// What the items of a product begin with.
enum Beginning {
    Short([u8; SHORT], usize),
    Long(Vec<u8>),
}

impl Beginning {
    fn of(text: &[u8]) -> Self {
        let mut short = [0; SHORT];
        match short.get_mut(..text.len()) {
            Some(place) => {
                place.copy_from_slice(text);
                Self::Short(short, text.len())
            }
            None => Self::Long(text.to_vec()),
        }
    }

    fn put(&self, line: &mut Line<'_>) {
        match self {
            Self::Short(text, length) => line.put_some(text, *length),
            Self::Long(text) => line.put_all(text),
        }
    }
}

#[inline(always)]
fn write_row(line: &mut Line<'_>, format: BodyFormat, options: AnswerOptions, row: PriceListRow) {
    match format {
        BodyFormat::Json => json_row(line, row),
        BodyFormat::Xml => xml_row(line, options.null_decimals_in_xml, row),
    }
}

#[inline(always)]
fn json_row(line: &mut Line<'_>, row: PriceListRow) {
    let PriceListRow { quantity, price, was, custom, on_application } = row;
    line.put(b",\"Q\":");
    line.int(quantity);
    line.put(b",\"P\":");
    line.decimal(price.micros(), true);
    match was {
        None => line.put(b",\"W\":null"),
        Some(was) => {
            line.put(b",\"W\":");
            line.decimal(was.micros(), true);
        }
    }
    match (custom, on_application) {
        (false, false) => line.put(b",\"C\":false,\"POA\":false}"),
        (true, false) => line.put(b",\"C\":true,\"POA\":false}"),
        (false, true) => line.put(b",\"C\":false,\"POA\":true}"),
        (true, true) => line.put(b",\"C\":true,\"POA\":true}"),
    }
}

#[inline(always)]
fn xml_row(line: &mut Line<'_>, null_decimals: NullDecimals, row: PriceListRow) {
    let PriceListRow { quantity, price, was, custom, on_application } = row;
    line.put(b"<Q>");
    line.int(quantity);
    line.put(b"</Q><P>");
    line.decimal(price.micros(), false);
    match (was, null_decimals) {
        (None, NullDecimals::Omit) => line.put(b"</P>"),
        (None, NullDecimals::Nil) => line.put(b"</P><W xsi:nil=\"true\" />"),
        (None, NullDecimals::Zero) => line.put(b"</P><W>0</W>"),
        (Some(was), _) => {
            line.put(b"</P><W>");
            line.decimal(was.micros(), false);
            line.put(b"</W>");
        }
    }
    match (custom, on_application) {
        (false, false) => line.put(b"<C>false</C><POA>false</POA></Item>"),
        (true, false) => line.put(b"<C>true</C><POA>false</POA></Item>"),
        (false, true) => line.put(b"<C>false</C><POA>true</POA></Item>"),
        (true, true) => line.put(b"<C>true</C><POA>true</POA></Item>"),
    }
}
