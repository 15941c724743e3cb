"""What the bank source makes of statements that tests write."""

from collections import Counter

from tests.connectors.bank_files import bank
from tests.contract.transactions import ids, listing


def write(path, text, name="", encoding="utf-8"):
    """Write a file of the bank, named as its kind usually is."""
    usual = "january.xml" if text.lstrip().startswith("<") else "january.sta"
    (path / (name or usual)).write_bytes(text.encode(encoding))


async def read(path):
    """Return all items; the census agrees with them."""
    items = await listing(bank(path, columns=None), 3)
    counted = [n async for n in bank(path, columns=None).census()]
    assert Counter(counted) == Counter(ids(items))
    return items


async def only(path, text):
    """Return the only transaction of a file."""
    write(path, text)
    (item,) = await read(path)
    assert item.reason == ""
    return item.transaction


def reasons(items):
    """Return why items are no transactions, in order."""
    return [item.reason for item in items if item.transaction is None]


def amounts(items):
    """Return the amounts of transactions, in order."""
    return [str(item.transaction.money.amount) for item in items if item.transaction]
