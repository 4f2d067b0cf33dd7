"""PostgreSQL and the services over it: FastAPI with SQLAlchemy, and PostgREST where it is installed."""
import contextlib
import os
import shutil
import subprocess
import time
import urllib.parse
import venv
from pathlib import Path

from load import call, get
from stage import ROOT, Failure, await_port, free_port, say

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
SERVICE = Path(__file__).with_name("report_service.py")

# What the report needs, with one index that answers it, as in Tradebook's own database.
SCHEMA = """
CREATE SCHEMA api;
CREATE TABLE api.products (id integer PRIMARY KEY, code text, description text, barcode text, epos_barcode text, available integer, next_available integer);
CREATE TABLE api.lines (customer_id integer, date integer, product_id integer, quantity integer, kind smallint);
"""
INDEX = """
CREATE INDEX lines_by_customer ON api.lines (customer_id) INCLUDE (date, product_id, quantity, kind);
VACUUM ANALYZE api.products;
VACUUM ANALYZE api.lines;
"""
FUNCTION = """
CREATE FUNCTION api.buying_report(customer integer, first integer, last integer)
RETURNS TABLE ("ID" integer, "Code" text, "Description" text, "CustPartNo" text, "Barcode" text, "EPOSBarcode" text, "Qty" bigint, "LastInvoiced" text, "NextAvail" text)
LANGUAGE sql STABLE AS $$
    SELECT p.id, p.code, p.description, NULL::text, p.barcode, p.epos_barcode, l.quantity, to_char(to_date(l.invoiced::text, 'J'), 'YYYYMMDD'),
        CASE WHEN p.available > 0 THEN NULL ELSE to_char(to_date(p.next_available::text, 'J'), 'YYYYMMDD') END
    FROM (
        SELECT product_id, SUM(CASE WHEN date >= first THEN quantity ELSE 0 END) AS quantity, MAX(CASE WHEN kind = 1 THEN date END) AS invoiced
        FROM api.lines WHERE customer_id = customer AND date <= last GROUP BY product_id
    ) AS l JOIN api.products AS p ON p.id = l.product_id
    WHERE l.quantity > 0 AND (p.available > 0 OR p.next_available > last)
    ORDER BY p.code COLLATE "C"
$$;
"""


@contextlib.contextmanager
def server(stage):
    """A PostgreSQL of its own, that of the tests, tuned. Gives its URL."""
    # The shell ends, and with it the server, when its standard input does.
    with stage.running(ROOT / "tests/with-postgres.sh", "sh", "-c", 'echo "$TEST_POSTGRES_URL"; exec cat', stdin=subprocess.PIPE,
                       env={name: value for name, value in os.environ.items() if not name.startswith(("TEST_POSTGRES", "TRADEBOOK_"))}) as process:
        url = process.expect_line(lambda line: line if line.startswith("postgres://") else None)
        if not stage.settings.smoke:
            tune(stage, url)
        yield url


def tune(stage, url):
    """For data that is in memory: without it, PostgreSQL would read all products for each report."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    for setting in (f"shared_buffers = '{min(1536, memory // 8)}MB'", "maintenance_work_mem = '512MB'", "random_page_cost = 1.1", "jit = off"):
        sql(stage, url, f"ALTER SYSTEM SET {setting}")
    data = sql(stage, url, "SHOW data_directory").strip()
    version = sql(stage, url, "SHOW server_version_num").strip()
    program = shutil.which("pg_ctl") or f"/usr/lib/postgresql/{int(version) // 10000}/bin/pg_ctl"
    as_server = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    stage.run(*as_server, program, "-D", data, "-l", f"{data}/server.log", "-m", "fast", "-w", "restart", cwd="/")


def sql(stage, url, text):
    return stage.run("psql", url, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", "--command", text)


def fill(stage, url, database):
    """Copies the products and invoice lines of Tradebook's database."""
    sql(stage, url, SCHEMA)
    for table, statement in {
        "api.products": "SELECT id, code, description, barcode, epos_barcode, available, next_available FROM products",
        "api.lines": "SELECT customer_id, date, product_id, quantity, kind FROM ledger_lines",
    }.items():
        stage.run("bash", "-euo", "pipefail", "-c", 'sqlite3 -csv "$1" "$2" | psql "$3" --no-psqlrc --quiet --command "COPY $4 FROM STDIN (FORMAT csv)"',
                  "fill", database, statement, url, table)
    for statement in INDEX.strip().splitlines():
        sql(stage, url, statement)
    sql(stage, url, FUNCTION)


def interpreter(stage):
    """A Python with what the service needs; made once and kept beside the other tools."""
    folder = ROOT / ".tools/bench-venv"
    python = folder / "bin/python"
    marker = folder / "complete"
    if not marker.exists() or marker.read_text() != REQUIREMENTS.read_text():
        say("    FastAPI and SQLAlchemy are installed, once")
        venv.create(folder, clear=True, with_pip=True)
        stage.run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", REQUIREMENTS)
        marker.write_text(REQUIREMENTS.read_text())
    return python


@contextlib.contextmanager
def fastapi(stage, url, first, last):
    """The service over SQLAlchemy, with two workers. Gives its address, or nothing where it cannot be installed."""
    try:
        python = interpreter(stage)
    except (Failure, subprocess.CalledProcessError, OSError) as error:
        say(f"    FastAPI is left out, it cannot be installed: {str(error).strip().splitlines()[-1]}")
        yield None
        return
    port = free_port()
    environment = {**os.environ, "REPORT_DATABASE": url.replace("postgres://", "postgresql+psycopg://"), "REPORT_FIRST": str(first), "REPORT_LAST": str(last)}
    with stage.running(python, "-m", "uvicorn", "--app-dir", SERVICE.parent, "report_service:app", "--port", port, "--workers", 2,
                       "--log-level", "warning", env=environment) as process:
        await_port(process, port)
        yield f"127.0.0.1:{port}"


@contextlib.contextmanager
def postgrest(stage, url):
    """PostgREST over the same function. Gives its address, or nothing: no package registry has its server, so that it must be installed by hand."""
    program = os.environ.get("POSTGREST") or shutil.which("postgrest")
    if program is None:
        say("    PostgREST is left out: there is no `postgrest` in the path (POSTGREST=/path/to/it says where it is)")
        yield None
        return
    sql(stage, url, "CREATE ROLE reader NOLOGIN")
    sql(stage, url, "GRANT USAGE ON SCHEMA api TO reader")
    sql(stage, url, "GRANT SELECT ON ALL TABLES IN SCHEMA api TO reader")
    port = free_port()
    folder = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)["host"][0]
    configuration = stage.path("postgrest.conf")
    configuration.write_text(
        f'db-uri = "postgres://postgres@/postgres?host={folder}"\ndb-schemas = "api"\ndb-anon-role = "reader"\n'
        f'db-pool = 16\nserver-host = "127.0.0.1"\nserver-port = {port}\nlog-level = "crit"\n')
    with stage.running(program, configuration) as process:
        await_port(process, port)
        # It answers 503 until it has read the schema.
        end = time.monotonic() + 30
        while call(f"127.0.0.1:{port}", get("/")).status == 503 and time.monotonic() < end:
            time.sleep(0.05)
        yield f"127.0.0.1:{port}"
