"""Small answers beside an actix handler that returns a constant of the same size."""
import catalogue
from figures import Contest, Section, rate, volume
from load import Load, expect
from stage import Failure, say
from turns import Spread, in_turns

CONNECTIONS = 64
# How a client asks for an ETag on a POST. A tag is of one coding, so that this must be the same in all requests.
CONDITIONAL = {"If_None_Match": "*", "Accept_Encoding": "identity"}


def run(stage):
    book = catalogue.main(stage)
    size = stage.settings
    customers = range(1, size.customers_with_terms + 1)
    table = Contest()
    with book.serve() as server:
        beside_constant(stage, table, server, f"{size.named} named products of one list",
                        [catalogue.named_products(book, size.named, turn) for turn in range(500)], 0.7)
        beside_constant(stage, table, server, f"One customer's prices for {size.named} products: agreed ones and a discount",
                        [catalogue.customers_prices(book, id, size.named, turn) for id in customers for turn in range(8)], 0.5)
        beside_constant(stage, table, server, f"`CustomerCPA` of one customer with {size.agreed:,} rules",
                        [catalogue.agreement(book, id) for id in customers], 0.7)
        unchanged(stage, table, book, server)
        streams = Contest()
        for format, media, target in (("JSON", catalogue.JSON, 800e6), ("XML", catalogue.XML, 1e9)):
            computed(stage, streams, book, server, format, media, target)
    return Section("Prices of some products and of customers", [
        f"{size.products:,} products; {CONNECTIONS} connections; other products and customers in every request. Beside each an actix handler that is sent the same requests "
        "and returns a constant of the same size.",
        table,
        f"The whole list of a customer, {size.products:,} products of which {size.agreed:,} at agreed prices, another customer in every request so that nothing "
        "is kept from the one before. Bytes per second of the server's own time on a processor, sending included; what the standard list that comes in the same answer costs is taken off:",
        streams,
    ])


def beside_constant(stage, table, server, what, requests, target=None):
    body = stage.path("constant")
    sample = expect(server.address, requests[0])
    body.write_bytes(sample.body)
    load = Load(stage, requests)
    with stage.peer("constant", "--body", body, "--content-type", sample.headers["content-type"]) as (_, constant):
        if expect(constant, requests[0]).body != sample.body:
            raise Failure("the constant is another answer")
        rounds = in_turns(f"{what}, requests/s", {
            "Tradebook": lambda: load.measure(server.address, CONNECTIONS).per_second,
            "constant": lambda: load.measure(constant, CONNECTIONS).per_second,
        }, stage.settings.rounds)
    table.against(f"{what}, {len(sample.body):,} bytes", rate(rounds["Tradebook"]), "constant", rate(rounds["constant"]),
                  rounds.ratio("Tradebook", "constant"), target)


def unchanged(stage, table, book, server):
    """304 on a whole list, beside a constant 304."""
    request = catalogue.whole_list(book, **CONDITIONAL)
    tag = expect(server.address, request).headers.get("etag")
    if tag is None:
        say("    304 on a list: the server gives no ETag")
        table.note("304 on a list", "this server gives no `ETag`")
        return
    request = request.with_headers(If_None_Match=tag)
    expect(server.address, request, 304)
    load = Load(stage, [request])

    def measured(address):
        outcome = load.measure(address, CONNECTIONS)
        # wrk takes every status below 400 for success: a list would have shown itself by its size.
        if outcome.bytes_per_second > 2_000 * outcome.per_second:
            raise Failure(f"{address} does not answer 304")
        return outcome.per_second

    with stage.peer("constant", "--etag", tag) as (_, constant):
        expect(constant, request, 304)
        rounds = in_turns("304 on a list, requests/s", {
            "Tradebook": lambda: measured(server.address),
            "constant": lambda: measured(constant),
        }, stage.settings.rounds)
    table.against("304 on a list", rate(rounds["Tradebook"]), "constant 304", rate(rounds["constant"]),
                  rounds.ratio("Tradebook", "constant"), 0.9)


def computed(stage, table, book, server, format, media, target):
    """What a customer's list costs on one core: the answer with it less the answer without."""
    alone = catalogue.whole_list(book, media)
    base_bytes = len(expect(server.address, alone).body)

    def cost(requests):
        before, bytes = server.cpu_seconds(), 0
        for request in requests:
            bytes += len(expect(server.address, request).body)
        return server.cpu_seconds() - before, bytes

    speeds = []
    each = stage.settings.customers_with_terms // stage.settings.rounds
    for turn in range(stage.settings.rounds):
        turns = range(turn * each + 1, (turn + 1) * each + 1)
        cost([alone])
        without, _ = cost([alone for _ in turns])
        with_customer, bytes = cost([catalogue.customer_list(book, id, media) for id in turns])
        more_bytes = bytes - base_bytes * len(turns)
        if more_bytes < base_bytes * len(turns) / 2:
            raise Failure("the customers' lists did not come")
        # The clock of a process goes in hundredths of a second; small data may take none of them.
        speeds.append(more_bytes / max(with_customer - without, 0.01))
        say(f"    customers' whole lists, {format}, round {turn + 1}: {volume(speeds[-1])} on one core")
    speed = Spread.of(speeds)
    table.alone(f"{format}, {base_bytes / 1e6:.0f} MB for each customer",
                f"{volume(speed.median)} ({volume(speed.least)} to {volume(speed.most)})", f"{volume(target)}", speed.median >= target)
