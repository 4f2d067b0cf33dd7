//! The parameters of a write, drawn at random.

use serde_json::{Value, json};
use tradebook_tests::Answer;

use super::known::{Fault, Model, unknown};
use super::{CATEGORIES, PAYMENT_TYPES, Random, Run, SEGMENTATIONS, USERS};
use crate::{image, multipart};

/// What goes wrong with a write, by how early it is told.
#[derive(Default)]
pub(super) struct Wrong {
    pub(super) kind: Option<Fault>,
    /// That of `dueDateConfigNumber`: one that cannot be read is not missing.
    pub(super) days: bool,
    pub(super) relation: Option<Fault>,
}

/// The parameters of a write, and what they mean. An outer `None` is an absent parameter.
#[derive(Default)]
pub(super) struct Form {
    pub(super) fields: Vec<(&'static str, String)>,
    pub(super) reference: Option<String>,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) comment: Option<String>,
    pub(super) is_active: Option<bool>,
    pub(super) is_sub: Option<bool>,
    pub(super) parent: Option<String>,
    pub(super) category: Option<Option<(&'static str, i64)>>,
    pub(super) segmentation: Option<Option<(&'static str, i64)>>,
    pub(super) user: Option<Option<(&'static str, i64)>>,
    pub(super) currency: Option<&'static str>,
    pub(super) credit_limit: Option<Option<i64>>,
    pub(super) days: Option<Option<i64>>,
    pub(super) rule: Option<Option<&'static str>>,
    pub(super) payment_types: Option<Vec<(&'static str, i64)>>,
    pub(super) image: Option<Image>,
    pub(super) wrong: Wrong,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Image {
    Put(&'static str),
    Remove,
    /// A file that is no image.
    Broken,
}

impl Form {
    /// Draws parameters. `by_reference`: relations are named by reference.
    pub(super) fn draw(
        random: &mut Random,
        model: &Model,
        is_new: bool,
        by_reference: bool,
    ) -> Self {
        let mut form = Self::default();
        let key = |record: (&'static str, i64)| match by_reference {
            true => record.0.to_owned(),
            false => record.1.to_string(),
        };
        if random.one_in(if is_new { 1 } else { 5 }) && !random.one_in(12) {
            let reference = format!("R{}", random.below(9));
            form.fields.push(("reference", reference.clone()));
            form.reference = Some(reference);
        } else if random.one_in(20) {
            form.fields.push(("reference", String::new()));
            form.reference = Some(String::new());
        }
        if !random.one_in(8) {
            let name = if random.one_in(20) { String::new() } else { draw_name(random) };
            form.fields.push(("name", name.clone()));
            form.name = Some(name);
        }
        if random.one_in(3) {
            let email = random.of(&["", "a@x", "b@x"]).to_owned();
            form.fields.push(("email", email.clone()));
            form.email = Some(email);
        }
        if random.one_in(4) {
            let comment = random.of(&["", "a&b=c", "é \"x\"", "100%_"]).to_owned();
            form.fields.push(("comment", comment.clone()));
            form.comment = Some(comment);
        }
        if random.one_in(3) {
            let active = random.one_in(2);
            form.fields.push(("isActive", active.to_string()));
            form.is_active = Some(active);
        }
        if random.one_in(5) {
            let sub = random.one_in(2);
            form.fields.push(("isSubCustomer", sub.to_string()));
            form.is_sub = Some(sub);
        }
        if random.one_in(4) {
            let parent = match (random.below(4), model.customers.is_empty()) {
                (0, _) => String::new(),
                (1, _) | (_, true) if by_reference => "NOBODY".to_owned(),
                (1, _) | (_, true) => "99999".to_owned(),
                _ => {
                    let parent = &model.customers[random.below(model.customers.len())];
                    if by_reference { parent.reference.clone() } else { parent.id.to_string() }
                }
            };
            form.fields.push(("parentCustomer", parent.clone()));
            form.parent = Some(parent);
        }
        if random.one_in(5) {
            let category = random.of(&[None, Some(CATEGORIES[0]), Some(CATEGORIES[1])]);
            form.fields.push(("categoryId", category.map_or(String::new(), key)));
            form.category = Some(category);
        }
        if random.one_in(5) {
            let segmentation = random.of(&[None, Some(SEGMENTATIONS[0]), Some(SEGMENTATIONS[1])]);
            form.fields.push(("customerSegmentationId", segmentation.map_or(String::new(), key)));
            form.segmentation = Some(segmentation);
        }
        if random.one_in(6) {
            let user = random.of(&USERS);
            form.fields.push(("userId", key(user)));
            form.user = Some(Some(user));
        }
        if random.one_in(5) {
            let currency = random.of(&["", "EUR", "USD"]);
            form.fields.push(("currency", currency.to_owned()));
            form.currency = Some(if currency.is_empty() { "EUR" } else { currency });
        }
        if random.one_in(6) {
            let limit = random.of(&[None, Some(0), Some(5000)]);
            let text = limit.map_or(String::new(), |limit| limit.to_string());
            form.fields.push(("creditLimit", text));
            form.credit_limit = Some(limit);
        }
        if random.one_in(4) {
            let days = random.of(&[None, Some(7), Some(30)]);
            let text = days.map_or(String::new(), |days| days.to_string());
            form.fields.push(("dueDateConfigNumber", text));
            form.days = Some(days);
        }
        if random.one_in(5) {
            let (text, rule) = random.of(&[
                ("", None),
                ("1", Some("daysAfterInvoiceDate")),
                ("2", Some("daysAfterEndOfInvoiceMonth")),
                ("daysAfterInvoiceDate", Some("daysAfterInvoiceDate")),
            ]);
            form.fields.push(("dueDateConfigType", text.to_owned()));
            form.rule = Some(rule);
        }
        if random.one_in(5) {
            let some = random.of(&[
                vec![],
                vec![PAYMENT_TYPES[0]],
                vec![PAYMENT_TYPES[1], PAYMENT_TYPES[0]],
            ]);
            let ids: Vec<Value> = some
                .iter()
                .map(|record| match by_reference {
                    true => json!({"id": record.0}),
                    false => json!({"id": record.1}),
                })
                .collect();
            form.fields.push(("paymentTypes", Value::from(ids).to_string()));
            form.payment_types = Some(some);
        }
        form.spoil(random, by_reference);
        if random.one_in(8) {
            form.image = Some(match random.below(4) {
                0 => Image::Broken,
                1 => Image::Remove,
                2 => Image::Put("logo.bmp"),
                _ => Image::Put("logo.gif"),
            });
        }
        form
    }

    /// Now and then a value that cannot be read, or names nothing: at most one of each.
    fn spoil(&mut self, random: &mut Random, by_reference: bool) {
        let absent = |form: &Self, name| form.fields.iter().all(|(known, _)| *known != name);
        if random.one_in(15) {
            let name = random.of(&["isActive", "dueDateConfigNumber", "creditLimit", "onHold"]);
            if absent(self, name) {
                self.fields.push((name, "maybe".to_owned()));
                let text = format!(
                    "The type of parameter {name} you provided is not valid for this request."
                );
                self.wrong.kind = Some(Fault(400, "invalid_param_type", text));
                self.wrong.days = name == "dueDateConfigNumber";
            }
        }
        // An unknown parent is drawn above.
        if random.one_in(12) && self.parent.is_none() {
            let (name, record) = random.of(&[
                ("categoryId", "customer category"),
                ("customerSegmentationId", "customer segmentation"),
                ("userId", "user"),
                ("currency", ""),
            ]);
            if absent(self, name) {
                let key = if by_reference { "nothing" } else { "4711" };
                let (value, fault) = match name {
                    "currency" => (
                        "GBP",
                        Fault(
                            404,
                            "not_found",
                            "The currency with name GBP is not configured.".to_owned(),
                        ),
                    ),
                    _ => (key, unknown(record, key)),
                };
                self.fields.push((name, value.to_owned()));
                self.wrong.relation = Some(fault);
            }
        }
    }

    /// Sends it.
    pub(super) fn send(&self, run: &Run<'_>, path: &str, headers: &[(&str, &str)]) -> Answer {
        let authorization = format!("Bearer {}", run.key);
        let mut all = vec![("Authorization", authorization.as_str())];
        all.extend_from_slice(headers);
        let (content_type, body) = match self.image {
            Some(Image::Put(_) | Image::Broken) => {
                let bytes = match self.image {
                    Some(Image::Put(file)) => image(file),
                    _ => b"GIF89a and no more".to_vec(),
                };
                let mut parts: Vec<crate::Part<'_>> = self
                    .fields
                    .iter()
                    .map(|(name, value)| (*name, None, value.as_bytes()))
                    .collect();
                parts.push(("imageFile", Some("picture.any"), &bytes));
                multipart(&parts)
            }
            _ => {
                let mut fields: Vec<(&str, &str)> =
                    self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                if self.image == Some(Image::Remove) {
                    fields.push(("imageFile", ""));
                }
                let body = crate::encoded(&fields).into_bytes();
                ("application/x-www-form-urlencoded".to_owned(), body)
            }
        };
        all.push(("Content-Type", &content_type));
        run.server.request("POST", path, &all, &body)
    }
}

pub(super) fn draw_name(random: &mut Random) -> String {
    let first = random.of(&["Alpha", "alpha", "Béta", "BÉTA", "Ga_mma", "De%lta", "o*x"]);
    format!("{first} {}", random.below(4))
}
