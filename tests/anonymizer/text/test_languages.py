"""A paragraph's language is told right, and English mail is never taken for another."""

# ruff: noqa: RUF001 - letters of other scripts are what these tests are about

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest

from anonymizer.text.languages import detect, paragraphs, spoken
from tests.anonymizer.text.foreign_mails import foreign_lines

CORPORA = Path(os.environ.get("JIGAJOB_CORPORA", "../shared/data"))


def test_lines_of_mail_in_eight_languages_are_told_apart() -> None:
    lines = foreign_lines()
    wrong = [line.text for line in lines if detect(line.text) != line.language]
    assert len({line.language for line in lines}) == 8
    assert len(lines) >= 120
    assert len(wrong) <= 0.03 * len(lines), wrong


@pytest.mark.parametrize(
    "text",
    [
        "Hi Remedios, the water heater at the Rue de la Paix building is leaking again. Can "
        "you "
        "ask Jürgen or Małgorzata to let us in on Tuesday?",
        "Please order 2 Viega ProPress elbows and the Vaillant ecoTEC plus boiler for La Casa.",
        "Thanks, that works for me. See you at El Camino Real on Monday.",
        "Dear Señor Ruiz, I have attached the invoice for the work that we did in the kitchen.",
        "I can not find the valve, is it behind the wall or under the sink?",
        "no heat since last night, tenant in 4b has a baby, please send someone asap",
    ],
)
def test_english_with_foreign_names_stays_english(text: str) -> None:
    assert detect(text) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "OK",
        "845-555-0142",
        "Hudson Plumbing & Heating\n12 Elm Street\nKingston, NY 12401",
        '2 x 1/2" PVC elbow, 3 x 3/4" tee, 1 x DN 40 trap, SKU 4471-B',
        "https://shop.example/de/die/der/das?q=und",
        "for (int i = 0; i < n; i++) { a[i] = de.la.el(i); }",
        "Ana Ruiz <ana.de.la.cruz@mail.example>",
    ],
)
def test_what_is_no_prose_tells_no_language(text: str) -> None:
    assert detect(text) in {"", "en"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Здравствуйте, у нас течёт кран на кухне."),
        ("uk", "Добрий день, у нас тече кран на кухні."),
        ("he", "שלום, יש לי נזילה במטבח."),
        ("el", "Καλημέρα, η βρύση στην κουζίνα στάζει."),
        ("zh", "你好，厨房的水龙头漏水了。"),
        ("ja", "こんにちは、台所の蛇口から水が漏れています。"),
        ("ko", "안녕하세요, 부엌 수도꼭지가 새고 있습니다."),
        ("fa", "سلام، شیر آب آشپزخانه چکه می‌کند."),
        ("ar", "مرحبا، الصنبور في المطبخ يسرب الماء."),
        ("hi", "नमस्ते, रसोई का नल टपक रहा है।"),
        ("ro", "Bună ziua, robinetul din bucătărie curge și nu mai avem apă caldă."),
        ("vi", "Xin chào, vòi nước trong nhà của tôi bị hỏng và không có nước."),
    ],
)
def test_other_scripts_and_languages_are_known(language: str, text: str) -> None:
    assert detect(text) == language


def test_each_paragraph_has_its_own_language() -> None:
    text = (
        "Please see what the tenant wrote to us about the leak.\n\n"
        "Hola, tengo una fuga en la cocina y no hay agua."
    )
    assert [detect(text[start:end]) for start, end in paragraphs(text)] == ["en", "es"]
    assert spoken(text) == {"en", "es"}


def test_paragraphs_hold_all_that_is_not_blank() -> None:
    text = "\n\n one\ntwo\n \t\n\nthree\n"
    found = [text[start:end].strip() for start, end in paragraphs(text)]
    assert [piece for piece in found if piece] == ["one\ntwo", "three"]


@pytest.mark.parametrize(
    "text", ["a " * 50_000, "de la " * 20_000, "é" * 100_000, "'" * 90_000]
)
def test_hostile_text_takes_no_time(text: str) -> None:
    began = time.process_time()
    detect(text)
    assert time.process_time() - began < 0.5


def test_real_english_mail_is_hardly_ever_taken_for_another_language() -> None:
    paths = sorted((CORPORA / "enron-berkeley").rglob("*.txt"))[:200]
    if not paths:
        pytest.skip("the Enron mails are not here")
    pieces = [
        piece
        for path in paths
        for piece in re.split(r"\n\s*\n", path.read_text("utf-8", errors="replace"))
    ]
    wrong = [piece for piece in pieces if detect(piece) not in {"en", ""}]
    assert len(wrong) <= 0.002 * len(pieces)
