"""The import of a ledger beside the `sqlite3` shell's `.import` of the same lines into a table with the same indexes."""
import gzip
import os
import shutil
import time
from pathlib import Path

from figures import Contest, Section, megabytes
from stage import Book, say
from turns import in_turns

# The columns of the file as they stand, with the primary key and the report's index of the ledger.
SHELL = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
CREATE TABLE lines (
    invoice TEXT, line INTEGER, kind TEXT, customer TEXT, tax_point TEXT, currency TEXT, product TEXT, quantity INTEGER, unit_price REAL,
    PRIMARY KEY (invoice, line)
) WITHOUT ROWID;
CREATE INDEX report ON lines (customer, tax_point, kind, product, quantity);
.import --csv --skip 1 {lines} lines
PRAGMA wal_checkpoint(TRUNCATE);
"""


def ledger(stage):
    """A folder to import, its file of invoice lines and how many these are: that of LEDGER, or one that is made up."""
    folder = stage.path("retail")
    source = os.environ.get("LEDGER")
    if source:
        copy(Path(source), folder)
    else:
        stage.data("retail", folder, "--lines", stage.settings.import_lines)
    lines = folder / "invoice_lines.csv"
    with open(lines, "rb") as file:
        count = sum(1 for _ in file) - 1
    return folder, lines, count


def run(stage):
    folder, lines, count = ledger(stage)

    # All but the ledger goes in first, so that both import the same lines.
    prepared = Book(stage, "prepared")
    prepared.load(*(path for path in sorted(folder.iterdir()) if path != lines))

    def ours():
        book = prepared.copy("import")
        took = book.load(lines)
        book.remove()
        return count / took

    def shell():
        database, script = stage.path("shell.db"), stage.path("shell.sql")
        script.write_text(SHELL.format(lines=lines))
        began = time.monotonic()
        stage.run("sqlite3", "-init", script, database, ".quit")
        took = time.monotonic() - began
        for path in database.parent.glob(database.name + "*"):
            path.unlink()
        return count / took

    rounds = in_turns("ledger lines imported/s", {"Tradebook": ours, "sqlite3": shell}, stage.settings.import_rounds)
    peak = prepared.copy("import").peak_of_load(lines)
    shutil.rmtree(folder)
    table = Contest()
    table.against(f"Import of {count:,} invoice lines", f"{rounds['Tradebook'].median:,.0f} lines/s", "`sqlite3` `.import`",
                  f"{rounds['sqlite3'].median:,.0f} lines/s", rounds.ratio("Tradebook", "sqlite3"), 0.7)
    table.alone("Peak memory of the import", megabytes(peak), "under 400 MB", peak < 400e6)
    say(f"    the ledger takes {count / rounds['Tradebook'].median:.2f} s")
    return Section("Imports", [
        "The same file into a table with the same primary key and index, in turns. Tradebook resolves every reference and checks every rule, and shows all of it at once. "
        "`LEDGER=folder` takes an import folder with another ledger.",
        table,
    ])


def copy(source, folder):
    shutil.copytree(source, folder)
    packed = folder / "invoice_lines.csv.gz"
    if packed.exists():
        with gzip.open(packed, "rb") as read, open(folder / "invoice_lines.csv", "wb") as write:
            shutil.copyfileobj(read, write)
        packed.unlink()
