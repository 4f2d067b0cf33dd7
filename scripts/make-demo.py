#!/usr/bin/env python3
"""Cuts fixtures/demo from an import folder made of the Online Retail data sets.

    scripts/make-demo.py SOURCE [DESTINATION]

SOURCE holds products.csv, price_lists.csv, prices.csv, customers.csv, agreed_prices.csv and invoice_lines.csv.gz.
What is cut and what is made up stands in fixtures/demo/README.md. The same source always gives the same bytes.
"""

import csv
import gzip
import hashlib
import io
import re
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from pathlib import Path

FIRST_DAY, BUSINESS_DATE = "2011-06-10", "2011-12-10"
PRODUCTS, CUSTOMERS = 396, 80
SINGLE_TRADERS_FROM = 20  # The busiest customers are left out: a few of them would be half of all lines.

POA_PRODUCTS = ["22655", "22656", "22823", "22826"]  # Furniture without a trade price in the source.
NOT_FOR_SALE, RUNNING_DOWN = "22697", ["22698", "22699"]
EUR_PER_GBP = Decimal("1.17")

# reference: (name, fields of customers.csv that differ from a plain trade customer)
FEATURED = {
    "12748": ("Hartley & Daughters Gifts", {}),
    "14096": ("Northgate Department Stores", {}),
    "14298": ("Copper Kettle Homewares", {}),
    "17581": ("The Paper Lantern", {"normal_discount": "5"}),
    "14606": ("Old Mill Trading", {"normal_discount": "10"}),
    "15039": ("Seaside Souvenirs", {"normal_discount": "7.5", "always_gets_bulk": "Y"}),
    "16033": ("County Museums Shops", {"markup_on_cost": "30"}),
    "13137": ("Attic & Cellar", {"always_gets_bulk": "Y"}),
    "18118": ("Corner Shop 51", {"never_gets_bulk": "Y"}),
    "14796": ("Everyday Low Ltd", {"promotions": "N"}),
    "12921": ("Bright Side Cafés", {"normal_discount": "0"}),
    "16729": ("Primrose Florist", {"group_price_list": "FLORISTS"}),
    "16910": ("Wild Rose Flowers", {"group_price_list": "FLORISTS"}),
    "15159": ("Garden Gate Florists", {"group_price_list": "FLORISTS"}),
    "17811": ("Bloom & Co", {"group_price_list": "FLORISTS"}),
    "13969": ("gifts-by-post.example", {"standard_price_list": "ONLINE"}),
    "16241": ("tinsel.example", {"standard_price_list": "ONLINE"}),
    "17735": ("the-last-present.example", {"standard_price_list": "ONLINE"}),
    "14194": ("kitchen-cupboard.example", {"standard_price_list": "ONLINE", "normal_discount": "3"}),
    "12471": ("Geschenkehaus Lindner", {"currency": "EUR", "standard_price_list": "EURO"}),
    "12474": ("Stübchen Wohnideen", {"currency": "EUR", "standard_price_list": "EURO"}),
    "12682": ("Maison Bélier", {"currency": "EUR", "standard_price_list": "EURO", "normal_discount": "5"}),
}

# What was agreed beside what the source has: customer, product, price, from, to.
AGREED = [
    ("12748", "85123A", "2.4", "", "2011-11-30"),
    ("12748", "85123A", "2.35", "2011-12-01", "2012-05-31"),
    ("14606", "20725", "1.45", "2012-01-01", ""),
    ("17811", "84879", "1.4", "", ""),
    ("17581", "22655", "95", "", ""),
]

PRICE_LISTS = """\
code,id,description,currency,type,source,vat_inc,base,percent,rounding,ending,decimals,valid_from,valid_to
TRADE,1,"Trade list, second half of 2011",GBP,NORMAL,STD,false,,,,,,,
ONLINE,2,"Web shops: trade less 8 %, ending in 4 or 9",GBP,NORMAL,STD,false,TRADE,-8,0.05,-0.01,,,
EURO,3,Export list in euro,EUR,NORMAL,STD,false,,,,,,,
FLORISTS,4,Florists' buying group,GBP,NORMAL,CPG,false,,,,,,,
CHRISTMAS,5,Christmas promotion 2011,GBP,PROMO,STD,false,,,,,,2011-11-28,2011-12-24
RETAIL,6,Recommended retail prices,GBP,RRP,STD,true,,,,,,,
"""

CURRENCIES = """\
code,name,exchange_rate,prefix_symbol,suffix_symbol
GBP,Pound sterling,1,£,
EUR,Euro,1.17,,€
USD,US dollar,1.56,$,
"""

