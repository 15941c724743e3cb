"""Places in a mail where a name must stand, as rows: salutations, sign-offs, forms, headers.

They find what the language model misses, above all names that are rare in English.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import regex  # type: ignore[import-untyped]  # it ships no types

PART = r"(?-i:\p{Lu}(?:\.|[\p{L}\p{M}]{0,32}+(?:['-](?!s\b)\p{L}{1,24}+){0,3}+))"
LINK = r"(?:(?:de|da|do|dos|van|von|der|den|la|le|el|al|bin|ibn|di|du|ter|zu)\s)"
NAME = rf"(?-i:{PART}(?:[ ]{LINK}{{0,2}}{PART}){{0,3}})"
"""One to four capitalised words, with the particles that stand between them."""

_LOW = r"(?:\p{L}[\p{L}'-]{1,24}(?:\s\p{L}[\p{L}'.-]{0,24}){0,3})"
_KIN = (
    r"(?:wife|husband|spouse|partner|fianc[ée]e?|boyfriend|girlfriend|mother|mom|mum|father|dad"
    r"|brother|sister|sibling|aunt|uncle|cousin|grandmother|grandfather|grandma|grandpa|nephew"
    r"|niece|son|daughter|(?:mother|father|brother|sister|son|daughter)-in-law"
    r"|step(?:mother|father|mom|dad|brother|sister|son|daughter)|god(?:mother|father|son|daughter)"
    r"|grandson|granddaughter|grandchild|ex(?:-wife|-husband)?|widow|widower|twin|neighbou?r"
    r"|friend|roommate|housemate|flatmate|lodger|landlord|landlady|tenant|sub-?tenant|boss"
    r"|co-?worker|colleague|assistant|nanny|babysitter|sitter|caregiver|carer|caretaker|aide"
    r"|super|superintendent|doorman|housekeeper|cleaner|gardener|handyman|realtor|lawyer"
    r"|attorney|doctor|nurse|therapist|dentist|teacher|coach|pastor|rabbi|priest|baby)"
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

    `own` says that it is the author's own name, `weak` that it may also be a town. One of
    `gate` must stand in the text, in small letters, for the pattern to be tried. A `doubtful`
    place may hold something else as well: ordinary words, firms and makers do not count
    there. In a `listed` one, a single word counts only if it is a given name somewhere.
    Where there is an `anchor`, it is looked for first, and the pattern in the `REACH`
    characters before it: names are many and anchors few.
    """

    rule: str
    pattern: regex.Pattern[str]
    own: bool = False
    weak: bool = False
    gate: tuple[str, ...] = ()
    doubtful: bool = False
    listed: bool = False
    anchor: regex.Pattern[str] | None = None


def cue(
    rule: str,
    pattern: str,
    *,
    own: bool = False,
    weak: bool = False,
    gate: tuple[str, ...] = (),
    doubtful: bool = False,
    listed: bool = False,
) -> Cue:
    """Return the row; the pattern is read without regard to case, line by line."""
    compiled = regex.compile(pattern, regex.IGNORECASE | regex.MULTILINE)
    return Cue(rule, compiled, own, weak, gate, doubtful or listed, listed)


def before(
    rule: str,
    names: str,
    anchor: str,
    *,
    between: str = "",
    weak: bool = False,
    gate: tuple[str, ...] = (),
    doubtful: bool = False,
    listed: bool = False,
) -> Cue:
    """Return the row of a place before *anchor*, with *between* standing between them."""
    return replace(
        cue(rule, rf"(?<![\p{{L}}\p{{N}}])(?P<name>{names}){between}\Z", weak=weak, gate=gate,
            doubtful=doubtful, listed=listed),
        anchor=regex.compile(anchor, regex.IGNORECASE | regex.MULTILINE),
    )  # fmt: skip


REACH = 120
"""Characters before an anchor in which the names are looked for."""

