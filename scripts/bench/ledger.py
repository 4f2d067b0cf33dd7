"""Databases with many invoice lines, and the requests for reports on them."""
import datetime
import time

import catalogue
from load import post_json
from stage import Book, say

REPORT = "/api/v1/CustomerBuyingReport"
LINES_OF_A_CUSTOMER = 500
MONTHS_BACK = 24
TODAY = datetime.date(2024, 6, 10)
FIRST = datetime.date(2022, 6, 10)
JULIAN_OF_DAY_0 = 1_721_425


def julian(day):
    return day.toordinal() + JULIAN_OF_DAY_0


def load(stage, lines, products):
    """A database with so many invoice lines, 500 for each customer: written directly, since imports of all of them would take most of the run. The oldest are of FIRST."""
    customers = max(1, lines // LINES_OF_A_CUSTOMER)
    folder = stage.path("ledger")
    stage.data("catalogue", folder, "--products", products, "--lists", 0, "--customers", customers)
    book = Book(stage, f"ledger-{lines}")
    book.load(folder)
    began = time.monotonic()
    stage.data("ledger", "--database", book.path, "--customers", customers, "--products", products, "--last", TODAY)
    say(f"    {customers * LINES_OF_A_CUSTOMER:,} ledger lines written in {time.monotonic() - began:.1f} s")
    book.customers = customers
    return book


def main(stage):
    size = stage.settings
    return stage.keep(f"ledger {size.ledger_lines}", lambda: load(stage, size.ledger_lines, size.report_products))


def report(book, id):
    return post_json(REPORT, {
        "apiKey": book.key, "CustomerID": id, "AccountNo": "", "BasedOn": "I", "MonthsBack": MONTHS_BACK, "WeeksUntilAvailable": 0,
    }, Accept=catalogue.JSON)


def customers_asked(book, count):
    """Customers far from each other."""
    return [turn * 7_919 % book.customers + 1 for turn in range(min(count, book.customers))]


def serve(book):
    return book.serve("--today", TODAY)
