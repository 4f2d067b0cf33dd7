//! Which events are wanted: the one place that decides about the selectors.

use tradebook_model::{EventSelector, TimeZone};

use super::identifier::{account, classification, participant};
use super::moment::{Side, moment};
use super::{Fault, Parameters, parameter};

/// The parameters that the manual calls semi-optional. Exactly one of the four must be given.
///
/// `created_after_date` is one of them, other than `created_before_date`: so it is marked in the manual. It selects by itself,
/// and does not go together with another of the four.
pub(super) const SELECTORS: [&str; 4] = [
    parameter::PARTICIPANT,
    parameter::ACCOUNT,
    parameter::CLASSIFICATION,
    parameter::CREATED_AFTER,
];

/// The name of the parameter that a selector is given by.
pub const fn selector_parameter(selector: &EventSelector) -> &'static str {
    match selector {
        EventSelector::Participant(_) => parameter::PARTICIPANT,
        EventSelector::Account(_) => parameter::ACCOUNT,
        EventSelector::Classification(_) => parameter::CLASSIFICATION,
        EventSelector::CreatedAfter(_) => parameter::CREATED_AFTER,
    }
}

/// Reads the selector.
pub(super) fn selector(parameters: &Parameters, zone: &TimeZone) -> Result<EventSelector, Fault> {
    let given = SELECTORS.into_iter().filter_map(|name| Some((name, parameters.get(name)?)));
    let given: Vec<_> = given.collect();
    let (name, value) = match given[..] {
        [selector] => selector,
        [] => return Err(Fault::MissingOneOf(&SELECTORS)),
        _ => return Err(Fault::Conflicting(given.iter().map(|(name, _)| *name).collect())),
    };
    match name {
        parameter::PARTICIPANT => participant(value).map(EventSelector::Participant),
        parameter::ACCOUNT => account(value).map(EventSelector::Account),
        parameter::CLASSIFICATION => classification(value).map(EventSelector::Classification),
        _ => {
            let moment = moment(parameters, name, Side::After, zone)?;
            moment.map(EventSelector::CreatedAfter).ok_or(Fault::MissingOneOf(&SELECTORS))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::crmcom::Code;

    #[test]
    fn exactly_one_of_the_four_is_given() {
        let values = [
            json!({"number": "29"}),
            json!({"number": "ACR1"}),
            json!({"name": "Shop"}),
            json!("2016-07-01"),
        ];
        for chosen in 0_u32..16 {
            let mut body = serde_json::Map::new();
            for (index, (name, value)) in SELECTORS.iter().zip(&values).enumerate() {
                let value = if chosen & (1 << index) == 0 { json!(null) } else { value.clone() };
                body.insert((*name).to_owned(), value);
            }
            let parameters = Parameters::from_body(json!(body).to_string().as_bytes()).unwrap();
            let read = selector(&parameters, &TimeZone::UTC).map_err(|fault| fault.code());
            match chosen.count_ones() {
                0 => assert_eq!(read, Err(Code::MissingParameter)),
                1 => {
                    let name = read.as_ref().map(selector_parameter).unwrap();
                    assert!(!body[name].is_null());
                }
                _ => assert_eq!(read, Err(Code::ConflictingParameters)),
            }
        }
    }
}
