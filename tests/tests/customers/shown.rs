//! A customer that was shown before is shown as it is now, whoever has changed it.

use tradebook_tests::{Answer, Database, on_each_database};

use crate::{Book, call};

on_each_database! {
    writes_show_at_once_in_what_is_kept_in_memory,
    another_server_and_an_import_show_soon,
    head_is_get_without_a_body_and_a_slash_at_the_end_is_none,
}

const PATH: &str = "/api/v2.1/customers";

fn writes_show_at_once_in_what_is_kept_in_memory(database: Database) {
    let book = Book::on(database);
    let (parent, child) = (format!("{PATH}/255"), format!("{PATH}/256"));
    book.post(&child, &[("parentCustomer", "255")]);
    let authorization = format!("Bearer {}", book.key);
    for round in 0..50 {
        let name = format!("Name {round}");
        assert_eq!(book.post(&parent, &[("name", &name)]).status, 200);
        for _ in 0..3 {
            assert_eq!(book.get(&parent).json()["name"], name.as_str());
            let by_reference = book.get(&format!("{PATH}/reference/NC-2"));
            assert_eq!(by_reference.json()["name"], name.as_str());
            let sub = book.get(&child).json();
            assert_eq!(sub["parentCustomer"]["name"], name.as_str());
        }
        let known = book.get(&parent).header("etag").expect("a tag").to_owned();
        let again = |tag: &str| -> Answer {
            let headers = [("Authorization", authorization.as_str()), ("If-None-Match", tag)];
            book.server.request("GET", &parent, &headers, b"")
        };
        assert_eq!((again(&known).status, again(&known).body.as_str()), (304, ""));
        assert_eq!(again("\"another\"").status, 200);
        assert_eq!(book.post(&parent, &[("fax", &round.to_string())]).status, 200);
        assert_eq!(again(&known).status, 200);
    }
    // The version of the request is the version of the links.
    for version in ["v1.0", "v2.0", "v2.1"] {
        let body = book.get(&format!("/api/{version}/customers/255")).json();
        let href = body["customerCategory"]["href"].as_str().unwrap().to_owned();
        assert_eq!(href, format!("/api/{version}/customerCategories/2"));
    }
    // Another who asks is another organization's, or nobody.
    let other = crate::organization(&book.workspace, "entity2");
    let theirs = call(&book.server, &other, "GET", &parent, &[]).json();
    assert_eq!(theirs["organization"], "entity2");
    assert_eq!(book.server.get(&parent).status, 401);
    assert_eq!(book.post(&child, &[("parentCustomer", "")]).status, 200);
    assert_eq!(book.delete(&parent).status, 200);
    assert_eq!(book.get(&parent).status, 404);
    assert_eq!(book.get(&format!("{PATH}/reference/NC-2")).status, 404);
}

fn another_server_and_an_import_show_soon(database: Database) {
    let book = Book::on(database);
    let other = book.workspace.serve(&[]);
    let path = format!("{PATH}/256");
    let soon = |what: &str, shows: &dyn Fn(&serde_json::Value) -> bool| {
        tradebook_tests::eventually(10, what, || shows(&book.get(&path).json()));
    };
    for round in 0..10 {
        let name = format!("Name {round}");
        // Kept in memory before it is changed elsewhere.
        book.get(&path);
        let changed = call(&other, &book.key, "POST", &path, &[("name", &name)]);
        assert_eq!(changed.status, 200, "{}", changed.body);
        soon("the other server's change", &|body| body["name"] == name.as_str());
    }
    book.workspace.import(
        "entity1",
        "renamed",
        &[(
            "categories.csv",
            "reference,id,name,parent\nroot,1,All customers,\njewelry,2,Renamed,root\n",
        )],
    );
    soon("the category's new name", &|body| body["customerCategory"]["name"] == "Renamed");
    book.workspace.ok(&["organization", "set", "entity1", "geographical_locations=false"]);
    soon("the setting", &|body| body.get("region").is_none());
}

fn head_is_get_without_a_body_and_a_slash_at_the_end_is_none(database: Database) {
    let book = Book::on(database);
    let authorization = format!("Bearer {}", book.key);
    let headers = [("Authorization", authorization.as_str())];
    for path in
        ["/customers", "/customers/255", "/customers/reference/NC-2", "/regions", "/users/1"]
    {
        let path = format!("/api/v2.1{path}");
        let get = book.get(&path);
        let slash = book.get(&format!("{path}/"));
        assert_eq!((slash.status, &slash.body), (200, &get.body), "{path}/");
        for path in [path.clone(), format!("{path}/")] {
            let head = book.server.request("HEAD", &path, &headers, b"");
            assert_eq!((head.status, head.body.as_str()), (200, ""), "{path}");
            for name in ["content-type", "content-length", "etag"] {
                assert_eq!(head.header(name), get.header(name), "{name} of {path}");
            }
        }
    }
    let created = book.post("/api/v2.1/customers/", &[("reference", "SLASH"), ("name", "x")]);
    assert_eq!(created.status, 201, "{}", created.body);
    let changed = book.post("/api/v2.1/customers/reference/SLASH/", &[("name", "y")]);
    assert_eq!((changed.status, changed.json()["name"].as_str()), (200, Some("y")));
    assert_eq!(book.delete("/api/v2.1/customers/reference/SLASH/").status, 200);
    // Without credentials, and where there is nothing.
    assert_eq!(book.server.request("HEAD", PATH, &[], b"").status, 401);
    assert_eq!(book.server.request("HEAD", &format!("{PATH}/4711"), &headers, b"").status, 404);
    let logo = crate::image("logo.png");
    let shown = book.post_parts(&format!("{PATH}/255"), &[("imageFile", Some("l.png"), &logo)]);
    let image = shown.json()["logo"].as_str().unwrap().to_owned();
    let image = image.strip_prefix(&book.server.url()).unwrap();
    let get = book.server.get(image);
    let head = book.server.request("HEAD", image, &[], b"");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), get.header("content-length"));
    assert_eq!(head.header("etag"), get.header("etag"));
    // An image is no folder.
    assert_eq!(book.server.get(&format!("{image}/")).status, 404);
}
