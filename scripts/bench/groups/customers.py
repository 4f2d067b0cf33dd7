"""The customers API: showing, searching and creating."""
import shutil
import sqlite3
import time

from figures import Contest, Section, milliseconds, rate
from load import Load, Request, expect, get
from stage import ROOT, Book, Failure, say
from turns import in_turns

CUSTOMERS = "/api/v2.1/customers"
CONNECTIONS = 64
CLIENTS = 32
FORM = "application/x-www-form-urlencoded"


def run(stage):
    size = stage.settings
    book = stage.keep("names", lambda: load(stage))
    key = {"Authorization": f"Bearer {book.key}"}
    table = Contest()
    with book.serve() as server:
        show(stage, table, server, key)
        search(stage, table, book, server, key)
        create(stage, table, server, key)
    for script in sorted((ROOT / "scripts").glob("bench_customers*")):
        say(f"  {script.name}")
        print(stage.run(script, stage.tradebook, *(["--smoke"] if size.smoke else [])), flush=True)
    return Section("The customers API over HTTP", [f"{size.named_customers:,} customers in SQLite.", table])


def load(stage):
    folder = stage.path("names")
    stage.data("names", folder, "--customers", stage.settings.named_customers)
    book = Book(stage, "names")
    took = book.load(folder)
    shutil.rmtree(folder)
    say(f"    {stage.settings.named_customers:,} customers imported in {took:.1f} s")
    return book


def show(stage, table, server, key):
    total = stage.settings.named_customers
    requests = [get(f"{CUSTOMERS}/{turn * 7_919 % total + 1}", **key) for turn in range(2_000)]
    sample = expect(server.address, requests[0])
    body = stage.path("constant")
    body.write_bytes(sample.body)
    load = Load(stage, requests)
    with stage.peer("constant", "--body", body, "--content-type", sample.headers["content-type"]) as (_, constant):
        rounds = in_turns("customers shown/s", {
            "Tradebook": lambda: load.measure(server.address, CONNECTIONS).per_second,
            "constant": lambda: load.measure(constant, CONNECTIONS).per_second,
        }, stage.settings.rounds)
    table.against(f"Show a customer, {len(sample.body):,} bytes, {CONNECTIONS} connections", rate(rounds["Tradebook"]),
                  "constant", rate(rounds["constant"]), rounds.ratio("Tradebook", "constant"), 0.7)


def search(stage, table, book, server, key):
    """A page of what a search finds, beside SQLite's own LIKE for the same page."""
    wanted = stage.settings.search
    request = get(f"{CUSTOMERS}?name={wanted}&max=100", **key)
    answer = expect(server.address, request)
    load = Load(stage, [request])
    with sqlite3.connect(f"file:{book.path}?mode=ro", uri=True) as plain:
        pattern = wanted.replace("*", "%")
        total, = plain.execute("SELECT COUNT(*) FROM customers WHERE name LIKE ?", (pattern,)).fetchone()
        if f'"total":{total},'.encode() not in answer.body.replace(b" ", b""):
            raise Failure(f"LIKE finds {total} customers, Tradebook others: {answer.body[:200]!r}")

        def like():
            began = time.perf_counter()
            count = plain.execute("SELECT COUNT(*) FROM customers WHERE name LIKE ?", (pattern,)).fetchone()
            plain.execute("SELECT * FROM customers WHERE name LIKE ? ORDER BY date_created, id LIMIT 100", (pattern,)).fetchall()
            assert count == (total,)
            return time.perf_counter() - began

        rounds = in_turns(f"search for {wanted}, one at a time per second", {
            "Tradebook": lambda: 1 / load.measure(server.address, 1).p50,
            "LIKE": lambda: 1 / like(),
        }, stage.settings.rounds)
    busy = load.measure(server.address, CONNECTIONS)
    what = f"A page of 100 of the {total:,} whose name has `{wanted}`"
    table.against(f"{what}, one connection", milliseconds(1 / rounds["Tradebook"].median), "SQLite's `LIKE`",
                  milliseconds(1 / rounds["LIKE"].median), rounds.ratio("Tradebook", "LIKE"))
    table.alone(f"{what}, {CONNECTIONS} connections", f"{busy.per_second:,.0f}/s, p99 {milliseconds(busy.p99)}")


def create(stage, table, server, key):
    """Customers created by many clients, beside a table of SQLite's with one transaction for each row."""
    turn = 0

    def ours():
        nonlocal turn
        turn += 1
        request = Request("POST", CUSTOMERS, {**key, "Content-Type": FORM}, f"reference=B{turn}@unique@&name=New+customer+@unique@")
        expect(server.address, Request("POST", CUSTOMERS, request.headers, request.body.replace("@unique@", "-trial")), 201)
        return Load(stage, [request]).measure(server.address, CLIENTS).per_second

    plain = stage.path("plain.db")
    with sqlite3.connect(plain) as connection:
        connection.executescript("PRAGMA journal_mode=WAL; CREATE TABLE customers (id INTEGER PRIMARY KEY, reference TEXT UNIQUE, name TEXT);")

    rounds = in_turns("customers created/s", {"Tradebook": ours, "SQLite": lambda: rows_a_second(stage, plain)}, stage.settings.rounds)
    table.against(f"Create, acknowledged when on disk, {CLIENTS} clients", rate(rounds["Tradebook"]),
                  "SQLite, a row of three columns in each transaction, no HTTP:", rate(rounds["SQLite"]), rounds.ratio("Tradebook", "SQLite"))


def rows_a_second(stage, plain):
    connection = sqlite3.connect(plain, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous=FULL")
        first, = connection.execute("SELECT COALESCE(MAX(id), 0) FROM customers").fetchone()
        began, rows = time.perf_counter(), 0
        while time.perf_counter() - began < stage.settings.seconds:
            rows += 1
            connection.execute("INSERT INTO customers VALUES (?, ?, ?)", (first + rows, f"B{first + rows}", "New customer"))
        return rows / (time.perf_counter() - began)
    finally:
        connection.close()
