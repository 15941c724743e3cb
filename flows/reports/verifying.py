"""A release checked by whoever has its files, with nothing else: what is wrong, and where.

What can be known without the pool: that nothing was changed since the key signed, that the
figures keep every rule that the manifest states, and that the costs add up. Whether the counts
were true, the noise was drawn as stated and the key is the publisher's own, files cannot tell;
the last is answered by a key that somebody kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from anonymizer.tables.refused import Refused
from flows.reports.describing import BESIDE, CSV, PACKAGE, PARQUET
from flows.reports.figure_rules import figure_findings
from flows.reports.files import BadTable, csv_rows, parquet_rows
from flows.reports.finding import Finding
from flows.reports.manifest import (
    NAME,
    START,
    BadManifest,
    Manifest,
    method_hash,
    read_manifest,
    sha256,
)


@dataclass(frozen=True, slots=True)
class Verified:
    """What a release turned out to be.

    Attributes:
        manifest: What it says of itself; None where that cannot be read.
        findings: What is wrong, each with the file and the place in it.
    """

    manifest: Manifest | None
    findings: tuple[Finding, ...]


def verify_release(
    files: Mapping[str, bytes], *, previous: Mapping[str, bytes] | None = None, key: str = ""
) -> Verified:
    """Return what a release turned out to be, out of all *files* in its folder by name.

    *previous* are the files of the release before it, *key* is the public key that somebody
    kept, in hexadecimal.
    """
    if NAME not in files:
        return Verified(None, (Finding(NAME, "is missing: this is no release"),))
    try:
        manifest = read_manifest(files[NAME])
    except BadManifest as error:
        return Verified(None, (Finding(NAME, str(error)),))
    found = [*_signed(manifest, key), *_whole(manifest, files), *_costs(manifest)]
    if previous is not None:
        found += _follows(manifest, previous)
    found += _tables(manifest, files)
    return Verified(manifest, tuple(found))


def _signed(manifest: Manifest, key: str) -> Iterator[Finding]:
    if not manifest.genuine:
        yield Finding(NAME, "the signature is wrong: something in it was changed")
    if key and key.strip().lower() != manifest.key:
        yield Finding(NAME, "it is signed with another key than the one you kept")


def _whole(manifest: Manifest, files: Mapping[str, bytes]) -> Iterator[Finding]:
    if manifest.files.keys() != BESIDE:
        yield Finding(NAME, f"files: it names others than {', '.join(sorted(BESIDE))}")
    for name, file in manifest.files.items():
        if name not in files:
            yield Finding(name, "is missing")
        elif sha256(files[name]) != file.sha256:
            yield Finding(name, "was changed: it does not have the hash in the manifest")
        elif len(files[name]) != file.bytes:
            yield Finding(NAME, f"files.{name}: it has another number of bytes")
    for name in sorted(files.keys() - manifest.files.keys() - {NAME}):
        yield Finding(name, "is not of this release")


def _costs(manifest: Manifest) -> Iterator[Finding]:
    """Check that what the measures, the release and the year cost adds up."""
    budget, measures = manifest.budget, manifest.method.measures
    if sum((each.epsilon for each in measures), Decimal(0)) != budget.epsilon:
        yield Finding(NAME, "budget.epsilon is not the sum over the measures")
    own = budget.costs[-1] if budget.costs else None
    if own is None or (own.number, own.period, own.epsilon, own.manifest) != (
        manifest.number,
        manifest.period,
        budget.epsilon,
        "",
    ):
        yield Finding(NAME, "budget.costs does not end with this release")
    if sum((each.epsilon for each in budget.costs), Decimal(0)) != budget.cumulative:
        yield Finding(NAME, "budget.cumulative is not the sum of budget.costs")
    if budget.cumulative > budget.cap:
        yield Finding(NAME, "budget.cumulative is more than budget.cap")
    if any(each.epsilon <= 0 for each in budget.costs):
        yield Finding(NAME, "budget.costs has a release that cost nothing")
    year = f"{budget.year}-"
    if not all(each.period.startswith(year) for each in budget.costs):
        yield Finding(NAME, "budget.costs has a release of another year")
    before = [each.manifest for each in budget.costs[:-1]]
    numbers = [each.number for each in budget.costs]
    if numbers != sorted(set(numbers)) or not all(before):
        yield Finding(NAME, "budget.costs are not in order, each with the hash of its manifest")
    restates = manifest.restates
    if restates and (restates.number, restates.manifest, manifest.period) not in {
        (each.number, each.manifest, each.period) for each in budget.costs
    }:
        yield Finding(NAME, "restates: it takes the place of no release in budget.costs")


def _follows(manifest: Manifest, previous: Mapping[str, bytes]) -> Iterator[Finding]:
    """Check the release against the one before it."""
    content = previous.get(NAME, b"")
    if sha256(content) != manifest.previous:
        yield Finding(NAME, "previous: it follows another release than the one given")
        return
    try:
        before = read_manifest(content)
    except BadManifest as error:
        yield Finding(f"previous {NAME}", str(error))
        return
    if before.key != manifest.key or not before.genuine:
        yield Finding(f"previous {NAME}", "it is not signed with the same key")
    if before.number != manifest.number - 1 or before.made_at > manifest.made_at:
        yield Finding(NAME, "number or made_at: it does not come after the one given")
    if before.budget.year == manifest.budget.year:
        *costs, last = before.budget.costs or (None,)
        named = replace(last, manifest=manifest.previous) if last else None
        if (*costs, named) != manifest.budget.costs[:-1]:
            yield Finding(NAME, "budget.costs are others than before")
        if manifest.method.changed != (before.method.hash != manifest.method.hash):
            yield Finding(NAME, "method.changed: the method was not compared rightly")


def _tables(manifest: Manifest, files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Check the figures, and that they are the same in each form."""
    if (manifest.previous == START) != (manifest.number == 1):
        yield Finding(NAME, "previous: only the first release follows none")
    try:
        method = manifest.method.method
    except Refused as refused:
        yield Finding(NAME, f"method: {refused.what}")
        return
    if method_hash(method) != manifest.method.hash:
        yield Finding(NAME, "method.hash is not the hash of the method")
    if CSV not in files:
        return
    try:
        rows = csv_rows(files[CSV])
    except BadTable as error:
        yield Finding(CSV, str(error))
        return
    yield from figure_findings(rows, manifest, method)
    try:
        if PARQUET in files and parquet_rows(files[PARQUET]) != rows:
            yield Finding(PARQUET, f"its figures are others than those of {CSV}")
    except BadTable as error:
        yield Finding(PARQUET, str(error))
    yield from _described(manifest, files)


def _described(manifest: Manifest, files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Check that the data package names the tables by the hashes that the manifest has."""
    try:
        resources = json.loads(files.get(PACKAGE, b"{}"))["resources"]
        named = {each["path"]: each["hash"].removeprefix("sha256:") for each in resources}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        yield Finding(PACKAGE, "it is no data package of this release")
        return
    tables = {name: file.sha256 for name, file in manifest.files.items()}
    if named != {name: tables.get(name) for name in (CSV, PARQUET)}:
        yield Finding(PACKAGE, "it describes other tables than the manifest names")
