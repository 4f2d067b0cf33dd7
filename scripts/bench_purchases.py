#!/usr/bin/env python3
"""Measures lists of purchase events: the time to the first byte and to the whole answer, for accounts among many others.

    cargo build --release -p tradebook -p tradebook-bench
    scripts/bench_purchases.py target/release --accounts 10000 --purchases 1000

Every request asks for all events of another account, with their products, over one connection. Needs nothing beside the
standard library.
"""

import argparse
import base64
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = "/crmapi/rest/v2"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("programs", type=Path, help="the folder of the programs tradebook and tradebook-bench")
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--purchases", type=int, default=1_000, help="of each account (default: %(default)s)")
    parser.add_argument("--requests", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tradebook-bench-") as folder:
        measure(options, Path(folder))


def measure(options, folder):
    environment = {**os.environ, "TRADEBOOK_DATABASE": f"sqlite://{folder}/book.db"}

    def run(program, *arguments):
        command = [options.programs / program, *map(str, arguments)]
        return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    accounts, purchases = options.accounts, options.purchases
    run("tradebook-bench", "data", "events", folder / "data", "--accounts", accounts, "--purchases", purchases)
    run("tradebook", "organization", "create", "Bench", "--currency", "EUR")
    key = run("tradebook", "key", "create", "--organization", "Bench")
    began = time.monotonic()
    run("tradebook", "import", "--organization", "Bench", folder / "data")
    print(f"{accounts * purchases:,} events imported in {time.monotonic() - began:.0f} s")
    command = [options.programs / "tradebook", "serve", "--listen", "127.0.0.1:0", "--log-format", "json", "--log", "warn,tradebook=info,tradebook_api=warn"]
    server = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        address = next(line["address"] for line in map(json.loads, server.stderr) if line.get("message") == "serving")
        host, port = address.rsplit(":", 1)
        connection = socket.create_connection((host, int(port)))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        basic = base64.b64encode(f"{key}:".encode()).decode()
        _, _, body = ask(connection, f"{ROOT}/authentication/web_api_key/token", b"", f"Authorization: Basic {basic}\r\n")
        token = json.loads(body)["data"]["token"]
        dice = random.Random(1)
        for warm in (True, False):
            first, whole, size = [], [], 0
            for _ in range(20 if warm else options.requests):
                account = f"ACR{dice.randint(1, accounts):06}"
                request = {"token": token, "accounts_receivable_identifier": {"number": account}}
                a, b, body = ask(connection, f"{ROOT}/customer_events/purchases/list", json.dumps(request).encode())
                first.append(a)
                whole.append(b)
                size += len(body)
                if body.count(b'"type":"PURCHASE"') != purchases:
                    sys.exit(f"{account}: not all events came: {body[:200]!r}")
        print(f"{purchases:,} events, {size // len(whole):,} bytes an answer, {len(whole)} answers:")
        for name, times in (("first byte", first), ("whole answer", whole)):
            times.sort()
            p50, p99 = (1000 * times[len(times) * part // 100] for part in (50, 99))
            print(f"{name}: p50 {p50:.1f} ms, p99 {p99:.1f} ms")
    finally:
        server.terminate()
        server.wait()


def ask(connection, path, body, headers=""):
    """Posts, and returns the times to the first byte and to the last, and the body."""
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
    began = time.perf_counter()
    connection.sendall(head.encode() + body)
    stream = connection.makefile("rb")
    line = stream.readline()
    first = time.perf_counter() - began
    if not line.startswith(b"HTTP/1.1 200"):
        sys.exit(f"{path}: {line!r}")
    fields = {}
    while (line := stream.readline()) != b"\r\n":
        name, value = line.decode().split(":", 1)
        fields[name.lower()] = value.strip()
    if "content-length" in fields:
        answer = stream.read(int(fields["content-length"]))
    else:
        parts = []
        while size := int(stream.readline(), 16):
            parts.append(stream.read(size))
            stream.readline()
        stream.readline()
        answer = b"".join(parts)
    return first, time.perf_counter() - began, answer


if __name__ == "__main__":
    main()
