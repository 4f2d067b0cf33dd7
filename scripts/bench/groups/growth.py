"""How time, memory and rates grow with products, with customers and with the ledger: tables and docs/growth.svg."""
import re
import time
from dataclasses import dataclass

import catalogue
import ledger
from figures import Section, Table, megabytes, milliseconds, volume
from load import Load, expect, get
from plot import Panel, svg
from stage import say
from turns import amount

PLOT = "docs/growth.svg"
CONNECTIONS = 16
# A database of 50 million lines takes 4 GB, and while its indexes are made as much again.
BYTES_OF_A_LINE = 180
NAMED = 100
PRODUCTS = 100_000
"""Beside customers."""
AGREED = 10


@dataclass(frozen=True)
class Step:
    """One size, and what was measured at it."""

    size: int
    build: float = 0
    """Seconds."""
    memory: int = 0
    rate: float = 0
    volume: float = 0
    p50: float = 0
    file: int = 0
    grown: int = 0


def run(stage):
    empty = resident(stage)
    products = [of_products(stage, size, empty) for size in stage.settings.growth_products]
    customers = of_customers(stage)
    lines = [of_ledger(stage, size) for size in stage.settings.growth_ledger if fits(stage, size)]
    drawing = svg(panels(products, customers, lines), columns=3)
    (stage.path("growth.svg") if stage.settings.smoke else stage.document.parent / PLOT).write_text(drawing)
    return Section("Growth", [
        f"![How build time, memory and rates grow]({PLOT})",
        f"Products, each with three quantity breaks, in one list; {NAMED} named products by {CONNECTIONS} connections, the whole list by 2:",
        table_of_products(products),
        f"Customers with a discount of their own and {AGREED} agreed prices each, beside {min(PRODUCTS, stage.settings.products):,} products; all agreements in one answer of "
        "`CustomerCPA`:",
        table_of_customers(customers),
        f"Ledger lines, 500 for each customer; a report over all of them by {CONNECTIONS} connections:",
        table_of_ledger(lines),
    ])


def resident(stage):
    """Of a server without data."""
    book = catalogue.Book(stage, "empty")
    with book.serve() as server:
        expect(server.address, get("/health/ready"))
        return server.resident_bytes()


def build_seconds(server):
    """Of the one book that was built so far."""
    text = expect(server.address, get("/metrics")).body.decode()
    return float(re.search(r'^tradebook_book_build_duration_seconds_sum\{result="ok"\} (\S+)', text, re.MULTILINE)[1])


def of_products(stage, size, empty):
    book = catalogue.load(stage, f"products-{size}", size)
    with book.serve() as server:
        build, memory = build_seconds(server), server.resident_bytes() - empty
        named = Load(stage, [catalogue.named_products(book, NAMED, turn, size) for turn in range(200)])
        rate = named.measure(server.address, CONNECTIONS).per_second
        whole = catalogue.whole_list(book)
        expect(server.address, whole)
        # An answer of a million products is 240 MB: few of them at a time, or none is complete in the time.
        speed = Load(stage, [whole]).measure(server.address, 2).bytes_per_second
    book.remove()
    say(f"    {size:,} products: built in {milliseconds(build)}, {megabytes(memory)}, {rate:,.0f}/s, {volume(speed)}")
    return Step(size, build=build, memory=memory, rate=rate, volume=speed)


def of_customers(stage):
    """Memory is that beyond a server with the same products and no customers."""
    products = min(PRODUCTS, stage.settings.products)
    steps, base = [], None
    for size in (0, *stage.settings.growth_customers):
        book = catalogue.load(stage, f"customers-{size}", products, customers=size, agreed=AGREED)
        with book.serve() as server:
            build, memory = build_seconds(server), server.resident_bytes()
            if size == 0:
                base = memory
            else:
                steps.append(with_customers(stage, book, server, size, build, memory - base, products))
        book.remove()
    return steps


