"""What is personal and what is business, and what a flow may keep of it.

Business and staying: the business and its people, firms, suppliers, product and order
numbers, prices, dates and times of visits, towns and regions. Personal and going: what
`REASONS` lists. Keeping a field lets its values through, save what is in `NEVER_KEPT`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text.business_contacts import BusinessContacts
from anonymizer.text.fields import FIELDS, KeepField
from anonymizer.text.findings import Finding
from anonymizer.text.name_cues import name_shaped
from anonymizer.text.names import Names
from anonymizer.text.request import Part, Request
from anonymizer.text.stand_ins import fold, same_value
from anonymizer.text.strict import strict_reason

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "ADDRESS": "a street address or postcode",
        "AGE": "a person's age",
        "BANK_ACCOUNT": "a bank account",
        "BELIEF": "somebody's belief, politics or orientation",
        "BIRTH_DATE": "a date of birth",
        "CARD": "a payment card",
        "CHILD": "a child's name",
        "CREDENTIAL": "a password, key or access code",
        "DEVICE": "an identifier of a personal device",
        "DRIVER_LICENCE": "a driver licence",
        "EMAIL": "a mail address",
        "FAMILY": "somebody's family troubles",
        "FILE_NAME": "a file name that tells of a person",
        "HEALTH": "somebody's health",
        "IBAN": "a bank account",
        "IP": "an internet address of a device",
        "LINK": "a personal link",
        "MONEY_TROUBLE": "somebody's money troubles",
        "NATIONAL_ID": "a personal identity number",
        "PASSPORT": "a passport",
        "PERSON": "a private person's name",
        "PHONE": "a telephone number",
        "PLACE": "a place in a person's life",
        "PROFILE": "a personal page",
        "SCHOOL": "a child's school or grade",
        "SSN": "a social security number",
        "STAND_IN": "text that looked like one of our stand-ins",
        "TEAM": "a child's team or club",
        "VEHICLE": "a vehicle of a person",
    }
)
"""Why each label goes, in plain words."""

_ABOUT_A_CHILD = "about a child"
_BUSINESS = "how a business is reached"

NEVER_KEPT = frozenset(REASONS) - {"PERSON", "EMAIL", "PHONE", "ADDRESS", "PLACE", "LINK"}
"""Labels that go whatever a flow keeps, but for a part that is a kept field as a whole."""

_SOMEBODY_ELSE = regex.compile(
    r"\b(?:his|her|their|(?:my|our|the|his|her)\s(?:\w+\s)?(?:wife|husband|spouse|partner|mother|mom"
    r"|mum|father|dad|brother|sister|son|daughter|aunt|uncle|cousin|friend|neighbou?rs?|tenants?"
    r"|landlord|boss|assistant|nanny|sitter|caregiver|super|superintendent|roommate|grandmother"
    r"|grandfather|grandma|grandpa|mother-in-law|father-in-law|ex)|(?:son|sa|ses|leur|le|la"
    r"|mon|ma|notre)\s(?:voisine?|locataire|mari|femme|gardien(?:ne)?)|(?:il|elle) répond"
    r"|(?:mein\w*|unser\w*|der|die)\s(?:Nachbar(?:in)?|Mieter(?:in)?|Mann|Frau)"
    r"|(?:mi|su|el|la)\s(?:vecin[oa]|inquilin[oa]|espos[oa]|marido))\b",
    regex.IGNORECASE,
)
_ONESELF = regex.compile(
    r"(?<!\b(?:his|her|their|whose)\s)\b(?:my|me|mine|i|i'm|our|us|we|myself|phone|tel|cell|mobile"
    r"|home|address)\b(?!\s(?:\w+\s)?(?:wife|husband|mother|mom|mum|father|dad|brother|sister|son|daughter|neighbou?r|tenant|friend))",
    regex.IGNORECASE,
)
_CLEARLY_ONESELF = regex.compile(r"\b(?:my|me|mine|i|i'm|us|we|our)\b", regex.IGNORECASE)
_MEETS_BEFORE = regex.compile(
    r"\b(?:ask for|contact(?: on site| person)?(?: is|:)?|meet|see|speak (?:to|with)|talk to"
    r"|call|ring|text|reach|contact name:?|(?:point of|on[- ]site) contact(?: is|:)?)"
    r"\s(?:(?:my|our|the)\s(?:\w+\s){1,2})?$",
    regex.IGNORECASE,
)
_MEETS_AFTER = regex.compile(
    r",?\s(?:will|can|is going to|who will|'ll)\s(?:\w+\s)?(?:be (?:there|home|on site|in)"
    r"|let you in|meet you|open|wait|show you)|,?\s(?:has|who has)\s(?:the|a)\skeys?"
    r"|\sis (?:the|your|my|our) (?:on[- ]site )?contact",
    regex.IGNORECASE,
)
_SENTENCE_END = regex.compile(r"[.!?]\s|\n")
_REACH = 90
_WRITERS = frozenset({"customer", "supplier"})
_UNDER_A_NAME = 200
"""Characters that may stand under the name with which somebody signs."""


def reason(finding: Finding) -> str:
    """Return in plain words why a finding goes."""
    about = _ABOUT_A_CHILD if finding.minor and finding.label != "CHILD" else ""
    words = (REASONS.get(finding.label, "personal data"), about, strict_reason(finding.rule))
    return ", ".join(filter(None, words))


def _kept(field: str) -> str:
    return f"kept as {field}"


@dataclass(frozen=True, slots=True)
class _Given:
    """A value that may be the author's own; *sure* where they say so."""

    field: str
    label: str
    value: str
    kind: str
    sure: bool


