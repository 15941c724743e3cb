"""The signs by which a mail is told to be personal or business: what is seen, not its weight.

A sign is a name and a strength of 0 to 1. Its name never holds a word of the mail.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from flows.intake.business_cues import BUSINESS, TRADE_SENDERS
from flows.intake.personal_cues import PERSONAL, CueRows, spelled_out
from flows.intake.personal_homes import HOME_DOMAINS, PRIVATE_FOLDERS

HEAD: Final = 2_400
TAIL: Final = 600
"""Characters of a text that are read: its start and its end."""

SHORT: Final = 12
"""Words below which shares are taken as of so many: one "I" of three tells nothing."""

Signs = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is known of a mail besides subject and text; what is unknown is empty.

    `names` are the display names of sender and recipients, the sender's first; `files` the
    names of attachments; `folder` the place in the mailbox.
    """

    cc: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    folder: str = ""
    files: tuple[str, ...] = ()


NOTHING: Final = Around()

_HEADER = re.compile(
    r"[ \t>]*(?:from|to|cc|bcc|sent|date|subject|sent by|phone no|please respond to|von|an|"
    r"gesendet|betreff|de|para|enviado|asunto|envoye|objet|a)[ \t]{0,8}:"
)
"""How header lines of quoted mails begin: they tell nothing of what is said."""

_PATH = re.compile(r"(?<!\S)[^\s@/]{0,64}[@/]\S*")
"""Addresses and paths, likewise."""

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}")
_NUMBER = re.compile(r"\d[\d.,:/-]*")
_MONEY = re.compile(r"[$\u20ac\u00a3]\s?\d|\d\s?(?:[$\u20ac\u00a3]|eur\b|usd\b|k\b)")
_PHONE = re.compile(r"\b\d{3}[-. )]{1,2}\d{3}[-. ]\d{4}\b|\b\d{3}[-.]\d{4}\b")
_SMILE = re.compile(r"[:;=]-?[)(DPp]|<3|[\U0001F300-\U0001FAFF\u2600-\u27BF\u2764]")
_PICTURE = re.compile(r"\.(?:jpe?g|gif|png|bmp|heic|mp[34]|mpe?g|avi|mov|wav|pps)\b")
_PAPER = re.compile(r"\.(?:pdf|docx?|xlsx?|csv|rtf|pptx?|zip)\b")
_FORWARD = re.compile(
    r"forwarded by|forwarded message|original message|^\s*(?:fwd?|wg|tr|rv)\s*:"
)
_MARKS: Final = str.maketrans({"\u2019": "'", "\u2018": "'", "\u00b4": "'"})

ME_WORDS: Final = "i i'm i'll i've i'd me my mine yo mi je j'ai moi mon ma ich mir mich"
YOU_WORDS: Final = "you your you're ya u tu te ti toi ton ta du dich dir dein deine euch"
ME: Final = frozenset(ME_WORDS.split())
YOU: Final = frozenset(YOU_WORDS.split())


class _Index:
    """All words and phrases of rows, to be found in a text at once."""

    def __init__(self, rows: CueRows) -> None:
        self.words: dict[str, list[str]] = {}
        self.phrases: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for name, entries in rows:
            for entry in sorted(spelled_out(entries)):
                first, *others = entry.split()
                if others:
                    longer = f" {entry} " if len(others) > 1 else ""
                    self.phrases.setdefault((first, others[0]), []).append((longer, name))
                else:
                    self.words.setdefault(entry, []).append(name)

    def found(
        self, words: frozenset[str], pairs: frozenset[tuple[str, str]], joined: str
    ) -> dict[str, int]:
        """Return how many different entries of each row are in the text."""
        counts: dict[str, int] = {}
        for word in words & self.words.keys():
            for name in self.words[word]:
                counts[name] = counts.get(name, 0) + 1
        for pair in pairs & self.phrases.keys():
            for longer, name in self.phrases[pair]:
                if not longer or longer in joined:
                    counts[name] = counts.get(name, 0) + 1
        return counts


