"""What a workbook holds that would be lost if openpyxl wrote it anew.

Source: https://openpyxl.readthedocs.io/en/stable/tutorial.html (what is not read is lost)
"""

from __future__ import annotations

import re
from typing import Final

from flows.intake.archives import Archive

_KEPT: Final = re.compile(
    r"""\[Content_Types\]\.xml|_rels/\.rels
    |docProps/(?:app|core|custom)\.xml
    |xl/(?:workbook|styles|sharedStrings|calcChain)\.xml|xl/_rels/workbook\.xml\.rels
    |xl/theme/theme\d*\.xml|xl/worksheets/sheet\d+\.xml|xl/worksheets/_rels/sheet\d+\.xml\.rels
    |xl/tables/table\d+\.xml|xl/(?:comments/?comment|comments)s?\d*\.xml
    |xl/drawings/(?:commentsDrawing|vmlDrawing)\d+\.vml
    |xl/printerSettings/printerSettings\d+\.bin""",
    re.VERBOSE,
)
"""Parts that openpyxl reads and writes, or that Excel makes anew by itself."""

_CALLED: Final = (
    (re.compile(r"vbaProject|macrosheets|ctrlProps|activeX"), "macros or buttons"),
    (re.compile(r"pivot"), "pivot tables"),
    (re.compile(r"slicer|timeline"), "slicers"),
    (re.compile(r"chart"), "charts"),
    (re.compile(r"drawings|media"), "pictures or shapes"),
    (re.compile(r"threadedComments|persons"), "threaded comments"),
    (re.compile(r"externalLinks|connections|queryTables|customXml|model"), "data connections"),
    (re.compile(r"_xmlsignatures"), "a signature"),
    (re.compile(r"docMetadata"), "a sensitivity label"),
    (re.compile(r"richData|metadata"), "linked data or formulas that spill"),
)
_EXTRAS: Final = re.compile(rb"<(?:\w+:)?ext\s|<(?:\w+:)?f\s[^<>]*\bt=[\"']dataTable")
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")


def unkept(archive: Archive) -> list[str]:
    """Return, in words, what would be lost; nothing for a plain workbook.

    Raises:
        Unreadable: The file is broken.
    """
    found: dict[str, None] = {}
    for name in archive.names:
        if not name.endswith("/") and not _KEPT.fullmatch(name):
            known = (words for pattern, words in _CALLED if pattern.search(name))
            found[next(known, "parts that are not known here")] = None
        elif _SHEET.fullmatch(name) and _EXTRAS.search(b"".join(archive.pieces(name))):
            found["sparklines or rules of newer versions of Excel"] = None
    return list(found)
