"""Children in a mail: who they are, and what says so.

Every signal needs a person: a name, a word of kinship or a pronoun close by. A boiler may be
five years old, kid gloves fit nobody, and a bolt of grade 8 goes to no school. What is found
here is taken out whatever a flow keeps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import regex

from anonymizer.text.findings import Finding
from anonymizer.text.name_cues import NAME
from anonymizer.text.rules import DATE

# Ages of majority that are not 18. The stricter reading of "child" is the safe one.
# Source: https://en.wikipedia.org/wiki/Age_of_majority (Canada by province; Alabama, Nebraska)
_MAJORITY = dict.fromkeys(
    ("CA-BC", "CA-NB", "CA-NL", "CA-NS", "CA-NT", "CA-NU", "CA-YT", "US-AL", "US-NE"), 19
)
_USUAL_MAJORITY = 18
_OLDEST = 115


def majority(region: str) -> int:
    """Return the age from which a person is no minor, by ISO 3166-2 code."""
    return _MAJORITY.get(region.upper(), _USUAL_MAJORITY)


_NUMBERS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
        " fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_N = r"(?:\d{1,3}|" + "|".join(list(_NUMBERS)[1:]) + r")"
_HALF = r"(?:\s?(?:1/2|½|and a half|\.5))?"
_OLD = r"(?:\s?-?\s?(?:years?|yrs?|months?|mos?|weeks?|wks?|days?)[- ]?old|\s?y/?o\b|\s?yrs?\.?\s?old)"
_CHILD = (
    r"(?:(?:step|grand|god|foster |adopted |baby |little |youngest |oldest |eldest |middle )?"
    r"(?:sons?|daughters?|child(?:ren)?|kids?|kiddos?|boys?|girls?|niece|nephew|nieces|nephews"
    r"|sibling|brother|sister)|baby|babies|toddlers?|infant|newborn|twins|triplets|teens?"
    r"|teenagers?|preschooler|little (?:one|ones|guy|girl|boy|man)|kindergart(?:e)?ner)"
)
_ADULT_KIN = r"(?:brother|sister|sibling)"
_WHOSE = r"(?:my|our|his|her|their|your|whose|the|a|[\p{Lu}][\p{L}-]+'s)"
_PERSON_NOUN = (
    r"(?:" + _CHILD + r"|student|pupil|patient|male|female|man|woman|lady|gentleman|cousin"
    r"|granddaughter|grandson|granny|grandmother|grandfather|mother|father|mom|mum|dad|person"
    r"|resident|camper|player|scout|daughter's|son's)"
)
_USED_AS_PERSON = (
    r"(?=\s*(?:[,.;:!?)\n]|$)|\s(?:and|who|is|was|has|had|will|would|needs?|loves?|wants?|can"
    r"|can't|cannot|could|got|gets|goes|plays?|just|just|at|in|with|home|asleep|naps?|sleeping"
    r"|likes?|hates?|came|says?|said|named|called|to)\b)"
)
_THING = regex.compile(
    r"\b(?:boiler|furnace|heater|unit|system|house|home|building|roof|pipes?|tank|a/?c"
    r"|condenser|compressor|pump|equipment|appliance|car|truck|van|warranty|property|wiring"
    r"|septic|toilet|faucet|dishwasher|washer|dryer|fridge|refrigerator|oven|stove|machine"
    r"|model|contract|plan|account|company|business|lease|loan|mortgage|bolt|panel|generator"
    r"|water|hvac|kitchen|deck|fence|well|sewer|line|valve|thermostat|installation|garage)\b",
    regex.IGNORECASE,
)
_SOMEBODY = regex.compile(
    r"\b(?:he|she|him|her|his|hers|who|they|my " + _CHILD + r"|our " + _CHILD
    + r"|(?:my|our|his|her|their) (?:wife|husband|partner|mother|mom|mum|father|dad|brother"
    r"|sister|grandmother|grandfather|grandma|grandpa|friend|neighbou?r|tenant)|patient"
    r"|i|i'm|student)\b",
    regex.IGNORECASE,
)  # fmt: skip
_FIRST_PERSON = regex.compile(r"\b(?:i|i'm|i am|me|my)\b\W*(?:\w+\W+){0,3}$", regex.IGNORECASE)
_NOT_A_CHILD = regex.compile(
    r"\s*,?\s(?:who is |is |who's |'s )?(?:an? |the |our )?(?:lawyer|attorney|doctor|nurse|engineer"
    r"|plumber|electrician|contractor|owner|manager|landlord|tenant|married|retired|realtor"
    r"|and his wife|and her husband)\b",
    regex.IGNORECASE,
)
_SCHOOL_NAME = (
    r"(?-i:(?:\p{Lu}[\p{L}'.-]+\s){1,4}(?:Elementary|Middle|High|Primary|Junior High|Grammar"
    r"|Secondary|Nursery|Charter|Montessori|Day|Preparatory|Catholic|Public|Country Day)?\s?"
    r"(?:School|Academy|Elementary|Kindergarten|Preschool|Daycare|Montessori|Middle|Collegiate)\b)"
)
_ORDINAL = (
    r"(?:1st|2nd|3rd|[4-9]th|1[0-2]th|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
    r"|tenth|eleventh|twelfth)"
)
_GRADE = (
    rf"(?:{_ORDINAL}[ -]?graders?|(?:in|into|enter\w*|start\w*|finish\w*|begin\w*|repeat\w*|to)\s"
    rf"(?:the\s)?(?:{_ORDINAL}[ -]grade|grade\s(?:[1-9]|1[0-2]|one|two|three|four|five|six|seven"
    r"|eight)\b(?!\s(?:bolt|screw|steel|nut|washer|hardware|stainless|lumber|fastener|stud|pipe))"
    r"|kindergarten|pre-?k|preschool|pre-?school|nursery school|day ?care|reception class"
    r"|elementary school|middle school|primary school|junior high))"
)
_AROUND_CHILDREN = (
    r"\b(?:little league|u-?1[0-8]\b(?: (?:team|soccer|hockey))?|(?:cub|boy|girl|eagle) scouts?"
    r"|summer camp|day ?care|kindergarten|preschool|pa?ediatric\w*|immuni[sz]ation\w*"
    r"|custody|permission slip|report card|recital|soccer practice|baby ?sit\w*|play ?date"
    r"|school bus|school nurse|homework|birthday party|special needs school|guardian(?: of)?)\b"
)


@dataclass(slots=True)
class Minors:
    """What one text says about children.

    `findings` are what must go (ages, schools, dates of birth; adults' ages too, without
    the mark `minor`), `names` the stretches that name a child, `near` names that stand
    close to talk of a child and are one's unless they are known to be somebody else's.
    `author` says that the writer is a minor.
    """

    findings: list[Finding] = field(default_factory=list)
    names: list[tuple[int, int]] = field(default_factory=list)
    near: list[tuple[int, int]] = field(default_factory=list)
    author: bool = False

    def age(self, start: int, end: int, *, minor: bool, rule: str) -> None:
        """Note an age, a child's or an adult's."""
        self.findings.append(Finding(start, end, "AGE", rule, minor=minor))


def find_minors(text: str, people: list[tuple[int, int]], *, region: str, at: date) -> Minors:
    """Return what *text* says about children.

    *people* are the stretches where names stand, in order; *at* is the day on which ages
    count.
    """
    found = Minors()
    scene = _Scene(text, people, majority(region), at)
    for search in (_kin, _named_ages, _ages, _births, _schools, _around):
        search(scene, found)
    return found


@dataclass(frozen=True, slots=True)
class _Scene:
    text: str
    people: list[tuple[int, int]]
    majority: int
    at: date

    def minor(self, number: str, unit: str = "") -> bool | None:
        """Return whether the age is a minor's; None where it is no age of a person."""
        age = _NUMBERS.get(number.casefold())
        years = int(number) if age is None else age
        if regex.search(r"mo|w(?:ee)?k|day", unit, regex.IGNORECASE):
            return True
        return None if years > _OLDEST else years < self.majority

    def sentence(self, at: int, reach: int = 110) -> tuple[int, int]:
        """Return the sentence around *at*, never more than *reach* to each side."""
        low, high = max(0, at - reach), min(len(self.text), at + reach)
        ends = [m.end() for m in _ENDS.finditer(self.text, low, at)]
        stop = _ENDS.search(self.text, at, high)
        return (ends[-1] if ends else low), (stop.start() if stop else high)

    def nearest(self, at: int) -> tuple[int, int] | None:
        """Return the name closest before *at* in its sentence, else closest after."""
        low, high = self.sentence(at)
        before = [span for span in self.people if low <= span[0] and span[1] <= at]
        after = [span for span in self.people if at <= span[0] and span[1] <= high]
        return before[-1] if before else after[0] if after else None

    def follows(self, at: int) -> tuple[int, int] | None:
        """Return the name that starts right after *at*: "our 5-year-old Leo"."""
        for start, end in self.people:
            if at < start <= at + 2 and not _THING.search(self.text, end, end + 16):
                return start, end
        return None

    def somebody(self, at: int) -> bool:
        """Return whether a person and no thing is the nearest subject before *at*."""
        low, _ = self.sentence(at)
        people = [span[1] for span in self.people if low <= span[0] and span[1] <= at]
        people += [m.end() for m in _SOMEBODY.finditer(self.text, low, at)]
        things = [m.end() for m in _THING.finditer(self.text, low, at)]
        return bool(people) and max(people) > max(things, default=-1)


