"""What a mail says about children and ages, as patterns; `minors.py` reads them."""

from __future__ import annotations

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text.name_cues import NAME
from anonymizer.text.rules import DATE

_I = regex.IGNORECASE

NUMBER_WORDS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip

_N = r"(?:\d{1,3}|" + "|".join(NUMBER_WORDS) + r")"
_HALF = r"(?:\s?(?:1/2|½|and a half|\.5))?"
_OLD = (
    r"(?:\s?-?\s?(?:years?|yrs?|months?|mos?|weeks?|wks?|days?)[- ]?old|\s?y/?o\b"
    r"|\s?yrs?\.?\s?old)"
)
_AGE_OF = rf"(?P<n>{_N}){_HALF}(?P<unit>{_OLD}|\s(?:Jahre?(?:\salt)?|ans?|años?|anos?))?"
_CHILD = (
    r"(?:(?:step|grand|god|foster |adopted |baby |little |youngest |oldest |eldest |middle )?"
    r"(?:sons?|daughters?|child(?:ren)?|kids?|kiddos?|boys?|girls?|niece|nephew|nieces|nephews"
    r"|sibling|brother|sister)|baby|babies|toddlers?|infant|newborn|twins|triplets|teens?"
    r"|teenagers?|preschooler|little (?:one|ones|guy|girl|boy|man)|kindergart(?:e)?ner)"
)
_WHOSE = r"(?:my|our|his|her|their|your|whose|the|a|[\p{Lu}][\p{L}-]+'s)"
_PERSON_NOUN = (
    r"(?:" + _CHILD + r"|student|pupil|patient|male|female|man|woman|lady|gentleman|cousin"
    r"|granddaughter|grandson|granny|grandmother|grandfather|mother|father|mom|mum|dad|person"
    r"|resident|camper|player|scout|daughter's|son's)"
)

GROWN_KIN = regex.compile(r"(?:brother|sister|sibling)", _I)
"""Kin that may as well be grown up: a child only where an age says so."""

USED_AS_PERSON = regex.compile(
    r"\s*(?:[,.;:!?)\n]|$)|\s(?:and|who|is|was|has|had|will|would|needs?|loves?|wants?|can"
    r"|can't|cannot|could|got|gets|goes|plays?|just|at|in|with|home|asleep|naps?|sleeping"
    r"|likes?|hates?|came|says?|said|named|called|to)\b",
    _I,
)
"""What follows "our 5-year-old" where it is a person and no boiler."""

SOMEBODYS = regex.compile(r"\b(?:my|our|his|her|their|two|three|a|the|'s|and|with)\s$", _I)
GOES_ON = regex.compile(r"[- ](?!(?:and|now|but|who|so|today|when|this|in|on|at)\b)\w", _I)
"""A noun after the age: it is the noun that is so old."""

THING = regex.compile(
    r"\b(?:boiler|furnace|heater|unit|system|house|home|building|roof|pipes?|tank|a/?c"
    r"|condenser|compressor|pump|equipment|appliance|car|truck|van|warranty|property|wiring"
    r"|septic|toilet|faucet|dishwasher|washer|dryer|fridge|refrigerator|oven|stove|machine"
    r"|model|contract|plan|account|company|business|lease|loan|mortgage|bolt|panel|generator"
    r"|water|hvac|kitchen|deck|fence|well|sewer|line|valve|thermostat|installation|garage)\b",
    _I,
)
SOMEBODY = regex.compile(
    r"\b(?:he|she|him|her|his|hers|who|they|(?:my|our) " + _CHILD + r"|(?:my|our|his|her|their)"
    r" (?:wife|husband|partner|mother|mom|mum|father|dad|brother|sister|grandmother"
    r"|grandfather|grandma|grandpa|friend|neighbou?r|tenant)|patient|i|i'm|student)\b",
    _I,
)
FIRST_PERSON = regex.compile(
    r"\b(?:i|i'm|i am|me|my)\b\W*"
    rf"(?:(?!{_PERSON_NOUN}\b|wife|husband|partner)\w+\W+){{0,3}}$",
    _I,
)
I_AM = regex.compile(r"\bi(?:'m| am)(?: only| just)?\s$", _I)
MYSELF = frozenset({"i", "i'm", "im", "i am", "i'll"})
NOT_A_CHILD = regex.compile(
    r"\s*,?\s(?:who is |is |who's |'s )?(?:an? |the |our )?(?:lawyer|attorney|doctor|nurse"
    r"|engineer|plumber|electrician|contractor|owner|manager|landlord|tenant|married|retired"
    r"|realtor|and his wife|and her husband)\b",
    _I,
)
GREETED = regex.compile(r"\b(?:hi|hello|dear|hey|thanks|you|morning|evening)[ ,]*$", _I)
SHORT_UNIT = regex.compile(r"mo|w(?:ee)?k|day", _I)

