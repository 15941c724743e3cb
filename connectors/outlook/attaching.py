"""Files put to a draft: small ones in one request, large ones in ranges.

Source: https://learn.microsoft.com/graph/outlook-large-attachments
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from connectors.outlook.client import Graph, home, part
from connectors.outlook.trouble import AnswerLost
from flows.errors import OperatorError, TransientError

_SMALL: Final = 3 * 1_000_000
_LARGEST: Final = 150 * 1_000_000
_RANGE: Final = 12 * 320 * 1024
_TRIES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that goes with a mail: its name, its media type and its bytes, 150 MB at most."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


def check_files(files: Sequence[File]) -> None:
    """Pass if Graph takes files of these sizes.

    Raises:
        OperatorError: One is too large.
    """
    for number, file in enumerate(files, 1):
        if len(file.content) > _LARGEST:
            raise OperatorError(
                f"file {number} of the mail is over 150 MB", fix="send a link to it instead"
            )


async def attach(graph: Graph, address: str, draft_id: str, files: Sequence[File]) -> None:
    """Put *files* to a draft, except those that are there already.

    Raises:
        AdministratorError, TransientError: As `Graph.call`; what is attached stays so.
    """
    if not files:
        return
    base = f"{home(address)}/messages/{part(draft_id)}/attachments"
    for _ in range(_TRIES):
        there = Counter[str]()
        async for each in graph.listed(address, base, {"$select": "name"}):
            there[str(each.get("name"))] += 1
        try:
            for file in files:
                if there[file.name]:
                    there[file.name] -= 1
                elif len(file.content) < _SMALL:
                    await _small(graph, address, base, file)
                else:
                    await _large(graph, address, base, file)
        except AnswerLost:
            continue  # it may be there: look
        return
    raise TransientError("Microsoft Graph did not take a file that goes with a mail")


async def _small(graph: Graph, address: str, base: str, file: File) -> None:
    body = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": file.name,
        "contentType": file.media_type,
        "contentBytes": base64.b64encode(file.content).decode(),
    }
    await graph.call(
        "POST",
        address,
        base,
        json=body,
        repeatable=False,
        did="attach a file",
        permission="Mail.ReadWrite",
    )


async def _large(graph: Graph, address: str, base: str, file: File) -> None:
    size = len(file.content)
    item = {
        "attachmentType": "file",
        "name": file.name,
        "size": size,
        "contentType": file.media_type,
    }
    answer = await graph.call(
        "POST",
        address,
        f"{base}/createUploadSession",
        json={"AttachmentItem": item},
        did="attach a file",
        permission="Mail.ReadWrite",
    )
    link = str(answer.json().get("uploadUrl", ""))
    for start in range(0, size, _RANGE):
        await graph.put_range(link, file.content[start : start + _RANGE], start, size)
