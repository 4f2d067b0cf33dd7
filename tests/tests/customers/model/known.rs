//! What the model knows, and what the manual makes of a write.

use serde_json::{Value, json};

use super::form::{Form, Image};
use super::{CATEGORIES, USERS};

/// A customer as the model knows it.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) id: i64,
    pub(super) reference: String,
    pub(super) name: String,
    pub(super) email: Option<String>,
    pub(super) comment: Option<String>,
    pub(super) is_active: bool,
    pub(super) parent: Option<i64>,
    pub(super) category: (&'static str, i64),
    pub(super) segmentation: Option<(&'static str, i64)>,
    pub(super) user: Option<(&'static str, i64)>,
    pub(super) currency: &'static str,
    pub(super) credit_limit: Option<i64>,
    pub(super) days: Option<i64>,
    pub(super) rule: Option<&'static str>,
    pub(super) payment_types: Vec<(&'static str, i64)>,
    pub(super) logo: Option<String>,
}

/// A fault as clients see it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fault(pub(super) u16, pub(super) &'static str, pub(super) String);

pub(super) fn missing(parameter: &str) -> Fault {
    Fault(400, "missing_param", format!("{parameter} parameter is missing"))
}

pub(super) fn unknown(record: &str, key: impl std::fmt::Display) -> Fault {
    Fault(404, "not_found", format!("The {record} with the id {key} doesn't exist."))
}

#[derive(Default)]
pub(super) struct Model {
    /// By id.
    pub(super) customers: Vec<Known>,
    pub(super) last_id: i64,
    /// Creates that were answered: key, form and answer.
    pub(super) answered: Vec<(String, Form, u16, String)>,
}

impl Model {
    pub(super) fn place(&self, by_reference: bool, key: &str) -> Option<usize> {
        self.customers.iter().position(|known| match by_reference {
            true => known.reference == key,
            false => known.id.to_string() == key,
        })
    }

    /// The customer that a form makes of a new or an existing one.
    pub(super) fn changed(
        &self,
        before: Option<&Known>,
        path_reference: Option<&str>,
        form: &Form,
        by_reference: bool,
    ) -> Result<Known, Fault> {
        let given = match (before, path_reference) {
            (None, Some(reference)) => Some(reference),
            _ => form.reference.as_deref(),
        };
        if given == Some("") || (before.is_none() && given.is_none()) {
            return Err(missing("reference"));
        }
        let name = form.name.as_deref();
        if name == Some("") || (before.is_none() && name.is_none()) {
            return Err(missing("name"));
        }
        let mut new = match before {
            Some(before) => before.clone(),
            None => Known {
                id: 0,
                reference: String::new(),
                name: String::new(),
                email: None,
                comment: None,
                is_active: true,
                parent: None,
                category: CATEGORIES[0],
                segmentation: None,
                // The key's.
                user: Some(USERS[1]),
                currency: "EUR",
                credit_limit: None,
                days: None,
                rule: None,
                payment_types: Vec::new(),
                logo: None,
            },
        };
        let parent = match (form.is_sub, form.parent.as_deref()) {
            (Some(false), _) => Some(""),
            (Some(true), Some("")) => return Err(missing("parentCustomer")),
            (Some(true), None) if new.parent.is_none() => return Err(missing("parentCustomer")),
            (_, parent) => parent,
        };
        new.days = form.days.unwrap_or(new.days);
        new.rule = form.rule.unwrap_or(new.rule);
        if new.rule.is_some() && new.days.is_none() && !form.wrong.days {
            return Err(missing("dueDateConfigNumber"));
        }
        if let Some(fault) = &form.wrong.kind {
            return Err(fault.clone());
        }
        if let Some(fault) = &form.wrong.relation {
            return Err(fault.clone());
        }
        match parent {
            None => {}
            Some("") => new.parent = None,
            Some(key) => {
                let place = self.place(by_reference, key);
                let place = place.ok_or_else(|| unknown("parent customer", key))?;
                let parent = self.customers[place].id;
                if before.is_some_and(|before| before.id == parent) {
                    let text = "The customer cannot be a subcustomer of itself.";
                    return Err(Fault(404, "not_found", text.to_owned()));
                }
                new.parent = Some(parent);
            }
        }
        if let Some(reference) = given {
            let taken = self.customers.iter().any(|known| {
                known.reference == reference && before.is_none_or(|before| before.id != known.id)
            });
            if taken {
                return Err(Fault(400, "not_unique", "reference already used".to_owned()));
            }
            new.reference = reference.to_owned();
        }
        if form.image == Some(Image::Broken) {
            let text = "image format not supported.";
            return Err(Fault(400, "unsupported_file_type", text.to_owned()));
        }
        let text = |text: &Option<String>, before: Option<String>| match text.as_deref() {
            None => before,
            Some("") => None,
            Some(text) => Some(text.to_owned()),
        };
        new.name = name.map_or(new.name, str::to_owned);
        new.email = text(&form.email, new.email);
        new.comment = text(&form.comment, new.comment);
        new.is_active = form.is_active.unwrap_or(new.is_active);
        new.category = form.category.map_or(new.category, |given| given.unwrap_or(CATEGORIES[0]));
        new.segmentation = form.segmentation.unwrap_or(new.segmentation);
        new.user = form.user.unwrap_or(new.user);
        new.currency = form.currency.unwrap_or(new.currency);
        new.credit_limit = form.credit_limit.unwrap_or(new.credit_limit);
        new.payment_types = form.payment_types.clone().unwrap_or(new.payment_types);
        Ok(new)
    }

    /// The members of a body that the model knows.
    pub(super) fn shown(&self, known: &Known, version: &str) -> Value {
        let href = |collection: &str, id: i64| format!("/api/{version}/{collection}/{id}");
        let named = |collection: &str, (reference, id): (&str, i64), name: Value| json!({"id": id, "reference": reference, "name": name, "href": href(collection, id)});
        let category_name =
            if known.category.1 == 1 { "All customers" } else { "Jewelry and accessories" };
        let segmentation = known.segmentation.map(|record| {
            let name = if record.1 == 1 { "Segmentation A" } else { "Segmentation B" };
            named("customerSegmentations", record, json!(name))
        });
        let parent = known.parent.map(|id| {
            let parent = &self.customers[self.place(false, &id.to_string()).unwrap()];
            named("customers", (&parent.reference, id), json!(parent.name))
        });
        let payment_types: Vec<Value> = known
            .payment_types
            .iter()
            .map(|record| named("paymentTypes", *record, json!(record.0)))
            .collect();
        json!({
            "id": known.id, "reference": known.reference, "name": known.name, "email": known.email,
            "comment": known.comment, "isActive": known.is_active,
            "isSubCustomer": known.parent.is_some(), "parentCustomer": parent,
            "categoryReference": known.category.0,
            "customerCategory": named("customerCategories", known.category, json!(category_name)),
            "customerSegmentationReference": known.segmentation.map(|record| record.0),
            "customerSegmentation": segmentation,
            "createdBy": known.user.map(|(reference, id)| {
                json!({"userId": id, "reference": reference, "href": href("users", id)})
            }),
            "currency": known.currency, "creditLimit": known.credit_limit,
            "dueDateConfigNumber": known.days, "dueDateConfigType": known.rule,
            "paymentTypes": payment_types, "logo": known.logo,
        })
    }
}
