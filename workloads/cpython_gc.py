"""An order book in plain Python: text becomes linked objects and indexes, then questions are asked.

`prepare` writes the records, `run` loads them and answers, `check` finds the same answers without
objects. Each record is first parsed to a small tree whose nodes know their parents; what it says then
becomes orders, items and customers that know each other. The tree is dropped, and only the garbage
collector can free it: its nodes form a cycle. So a lazy collector is quick and large, an eager one
small and slow.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import sys
from pathlib import Path

RECORDS = 25_000
CUSTOMERS = 4_000
PRODUCTS = 500


class Node:
    """One part of a record's text, between its parent and its parts."""

    def __init__(self, parent: Node | None, text: str) -> None:
        self.parent = parent
        self.text = text
        self.parts: list[Node] = []
        if parent is not None:
            parent.parts.append(self)


class Customer:
    """Who orders."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.orders: list[Order] = []


class Order:
    """What one record says."""

    def __init__(self, number: int, customer: Customer) -> None:
        self.number = number
        self.customer = customer
        self.items: list[Item] = []
        customer.orders.append(self)


class Item:
    """So much of one product."""

    def __init__(self, order: Order, product: str, count: int) -> None:
        self.order = order
        self.product = product
        self.count = count
        order.items.append(self)


class Book:
    """All orders, and the indexes by which they are found."""

    def __init__(self) -> None:
        self.customers: dict[str, Customer] = {}
        self.orders: dict[int, Order] = {}
        self.by_product: dict[str, list[Item]] = {}

    def add(self, line: str) -> None:
        """Takes one record."""
        tree = parse(line)
        number, name, items = tree.parts
        customer = self.customers.get(name.text) or Customer(name.text)
        self.customers[name.text] = customer
        order = Order(int(number.text), customer)
        self.orders[order.number] = order
        for part in items.parts:
            product, count = part.parts
            item = Item(order, product.text, int(count.text))
            self.by_product.setdefault(item.product, []).append(item)


def parse(line: str) -> Node:
    """The tree of one record: number, customer, items with product and count."""
    root = Node(None, line)
    for field in line.rstrip("\n").split(";"):
        part = Node(root, field)
        if ":" in field:
            for text in field.split(","):
                item = Node(part, text)
                for word in text.split(":"):
                    Node(item, word)
    return root


def answers(book: Book) -> dict[str, int]:
    """Of each customer the items that others ordered too, and all of each product, as two checksums."""
    rank = {name: place for place, name in enumerate(sorted(book.customers))}
    shared = sum(
        rank[customer.name] * len(book.by_product[item.product]) * item.count
        for customer in book.customers.values()
        for order in customer.orders
        for item in order.items
    )
    sold = sum(item.count * item.order.number for items in book.by_product.values() for item in items)
    return {"orders": len(book.orders), "shared": shared, "sold": sold}


def run(args: argparse.Namespace) -> None:
    """Loads the records, answers, writes the answers."""
    gc.set_threshold(args.threshold0, args.threshold1, args.threshold2)
    book = Book()
    with args.records.open(encoding="ascii") as records:
        for place, line in enumerate(records):
            book.add(line)
            if args.freeze == "true" and place % args.freeze_every == 0:
                gc.freeze()
    args.answer.write_text(json.dumps(answers(book)), encoding="ascii")


def prepare(args: argparse.Namespace) -> None:
    """The same records each time."""
    rng = random.Random(20)
    with args.records.open("w", encoding="ascii") as records:
        for number in range(RECORDS):
            items = ",".join(
                f"p{rng.randrange(PRODUCTS)}:{rng.randrange(1, 9)}" for _ in range(1 + number % 5)
            )
            records.write(f"{number};c{rng.randrange(CUSTOMERS)};{items}\n")


def check(args: argparse.Namespace) -> None:
    """Ends with 1 unless the answers are those of a plain reading of the text, line by line."""
    lines = [line.split(";") for line in args.records.read_text(encoding="ascii").splitlines()]
    rows = [
        (int(number), name, product, int(count))
        for number, name, items in lines
        for product, _, count in (item.partition(":") for item in items.split(","))
    ]
    rank = {name: place for place, name in enumerate(sorted({name for _, name, _, _ in rows}))}
    popular: dict[str, int] = {}
    for _, _, product, _ in rows:
        popular[product] = popular.get(product, 0) + 1
    expected = {
        "orders": len(lines),
        "shared": sum(rank[name] * popular[product] * count for _, name, product, count in rows),
        "sold": sum(count * number for number, _, _, count in rows),
    }
    found = json.loads(args.answer.read_text(encoding="ascii"))
    if found != expected:
        sys.exit(f"answers are {found}, should be {expected}")


def main() -> None:
    """Runs one of the three commands."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["prepare", "run", "check"])
    parser.add_argument("--records", type=Path, required=True)
    parser.add_argument("--answer", type=Path)
    parser.add_argument("--threshold0", type=int, default=700)
    parser.add_argument("--threshold1", type=int, default=10)
    parser.add_argument("--threshold2", type=int, default=10)
    parser.add_argument("--freeze", choices=["true", "false"], default="false")
    parser.add_argument("--freeze-every", type=int, default=2000, help="records")
    args = parser.parse_args()
    {"prepare": prepare, "run": run, "check": check}[args.command](args)


if __name__ == "__main__":
    main()