_ENDS = re.compile(r"[.!?](?=\s)\s|\n\s*\n")
_AGE_AFTER = regex.compile(
    rf"\s?[(,]?\s?(?:age[ds]? |is |aged )?(?P<n>{_N})\b(?!\s?(?:am|pm|:|%|st|nd|rd|th))",
    regex.I,
)
_KIN_NAME = regex.compile(
    rf"\b{_WHOSE}\s(?:\w+,?\s){{0,2}}?(?:{_N}[- ]?(?:year|yr|month)s?[- ]?old\s)?(?P<kin>{_CHILD})"
    rf"(?:'s names?)?\s?(?:,|\(|:|named|called|is called|are called|is named|is|are|-)?\s?"
    rf"(?P<names>{NAME}(?:\s?\({_N}\))?(?:(?:,? and |, | & ){NAME}(?:\s?\({_N}\))?){{0,5}})",
    regex.IGNORECASE,
)
_NAME_KIN = regex.compile(
    rf"(?P<names>{NAME}),?\s(?:is |\()?(?:my|our|his|her|their)\s(?:\w+\s)?(?P<kin>{_CHILD})"
    r"(?=\s?[,.;)\n]|\s(?:is|was|has|will)\b)",
    regex.IGNORECASE,
)
_FORM_NAME = regex.compile(
    rf"\b(?:child|student|camper|player|pupil|minor|infant|kid|son|daughter|baby)(?:'?s)?"
    rf"(?: full)?(?: name)?\s?[:=]\s?(?P<names>{NAME})",
    regex.IGNORECASE,
)
_LOWER_KIN = regex.compile(
    rf"\b(?:my|our)\s(?P<kin>sons?|daughters?|kids?|nephew|niece|grandson|granddaughter),?\s"
    rf"(?P<names>\p{{Ll}}{{3,12}})(?=\s?[(,]\s?(?:age[ds]? )?{_N}\b|'s\s(?:room|school|bed))"
)
_WORD = regex.compile(rf"{NAME}")


