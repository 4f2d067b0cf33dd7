"""The list of purchase events beside an actix handler that returns a constant of the same size."""
import base64
import json
import shutil

from figures import Contest, Section
from groups.prices import beside_constant
from load import expect, post_json
from stage import Book, Failure, say

API = "/crmapi/rest/v2"
LIST = f"{API}/customer_events/purchases/list"
PAGE = 50


def run(stage):
    if LIST not in json.loads(stage.run(stage.tradebook, "openapi"))["paths"]:
        say("    left out: this server has no purchase events")
        return None
    size = stage.settings
    folder = stage.path("events")
    stage.data("events", folder, "--accounts", size.accounts, "--purchases", size.purchases)
    book = Book(stage, "events")
    took = book.load(folder)
    shutil.rmtree(folder)
    total = size.accounts * size.purchases
    say(f"    {total:,} purchases imported in {took:.1f} s")
    table = Contest()
    with book.serve() as server:
        token = signed_in(server, book)
        pages = [page(token, number, turn) for turn in range(size.purchases // PAGE or 1) for number in range(1, min(size.accounts, 500) + 1)]
        count = len(json.loads(expect(server.address, pages[0]).body)["data"])
        if count != min(PAGE, size.purchases):
            raise Failure(f"{count} purchases came")
        beside_constant(stage, table, server, f"{count} purchases of an account", pages)
    return Section("Purchase events", [
        f"{total:,} purchases of {size.accounts:,} accounts in SQLite; another account in every request. Beside it an actix handler that returns a constant of the same size.",
        table,
    ])


def signed_in(server, book):
    key = base64.b64encode(f"{book.key}:".encode()).decode()
    request = post_json(f"{API}/authentication/web_api_key/token", {}, Authorization=f"Basic {key}")
    return json.loads(expect(server.address, request).body)["data"]["token"]


def page(token, account, turn):
    return post_json(LIST, {
        "token": token, "accounts_receivable_identifier": {"number": f"ACR{account:06}"}, "number_of_results": PAGE, "offset": turn * PAGE,
    })