_PERSONAL = _Index(PERSONAL)
_BUSINESS = _Index(BUSINESS)


def signs_of(
    subject: str, text: str, sender: str, to: Sequence[str], around: Around = NOTHING
) -> Signs:
    """Return the signs of a mail; those that are not there are left out."""
    told = f"{subject}\n{_cut(text)}".translate(_MARKS)
    plain = _plain(told)
    said = plain
    if ":" in plain:
        lines = plain.split("\n")
        said = "\n".join(line for line in lines if ":" not in line or not _HEADER.match(line))
    said = _PATH.sub(" ", said) if "@" in said or "/" in said else said
    words = _WORD.findall(said)
    if "'s" in said:
        words = [word.removesuffix("'s") for word in words]
    signs = _cue_signs(words)
    signs.update(_shape(told, said, words))
    signs.update(_enclosed(plain, around.files))
    signs.update(_people(sender, [*to, *around.cc], around.names, plain))
    if around.folder and PRIVATE_FOLDERS.search(_plain(around.folder)):
        signs["folder of private mail"] = 1.0
    return signs


def _cut(text: str) -> str:
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]}\n{text[-TAIL:]}"


def _plain(text: str) -> str:
    """Return *text* in lower case and without accents."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def _cue_signs(words: Sequence[str]) -> Signs:
    joined, several = f" {' '.join(words)} ", frozenset(words)
    pairs = frozenset(pairwise(words))
    personal = _PERSONAL.found(several, pairs, joined)
    business = _BUSINESS.found(several, pairs, joined)
    signs = {f"personal: {name}": _strength(count) for name, count in personal.items()}
    signs |= {f"business: {name}": _strength(count) for name, count in business.items()}
    own, trade = sum(personal.values()), sum(business.values())
    if len(personal) > 1:
        signs["personal: of several kinds"] = min(len(personal) - 1, 5) / 5
    if len(business) > 1:
        signs["business: of several kinds"] = min(len(business) - 1, 5) / 5
    if trade > 3:  # noqa: PLR2004 - a few words of offices stand in any letter
        signs["business: many words"] = min(trade - 3, 15) / 15
    if own and not trade:
        signs["personal: nothing of business"] = min(own, 3) / 3
    if trade:
        signs["business: dense"] = min(trade / max(len(words), SHORT) * 4, 1.0)
    if own + trade > 3:  # noqa: PLR2004 - or one word makes the share
        signs["personal: its share"] = own / (own + trade)
    return signs


def _strength(count: int) -> float:
    """Return 0.6 for one word of a row, 1 for three and more."""
    return 0.4 + 0.2 * min(count, 3)


def _shape(told: str, said: str, words: Sequence[str]) -> Signs:
    size = len(words)
    several = max(size, SHORT)
    signs: Signs = {}
    for name, least in (("long", 150), ("very long", 400)):
        if size >= least:
            signs[f"business: {name}"] = 1.0
    if size < 6:  # noqa: PLR2004 - too few words to tell anything
        signs["business: hardly a word"] = 1.0
    me, you = sum(map(ME.__contains__, words)), sum(map(YOU.__contains__, words))
    signs["personal: speaks of itself"] = min(me / several * 10, 1.0)
    signs["personal: speaks to one"] = min(you / several * 10, 1.0)
    numbers = len(_NUMBER.findall(said))
    signs["business: numbers"] = min(numbers / several * 8, 1.0)
    signs["personal: exclaims"] = min(told.count("!"), 4) / 4
    for name, pattern, text in (
        ("business: money", _MONEY, said),
        ("business: phone number", _PHONE, said),
        ("personal: smiles", _SMILE, told),
    ):
        if pattern.search(text):
            signs[name] = 1.0
    return {name: strength for name, strength in signs.items() if strength}


def _enclosed(plain: str, files: Sequence[str]) -> Signs:
    signs: Signs = {}
    if "http" in plain or "www." in plain:
        signs["business: links"] = 1.0
    passed_on = _FORWARD.search(plain) is not None
    if passed_on:
        signs["personal: passed on"] = 1.0
    names = "\n".join([*files, plain]).lower()
    if _PAPER.search(names):
        signs["business: papers enclosed"] = 1.0
    # Customers send pictures of what is broken; nobody passes those on from others.
    elif passed_on and _PICTURE.search(names):
        signs["personal: pictures passed on"] = 1.0
    return signs


def _people(
    sender: str, others: Sequence[str], names: Sequence[str], plain: str
) -> Iterator[tuple[str, float]]:
    sender = sender.lower()
    others = [other.lower() for other in others if other]
    far = [other for other in others if _domain(other) != _domain(sender)]
    if TRADE_SENDERS.match(sender):
        yield "business: sent by an office", 1.0
    if any(TRADE_SENDERS.match(other) for other in others):
        yield "business: sent to an office", 1.0
    elif sender and not _at_home(sender) and not TRADE_SENDERS.match(sender):
        # Customers write from home or to the office; who writes from a desk to a person is
        # colleague, supplier, partner or the owner, whose mail speaks plainly of business.
        yield "personal: from desk to person", 1.0
    if len(others) > 8:  # noqa: PLR2004 - more than a table of friends
        yield "business: a circular", 1.0
    elif len(others) > 2:  # noqa: PLR2004 - a pair is still a couple
        yield "business: to several", 1.0
    if _at_home(sender):
        yield "personal: from a home address", 1.0
    if far and all(_at_home(other) for other in far):
        yield "personal: to home addresses", 1.0
    if sender and others and not far:
        yield "business: among colleagues", 1.0
    quoted = list(dict.fromkeys(_ADDRESS.findall(plain)))[:40] if "@" in plain else []
    if sum(_at_home(each) for each in quoted) > 2:  # noqa: PLR2004 - a circle of friends
        yield "personal: a circle of home addresses", 1.0
    if _family(sender, far, names):
        yield "personal: of one family", 1.0
    elif _circle(quoted):
        yield "personal: among a family", 1.0


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _at_home(address: str) -> bool:
    domain = _domain(address)
    while domain:
        if domain in HOME_DOMAINS:
            return True
        domain = domain.partition(".")[2]
    return False


def _family(sender: str, far: Sequence[str], names: Sequence[str]) -> bool:
    """Return whether people of different houses bear one family name."""
    own = _surname(sender)
    if own and any(_bears(other, own) for other in far):
        return True
    last = [name.replace(",", " ").split()[-1].lower() for name in names if " " in name.strip()]
    return bool(far) and len(last) > 1 and len(last[0]) > 2 and last[0] in last[1:]  # noqa: PLR2004


def _circle(addresses: Sequence[str]) -> bool:
    """Return whether three addresses of different houses bear one family name."""
    surnames: dict[str, set[str]] = {}
    for address in addresses:
        surname = _surname(address)
        if surname:
            surnames.setdefault(surname, set())
    for surname, houses in surnames.items():
        houses.update(_domain(each) for each in addresses if _bears(each, surname))
    return any(len(houses) > 2 for houses in surnames.values())  # noqa: PLR2004


def _surname(address: str) -> str:
    """Return the family name in `first.last@…`, "" where none can be told."""
    local = address.rpartition("@")[0].strip(".")
    first, _, last = local.rpartition(".")
    last = last.strip("0123456789_-")
    # An initial does not tell a relative from the same person's other address.
    known = len(first) > 1 and len(last) > 3  # noqa: PLR2004
    return last if known and last.isalpha() else ""


def _bears(address: str, surname: str) -> bool:
    local = address.rpartition("@")[0].rstrip("0123456789")
    return local.endswith(surname) or local.startswith(f"{surname}.")


def shared(signs: Mapping[str, float]) -> frozenset[str]:
    """Return the kinds of signs by which mails are alike: what they tell, not their shape."""
    cues = {name for name, _ in (*PERSONAL, *BUSINESS)}
    return frozenset(name for name in signs if name.partition(": ")[2] in cues)
