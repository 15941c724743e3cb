"""Patterns for mails that are known to speak of a child; each is compiled when first asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from anonymizer.text.minor_births import DATE, SOON
from anonymizer.text.minor_words import NUMBER_WORDS

Pattern = Callable[[], re.Pattern[str]]


def later(source: str) -> Pattern:
    """Return a function that compiles *source* once, when first asked."""

    @cache
    def compiled() -> re.Pattern[str]:
        return re.compile(source, re.IGNORECASE | re.MULTILINE)

    return compiled


PETS = frozenset(
    [
        "dog",
        "dogs",
        "cat",
        "cats",
        "puppy",
        "puppies",
        "kitten",
        "kittens",
        "horse",
        "horses",
        "pony",
        "mare",
        "foal",
        "colt",
        "goat",
        "goats",
        "buck",
        "doe",
        "calf",
        "cow",
        "hen",
        "hens",
        "chicken",
        "parrot",
        "hamster",
        "rabbit",
        "bunny",
        "retriever",
        "labrador",
        "terrier",
        "beagle",
        "poodle",
        "perro",
        "perra",
        "gato",
        "gata",
        "chien",
        "chienne",
        "chat",
        "hund",
        "katze",
        "pferd",
    ]
)
"""Animals, which are he or she and no children."""

NO_PERSON = frozenset({"minor", "minors", "middle", "little", "oldest", "junge", "fils"})
"""Words of kinship that are other words as often."""

_WORDS = "|".join(sorted(NUMBER_WORDS | {"one", "ein", "eins"}, key=lambda w: (-len(w), w)))
_N = (
    rf"(?:\d{{1,2}}(?!\d)|\b(?:{_WORDS})\b)(?:\.5|\s?1/2|\s?½"
    rf"|,? and a half|\set demi|\sy medio)?"
)
NUMBER = later(rf"\d{{1,2}}(?!\d)|\b(?:{_WORDS})\b")
"""One number as an age is written."""

_UNIT = (
    r"(?:\s?-?\s?(?:years?|yrs?|months?|mos?|mths?|weeks?|wks?|days?)[ -]olds?\b|\s?y[./]?o\b"
    r"|\s(?:years?|yrs?)(?=\s?[.,!?)]|$)|\s(?:añit[oa]s?|años?|anos?|mesecitos|meses|semanas"
    r"|ans?|mois|semaines|jahre?n?|monaten?|wochen?)\b(?:\s(?:de edad|alt|et demi|y medio))?)"
)
_THEN = (
    r"(?=\s*(?:[.,!?;:)\n](?!\d)|$|-\s|[\u2013\u2014])|\s(?:and|now|today|but|so|who|with|on"
    r"|next|this|in|going|already|too|when|or|if|then|at|he|she|his|her|they|we|i|because|last"
    r"|until|since|n|yesterday|tomorrow|soon|y|et|und|el|en|la|le|il|elle|er|sie|am|im|a|&"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|hoy|mañana|heute|morgen|aujourd'hui)\b)"
)
_BE = (
    r"(?:\b(?:is|was|are|were|am|be|been|turn(?:s|ed|ing)?|aged?|hit|hits"
    r"|then|iz|reach(?:es|ed)?"
    r"|cumplen?|cumplir|cumplió|cumplirá|tienen?|tenía|ont|a|aura|auront|fête(?:ra|nt)?"
    r"|ist|sind|wird|werden|wurden?|littlest one|youngest|oldest|little one|baby)"
    r"|['\u2019](?:s|re|m|ll be|ll turn)|(?<=\bhe)s|(?<=\bshe)s|\b(?:cumplir|fêter))"
)
_ALMOST = (
    r"(?:(?:now|just|only|almost|nearly|barely|about|around|already|still"
    r"|a little|a bit|over|not"
    r"|even|quite|yet|going on|all of|turning|ses|leurs|sus|los|apenas"
    r"|casi|ya|solo|sólo|presque|déjà"
    r"|seulement|bientôt|tout juste|erst|schon|fast|gerade|jetzt|knapp|"
    r"(?:im|am)(?: \d{1,2}\.)? \w{3,9}|bald)\s)"
)
_AND = r"(?:\s?[,/&]\s?(?:and\s)?|\s(?:and|or|y|et|und|e)\s)"
AGES = later(rf"{_BE}\s{_ALMOST}{{0,3}}(?P<age>{_N}(?:{_AND}{_N}){{0,5}}(?:{_UNIT}|{_THEN}))")
"""An age after a verb: who has it stands before."""

FORMS = later(
    rf"\b(?:ages?|aged|edad(?:es)?|âges?|alter)\s?[:=]?\s(?P<age>{_N}"
    rf"(?:{_AND}{_N}){{0,5}}{_UNIT}?)(?!\w|\s?(?:\+|and (?:up|over|older)"
    rf"|or))"
)
"""An age behind its label."""

ATTRIBUTES = later(
    rf"(?<![\w$.-])(?P<age>{_N}(?:{_AND}{_N}){{0,2}}\s?-?\s?(?:(?:years?"
    rf"|yrs?|months?|mos?|weeks?|wks?|days?)[ -]olds?|y[/.]?o)\b)"
    r"(?=\s?(?:[.,;:!?)\n]|$|[-\u2013\u2014])|\s(?:in|at|and|or|here|who"
    r"|last|asleep|upstairs|home|with|is|was|has|had|from|to|will|can"
    r"|that|on|running"
    r"|son|daughter|boy|girl|kid|child|twins?|triplets|brother|sister"
    r"|sibling|niece|nephew|grand\w+|step\w+|baby|toddler|camper|student"
    r"|he|she|so|but|asks?|likes?|loves?|wants?|needs?|broke|climbs?"
    r"|put|took|laughed|woke|fell|ran|got|threw|flushed|stuck|pulled|opened|swallowed|hit"
    r"|cried|sleeps?|plays?|touches)\b)"
)
"""An age in words of its own: "our 4 month old"; a thing may follow."""

AFTER_NAME = later(
    r"(?P<name>(?-i:[A-ZÀ-ÖØ-Þ])[\w'-]{1,20})\s(?P<age>1?\d)"
    r"(?=\s(?:and|n|y|et|und|&)\s(?-i:[A-ZÀ-ÖØ-Þ])|[,;)](?!\d)|\.(?!\d)|$)"
)
"""A bare number right after a name."""

_BIRTH_CUE = (
    r"(?:\bborn\b|\bd\.?o\.?b\b|\bb(?:irth)?-?days?\b|\bbirth ?"
    r"(?:date)?\b|\bdate of birth\b|\bnaci(?:ó|o|eron|da|do|miento)\b"
    r"|\bcumpleaños\b"
    r"|\bnée?s?\b|\bnaissance\b|\banniversaire\b|\bgeboren\b|\bgeb\.|\bgeburts(?:datum|tag)\b"
    r"|\bnasceu\b|\bdue (?:date|on|in)\b)"
)
BIRTHS = later(
    rf"{_BIRTH_CUE}[^.!?\n]{{0,40}}?(?<![\w/.-])(?P<birth>{DATE}|{SOON})"
    rf"(?:[^.!?\n]{{1,30}}?\b(?:in|on|and|am|le|el|en)\s(?P<birth2>{DATE}))?"
)
"""A date after a word of birth, perhaps another's after it."""

