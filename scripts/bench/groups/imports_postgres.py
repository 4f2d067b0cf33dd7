"""The import of a ledger into PostgreSQL beside psql's `\copy` of the same lines into a table with the same indexes."""
import copy
import shutil
import time

import postgres
from figures import Contest, Section
from groups.imports import ledger
from stage import Book, say
from turns import in_turns

# The columns of the file as they stand, with the primary key and the report's index of the ledger.
PEER = """
DROP TABLE IF EXISTS lines;
CREATE TABLE lines (
    invoice text COLLATE "C", line integer, kind text COLLATE "C", customer text COLLATE "C", tax_point date, currency text COLLATE "C",
    product text COLLATE "C", quantity integer, unit_price numeric, PRIMARY KEY (invoice, line)
);
CREATE INDEX report ON lines (customer, tax_point, kind, product, quantity);
"""


class ServerBook(Book):
    """As `Book`, in a database of a server."""

    def __init__(self, stage, server, name):
        self.server, self.name = server, name
        postgres.sql(stage, server, f"CREATE DATABASE {name}")
        super().__init__(stage, name)

    def command(self, *arguments, log="error"):
        url = self.server.replace("/postgres?", f"/{self.name}?")
        return self.stage.tradebook, "--database", url, "--log", log, *arguments

    def copy(self, name):
        other = copy.copy(self)
        other.name = name
        postgres.sql(self.stage, self.server, f"CREATE DATABASE {name} TEMPLATE {self.name}")
        return other

    def remove(self):
        postgres.sql(self.stage, self.server, f"DROP DATABASE {self.name}")


def run(stage):
    folder, lines, count = ledger(stage)
    with postgres.server(stage) as server:
        # All but the ledger goes in first, so that both import the same lines.
        prepared = ServerBook(stage, server, "prepared")
        prepared.load(*(path for path in sorted(folder.iterdir()) if path != lines))

        def ours():
            book = prepared.copy("import")
            took = book.load(lines)
            book.remove()
            return count / took

        def copied():
            postgres.sql(stage, server, PEER)
            began = time.monotonic()
            postgres.sql(stage, server, rf"\copy lines FROM '{lines}' (FORMAT csv, HEADER)")
            return count / (time.monotonic() - began)

        rounds = in_turns("ledger lines imported/s", {"Tradebook": ours, "psql": copied}, stage.settings.import_rounds)
    shutil.rmtree(folder)
    table = Contest()
    table.against(f"Import of {count:,} invoice lines", f"{rounds['Tradebook'].median:,.0f} lines/s", r"psql's `\copy`",
                  f"{rounds['psql'].median:,.0f} lines/s", rounds.ratio("Tradebook", "psql"), 0.6)
    say(f"    the ledger takes {count / rounds['Tradebook'].median:.2f} s")
    return Section("Imports into PostgreSQL", [
        "The same file into a table of PostgreSQL with the same primary key and index, in turns; otherwise as above.",
        table,
    ])