def _kin(scene: _Scene, found: Minors) -> None:
    for pattern in (_KIN_NAME, _NAME_KIN, _FORM_NAME, _LOWER_KIN):
        for match in pattern.finditer(scene.text):
            if pattern is _NAME_KIN and _greeted(scene.text, match.start()):
                continue
            if _NOT_A_CHILD.match(scene.text, match.end("names")):
                continue
            kin = match.groupdict().get("kin") or ""
            grown = regex.fullmatch(_ADULT_KIN, kin, regex.IGNORECASE) is not None
            names = list(_names_in(match, pattern is _LOWER_KIN))
            ages = [_AGE_AFTER.match(scene.text, end) for _, end in names]
            minors = [scene.minor(age["n"]) if age else not grown for age in ages]
            for span, age, minor in zip(names, ages, minors, strict=True):
                if age and minor is not None:
                    found.age(age.start("n"), age.end("n"), minor=minor, rule="kin")
                # "Ana (7) and Ben": the one without an age is as young as the other.
                if minor or (age is None and any(minors)):
                    found.names.append(span)


def _names_in(match: regex.Match[str], lower: bool) -> Iterator[tuple[int, int]]:
    start = match.start("names")
    if lower:
        yield match.span("names")
        return
    for name in _WORD.finditer(match.group("names")):
        yield start + name.start(), start + name.end()