AGE_AFTER_NAME = regex.compile(
    rf"\s?[(,]?\s?(?:age[ds]? |is |aged )?(?P<n>{_N})\b(?!\s?(?:am|pm|:|%|st|nd|rd|th))", _I
)
_NAMES = (
    rf"(?P<names>{NAME}(?:\s?\({_N}\))?(?:(?:,? and |, | & ){NAME}(?:\s?\({_N}\))?){{0,5}})"
)
KIN_NAME = regex.compile(
    rf"\b{_WHOSE}\s(?:\w+,?\s){{0,2}}?(?:{_N}[- ]?(?:year|yr|month)s?[- ]?old\s)?"
    rf"(?P<kin>{_CHILD})(?:'s names?)?\s?"
    rf"(?:,|\(|:|named|called|is called|are called|is named|is|are|-)?\s?{_NAMES}",
    _I,
)
NAME_KIN = regex.compile(
    rf"(?P<names>{NAME}),?\s(?:is |\()?(?:my|our|his|her|their)\s(?:\w+\s)?(?P<kin>{_CHILD})"
    r"(?=\s?[,.;)\n]|\s(?:is|was|has|will)\b)",
    _I,
)
FORM_NAME = regex.compile(
    r"\b(?:child|student|camper|player|pupil|minor|infant|kid|son|daughter|baby)(?:'?s)?"
    rf"(?: full)?(?: name)?\s?[:=]\s?(?P<names>{NAME})",
    _I,
)
LOWER_KIN = regex.compile(
    r"\b(?:my|our)\s(?P<kin>sons?|daughters?|kids?|nephew|niece|grandson|granddaughter),?\s"
    rf"(?P<names>\p{{Ll}}{{3,12}})(?=\s?[(,]\s?(?:age[ds]? )?{_N}\b|'s\s(?:room|school|bed))"
)
NAME_IN_LIST = regex.compile(NAME)
LISTED_AGES = regex.compile(
    rf"{_NAMES}\s(?:are|were|turn)\s(?:now |only )?"
    rf"(?P<n>{_N})(?:,? (?:and|&) |, )(?P<m>{_N})\b",
    _I,
)
"""Several names and as many ages: "Ana and Ben are 6 and 3"."""


NAMED_AGE = regex.compile(
    rf"(?:\s\((?:age[ds]?\s)?{_AGE_OF}\)"
    r"|,?\s(?:who\s)?(?:is|was|'s|'ll be|will be|turns|turned|just turned|is turning|turning"
    r"|is now|is only|is almost|is about to turn|has just turned|who's)\s"
    rf"(?:only |now |just |almost )?{_AGE_OF}"
    r"(?=\s*(?:[.,!?;)\n](?!\d)|$)|\s(?:and|now|today|tomorrow|next|in|on|this|but|so"
    r"|years? of age)\b)"
    rf"|,\s(?:age[ds]?\s)?{_AGE_OF}(?=\s*[,.;)])|,?\sage[ds]?\s(?P<n>{_N}))",
    _I,
)
AGE = regex.compile(
    rf"(?P<all>\b(?P<n>{_N}){_HALF}(?P<unit>{_OLD}))(?P<noun>\s{_PERSON_NOUN}\b)?", _I
)
_MONTHS = (
    "(?:january|february|march|april|may|june|july|august|september|october|november|december)"
)
SAID_AGE = regex.compile(
    r"\b(?:(?P<who>i'?m|i am|he's|she's|who's|i'll|he'll|she'll)\s"
    r"|(?P<who>he|she|who|i|they|(?:my|our|his|her) \w+)"
    r"\s(?:is |was |am |are |will |just |recently |has (?:just )?turned |turn(?:s|ed|ing)? ))"
    r"(?:be |just |recently |about to |turn(?:s|ed|ing)? |only |now |almost )*"
    rf"{_AGE_OF}(?=\s*(?:[.!?;)\n](?!\d)|,\s|$)|\s(?:and|now|today|tomorrow"
    rf"|next (?:week|month|year)|in {_MONTHS}"
    r"|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)\b)",
    _I,
)
BARE_AGE = regex.compile(
    rf"\b(?:aged|ages?(?: of)?)\s?:?\s(?P<n>{_N})(?:(?:,| and|,? &|-| to)\s?(?P<m>{_N}))?\b", _I
)

