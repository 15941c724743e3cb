"""The files of a release out of its figures: tables, what describes them, page, manifest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from importlib.metadata import version
from typing import Any, Final

from anonymizer.tables.evidence import evidence
from anonymizer.tables.margins import noise_of
from anonymizer.tables.method import Count, Histogram, Measure, Method, Sum
from anonymizer.tables.publishing import SURE, threshold
from anonymizer.tables.release import Release
from flows.audit.root import Signer
from flows.reports.describing import (
    CSV,
    DICTIONARY,
    PACKAGE,
    PAGE,
    PARQUET,
    dictionary,
    package,
)
from flows.reports.files import csv_of, csv_rows, parquet_of, release_of
from flows.reports.manifest import (
    NAME,
    START,
    Budget,
    File,
    Manifest,
    Measured,
    Recipe,
    Restated,
    method_hash,
    read_manifest,
    sha256,
)
from flows.reports.periods import Period
from flows.reports.published import Published

Page = Callable[[Sequence[Published]], str]
"""Makes the page of a release from all releases so far, the newest last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the manifest says beside figures and files; the fields are those of `Manifest`."""

    number: int
    period: Period
    made_at: datetime
    restates: Restated | None
    recipe: Recipe
    budget: Budget
    inputs: str
    consent: str
    audit: str
    previous: str


def composed(
    release: Release,
    draft: Draft,
    signer: Signer,
    page: Page,
    earlier: Sequence[Published],
) -> dict[str, bytes]:
    """Return every file of a release by name, the manifest last.

    *earlier* are the releases before it, oldest first, for the page.
    """
    period = draft.period.label
    made = {CSV: csv_of(release, period), PARQUET: parquet_of(release, period)}
    made[PACKAGE] = package(period, draft.made_at, draft.number, release.method, made)
    made[DICTIONARY] = dictionary(period, draft.recipe, sufficient=release.sufficient)
    newest = Published(
        period=period,
        cut_off=draft.period.cut_off.date(),
        release=release,
        spent=draft.budget.cumulative,
        cap=draft.budget.cap,
        key=signer.key,
        previous="" if draft.previous == START else draft.previous,
        restated=draft.restates.why if draft.restates else "",
    )
    made[PAGE] = page([*earlier, newest]).encode()
    made[NAME] = _manifest(release, draft, made).signed_by(signer).content
    return made


def _manifest(release: Release, draft: Draft, made: Mapping[str, bytes]) -> Manifest:
    code = {name: version(name) for name in ("jigajob", "opendp")}
    return Manifest(
        number=draft.number,
        period=draft.period.label,
        cut_off=draft.period.cut_off,
        made_at=draft.made_at,
        code=code,
        restates=draft.restates,
        sufficient=release.sufficient,
        mechanism=MECHANISM,
        method=draft.recipe,
        budget=draft.budget,
        inputs=draft.inputs,
        consent=draft.consent,
        audit=draft.audit,
        previous=draft.previous,
        attacks=evidence(),
        files={name: File(sha256=sha256(c), bytes=len(c)) for name, c in made.items()},
    )


def published_of(files: Mapping[str, bytes]) -> Published:
    """Return a release as everybody may see it, out of its files.

    Raises:
        BadManifest, BadTable: The files are none of a release.
    """
    manifest = read_manifest(files[NAME])
    method, restates = manifest.method.method, manifest.restates
    return Published(
        period=manifest.period,
        cut_off=manifest.cut_off.date(),
        release=release_of(csv_rows(files[CSV]), method, sufficient=manifest.sufficient),
        spent=manifest.budget.cumulative,
        cap=manifest.budget.cap,
        key=manifest.key,
        previous="" if manifest.previous == START else manifest.previous,
        restated=restates.why if restates else "",
    )


MECHANISM: Final = (
    "discrete Laplace noise on 64-bit integers (OpenDP), added once to every cell of the grid,"
    " also to those without a business; totals and medians are made of noisy cells only"
)


def recipe_of(method: Method, *, changed: bool) -> Recipe:
    """Return the method as a manifest tells it, with the noise that it makes."""
    return Recipe(
        hash=method_hash(method),
        changed=changed,
        minimum=method.minimum,
        error=method.error,
        threshold=threshold(method, cells=1),
        noisiest=method.noisiest,
        industries=dict(method.grid.industries),
        regions=dict(method.grid.regions),
        measures=tuple(_measured(each) for each in method.measures),
    )


def _measured(measure: Measure) -> Measured:
    noise = noise_of(measure)
    kinds: Mapping[type[Measure], Any] = {Count: "count", Sum: "sum", Histogram: "histogram"}
    return Measured(
        name=measure.name,
        kind=kinds[type(measure)],
        title=measure.title,
        unit=getattr(measure, "unit", ""),
        bound=getattr(measure, "bound", None),
        edges=getattr(measure, "edges", ()),
        epsilon=measure.epsilon,
        scale=Decimal(repr(noise.scale)),
        margin=noise.within(SURE),
    )
