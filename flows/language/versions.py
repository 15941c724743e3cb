"""The version of a flow: a short hash of what decides about its outputs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Final

from flows.language.rows import digest, tables_read
from flows.language.spec import FlowSpec
from flows.language.tables import Table
from flows.language.templates import template_names

_COSMETIC: Final = frozenset({"name", "description", "enabled", "retention"})
"""A flow that is renamed, explained, switched off and on, or kept longer does the same work."""

_LENGTH: Final = 12


def flow_version(
    flow: FlowSpec, templates: Mapping[str, str], data: Mapping[str, Table]
) -> str:
    """Return 12 hex digits that change when the flow would do other work, and only then.

    Triggers, conditions, kept fields, steps and the text of the template files that they
    name count; so does the order of the keys under `with`, since it is that of a row's
    columns. So do the rows of the tables of *data* that it reads, and the steps of its blocks.
    *templates* is by name; one that is missing counts as empty.
    """
    content = flow.model_dump(
        mode="json", by_alias=True, exclude_defaults=True, serialize_as_any=True
    )
    texts = {name: templates.get(name, "") for name in template_names(flow)}
    seed: list[object] = [
        {key: value for key, value in content.items() if key not in _COSMETIC},
        {name: text.replace("\r\n", "\n") for name, text in sorted(texts.items())},
    ]
    read = tables_read(json.dumps(seed, ensure_ascii=True), data)
    if read:
        seed.append({name: digest(data[name]) for name in read})
    written = json.dumps(seed, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:_LENGTH]