def _greeted(text: str, at: int) -> bool:
    before = text[max(0, at - 16) : at].casefold()
    return (
        regex.search(r"\b(?:hi|hello|dear|hey|thanks|you|morning|evening)[ ,]*$", before)
        is not None
    )


def _named_ages(scene: _Scene, found: Minors) -> None:
    """ "Emma (9)", "Emma, 9,", "Emma is 9", "Emma just turned 9"."""
    for start, end in scene.people:
        match = _NAMED_AGE.match(scene.text, end)
        if not match:
            continue
        minor = scene.minor(match["n"], match["unit"] or "")
        if minor is None:
            continue
        found.age(
            match.start("n"),
            match.end("unit") if match["unit"] else match.end("n"),
            minor=minor,
            rule="named age",
        )
        if minor:
            found.names.append((start, end))


_NAMED_AGE = regex.compile(
    rf"(?:\s\((?:age[ds]?\s)?(?P<n>{_N}){_HALF}(?P<unit>{_OLD})?\)"
    rf"|,?\s(?:who\s)?(?:is|was|'s|'ll be|will be|turns|turned|just turned|is turning|turning|is now"
    rf"|is only|is almost|is about to turn|has just turned|who's)\s(?:only |now |just |almost )?(?P<n>{_N}){_HALF}(?P<unit>{_OLD})?"
    rf"(?=\s*(?:[.,!?;)\n]|$)|\s(?:and|now|today|tomorrow|next|in|on|this|but|so|years? of age)\b)"
    rf"|,\s(?:age[ds]?\s)?(?P<n>{_N}){_HALF}(?P<unit>{_OLD})?(?=\s*[,.;)])|,?\sage[ds]?\s(?P<n>{_N}))",
    regex.IGNORECASE,
)
_AGE = regex.compile(
    rf"(?P<all>\b(?P<n>{_N}){_HALF}(?P<unit>{_OLD}))(?P<noun>\s{_PERSON_NOUN}\b)?",
    regex.IGNORECASE,
)
_SAID_AGE = regex.compile(
    rf"\b(?P<who>i'?m|i am|he|she|he's|she's|who|who's|i'll|he'll|she'll|i|(?:my|our|his|her) \w+|they)"
    rf"\s(?:is |was |am |are |be |will be |just |recently |has |have |about to )*(?:turn(?:s|ed|ing)? |only |now )?"
    rf"(?P<n>{_N}){_HALF}(?P<unit>{_OLD})?"
    rf"(?=\s*(?:[.!?;)\n]|,\s|$)|\s(?:and|now|today|tomorrow|next (?:week|month|year)|in (?:{'|'.join(('january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'))})|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)\b)",
    regex.IGNORECASE,
)
_BARE_AGE = regex.compile(
    rf"\b(?:aged|ages?(?: of)?)\s?:?\s(?P<n>{_N})(?:(?:,| and|,? &|-| to)\s?(?P<m>{_N}))?\b",
    regex.IGNORECASE,
)


def _ages(scene: _Scene, found: Minors) -> None:
    for match in _AGE.finditer(scene.text):
        named = scene.follows(match.end("all"))
        if named and scene.minor(match["n"], match["unit"]):
            found.names.append(named)
        if named or match["noun"] or _alone(scene, match):
            _note_age(scene, found, match, match.start("all"), match.end("all"))
    for match in _SAID_AGE.finditer(scene.text):
        if not _THING.search(match["who"]):
            _note_age(
                scene,
                found,
                match,
                match.start("n"),
                match.end("unit") if match["unit"] else match.end("n"),
            )
    for match in _BARE_AGE.finditer(scene.text):
        if scene.somebody(match.start()):
            _note_age(
                scene,
                found,
                match,
                match.start("n"),
                match.end("m") if match["m"] else match.end("n"),
            )


