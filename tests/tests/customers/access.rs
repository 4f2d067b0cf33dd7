//! Who may do what: keys, sessions, roles, organizations.

use serde_json::json;
use std::process::Stdio;

use tradebook_tests::{Answer, Database, Workspace, on_each_database};

use crate::{Book, call, encoded, expect_fault, fault, organization};

on_each_database! {
    a_sign_in_leads_to_a_cookie_and_a_token_that_both_open,
    wrong_credentials_slow_down_and_others_do_not_notice,
    nothing_opens_without_credentials_and_nothing_is_written_with_a_key_that_reads,
    paths_that_are_none_and_methods_that_are_none_are_told_in_this_dialect,
    two_organizations_see_nothing_of_each_other,
}

const PATH: &str = "/api/v2.1/customers";

/// Creates a user who signs in as `ann`.
fn user(workspace: &Workspace) {
    use std::io::Write as _;
    let arguments = [
        "user",
        "create",
        "--organization",
        "entity1",
        "--username",
        "ann",
        "--reference",
        "emp-001",
    ];
    let mut command = workspace.command(&arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"correct horse\n").unwrap();
    assert!(child.wait().unwrap().success());
}

fn sign_in(book: &Book, password: &str) -> Answer {
    // The answer is the redirect, not what it leads to.
    let body = encoded(&[("j_username", "ann"), ("j_password", password), ("ajax", "true")]);
    let request = format!(
        "POST /j_spring_security_check HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    parse(&book.server.raw(request.as_bytes()))
}

fn parse(raw: &str) -> Answer {
    let (head, body) = raw.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    Answer { status, headers, body: body.to_owned() }
}

fn a_sign_in_leads_to_a_cookie_and_a_token_that_both_open(database: Database) {
    let book = Book::on(database);
    user(&book.workspace);
    let answer = sign_in(&book, "correct horse");
    assert_eq!(answer.status, 302, "{}", answer.body);
    assert!(answer.header("location").unwrap().contains("login/ajaxSuccess"));
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    assert!(cookie.starts_with("JSESSIONID="));
    let told = book.server.request("GET", "/login/ajaxSuccess", &[("Cookie", cookie)], b"");
    assert_eq!(told.status, 200, "{}", told.body);
    let told = told.json();
    assert_eq!(
        told["user"],
        json!({"email": "ann@example.com", "firstName": "Ann", "lastName": "Smith", "role": ["ROLE_USER"]})
    );
    let token = told["token"].as_str().unwrap();
    assert_eq!(call(&book.server, token, "GET", PATH, &[]).status, 200);
    assert_eq!(book.server.request("GET", PATH, &[("Cookie", cookie)], b"").status, 200);
    let form = [("reference", "S"), ("name", "x")];
    let created = call(&book.server, token, "POST", PATH, &form).json();
    assert_eq!(created["createdBy"]["reference"], "emp-001");
    // The query works too; a wrong password does not.
    let query = "GET /j_spring_security_check?j_username=ann&j_password=correct+horse&ajax=true HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    assert_eq!(parse(&book.server.raw(query.as_bytes())).status, 302);
    assert_eq!(fault(&sign_in(&book, "wrong")).1, "no_credentials");
    assert_eq!(fault(&book.server.get("/login/ajaxSuccess")).1, "no_credentials");
}

fn wrong_credentials_slow_down_and_others_do_not_notice(database: Database) {
    let book = Book::on(database);
    user(&book.workspace);
    let began = std::time::Instant::now();
    let slowest = std::thread::scope(|scope| {
        let wrong = scope.spawn(|| {
            for _ in 0..7 {
                let answer = sign_in(&book, "wrong");
                assert!(answer.status == 401 || answer.status == 429, "{}", answer.status);
            }
            began.elapsed()
        });
        let mut slowest = std::time::Duration::ZERO;
        while !wrong.is_finished() {
            let began = std::time::Instant::now();
            assert_eq!(book.get(&format!("{PATH}/256")).status, 200);
            slowest = slowest.max(began.elapsed());
        }
        assert!(wrong.join().unwrap() >= std::time::Duration::from_secs(2), "not slowed down");
        slowest
    });
    assert!(slowest < std::time::Duration::from_secs(1), "others waited for {slowest:?}");
}

fn nothing_opens_without_credentials_and_nothing_is_written_with_a_key_that_reads(
    database: Database,
) {
    let book = Book::on(database);
    let read = book.workspace.key("entity1");
    let text = "No valid credentials were provided for this request.";
    for (method, path) in [
        ("GET", "/customers"),
        ("GET", "/customers/256"),
        ("GET", "/customers/reference/NC-3"),
        ("POST", "/customers"),
        ("POST", "/customers/256"),
        ("POST", "/customers/reference/NC-3"),
        ("DELETE", "/customers/256"),
        ("DELETE", "/customers/reference/NC-3"),
        ("GET", "/customerCategories"),
        ("GET", "/customerCategories/1"),
        ("GET", "/customerSegmentations"),
        ("GET", "/customerSegmentations/1"),
        ("GET", "/paymentTypes"),
        ("GET", "/paymentTypes/7"),
        ("GET", "/regions"),
        ("GET", "/regions/1"),
        ("GET", "/users"),
        ("GET", "/users/1"),
        ("GET", "/currencies"),
        ("GET", "/currencies/EUR"),
        ("GET", "/contacts"),
        ("GET", "/contacts/1"),
    ] {
        for version in ["v1.0", "v2.0", "v2.1"] {
            let path = format!("/api/{version}{path}");
            let wrong = format!("Bearer {}", book.key.to_uppercase());
            for headers in
                [&[][..], &[("Authorization", wrong.as_str())], &[("Cookie", "JSESSIONID=tbs_0")]]
            {
                let answer = book.server.request(method, &path, headers, b"");
                expect_fault(&answer, 401, "no_credentials", text);
                assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
            }
            let answer = call(&book.server, &read, method, &path, &[]);
            if method == "GET" {
                assert!(
                    answer.status == 200 || path.contains("contacts/1"),
                    "{path} {}",
                    answer.body
                );
            } else {
                assert_eq!(
                    (answer.status, fault(&answer).1.as_str()),
                    (403, "forbidden"),
                    "{path}"
                );
            }
        }
    }
}

fn paths_that_are_none_and_methods_that_are_none_are_told_in_this_dialect(database: Database) {
    let book = Book::on(database);
    for path in [
        "",
        "/",
        "/products",
        "//",
        "/customers//",
        "/customers/reference",
        "/customers/reference/",
        "/customers/1/2",
        "/CUSTOMERS",
    ] {
        let answer = book.get(&format!("/api/v2.1{path}"));
        assert_eq!((answer.status, fault(&answer).1.as_str()), (404, "not_found"), "{path}");
    }
    for (method, path, allow) in [
        ("PUT", "/customers", "GET, HEAD, POST"),
        ("DELETE", "/customers", "GET, HEAD, POST"),
        ("PATCH", "/customers/256", "GET, HEAD, POST, DELETE"),
        ("PUT", "/customers/reference/NC-3", "GET, HEAD, POST, DELETE"),
        ("POST", "/regions", "GET, HEAD"),
        ("DELETE", "/users/1", "GET, HEAD"),
        ("OPTIONS", "/currencies/EUR", "GET, HEAD"),
    ] {
        let answer = book.server.request(method, &format!("/api/v2.1{path}"), &[], b"");
        assert_eq!((answer.status, fault(&answer).1.as_str()), (405, "method_not_allowed"));
        assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
    }
    let image = "/entity1-1/photoCustomer/1_logo.png";
    assert_eq!(fault(&book.server.get(image)).0, 404);
    assert_eq!(book.server.request("DELETE", image, &[], b"").header("allow"), Some("GET, HEAD"));
    // The other dialect keeps its own.
    assert!(book.server.get("/api/v1/customers").json()["Message"].is_string());
}

fn two_organizations_see_nothing_of_each_other(database: Database) {
    let book = Book::on(database);
    let other = organization(&book.workspace, "entity2");
    let mine = book.post(PATH, &[("reference", "MARK"), ("name", "MARK")]).json();
    let id = mine["id"].as_i64().unwrap();
    let (by_id, by_reference) = (format!("{PATH}/{id}"), format!("{PATH}/reference/MARK"));
    for (method, path, form) in [
        ("GET", by_id.as_str(), &[][..]),
        ("POST", &by_id, &[("phone", "1")]),
        ("DELETE", &by_id, &[]),
        ("GET", &by_reference, &[]),
        ("DELETE", &by_reference, &[]),
    ] {
        let foreign = call(&book.server, &other, method, path, form);
        assert_eq!(foreign.status, 404, "{method} {path} {}", foreign.body);
        let unknown = path.replace("MARK", "NONE").replace(&format!("/{id}"), "/987654");
        let unknown = call(&book.server, &other, method, &unknown, form);
        let alike = unknown.body.replace("NONE", "MARK").replace("987654", &id.to_string());
        assert_eq!((unknown.status, alike), (foreign.status, foreign.body));
    }
    // The same reference is another customer there, and no relation leads over.
    let parent = id.to_string();
    let form = [("reference", "SUB"), ("name", "x"), ("parentCustomer", parent.as_str())];
    assert_eq!(call(&book.server, &other, "POST", PATH, &form).status, 404);
    let form = [("name", "OTHER")];
    assert_eq!(call(&book.server, &other, "POST", &by_reference, &form).status, 201);
    assert_eq!(book.get(&by_reference).json()["name"], "MARK");
    let list = call(&book.server, &other, "GET", &format!("{PATH}?name=*MARK*"), &[]);
    assert_eq!(list.json()["paging"]["total"], 0);
}
