//! Images: what is taken, what is kept, what is served, and what hostile files come to.

use tradebook_tests::{Answer, Database, Server, on_each_database, text};

use crate::{Book, Part, expect_fault, fault, image, organization};

on_each_database! {
    each_format_is_served_in_three_sizes,
    replaced_removed_and_refused_images_leave_no_file,
    two_mebibytes_are_taken_and_one_byte_more_is_not,
    forms_beyond_the_limits_or_broken_are_refused,
    no_name_leads_out_of_the_store,
    private_images_ask_for_a_sign_in_of_their_organization,
    hostile_files_come_to_documented_errors_and_little_memory,
    files_that_break_off_at_every_64th_byte_come_to_documented_answers,
}

const PATH: &str = "/api/v2.1/customers";

fn create(book: &Book, reference: &str, file: &str, bytes: &[u8]) -> Answer {
    let parts: [Part<'_>; 3] = [
        ("reference", None, reference.as_bytes()),
        ("name", None, b"x"),
        ("imageFile", Some(file), bytes),
    ];
    book.post_parts(PATH, &parts)
}

/// The path of the image that an answer names.
fn logo(book: &Book, answer: &Answer) -> String {
    let logo = answer.json()["logo"].as_str().expect("a logo").to_owned();
    logo.strip_prefix(&book.server.url()).expect("an address of this server").to_owned()
}

/// An address with a prefix before the image's name.
fn sized(path: &str, prefix: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap();
    format!("{folder}/{prefix}{name}")
}

/// The bytes of an image, which are no text.
fn fetch(server: &Server, path: &str) -> Vec<u8> {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(server.address()).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let body = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", text(&answer));
    answer[body..].to_vec()
}