BIRTHS_OTHERWISE = later(
    rf"\b(?:wird|werden)\s(?:im|am)\s(?P<birth>{SOON})(?=\s{_N}\b)"
    rf"|\b(?:had|delivered|gave birth to)\s(?-i:[A-ZÀ-ÖØ-Þ])\w+\s"
    rf"(?:on\s)?(?P<birth2>{SOON})(?!\s?['\d])"
)
"""A day on which somebody turns so old or was born, in other words."""

BIRTHS_OF_AN_AGE = later(
    rf"\s?(?:years? old|years?|años|ans|jahre)?(?:\salt)?,?\s(?:on|in|el"
    rf"|en|le|am|im)\s(?P<birth>{SOON}|{DATE})"
)
"""The day on which somebody turns so old."""

THINGS_BORN = later(
    r"\b(?:company|firm|business|brand|idea|shop|units?|models?|we"
    r"|project|store)\b[^.!?\n]{0,40}$"
)
"""Things that are born as well."""

CAPS = (
    r"(?!(?:With|At|From|Is|The|Our|My|If|For|And|In|On|To|Her|His|I|We"
    r"|He|She|Please)\s)(?-i:[A-ZÀ-ÖØ-Þ][\w'\u2019-]*(?:\s(?:(?:of|the"
    r"|de|la|du|der|am|&)\s)?[A-ZÀ-ÖØ-Þ][\w'\u2019-]*){0,3})"
)

