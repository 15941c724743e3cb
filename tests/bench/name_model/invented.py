"""Invented people, towns, streets and firms of many countries, from Faker."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, Final

from tests.bench.libraries import library
from tests.bench.name_model import invented_words as words

_LATIN = re.compile(r"[\u0000-\u024f' .-]+")
_TITLE = re.compile(
    r"^(?:Mrs?|Ms|Dr|Prof|Ing|Mgr|Bc|Herr|Frau|Sr|Sra|Srta|Dott|Sig|Univ|Dipl|MUDr|PhDr|Miss|Hr"
    r"|Fr|pan|pani)[.\w-]*\s+"
)
_CAPITALS = "ABCDEFGHJKLMNPRSTVW"
_LONGEST_TOWN, _LONGEST_STREET = 30, 40

Locale = Any
"""A generator of Faker; it answers by names of its own, not all of them in every country."""


class Inventor:
    """Invents what stands in the slots of templates. The same *seed* invents the same."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        faker = library("faker")
        self._locales: dict[str, Locale] = {}
        for name in dict.fromkeys(words.LOCALES):
            locale = faker.Faker(name)
            locale.seed_instance(zlib.crc32(name.encode()) + seed)
            if all(_LATIN.fullmatch(locale.first_name()) for _ in range(6)):
                self._locales[name] = locale
        self._shares = [name for name in words.LOCALES if name in self._locales]
        self._us = self._locales["en_US"]

    def locale(self, among: Sequence[str] = ()) -> Locale:
        """Return one of the locales named, or of all."""
        known = [name for name in among if name in self._locales]
        return self._locales[self.random.choice(known or self._shares)]

    def fill(self, slot: str, locale: Locale) -> str:
        """Return what stands in *slot*, a key of `SLOTS`."""
        return SLOTS[slot](self, locale)

    def first(self, locale: Locale) -> str:
        """Return a given name."""
        name = _TITLE.sub("", locale.first_name())
        return name if _LATIN.fullmatch(name) else str(self._us.first_name())

    def last(self, locale: Locale) -> str:
        """Return a family name."""
        name = locale.last_name()
        return str(name if _LATIN.fullmatch(name) else self._us.last_name())

    def person(self, locale: Locale) -> str:
        """Return a whole name, in one of the ways in which people write theirs."""
        first = self.first(locale)
        return self._form(words.FULL_NAMES).format(
            first=first,
            last=self.last(locale),
            first2=self.first(locale),
            last2=self.last(locale),
            initial=first[0],
            letter=self.random.choice(_CAPITALS),
        )

    def initials(self, locale: Locale) -> str:
        """Return two letters, as people sign in haste."""
        second = self.last(locale)[0]
        if self.random.random() < 0.2:
            second = self.random.choice("ABCEJLMRST") + second
        return (self.first(locale)[0] + second).upper()

    def city(self, locale: Locale) -> str:
        """Return a town."""
        if hasattr(locale, "postcode_city_province"):
            # Faker keeps Italian towns as a set, in another order in each run.
            name = str(locale.postcode_city_province()).partition(", ")[2]
        else:
            name = self._asked(locale, "city")
        name = re.sub(r"\s*\(.*\)", "", name)
        fits = _LATIN.fullmatch(name) and len(name) < _LONGEST_TOWN
        return name if fits else str(self._us.city())

    def town(self, locale: Locale) -> str:
        """Return a town, often in capitals, as in addresses."""
        name = self.city(locale)
        return name.upper() if self.random.random() < 0.4 else name

    def street(self, locale: Locale) -> str:
        """Return a street without a number."""
        name = self._asked(locale, "street_name").strip()
        fits = _LATIN.fullmatch(name) and len(name) < _LONGEST_STREET
        return name if fits else str(self._us.street_name())

    def address(self, locale: Locale) -> str:
        """Return a street with its number, at times with a flat."""
        number = self.random.choice([(1, 99), (1, 999), (1000, 99999)])
        text = self._form(words.ADDRESSES).format(
            street=self.street(locale),
            number=self.random.randint(*number),
            small=self.random.randint(1, 99),
        )
        if self.random.random() < 0.3:
            flats = (f"{self._number(1, 900)}", self.random.choice("ABCDE"), self._flat())
            unit = self.random.choice(words.UNITS)
            text += self.random.choice([", ", " ", "\n", "\n "]) + unit
            text += " " + self.random.choice(flats)
        return text

    def postcode(self, locale: Locale) -> str:
        """Return a postcode."""
        return self._asked(locale, "postcode")

    def firm(self, locale: Locale) -> str:
        """Return the name of a firm: of people, of grand words, coined, or a brand."""
        pick = self.random.choice
        coined = self.random.random() < 0.25
        parts = [pick(words.SYLLABLES) for _ in range(3)]
        return self._form(words.COINED_FIRMS if coined else words.FIRMS).format(
            last=self.last(locale),
            last2=self.last(locale),
            last3=self.last(locale),
            trade=pick(words.TRADES),
            form=pick(words.LEGAL_FORMS),
            grand=pick(words.GRAND_WORDS),
            brand=pick(words.BRANDS),
            letters="".join(pick("ABCDEFGHIKLMNOPRSTUW") for _ in range(pick([3, 3, 4, 4, 5]))),
            coined="".join(parts[: pick([2, 2, 3])]).capitalize(),
            one=parts[0].capitalize(),
            two=parts[1].capitalize(),
        )

    def phone(self, locale: Locale) -> str:
        """Return a telephone number that nobody has, or one of no country in particular."""
        del locale
        area, last = self._number(201, 989), self._number(10, 99)
        abroad = f"{self._number(20, 99)} {last} {area} {self._number(1000, 9999)}"
        return self.random.choice(
            [f"({area}) 555-01{last}", f"{area}-555-01{last}", f"+{abroad}"]
        )

    def date(self, locale: Locale) -> str:
        """Return when something happens."""
        del locale
        day = self._number(1, 28)
        return self.random.choice(
            [
                f"{self.random.choice(words.MONTHS)} {day}",
                f"{self._number(1, 12)}/{day}/2026",
                self.random.choice(words.DAYS),
                "next week",
                "tomorrow",
            ]
        )

    def email(self, locale: Locale) -> str:
        """Return a mail address of a domain that never exists."""
        name = self.first(locale).lower() + self.random.choice([".", "_", ""])
        return f"{name}{self._number(1, 99)}@mail.example"

    def one_of(self, among: Sequence[str]) -> str:
        """Return one of *among*."""
        return self.random.choice(among)

    def _form(self, shares: Mapping[str, int]) -> str:
        return self.random.choices(list(shares), list(shares.values()))[0]

    def _number(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    def _flat(self) -> str:
        return f"{self._number(1, 30)}{self.random.choice('ABC')}"

    def _asked(self, locale: Locale, what: str) -> str:
        """Return what *locale* says; where it knows none, what the US say."""
        answer = getattr(locale, what, None) or getattr(self._us, what)
        return str(answer())


SLOTS: Final[Mapping[str, Callable[[Inventor, Locale], str]]] = {
    "person": Inventor.person,
    "first": Inventor.first,
    "last": Inventor.last,
    "initials": Inventor.initials,
    "city": Inventor.city,
    "town": Inventor.town,
    "country": lambda inventor, _: inventor.one_of(words.COUNTRIES),
    "address": Inventor.address,
    "street": Inventor.street,
    "state": lambda inventor, _: inventor.one_of(words.STATES),
    "postcode": Inventor.postcode,
    "firm": Inventor.firm,
    "phone": Inventor.phone,
    "date": Inventor.date,
    "email": Inventor.email,
    "thing": lambda inventor, _: inventor.one_of(words.THINGS),
    "title": lambda inventor, _: inventor.one_of(words.TITLES),
}
"""What may stand in a template, in braces."""

CLASS_OF: Final = {
    "person": "PERSON",
    "first": "PERSON",
    "last": "PERSON",
    "initials": "PERSON",
    "city": "LOCATION",
    "town": "LOCATION",
    "country": "LOCATION",
    "address": "ADDRESS",
    "street": "ADDRESS",
    "state": "ADDRESS",
    "postcode": "ADDRESS",
    "firm": "ORGANIZATION",
}
"""Classes of `token_classes` by slot; what stands in the others is of none."""