class Keeper:
    """Decides for one request which findings stay, and collects the kept values."""

    def __init__(self, request: Request, names: Names) -> None:
        self._request = request
        self.names = names
        self._fields = [FIELDS[name] for name in sorted(request.keep) if name in FIELDS]
        self._emails = {p.email.strip().casefold(): p.role for p in request.people if p.email}
        self._values: dict[str, set[str]] = {}
        self._why: dict[tuple[str, str], str] = {}
        self._business: set[tuple[str, str]] = set()
        self._contacts = BusinessContacts(request, names)
        self._met: set[str] = set()
        self._signed: set[frozenset[str]] = set()
        self._whole_names: set[str] = set()
        firms = (fold(firm).split() for firm in request.organisations)
        self._firms = {firm[0] for firm in firms if len(firm) > 1}
        self._given: list[_Given] = []
        self.kept: dict[str, str] = {}
        for person in request.people:
            if person.role in {"customer", "supplier"} and not names.author_is_minor:
                self._note(f"{person.role}.email", "EMAIL", person.email.strip())
                self._note(f"{person.role}.name", "PERSON", person.name.strip())

    def part_field(self, part: str) -> str:
        """Return the kept field that the whole part of this name is, or ""."""
        for row in self._fields:
            if row.where == "part" and row.name.endswith(f".{part}"):
                return row.name
        return ""

    def note_parts(self, clean: Mapping[str, str]) -> None:
        """Note the clean texts of parts that are kept fields."""
        for part, text in clean.items():
            field = self.part_field(part)
            if field and text.strip():
                self.kept[field] = text.strip()

    def authored(self, part: Part, text: str, finding: Finding, given: tuple[int, int]) -> None:
        """Note the value where it stands as the author's own; call for all before `stays`.

        *text* is the view that *finding* counts in, *given* its stretch of the given text.
        """
        if finding.minor:
            return
        kind = _segment(part, given[0])
        if finding.label == "PERSON":
            self._signs(text, finding, kind)
            tokens = fold(text[finding.start : finding.end]).split()
            self._whole_names |= set(tokens if len(tokens) > 1 else ())
            if kind == "new":
                self._meet(text, finding)
        if finding.label not in {"PHONE", "ADDRESS", "PLACE"}:
            return
        value = part.text[given[0] : given[1]].strip()
        if self._contacts.has(text, finding, kind):
            self._business.add((finding.label, same_value(finding.label, value)))
        before = text[max(0, finding.start - _REACH) : finding.start].rpartition("\n")[2]
        sure = kind == "signature" or _CLEARLY_ONESELF.search(before) is not None
        for row in self._fields:
            if finding.label in row.labels and self._is_theirs(row, kind, text, finding):
                self._given.append(_Given(row.name, finding.label, value, kind, sure))

    def _signs(self, text: str, finding: Finding, kind: str) -> None:
        """Note the name under the new text as the author's: "Obie Frazier" is Obadiah."""
        if kind not in {"new", "signature"} or self._request.author not in _WRITERS:
            return
        if len(text) - finding.end > _UNDER_A_NAME:
            return
        before = text[max(0, finding.start - _REACH) : finding.start].rpartition("\n")[2]
        after = text[finding.end :].partition("\n")[0]
        if before.strip(" ->") or after.strip(" ,."):
            return
        tokens = frozenset(fold(text[finding.start : finding.end]).split())
        role = self._request.author
        known = [p.tokens for p in self.names.people if p.role == role]
        # "Rutland Supply - Orders" wrote: whoever signs is who wrote for them.
        named = any(name_shaped(p.name) for p in self._request.people if p.role == role)
        if len(tokens) > 1 and (not named or any(tokens & each for each in known)):
            self._signed |= {tokens}

    def _meet(self, text: str, finding: Finding) -> None:
        """Note a name that is said to be whom to meet or to call about the visit."""
        before = text[max(0, finding.start - _REACH) : finding.start]
        if _MEETS_BEFORE.search(before) or _MEETS_AFTER.match(text, finding.end):
            value = text[finding.start : finding.end]
            if self.names.owner(value) == "other":
                self._met |= set(fold(value).split())

    def settle(self) -> None:
        """Decide between values that may be the author's; call after all are `authored`.

        Who signs with a number has said which one is theirs: another one in the text needs
        a "my" or "me" to count as well.
        """
        signed = {given.field for given in self._given if given.kind == "signature"}
        for given in self._given:
            if given.label != "PHONE" or given.sure or given.field not in signed:
                self._note(given.field, given.label, given.value)
        self._given.clear()

    def stays(self, finding: Finding, value: str) -> str:
        """Return in plain words why this finding stays readable, "" where it goes."""
        if finding.minor or finding.label in NEVER_KEPT:
            return ""
        if finding.label == "PERSON":
            return self._name_stays(value)
        if finding.label == "EMAIL":
            return self._mailbox_stays(value.casefold().removeprefix("mailto:"))
        if finding.label == "LINK":
            return _BUSINESS if self._contacts.has_page(value) else ""
        return self._value_stays(finding.label, same_value(finding.label, value))

    def _value_stays(self, label: str, same: str) -> str:
        if same in self._values.get(label, ()):
            return self._why.get((label, same), _BUSINESS)
        if (label, same) in self._business:
            return _BUSINESS
        addresses = self._values.get("ADDRESS", ()) if label == "PLACE" else ()
        kept = any(f" {same} " in f" {address} " for address in addresses)
        return "part of an address that is kept" if kept else ""

    def _mailbox_stays(self, address: str) -> str:
        role = self._emails.get(address)
        if role == "own" or self._contacts.has_mailbox(address):
            return _BUSINESS
        return _kept(f"{role}.email") if self._keeps(f"{role}.email") else ""

    def _name_stays(self, value: str) -> str:
        owner = self.names.owner(value)
        if owner == "own":
            if self._keeps("technician.name"):
                self.kept.setdefault("technician.name", value)
            return "one of the business's own people"
        field = f"{owner}.name"
        tokens = fold(value).split()
        # "Hudson" is short for Hudson Plumbing, unless somebody here has that name.
        if (
            owner == "other"
            and len(tokens) == 1
            and tokens[0] in self._firms - self._whole_names
        ):
            return "short for a firm that the business works with"
        if owner == "other" and frozenset(tokens) in self._signed:
            field = f"{self._request.author}.name"
        elif owner == "other" and set(tokens) <= self._met:
            field = "contact.name"
        if not self._keeps(field):
            return ""
        if not self.kept.get(field):
            self.kept[field] = value
        return _kept(field)

    def _keeps(self, field: str) -> bool:
        minor = self.names.author_is_minor and field.startswith("customer.")
        return field in self._request.keep and not minor

    def _is_theirs(self, row: KeepField, kind: str, text: str, finding: Finding) -> bool:
        if row.where == "new":
            return kind == "new"
        if row.where == "contact":
            return kind == "new" and self._is_of_contact(text, finding)
        if row.where != "authored" or row.role != self._request.author:
            return False
        if self.names.author_is_minor:
            return False
        if kind == "attached":
            return row.role == "supplier"
        return kind != "quoted" and not self._somebody_elses(text, finding)

    def _is_of_contact(self, text: str, finding: Finding) -> bool:
        """Return whether a person to meet is named before the value in its sentence."""
        low = max(0, finding.start - _REACH)
        ends = [m.end() for m in _SENTENCE_END.finditer(text, low, finding.start)]
        before = text[ends[-1] if ends else low : finding.start]
        spans = self.names.spans(before, ())
        return any(
            _MEETS_BEFORE.search(before[:start]) or _MEETS_AFTER.match(before, end)
            for start, end in spans[-1:]
        )

    def _somebody_elses(self, text: str, finding: Finding) -> bool:
        """Return whether the words before the value give it to a third person."""
        low = max(0, finding.start - _REACH)
        ends = [m.end() for m in _SENTENCE_END.finditer(text, low, finding.start)]
        before = text[ends[-1] if ends else low : finding.start]
        others = [m.end() for m in _SOMEBODY_ELSE.finditer(before)]
        selves = [m.end() for m in _ONESELF.finditer(before)]
        others += [
            end
            for start, end in self.names.spans(before, ())
            if self.names.owner(before[start:end]) in {"other", "child"}
        ]
        return bool(others) and max(others) > max(selves, default=-1)

    def _note(self, field: str, label: str, value: str) -> None:
        if field in self._request.keep and value:
            self.kept.setdefault(field, value)
            same = same_value(label, value)
            self._values.setdefault(label, set()).add(same)
            self._why.setdefault((label, same), _kept(field))


def _segment(part: Part, at: int) -> str:
    """Return what kind of text stands at an offset: new, quoted, signature or attached."""
    if part.name.startswith("attachment"):
        return "attached"
    for segment in part.segments:
        if segment.start <= at < segment.end:
            return segment.kind
    return "quoted" if part.segments else "new"


def applied(text: str, stretches: Sequence[tuple[int, int, str]]) -> str:
    """Return *text* with each stretch `(start, end, stand-in)` replaced; in order, apart."""
    pieces: list[str] = []
    at = 0
    for start, end, stand_in in stretches:
        pieces += (text[at:start], stand_in)
        at = end
    return "".join((*pieces, text[at:]))