# Numbers are of the ranges kept free for fiction, names are made up.
CONTACTS = """\
reference,id,customer,first_name,last_name,phone,mobile,email,function,city,country,comment
HD-1,301,12748,Olive,Hartley,020 7946 0101,07700 900101,olive@hartley.example,Owner,London,United Kingdom,
HD-2,302,12748,Rose,Hartley,020 7946 0102,,rose@hartley.example,Accounts,London,United Kingdom,Invoices by e-mail only
NG-1,303,14096,Ewan,Northgate,0117 496 0103,07700 900103,ewan@northgate.example,Buyer,Bristol,United Kingdom,
CK-1,304,14298,Tamsin,Penrose,,07700 900104,tamsin@copperkettle.example,Buyer,Truro,United Kingdom,Mornings
GL-1,305,12471,Jürgen,Lindner,030 23125 105,,lindner@geschenkehaus.example,Inhaber,Berlin,Germany,
MB-1,306,12682,Amélie,Bélier,01 99 00 01 06,,amelie@belier.example,Gérante,Lyon,France,
"""


def read(folder, name):
    path = folder / name
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def to_csv(columns, rows):
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def write_gz(path, text):
    with open(path, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as zipped:
        zipped.write(text.encode())


def money(value):
    """Two decimals at most, without trailing zeros."""
    text = f"{Decimal(value).quantize(Decimal('0.01'), ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain(value):
    """As it stands, without trailing zeros."""
    return f"{Decimal(value).normalize():f}"


def ean13(digits12):
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits12))
    return f"{digits12}{-total % 10}"


def retail(single):
    """About twice the trade price plus VAT, up to the next .x5 below a pound and the next .99 above."""
    price = single * 2 * Decimal("1.2")
    if price < 1:
        return money((price / Decimal("0.05")).to_integral_value(ROUND_CEILING) * Decimal("0.05"))
    return money(price.to_integral_value(ROUND_CEILING) - Decimal("0.01"))


# Purchases are events of these accounts: number, name, state, customer.
ACCOUNTS = [
    ("ACR0000000050", "Hartley & Daughters, main account", "ACTIVE", "12748"),
    ("ACR0000000051", "Hartley & Daughters, market stall", "ACTIVE", "12748"),
    ("ACR0000000052", "Copper Kettle", "ACTIVE", "14298"),
    ("ACR0000000053", "The Paper Lantern", "SUSPENDED", "17581"),
    ("ACR0000000054", "Garden Gate Florists", "TERMINATED", "15159"),
    ("ACR0000000391", "Geschenkehaus Lindner", "ACTIVE", "12471"),
]

ACCESS_TOKENS = """\
identifier,pass_code,authentication_code,state,accounts_receivable,one_time_password
6666,9999,,EFFECTIVE,ACR0000000050,
7001,1234,HG-7001,EFFECTIVE,ACR0000000051,
7002,4321,,NOT_EFFECTIVE,ACR0000000052,
7003,1111,,PENDING_VERIFICATION,ACR0000000391,
7004,,GL-7004,EFFECTIVE,ACR0000000391,314159
"""

PARTICIPANTS = """\
number,id,accounts_receivable
29,29,ACR0000000050
30,30,ACR0000000052
31,31,ACR0000000391
"""

CLASSIFICATIONS = """\
name,id,alternative_code
Cash and carry,C2A1F0D3A9B84E0F8E5D1B7A6C4F2301,CC
Web shop,C2A1F0D3A9B84E0F8E5D1B7A6C4F2302,WEB
Telephone order,C2A1F0D3A9B84E0F8E5D1B7A6C4F2303,TEL
"""

UNITS = """\
name,id,group_name,community_name,alternative_code,description
Warehouse counter,1,Counters,London,WH,Till beside the loading bay
Call centre,2,Offices,Leeds,CALL,
"""

USERS = """\
reference,id,username,name,email
till,1,till,The till,till@example.com
office,2,office,Jo Weaver,jo@example.com
"""

PRODUCT_TYPES = """\
name,id,alternative_code,description,classification,service_type,physical_good_type,composition_method,used_for_provisioning
Furniture,7,FUR,Followed piece by piece,PHYSICALGOODS,,TRACEABLE,FLAT,false
Giftware,8,GIFT,,PHYSICALGOODS,,NONTRACEABLE,FLAT,false
Seasonal,9,XMAS,For Christmas alone,PHYSICALGOODS,,NONTRACEABLE,FLAT,false
"""

