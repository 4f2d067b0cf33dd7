//! A server with purchase events, and its client.

use serde_json::{Value, json};
use tradebook_tests::{Answer, Database, Original, Server, Workspace};

pub(crate) const LIST: &str = "/crmapi/rest/v2/customer_events/purchases/list";
pub(crate) const SHOW: &str = "/crmapi/rest/v2/customer_events/purchases/show";
pub(crate) const TOKEN: &str = "/crmapi/rest/v2/authentication/token";
pub(crate) const KEY_TOKEN: &str = "/crmapi/rest/v2/authentication/web_api_key/token";
pub(crate) const RELEASE: &str = "/crmapi/rest/v2/authentication/token/release";

/// The data that the tests of single calls share.
pub(crate) const FILES: &[(&str, &str)] = &[
    ("customers.csv", "reference,id,name\nC1,1,First\nC2,2,Second\n"),
    ("products.csv", "code,id,description\nBOLT,11,\"Bolt, M8\"\nNUT,12,Nut\n"),
    (
        "accounts_receivable.csv",
        "number,id,name,customer\nACR1,A1,Shop,C1\nACR2,A2,Twin,C2\nACR3,A3,Twin,C2\n",
    ),
    (
        "access_tokens.csv",
        "identifier,pass_code,authentication_code,state,accounts_receivable,one_time_password\n\
         6666,9999,AUTH-1,EFFECTIVE,ACR1,123456\n\
         7777,8888,AUTH-2,NOT_EFFECTIVE,ACR1,\n\
         5555,4444,AUTH-3,PENDING_VERIFICATION,ACR1,\n",
    ),
    ("rewards_participants.csv", "number,id,accounts_receivable\n29,129,ACR1\n30,130,ACR2\n"),
    ("classifications.csv", "name,id,alternative_code\nCounter,CL1,C\nOnline,CL2,O\nPhone,CL3,O\n"),
    (
        "purchase_events.csv",
        "number,id,accounts_receivable,performed_on,created,classification,description,currency\n\
         11,E11,ACR1,2024-05-02T10:00:00Z,2024-05-02T11:00:00Z,Counter,,\n\
         5,E5,ACR1,2024-05-01T10:00:00Z,2024-05-03T11:00:00Z,Online,\"A \"\"quoted\"\" text\",\n\
         12,E12,ACR1,2024-05-02T10:00:00Z,2024-05-02T12:00:00Z,,,\n\
         20,E20,ACR2,2024-05-03T10:00:00Z,2024-05-01T00:00:00Z,Counter,,\n",
    ),
    (
        "purchase_event_products.csv",
        "event,line,product,quantity,net_amount,vat_amount,total_amount\n\
         5,1,BOLT,,80,20,100\n5,2,NUT,1,,,\n11,1,NUT,2.5,10,0.02,10.02\n",
    ),
    (
        "spend_requests.csv",
        "number,event,performed_on,state,instant,automatic,spend_amount\n\
         S1,5,2024-05-01T10:00:00Z,POSTED,true,false,1.5\n\
         S2,5,2024-05-02T10:00:00Z,POSTED,false,true,2\n\
         S3,5,2024-05-03T10:00:00Z,CANCELLED,false,false,40\n\
         S4,5,2024-05-04T10:00:00Z,POSTED,false,false,0.25\n",
    ),
];

/// A server on an organization with some files, and a token for it.
pub(crate) struct Book {
    pub(crate) workspace: Workspace,
    pub(crate) server: Server,
    pub(crate) key: String,
    pub(crate) token: String,
}

impl Book {
    /// The shared data, seen on 2024-05-20.
    pub(crate) fn on(database: Database) -> Self {
        static ORIGINAL: Original = Original::new();
        let fill = |workspace: &Workspace| fill(workspace, FILES, "UTC");
        Self::serve(ORIGINAL.copy(database, fill), "2024-05-20")
    }

    pub(crate) fn of(
        database: Database,
        files: &[(&str, &str)],
        time_zone: &str,
        today: &str,
    ) -> Self {
        let workspace = Workspace::with(database);
        let key = fill(&workspace, files, time_zone);
        Self::serve((workspace, key), today)
    }

    fn serve((workspace, key): (Workspace, String), today: &str) -> Self {
        let server = workspace.serve(&["--today", today]);
        let token = token(&server, &key);
        Self { workspace, server, key, token }
    }

    /// The answer of a list with these parameters and the token.
    pub(crate) fn list(&self, parameters: &Value) -> Answer {
        list(&self.server, &self.token, parameters)
    }

    /// The answer of a single event, with a query behind the token's.
    pub(crate) fn show(&self, query: &str) -> Answer {
        self.server.get(&format!("{SHOW}?token={}&{query}", self.token))
    }

    /// The numbers of the events of a list.
    pub(crate) fn numbers(&self, parameters: &Value) -> Vec<String> {
        numbers(&self.list(parameters))
    }
}

/// Creates an organization with some files; a key for it.
fn fill(workspace: &Workspace, files: &[(&str, &str)], time_zone: &str) -> String {
    let key = workspace.organization("Acme", "EUR");
    workspace.ok(&["organization", "set", "Acme", &format!("time_zone={time_zone}")]);
    workspace.import("Acme", "events", files);
    key
}

pub(crate) fn list(server: &Server, token: &str, parameters: &Value) -> Answer {
    let mut body = json!({ "token": token });
    body.as_object_mut().unwrap().extend(parameters.as_object().unwrap().clone());
    server.post(LIST, &body)
}

/// The data of an answer that succeeded.
pub(crate) fn data(answer: &Answer) -> Value {
    let body = answer.json();
    assert_eq!(
        (answer.status, &body["status"]),
        (200, &json!({"code": "OK", "description": "", "message": ""})),
        "{}",
        answer.body
    );
    body["data"].clone()
}

pub(crate) fn numbers(answer: &Answer) -> Vec<String> {
    let data = data(answer);
    let numbers = data.as_array().unwrap().iter().map(|event| event["number"].as_str().unwrap());
    numbers.map(str::to_owned).collect()
}

/// The code of an answer that refuses, and its description.
pub(crate) fn refusal(answer: &Answer) -> (String, String) {
    let body = answer.json();
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("content-type"), Some("application/json;charset=UTF-8"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(body["data"].is_null(), "{}", answer.body);
    let text = |name: &str| body["status"][name].as_str().unwrap().to_owned();
    assert!(!text("message").is_empty() && !text("description").is_empty(), "{}", answer.body);
    (text("code"), text("description"))
}

pub(crate) fn code(answer: &Answer) -> String {
    refusal(answer).0
}

/// A new token for an API key.
pub(crate) fn token(server: &Server, key: &str) -> String {
    let answer = key_login(server, &basic(&format!("{key}:")));
    data(&answer)["token"].as_str().unwrap().to_owned()
}

pub(crate) fn key_login(server: &Server, authorization: &str) -> Answer {
    server.request("POST", KEY_TOKEN, &[("Authorization", authorization)], b"")
}

/// `Basic …`
pub(crate) fn basic(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = "Basic ".to_owned();
    for bytes in text.as_bytes().chunks(3) {
        let group = bytes.iter().fold(0_u32, |group, byte| (group << 8) | u32::from(*byte))
            << (8 * (3 - bytes.len()));
        for place in 0..4 {
            let digit = usize::try_from((group >> (18 - 6 * place)) & 63).unwrap();
            encoded.push(if place <= bytes.len() { char::from(DIGITS[digit]) } else { '=' });
        }
    }
    encoded
}
