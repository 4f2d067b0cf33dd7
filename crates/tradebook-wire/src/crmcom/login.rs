//! `POST authentication/token`: who logs in.

use std::fmt;

use super::{Fault, Parameters, parameter};

/// Another spelling of `organisation`, which older clients use.
const ORGANIZATION: &str = "organization";

/// The credentials of a user. The password cannot be printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct UserLogin {
    /// The name that the user signs in with.
    pub username: String,
    /// The password, as it was sent: white space counts.
    pub password: String,
    /// The name of the user's organization.
    pub organisation: String,
}

impl fmt::Debug for UserLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserLogin(***)")
    }
}

impl UserLogin {
    /// Reads the parameters of a login. `unit` may be among them: users have none here, and it is not used.
    pub fn read(parameters: &Parameters) -> Result<Self, Fault> {
        let username = parameters.mandatory(parameter::USERNAME)?.trim().to_owned();
        let password = parameters.mandatory(parameter::PASSWORD)?.to_owned();
        let organisation = match parameters.mandatory(parameter::ORGANISATION) {
            Err(Fault::Missing(name)) => parameters.mandatory(ORGANIZATION).map_err(|fault| {
                if fault == Fault::Missing(ORGANIZATION) { Fault::Missing(name) } else { fault }
            }),
            read => read,
        }?;
        Ok(Self { username, password, organisation: organisation.trim().to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn three_parameters_are_mandatory() {
        let read = |body: serde_json::Value| {
            UserLogin::read(&Parameters::from_body(body.to_string().as_bytes()).unwrap())
        };
        let login = UserLogin {
            username: "ann".into(),
            password: " pass ".into(),
            organisation: "Acme".into(),
        };
        for spelling in ["organisation", "organization"] {
            let body =
                json!({"username": " ann ", "password": " pass ", spelling: "Acme", "unit": 7});
            assert_eq!(read(body), Ok(login.clone()));
        }
        assert!(!format!("{login:?}").contains("pass "));
        for (body, missing) in [
            (json!({}), "username"),
            (json!({"username": "", "password": "x", "organisation": "y"}), "username"),
            (json!({"username": "a", "organisation": "y"}), "password"),
            (json!({"username": "a", "password": null, "organisation": "y"}), "password"),
            (json!({"username": "a", "password": "x"}), "organisation"),
            (json!({"username": "a", "password": "x", "organization": " "}), "organisation"),
        ] {
            assert_eq!(read(body.clone()), Err(Fault::Missing(missing)), "{body}");
        }
        let number = json!({"username": 7, "password": "x", "organisation": "y"});
        assert!(matches!(read(number), Err(Fault::Invalid { .. })));
    }
}
