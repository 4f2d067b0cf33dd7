"""The data set of prices that several groups measure on, and the requests to it."""
from load import post_json
from stage import Book, say

PRICE_LIST = "/api/v1/PriceListNormal"
AGREEMENT = "/api/v1/CustomerCPA"
JSON, XML = "application/json", "application/xml"


def product(id):
    return f"P{id:07}"


def customer(id):
    return f"C{id:06}"


def load(stage, name, products, lists=1, customers=0, agreed=0):
    """A database with a catalogue; see `tradebook-bench data catalogue`."""
    folder = stage.path("catalogue")
    stage.data("catalogue", folder, "--products", products, "--lists", lists, "--customers", customers, "--agreed", agreed)
    book = Book(stage, name)
    took = book.load(folder)
    rows = sum(path.read_bytes().count(b"\n") - 1 for path in folder.iterdir())
    for path in folder.iterdir():
        path.unlink()
    say(f"    {products:,} products, {lists} lists, {customers:,} customers: {rows:,} rows imported in {took:.1f} s")
    return book


def main(stage):
    """The catalogue of the run: three lists, and some customers with a thousand agreed prices each."""
    size = stage.settings
    return stage.keep("catalogue", lambda: load(
        stage, "catalogue", size.products, lists=3, customers=size.customers_with_terms, agreed=size.agreed))


def whole_list(book, media=JSON, currency="EUR", **headers):
    return post_json(PRICE_LIST, {"apiKey": book.key, "Currency": currency, "ExcludeCustomerPrices": True},
                     Accept=media, **headers)


def customer_list(book, id, media=JSON):
    """All prices of a customer. The standard list comes with it, as in the emulated service."""
    return post_json(PRICE_LIST, {"apiKey": book.key, "Currency": "EUR", "AccountNumbers": [customer(id)]}, Accept=media)


def named(book, products, turn, of=None):
    """`products` named ones of the list, or of the list and one customer's; other ones for every turn."""
    total = book.stage.settings.products if of is None else of
    stride = max(1, total // products)
    return [product((turn * 7 + place * stride) % total + 1) for place in range(products)]


def named_products(book, count, turn, total=None, **headers):
    body = {"apiKey": book.key, "Currency": "EUR", "ExcludeCustomerPrices": True, "ProductCodes": named(book, count, turn, total)}
    return post_json(PRICE_LIST, body, Accept=JSON, **headers)


def customers_prices(book, id, count, turn, total=None):
    body = {"apiKey": book.key, "Currency": "EUR", "AccountNumbers": [customer(id)], "ProductCodes": named(book, count, turn, total)}
    return post_json(PRICE_LIST, body, Accept=JSON)


def agreement(book, *ids):
    return post_json(AGREEMENT, {"apiKey": book.key, "AccountNumbers": [customer(id) for id in ids]}, Accept=JSON)