BIRTH = regex.compile(
    r"\b(?:d\.?o\.?b\.?|date of birth|birth ?date|born|birthday)\b"
    rf"(?:\s{{0,3}}(?:is|was|on|in|:|=|-|\())*\s{{0,3}}(?P<date>{DATE})",
    _I,
)

SCHOOL = regex.compile(
    r"\p{Lu}[\p{L}'.-]+\s{1,3}(?:\p{Lu}[\p{L}'.-]+\s{1,3}){0,3}(?:(?:Elementary|Middle|High"
    r"|Primary|Junior High|Grammar|Secondary|Nursery|Charter|Montessori|Day|Preparatory"
    r"|Catholic|Public|Country Day)\s)?(?:School|Academy|Elementary|Kindergarten|Preschool"
    r"|Daycare|Montessori|Middle|High|Collegiate)\b(?!\s\p{Lu})"
    r"|\p{Lu}\p{L}+[- ](?:Kindergarten|Grundschule|Gymnasium|Schule|Kita)\b"
    r"|\b(?:[EÉeé]cole|[Cc]oll[eè]ge|[Ll]yc[eé]e|[Cc]r[eè]che|[Cc]olegio|[Ee]scuela"
    r"|[Gg]uarder[ií]a|[Ee]scola)(?:\s(?:de|du|des|la|le|el|do|da))*"
    r"(?:\s\p{Lu}[\p{L}'-]+){1,3}"
)
CARE = regex.compile(
    rf"\b(?:drop|pick)\w*\s(?:{NAME}|him|her|them|the kids)"
    r"\s(?:up |off )?(?:at|from|to)\s(?P<place>\p{Lu}[\p{L}'-]+(?:\s\p{Lu}[\p{L}'-]+){0,3})"
)
"""Where a child is brought to and fetched from."""

PUPIL = regex.compile(
    rf"\b(?:my|our|his|her|their)\s(?:\w+\s)?{_CHILD}\b|\b(?:attends?|goes to|enrolled|pupil"
    r"|student at|picks? (?:him|her) up|(?:unser|mein)\w* (?:tochter|sohn|kind(?:er)?)"
    r"|(?:ma|mon|mes|notre|nos) (?:fille|fils|filles|enfants?)"
    r"|(?:mi|mis|nuestr[oa]s?) (?:hij[oa]s?|niñ[oa]s?)"
    r"|(?:minh?as?|meus?|noss[oa]s?) filh[oa]s?)\b",
    _I,
)
_ORDINAL = (
    r"(?:1st|2nd|3rd|[4-9]th|1[0-2]th|first|second|third|fourth|fifth|sixth|seventh|eighth"
    r"|ninth|tenth|eleventh|twelfth)"
)
GRADE = regex.compile(
    rf"\b(?:{_ORDINAL}[ -]?graders?|(?:in|into|enter\w*|start\w*|finish\w*|begin\w*|repeat\w*"
    rf"|to)\s(?:the\s)?(?:{_ORDINAL}[ -]grade|grade\s(?:[1-9]|1[0-2]|one|two|three|four|five"
    r"|six|seven|eight)\b(?!\s(?:bolt|screw|steel|nut|washer|hardware|stainless|lumber"
    r"|fastener|stud|pipe))|kindergarten|pre-?k|preschool|pre-?school|nursery school|day ?care"
    r"|reception class|elementary school|middle school|primary school|junior high))",
    _I,
)
AROUND_CHILDREN = regex.compile(
    r"\b(?:little league|u-?1[0-8]\b(?: (?:team|soccer|hockey))?|(?:cub|boy|girl|eagle) scouts?"
    r"|summer camp|day ?care|kindergarten|preschool|pa?ediatric\w*|immuni[sz]ation\w*"
    r"|custody|permission slip|report card|recital|soccer practice|baby ?sit\w*"
    r"|play ?date|school bus|school nurse|homework|birthday party|special needs school"
    r"|parent or guardian|guardian of)\b",
    _I,
)