CUES: tuple[Cue, ...] = (
    cue(
        "salutation",
        r"^[ \t]*(?:hi+|hello|hey+|dear|good (?:morning|afternoon|evening|day)|greetings|hola"
        r"|bonjour|hallo|liebe[rs]?|morning|evening|cher|chère|estimad[oa]|querid[oa])"
        r"(?:[ ,]+there)?[ ,]+(?:(?:mr|mrs|ms|miss|dr|prof)\.?[ ])?"
        rf"(?P<name>{NAME}(?:(?:,? (?:and|&) |, ?|/){NAME}){{0,4}})(?=[ \t]*(?:[,!.:;-]|$))",
    ),
    cue("address line", rf"^[ \t]*(?P<name>{PART}(?:[ ]{PART})?)(?=[ \t]*[,-]{{1,2}}[ \t]*$)"),
    cue(
        "sign-off",
        rf"(?:^|[.!?]\s|,\s)[ \t]*{_CLOSING}[ \t]*[,.!:-]*[ \t]*(?:\n[ \t]*){{0,3}}[-~*]*[ \t]*"
        rf"(?P<name>{NAME})(?=[ \t.,]*$)",
        own=True,
    ),
    cue(
        "last line",
        rf"\n[ \t]*[-~]{{0,2}}[ \t]?(?P<name>{PART}(?:[ ]{PART}){{0,2}})[ \t]*\s*\Z",
        own=True,
    ),
    cue("dash name", rf"^[ \t]*[-~][ \t]?(?P<name>{NAME})[ \t]*$", own=True),
    cue(
        "own name",
        r"\b(?:my (?:full )?name is|my name's|i am called|name is|you can call me|call me)\s+"
        rf"(?P<name>{NAME}|{_LOW}(?=\s*(?:[.,!?;\n]|$|and\b)))",
        own=True,
    ),
    cue(
        "introduction",
        rf"\b(?:this is|i'm|i am|it's|here is)\s(?P<name>{NAME})"
        r"(?=\s(?:from|at|with|in|here|calling|again|over|and i)\b|[,.]\s|[.]?$)",
        own=True,
    ),
    cue(
        "form",
        r"^[ \t>*]*(?:(?:(?:full|first|last|middle|maiden|contact|customer|client|tenant"
        r"|guest|cardholder|account|user|given|family)[ _]?)?names?|customer|client|tenant"
        r"|home ?owner|attn\.?|attention|patient|caller|resident|occupant|requested by"
        r"|reported by|ordered by|signed|bill(?:ed|ing)? (?:to|address)|ship(?:ped)? to|sold to"
        r"|contact|contact person|nom|nombre|sent by|forwarded by|insured)[ \t]*[:#]+[ \t]*"
        rf"(?P<name>{NAME}|{_LOW})(?=[ \t]*(?:[,;(<\n]|$))",
    ),
    cue(
        "header",
        r"^[ \t>*]*(?:from|to|cc|bcc|reply-to|sender|sent by|von|an|de|para|à|x-from|x-to|x-cc"
        r"|x-bcc)[ \t]*:[ \t*]*(?P<name>[^\n]{2,600})$",
    ),
    cue("forwarded", rf"(?:forwarded by|sent by:?)\s(?P<name>{NAME})(?=\s?[/\n<]|\son\s|$)"),
    cue(
        "wrote",
        rf"(?:,\s|\s-\s|^|\d\s|>\s)(?P<name>{NAME})\s?"
        r"(?:<[^>\n]{3,80}>|\[[^\]\n]{3,80}\])?\s"
        r"(?:wrote|writes|schrieb|a écrit|escribió)\s?:",
        gate=("wrote", "writes", "schrieb", "écrit", "escribió"),
    ),
    before(
        "before an address",
        rf"(?-i:{PART},\s)?{NAME}",
        r"\"?\s?[<\[(](?=(?:mailto:)?[\w.+-]{1,64}@)",
        gate=("@",),
    ),
    before("directory entry", NAME, r"/(?-i:[A-Z])\w{1,12}/(?-i:[A-Z])\w{1,16}\b", gate=("/",)),
    cue(
        "title",
        r"\b(?-i:Mr|Mrs|Ms|Miss|Dr|Prof|Mx|Herr|Frau|Señora?|Sra?|Monsieur|Madame|Mme|mr|mrs"
        r"|ms|dr|MR|MRS|MS|DR)(?:\.\s?|\s)"
        rf"(?P<name>{NAME}|(?-i:(?<=[a-z]\.\s){_LOW}))",
    ),
    cue(
        "kin",
        rf"\b(?:my|our|his|her|their|your)\s(?:\w+\s)?{_KIN}s?(?:,?\s|\s\()"
        rf"(?P<name>{NAME}(?:(?:,? and |, ){NAME}){{0,3}})",
    ),
    cue(
        "to ask for",
        r"\b(?:ask for|speak (?:to|with)|spoke (?:to|with)|talk(?:ed)? (?:to|with)|attn:?|c/o"
        r"|care of|contact|call|text|email|meet(?:ing)? with|met with|per|cc'?d?:?|copy|see"
        rf"|tell|remind|loop in)\s(?P<name>{NAME})"
        r"(?=\s(?:at|on|to|if|when|from|in|for|about|and|by|that|said)\b|[.,;?!)]|\s*$)",
    ),
    before(
        "speaker",
        NAME,
        r"\s(?:said|says|told (?:me|us|him|her)|asked|mentioned|explained"
        r"|wrote|replied|thinks|lives (?:at|on|in)|will be (?:talking|speaking))\b",
        weak=True,
    ),
    cue(
        "middle initial",
        r"(?P<name>(?-i:\b\p{Lu}\p{Ll}[\p{L}'-]*\s\p{Lu}\.?\s\p{Lu}\p{Ll}[\p{L}'-]+))"
        r"(?!\s(?-i:\p{Lu})\w)",
        weak=True,
    ),
)

FOREIGN_LETTERS: tuple[Cue, ...] = (
    cue(
        "letters that English does not have",
        r"(?P<name>(?-i:\b(?=[\p{L} .'-]{0,40}[^\x00-\x7f])\p{Lu}\p{Ll}[\p{L}'-]+"
        r"(?:\s\p{Lu}\.)?\s\p{Lu}\p{Ll}[\p{L}'-]+))(?!\s\d|\s(?-i:\p{Lu})\w)",
        weak=True,
    ),
)
