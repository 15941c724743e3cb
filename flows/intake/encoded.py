"""Files that stand in a text as letters: what nobody can read there, no cleaner can either."""

from __future__ import annotations

import re
from typing import Final

LEFT_OUT: Final = "a file written out as letters"
MARK: Final = "[a file written out as letters was left out]"

_LINE = r"^[ \t>]{0,12}"
_BASE64 = re.compile(
    # Two whole lines or more and the shorter last one.
    rf"(?:{_LINE}[A-Za-z0-9+/]{{56,1000}}={{0,2}}[ \t]*\n){{2,}}"
    rf"(?:{_LINE}[A-Za-z0-9+/]{{1,1000}}={{0,2}}[ \t]*$)?",
    re.MULTILINE,
)
_RUN = re.compile(r"(?<![\w+/=.:?&%-])[A-Za-z0-9+/]{400,}={0,2}")
_LONG: Final = 56
"""Characters without a space below which there is nothing for `_BASE64` and `_RUN`."""

_UU = re.compile(
    r"^begin(?:-base64)? [0-7]{3,4} [^\n]{1,200}\n(?:[ -`]{1,100}\n){1,}(?:end|={4})?",
    re.MULTILINE,
)
_VARIED = re.compile(r"(?=[^\n]*[a-z])(?=[^\n]*[A-Z])(?=[^\n]*\d)")


def without_files(text: str) -> tuple[str, bool]:
    """Return *text* without base64 and uuencoded files in it, and whether there were any.

    A mark stands where one was. Words, numbers, hashes and keys of a line stay: it takes
    two long lines, or a run of 400 letters without a space.
    """
    if len(text) < 60:  # noqa: PLR2004 - no room for a file
        return text, False
    changed = text
    if max(map(len, text.split()), default=0) >= _LONG:
        changed = _RUN.sub(_marked, _BASE64.sub(_marked, text))
    if "begin" in changed:
        changed = _UU.sub(MARK, changed)
    return changed, changed != text


def _marked(found: re.Match[str]) -> str:
    """Return the mark, or the given text where it is a ruler or a row of one letter."""
    if not _VARIED.match(found[0].replace("\n", " ")):
        return found[0]
    return MARK + ("\n" if found[0].endswith("\n") else "")
