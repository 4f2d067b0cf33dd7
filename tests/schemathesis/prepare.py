#!/usr/bin/env python3
"""Data for Schemathesis, and the values by which its calls find them.

    prepare.py data FOLDER    adds customers and contacts to an import folder
    prepare.py config LOGO    writes schemathesis.toml with the dictionaries that it names; LOGO is the address of an image
"""

import json
import pathlib
import sys

# Customers beside those of the fixture, by their numbers: to be changed, and to be deleted, each but once.
CHANGED = range(1000, 1100)
DELETED = range(1100, 2100)
DELETED_BY_REFERENCE = range(2100, 3100)


def reference(number):
    return f"ST-{number}"


def write_data(folder):
    with (folder / "customers.csv").open("a") as file:
        for number in (*CHANGED, *DELETED, *DELETED_BY_REFERENCE):
            file.write(f"{reference(number)},{number},Customer {number},root,,,,,,,,,EUR,\n")
    contacts = [f"K-{number},{number},NC-2,Ada,Byron\n" for number in (11, 12)]
    (folder / "contacts.csv").write_text("reference,id,customer,first_name,last_name\n" + "".join(contacts))


def dictionaries(logo):
    *_, folder, _, name = logo.split("/")
    return {
        "customers": [254, 255, 256],
        "references": ["NC-1", "NC-2", "NC-3"],
        "changed": [*CHANGED],
        "changed-references": [reference(number) for number in CHANGED],
        "deleted": [*DELETED],
        "deleted-references": [reference(number) for number in DELETED_BY_REFERENCE],
        "new-references": [f"NEW-{number}" for number in range(10_000)],
        "small-ids": [1, 2],
        "payment-types": [7, 8],
        "regions": [1, 2, 3],
        "contacts": [11, 12],
        "currencies": ["EUR", "USD"],
        "image-folders": [folder],
        "image-names": [name, f"small_{name}", f"medium_{name}"],
        "category-ids": ["1", "2"],
        "parents": ["254"],
        "lists-of-payment-types": ["[]", '[{"id"=7},{"id"=8}]', '[{"id":7}]', "[8]"],
        "countries": ["FR", "DE", "France", "TN"],
        "due-date-types": ["1", "2"],
        "due-date-numbers": [0, 7, 30],
        "amounts": [0, 12.5, 5000],
        "category-references": ["root", "jewelry"],
        "segmentation-references": ["seg_a", "seg_b"],
        "user-references": ["emp-001", "emp-002"],
        "lists-of-payment-type-references": ["[]", "[cash]", '[{"id"=cash},{"id"=cheque}]'],
        "region-ids": ["1", "2", "3"],
        "user-names": ["jane"],
        "passwords": ["open sesame 42"],
    }


def main():
    match sys.argv[1:]:
        case ["data", folder]:
            write_data(pathlib.Path(folder))
        case ["config", logo]:
            print(pathlib.Path(__file__).with_name("schemathesis.toml").read_text())
            print("[dictionaries]")
            for name, values in dictionaries(logo).items():
                print(f"{name} = {{ values = {json.dumps(values)} }}")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
