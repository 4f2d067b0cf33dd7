"""Memory with everything rendered, under slow readers, and the time to start."""
import selectors
import socket
import time

import catalogue
from figures import Contest, Section, megabytes
from load import expect
from stage import Failure, say
from turns import Spread

BYTES_PER_SECOND = 200_000


def run(stage):
    book = catalogue.main(stage)
    size = stage.settings
    table = Contest()
    starts = []
    for _ in range(size.rounds):
        with book.serve() as server:
            starts.append(server.seconds_to_ready)
    ready = Spread.of(starts)
    with book.serve() as server:
        idle = server.resident_bytes()
        for currency in ("EUR", "GBP", "USD"):
            for media in (catalogue.JSON, catalogue.XML):
                expect(server.address, catalogue.whole_list(book, media, currency))
        time.sleep(min(1, size.slow_seconds))
        rendered = server.resident_bytes()
        grown = slow_readers(stage, book, server, rendered)
    say(f"    ready after {ready.median:.2f} s; {megabytes(idle)} then, {megabytes(rendered)} with all lists rendered; "
        f"{size.slow_readers} slow readers add {megabytes(grown)}")
    table.alone("From start to ready", f"{ready.median:.2f} s ({ready.least:.2f} to {ready.most:.2f})", "under 1.5 s", ready.median < 1.5)
    table.alone("Resident, when ready", megabytes(idle))
    table.alone("Resident, after all lists were asked for in JSON and XML", megabytes(rendered), "under 300 MB", rendered < 300e6)
    table.alone(f"More with {size.slow_readers} readers of the whole list at {BYTES_PER_SECOND // 1000} KB/s each", megabytes(max(grown, 0)),
                "under 10 MB", grown < 10e6)
    return Section("Memory and start", [
        f"{size.products:,} products × 3 breaks × 3 lists, and {size.customers_with_terms} customers with {size.agreed:,} agreed prices each.", table])


def slow_readers(stage, book, server, before):
    """How far resident memory grows at most while many read a whole list slowly."""
    request = catalogue.whole_list(book)
    host, port = server.address.rsplit(":", 1)
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    text = f"POST {request.path} HTTP/1.1\r\nHost: {server.address}\r\n{head}Content-Length: {len(request.body)}\r\n\r\n{request.body}"
    selector = selectors.DefaultSelector()
    readers = []
    peak, received, closed = before, {}, 0
    try:
        for _ in range(stage.settings.slow_readers):
            reader = socket.socket()
            readers.append(reader)
            received[reader] = 0
            # A small window, so that what is not read waits in the server.
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
            reader.connect((host, int(port)))
            reader.sendall(text.encode())
            reader.setblocking(False)
            selector.register(reader, selectors.EVENT_READ)
        began = time.monotonic()
        end = began + stage.settings.slow_seconds
        while (now := time.monotonic()) < end and closed < len(readers):
            for key, _ in selector.select(timeout=0.01):
                if received[key.fileobj] < (now - began) * BYTES_PER_SECOND:
                    part = key.fileobj.recv(16_384)
                    received[key.fileobj] += len(part)
                    if not part:
                        selector.unregister(key.fileobj)
                        closed += 1
            peak = max(peak, server.resident_bytes())
            time.sleep(0.005)
    finally:
        for reader in readers:
            reader.close()
        selector.close()
    if closed or not all(received.values()):
        raise Failure("the slow readers were not served, or cut off")
    return peak - before
