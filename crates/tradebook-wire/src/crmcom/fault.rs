//! Everything that can be wrong, and how clients are told.

use std::borrow::Cow;
use std::fmt;

use super::{envelope, parameter};

/// The `status.code` of an answer that refuses. CRM.COM does not publish its own: these are stable and ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// The token is missing, wrong, expired or released. Checked before all else.
    InvalidToken,
    /// A parameter that must be there is not.
    MissingParameter,
    /// Parameters are given of which only one may be.
    ConflictingParameters,
    /// A parameter cannot be understood.
    InvalidParameter,
    /// An identifier names nothing, or nothing that may be named.
    NotFound,
    /// A login failed.
    InvalidCredentials,
    /// The data cannot be reached for now.
    Unavailable,
    /// A fault of the server.
    ServerError,
}

impl Code {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::InvalidToken,
        Self::MissingParameter,
        Self::ConflictingParameters,
        Self::InvalidParameter,
        Self::NotFound,
        Self::InvalidCredentials,
        Self::Unavailable,
        Self::ServerError,
    ];

    /// The word that is `status.code`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::InvalidToken => "INVALID_TOKEN",
            Self::MissingParameter => "MISSING_PARAMETER",
            Self::ConflictingParameters => "CONFLICTING_PARAMETERS",
            Self::InvalidParameter => "INVALID_PARAMETER",
            Self::NotFound => "NOT_FOUND",
            Self::InvalidCredentials => "INVALID_CREDENTIALS",
            Self::Unavailable => "UNAVAILABLE",
            Self::ServerError => "SERVER_ERROR",
        }
    }

    /// The `status.message`: what is wrong, in a few words for people.
    pub const fn message(self) -> &'static str {
        match self {
            Self::InvalidToken => "The token is not valid.",
            Self::MissingParameter => "A mandatory parameter is missing.",
            Self::ConflictingParameters => "Parameters exclude each other.",
            Self::InvalidParameter => "A parameter is not valid.",
            Self::NotFound => "Nothing was found.",
            Self::InvalidCredentials => "The credentials are not valid.",
            Self::Unavailable => "The service is unavailable.",
            Self::ServerError => "Something went wrong.",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Why a call is refused. Its text is the answer's `status.description`, which names the parameter and the remedy, and never
/// repeats a value: values may be secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The token is missing, wrong, expired or released.
    #[error(
        "token is missing, wrong, expired or released; log in with authentication/token or \
         authentication/web_api_key/token and give the token of the answer"
    )]
    InvalidToken,
    /// A parameter that must be there is not.
    #[error("{0} is mandatory; give it a value")]
    Missing(&'static str),
    /// None of the parameters is there of which one must be.
    #[error("one of {} is mandatory; give exactly one of them", listed(.0))]
    MissingOneOf(&'static [&'static str]),
    /// Several parameters of which only one may be there.
    #[error("{} exclude each other; give only one of them", listed(.0))]
    Conflicting(Vec<&'static str>),
    /// A parameter cannot be understood.
    #[error("{parameter} {remedy}")]
    Invalid {
        /// Its name, or its path inside an identifier.
        parameter: Cow<'static, str>,
        /// What it must be.
        remedy: Cow<'static, str>,
    },
    /// The body is not what a body must be.
    #[error("the body {0}")]
    InvalidBody(Cow<'static, str>),
    /// The body broke off, or its content coding does not decode.
    #[error("the body is incomplete or cannot be decoded; send it whole")]
    BrokenBody,
    /// The body did not arrive in time.
    #[error("the body did not arrive in time; send it faster")]
    SlowBody,
    /// The body is too large.
    #[error("the body is larger than {max} bytes; send a smaller one")]
    LargeBody {
        /// How many bytes are allowed.
        max: usize,
    },
    /// An identifier names nothing in the organization.
    #[error("{0} names nothing here; check its value{also}", also = of_tokens(.0))]
    NotFound(&'static str),
    /// An identifier names several records.
    #[error(
        "{parameter}.{field} is ambiguous: several records share it; use another member of {parameter}"
    )]
    Ambiguous {
        /// The identifier.
        parameter: &'static str,
        /// The member by which it names them.
        field: &'static str,
    },
    /// There is no such call.
    #[error("there is no such call here; the calls and their paths are listed in /openapi.json")]
    NoSuchCall,
    /// The call is known, its method is another.
    #[error("this call does not know that method; it is called with {0}")]
    MethodNotAllowed(&'static str),
    /// The name, the password or the organization of a login is wrong, or the login came too early after wrong ones.
    #[error(
        "username, password and organisation do not belong together, or there were too many attempts; check them and try \
         again later"
    )]
    InvalidCredentials,
    /// The key of a login is missing, wrong or revoked.
    #[error(
        "the web API key is missing, wrong or revoked; give it as the user name of HTTP Basic, with an empty password"
    )]
    InvalidKey,
    /// The data cannot be reached for now.
    #[error("the data cannot be reached for now; try again shortly")]
    Unavailable,
    /// A fault of the server.
    #[error(
        "this is a fault of the server; its log tells more under the X-Request-Id of this answer"
    )]
    ServerError,
}

impl Fault {
    pub(super) fn invalid(
        parameter: impl Into<Cow<'static, str>>,
        remedy: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::Invalid { parameter: parameter.into(), remedy: remedy.into() }
    }

    /// The answer's code.
    pub const fn code(&self) -> Code {
        match self {
            Self::InvalidToken => Code::InvalidToken,
            Self::Missing(_) | Self::MissingOneOf(_) => Code::MissingParameter,
            Self::Conflicting(_) => Code::ConflictingParameters,
            Self::Invalid { .. }
            | Self::InvalidBody(_)
            | Self::BrokenBody
            | Self::SlowBody
            | Self::LargeBody { .. }
            | Self::Ambiguous { .. } => Code::InvalidParameter,
            Self::NotFound(_) | Self::NoSuchCall | Self::MethodNotAllowed(_) => Code::NotFound,
            Self::InvalidCredentials | Self::InvalidKey => Code::InvalidCredentials,
            Self::Unavailable => Code::Unavailable,
            Self::ServerError => Code::ServerError,
        }
    }

    /// The answer's body.
    pub fn body(&self) -> Vec<u8> {
        envelope::refusal(self)
    }
}

/// What else is to be checked where an identifier may have been an access token.
fn of_tokens(identifier: &str) -> &'static str {
    match identifier {
        parameter::ACCOUNT | parameter::PARTICIPANT => {
            ", and that an access token is effective and its pass code right"
        }
        _ => "",
    }
}

/// `a, b and c`
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_word_and_a_message() {
        let mut words: Vec<&str> = Code::ALL.iter().map(|code| code.word()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Code::ALL.len());
        assert!(Code::ALL.iter().all(|code| code.message().ends_with('.')));
    }

    #[test]
    fn descriptions_name_the_parameter_and_the_remedy() {
        assert_eq!(
            Fault::Conflicting(vec!["a", "b", "c"]).to_string(),
            "a, b and c exclude each other; give only one of them"
        );
        assert_eq!(
            Fault::invalid("offset", "must be a whole number of at least 0").to_string(),
            "offset must be a whole number of at least 0"
        );
    }
}
