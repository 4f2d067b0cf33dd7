#!/usr/bin/env python3
"""Imports a ledger with `tradebook import` and with the `sqlite3` shell's `.import`, in turns, and prints the ratio.

usage: bench_import.py TRADEBOOK [FOLDER]

TRADEBOOK is the release binary. FOLDER is an import folder with invoice_lines.csv or invoice_lines.csv.gz and all that it refers to; without one, a ledger of
809,560 lines is made: 5,942 customers, 5,304 products, 53,000 invoices. The shell imports the same lines into a table with the same indexes.
"""
import csv
import gzip
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 3
LINES, CUSTOMERS, PRODUCTS, INVOICES = 809_560, 5_942, 5_304, 53_000

# The columns of the file as they stand, with the primary key and the report's index of the ledger.
SHELL = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
CREATE TABLE lines (
    invoice TEXT, line INTEGER, kind TEXT, customer TEXT, tax_point TEXT, currency TEXT, product TEXT, quantity INTEGER, unit_price REAL,
    PRIMARY KEY (invoice, line)
) WITHOUT ROWID;
CREATE INDEX report ON lines (customer, tax_point, kind, product, quantity);
"""


def make(folder):
    pick = random.Random(1)

    def write(name, header, rows):
        with open(os.path.join(folder, name), "w", newline="") as file:
            out = csv.writer(file)
            out.writerow(header)
            out.writerows(rows)

    write("products.csv", ["code", "description"], ((f"P{n:05}", f"Product {n}") for n in range(PRODUCTS)))
    write("customers.csv", ["reference", "name"], ((f"C{n:05}", f"Customer {n}") for n in range(CUSTOMERS)))

    def lines():
        written = 0
        for invoice in range(INVOICES):
            day = time.strftime("%Y-%m-%d", time.gmtime(1_259_625_600 + invoice * 63_000_000 // INVOICES))
            customer = f"C{pick.randrange(CUSTOMERS):05}"
            count = LINES - written if invoice == INVOICES - 1 else min(pick.randint(1, 30), LINES - written - (INVOICES - invoice))
            for line in range(1, max(count, 1) + 1):
                product = f"P{pick.randrange(PRODUCTS):05}"
                yield (500_000 + invoice, line, "I", customer, day, "GBP", product, pick.randint(1, 48), f"{pick.randint(10, 2000) / 100:.2f}")
                written += 1

    write("invoice_lines.csv", ["invoice", "line", "kind", "customer", "tax_point", "currency", "product", "quantity", "unit_price"], lines())


def shell_import(path, database):
    began = time.monotonic()
    commands = SHELL + f".import --csv --skip 1 {path} lines\nPRAGMA wal_checkpoint(TRUNCATE);\n"
    subprocess.run(["sqlite3", database], input=commands, text=True, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def tradebook(binary, database, *arguments):
    subprocess.run([binary, "--database", f"sqlite://{database}", "--log", "warn", *arguments], check=True, stdout=subprocess.DEVNULL)


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    binary = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="tradebook-bench-") as work:
        folder = os.path.join(work, "data")
        os.mkdir(folder)
        if len(sys.argv) == 3:
            for name in os.listdir(sys.argv[2]):
                shutil.copy(os.path.join(sys.argv[2], name), folder)
        else:
            make(folder)
        lines = os.path.join(folder, "invoice_lines.csv")
        if os.path.exists(lines + ".gz"):
            with gzip.open(lines + ".gz", "rb") as source, open(lines, "wb") as target:
                shutil.copyfileobj(source, target)
            os.remove(lines + ".gz")
        with open(lines, "rb") as file:
            count = sum(1 for _ in file) - 1

        # All but the ledger goes in first, so that both import the same lines.
        prepared = os.path.join(work, "prepared.db")
        tradebook(binary, prepared, "organization", "create", "Bench", "--currency", "GBP")
        others = [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".csv") and name != "invoice_lines.csv"]
        tradebook(binary, prepared, "import", "--organization", "Bench", *others)

        ours, theirs = [], []
        for turn in range(ROUNDS):
            database = os.path.join(work, f"book{turn}.db")
            shutil.copy(prepared, database)
            began = time.monotonic()
            tradebook(binary, database, "import", "--organization", "Bench", lines)
            ours.append(time.monotonic() - began)
            theirs.append(shell_import(lines, os.path.join(work, f"shell{turn}.db")))
        # Of all commands so far; those of the preparation are smaller, and sqlite3's own peak is a few megabytes.
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024

        def line(name, times):
            median = statistics.median(times)
            print(f"{name:18} {median:6.2f} s  ({min(times):.2f} to {max(times):.2f})  {count / median:10,.0f} lines/s")
            return median

        print(f"{count:,} ledger lines, medians of {ROUNDS} rounds in turns")
        mine, other = line("tradebook import", ours), line("sqlite3 .import", theirs)
        print(f"rate: {other / mine:.2f} of sqlite3's; peak memory of any process: {peak:.0f} MB")


if __name__ == "__main__":
    main()
