"""Places in a mail where a name must stand, as rows: salutations, sign-offs, forms, headers.

They find what the language model misses, above all names that are rare in English.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text.stand_ins import fold
from anonymizer.text.words import COMPANY_WORDS, NOT_NAMES, ROLE_ADDRESSES

_PART = r"(?-i:\p{Lu}(?:\.|[\p{L}\p{M}]*(?:['-](?!s\b)\p{L}+)*))"
_LINK = r"(?:(?:de|da|do|dos|van|von|der|den|la|le|el|al|bin|ibn|di|du|ter|zu)\s)"
NAME = rf"(?-i:{_PART}(?:[ ]{_LINK}{{0,2}}{_PART}){{0,3}})"
"""One to four capitalised words, with the particles that stand between them."""

_LOW = r"(?:\p{L}[\p{L}'-]{1,24}(?:\s\p{L}[\p{L}'.-]{0,24}){0,3})"
_KIN = (
    r"(?:wife|husband|spouse|partner|fianc[ée]e?|boyfriend|girlfriend|mother|mom|mum|father|dad"
    r"|brother|sister|sibling|aunt|uncle|cousin|grandmother|grandfather|grandma|grandpa|nephew"
    r"|niece|son|daughter|mother-in-law|father-in-law|neighbou?r|friend|roommate|landlord"
    r"|landlady|tenant|boss|coworker|colleague|assistant|nanny|babysitter|sitter|caregiver)"
)
_CLOSING = (
    r"(?:many thanks|thanks(?: so much| again| a lot| in advance| very much)?"
    r"|thank you(?: so much| again| very much)?|thx"
    r"|(?:best|kind|warm|warmest|kindest)(?: regards| wishes)?|regards"
    r"|sincerely(?: yours)?|yours(?: truly| sincerely| faithfully)?|respectfully|cheers|love"
    r"|take care|cordially|talk soon|all the best|have a (?:good|great|nice) \w{3,9}|best"
    r"|later"
    r"|mit freundlichen grüßen|viele grüße|cordialement|saludos|atentamente|xo{1,2}|grazie"
    r"|merci|gracias|danke)"
)


@dataclass(frozen=True, slots=True)
class Cue:
    """One place: the group `name` of the pattern is a name, or a list of names.

    `own` says that it is the author's own name, `weak` that it may also be a town.
    """

    rule: str
    pattern: regex.Pattern[str]
    own: bool = False
    weak: bool = False


def _cue(rule: str, pattern: str, *, own: bool = False, weak: bool = False) -> Cue:
    return Cue(rule, regex.compile(pattern, regex.IGNORECASE | regex.MULTILINE), own, weak)


CUES: tuple[Cue, ...] = (
    _cue(
        "salutation",
        r"^[ \t]*(?:hi+|hello|hey+|dear|good (?:morning|afternoon|evening|day)|greetings|hola"
        r"|bonjour|hallo|liebe[rs]?|morning|evening|cher|chère|estimad[oa]|querid[oa])"
        r"(?:[ ,]+there)?[ ,]+(?:(?:mr|mrs|ms|miss|dr|prof)\.?[ ])?"
        rf"(?P<name>{NAME}(?:(?:,? (?:and|&) |, ?|/){NAME}){{0,4}})(?=[ \t]*(?:[,!.:;-]|$))",
    ),
    _cue(
        "address line", rf"^[ \t]*(?P<name>{_PART}(?:[ ]{_PART})?)(?=[ \t]*[,-]{{1,2}}[ \t]*$)"
    ),
    _cue(
        "sign-off",
        rf"(?:^|[.!?]\s|,\s)[ \t]*{_CLOSING}[ \t]*[,.!:-]*[ \t]*(?:\n[ \t]*){{0,3}}[-~*]*[ \t]*"
        rf"(?P<name>{NAME})(?=[ \t.,]*$)",
        own=True,
    ),
    _cue(
        "last line",
        rf"\n[ \t]*[-~]{{0,2}}[ \t]?(?P<name>{_PART}(?:[ ]{_PART}){{0,2}})[ \t]*\s*\Z",
        own=True,
    ),
    _cue("dash name", rf"^[ \t]*[-~][ \t]?(?P<name>{NAME})[ \t]*$", own=True),
    _cue(
        "own name",
        r"\b(?:my (?:full )?name is|my name's|i am called|name is|you can call me|call me)\s+"
        rf"(?P<name>{NAME}|{_LOW}(?=\s*(?:[.,!?;\n]|$|and\b)))",
        own=True,
    ),
    _cue(
        "introduction",
        rf"\b(?:this is|i'm|i am|it's|here is)\s(?P<name>{NAME})"
        r"(?=\s(?:from|at|with|in|here|calling|again|over|and i)\b|[,.]\s|[.]?$)",
        own=True,
    ),
    _cue(
        "form",
        r"^[ \t>*]*(?:(?:full |first |last |middle |maiden |contact |customer |client |tenant"
        r"|guest |cardholder |account |user|given |family )?names?|customer|client|tenant"
        r"|home ?owner|attn\.?|attention|patient|caller|resident|occupant|requested by"
        r"|reported by|ordered by|signed|bill(?:ed|ing)? (?:to|address)|ship(?:ped)? to|sold to"
        r"|contact|contact person|nom|nombre|sent by|forwarded by|insured)[ \t]*[:#]+[ \t]*"
        rf"(?P<name>{NAME}|{_LOW})(?=[ \t]*(?:[,;(<\n]|$))",
    ),
    _cue(
        "header",
        r"^[ \t>*]*(?:from|to|cc|bcc|reply-to|sender|sent by|von|an|de|para|à|x-from|x-to|x-cc"
        r"|x-bcc)[ \t]*:[ \t*]*(?P<name>[^\n]{2,600})$",
    ),
    _cue("forwarded", rf"(?:forwarded by|sent by:?)\s(?P<name>{NAME})(?=\s?[/\n<]|\son\s|$)"),
    _cue(
        "wrote",
        rf"(?:,\s|\s-\s|^|\d\s|>\s)(?P<name>{NAME})\s?"
        r"(?:<[^>\n]{3,80}>|\[[^\]\n]{3,80}\])?\s"
        r"(?:wrote|writes|schrieb|a écrit|escribió)\s?:",
    ),
    _cue(
        "before an address",
        rf"\"?(?P<name>(?-i:{_PART},\s)?{NAME})\"?\s?[<\[(](?=(?:mailto:)?[\w.+-]{{1,64}}@)",
    ),
    _cue("directory entry", rf"(?P<name>{NAME})(?=/[A-Z]\w{{1,12}}/[A-Z]\w{{1,16}}\b)"),
    _cue(
        "title",
        r"\b(?-i:Mr|Mrs|Ms|Miss|Dr|Prof|Mx|Herr|Frau|Señora?|Sra?|Monsieur|Madame|Mme|mr|mrs"
        r"|ms|dr|MR|MRS|MS|DR)(?:\.\s?|\s)"
        rf"(?P<name>{NAME}|(?-i:(?<=[a-z]\.\s){_LOW}))",
    ),
    _cue(
        "kin",
        rf"\b(?:my|our|his|her|their|your)\s(?:\w+\s)?{_KIN}s?,?\s"
        rf"(?P<name>{NAME}(?:(?:,? and |, ){NAME}){{0,3}})",
    ),
    _cue(
        "to ask for",
        r"\b(?:ask for|speak (?:to|with)|spoke (?:to|with)|talk(?:ed)? (?:to|with)|attn:?|c/o"
        r"|care of|contact|call|text|email|meet(?:ing)? with|met with|per|cc'?d?:?|copy|see"
        rf"|tell|remind|loop in)\s(?P<name>{NAME})"
        r"(?=\s(?:at|on|to|if|when|from|in|for|about|and|by|that|said)\b|[.,;?!)]|\s*$)",
    ),
    _cue(
        "speaker",
        rf"(?P<name>{NAME})\s(?:said|says|told (?:me|us|him|her)|asked|mentioned|explained"
        r"|wrote|replied|thinks|lives (?:at|on|in)|will be (?:talking|speaking))\b",
        weak=True,
    ),
    _cue(
        "middle initial",
        r"(?P<name>(?-i:\b\p{Lu}\p{Ll}[\p{L}'-]*\s\p{Lu}\.?\s\p{Lu}\p{Ll}[\p{L}'-]+))"
        r"(?!\s(?-i:\p{Lu})\w)",
        weak=True,
    ),
    _cue(
        "letters that English does not have",
        r"(?P<name>(?-i:\b(?=[\p{L} .'-]{0,40}[^\x00-\x7f])\p{Lu}\p{Ll}[\p{L}'-]+"
        r"(?:\s\p{Lu}\.)?\s\p{Lu}\p{Ll}[\p{L}'-]+))(?!\s\d|\s(?-i:\p{Lu})\w)",
        weak=True,
    ),
)

_LIST = regex.compile(
    r"\s*(?:[;\n]|,(?=\s)|\s(?:and|&)\s|/(?=\p{Lu}\p{Ll}))\s*", regex.IGNORECASE
)
_WORD = regex.compile(r"[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*(?:'(?!s\b)[\p{L}\p{M}]+)*")
_ADDRESS = regex.compile(r"[<\[(][^>\])\n]*@[^>\])\n]*[>\])]?|\S*@\S*|/[A-Za-z]\w*(?:/\w+)*")


def words(text: str) -> Iterator[regex.Match[str]]:
    """Yield the words of *text*: letters, with inner hyphens and apostrophes, without "'s"."""
    yield from _WORD.finditer(text)


def name_shaped(text: str) -> bool:
    """Return whether these words can be somebody's name and not a firm's or a phrase."""
    found = [fold(match.group()) for match in words(text)]
    return (
        0 < len(found) <= 6  # noqa: PLR2004 - more is a sentence
        and any(len(word) > 1 for word in found)
        and not any(word in COMPANY_WORDS or word in ROLE_ADDRESSES for word in found)
        and not any(word in NOT_NAMES for word in found)
    )


def cued_names(text: str) -> Iterator[tuple[int, int, Cue]]:
    """Yield (start, end, cue) of each name that stands where a name must stand."""
    for cue in CUES:
        for found in cue.pattern.finditer(text):
            start = found.start("name")
            for begin, end in _pieces(found.group("name"), cue):
                yield start + begin, start + end, cue


def _pieces(value: str, cue: Cue) -> Iterator[tuple[int, int]]:
    """Split a list of names; without addresses, trailing points and what is no name."""
    plain = _ADDRESS.sub(lambda found: " " * len(found.group()), value)
    begin = 0
    if cue.rule in {"header", "before an address"} and _last_first(plain):
        yield from _trimmed(plain, 0, len(plain))
        return
    for split in _LIST.finditer(plain):
        yield from _trimmed(plain, begin, split.start())
        begin = split.end()
    yield from _trimmed(plain, begin, len(plain))


def _last_first(text: str) -> bool:
    """Return whether this is one name turned round: "Lopez, Maria J."."""
    return (
        regex.fullmatch(rf"\W*{_PART}(?:[ -]{_PART})?,\s{_PART}(?:\s{_PART})?\W*", text)
        is not None
    )


def _trimmed(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    found = list(words(text[begin:end]))
    while found and fold(found[-1].group()) in NOT_NAMES:
        found.pop()
    while found and fold(found[0].group()) in NOT_NAMES:
        found.pop(0)
    if found and name_shaped(text[begin + found[0].start() : begin + found[-1].end()]):
        yield begin + found[0].start(), begin + found[-1].end()
