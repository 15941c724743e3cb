"""An invented office, a year of its mail: with habits that a flow could take over, or none."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flows.model import MessageKind
from flows.suggest.history import Paper, PastMail

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
NOW = START + timedelta(days=360)

PLACES = ("attic", "basement", "kitchen", "porch", "garage", "laundry", "hallway", "cellar")
THINGS = (
    *("radiator", "faucet", "meter", "valve", "gasket", "boiler", "sump-pump", "mixer"),
    *("strainer", "cistern", "heater", "pipe", "vent", "flue", "trap", "spigot", "basin"),
    *("bathtub", "bidet", "grate"),
)
MATTERS = (
    "came loose again last night",
    "makes a knocking sound whenever somebody showers",
    "was fitted by another firm and has no papers",
    "needs to be looked at before the inspection",
    "has turned green on one side",
    "is warm where it used to be cold",
)
REPLIES = (
    "Marco can look at it on the way to the depot, leave the side door open for him.",
    "That sounds like the old seal, we had the same at the school and it held for years.",
    "I would not touch it before the inspector has been, they like to see it as it is.",
    "Let me ask Priya whether the part is still made, she has the catalogue at home.",
    "It may be the pressure from the street, the town was working there all of last week.",
    "We could take it out altogether, it has not been used since the kitchen was moved.",
)
USUAL = (
    "Thank you for asking.",
    "Yes, we service tankless heaters of every make.",
    "A yearly flush takes about an hour and can be booked by phone.",
)


def mail(number: int, **values: object) -> PastMail:
    """Return a mail of its own day, thread and writer."""
    plain = PastMail(
        id=f"m{number:04d}",
        own=False,
        correspondent=f"c{number:04d}",
        domain="",
        thread=f"t{number:04d}",
        at=START + timedelta(days=number),
        kind="other",
        automatic="",
        subject="",
        text="",
    )
    return replace(plain, **values)  # type: ignore[arg-type]  # names of the noun's own fields


def noise(chance: random.Random, number: int, *, answered: bool) -> Iterator[PastMail]:
    """Yield a mail about something of its own, perhaps with an answer of its own."""
    thing, place = chance.choice(THINGS), chance.choice(PLACES)
    asked = mail(
        number,
        subject=f"{thing} in the {place}",
        text=f"Our {thing} in the {place} {chance.choice(MATTERS)}. Regards <PERSON_1>",
    )
    yield asked
    if answered:
        text = f"Hi <PERSON_1>,\n{chance.choice(REPLIES)}\nThe {thing} of {number} is another."
        yield answer(asked, text)


def answer(asked: PastMail, text: str, *, hours: float = 5) -> PastMail:
    """Return what the business answered."""
    return replace(
        asked,
        id=f"{asked.id}a",
        own=True,
        at=asked.at + timedelta(hours=hours),
        subject=f"Re: {asked.subject}",
        text=text,
        papers=(),
    )


def usual(chance: random.Random, number: int, **values: object) -> Iterator[PastMail]:
    """Yield a question about tankless heaters, and the usual answer with words of its own."""
    asked = mail(
        number,
        subject=chance.choice(
            ["Tankless heater", "tankless heater flush", "A tankless heater"]
        ),
        text=f"Do you service a tankless heater like ours in the {chance.choice(PLACES)}?",
        **values,
    )
    yield asked
    lines = ["Hi <PERSON_1>,", *USUAL]
    if chance.random() < 0.4:
        lines.insert(
            3, f"For yours in the {chance.choice(PLACES)} bring the key, no. {number}."
        )
    yield answer(asked, "\n".join([*lines, "Kind regards"]))


def papers(domain: str, paper: Paper, days: range, first: int) -> Iterator[PastMail]:
    """Yield mails of one sender, each with a paper."""
    for number, day in enumerate(days, first):
        yield mail(
            number,
            correspondent=domain,
            domain=domain,
            at=START + timedelta(days=day),
            subject="Your statement",
            text="Please find it attached.",
            papers=(paper,),
        )


def of_kind(kind: MessageKind, numbers: range, *, answered: int) -> Iterator[PastMail]:
    """Yield mails of a kind, of which the first so many in each ten are answered."""
    for number in numbers:
        day = START + timedelta(days=number * 7 % 350)
        words = f"It is about {number}."
        asked = mail(number, kind=kind, at=day, subject=f"matter {number}", text=words)
        yield asked
        if number % 10 < answered:
            yield answer(
                asked, f"{number} {REPLIES[number % 6]} {MATTERS[number % 5]} {number}"
            )
