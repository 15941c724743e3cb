"""How one reaches a business: its address, switchboard, pages and role mailboxes, which stay.

A supplier's signature has a company in it and a person: the company's address and main
number are business, the person's direct line and mobile are not.
"""

from __future__ import annotations

from typing import Final

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text.findings import Finding
from anonymizer.text.names import Names
from anonymizer.text.request import Request
from anonymizer.text.words import ROLE_ADDRESSES

_I = regex.IGNORECASE
_LINE: Final = 120
_GAP: Final = 240

PREMISES = (
    r"(?:shop|stores?|showroom|office|warehouse|depot|dock|yard|counter|branch|plant|factory|hq"
    r"|headquarters|head office|will[ -]call|location|facility|workshop|premises|offices"
    r"|tienda|oficina|almac[eé]n|taller|magasin|bureau|entrep[oô]t|atelier|agence|d[eé]p[oô]t"
    r"|b[uü]ro|lager|werkstatt|filiale|niederlassung|gesch[aä]ft)"
)
DESKS = (
    r"(?:main|office|counter|switch ?board|reception|front desk|fax|toll[ -]?free|freephone"
    r"|support|helpdesk|help desk|hot ?line|dispatch|customer (?:service|care)|billing"
    r"|accounts?(?: (?:payable|receivable))?|orders?|sales|service|parts|returns|desk|dept\.?"
    r"|department|warehouse|showroom|store|shop|branch|company|after[ -]hours|emergency"
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
        """Return whether a link leads to pages of the business or a supplier, with no token."""
        found = _HOST.match(link.strip("<>().,;"))
        if found is None or _TOKEN.search(found["rest"] or ""):
            return False
        host = found["host"].casefold()
        return any(host == domain or host.endswith(f".{domain}") for domain in self._known)

    def _is_desk(self, text: str, finding: Finding, kind: str) -> bool:
        value = text[finding.start : finding.end]
        low = max(text.rfind("\n", 0, finding.start) + 1, finding.start - _LINE)
        if _TOLL_FREE.match(value) and not _OWN_LINE.search(text, low, finding.start):
            return True
        before = text[low : finding.start]
        if _OWN_LINE.search(before) or _OWN_LINE_AFTER.match(text, finding.end):
            return False
        if self._is_theirs(kind) and _DESK.search(before):
            return True
        return self._is_in_block(text, finding, kind)

    def _is_premises(self, text: str, finding: Finding, kind: str) -> bool:
        before = text[max(0, finding.start - _LINE) : finding.start]
        if self._is_theirs(kind):
            value = text[finding.start : finding.end]
            near = text[finding.start - min(finding.start, 40) : finding.end + 20]
            if _OUR_PREMISES.search(before) or _ESTATE.search(value) or _ESTATE.search(near):
                return True
        elif _YOUR_PREMISES.search(before):
            return True
        return self._is_in_block(text, finding, kind)

    def _is_theirs(self, kind: str) -> bool:
        return self._author in {"own", "supplier"} and kind != "quoted"

    def _is_in_block(self, text: str, finding: Finding, kind: str) -> bool:
        """Return whether a firm's name and nothing but contact data stand right before."""
        if not (self._is_theirs(kind) or kind == "quoted"):
            return False
        if self._names.organisations is None:
            return False
        low = max(0, finding.start - _GAP)
        firms = list(self._names.organisations.finditer(text, low, finding.start))
        if not firms or _GREETING.search(
            text[max(0, firms[-1].start() - 40) : firms[-1].start()]
        ):
            return False
        gap = _LABELS.sub("", text[firms[-1].end() : finding.start])
        return "\n\n" not in gap.replace(" ", "") and not _PROSE.search(gap)


def _domain(email: str) -> str:
    return email.strip().casefold().partition("@")[2]


def _firms(domains: set[str]) -> set[str]:
    return {domain for domain in domains if domain and domain.split(".")[0] not in FREE_MAIL}
