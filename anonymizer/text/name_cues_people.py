"""More places of names in English mail: what people do, whom one asks, lists of tenants.

These places also hold other things, so ordinary words, firms and makers do not count there,
and where the place says little a single word must be a given name somewhere.
"""

from __future__ import annotations

from anonymizer.text.name_cues_rows import NAME, Cue, before, cue

_LIST = rf"{NAME}(?:(?:,? (?:and|&) |, ){NAME}){{0,3}}"
_UNIT = r"(?:unit|units|apt\.?|apts\.?|apartment|flat|suite|ste\.?|room|rm\.?|lot|#)"
_UNITS = ("unit", "apt", "apartment", "flat", "suite", "ste", "room", "rm", "lot", "#")
_IN_THE_HOUSE = (
    "super|superintendent|caretaker|doorman|tenant|landlord|landlady|housekeeper|owner|nanny"
    "|sitter|neighbor|neighbour|widow|gardener|cleaner|handyman|husband|wife|spouse"
)
_PHONE = r"(?<!\d)\(?\d{3}[ .)-]{1,3}\d{3}[ .-]\d{4}"
_ENDS = r"(?=\s*(?:[,;.)(\n-]|$)|\s(?:is|has|was|will|says|said|called|reports?|reported)\b)"

PEOPLE: tuple[Cue, ...] = (
    cue(
        "tenant of a unit",
        rf"(?<!\w){_UNIT}\s?#?(?-i:\d{{1,4}}[A-Za-z]?|[A-Z]\d{{0,3}}|[A-Z])"
        rf"\s{{0,2}}[-:,(|]\s{{0,2}}(?:the\s|tenants?:?\s)?(?P<name>{_LIST})"
        rf"(?:{_ENDS}|\sfamily\b)",
        gate=_UNITS,
        doubtful=True,
    ),
    cue(
        "kin without a possessive",
        rf"\b(?:the\s(?:{_IN_THE_HOUSE})\s\(?|(?:neighbou?r|tenant|landlord|super|spouse"
        rf"|husband|wife)\s?[(:]\s?)(?P<name>{NAME})",
        gate=tuple(_IN_THE_HOUSE.split("|")),
        doubtful=True,
    ),
    before(
        "family",
        rf"(?<=\bthe\s){NAME}",
        r"\s(?:family|household|kids|children|twins|boys|girls|wedding|funeral)\b",
        gate=("the ",),
        doubtful=True,
    ),
    before(
        "name before a unit",
        _LIST,
        rf"\s?(?:[,(|-]\s?|\s(?:from|in|at|of)\s){_UNIT}\s?#?(?:\d|(?-i:[A-Z]\b))",
        gate=_UNITS,
        listed=True,
        weak=True,
    ),
    before(
        "who lets in",
        _LIST,
        r"\s(?:will|can|could|should|may|might|shall|is going to)"
        r"\s(?:also\s)?(?:let (?:you|him|her|them|your|the)"
        r"|be (?:home|there|in|around|here|on site|waiting|available|working from)"
        r"|open the|meet you|show you|give you|have the keys?|give birth|need surgery)\b",
        doubtful=True,
    ),
    before(
        "what people do",
        _LIST,
        r"\s(?:called|phoned|texted|emailed|e-mailed|came|lives|lived|noticed"
        r"|complained|wants|wanted|works|left|signed|passed away|died|moved|retired"
        r"|got (?:married|sick|divorced|hurt|laid off)"
        r"|was (?:hospitali[sz]ed|diagnosed|laid off)"
        r"|has (?:the\s)?(?:spare\s)?keys?|has been (?:sick|ill|diagnosed|waiting|complaining)"
        r"|is (?:home|away|out|sick|ill|pregnant|retiring|retired|disabled|deaf|elderly"
        r"|my|our|the (?:owner|tenant|super|landlord|new))"
        r"|and (?:i|his wife|her husband|my (?:wife|husband)))\b",
        listed=True,
    ),
    cue(
        "whom one asks",
        r"\b(?:ask(?:ed)?|tell|told|met|let|thank|invited?|married|visited|hired|paid"
        r"|remind(?:ed)?|notify|notified|texted|emailed|phoned|give|gave|meet)"
        rf"\s(?P<name>{NAME})"
        r"(?=\s(?:to|know|if|that|about|at|in|and|who|for|when|on|the|a|my|last|yesterday)\b"
        r"|[.,;?!)]|\s*$)",
        doubtful=True,
    ),
    before(
        "whose",
        NAME,
        r"'s?\s(?:new\s|old\s)?(?:apartment|apt|unit|place|house|home|condo"
        r"|phone|cell|mobile|number|email|wife|husband|son|daughter|kids?|mother|mom|mum"
        r"|father|dad|sister|brother|birthday|kitchen|bathroom|basement|bedroom|bedside"
        r"|tenant|keys?|surgery|funeral|car|truck|dog|cat|baby|nurse|doctor|boyfriend"
        r"|girlfriend|partner|family|landlord|rent|lease)\b",
        gate=("'",),
        doubtful=True,
    ),
    before(
        "beside a number",
        NAME,
        _PHONE,
        between=r"\s?(?:[,:(|-]{1,2}|at|on)?\s{0,2}(?:\+?1[ .-]?)?\(?",
        doubtful=True,
        weak=True,
    ),
    cue(
        "on behalf of",
        r"\b(?:on behalf of|care of|c/o|attn:?|attention:?|signed by|cared for by|looking after"
        r"|in memory of|lives? with|living with|engaged to|married to|divorced from"
        rf"|separated from|belongs? to|rented to|sublet to|leased to)\s(?P<name>{_LIST})",
        gate=("behalf", "c/o", "attn", "attention", "signed by", " of", "with", " to", "from",
              "by", "after"),
        doubtful=True,
        weak=True,
    ),
    cue(
        "sign-off in small letters",
        r"(?:^|[.!?,]\s)[ \t]*(?:many thanks|thanks(?: again)?|thank you|thx|ty|cheers"
        r"|regards|best|love)[ \t]*[,.!-]*\s{1,4}(?P<name>\p{L}{3,16})\s*\Z",
        own=True,
        listed=True,
    ),
    cue(
        "surname in capitals",
        r"(?P<name>(?-i:(?<![\p{L}\d@/_-])(?<!\p{Lu}\s)\p{Lu}{4,20}(?:-\p{Lu}{2,20})?[ ]"
        r"\p{Lu}\p{Ll}{2,20}(?:-\p{Lu}\p{Ll}+)?(?![\p{L}\d])))",
        weak=True,
        listed=True,
    ),
    cue(
        "surname in capitals last",
        r"(?P<name>(?-i:(?<![\p{L}\d@/_-])\p{Lu}\p{Ll}{2,20}(?:-\p{Lu}\p{Ll}+)?[ ]\p{Lu}{4,20}"
        r"(?:-\p{Lu}{2,20})?(?![\p{L}\d]|\s\p{Lu}{2})))",
        weak=True,
        listed=True,
    ),
)  # fmt: skip