def with_customers(stage, book, server, size, build, memory, products):
    stride = max(1, size // 500)
    load = Load(stage, [catalogue.customers_prices(book, id, NAMED, id, products) for id in range(1, size + 1, stride)])
    rate = load.measure(server.address, CONNECTIONS).per_second
    everyone = catalogue.agreement(book, *range(1, size + 1))
    before = server.resident_bytes()
    expect(server.address, everyone)
    began = time.perf_counter()
    answers = [len(expect(server.address, everyone).body) for _ in range(5)]
    speed = sum(answers) / (time.perf_counter() - began)
    grown = server.resident_bytes() - before
    say(f"    {size:,} customers: built in {milliseconds(build)}, {amount(max(memory, 0) / size)} bytes each, {rate:,.0f}/s; "
        f"all agreements at {volume(speed)}, {megabytes(max(grown, 0))} more")
    return Step(size, build=build, memory=memory, rate=rate, volume=speed, grown=grown)


def fits(stage, lines):
    if stage.room(lines * BYTES_OF_A_LINE + 2e9):
        return True
    say(f"    {lines:,} ledger lines are left out: there is no room for them on the disk")
    return False


def of_ledger(stage, size):
    make = lambda: ledger.load(stage, size, stage.settings.report_products)
    # Other groups of this run may have one of that size.
    shared = size == stage.settings.ledger_lines
    book = stage.keep(f"ledger {size}", make) if shared else make()
    with ledger.serve(book) as server:
        load = Load(stage, [ledger.report(book, id) for id in ledger.customers_asked(book, 2_000)])
        # Once to read what is asked for from the disk.
        load.measure(server.address, CONNECTIONS)
        rate = load.measure(server.address, CONNECTIONS).per_second
        alone = load.measure(server.address, 1).p50
    file = book.file_bytes()
    if not shared:
        book.remove()
    say(f"    {size:,} ledger lines: {rate:,.0f} reports/s, p50 {milliseconds(alone)}, file {megabytes(file)}")
    return Step(size, rate=rate, p50=alone, file=file)


def table_of_products(steps):
    table = Table(["Products", "Book built in", "Memory", "a product", f"{NAMED} named products", "Whole list"])
    for step in steps:
        table.row(f"{step.size:,}", milliseconds(step.build), megabytes(step.memory), f"{step.memory / step.size:,.0f} bytes",
                  f"{step.rate:,.0f}/s", volume(step.volume))
    return table


def table_of_customers(steps):
    table = Table(["Customers", "Book built in", "Memory a customer", f"{NAMED} prices of one", "All agreements", "Memory more after them"])
    for step in steps:
        # One customer is less than what two starts of one program differ by.
        each = f"{max(step.memory, 0) / step.size:,.0f} bytes" if step.size > 1 else ""
        table.row(f"{step.size:,}", milliseconds(step.build), each, f"{step.rate:,.0f}/s", volume(step.volume), megabytes(max(step.grown, 0)))
    return table


def table_of_ledger(steps):
    table = Table(["Ledger lines", "Report, p50 of one client", "Reports", "File"])
    for step in steps:
        table.row(f"{step.size:,}", milliseconds(step.p50), f"{step.rate:,.0f}/s", megabytes(step.file))
    return table


def panels(products, customers, lines):
    def points(steps, value, least=0.001):
        return [(step.size, max(value(step), least)) for step in steps]

    return [
        Panel("Book and memory by products", "products", {
            "build, ms": points(products, lambda step: step.build * 1000),
            "memory, MB": points(products, lambda step: step.memory / 1e6, 1),
        }),
        Panel("Book and memory by customers", "customers with terms", {
            "build, ms": points(customers, lambda step: step.build * 1000),
            "memory, MB": points(customers, lambda step: step.memory / 1e6, 1),
        }),
        Panel("Report and file by ledger lines", "ledger lines", {
            "p50, ms": points(lines, lambda step: step.p50 * 1000),
            "file, MB": points(lines, lambda step: step.file / 1e6),
        }),
        Panel("Rates by products", "products", {
            f"{NAMED} named, 1/s": points(products, lambda step: step.rate),
            "whole list, MB/s": points(products, lambda step: step.volume / 1e6),
        }),
        Panel("Rates by customers", "customers with terms", {
            f"{NAMED} prices of one, 1/s": points(customers, lambda step: step.rate),
            "agreements, MB/s": points(customers, lambda step: step.volume / 1e6),
        }),
        Panel("Reports by ledger lines", "ledger lines", {
            "reports, 1/s": points(lines, lambda step: step.rate),
        }),
    ]
