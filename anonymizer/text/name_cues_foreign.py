"""Places of names in mail of other languages.

Tried only where a paragraph is in the language, so they may be broad.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from anonymizer.text.name_cues_rows import NAME, Cue, cue
from anonymizer.text.name_cues_scripts import (
    ARABIC,
    CHINESE,
    HEBREW,
    JAPANESE,
    KOREAN,
    RUSSIAN,
)
from anonymizer.text.name_cues_speech import SPEECHES, Speech
from anonymizer.text.strict_words import CAPITAL_NOUNS


def _latin(speech: Speech, *, nouns: bool) -> tuple[Cue, ...]:
    """Return the rows of a language written in Latin letters."""
    # Where nouns have capitals, a comma more often leads on to something else.
    also = rf",?\s(?:{speech.also})\s" + ("" if nouns else r"|,\s")
    names = rf"{NAME}(?:(?:{also}){NAME}){{0,3}}"
    title = rf"(?:(?:{speech.title})\s)"
    return (
        cue(
            "salutation",
            rf"^[ \t]*(?:{speech.hello})[ ,]+{title}{{0,2}}(?P<name>{names})(?=[ \t]*(?:"
            rf"[,!.:;-]|$))",
        ),
        cue(
            "sign-off",
            rf"(?:^|[.!,]\s)[ \t]*(?:{speech.close})[ \t]*[,.!:-]*[ \t]*(?:\n[ \t]*){{0,3}}"
            rf"[-~*]*"
            rf"[ \t]*(?P<name>{NAME})(?=[ \t.,]*$)",
            own=True,
        ),
        cue(
            "sign-off in small letters",
            rf"(?:^|[.!,]\s)[ \t]*(?:{speech.close})[ \t]*[,.!:-]*\s{{1,4}}"
            r"(?P<name>\p{L}{3,16})\s*\Z",
            own=True,
            listed=True,
        ),
        cue(
            "own name",
            rf"(?<!\w)(?:{speech.called})\s{title}?(?P<name>{NAME})",
            own=True,
            doubtful=True,
        ),
        cue("title", rf"(?<![\w.])(?:{speech.title})\s(?P<name>{NAME})", doubtful=True),
        cue(
            "kin",
            rf"\b(?:{speech.whose})\s(?:\w+\s)?(?:{speech.kin}),?\s{title}?(?P<name>{names})",
            doubtful=True,
        ),
        *_elsewhere(speech, names, title),
    )


def _elsewhere(speech: Speech, names: str, title: str) -> tuple[Cue, ...]:
    """Return the rows of a language for what is written in sentences, forms and lists."""
    return (
        cue("to ask for", rf"(?<!\w)(?:{speech.ask})\s{title}?(?P<name>{names})", listed=True),
        cue(
            "what people do",
            rf"(?P<name>{names})\s(?:{speech.does})(?!\w)",
            listed=True,
            weak=True,
        ),
        cue(
            "form",
            rf"^[ \t>*]*(?:{speech.label})[ \t]*[:#]+[ \t]*{title}?(?P<name>{NAME})(?="
            rf"[ \t]*(?:[,;(<\n]|$))",
            doubtful=True,
        ),
        cue(
            "tenant of a unit",
            rf"(?<!\w)(?:{speech.flat})\s?(?:nr\.?|n[º°]"
            rf"|#)?\s?\d{{1,4}}\s?(?-i:[A-Za-zªº°]{{0,3}})"
            rf"\s?[-:,(|]\s?(?P<name>{names})(?=\s*(?:[,;.)(\n-]|$))",
            doubtful=True,
        ),
        cue(
            "name before a unit",
            rf"(?P<name>{names}),?\s(?:(?:{speech.of})\s?)?(?:{speech.flat})\s?(?:nr\.?"
            rf"|n[º°]|#)?\s?\d",
            doubtful=True,
        ),
    )


_OTHER_SCRIPTS: Final[dict[str, tuple[Cue, ...]]] = {
    "ar": ARABIC,
    "fa": ARABIC,
    "ur": ARABIC,
    "he": HEBREW,
    "zh": CHINESE,
    "ja": JAPANESE,
    "ko": KOREAN,
    "ru": RUSSIAN,
    "uk": RUSSIAN,
}


@cache
def foreign_cues(language: str) -> tuple[Cue, ...]:
    """Return the rows of an ISO 639-1 *language*, none of one that has none.

    Made when a language is first met: most mailboxes never need most of them.
    """
    if language in SPEECHES:
        return _latin(SPEECHES[language], nouns=language in CAPITAL_NOUNS)
    return _OTHER_SCRIPTS.get(language, ())
