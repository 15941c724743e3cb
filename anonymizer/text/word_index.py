"""Which words a text has and where: built in one pass, asked many times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text.stand_ins import fold

_CAPITAL = regex.compile(
    r"(?<![\p{L}\p{M}-])\p{Lu}[\p{L}\p{M}]*(?:-[\p{L}\p{M}]+)*(?:'(?!s\b)[\p{L}\p{M}]+)*"
    r"|(?<=-)\p{Lu}[\p{L}\p{M}]+"
)
_SMALL = regex.compile(r"(?<![\p{L}\p{M}])[\p{Ll}\p{Lo}][\p{L}\p{M}]*(?:-[\p{L}\p{M}]+)*")
_PLAIN = regex.compile(
    r"(?<![\w@./:-])\p{Ll}[\p{L}\p{M}]*(?:-[\p{L}\p{M}]+)*(?![\w@/])(?!\.\w{2,4}/)"
)


@dataclass(frozen=True, slots=True)
class WordIndex:
    """The words of one text.

    `capital` maps a folded word to the stretches where it stands with a capital first
    letter, in order; `small` maps one to the forms in which it stands without, and `plain`
    are those of them that stand outside addresses of mail and web.
    """

    text: str
    capital: dict[str, list[tuple[int, int]]]
    small: dict[str, set[str]]
    plain: frozenset[str]

    @classmethod
    def of(cls, text: str) -> WordIndex:
        """Return the index of *text*."""
        capital: dict[str, list[tuple[int, int]]] = {}
        folded: dict[str, str] = {}
        for match in _CAPITAL.finditer(text):
            word = match.group()
            token = folded.get(word)
            if token is None:
                token = folded[word] = fold(word)
            capital.setdefault(token, []).append(match.span())
        small: dict[str, set[str]] = {}
        for word in set(_SMALL.findall(text)):
            small.setdefault(fold(word), set()).add(word)
        plain = frozenset(map(fold, set(_PLAIN.findall(text))))
        return cls(text, capital, small, plain)

    def written_small(self, token: str) -> Iterator[tuple[int, int]]:
        """Yield where the folded word *token* stands without a capital."""
        for form in self.small.get(token, ()):
            pattern = rf"(?<![\p{{L}}\p{{M}}]){regex.escape(form)}(?![\p{{L}}\p{{M}}])"
            for match in regex.finditer(pattern, self.text):
                yield match.span()