/// Width and height of a PNG.
fn png_size(bytes: &[u8]) -> (u32, u32) {
    assert!(bytes.starts_with(b"\x89PNG"), "no PNG");
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

fn each_format_is_served_in_three_sizes(database: Database) {
    let book = Book::on(database);
    for (file, media, resized) in [
        ("logo.png", "image/png", "image/png"),
        ("logo.jpg", "image/jpeg", "image/jpeg"),
        ("logo.gif", "image/gif", "image/png"),
        ("logo.bmp", "image/bmp", "image/png"),
    ] {
        let answer = create(&book, file, file, &image(file));
        assert_eq!(answer.status, 201, "{}", answer.body);
        let path = logo(&book, &answer);
        let extension = file.rsplit_once('.').unwrap().1;
        assert!(path.contains("/photoCustomer/") && path.ends_with(&format!("_logo.{extension}")));
        let full = book.server.get(&path);
        assert_eq!((full.status, full.header("content-type")), (200, Some(media)));
        assert_eq!(full.header("x-content-type-options"), Some("nosniff"));
        assert!(full.header("cache-control").unwrap().contains("max-age=31536000"));
        let etag = full.header("etag").unwrap();
        assert!(etag.starts_with('"'), "strong: {etag}");
        let again = book.server.request("GET", &path, &[("If-None-Match", etag)], b"");
        assert_eq!((again.status, again.body.as_str()), (304, ""));
        let small = book.server.get(&sized(&path, "small_"));
        assert_eq!((small.status, small.header("content-type")), (200, Some(resized)), "{file}");
        if resized == "image/png" {
            let bytes = fetch(&book.server, &sized(&path, "small_"));
            assert_eq!(png_size(&bytes), (100, 50), "{file}");
        }
        let medium = book.server.get(&sized(&path, "medium_"));
        // 160 × 80 fits into 400 × 400 as it is.
        let expected = if file == "logo.bmp" { media } else { resized };
        assert_eq!((medium.status, medium.header("content-type")), (200, Some(expected)), "{file}");
    }
    let png = book.get(&format!("{PATH}/reference/logo.png"));
    assert_eq!(png_size(&fetch(&book.server, &logo(&book, &png))), (640, 320));
}

fn replaced_removed_and_refused_images_leave_no_file(database: Database) {
    let book = Book::on(database);
    let first = logo(&book, &create(&book, "A", "logo.png", &image("logo.png")));
    assert_eq!(book.image_files().len(), 3);
    let own = format!("{PATH}/reference/A");
    let jpg = image("logo.jpg");
    let answer = book.post_parts(&own, &[("imageFile", Some("other.jpg"), &jpg)]);
    let second = logo(&book, &answer);
    assert_eq!(book.image_files().len(), 3);
    assert_eq!(book.server.get(&first).status, 404);
    assert_eq!(book.server.get(&second).status, 200);
    // An update that says nothing of the image, or comes from a page whose file field was left alone, keeps it.
    for parts in [[("phone", None, &b"1"[..])], [("imageFile", Some(""), b"")]] {
        assert_eq!(logo(&book, &book.post_parts(&own, &parts)), second);
    }
    // What fails leaves the old one, and no new one.
    let refused: [Part<'_>; 2] = [("imageFile", Some("x.jpg"), &jpg), ("reference", None, b"NC-1")];
    assert_eq!(book.post_parts(&own, &refused).status, 400);
    assert_eq!(create(&book, "NC-1", "x.jpg", &jpg).status, 400);
    assert_eq!(book.image_files().len(), 3);
    assert_eq!(book.server.get(&second).status, 200);
    let answer = book.post(&own, &[("imageFile", "")]);
    assert!(answer.json()["logo"].is_null());
    assert_eq!(book.image_files(), [""; 0]);
    create(&book, "B", "logo.png", &image("logo.png"));
    assert_eq!(book.image_files().len(), 3);
    assert_eq!(book.delete(&format!("{PATH}/reference/B")).status, 200);
    assert_eq!(book.image_files(), [""; 0]);
}

/// A PNG whose header says one size, with other data.
fn png(width: u32, height: u32, data: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend_from_slice(&width.to_be_bytes());
    header.extend_from_slice(&height.to_be_bytes());
    header.extend_from_slice(&[8, 6, 0, 0, 0]);
    for (kind, content) in [(b"IHDR", header.as_slice()), (b"IDAT", data), (b"IEND", b"")] {
        bytes.extend_from_slice(&u32::try_from(content.len()).unwrap().to_be_bytes());
        bytes.extend_from_slice(kind);
        bytes.extend_from_slice(content);
        let mut check = flate2::Crc::new();
        check.update(kind);
        check.update(content);
        bytes.extend_from_slice(&check.sum().to_be_bytes());
    }
    bytes
}

fn zlib_of_zeros(bytes: usize) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..bytes / 65_536 {
        encoder.write_all(&[0; 65_536]).unwrap();
    }
    encoder.finish().unwrap()
}

/// The most memory that the server has used, in MiB.
fn peak_memory(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

fn hostile_files_come_to_documented_errors_and_little_memory(database: Database) {
    let book = Book::on(database);
    let unsupported = |answer: &Answer, what: &str| {
        let (status, error, _) = fault(answer);
        assert_eq!((status, error.as_str()), (400, "unsupported_file_type"), "{what}");
    };
    let header = png(65_535, 65_535, &zlib_of_zeros(65_536));
    unsupported(&create(&book, "X", "header.png", &header), "a header of 65,535 × 65,535");
    // 4096 × 4096 is taken where it is one; 128 MiB of zeros behind a small header is not unpacked.
    let bomb = zlib_of_zeros(128 << 20);
    assert!(bomb.len() < 2 << 20, "{} bytes", bomb.len());
    let answer = create(&book, "BOMB", "bomb.png", &png(100, 100, &bomb));
    assert!(answer.status == 201 || answer.status == 400, "{}", answer.body);
    let whole = zlib_of_zeros(4096 * (4096 * 4 + 1) + 65_536);
    for _ in 0..3 {
        let answer = create(&book, "LARGE", "large.png", &png(4096, 4096, &whole));
        assert!(answer.status == 201 || answer.status == 400, "{}", answer.body);
    }
    unsupported(&create(&book, "X", "page.png", b"<html><script>alert(1)</script>"), "a page");
    unsupported(&create(&book, "X", "x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "SVG");
    unsupported(&create(&book, "X", "x.png", b""), "nothing under a name");
    // The content decides, not the name.
    let answer = create(&book, "JPG", "really.png", &image("logo.jpg"));
    assert!(logo(&book, &answer).ends_with("_really.jpg"));
    let peak = peak_memory(&book.server);
    assert!(peak < 256, "{peak} MiB");
    assert_eq!(book.get(&format!("{PATH}/256")).status, 200);
}

fn files_that_break_off_at_every_64th_byte_come_to_documented_answers(database: Database) {
    let book = Book::on(database);
    for file in ["logo.png", "logo.jpg", "small.gif", "logo.bmp"] {
        let bytes = image(file);
        for end in (0..bytes.len()).step_by(64) {
            let answer = create(&book, &format!("{file}{end}"), file, &bytes[..end]);
            match answer.status {
                201 => {}
                _ => expect_fault(
                    &answer,
                    400,
                    "unsupported_file_type",
                    "image format not supported.",
                ),
            }
        }
    }
}

fn two_mebibytes_are_taken_and_one_byte_more_is_not(database: Database) {
    let book = Book::on(database);
    // A bitmap with bytes behind its end is as long as one likes.
    let mut bytes = image("logo.bmp");
    bytes.resize(2 * 1024 * 1024, 0);
    assert_eq!(create(&book, "MAX", "a.bmp", &bytes).status, 201);
    bytes.push(0);
    let too_large = |answer: &Answer| {
        expect_fault(answer, 400, "exceeded_file_size", "image size should not exceed 2Mo")
    };
    too_large(&create(&book, "MORE", "a.bmp", &bytes));
    bytes.resize(10 * 1024 * 1024, 0);
    too_large(&create(&book, "MORE", "a.bmp", &bytes));
    assert_eq!(book.get(&format!("{PATH}/reference/MORE")).status, 404);
}

fn forms_beyond_the_limits_or_broken_are_refused(database: Database) {
    let book = Book::on(database);
    let many: Vec<Part<'_>> = (0..10_000).map(|_| ("phone", None, &b"1"[..])).collect();
    assert_eq!(book.post_parts(PATH, &many).status, 413);
    let files: Vec<Part<'_>> =
        (0..10_000).map(|_| ("imageFile", Some("x.png"), &b"1"[..])).collect();
    assert_eq!(book.post_parts(PATH, &files).status, 413);
    let long = vec![b'x'; 100_000];
    assert_eq!(book.post_parts(PATH, &[("comment", None, &long)]).status, 413);
    let pairs = "a=b&".repeat(2000);
    assert_eq!(book.send(PATH, "application/x-www-form-urlencoded", pairs.as_bytes()).status, 413);
    assert_eq!(book.send(PATH, "application/json", b"{}").status, 415);
    for (content_type, body) in [
        ("multipart/form-data", &b"--x--"[..]),
        ("multipart/form-data; boundary=x", b"--x\r\n"),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--",
        ),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1",
        ),
        ("multipart/form-data; boundary=x", b"no part at all"),
    ] {
        let answer = book.send(PATH, content_type, body);
        assert_eq!(answer.status, 400, "{} {}", text(body), answer.body);
    }
    let peak = peak_memory(&book.server);
    assert!(peak < 256, "{peak} MiB");
}

fn no_name_leads_out_of_the_store(database: Database) {
    let book = Book::on(database);
    let marked = book.workspace.path().join("outside.png");
    std::fs::write(&marked, "outside").unwrap();
    for (place, file) in [
        "../../outside.png",
        "..\\..\\outside.png",
        "/etc/passwd",
        "C:\\con.png",
        "%2e%2e%2foutside.png",
        "a/b/c.png",
        ".",
        "..",
        "....",
        "日本.png",
        "small_x.png",
    ]
    .into_iter()
    .enumerate()
    {
        let answer = create(&book, &format!("P{place}"), file, &image("logo.png"));
        assert_eq!(answer.status, 201, "{file}: {}", answer.body);
        assert_eq!(book.server.get(&logo(&book, &answer)).status, 200, "{file}");
    }
    assert_eq!(std::fs::read_to_string(&marked).unwrap(), "outside");
    assert_eq!(book.image_files().len(), 11 * 3);
    let own = logo(&book, &create(&book, "OWN", "logo.png", &image("logo.png")));
    let folder = own.rsplit_once('/').unwrap().0;
    for name in [
        "../../outside.png",
        "..%2f..%2foutside.png",
        "..%5c..%5coutside.png",
        "%2e%2e/outside.png",
        "1_x%00.png",
        "outside.png",
        "",
        ".",
        "small_medium_1_x.png",
        "%2fetc%2fpasswd",
    ] {
        let answer = book.server.get(&format!("{folder}/{name}"));
        assert_eq!(answer.status, 404, "{name}: {}", answer.body);
        assert!(!answer.body.contains("outside\n"));
    }
}

fn private_images_ask_for_a_sign_in_of_their_organization(database: Database) {
    let book = Book::on(database);
    let other = organization(&book.workspace, "entity2");
    let path = logo(&book, &create(&book, "A", "logo.png", &image("logo.png")));
    assert_eq!(book.server.get(&path).status, 200);
    book.workspace.ok(&["organization", "set", "entity1", "private_images=true"]);
    assert_eq!(fault(&book.server.get(&path)).1, "no_credentials");
    let own = book.get(&path);
    assert_eq!(own.status, 200);
    assert!(own.header("cache-control").unwrap().starts_with("private"));
    assert_eq!(crate::call(&book.server, &other, "GET", &path, &[]).status, 404);
}