RATE_PERIODS = """\
id,currency,rate,inverse_rate,from_date,to_date
C7D7ED57F21B47028144967E015DCBE5,EUR,1.17,0.8547,2011-07-01,
"""

# Days before the business date and the hour of each purchase: old and recent ones, one for tomorrow.
PURCHASED = [
    171, 160, 151, 140, 128, 121, 113, 104, 97, 90, 84, 77, 70, 63, 58, 52, 47, 44, 40, 37,
    33, 31, 30, 30, 29, 27, 25, 22, 20, 18, 15, 13, 11, 9, 7, 5, 4, 3, 2, 1, 0, -1,
]
# What was spent against every so manieth purchase: instant, automatic, state, share of its total.
SPENT = [
    (3, True, False, "POSTED", "0.1"),
    (4, False, True, "POSTED", "0.05"),
    (5, False, False, "POSTED", "0.25"),
    (7, False, False, "CANCELLED", "0.5"),
    (11, True, True, "POSTED", "0.02"),
    (13, False, True, "CANCELLED", "0.2"),
]


def product_type(code, description):
    if code in POA_PRODUCTS:
        return "Furniture"
    return "Seasonal" if "CHRISTMAS" in description else "Giftware"


class Demo:
    def __init__(self, source):
        self.source = source
        self.products = {row["code"]: row for row in read(source, "products.csv")}
        self.customers = {row["reference"]: row for row in read(source, "customers.csv")}
        self.agreed = list(read(source, "agreed_prices.csv"))
        self.trade = defaultdict(list)
        for row in read(source, "prices.csv"):
            self.trade[row["product"]].append((int(row["quantity"]), Decimal(row["price"])))
        self.lines = [
            row
            for row in read(source, "invoice_lines.csv.gz")
            if FIRST_DAY <= row["tax_point"] <= BUSINESS_DATE
        ]
        self.choose()

    def choose(self):
        """The most often bought products that have a trade price; customers with agreements, featured and typical ones."""
        bought = Counter(row["product"] for row in self.lines)
        popular = sorted(
            (code for code in bought if self.trade.get(code, [(0, 0)])[0][0] == 1 and re.match(r"\d{5}", code)),
            key=lambda code: (-bought[code], code),
        )
        self.popular = popular[:PRODUCTS]
        self.codes = sorted(self.popular + POA_PRODUCTS)
        wanted = set(self.codes)
        self.lines = [row for row in self.lines if row["product"] in wanted]

        lines = Counter(row["customer"] for row in self.lines)
        ranked = sorted(lines, key=lambda reference: (-lines[reference], reference))
        chosen = set(FEATURED)
        chosen.update(row["customer"] for row in self.agreed if lines[row["customer"]])
        for reference in ranked[SINGLE_TRADERS_FROM:]:
            if len(chosen) >= CUSTOMERS:
                break
            chosen.add(reference)
        self.references = sorted(chosen)
        self.lines = [row for row in self.lines if row["customer"] in chosen]

    def single(self, code):
        return self.trade[code][0][1]

    def product_rows(self):
        for number, code in enumerate(self.codes, 1001):
            row = self.products[code]
            status = 3 if code == NOT_FOR_SALE else 2 if code in RUNNING_DOWN else 1
            # The source's costs are made up as well, and often above the price: these are 55 % of it.
            cost = row["cost"] if code in POA_PRODUCTS else money(self.single(code) * Decimal("0.55"))
            in_shops = number % 3 == 0
            yield [
                code,
                number,
                row["description"],
                status,
                ean13(f"20{number:010}"),
                ean13(f"21{number:010}") if number % 2 else "",
                ean13(f"22{number:010}") if number % 2 else "",
                ean13(f"29{number:010}") if in_shops else "",
                cost,
                20,
                row["available"],
                row["next_available"],
                product_type(code, row["description"]),
            ]

    def price_rows(self):
        """price_list, product, quantity, price, poa, valid_from, valid_to"""
        for code in self.codes:
            if code in POA_PRODUCTS:
                yield ["TRADE", code, 1, "", "Y", "", ""]
            for quantity, price in self.trade.get(code, []):
                dated = code == "22423" and quantity == 1
                yield ["TRADE", code, quantity, plain(price), "", "", "2011-12-31" if dated else ""]
                if dated:
                    yield ["TRADE", code, quantity, "13.45", "", "2012-01-01", ""]

        yield ["ONLINE", "85123A", 1, "2.79", "", "", ""]
        for code in sorted(self.popular[:150]):
            for quantity, price in self.trade[code]:
                yield ["EURO", code, quantity, money(price * EUR_PER_GBP), "", "", ""]

        for code in self.matching(r"FLOWER|ROSE|GARDEN|LEAF|BIRD|HEART", 40):
            yield ["FLORISTS", code, 1, money(self.single(code) * Decimal("0.88")), "", "", ""]
            yield ["FLORISTS", code, 24, money(self.single(code) * Decimal("0.8")), "", "", ""]

        christmas = self.matching(r"CHRISTMAS|ADVENT|SNOW", 30)
        for code in sorted(set(christmas + ["85123A", "22423", "84879"])):
            yield ["CHRISTMAS", code, 1, money(self.single(code) * Decimal("0.8")), "", "", ""]
            if code in christmas[::6]:
                yield ["CHRISTMAS", code, 24, money(self.single(code) * Decimal("0.65")), "", "", ""]

        for code in sorted(self.popular):
            yield ["RETAIL", code, 1, retail(self.single(code)), "", "", ""]

    def matching(self, pattern, limit):
        found = [code for code in self.popular if re.search(pattern, self.products[code]["description"])]
        return sorted(found[:limit])

    def customer_rows(self):
        for number, reference in enumerate(self.references, 201):
            row = self.customers[reference]
            name, terms = FEATURED.get(reference, (row["name"], {}))
            country = row["billing_country"]
            yield [
                reference,
                number,
                name,
                "" if country == "Unspecified" else country,
                terms.get("currency", row["currency"]),
                terms.get("standard_price_list", "TRADE"),
                *(terms.get(field, "") for field in TERMS),
                terms.get("promotions", "Y"),
            ]

    def agreed_rows(self):
        wanted, chosen = set(self.codes), set(self.references)
        rows = [
            (row["customer"], row["product"], plain(row["price"]), "", "")
            for row in self.agreed
            if row["customer"] in chosen and row["product"] in wanted
        ]
        return sorted(rows + AGREED)

    def part_number_rows(self):
        for reference, prefix in [("12748", "HD-"), ("14298", "CK/"), ("12471", "GL.")]:
            bought = sorted({row["product"] for row in self.lines if row["customer"] == reference})
            for number, code in enumerate(bought[::4], 1):
                yield [reference, code, f"{prefix}{number:04}"]

    def order_rows(self):
        """Repeat orders: two for each featured customer, of what it was last invoiced for, in packs of six."""
        traders = [reference for reference in FEATURED if FEATURED[reference][1].get("currency") != "EUR"]
        number = 10001
        for days, status in [(range(21, 31), "complete"), (range(31, 41), "in_progress")]:
            for place, reference in enumerate(traders):
                day = days[place % len(days)]
                created = f"2011-11-{day:02}" if day <= 30 else f"2011-12-{day - 30:02}"
                codes = self.last_invoiced(reference, 3 + number % 5)
                header = [reference, created, "cancelled" if number % 9 == 0 else status, "GBP"]
                for line, code in enumerate(codes, 1):
                    yield [f"SO{number}", line, "order", *header, code, 6 * line, plain(self.single(code))]
                if number == 10003:
                    code = codes[0]
                    yield ["SR10003", 1, "return", *header, code, -2, plain(self.single(code))]
                    yield ["SC10003", 1, "credit", *header, code, -1, plain(self.single(code))]
                number += 1

    def last_invoiced(self, reference, limit):
        codes = [
            row["product"]
            for row in reversed(self.lines)
            if row["customer"] == reference and row["kind"] == "I" and row["product"] in self.trade
        ]
        return list(dict.fromkeys(codes))[:limit]

    def purchase_files(self):
        """Purchases as events, their products, and the spend requests against them."""
        events, products, requests = [], [], []
        for index, days in enumerate(PURCHASED, 1):
            number = str(1000 + index)
            account, _, _, customer = ACCOUNTS[index % 4 if index % 9 else 5 - index % 2]
            in_euro = customer == "12471"
            day = date.fromisoformat(BUSINESS_DATE) - timedelta(days=days)
            at = f"{day}T{8 + index * 7 % 10:02}:{index * 13 % 60:02}:{index * 29 % 60:02}Z"
            total = Decimal(0)
            for line in range(1, 2 + index % 3):
                code = self.popular[(index * 17 + line * 5) % len(self.popular)]
                quantity = 1 + (index * 5 + line) % 12
                net = (self.single(code) * quantity).quantize(Decimal("0.01"))
                vat = (net / 5).quantize(Decimal("0.01"), ROUND_HALF_UP)
                # One purchase in ten is known by what was bought alone.
                amounts = ["", "", ""] if index % 10 == 0 else [money(net), money(vat), money(net + vat)]
                total += net + vat
                products.append([number, line, code, quantity, *amounts])
            events.append(
                [
                    number,
                    hashlib.md5(f"purchase {number}".encode()).hexdigest().upper(),
                    account,
                    at,
                    at,
                    RATE_PERIODS.splitlines()[1].split(",")[0] if in_euro else "",
                    "CANCELLED" if index % 14 == 0 else "POSTED",
                    ["Cash and carry", "Web shop", "Telephone order", ""][index % 4],
                    "Market day" if index % 6 == 0 else "",
                    f"PO-{7000 + index}" if index % 2 else "",
                    "TILL" if index % 4 == 0 else "",
                    f"T{index:05}" if index % 4 == 0 else "",
                    "EUR" if in_euro else "GBP",
                    ["Warehouse counter", "", "Call centre", ""][index % 4],
                    "till" if index % 4 == 0 else "office",
                ]
            )
            for every, instant, automatic, state, share in SPENT:
                if index % every == 0:
                    amount = money((total * Decimal(share)).quantize(Decimal("0.01"), ROUND_HALF_UP))
                    words = ["true" if flag else "false" for flag in (instant, automatic)]
                    requests.append([str(5001 + len(requests)), number, at, state, *words, amount])
        return {
            "accounts_receivable.csv": to_csv(
                "number id name state customer".split(),
                ([number, str(9 + index), name, state, customer]
                 for index, (number, name, state, customer) in enumerate(ACCOUNTS)),
            ),
            "access_tokens.csv": ACCESS_TOKENS,
            "rewards_participants.csv": PARTICIPANTS,
            "classifications.csv": CLASSIFICATIONS,
            "units.csv": UNITS,
            "users.csv": USERS,
            "product_types.csv": PRODUCT_TYPES,
            "currency_rate_periods.csv": RATE_PERIODS,
            "purchase_events.csv": to_csv(
                "number id accounts_receivable performed_on created rate_period state classification description "
                "reference_number external_system external_system_reference_number currency performed_by_unit "
                "created_by".split(),
                events,
            ),
            "purchase_event_products.csv": to_csv(
                "event line product quantity net_amount vat_amount total_amount".split(), products
            ),
            "spend_requests.csv": to_csv(
                "number event performed_on state instant automatic spend_amount".split(), requests
            ),
        }

    def invoice_rows(self):
        for row in self.lines:
            yield [
                row["invoice"],
                row["line"],
                row["kind"],
                row["customer"],
                row["tax_point"],
                row["currency"],
                row["product"],
                row["quantity"],
                row["unit_price"],
            ]


