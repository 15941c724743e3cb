"""How one reaches a business: its address, switchboard, pages and role mailboxes, which stay.

A signature may have a company in it and a person: the company's address and main number are
business, the person's direct line and mobile are not.
"""

from __future__ import annotations

from typing import Final

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text.findings import Finding
from anonymizer.text.names import Names
from anonymizer.text.request import Request
from anonymizer.text.words import COMPANY_WORDS, ROLE_ADDRESSES

_I = regex.IGNORECASE
_LINE: Final = 120
_GAP: Final = 240

PREMISES = (
    r"(?:shop|stores?|showroom|office|warehouse|depot|dock|yard|counter|branch|plant|factory|hq"
    r"|headquarters|head office|(?:shop|office|store) address|will[ -]call|location|facility"
    r"|workshop|premises|offices"
    r"|tienda|oficina|almac[eé]n|taller|magasin|bureau|entrep[oô]t|atelier|agence|d[eé]p[oô]t"
    r"|b[uü]ro|lager|werkstatt|filiale|niederlassung|gesch[aä]ft)"
)
DESKS = (
    r"(?:main|office|counter|switch ?board|reception|front desk|fax|toll[ -]?free|freephone"
    r"|support|helpdesk|help desk|hot ?line|dispatch|customer (?:service|care)|billing"
    r"|accounts?(?: (?:payable|receivable))?|orders?|sales|service|parts|returns|desk|dept\.?"
    r"|department|warehouse|showroom|store|shop|branch|company|after[ -]hours|emergency"
    r"|(?:24|twenty-four)[ -]hours?|inspection|questions"
    r"|centralita|oficina|ventas|pedidos|standard|accueil|commandes|zentrale|b[uü]ro|vertrieb"
    r"|bestell\w{0,12}|f)"
)
_OWN_LINE = regex.compile(
    r"\b(?:direct(?: (?:line|dial))?|cell(?:ular)?|mob(?:ile)?|home|my|mine|me|personal|private"
    r"|his|her|handy|direkt|durchwahl|mobil|privat|m[oó]vil|celular|directo|portable|perso"
    r"|ligne directe|whats ?app|[cdm])\b[\s.:#/|]{0,4}(?:(?:phone|number|no|line|is|at|tel)\b"
    r"[\s.:#]{0,3}){0,2}[+(]{0,2}$",
    _I,
)
_OWN_LINE_AFTER = regex.compile(
    r"\s{0,2}[-(,|]?\s{0,2}(?:direct|cell|mobile|mob|home|private|handy|mobil|[cdm])\b", _I
)
_DESK = regex.compile(
    rf"\b{DESKS}\b[\s.:,#/|-]{{0,4}}"
    r"(?:(?:desk|line|number|no|phone|tel|team|is|at|or call|call)\b[\s.:#,]{0,3}){0,3}"
    r"[+(]{0,2}$",
    _I,
)
_PUBLIC_DESK = regex.compile(
    r"(?<!\b(?:my|his|her|their|our)\s)\b(?:dispatch|switch ?board|main office|front desk"
    r"|reception|customer (?:service|care)|help ?desk|hot ?line"
    r"|(?:sales|service|parts|order|badge) desk"
    r"|(?:inspection|emergency|support|order) line|estate office|badge office|centralita"
    r"|standard|zentrale)\b[\s.:,#/|-]{0,4}[+(]{0,2}$",
    _I,
)
_TOLL_FREE = regex.compile(
    r"\+?1?[\s.(-]{0,3}8(?:00|33|44|55|66|77|88)[\s.)-]|\+?(?:44)?[\s(]{0,2}0?80[08][\s-]"
)
_OUR_PREMISES = regex.compile(
    rf"\b(?:our|the|nuestr[ao]|notre|unser\w{{0,2}})\s(?:\w+\s){{0,2}}{PREMISES}\b[^.!?\n]{{0,30}}$",
    _I,
)
_YOUR_PREMISES = regex.compile(
    rf"\b(?:your|vuestr[ao]|votre|ihr\w{{0,2}})\s(?:\w+\s){{0,2}}{PREMISES}\b[^.!?\n]{{0,30}}$",
    _I,
)
_ESTATE = regex.compile(
    r"\b(?:(?:business|industrial|trading|retail|commerce|enterprise|office|technology)\s"
    r"(?:park|estate|centre|center|way)|industrial|warehouse|gewerbegebiet|gewerbepark"
    r"|zone (?:industrielle|artisanale)|pol[ií]gono)\b",
    _I,
)
# Words of firms that are also words of houses, streets and towns.
_PLACES_TOO_LIST = """
    & home homes church school schools city county market garage inn estates mill heat water
    express gas capital air oil power works union trust fire cars
"""
_PLACES_TOO = frozenset(_PLACES_TOO_LIST.split())
_ALSO_FIRMS = (
    "apartments", "management", "gestion", "verwaltung", "motel", "condominiums", "realty",
    "clinic", "library", "gallery", "brewery", "ag", "kg", "ug", "sas", "sl", "srl", "bv",
)  # fmt: skip
_COMPANY = "|".join(
    sorted({*(COMPANY_WORDS - _PLACES_TOO), *_ALSO_FIRMS}, key=lambda word: (-len(word), word))
)
_FIRM = regex.compile(
    r"(?<![\w@.])\p{Lu}[\w'-]{0,30}(?: (?:&|and|of|the|und|et|y|de|la|du)"
    rf"|,? \p{{Lu}}[\w'-]{{0,30}}){{0,4}},? (?:(?i:{_COMPANY}))\b\.?(?=\s*(?:[,\n|(:-]|$))"
    r"|\bHausverwaltung \p{Lu}[\w-]{1,30}"
)
# Words in small letters that a block of contact data may hold without being a sentence.
_PROSE = regex.compile(r"(?<![\w@./-])\p{Ll}{2,}(?![\w@/])(?!\.\w)")
_LABELS = regex.compile(
    rf"\b(?:{DESKS}|tel|phone|fon|ext|inside|outside|and|of|the|de|und|et|y|no|number|suite|unit"
    r"|floor|registered|in|www|web|email|mail|licen[cs]ed?|llc|inc|ltd|gmbh|direct)\b",
    _I,
)
_GREETING = regex.compile(
    r"(?:^|\n)[\s>]{0,6}(?:hi|hello|dear|to|hey|attn|hallo|hola)\b[^\n]*$", _I
)
_DIGIT = regex.compile(r"\d")
_HOST = regex.compile(r"(?:https?://)?(?:www\.)?(?P<host>[\w.-]+)(?P<rest>[/?#]\S*)?$", _I)
_TOKEN = regex.compile(r"[?#=]|(?=[\w-]{0,40}\d)(?=[\w-]{0,40}\p{L})[\w-]{12,}|\d{6,}")

