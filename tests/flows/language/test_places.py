"""YAML is read as YAML 1.2 reads it, with a place for everything, and no file hurts."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from flows.errors import AdministratorError, FlowsFileError, OperatorError
from flows.language.load import load
from flows.language.spec import FlowsFile
from flows.language.yaml_reader import read
from tests.flows.language.conftest import FLOW, HEAD, STEPS

GOOD = HEAD + FLOW + STEPS


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("on", "on"),
        ("yes", "yes"),
        ("no", "no"),
        ("NO", "NO"),
        ("True", "True"),
        ("~", "~"),
        ("12:30", "12:30"),
        ("0100", "0100"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("2026-03-14", "2026-03-14"),
        ("12", 12),
        ("-0.5", -0.5),
        ("1e3", 1000.0),
        (".inf", ".inf"),
        ("1" * 400, "1" * 400),
        ("'12'", "12"),
        ('"true"', "true"),
    ],
)
def test_words_mean_what_they_say(written: str, value: object) -> None:
    read_value = read(f"key: {written}\n", "f").data["key"]
    assert read_value == value
    assert type(read_value) is type(value)


def test_every_key_and_value_has_its_place() -> None:
    document = read("a:\n  - b: 1\n    c: [x, 'y z']\n", "f.yaml")
    assert str(document.key(("a", 0, "c"))) == "f.yaml:3:5"
    assert str(document.value(("a", 0, "c", 1))) == "f.yaml:3:12"
    assert str(document.value(("a", 0, "missing"))) == "f.yaml:2:5"


@pytest.mark.parametrize(
    ("text", "word", "place"),
    [
        ("k: one two\n", "two", "f:1:8"),
        ("k: 'it''s two'\n", "two", "f:1:11"),
        ('k: "one two"\n', "two", "f:1:9"),
        ('k: "o\\ne two"\n', "two", "f:1:4"),  # an escape: the start of the text
        ("k: |\n  one\n\n    two\n", "two", "f:4:5"),
        ("k: |-\r\n  one\r\n  two\r\n", "two", "f:3:3"),
        ("k: >\n  one\n  two\n", "two", "f:1:4"),  # folded: the start of the text
        ("k: plain\n  and two\n", "two", "f:1:4"),
    ],
)
def test_characters_inside_a_text_have_a_place(text: str, word: str, place: str) -> None:
    document = read(text, "f")
    assert str(document.inside(("k",), document.data["k"].index(word))) == place


def test_an_alias_is_what_it_stands_for() -> None:
    document = read("a: &x {b: 1}\nc: *x\nd: [*x, *x]\n", "f")
    assert document.data == {"a": {"b": 1}, "c": {"b": 1}, "d": [{"b": 1}, {"b": 1}]}
    assert str(document.value(("c", "b"))) == "f:1:11"


def test_windows_files_are_fine(load_text: Callable[[str | bytes], FlowsFile]) -> None:
    """A byte order mark and CRLF, as Windows editors write them, change nothing."""
    plain = load_text(GOOD)
    assert load_text(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()) == plain


def test_places_in_windows_files_are_right(told: Callable[[str | bytes], str]) -> None:
    raw = b"\xef\xbb\xbf" + (HEAD + FLOW + "    stpes: 1\n").replace("\n", "\r\n").encode()
    assert "flows.yaml:8:5: 'stpes' is not a key of a flow" in told(raw)


EMPTY = "1:1: the file is empty", "write a starter with `jigajob init`, and edit it"
SEPARATOR = "2:5: an invisible line separator stands here"
PASTED = "delete it; it is pasted in with text from elsewhere"
NO_TEXT = "this is no text file, or not UTF-8; save it as UTF-8 text"
TYPE_AGAIN = "delete it and type it again"
DEEP = "1:53: lists and mappings are nested more than 50 levels deep"
BRACKETS = "flows need fewer than ten; check the brackets"


@pytest.mark.parametrize(
    ("raw", "what", "fix"),
    [
        (b"", *EMPTY),
        (b"# nothing\n", *EMPTY),
        (b"a: 1\nb: \xe9t\xe9\n", "2:4: this is not UTF-8 text", "save the file as UTF-8"),
        ("version: 1".encode("utf-16"), "1:1: the file is UTF-16 text", "save it as UTF-8"),
        (b"a: 1\nb: x\0y\n", "2:5: a NUL byte stands here", NO_TEXT),
        ("a: 1\nb: x\u2028y\n".encode(), SEPARATOR, PASTED),
        (b"a: \x07\n", "1:4: a character here is not allowed in YAML", TYPE_AGAIN),
        (
            b"a:\n\tb: 1\n",
            "2:1: a tab is used to indent",
            "indent with spaces, two for each level",
        ),
        (
            b"x" * 1_000_001,
            "1:1: the file is larger than 1 MB",
            "split it; a flow takes about 1 kB",
        ),
        (b"a: " + b"[" * 60, DEEP, BRACKETS),
    ],
)
def test_files_that_are_no_flows_file(
    raw: bytes, what: str, fix: str, told: Callable[[str | bytes], str]
) -> None:
    assert told(raw) == f"flows.yaml:{what}\n  fix: {fix}"


def test_a_missing_file_and_a_directory_are_the_operators_to_mend(tmp_path) -> None:
    with pytest.raises(OperatorError, match="there is no file"):
        load(tmp_path / "flows.yaml")
    with pytest.raises(OperatorError, match="is a directory"):
        load(tmp_path)
    with pytest.raises(AdministratorError, match="cannot be read"):
        load(tmp_path / "a\0b")


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 10)
)
QUADRATIC = f"a: &a [{', '.join(['x'] * 2000)}]\nb: [{', '.join(['*a'] * 2000)}]\n"
CHAIN = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 5000))
KEYS = f"a: &a {{{', '.join(f'k{i}: v' for i in range(3000))}}}\n" + "".join(
    f"b{i}: *a\n" for i in range(3000)
)


@pytest.mark.parametrize(
    ("bomb", "what"),
    [
        pytest.param(LAUGHS, "more than 100,000 values", id="billion laughs"),
        pytest.param(QUADRATIC, "more than 100,000 values", id="quadratic blow-up"),
        pytest.param(KEYS, "more than 100,000 values", id="mappings repeated"),
        pytest.param(CHAIN, "more than 50 levels", id="a chain of aliases"),
        pytest.param("a: &a [*a]\n", "contains itself", id="a list in itself"),
        pytest.param("a: &a {b: {c: *a}}\n", "contains itself", id="a mapping in itself"),
        pytest.param("[" * 400_000, "more than 50 levels", id="brackets"),
        pytest.param("{a: " * 200_000, "more than 50 levels", id="braces"),
        pytest.param("- " * 400_000, "more than 50 levels", id="dashes"),
        pytest.param("? " * 400_000, "more than 50 levels", id="question marks"),
        pytest.param("[x, " * 60 + "]" * 60, "more than 50 levels", id="closed brackets"),
        pytest.param("- x\n" * 240_000, "more than 100,000 values", id="many items"),
        pytest.param("a: " + "b" * 900_000 + "\nc: [", "a value is missing", id="a long word"),
        pytest.param('a: "' + "\\x41" * 200_000, "never closed", id="a long quote"),
    ],
)
def test_yaml_bombs_are_refused_at_once(bomb: str, what: str) -> None:
    started = time.process_time()
    with pytest.raises(FlowsFileError) as caught:
        read(bomb, "f")
    assert what in str(caught.value)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.system ['echo x']",
        "!!python/object/new:type {args: [x]}",
        "!!python/name:os.system",
        "!!python/module:os",
        "!!python/object:flows.model.Party {name: x}",
        "!!binary aGk=",
        "!!timestamp 2026-01-01",
        "!!set {a, b}",
        "!!str 12",
        "!include /etc/passwd",
        "! x",
    ],
)
def test_tags_make_nothing_and_are_named(tag: str) -> None:
    document = read(f"a: {tag}\n", "f")
    assert ["is not part of the language" in each.what for each in document.problems] == [True]
    assert str(document.problems[0].where) == "f:1:4"