TERMS = ["group_price_list", "normal_discount", "markup_on_cost", "always_gets_bulk", "never_gets_bulk"]


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    source = Path(sys.argv[1])
    default = Path(__file__).resolve().parent.parent / "fixtures" / "demo"
    destination = Path(sys.argv[2]) if len(sys.argv) == 3 else default
    destination.mkdir(parents=True, exist_ok=True)

    demo = Demo(source)
    files = {
        "currencies.csv": CURRENCIES,
        "products.csv": to_csv(
            "code id description status barcode inner_barcode outer_barcode epos_barcode cost vat_rate available "
            "next_available product_type".split(),
            demo.product_rows(),
        ),
        "price_lists.csv": PRICE_LISTS,
        "prices.csv": to_csv(
            "price_list product quantity price poa valid_from valid_to".split(), demo.price_rows()
        ),
        "customers.csv": to_csv(
            ["reference", "id", "name", "billing_country", "currency", "standard_price_list", *TERMS, "promotions"],
            demo.customer_rows(),
        ),
        "contacts.csv": CONTACTS,
        "agreed_prices.csv": to_csv("customer product price valid_from valid_to".split(), demo.agreed_rows()),
        "customer_part_numbers.csv": to_csv("customer product part_number".split(), demo.part_number_rows()),
        "order_lines.csv": to_csv(
            "order line kind customer created status currency product quantity unit_price".split(), demo.order_rows()
        ),
        **demo.purchase_files(),
    }
    for name, text in files.items():
        (destination / name).write_text(text, encoding="utf-8", newline="")
    invoices = to_csv(
        "invoice line kind customer tax_point currency product quantity unit_price".split(), demo.invoice_rows()
    )
    write_gz(destination / "invoice_lines.csv.gz", invoices)
    for name, text in {**files, "invoice_lines.csv.gz": invoices}.items():
        print(f"{name}: {text.count(chr(10)) - 1} rows")


if __name__ == "__main__":
    main()
