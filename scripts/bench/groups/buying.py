"""Buying reports beside those who read the same rows: a bare handler with rusqlite, and services over PostgreSQL."""
import contextlib
import json

import ledger
import postgres
from figures import Contest, Section, milliseconds, rate
from load import Load, expect, post_json
from stage import Failure, say
from turns import in_turns

CONNECTIONS = 16


def run(stage):
    book = ledger.main(stage)
    asked = ledger.customers_asked(book, 2_000)
    requests = {id: ledger.report(book, id) for id in asked}
    checked = asked[:20]
    table = Contest()
    with contextlib.ExitStack() as running:
        server = running.enter_context(ledger.serve(book))
        _, bare = running.enter_context(stage.peer(
            "report", "--database", book.path, "--from", ledger.FIRST, "--to", ledger.TODAY))
        for id in checked:
            if expect(server.address, requests[id]).body != expect(bare, requests[id]).body:
                raise Failure(f"Tradebook and rusqlite give different reports of customer {id}")
        reports = [json.loads(expect(server.address, requests[id]).body)["BuyingReportList"] for id in checked]
        rows = sum(map(len, reports)) / len(reports)
        load = Load(stage, requests.values())
        alternatives = {
            "Tradebook": lambda: load.measure(server.address, CONNECTIONS).per_second,
            "rusqlite": lambda: load.measure(bare, CONNECTIONS).per_second,
        }
        say("    PostgreSQL is filled with the same lines")
        url = running.enter_context(postgres.server(stage))
        postgres.fill(stage, url, book.path)
        first, last = ledger.julian(ledger.FIRST), ledger.julian(ledger.TODAY)
        fastapi = running.enter_context(postgres.fastapi(stage, url, first, last))
        if fastapi:
            same(checked, reports, lambda id: json.loads(expect(fastapi, requests[id]).body)["BuyingReportList"], "FastAPI")
            alternatives["FastAPI"] = lambda: load.measure(fastapi, CONNECTIONS).per_second
        postgrest = running.enter_context(postgres.postgrest(stage, url))
        if postgrest:
            question = lambda id: post_json("/rpc/buying_report", {"customer": id, "first": first, "last": last})
            same(checked, reports, lambda id: json.loads(expect(postgrest, question(id)).body), "PostgREST")
            questions = Load(stage, map(question, asked))
            alternatives["PostgREST"] = lambda: questions.measure(postgrest, CONNECTIONS).per_second
        rounds = in_turns("buying reports/s", alternatives, stage.settings.rounds)
        alone = load.measure(server.address, 1)
    what = f"{rows:.0f} rows from {ledger.LINES_OF_A_CUSTOMER} lines of {stage.settings.ledger_lines:,}"
    for peer, name, target in (("rusqlite", "actix + rusqlite", 0.7), ("PostgREST", "PostgREST", 10), ("FastAPI", "FastAPI + SQLAlchemy, PostgreSQL", None)):
        if peer in alternatives:
            table.against(what, rate(rounds["Tradebook"]), name, rate(rounds[peer]), rounds.ratio("Tradebook", peer), target)
        else:
            table.note(what, f"{name}: not installed")
    table.alone("the same, one connection", f"p50 {milliseconds(alone.p50)}, p99 {milliseconds(alone.p99)}")
    return Section("Buying reports", [
        f"SQLite with {stage.settings.ledger_lines:,} invoice lines; two years back; {CONNECTIONS} connections; another customer in every request. The bare handler runs one statement "
        "on a connection of its thread; the services run the same statement as a function in PostgreSQL with the lines in a covering index. All give the same rows.",
        table,
    ])


def same(checked, reports, fetch, name):
    for id, report in zip(checked, reports, strict=True):
        if fetch(id) != report:
            raise Failure(f"Tradebook and {name} give different reports of customer {id}")
