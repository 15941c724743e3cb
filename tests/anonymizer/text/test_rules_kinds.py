"""Kinds of sentences, not sentences: what opens something, bodies, bills, families, papers."""

from __future__ import annotations

import re

import pytest

from anonymizer.text.engine import RULES
from anonymizer.text.rows import Rows
from anonymizer.text.view import view

ROWS = Rows(RULES)

GONE = """
CREDENTIAL|Gate is {4471#} then follow the drive round back.
CREDENTIAL|hey use {8832} on the keypad by the garage, its sticky so push hard
CREDENTIAL|The lockbox on the hose bib opens with {0917}.
CREDENTIAL|It's now {3391}, they changed it after the last crew.
CREDENTIAL|Alarm off: {4456}, alarm on: {4457}
CREDENTIAL|gate| {2846}
CREDENTIAL|Turn it {32 right, 7 left, 19 right} and pull the shackle.
CREDENTIAL|Recovery phrase: {maple orbit tunnel hedge candle river frost medal}
CREDENTIAL|the backup codes are {7740-1265} and {4410-2231}
CREDENTIAL|el candado se abre con {3721}
CREDENTIAL|la boîte à clés s'ouvre avec {0528}
CREDENTIAL|Alarmanlage mit {4477} ausschalten
CREDENTIAL|my apple id password changed, its {Kiwi99tree}
HEALTH|He {broke his leg} skiing
HEALTH|I {threw my back out} yesterday
HEALTH|our tenant says her {knees are shot}
HEALTH|She {can't do stairs} any more
HEALTH|I'm {post-op} until the 9th
HEALTH|my sister went {into rehab} last month
HEALTH|My {doctor's appointment} is at 2 so come after
HEALTH|mi hermano {se rompió el brazo}
HEALTH|mi suegra {no puede caminar}
HEALTH|j'ai {mal au dos}
HEALTH|mein Mann hat sich {das Bein gebrochen}
HEALTH|ich bin {krankgeschrieben}
MONEY_TROUBLE|we {can't make rent} this month
MONEY_TROUBLE|I'm {two payments behind} on the truck
MONEY_TROUBLE|{no nos alcanza} para la renta
MONEY_TROUBLE|wir sind {pleite}
BELIEF|our {pastor} gave us your number
BELIEF|wir sind {Zeugen Jehovas}
FAMILY|My wife {left me} in March
FAMILY|my {soon-to-be ex} pays the bill
FAMILY|mon mari {m'a quittée}
VEHICLE|I'm in the silver Civic, {8ABC123}
VEHICLE|mein Auto {M-AB 4821} steht davor
PASSPORT|pasaporte núm. {AAB123456}
DRIVER_LICENCE|my license (CA) {D4829134}
BIRTH_DATE|nací el {14 de marzo de 1961}
"""

STAYS = """
Error code is 4471 on the display.
The gate motor draws 1200 watts.
The door is 2400 mm high.
Pin 4 of the connector goes to ground.
Press 5 for service
le code erreur 4471
el código de error es 4821
use 1450 psi at the door panel
Fault code E04, reset and it's now 4500 ppm
Schlage B60N and FE595 locks
PO 60555-0134 and invoice 60555-0135
The back is against the wall
the boiler threw up an error
we are two weeks behind on the job
the plumber left me a note
the church needs a new boiler
Leg of the table broke
My back door sticks and her hand rail is loose.
The Honda needs a new belt.
"""


def _marked(line: str) -> tuple[str, str, list[tuple[int, int]]]:
    label, marked = line.split("|", 1)
    text, marks = "", []
    for part in re.split(r"(\{[^}]*\})", marked):
        inner = part.strip("{}")
        if part != inner:
            marks.append((len(text), len(text) + len(inner)))
        text += inner
    return label, text, marks


@pytest.mark.parametrize("line", GONE.strip().splitlines())
def test_every_way_of_saying_it_is_found(line: str) -> None:
    _, text, marks = _marked(line)
    found = {i for _, low, high, _ in ROWS.find(view(text).text) for i in range(low, high)}
    left = [text[i] for low, high in marks for i in range(low, high) if i not in found]
    assert not any(char.isalnum() for char in left)


@pytest.mark.parametrize("text", STAYS.strip().splitlines())
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert [rule.name for rule, *_ in ROWS.find(view(text).text)] == []
