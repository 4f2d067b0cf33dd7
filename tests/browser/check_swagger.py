#!/usr/bin/env python3
"""Checks that swagger.py passes where it should and fails where it should.

    check_swagger.py FOLDER

FOLDER is the `dist` folder of a Swagger UI release.
"""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

KEY = "the-right-key"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".png": "image/png"}
INITIALIZER = """
window.onload = () => { window.ui = SwaggerUIBundle({
  url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset], layout: "StandaloneLayout",
}); };
"""


def content(schema):
    media = {"schema": {"$ref": schema}}
    return {name: media for name in ["application/json", "text/json", "application/xml", "text/xml"]}


def operation(operation_id):
    return {
        "tags": ["Caliq v1"],
        "operationId": operation_id,
        "requestBody": {"required": True, "content": content("#/components/schemas/Params")},
        "responses": {"200": {"description": "Price lists", "content": content("#/components/schemas/Lists")}},
    }


def document(operations):
    text = {"type": "string"}
    texts = {"type": "array", "items": text}
    return {
        "openapi": "3.1.0",
        "info": {"title": "A made-up server", "version": "1"},
        "paths": {path: {"post": operation(name)} for path, name in operations.items()},
        "components": {
            "schemas": {
                "Params": {
                    "type": "object",
                    "properties": {"apiKey": text, "Currency": text, "ProductCodes": texts},
                },
                "Lists": {"type": "object", "properties": {"PriceDetail": {"type": "array", "items": {"type": "object"}}}},
            }
        },
    }


def price_list(price):
    item = {"ID": 1, "Code": "85123A", "Q": 1, "P": price, "W": None, "C": False, "POA": False}
    return {"PriceDetail": [{"ID": 1, "Currency": "GBP", "Items": {"ItemPLDetail": [item]}, "PLCusts": None}]}


class Server(ThreadingHTTPServer):
    def __init__(self, folder, operations, status, answer):
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder, self.operations, self.status, self.answer = folder, operations, status, answer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/openapi.json":
            self.reply(200, "application/json", json.dumps(document(self.server.operations)).encode())
        elif self.path == "/swagger-ui/swagger-initializer.js":
            self.reply(200, "text/javascript", INITIALIZER.encode())
        else:
            name = self.path.removeprefix("/swagger-ui/") or "index.html"
            file = self.server.folder / Path(name).name
            if file.is_file():
                self.reply(200, TYPES.get(file.suffix, "text/plain"), file.read_bytes())
            else:
                self.reply(404, "text/plain", b"")

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if body["apiKey"] != KEY:
            self.reply(401, "application/json", b'{"Message":"Not authorised."}')
        elif self.server.status == 204:
            self.reply(204, None, b"")
        else:
            self.reply(self.server.status, "application/json", json.dumps(self.server.answer).encode())

    def reply(self, status, media_type, body):
        self.send_response(status)
        if media_type:
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


BOTH = {"/api/v1/CustomerCPA": "customer_cpa", "/api/v1/PriceListNormal": "price_list_normal"}
ONE = {"/api/v1/CustomerCPA": "customer_cpa"}
# Swagger UI looks an operation up by its id, and takes the first of two.
SAME_ID = dict.fromkeys(BOTH, "call")
# name, operations, status, answer, key, further arguments, what the last line must contain
CASES = [
    ("good", BOTH, 200, price_list(2.36), KEY, ["--price", "2.36"], "85123A at 2.36"),
    ("whole price", BOTH, 200, price_list(7.0), KEY, ["--price", "7"], "85123A at 7"),
    ("another price", BOTH, 200, price_list(2.37), KEY, ["--price", "2.36"], "not at 2.36"),
    ("free of charge", BOTH, 200, price_list(0), KEY, [], "no price of 85123A"),
    ("no lists", BOTH, 200, {"PriceDetail": []}, KEY, [], "no price of 85123A"),
    ("another shape", BOTH, 200, {"prices": []}, KEY, [], "does not show a price list"),
    ("server error", BOTH, 500, {"Message": "An error has occurred."}, KEY, [], "status '500"),
    ("no content", BOTH, 204, None, KEY, [], "status '204"),
    ("refused key", BOTH, 200, price_list(2.36), "another key", [], "status '401"),
    ("operation missing", ONE, 200, price_list(2.36), KEY, ["--seconds", "3"], "waited for"),
    ("one id for two", SAME_ID, 200, price_list(2.36), KEY, [], "called http"),
    ("no operations", {}, 200, price_list(2.36), KEY, ["--seconds", "3"], "the list of operations"),
]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    test = Path(__file__).with_name("swagger.py")
    failed = 0
    for name, operations, status, answer, key, more, expected in CASES:
        with Server(folder, operations, status, answer) as server:
            threading.Thread(target=server.serve_forever).start()
            address = f"http://127.0.0.1:{server.server_port}"
            done = subprocess.run([sys.executable, test, address, key, *more], capture_output=True, text=True)
            server.shutdown()
        should_pass = name in ("good", "whole price")
        line = (done.stdout if should_pass else done.stderr).strip().splitlines()[-1:]
        right = (done.returncode == 0) == should_pass and expected in "".join(line)
        failed += not right
        print(f"{'ok' if right else 'WRONG'}  {name}: {done.returncode} {' '.join(line)}")
    sys.exit(f"{failed} of {len(CASES)} cases are wrong" if failed else 0)


if __name__ == "__main__":
    main()
