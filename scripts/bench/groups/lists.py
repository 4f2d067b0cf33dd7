"""Whole price lists beside nginx with the same bytes in a file."""
import gzip
import shutil
import statistics
import time

import catalogue
import nginx
from figures import Contest, Section, milliseconds, volume
from load import Load, expect, get, seconds_of
from stage import Failure, say
from turns import Spread, in_turns

CONNECTIONS = (1, 8)
MEDIA = {"JSON": catalogue.JSON, "XML": catalogue.XML}
ENCODINGS = {"plain": None, "gzip": "gzip", "zstd": "zstd"}
AT_LEAST = {"plain": 1.2, "gzip": 1.0, "zstd": 1.0}


def run(stage):
    book = catalogue.main(stage)
    size = stage.settings
    table = Contest()
    with book.serve() as server:
        root, requests, served = answers(stage, book, server)
        with nginx.files(stage, root, served, 1) as one, nginx.files(stage, root, served, 2) as two:
            for name in served:
                for address in (one, two):
                    if expect(address, get(f"/{name}")).body != (root / name).read_bytes():
                        raise Failure(f"nginx serves other bytes than Tradebook: {name}")
            for name, request in requests.items():
                contest(stage, table, name, request, server.address, one, two)
        firsts = Contest()
        first_after_change(stage, book, server, requests, firsts)
    return Section("Whole price lists", [
        f"The standard list of {size.products:,} products with three quantity breaks each, as bytes that arrive per second, beside nginx serving the same "
        "bytes as a file from the page cache (`sendfile`, `open_file_cache`, no log) with one worker and with two. The ratio is that to the faster of both.",
        table,
        "The first answer after an import has changed a price, beside those that follow; the time is that from the request to the last byte:",
        firsts,
    ])


def answers(stage, book, server):
    """Each form of the list, fetched and kept as a file: the folder, the requests and how files are to be served."""
    root = stage.path("files")
    root.mkdir()
    requests, served = {}, {}
    for format, media in MEDIA.items():
        plain = None
        for coding, encoding in ENCODINGS.items():
            headers = {"Accept_Encoding": encoding} if encoding else {}
            request = catalogue.whole_list(book, media, **headers)
            answer = expect(server.address, request)
            if answer.headers.get("content-encoding") != encoding:
                raise Failure(f"{encoding} was asked for and {answer.headers.get('content-encoding')} came")
            name = f"{format} {coding}"
            file = name.replace(" ", ".").lower()
            (root / file).write_bytes(answer.body)
            plain = plain or answer.body
            if decoded(stage, root / file, encoding) != plain:
                raise Failure(f"the list in {encoding} is not the plain one")
            requests[name] = request
            served[file] = (answer.headers["content-type"], encoding)
            say(f"    {name}: {len(answer.body):,} bytes")
    return root, requests, served


def decoded(stage, file, encoding):
    if encoding == "gzip":
        return gzip.decompress(file.read_bytes())
    if encoding == "zstd":
        plain = stage.path("plain")
        stage.run("zstd", "--decompress", "--quiet", file, "-o", plain)
        content = plain.read_bytes()
        plain.unlink()
        return content
    return file.read_bytes()


def contest(stage, table, name, request, address, one, two):
    format, coding = name.split()
    ours, file = Load(stage, [request]), Load(stage, [get(f"/{name.replace(' ', '.').lower()}")])
    for connections in CONNECTIONS:
        measure = lambda load, address: lambda: load.measure(address, connections).bytes_per_second / 1e6
        rounds = in_turns(f"{name}, {connections} connections, MB/s", {
            "Tradebook": measure(ours, address), "nginx 1": measure(file, one), "nginx 2": measure(file, two),
        }, stage.settings.rounds)
        faster = max("nginx 1", "nginx 2", key=lambda peer: rounds[peer].median)
        many = "1 connection" if connections == 1 else f"{connections} connections"
        table.against(
            f"{name}, {many}", volume(rounds["Tradebook"].median * 1e6),
            "nginx", " and ".join(volume(rounds[peer].median * 1e6) for peer in ("nginx 1", "nginx 2")),
            rounds.ratio("Tradebook", faster), AT_LEAST[coding])


def first_after_change(stage, book, server, requests, table):
    """Prices are changed by imports into the database that is being served, and asked for until the new one is seen."""
    more = {name: [] for name in requests}
    warm = {name: [] for name in requests}
    visible = []
    cents = 12345
    for turn in range(stage.settings.price_changes):
        say(f"    prices are changed, round {turn + 1} of {stage.settings.price_changes}")
        # A list is asked for in one form after each change, so that no other form has warmed it.
        for name, request in requests.items():
            seconds_of(server.address, request)
            cents += 1
            visible.append(change(stage, book, server, cents))
            first = seconds_of(server.address, request)
            again = [seconds_of(server.address, request) for _ in range(5)]
            warm[name].append(statistics.median(again))
            more[name].append(first - warm[name][-1])
    for name in requests:
        spread = Spread.of(more[name])
        say(f"    {name}, first after a change: {spread.median * 1000:.1f} ms more than {milliseconds(statistics.median(warm[name]))}")
        table.row(name, f"{spread.median * 1000:.1f} ms more ({spread.least * 1000:.1f} to {spread.most * 1000:.1f})",
                  f"warm {milliseconds(statistics.median(warm[name]))}", "", f"under 25 ms {'✓' if spread.median < 0.025 else '✗'}")
    seen = Spread.of(visible)
    table.alone("until a change is served, after the import has ended",
                f"{milliseconds(seen.median)} ({milliseconds(seen.least)} to {milliseconds(seen.most)})")


def change(stage, book, server, cents):
    """Imports one other price; the seconds from the end of the import until it is served."""
    folder = stage.path("change")
    folder.mkdir()
    (folder / "prices.csv").write_text(
        f"price_list,product,quantity,price\nSTD-EUR,{catalogue.product(1)},1,{cents / 100:.2f}\n")
    book.load(folder)
    shutil.rmtree(folder)
    ended = time.monotonic()
    request = catalogue.post_json(catalogue.PRICE_LIST, {
        "apiKey": book.key, "Currency": "EUR", "ExcludeCustomerPrices": True, "ProductIDs": [1]})
    wanted = f'"P":{cents / 100:.2f}'.rstrip("0").encode()
    while wanted not in expect(server.address, request).body:
        if time.monotonic() > ended + 30:
            raise Failure("a changed price is not served")
        time.sleep(0.005)
    return time.monotonic() - ended