EVIDENCE = later(
    r"(?<!& )(?<!child )(?<!for )(?<!de )(?<!children's )\b(?:(?:grand"
    r"|step|god)?(?:sons?|daughters?)|(?:grand|step)?kids?|kiddos?"
    r"|children|boys|girls|my boy|my girl|little (?:one|guy|girl|boy|man"
    r"|bro|sis)|twins|triplets|toddlers?|newborn|the baby"
    r"|our baby|baby is|nieces?|nephews?|teens|teenagers?|grandchild"
    r"(?:ren)?|babysitters?|nanny|au pair"
    r"|hij[oa]s?|niet[oa]s?|niñ[oa]s?|beb[ée]s?|mellizas|mellizos"
    r"|gemel[oa]s|hijastr[oa]s?|sobrin[oa]s?|enfants?|filles?|fils|bébé"
    r"|jumeaux|jumelles|nièce|neveu|petit frère|ptit frère|petite soeur"
    r"|kinder|kind|sohn|tochter|töchter|söhne|zwillinge|enkel(?:in)?"
    r"|mädchen|baby|mein großer|jüngste[rn]?|älteste[rn]?|meine kleine|gars|gamine?|ado"
    r"|hermanit[oa]|bruder|schwester|school bus|the bus from"
    r"|little league|nicu|diapers|stroller|crib|^student|^camper|^child"
    r"|^pupil)\b(?!-|\s(?:company|compan|board|cell|card|process|lock"
    r"|folder|account|gate))"
    r"|\b(?:is|was|are|will be|turns?|turning|just turned)\s(?:in\s"
    r"(?:the\s)?)?(?:turning\s(?:\d{1,2}|\w{3,8})|\d{1,2}(?:st|nd|rd"
    r"|th) gr(?:ade)?|kindergarten|pre-?k)\b"
    r"|(?<![\w-])\d{1,2}(?:st|nd|rd|th)[ -]gr(?:ade(?:rs?)?)?\b|\b"
    r"(?-i:Mrs|Ms|Miss)\.? (?-i:[A-Z]\w+)'s (?:class|homeroom)\b"
    r"|\bin her class\b"
    r"|\b(?:a|an|the|our|my|with|two|three)\s(?:\w+\s)?[\w-]{1,9}[ -]"
    r"(?:years?|months?|weeks?)[ -]olds?\b(?=\s?(?:[.,;!?)]|$|\s(?:in|at"
    r"|and|here|who|last|asleep|upstairs|home|with|put|laughed|woke|fell|flushed|stuck)\b))"
    r"|^[^\n]{0,60}\bage:?\s\d{1,2}\b[^\n]{0,40}\b(?:allerg\w+|grade"
    r"|school|guardian|parent)|\b(?:(?-i:[A-Z]\w+)'s|her|his)\s(?:\w+\s)?"
    r"(?:recital|nutcracker|game|practice|tournament|tryouts|playdate"
    r"|homework)\b|\bat \w+ elem\b|\bnaps?\b|\bpick(?:ing)? (?:up"
    r"|them up) (?:from|at) \w+"
)
"""Signs that a mail speaks of a child; they only open the rows here."""

_KIDS_THING = (
    r"(?:room|bed|crib|games?|practice|recital|class|birthday|school"
    r"|teacher|coach|team|toys?|bike|backpack|lunch|bedroom|nursery"
    r"|homework|playdate)"
)
CALLED: tuple[Pattern, ...] = (
    later(rf"(?<![\w-])(?P<name>(?-i:[A-ZÀ-ÖØ-Þ])[\w-]{{2,20}})['\u2019]s\s{_KIDS_THING}\b"),
    later(
        r"(?<![\w-])(?P<name>(?-i:[A-ZÀ-ÖØ-Þ])[\w-]{2,20})\s(?:\w+\s){0,2}"
        r"(?:himself|herself|naps|napping|teething|is potty)\b"
    ),
    later(
        r"\b(?:frère|soeur|sœur|fils|fille|bro|brother|sister|son|daughter"
        r"|kiddo|hermanit[oa]|hij[oa]|sohn|tochter|bruder|schwester|my own"
        r"|my baby|mon bébé)\s"
        r"(?!(?:who|that|and|has|had|will|can|says?|said|just|now|also|does"
        r"|gets?|qui|que|und|hat|ist|was|est|dort|went|goes)\b)"
        r"(?P<name>[^\W\d_]{3,14})\s(?:a|is|has|hat|ist|tiene|va|was|broke"
        r"|got|est|joue|goes|plays)\b"
    ),
    later(
        rf"\b(?:girl|boy|child|mädchen|junge|niñ[oa]|fille"
        rf"|garçon)\b[^.,\n]{{0,30}},\s(?P<name>{CAPS}),"
    ),
)
"""Names of children by what is theirs."""

MINOR_PHONE = later(
    r"(?:(?!\b(?:me|my|i|mine|us|our)\b)[^!?\n]){0,60}?\b(?:cell|tel"
    r"|phone|mobile|(?:text|call|reach) (?:him|her))\.?\s?:?(?:\s(?:is|at"
    r"|on))?\s(?P<phone>\+?[(\d][\d() .-]{8,16}\d)"
)
"""A telephone right behind a child's age or school."""

DIRECTLY_BEFORE = later(
    r"(?P<name>(?-i:[A-ZÀ-ÖØ-Þ])[\w'-]{1,20})(?:\s|\s?[,(:-]\s?|,?\s(?:is|in|he|she)\s){1,2}$"
)
"""The name that an age or a grade follows at once."""
