//! Random requests, on the server and on a model in memory that follows the manual alone.
//!
//! `TRADEBOOK_TEST_SEED=N` replays the requests of a seed; a failure prints it, with the requests that led there.

mod form;
mod known;

use std::fmt::Write as _;

use serde_json::{Value, json};
use tradebook_tests::{Answer, Database, Server, on_each_database};

use self::form::{Form, Image};
use self::known::{Fault, Known, Model, unknown};
use crate::{Book, call, organization};

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
