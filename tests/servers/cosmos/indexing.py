"""What an indexing policy can serve.

Source: "Indexing policies in Azure Cosmos DB": the more precise path wins; `id` and `_ts` are
always indexed; ORDER BY one path needs it indexed, ORDER BY several a composite index of just
these paths in this order, with the directions as they are or all turned round. Where an
included path is written out, items without the property are found too, and come first.
"""

from __future__ import annotations

from tests.servers.cosmos.sql import Sorting
from tests.servers.cosmos.wire import Json, Refusal

DEFAULT: Json = {
    "indexingMode": "consistent",
    "automatic": True,
    "includedPaths": [{"path": "/*"}],
    "excludedPaths": [{"path": '/"_etag"/?'}],
}
_ALWAYS = {"/id", "/_ts"}
Path = tuple[str | int, ...]


def indexed(policy: Json, path: Path) -> bool:
    """Whether a path is in the index."""
    name = written(path)
    if name in _ALWAYS:
        return True
    kept = max((_precise(one, name) for one in _paths(policy, "includedPaths")), default=-1)
    left = max((_precise(one, name) for one in _paths(policy, "excludedPaths")), default=-1)
    return kept > left


def check_order(policy: Json, order: tuple[Sorting, ...]) -> bool:
    """Let an order pass that the index serves; return whether it shows what lacks the path.

    For several paths the documents do not say whether items that lack one are shown. Here
    they are, so that nobody leans on it.

    Raises:
        Refusal: 400.
    """
    paths = [written(sorting.by.path or ()) for sorting in order]
    for sorting, path in zip(order, paths, strict=True):
        if not indexed(policy, sorting.by.path or ()):
            raise Refusal(400, f"The order-by item '{path}' is excluded from the index path.")
    if len(order) < 2:
        return any(f"{path}/?" in _paths(policy, "includedPaths") for path in paths)
    wanted = [(path, sorting.descending) for path, sorting in zip(paths, order, strict=True)]
    turned = [(path, not descending) for path, descending in wanted]
    for composite in policy.get("compositeIndexes", []):
        has = [
            (_plain(one["path"]), one.get("order", "ascending") == "descending")
            for one in composite
        ]
        if has in (wanted, turned):
            return True
    raise Refusal(
        400,
        "The order by query does not have a corresponding composite index that it can be"
        " served from.",
    )


def written(path: Path) -> str:
    """A path as policies write it."""
    return "".join(f"/{step}" if isinstance(step, str) else "/[]" for step in path)


def _paths(policy: Json, name: str) -> list[str]:
    return [_plain(one["path"]) for one in policy.get(name, [])]


def _plain(path: str) -> str:
    return path.replace('"', "")


def _precise(rule: str, name: str) -> int:
    """How many steps of *name* a rule speaks of; -1, it says nothing of it."""
    if rule.endswith("/?"):
        return 2 * rule.count("/") if rule[:-2] == name else -1
    stem = rule.removesuffix("/*")
    return 2 * stem.count("/") + 1 if f"{name}/".startswith(f"{stem}/") else -1