def _alone(scene: _Scene, match: regex.Match[str]) -> bool:
    """Return whether the age stands for a person: "our 5-year-old is", "she is 9 years old"."""
    before = scene.text[max(0, match.start() - 24) : match.start()]
    if regex.search(
        r"\b(?:my|our|his|her|their|two|three|a|the|'s|and|with)\s$", before, regex.I
    ):
        used = regex.match(_USED_AS_PERSON, scene.text[match.end() : match.end() + 16], regex.I)
        return used is not None and not _THING.search(before)
    return scene.somebody(match.start()) and not regex.match(
        r"[- ](?!and\b|now\b|but\b|who\b|so\b|today\b|when\b|this\b|in\b|on\b|at\b)\w",
        scene.text[match.end() : match.end() + 8],
    )


def _note_age(
    scene: _Scene, found: Minors, match: regex.Match[str], start: int, end: int
) -> None:
    groups = match.groupdict()
    minor = scene.minor(match["n"], groups.get("unit") or "")
    if minor is None:
        return
    found.age(start, end, minor=minor, rule="age")
    if not minor:
        return
    who = (groups.get("who") or "").casefold()
    first = who in {"i", "i'm", "im", "i am", "i'll"} or (
        not who
        and not groups.get("noun")
        and regex.search(
            r"\bi(?:'m| am)(?: only| just)?\s$", scene.text[max(0, start - 16) : start], regex.I
        )
    )
    if first:
        found.author = True
    elif nearest := scene.nearest(match.start()):
        found.near.append(nearest)


_BIRTH = regex.compile(
    r"\b(?:d\.?o\.?b\.?|date of birth|birth ?date|born|birthday)\b"
    rf"(?:\s{{0,3}}(?:is|was|on|in|:|=|-|\())*\s{{0,3}}(?P<date>{DATE})",
    regex.IGNORECASE,
)


def _births(scene: _Scene, found: Minors) -> None:
    for match in _BIRTH.finditer(scene.text):
        year = regex.search(r"(?:19|20)\d\d", match["date"])
        short = regex.search(r"[./-](\d\d)$", match["date"])
        born = (
            int(year.group()) if year else _century(int(short[1]), scene.at) if short else None
        )
        # Only the year counts: a few months too strict at the border is the safe side.
        if born is None or not 0 <= scene.at.year - born < scene.majority + 1:
            continue
        found.findings.append(Finding(*match.span("date"), "BIRTH_DATE", "birth", minor=True))
        if _FIRST_PERSON.search(
            scene.text[max(0, match.start() - 24) : match.end() - len(match["date"])][:24]
        ):
            found.author = True
        elif nearest := scene.nearest(match.start()):
            found.near.append(nearest)


def _century(year: int, at: date) -> int:
    return 2000 + year if 2000 + year <= at.year else 1900 + year


def _schools(scene: _Scene, found: Minors) -> None:
    for match in regex.finditer(rf"\b{_GRADE}", scene.text, regex.IGNORECASE):
        if scene.somebody(match.start()) or scene.nearest(match.start()):
            found.findings.append(Finding(*match.span(), "SCHOOL", "grade", minor=True))
            _note_child(scene, found, match.start())
    for match in regex.finditer(_SCHOOL_NAME, scene.text):
        low, high = scene.sentence(match.start())
        about = scene.text[low:high]
        if _PUPIL.search(about) or any(low <= start < high for start, _ in found.names):
            found.findings.append(Finding(*match.span(), "SCHOOL", "school", minor=True))
            _note_child(scene, found, match.start())


_PUPIL = regex.compile(
    rf"\b(?:my|our|his|her|their)\s(?:\w+\s)?{_CHILD}\b|\b(?:attends?|goes to|enrolled|pupil|student at|picks? (?:him|her) up)\b",
    regex.IGNORECASE,
)


def _around(scene: _Scene, found: Minors) -> None:
    for match in regex.finditer(_AROUND_CHILDREN, scene.text, regex.IGNORECASE):
        _note_child(scene, found, match.start())


def _note_child(scene: _Scene, found: Minors, at: int) -> None:
    nearest = scene.nearest(at)
    if nearest and not _greeted(scene.text, nearest[0]):
        found.near.append(nearest)