_FREE_MAIL = """
    gmail googlemail yahoo ymail hotmail outlook live msn icloud me aol proton protonmail gmx
    web mail t-online orange wanadoo free comcast verizon att sbcglobal cox charter earthlink
    rogers bell shaw telus btinternet sky
"""
FREE_MAIL: Final = frozenset(_FREE_MAIL.split())
"""First labels of domains where anybody has an address: they are nobody's business."""


class BusinessContacts:
    """Tells for one request which contact data are a business's."""

    def __init__(self, request: Request, names: Names) -> None:
        self._author, self._names = request.author, names
        given = [(_domain(p.email), p.role) for p in request.people if p.email]
        others = {domain for domain, role in given if role not in {"own", "supplier"}}
        self._own = {d for d, role in given if role == "own"} - others
        self._known = {d for d, role in given if role in {"own", "supplier"}} - others
        self._own, self._known = _firms(self._own), _firms(self._known)
        self._pages = _firms({domain for domain, _ in given})
        # Without a header that speaks of a firm, a block may be anybody's employer's.
        self._vouched = bool(self._known | _firms(others))

    def has(self, text: str, finding: Finding, kind: str) -> bool:
        """Return whether the finding of *text*, in a segment of *kind*, is a business's."""
        if finding.minor:
            return False
        if finding.label == "PHONE":
            return self._is_desk(text, finding, kind)
        if finding.label == "ADDRESS":
            return self._is_premises(text, finding, kind)
        if finding.label == "PLACE":
            return self._names.protected(text, finding.start, finding.end)
        return False

    def has_mailbox(self, address: str) -> bool:
        """Return whether a mail address is of the business, or a supplier's role mailbox."""
        local, _, domain = address.casefold().partition("@")
        if domain in self._own:
            return True
        role = any(word in ROLE_ADDRESSES for word in regex.split(r"[._+\-\d]+", local))
        return role and domain in self._known

    def has_page(self, link: str) -> bool:
        """Return whether a link leads to a firm's own pages, with no token in it."""
        found = _HOST.match(link.strip("<>().,;"))
        if found is None or _TOKEN.search(found["rest"] or ""):
            return False
        host = found["host"].casefold()
        return any(host == domain or host.endswith(f".{domain}") for domain in self._pages)

    def _is_desk(self, text: str, finding: Finding, kind: str) -> bool:
        value = text[finding.start : finding.end]
        low = max(0, finding.start - _LINE)
        low = max(low, text.rfind("\n", low, finding.start) + 1)
        before = text[low : finding.start]
        if _OWN_LINE.search(before) or _OWN_LINE_AFTER.match(text, finding.end):
            return False
        if _TOLL_FREE.match(value) or _PUBLIC_DESK.search(before):
            return True
        if self._is_theirs(kind) and _DESK.search(before):
            return True
        return self._is_in_block(text, finding)

    def _is_premises(self, text: str, finding: Finding, kind: str) -> bool:
        before = text[max(0, finding.start - _LINE) : finding.start]
        if self._author != "own" and kind != "quoted" and _YOUR_PREMISES.search(before):
            return True
        if self._is_theirs(kind):
            near = text[max(0, finding.start - 40) : finding.end + 20]
            if _OUR_PREMISES.search(before) or _ESTATE.search(near):
                return True
        return self._is_in_block(text, finding)

    def _is_theirs(self, kind: str) -> bool:
        return self._author in {"own", "supplier"} and kind != "quoted"

    def _is_in_block(self, text: str, finding: Finding) -> bool:
        """Return whether a firm's name and nothing but contact data stand right before."""
        low = max(0, finding.start - _GAP)
        firm = self._last_firm(text, low, finding) if self._vouched else None
        if firm is None:
            return False
        begin = max(text.rfind("\n", low, firm[0]) + 1, low)
        if _GREETING.match(text, begin, firm[0] + 1) or _prose(text[begin : firm[0]]):
            return False
        gap = text[firm[1] : max(firm[1], finding.start)]
        return "\n\n" not in gap.replace(" ", "") and not _prose(gap)

    def _last_firm(self, text: str, low: int, finding: Finding) -> tuple[int, int] | None:
        """Return where the last firm before the finding, or at its beginning, is named."""
        digit = _DIGIT.search(text, finding.start, finding.end)
        stop = digit.start() if digit else finding.start
        spans = [found.span() for found in _FIRM.finditer(text, low, stop)]
        if self._names.organisations is not None:
            known = self._names.organisations.finditer(text, low, stop)
            spans += [found.span() for found in known]
        return max(spans, default=None)


def _prose(text: str) -> bool:
    """Return whether there are words of a sentence and not only contact data."""
    return _PROSE.search(_LABELS.sub("", text)) is not None


def _domain(email: str) -> str:
    return email.strip().casefold().partition("@")[2]


def _firms(domains: set[str]) -> set[str]:
    return {domain for domain in domains if domain and domain.split(".")[0] not in FREE_MAIL}
