//! What the original did with 119 requests, against what is done with them here.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tradebook_wire::caliq::{
    BuyingReportRequest, MediaType, ModelState, PriceListRequest, Request, RequestFormat, client,
    negotiate, read, request_format,
};

/// What happened to a request: the same shape for both sides.
#[derive(Debug, PartialEq)]
enum Outcome {
    /// 415 with this message.
    Unsupported(String),
    /// The model, and the members that could not be bound.
    Bound { model: Value, faults: BTreeSet<String> },
    /// No fault, and no model or one in which nothing is set.
    Nothing,
    /// No model, because the body or a member could not be read.
    Refused,
    /// 400, naming these members.
    Invalid(BTreeSet<String>),
    /// The media type of the answer.
    Answered(String),
}

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/caliq").join(name);
    fs::read_to_string(path).unwrap()
}

/// Null, absent and empty lists are alike, and so are a null and an empty text in a list.
fn normalized(model: &Value) -> Value {
    let mut model = model.clone();
    for (name, value) in model.as_object_mut().unwrap() {
        if value.is_null() && (name.ends_with('s') && name != "ExcludeCustomerPrices") {
            *value = json!([]);
        }
        if let Some(items) = value.as_array_mut() {
            items.iter_mut().filter(|item| item.is_null()).for_each(|item| *item = json!(""));
        }
    }
    model
}

fn observed(group: &str, observed: &Value) -> Outcome {
    if observed["status"] == 415 {
        return Outcome::Unsupported(observed["message"].as_str().unwrap().to_owned());
    }
    if group == "negotiation" {
        return Outcome::Answered(observed["content_type"].as_str().unwrap().to_owned());
    }
    let faults = observed["faults"].as_object().unwrap();
    if observed["status"] == 400 {
        return Outcome::Invalid(faults.keys().cloned().collect());
    }
    if observed["model"].is_null() {
        return if faults.is_empty() { Outcome::Nothing } else { Outcome::Refused };
    }
    // Which members are required is a rule, not a matter of binding.
    let unbound =
        faults.iter().filter(|(_, kinds)| kinds.as_array().unwrap().contains(&json!("binding")));
    let model = normalized(&observed["model"]);
    let faults: BTreeSet<String> = unbound.map(|(member, _)| member.clone()).collect();
    if faults.is_empty() && model.as_object().unwrap().values().all(is_default) {
        return Outcome::Nothing;
    }
    Outcome::Bound { model, faults }
}

fn is_default(value: &Value) -> bool {
    [Value::Null, json!([]), json!(0), json!(false)].contains(value)
}

fn ours(case: &Value) -> Outcome {
    let request = &case["request"];
    let header = |name: &str| request["headers"].get(name)?.as_str();
    let body = match request["body"].as_str() {
        Some(body) => body.as_bytes().to_vec(),
        None => serde_json::from_value(request["bytes"].clone()).unwrap(),
    };
    if case["group"] == "negotiation" {
        let media = negotiate(header("Accept"), header("X-Requested-With"), header("Content-Type"));
        return Outcome::Answered(media.content_type().to_owned());
    }
    let status = case["observed"]["status"].as_u64().unwrap();
    match request["path"].as_str().unwrap() {
        "/api/v1/PriceListNormal" => {
            ours_as::<PriceListRequest>(header("Content-Type"), &body, status)
        }
        "/api/v1/CustomerBuyingReport" => {
            ours_as::<BuyingReportRequest>(header("Content-Type"), &body, status)
        }
        path => panic!("{path} is not one of the calls"),
    }
}

fn ours_as<T: Request>(content_type: Option<&str>, body: &[u8], status: u64) -> Outcome {
    let (format, charset) = match request_format(content_type, !body.is_empty()) {
        RequestFormat::Body { format, charset } => (format, charset),
        RequestFormat::Empty => return Outcome::Nothing,
        RequestFormat::Unsupported { message } => return Outcome::Unsupported(message),
    };
    let Ok(bound) = read::<T>(body, format, charset) else {
        return Outcome::Refused;
    };
    if status == 400 {
        return match bound.checked() {
            Ok(_) => Outcome::Bound { model: Value::Null, faults: BTreeSet::new() },
            Err(faults) => Outcome::Invalid(names(&faults)),
        };
    }
    if bound.value == T::default() && bound.faults.is_empty() {
        return Outcome::Nothing;
    }
    if format == tradebook_wire::caliq::BodyFormat::Xml && !bound.faults.is_empty() {
        return Outcome::Refused;
    }
    let model = client::write_request(MediaType::ApplicationJson, &bound.value);
    Outcome::Bound {
        model: normalized(&serde_json::from_slice(&model).unwrap()),
        faults: names(&bound.faults),
    }
}

fn names(faults: &ModelState) -> BTreeSet<String> {
    faults.iter().map(|(member, _)| member.to_owned()).collect()
}

#[test]
fn requests_are_taken_as_the_original_takes_them() {
    let deviations: Vec<Value> = serde_json::from_str(&fixture("deviations.json")).unwrap();
    let mut deviations: BTreeMap<(String, String), String> = deviations
        .iter()
        .map(|d| {
            let text = |name: &str| d[name].as_str().unwrap().to_owned();
            assert!(text("reason").len() > 20, "{d} needs a reason");
            ((text("group"), text("case")), text("reason"))
        })
        .collect();
    let (mut same, mut newer, mut deviating) = (0, 0, 0);
    let mut wrong = Vec::new();
    for line in fixture("observed-cases.jsonl").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| case[name].as_str().unwrap().to_owned();
        let (group, name) = (text("group"), text("case"));
        let ours = ours(&case);
        let theirs = observed(&group, &case["observed"]);
        let matches = if ours == theirs {
            same += 1;
            true
        } else if !case["observed_newer"].is_null()
            && ours == observed(&group, &case["observed_newer"])
        {
            newer += 1;
            true
        } else {
            false
        };
        match (matches, deviations.remove(&(group.clone(), name.clone()))) {
            (true, None) => {}
            (false, Some(_)) => deviating += 1,
            (true, Some(_)) => wrong.push(format!("{group}/{name} does not deviate after all")),
            (false, None) => wrong.push(format!("{group}/{name}: {ours:?} instead of {theirs:?}")),
        }
    }
    println!(
        "{same} as the original, {newer} as with a newer Json.NET, {deviating} otherwise on purpose"
    );
    wrong.extend(deviations.keys().map(|(group, case)| format!("{group}/{case} does not exist")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(same + newer + deviating, 119);
}
