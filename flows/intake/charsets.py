"""Bytes to text, whatever charset a mail claims, and text that every store accepts."""

from __future__ import annotations

import codecs
import re
from typing import Final

ALIASES: Final = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "x-sjis": "cp932",
    "iso-8859-8-i": "iso-8859-8",
    "unicode-1-1-utf-7": "utf-7",
    "ansi": "cp1252",
}
"""Labels that stand for a larger charset in practice.

Source: WHATWG Encoding, https://encoding.spec.whatwg.org/#names-and-labels
"""

NOT_FOR_MAIL: Final = frozenset(
    {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}
)
"""Python codecs that decode text but are no charset; `idna` is quadratic in its input."""

SAMPLE: Final = 65_536
"""Bytes shown to the detector: more makes it slower and no surer."""

_INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069\u061c\u180e]"
)
_FILLER = re.compile("(?:[\u034f\u200c\u200d\u2007\u00a0]\\s*){4,}")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile("[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_HIGH = re.compile(rb"[\x80-\xff]")
_LETTER = re.compile(rb"[A-Za-z]")
_LABEL = re.compile(r"[a-z0-9][a-z0-9_.:+-]{0,39}")
_ISO_2022 = re.compile(rb"\x1b(?:\$[@B]|\([BJI])")


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """Return *data* as clean text, and what was wrong with its charset, "" if nothing was.

    Tried in this order: a byte-order mark, the declared charset, UTF-8, cp1252 where the
    result looks like Western text, then what charset-normalizer makes of it. The last
    resort is UTF-8 with replacement characters, so there is always a text.
    """
    if not data:
        return "", ""
    wanted = _codec(declared)
    problem = "" if wanted or not declared else "unknown charset"
    for codec in _candidates(data, wanted):
        try:
            text = data.decode(codec)
        except (UnicodeError, ValueError):
            problem = problem or ("not in the declared charset" if codec == wanted else "")
            continue
        return clean(text), problem
    return clean(_detect(data)), problem or "charset was guessed"


def clean(text: str) -> str:
    r"""Return *text* without what no store, screen or regular expression needs.

    Line ends become `\n`, special spaces plain ones; control characters, lone surrogates
    and invisible formatting characters (a way to hide a word from a filter) go.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _BREAKS.sub("\n", text.replace("\r\n", "\n"))
    if text.isascii():
        return _CONTROL.sub("", text)
    text = _FILLER.sub(" ", text)
    text = _SPACES.sub(" ", text)
    return _INVISIBLE.sub("", _CONTROL.sub("", text))


def clean_line(text: str) -> str:
    """Return *text* clean and on one line, with single spaces."""
    return " ".join(clean(text).split())


def original_bytes(text: str) -> bytes:
    """Return the bytes behind a string that the mail parser read as ASCII with escapes."""
    try:
        return text.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _candidates(data: bytes, wanted: str) -> list[str]:
    """Return codecs to be tried, surest first."""
    if data[:3] == codecs.BOM_UTF8:
        return ["utf-8-sig", wanted or "utf-8"]
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return ["utf-16", wanted or "utf-8"]
    if data.isascii():
        if wanted and _changes_ascii(wanted):
            return [wanted, "ascii"]
        return ["iso2022_jp" if _ISO_2022.search(data) else "ascii", "ascii"]
    # Text declared as Latin-1 that is valid UTF-8 was mislabelled: chance hits are rare.
    first = ["utf-8"] if wanted in ("", "cp1252") else [wanted, "utf-8"]
    return first + ([wanted] if wanted == "cp1252" else []) + _western(data)


def _western(data: bytes) -> list[str]:
    # Letters beyond ASCII are few in Western languages; a text made of them is not cp1252.
    high = len(_HIGH.findall(data[:SAMPLE]))
    letters = len(_LETTER.findall(data[:SAMPLE]))
    return ["cp1252"] if high <= letters * 0.25 + 2 else []


def _changes_ascii(codec: str) -> bool:
    return codec in {"utf-7", "iso2022_jp", "iso2022_kr", "hz"} or codec.startswith(
        ("utf-16", "utf-32", "iso2022", "cp037", "cp500", "cp1140")
    )


def _codec(declared: str) -> str:
    """Return the Python codec for a declared charset, or "" where there is none."""
    name = declared.strip().strip("\"'").lower().split("*")[0]
    if not _LABEL.fullmatch(name):
        return ""
    try:
        info = codecs.lookup(ALIASES.get(name, name))
        "".encode(info.name)  # refuses codecs that are no text encodings, such as base64
    except (LookupError, UnicodeError, ValueError):
        return ""
    return "" if info.name.replace("-", "_") in NOT_FOR_MAIL else info.name


def _detect(data: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - heavy, and seldom needed

    best = from_bytes(data[:SAMPLE]).best()
    if best is None:
        return data.decode("utf-8", "replace")
    return data.decode(best.encoding, "replace")
