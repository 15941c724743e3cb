"""Labelled mails: what must go, what must stay, read from YAML with marks in the text.

    - id: minors-017                        # unique over all files
      language: en
      author: customer                      # customer | supplier | own | other: who wrote it
      from: Maria Lopez <maria.lopez@mail.example>
      to: [Hudson Plumbing <office@hudson.example>]
      own: [Hudson Plumbing, Dave Kowalski] # the business and its people
      suppliers: [Ferguson Supply]
      keep: [customer.phone]
      subject: Leak in [[minor.CHILD|Tim]]'s room
      text: |
        Call [[keep.customer.phone|(914) 555-0134]] about the [[trap|five-year-old boiler]].

`minor.LABEL` belongs to a child and `out.LABEL` is personal: both must go. `keep.FIELD` is
kept by the mail's `keep`, `trap` looks personal and is not: both must stay. `free` counts
neither way. What bears no mark is business and should stay. Also: `region`, `cc`, `at` (the
day received).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import getaddresses
from pathlib import Path
from typing import Final, Literal, NoReturn, get_args

import yaml

from anonymizer.text.fields import FIELDS
from anonymizer.text.name_cues import name_shaped
from anonymizer.text.policy import REASONS
from anonymizer.text.request import Part, Person, Request, Role
from anonymizer.text.segments import segment

Kind = Literal["minor", "out", "keep", "trap", "free", "apart"]
"""What must become of a mark; `apart` must go, but is told apart from the total."""

LABELS: Final = frozenset(REASONS) - {"STAND_IN"}
"""Labels that a mark may bear."""

NEEDED: Final = ("id", "from", "text")
SINGLE: Final = (*NEEDED, "language", "region", "at", "author", "subject")
LISTS: Final = ("to", "cc", "own", "suppliers", "keep")

_MARK = re.compile(
    r"\[\[(?P<kind>minor|out|keep|trap|free)(?:\.(?P<name>[\w.]+))?\|"
    r"(?P<text>(?:(?!\[\[|\]\]).)+)\]\]",
    re.DOTALL,
)
_BRACKETS = re.compile(r"\[\[|\]\]")
_NAMED = frozenset({"minor", "out", "keep"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch `[start, end)` of the text of *part*, and what must become of it.

    `name` is a label of `REASONS`, of `keep` marks a field, of `trap` and `free` empty.
    """

    part: str
    start: int
    end: int
    kind: Kind
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledMail:
    """One mail to clean and what must come out; `group` names the set it belongs to."""

    id: str
    group: str
    where: str
    language: str
    request: Request
    marks: tuple[Mark, ...]


class LabelError(Exception):
    """A labelled file is wrong; says where (`FILE:LINE`), what, and what to do."""

    def __init__(self, where: str, what: str, fix: str) -> None:
        super().__init__(where, what, fix)
        self.where, self.what, self.fix = where, what, fix

    def __str__(self) -> str:
        return f"{self.where}: {self.what}\n  fix: {self.fix}"


def read_gold(path: Path, group: str = "") -> list[LabelledMail]:
    """Return the labelled mails of one YAML file, in their order.

    Raises:
        LabelError: The file does not have the format above.
    """
    try:
        root = yaml.compose(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1 if mark else 1}"
        what = f"this is not YAML ({getattr(error, 'problem', '') or 'not UTF-8'})"
        raise LabelError(where, what, "check indents; quote text that holds ': '") from None
    if not isinstance(root, yaml.SequenceNode):
        fix = "write a list of mails: each starts with `- id: …`"
        raise LabelError(f"{path}:1", "this is not a list of mails", fix)
    mails = [_Entry(path, node).mail(group or path.parent.name) for node in root.value]
    return list(unique(mails))


def unique(mails: list[LabelledMail]) -> Iterator[LabelledMail]:
    """Yield the mails.

    Raises:
        LabelError: Two of them have one id.
    """
    seen: dict[str, str] = {}
    for mail in mails:
        if mail.id in seen:
            what = f"the id {mail.id!r} is taken by the mail at {seen[mail.id]}"
            raise LabelError(mail.where, what, "give each mail an id of its own")
        seen[mail.id] = mail.where
        yield mail


def unmarked(
    part: str, marked: str, where: Callable[[int], str], keep: Collection[str] = FIELDS
) -> tuple[str, list[Mark]]:
    """Return *marked* without its marks, and these, in order, by where they are in the rest.

    *where* says for a place in *marked* where that is, for people who read an error; *keep*
    are the fields that `keep` marks may name.

    Raises:
        LabelError: A mark is not whole, or bears a wrong label.
    """
    marks: list[Mark] = []
    clean, at = "", 0
    for found in _MARK.finditer(marked):
        clean += _between(marked, at, found.start(), where)
        name = _named(found, where(found.start()), keep)
        stop = len(clean) + len(found["text"])
        marks.append(Mark(part, len(clean), stop, _kind(found["kind"]), name))
        clean, at = clean + found["text"], found.end()
    return clean + _between(marked, at, len(marked), where), marks


def _between(marked: str, start: int, end: int, where: Callable[[int], str]) -> str:
    if stray := _BRACKETS.search(marked, start, end):
        fix = "write [[KIND.LABEL|text]] with KIND minor, out, keep, trap or free"
        raise LabelError(where(stray.start()), "this is no whole mark", fix)
    return marked[start:end]


