"""Requests: one at a time with their answers, or as many as go in a time, by wrk."""
import http.client
import json
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

from stage import Failure

SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict = field(default_factory=dict)
    body: str | None = None

    def with_headers(self, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Request(self.method, self.path, {**self.headers, **named}, self.body)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict
    body: bytes


def get(path, **headers):
    return Request("GET", path).with_headers(**headers)


def post_json(path, value, **headers):
    return Request("POST", path, {"Content-Type": "application/json"}, json.dumps(value)).with_headers(**headers)


def call(address, request):
    """The answer to one request."""
    connection = http.client.HTTPConnection(address, timeout=120)
    try:
        connection.request(request.method, request.path, body=request.body, headers=request.headers)
        answer = connection.getresponse()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def expect(address, request, status=200):
    answer = call(address, request)
    if answer.status != status:
        raise Failure(f"{request.method} {request.path}: {answer.status}, not {status}: {answer.body[:300]!r}")
    return answer


def seconds_of(address, request):
    """The seconds from a request to the last byte of its answer, on a connection that is open already."""
    connection = http.client.HTTPConnection(address, timeout=120)
    buffer = bytearray(1 << 20)
    try:
        connection.connect()
        began = time.perf_counter()
        connection.request(request.method, request.path, body=request.body, headers=request.headers)
        answer = connection.getresponse()
        while answer.readinto(buffer):
            pass
        return time.perf_counter() - began
    finally:
        connection.close()


@dataclass(frozen=True)
class Outcome:
    per_second: float
    bytes_per_second: float
    requests: int
    p50: float
    """Seconds."""
    p99: float


def lua_string(text):
    safe = lambda byte: 32 <= byte < 127 and byte not in b'"\\'
    return '"' + "".join(chr(byte) if safe(byte) else f"\\{byte:03}" for byte in text.encode()) + '"'


def lua_table(requests):
    def one(request):
        headers = ", ".join(f"[{lua_string(name)}] = {lua_string(value)}" for name, value in request.headers.items())
        body = "nil" if request.body is None else lua_string(request.body)
        return f"{{method = {lua_string(request.method)}, path = {lua_string(request.path)}, headers = {{{headers}}}, body = {body}}}"

    return "return {\n" + ",\n".join(map(one, requests)) + "\n}\n"


class Load:
    """A list of requests that wrk sends in turn. Made once, measured often."""

    def __init__(self, stage, requests):
        self.stage = stage
        self.file = stage.path("requests.lua")
        self.file.write_text(lua_table(requests))

    def measure(self, address, connections):
        seconds = self.stage.settings.seconds
        # A short time on a busy machine may be over before the first answer.
        while True:
            result = self.run(address, connections, seconds)
            if result["failed"] or result["refused"]:
                raise Failure(f"wrk at {address}: {result['requests']} answers, {result['failed']} failures of the connection, "
                              f"{result['refused']} answers of 400 and above")
            if result["requests"]:
                break
            seconds *= 2
            if seconds > 30:
                raise Failure(f"wrk at {address}: no answer")
        took = result["microseconds"] / 1e6
        return Outcome(result["requests"] / took, result["bytes"] / took, result["requests"],
                       result["p50"] / 1e6, result["p99"] / 1e6)

    def run(self, address, connections, seconds):
        with self.stage.running(
            # Its first line, which it writes when it can be interrupted, must not wait in a buffer.
            "stdbuf", "--output=L", "wrk", "--threads", min(2, connections), "--connections", connections, "--duration", f"{int(seconds) + 30}s",
            "--timeout", "60s", "--script", SCRIPT, f"http://{address}", "--", self.file,
        ) as process:
            process.expect_line(lambda line: line if line.startswith("Running ") else None)
            # wrk counts in whole seconds; interrupted, it ends as it does when its time is over.
            time.sleep(seconds)
            process.child.send_signal(signal.SIGINT)
            process.child.wait(60)
            written = process.log.read_text(errors="replace")
        process.log.unlink()
        line = next((line for line in written.splitlines() if line.startswith("RESULT ")), None)
        if line is None:
            raise Failure(f"wrk did not end well:\n{written}")
        return json.loads(line.removeprefix("RESULT "))
