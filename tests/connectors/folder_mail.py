"""Puts mail into directories and looks at it through the mailbox."""

import re
from collections import Counter

import pytest

from connectors.folder import FolderMailbox
from flows.errors import SkipItem
from tests.contract.mailbox import ids, listing

SEPARATOR = b"From ada@customer.example Thu Jan  4 10:00:00 2024\n"


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def opened(path, **options):
    return FolderMailbox(path, settle=0, **options)


async def check_census(path, **options):
    """The census and the pages agree; return the refs."""
    refs = await listing(opened(path, **options), 3)
    counted = [ref async for ref in opened(path, **options).census()]
    assert Counter(counted) == Counter(refs)
    assert len(set(ids(refs))) == len(refs)
    return refs


async def reason_of(mailbox, ref):
    with pytest.raises(SkipItem) as caught:
        await mailbox.fetch(ref)
    return caught.value.reason


def as_mbox(messages, escape=True):
    quoted = [re.sub(rb"(?m)^(>*From )", rb">\1", m) if escape else m for m in messages]
    return b"".join(SEPARATOR + message + b"\n" for message in quoted)
