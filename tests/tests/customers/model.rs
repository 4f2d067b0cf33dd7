//! Random requests, on the server and on a model in memory that follows the manual alone.
//!
//! `TRADEBOOK_TEST_SEED=N` replays the requests of a seed; a failure prints it, with the requests that led there.

use std::fmt::Write as _;

use serde_json::{Value, json};
use tradebook_tests::{Answer, Database, Server, on_each_database};

use crate::{Book, call, image, multipart, organization};

on_each_database! {
    random_requests_are_answered_as_the_manual_says,
}

const RUNS: usize = 4;
const STEPS: usize = 120;
const VERSIONS: [&str; 3] = ["v1.0", "v2.0", "v2.1"];
const CATEGORIES: [(&str, i64); 2] = [("root", 1), ("jewelry", 2)];
const SEGMENTATIONS: [(&str, i64); 2] = [("seg_a", 1), ("seg_b", 2)];
const PAYMENT_TYPES: [(&str, i64); 2] = [("cash", 7), ("cheque", 8)];
const USERS: [(&str, i64); 2] = [("emp-001", 1), ("emp-002", 2)];

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn of<T: Clone>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())].clone()
    }
}

/// A customer as the model knows it.
#[derive(Debug, Clone)]
struct Known {
    id: i64,
    reference: String,
    name: String,
    email: Option<String>,
    comment: Option<String>,
    is_active: bool,
    parent: Option<i64>,
    category: (&'static str, i64),
    segmentation: Option<(&'static str, i64)>,
    user: Option<(&'static str, i64)>,
    currency: &'static str,
    credit_limit: Option<i64>,
    days: Option<i64>,
    rule: Option<&'static str>,
    payment_types: Vec<(&'static str, i64)>,
    logo: Option<String>,
}

/// A fault as clients see it.
#[derive(Debug, Clone, PartialEq)]
struct Fault(u16, &'static str, String);

fn missing(parameter: &str) -> Fault {
    Fault(400, "missing_param", format!("{parameter} parameter is missing"))
}

fn unknown(record: &str, key: impl std::fmt::Display) -> Fault {
    Fault(404, "not_found", format!("The {record} with the id {key} doesn't exist."))
}

/// What goes wrong with a write, by how early it is told.
#[derive(Default)]
struct Wrong {
    kind: Option<Fault>,
    /// That of `dueDateConfigNumber`: one that cannot be read is not missing.
    days: bool,
    relation: Option<Fault>,
}

/// The parameters of a write, and what they mean. An outer `None` is an absent parameter.
#[derive(Default)]
struct Form {
    fields: Vec<(&'static str, String)>,
    reference: Option<String>,
    name: Option<String>,
    email: Option<String>,
    comment: Option<String>,
    is_active: Option<bool>,
    is_sub: Option<bool>,
    parent: Option<String>,
    category: Option<Option<(&'static str, i64)>>,
    segmentation: Option<Option<(&'static str, i64)>>,
    user: Option<Option<(&'static str, i64)>>,
    currency: Option<&'static str>,
    credit_limit: Option<Option<i64>>,
    days: Option<Option<i64>>,
    rule: Option<Option<&'static str>>,
    payment_types: Option<Vec<(&'static str, i64)>>,
    image: Option<Image>,
    wrong: Wrong,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Image {
    Put(&'static str),
    Remove,
    /// A file that is no image.
    Broken,
}

impl Form {
    /// Draws parameters. `by_reference`: relations are named by reference.
    fn draw(random: &mut Random, model: &Model, is_new: bool, by_reference: bool) -> Self {
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
    fn send(&self, run: &Run<'_>, path: &str, headers: &[(&str, &str)]) -> Answer {
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

fn draw_name(random: &mut Random) -> String {
    let first = random.of(&["Alpha", "alpha", "Béta", "BÉTA", "Ga_mma", "De%lta", "o*x"]);
    format!("{first} {}", random.below(4))
}

#[derive(Default)]
struct Model {
    /// By id.
    customers: Vec<Known>,
    last_id: i64,
    /// Creates that were answered: key, form and answer.
    answered: Vec<(String, Form, u16, String)>,
}

impl Model {
    fn place(&self, by_reference: bool, key: &str) -> Option<usize> {
        self.customers.iter().position(|known| match by_reference {
            true => known.reference == key,
            false => known.id.to_string() == key,
        })
    }

    /// The customer that a form makes of a new or an existing one.
    fn changed(
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
    fn shown(&self, known: &Known, version: &str) -> Value {
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

/// One run: an organization and what the model knows of it.
struct Run<'a> {
    server: &'a Server,
    key: String,
    model: Model,
    random: Random,
    log: String,
}

impl Run<'_> {
    fn get(&self, path: &str) -> Answer {
        call(self.server, &self.key, "GET", path, &[])
    }

    fn step(&mut self) {
        let version = self.random.of(&VERSIONS);
        let path = format!("/api/{version}/customers");
        match self.random.below(20) {
            0..=4 => self.create(version, &path),
            5..=8 => self.change(version, &path, false),
            9..=12 => self.change(version, &path, true),
            13 | 14 => self.delete(&path),
            15 | 16 => self.show(version, &path),
            _ => self.list(version, &path),
        }
    }

    fn fault(&self, answer: &Answer, fault: &Fault) {
        let body = answer.json();
        let found = (answer.status, body["error"].as_str(), body["error_description"].as_str());
        assert_eq!(found, (fault.0, Some(fault.1), Some(fault.2.as_str())));
    }

    /// Compares a body with the model, and learns where a new image is.
    fn body(&mut self, body: &Value, id: i64, version: &str, image: Option<Image>) {
        let place = self.model.place(false, &id.to_string()).unwrap();
        match image {
            None => {}
            Some(Image::Remove) => self.model.customers[place].logo = None,
            Some(_) => {
                let logo = body["logo"].as_str().expect("a logo").to_owned();
                assert_ne!(Some(&logo), self.model.customers[place].logo.as_ref());
                self.model.customers[place].logo = Some(logo);
            }
        }
        self.same(body, &self.model.customers[place], version);
    }

    fn same(&self, body: &Value, known: &Known, version: &str) {
        let expected = self.model.shown(known, version);
        for (member, value) in expected.as_object().unwrap() {
            assert_eq!(&body[member], value, "{member} of {}", known.id);
        }
    }

    fn image_is_there(&self, logo: &str, is_there: bool) {
        let path = logo.strip_prefix(&self.server.url()).expect("an address of this server");
        assert_eq!(self.server.get(path).status, if is_there { 200 } else { 404 }, "{path}");
    }

    fn create(&mut self, version: &str, path: &str) {
        if self.random.one_in(6) && !self.model.answered.is_empty() {
            return self.create_again(path);
        }
        let external = self.random.one_in(2);
        let mut form = Form::draw(&mut self.random, &self.model, true, external);
        if external {
            form.fields.push(("useExternalId", "true".to_owned()));
        }
        let key = self.random.one_in(3).then(|| format!("key-{}", self.random.next()));
        let headers: Vec<(&str, &str)> =
            key.iter().map(|key| ("Idempotency-Key", key.as_str())).collect();
        let _ = writeln!(self.log, "POST {path} {:?} {:?} {headers:?}", form.fields, form.image);
        let expected = self.model.changed(None, None, &form, external);
        let answer = form.send(self, path, &headers);
        match expected {
            Err(fault) => self.fault(&answer, &fault),
            Ok(new) => {
                self.created(&answer, new, version, form.image);
                if let Some(key) = key {
                    self.model.answered.push((key, form, answer.status, answer.body));
                }
            }
        }
    }

    /// A create that was answered, sent again as it was or with another content.
    fn create_again(&mut self, path: &str) {
        let place = self.random.below(self.model.answered.len());
        let (key, mut form, status, body) = self.model.answered.remove(place);
        let other = self.random.one_in(2);
        if other {
            form.fields.push(("phone", "1".to_owned()));
        }
        // The version is part of the request.
        let first = serde_json::from_str::<Value>(&body).unwrap();
        let href = first["customerCategory"]["href"].as_str().unwrap();
        let version = href.split('/').nth(2).unwrap();
        let same_path = path.split('/').nth(2) == Some(version);
        let _ = writeln!(self.log, "again ({other}) POST {path} {:?} {key}", form.fields);
        let answer = form.send(self, path, &[("Idempotency-Key", &key)]);
        if other || !same_path {
            let text = "The Idempotency-Key was already used for another request.";
            self.fault(&answer, &Fault(409, "idempotency_conflict", text.to_owned()));
        } else {
            assert_eq!((answer.status, &answer.body), (status, &body));
        }
        if !other {
            self.model.answered.push((key, form, status, body));
        }
    }

    fn created(&mut self, answer: &Answer, mut new: Known, version: &str, image: Option<Image>) {
        assert_eq!(answer.status, 201, "{}", answer.body);
        let body = answer.json();
        new.id = body["id"].as_i64().unwrap();
        assert!(new.id > self.model.last_id, "ids are not used twice");
        assert_eq!(body["dateCreated"], body["lastUpdated"]);
        self.model.last_id = new.id;
        let id = new.id;
        self.model.customers.push(new);
        self.body(&body, id, version, image);
    }

    /// The key of a customer, which may be none.
    fn some_key(&mut self, by_reference: bool) -> String {
        let count = self.model.customers.len();
        if count > 0 && !self.random.one_in(6) {
            let known = &self.model.customers[self.random.below(count)];
            return if by_reference { known.reference.clone() } else { known.id.to_string() };
        }
        if by_reference { format!("R{}", self.random.below(9)) } else { "77777".to_owned() }
    }

    fn change(&mut self, version: &str, path: &str, by_reference: bool) {
        let key = self.some_key(by_reference);
        let place = self.model.place(by_reference, &key);
        let is_new = by_reference && place.is_none();
        let form = Form::draw(&mut self.random, &self.model, is_new, by_reference);
        let path =
            if by_reference { format!("{path}/reference/{key}") } else { format!("{path}/{key}") };
        let _ = writeln!(self.log, "POST {path} {:?} {:?}", form.fields, form.image);
        let answer = form.send(self, &path, &[]);
        let before = place.map(|place| self.model.customers[place].clone());
        if before.is_none() && !by_reference {
            return self.fault(&answer, &unknown("customer", key));
        }
        match self.model.changed(before.as_ref(), Some(&key), &form, by_reference) {
            Err(fault) => self.fault(&answer, &fault),
            Ok(new) => match (place, before) {
                (Some(place), Some(before)) => {
                    assert_eq!(answer.status, 200, "{}", answer.body);
                    self.model.customers[place] = new;
                    self.body(&answer.json(), before.id, version, form.image);
                    if let (Some(logo), Some(_)) = (&before.logo, form.image) {
                        self.image_is_there(logo, false);
                    }
                    if let Some(logo) = &self.model.customers[place].logo {
                        self.image_is_there(logo, true);
                    }
                }
                _ => self.created(&answer, new, version, form.image),
            },
        }
    }

    fn delete(&mut self, path: &str) {
        let by_reference = self.random.one_in(2);
        let key = self.some_key(by_reference);
        let path =
            if by_reference { format!("{path}/reference/{key}") } else { format!("{path}/{key}") };
        let _ = writeln!(self.log, "DELETE {path}");
        let answer = call(self.server, &self.key, "DELETE", &path, &[]);
        let Some(place) = self.model.place(by_reference, &key) else {
            return self.fault(&answer, &unknown("customer", key));
        };
        let id = self.model.customers[place].id;
        if self.model.customers.iter().any(|known| known.parent == Some(id)) {
            let text = "Failed to delete instance.";
            return self.fault(&answer, &Fault(400, "delete_failed", text.to_owned()));
        }
        assert_eq!(answer.status, 200, "{}", answer.body);
        let expected =
            json!({"success": "true", "success_description": "Instance deleted successfully"});
        assert_eq!(answer.json(), expected);
        if let Some(logo) = self.model.customers.remove(place).logo {
            self.image_is_there(&logo, false);
        }
    }

    fn show(&mut self, version: &str, path: &str) {
        let by_reference = self.random.one_in(2);
        let key = self.some_key(by_reference);
        let path =
            if by_reference { format!("{path}/reference/{key}") } else { format!("{path}/{key}") };
        let _ = writeln!(self.log, "GET {path}");
        let answer = self.get(&path);
        let Some(place) = self.model.place(by_reference, &key) else {
            return self.fault(&answer, &unknown("customer", key));
        };
        assert_eq!(answer.status, 200, "{}", answer.body);
        self.same(&answer.json(), &self.model.customers[place], version);
        // As it is in memory now, and as a client that knows it is told.
        let again = self.get(&path);
        assert_eq!((again.status, &again.body), (200, &answer.body));
        let authorization = format!("Bearer {}", self.key);
        let etag = answer.header("etag").expect("a tag");
        let headers = [("Authorization", authorization.as_str()), ("If-None-Match", etag)];
        assert_eq!(self.server.request("GET", &path, &headers, b"").status, 304);
    }

    fn list(&mut self, version: &str, path: &str) {
        let mut query: Vec<(&str, String)> = Vec::new();
        let pattern = self.random.one_in(2).then(|| {
            self.random.of(&["*lph*", "ALPHA*", "*1", "béta 2", "*", "*_m*", "*%*", "*a*a*", "x"])
        });
        if let Some(pattern) = pattern {
            query.push(("name", pattern.to_owned()));
        }
        let reference = self.random.one_in(4).then(|| self.random.of(&["R*", "r1", "*2"]));
        if let Some(reference) = reference {
            query.push(("reference", reference.to_owned()));
        }
        let category = self.random.one_in(4).then(|| self.random.of(&["jew*", "root", "*o*"]));
        if let Some(category) = category {
            query.push(("categoryReference", category.to_owned()));
        }
        let active = self.random.one_in(3).then(|| self.random.one_in(2));
        if let Some(active) = active {
            query.push(("isActive", active.to_string()));
        }
        let since = self.random.one_in(4).then(|| self.random.of(&["2001", "2999"]));
        if let Some(year) = since {
            query.push(("dateCreated_gte", format!("{year}-01-01T00:00:00Z")));
        }
        let sort = self.random.of(&[None, Some("id"), Some("reference"), Some("name")]);
        if let Some(sort) = sort {
            query.push(("sort", sort.to_owned()));
        }
        let descending = self.random.one_in(3);
        if descending {
            query.push(("order", "desc".to_owned()));
        }
        let max = if self.random.one_in(3) { 100 } else { self.random.below(4) };
        let offset = self.random.below(4);
        if max != 100 {
            query.push(("max", max.to_string()));
        }
        if offset > 0 {
            query.push(("offset", offset.to_string()));
        }
        let pairs: Vec<(&str, &str)> =
            query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let path = format!("{path}?{}", crate::encoded(&pairs));
        let _ = writeln!(self.log, "GET {path}");
        let fits = |known: &&Known| {
            pattern.is_none_or(|pattern| matches(pattern, &known.name))
                && reference.is_none_or(|pattern| matches(pattern, &known.reference))
                && category.is_none_or(|pattern| matches(pattern, known.category.0))
                && active.is_none_or(|active| known.is_active == active)
                && since.is_none_or(|year| year == "2001")
        };
        let mut found: Vec<Known> = self.model.customers.iter().filter(fits).cloned().collect();
        found.sort_by(|one, other| match sort {
            Some("reference") => one.reference.cmp(&other.reference),
            Some("name") => (&one.name, one.id).cmp(&(&other.name, other.id)),
            // When they were created, which is in the order of their ids.
            _ => one.id.cmp(&other.id),
        });
        if descending {
            found.reverse();
        }
        let answer = self.get(&path);
        assert_eq!(answer.status, 200, "{}", answer.body);
        let body = answer.json();
        self.page(&body, &found, offset, max, version);
        // The links lead to the pages beside it, with the same filters.
        for (link, offset) in [("next", offset + max), ("previous", offset.saturating_sub(max))] {
            if let Some(path) = body["paging"][link].as_str() {
                assert!(
                    path.starts_with(&format!(
                        "/api/{version}/customers?max={max}&offset={offset}&"
                    ))
                );
                let page = self.get(path);
                assert_eq!(page.status, 200, "{path}: {}", page.body);
                self.page(&page.json(), &found, offset, max, version);
            }
        }
    }

    fn page(&self, body: &Value, found: &[Known], offset: usize, max: usize, version: &str) {
        let paging = &body["paging"];
        let numbers = [&paging["total"], &paging["max"], &paging["offset"]];
        assert_eq!(numbers, [&json!(found.len()), &json!(max), &json!(offset)]);
        assert_eq!(paging["next"].is_string(), max > 0 && offset + max < found.len());
        assert_eq!(paging["previous"].is_string(), max > 0 && offset > 0);
        let page: Vec<&Known> = found.iter().skip(offset).take(max).collect();
        let data = body["data"].as_array().unwrap();
        let ids: Vec<i64> = data.iter().map(|record| record["id"].as_i64().unwrap()).collect();
        assert_eq!(ids, page.iter().map(|known| known.id).collect::<Vec<_>>());
        for (record, known) in data.iter().zip(page) {
            self.same(record, known, version);
        }
    }
}

/// Whether a text is what a pattern says: `*` is any run, all else itself in either case.
fn matches(pattern: &str, text: &str) -> bool {
    fn rest(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', after)) => (0..=text.len()).any(|skip| rest(after, &text[skip..])),
            Some((first, after)) => {
                text.split_first().is_some_and(|(c, text)| c == first && rest(after, text))
            }
        }
    }
    let folded = |text: &str| text.to_lowercase().chars().collect::<Vec<_>>();
    rest(&folded(pattern), &folded(text))
}

/// Tells what led to a failure.
struct Tell<'a>(Run<'a>, u64);

impl Drop for Tell<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("TRADEBOOK_TEST_SEED={}\n{}", self.1, self.0.log);
        }
    }
}

fn random_requests_are_answered_as_the_manual_says(database: Database) {
    let seed: u64 = std::env::var("TRADEBOOK_TEST_SEED").map_or(7, |seed| seed.parse().unwrap());
    println!("TRADEBOOK_TEST_SEED={seed}");
    let book = Book::on(database);
    let mut random = Random(seed);
    let mut images = 0;
    for number in 0..RUNS {
        let key = organization(&book.workspace, &format!("run {number}"));
        let random = Random(random.next());
        let model = Model { last_id: 256, ..Model::default() };
        let run = Run { server: &book.server, key, model, random, log: String::new() };
        let mut tell = Tell(run, seed);
        for id in 254..=256 {
            let path = format!("/api/v2.1/customers/{id}");
            assert_eq!(call(&book.server, &tell.0.key, "DELETE", &path, &[]).status, 200);
        }
        for _ in 0..STEPS {
            tell.0.step();
        }
        let customers = tell.0.model.customers.clone();
        for known in &customers {
            let answer = tell.0.get(&format!("/api/v2.1/customers/{}", known.id));
            tell.0.same(&answer.json(), known, "v2.1");
        }
        // Nothing is left of images that were replaced, removed or refused.
        images += customers.iter().filter(|known| known.logo.is_some()).count();
        assert_eq!(book.image_files().len(), 3 * images);
        println!("run {number}: {} customers left; {images} images so far", customers.len());
    }
    assert_eq!(book.workspace.ok(&["check"]).trim(), "ok");
}
