"""Types the commands of a document into a shell, and compares what they print.

In what a document shows, `…` stands for anything, and a line of it alone for any lines.
Blanks count as one, empty lines not at all; seconds and ids are those of the day, but an id
that is shown twice must be the same twice, and commands are given the id of the day.
"""

from __future__ import annotations

import re
import subprocess
from difflib import unified_diff
from pathlib import Path

_START = 6
"""Characters of an id that documents type."""
_TOKEN = re.compile(
    r"""(?P<lines>^…\n)|(?P<any>…)
    |(?P<id>\bo[0-9a-f]{9,24}\b|\b[a-z2-7]{52}\b)|(?P<job>\bJ-[A-Z2-7]{7}\b)
    |(?P<seconds>\b\d+(?=[ ]s\b))|(?P<count>\d+)""",
    re.MULTILINE | re.VERBOSE,
)
_SHORT_ID = re.compile(rf"\b[a-z0-9]{{{_START}}}\b")


class Session:
    """A shell that keeps its folder from one command to the next."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder, self._environment = folder, environment
        self._note = folder.parent / "folder"
        self._ids: dict[str, str] = {}

    def check(self, command: str, shown: str, *, where: str, counts: bool = True) -> None:
        """Run *command*; what it prints must be what is *shown*, numbers too if *counts*."""
        typed = _SHORT_ID.sub(lambda m: self._ids.get(m[0], m[0]), command)
        printed = _even(self._run(typed))
        expected = _even(shown)
        match = re.fullmatch(self._pattern(expected, counts=counts), printed)
        if match is None:
            diff = unified_diff(
                expected.splitlines(), printed.splitlines(), "shown", "printed", lineterm=""
            )
            raise AssertionError(f"{where}: $ {command}\n" + "\n".join(diff))
        for token in _TOKEN.finditer(expected):
            if token["id"] and token["id"][:_START] not in self._ids:
                name = f"id_{token['id'][:_START]}"
                self._ids[token["id"][:_START]] = match[name][:_START]

    def _run(self, command: str) -> str:
        done = subprocess.run(
            ["bash", "-c", f'{command}\npwd -P > "{self._note}"'],
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self._folder = Path(self._note.read_text(encoding="utf-8").strip())
        return done.stdout

    def _pattern(self, expected: str, *, counts: bool) -> str:
        parts, at = [], 0
        new: set[str] = set()
        for token in _TOKEN.finditer(expected):
            parts.append(re.escape(expected[at : token.start()]))
            parts.append(self._part(token, new, counts=counts))
            at = token.end()
        return "".join([*parts, re.escape(expected[at:])])

    def _part(self, token: re.Match[str], new: set[str], *, counts: bool) -> str:
        match token.lastgroup:
            case "lines":
                return r"(?:.*\n)*?"
            case "any":
                return r"[\s\S]*?"
            case "id":
                return self._id(token["id"], new)
            case "job":
                return r"J-[A-Z2-7]{7}"
            case "count" if counts:
                return token[0]
            case _:
                return r"\d+"

    def _id(self, shown: str, new: set[str]) -> str:
        start, rest = shown[:_START], rf"\w{{{len(shown) - _START}}}"
        if start in self._ids:
            return re.escape(self._ids[start]) + rest
        if start in new:
            return rf"(?P=id_{start}){rest}"
        new.add(start)
        return rf"(?P<id_{start}>\w{{{_START}}}){rest}"


def _even(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "".join(f"{line}\n" for line in lines if line)