def _named(found: re.Match[str], where: str, keep: Collection[str]) -> str:
    kind, name = found["kind"], found["name"] or ""
    if kind == "keep" and name not in FIELDS:
        what = f"this is not a field that can be kept (mark {name!r})"
        raise LabelError(where, what, f"use one of {', '.join(FIELDS)}")
    if kind == "keep" and name not in keep:
        fix = "name the field under `keep` of this mail"
        raise LabelError(where, f"{name!r} is not kept", fix)
    if kind in {"minor", "out"} and name not in LABELS:
        fix = f"use one of {', '.join(sorted(LABELS))}"
        raise LabelError(where, f"{name!r} is no label", fix)
    if kind not in _NAMED and name:
        raise LabelError(where, f"{kind!r} takes no label", f"write [[{kind}|…]]")
    return name


class _Entry:
    """One mail of a file while it is read."""

    def __init__(self, path: Path, node: yaml.Node) -> None:
        self._path, self._node = path, node
        if not isinstance(node, yaml.MappingNode):
            self._wrong(node, "this is not a mail", "write `- id: …` and its other keys")
        self._values: dict[str, yaml.Node] = {key.value: value for key, value in node.value}
        for key, value in node.value:
            if key.value not in SINGLE + LISTS:
                known = ", ".join(SINGLE + LISTS)
                self._wrong(key, f"a mail has no {str(key.value)!r}", f"use {known}")
            wanted = yaml.SequenceNode if key.value in LISTS else yaml.ScalarNode
            if not isinstance(value, wanted):
                kind = "a list: [one, two]" if key.value in LISTS else "one value"
                self._wrong(value, f"{key.value!r} is wrong", f"give it {kind}")
        for name in NEEDED:
            if not self._text(name):
                self._wrong(node, f"this mail has no {name!r}", f"write `{name}: …`")

    def mail(self, group: str) -> LabelledMail:
        """Return the mail, its marks cut out of the text."""
        role = self._author()
        keep = frozenset(self._list("keep"))
        for item in self._items("keep"):
            if item.value not in FIELDS:
                fix = f"use one of {', '.join(FIELDS)}"
                self._wrong(item, "this is not a field that can be kept", fix)
        parts, marks = [], []
        for name in ("subject", "text"):
            text, found = self._unmarked(name, keep)
            segments = segment(text) if name == "text" else ()
            parts.append(Part(name=name, text=text, segments=segments))
            marks += found
        own, suppliers = self._list("own"), tuple(self._list("suppliers"))
        firms = tuple(name for name in own if not name_shaped(name))
        return LabelledMail(
            id=self._text("id"),
            group=group,
            where=self._where(self._node),
            language=self._text("language") or "en",
            request=Request(
                parts=tuple(parts),
                people=tuple(self._people(role, own, suppliers)),
                author=role,
                organisations=(*firms, *suppliers),
                keep=keep,
                region=self._text("region") or "US",
                at=self._at(),
            ),
            marks=tuple(marks),
        )

    def _people(
        self, author: Role, own: list[str], suppliers: tuple[str, ...]
    ) -> Iterator[Person]:
        (sender,) = getaddresses([self._text("from")])[:1] or [("", "")]
        yield Person(name=sender[0], email=sender[1], role=author)
        # As intake has it: who has an address in the business's domain is its own, and whom
        # the business writes to is a customer.
        addressed = getaddresses(self._list("to"))
        ours = {_domain(email) for name, email in addressed if name in own}
        ours = ours | {_domain(sender[1])} if author == "own" else ours - {_domain(sender[1])}
        copied = getaddresses(self._list("cc"))
        for name, email in addressed + copied:
            written_to = author == "own" and (name, email) in addressed
            role: Role = "customer" if written_to else "other"
            if any(firm.casefold() in name.casefold() for firm in suppliers):
                role = "supplier"
            if name in own or _domain(email) in ours - {""}:
                role = "own"
            yield Person(name=name, email=email, role=role)
        for name in own:
            yield Person(name=name, role="own")

    def _unmarked(self, part: str, keep: frozenset[str]) -> tuple[str, list[Mark]]:
        node, marked = self._values.get(part), self._text(part)
        block = getattr(node, "style", None) in {"|", ">"}
        first = node.start_mark.line + 1 + block if node is not None else 0

        def where(at: int) -> str:
            line = first + marked.count("\n", 0, at)
            return f"{self._path}:{line}"

        return unmarked(part, marked, where, keep)

    def _author(self) -> Role:
        author = self._text("author") or "customer"
        for role in get_args(Role):
            if author == role:
                return _role(author)
        return self._wrong(
            self._values["author"], "nobody is this author", f"use {', '.join(get_args(Role))}"
        )

    def _at(self) -> datetime | None:
        if not self._text("at"):
            return None
        try:
            return datetime.fromisoformat(self._text("at")).replace(hour=12, tzinfo=UTC)
        except ValueError:
            return self._wrong(self._values["at"], "this is no day", "write it as 2026-05-04")

    def _text(self, name: str) -> str:
        node = self._values.get(name)
        return str(node.value) if node is not None else ""

    def _items(self, name: str) -> list[yaml.Node]:
        node = self._values.get(name)
        return list(node.value) if node is not None else []

    def _list(self, name: str) -> list[str]:
        return [str(item.value) for item in self._items(name)]

    def _wrong(self, node: yaml.Node, what: str, fix: str) -> NoReturn:
        raise LabelError(self._where(node), what, fix)

    def _where(self, node: yaml.Node) -> str:
        return f"{self._path}:{node.start_mark.line + 1}"


_KINDS: Final[Mapping[str, Kind]] = {kind: kind for kind in get_args(Kind)}
_ROLES: Final[Mapping[str, Role]] = {role: role for role in get_args(Role)}


def _kind(word: str) -> Kind:
    return _KINDS[word]


def _role(word: str) -> Role:
    return _ROLES[word]


def _domain(email: str) -> str:
    return email.partition("@")[2].casefold()
