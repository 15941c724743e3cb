"""Where the model does not know the language, more goes, and the result says so."""

# ruff: noqa: RUF001 - letters of other scripts are what these tests are about

from __future__ import annotations

import time

import pytest

from anonymizer.text.findings import CUED, Finding
from anonymizer.text.name_cues import cued_names
from anonymizer.text.strict import (
    MODEL_RULE,
    main_language,
    read_strictly,
    strict_reason,
)
from anonymizer.text.view import CHUNK
from tests.anonymizer.text.foreign_mails import ForeignLine, foreign_lines

LINES = foreign_lines()


def gone(text: str) -> set[int]:
    """Return the letters that strict reading and cues take for names and streets."""
    found = [(f.start, f.end) for f in read_strictly(text, ())[0] if f.label != "LOCATION"]
    found += [(start, end) for start, end, _ in cued_names(text)]
    return {i for start, end in found for i in range(start, end) if text[i].isalnum()}


def private(line: ForeignLine) -> set[int]:
    return {
        i for start, end in line.private for i in range(start, end) if line.text[i].isalnum()
    }


@pytest.mark.parametrize("language", sorted({line.language for line in LINES}))
def test_names_and_streets_go(language: str) -> None:
    lines = [line for line in LINES if line.language == language]
    left = [line.text for line in lines if not private(line) <= gone(line.text)]
    assert len(lines) >= 15
    assert not left


@pytest.mark.parametrize("language", sorted({line.language for line in LINES}))
def test_business_words_stay(language: str) -> None:
    lines = [line for line in LINES if line.language == language]
    taken = [line.text for line in lines if gone(line.text) - private(line)]
    assert not taken


def test_the_language_is_reported() -> None:
    text = "\n\n".join(line.text for line in LINES if line.language in {"es", "pl"})
    found, languages = read_strictly(text, ())
    assert languages == ("es", "pl")
    assert {f.label for f in found} <= {CUED, "ADDRESS", "LOCATION"}
    assert {strict_reason(f.rule) for f in found if f.label == CUED} == {
        "in a language read strictly (Polish)",
        "in a language read strictly (Spanish)",
    }


def test_english_is_not_read_strictly() -> None:
    text = (
        "Hi,\n\nthe Vaillant boiler in Jürgen's flat is leaking and "
        "we have no heat.\n\nAna Ruiz"
    )
    assert read_strictly(text, ()) == ([], ())
    assert strict_reason("kin") == ""


def test_what_the_model_sees_in_an_unknown_language_does_not_count() -> None:
    english = "Please tell Ana that we will be there on Monday."
    german = "Die Heizung von Frau Brandt ist kaputt und der Schlüssel liegt bei uns."
    text = f"{english}\n\n{german}"
    at = text.index("Heizung")
    ana = Finding(text.index("Ana"), text.index("Ana") + 3, "PERSON", MODEL_RULE)
    heating = Finding(at, at + len("Heizung"), "PERSON", MODEL_RULE)
    phone = Finding(at, at + 3, "PHONE", "phone number")
    found, languages = read_strictly(text, [ana, heating, phone])
    assert ana in found
    assert phone in found
    assert heating not in found
    assert languages == ("de",)


def test_a_subject_has_the_language_of_its_mail() -> None:
    body = "Guten Tag, der Wasserhahn in der Küche tropft und wir haben kein Wasser."
    subject = "Rohrbruch Waschküche"
    guess = Finding(0, len(subject), "PERSON", MODEL_RULE)
    assert read_strictly(subject, [guess]) == ([guess], ())
    mail = main_language([subject, body])
    assert mail == "de"
    assert read_strictly(subject, [guess], mail=mail) == ([], ("de",))


def test_a_short_signature_has_the_language_of_its_mail() -> None:
    text = (
        "Buongiorno, il rubinetto della cucina perde e non abbiamo acqua.\n\nOrnella Esposito"
    )
    found, _ = read_strictly(text, ())
    assert "Ornella Esposito" in {text[f.start : f.end] for f in found}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Здравствуйте, у нас течёт кран. Ключ у соседки Светланы Петровой, она дома.",
            "Светланы",
        ),
        ("שלום, קוראים לי רבקה כהן ויש לי נזילה במטבח.", "רבקה"),
        ("你好，我叫王小明，厨房的水龙头漏水了。", "王小明"),
        ("こんにちは、田中さんの台所の蛇口から水が漏れています。", "田中"),
        ("안녕하세요, 저는 김민수입니다. 부엌 수도꼭지가 새고 있습니다.", "김민수"),
    ],
)
def test_names_in_other_scripts_go(text: str, name: str) -> None:
    start = text.index(name)
    assert set(range(start, start + len(name))) <= gone(text)


@pytest.mark.parametrize(
    "piece",
    ["calle de la ", "Straße ", "Ana y ", "La Casa De ", "rue 1 ", "أحمد ", "Frau A. ", "Aa-"],
)
def test_a_hostile_piece_takes_bounded_time(piece: str) -> None:
    text = "Hola, tengo una fuga en la cocina y no hay agua. " + piece * (CHUNK // len(piece))
    began = time.process_time()
    read_strictly(text, ())
    list(cued_names(text))
    assert time.process_time() - began < 3
