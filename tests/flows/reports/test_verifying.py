"""Whoever has a release finds out what was changed in it, and what does not add up."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from anonymizer.tables.columns import TidyRow
from anonymizer.tables.method import MEDIAN, Histogram
from flows.audit.root import Signer
from flows.reports.composing import Draft, composed
from flows.reports.describing import CSV, PACKAGE, PARQUET
from flows.reports.figure_rules import figure_findings
from flows.reports.files import csv_rows, parquet_of, release_of
from flows.reports.manifest import NAME, File, Manifest, Restated, read_manifest, sha256
from flows.reports.verifying import verify_release
from tests.flows.reports.pooled import AFTER, PERIOD
from tests.flows.reports.releases import SMALL, asked, fill, pool_at, releasing

Files = dict[str, bytes]
SIGNER = Signer(secrets.token_bytes(32))


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> list[Files]:
    """Three releases of one year; the last takes the place of the second."""

    async def make() -> list[Files]:
        home = tmp_path_factory.mktemp("home")
        async with pool_at(home, AFTER) as pool:
            for period in (PERIOD.before, PERIOD):
                await fill(pool.records, 400, period)
            wishes = (asked(PERIOD.before), asked(), asked(why="One was a test."))
            ours = releasing(pool)
            return [dict((await ours.release(wish)).files) for wish in wishes]

    return asyncio.run(make())


@pytest.fixture
def files(three: list[Files]) -> Files:
    return dict(three[1])


def found(files: Files, **known: Any) -> list[str]:
    return [str(each) for each in verify_release(files, **known).findings]


def test_what_was_released_is_whole(three: list[Files]) -> None:
    key = read_manifest(three[0][NAME]).key
    for before, files in zip([None, *three], three, strict=False):
        assert found(files, previous=before, key=key.upper()) == []


def test_a_changed_byte_is_found_in_whichever_file(files: Files) -> None:
    """At its beginning, at its end and between; also where a manifest says the same."""
    assert len(files) == 6
    for name, content in files.items():
        for at in (0, len(content) // 3, len(content) // 2, len(content) - 1):
            changed = bytes((content[at] ^ 1,))
            other = {**files, name: content[:at] + changed + content[at + 1 :]}
            assert any(each.startswith(f"{name}: ") for each in found(other)), (name, at)
        assert found({**files, name: content + b"\n"}) != []
        assert found({each: files[each] for each in files if each != name}) != []
    told = json.loads(files[NAME])
    for manifest in (json.dumps(told), json.dumps({**told, "more": 1}, indent=2) + "\n", "[]"):
        (finding,) = found({**files, NAME: manifest.encode()})
        assert finding.startswith(f"{NAME}: it is not")
    assert found({**files, "letter.txt": b""}) == ["letter.txt: is not of this release"]


def test_another_key_is_found_by_who_kept_the_first(files: Files) -> None:
    forged = read_manifest(files[NAME]).signed_by(SIGNER)
    other = {**files, NAME: forged.content}
    assert found(other) == []
    kept = read_manifest(files[NAME]).key
    assert found(other, key=kept) == [
        f"{NAME}: it is signed with another key than the one you kept"
    ]
    told = {**json.loads(files[NAME]), "key": SIGNER.key}
    swapped = (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode()
    assert "the signature is wrong" in found({**files, NAME: swapped})[0]


def test_the_release_before_has_to_be_the_one_it_follows(three: list[Files]) -> None:
    first, second, third = three
    assert "follows another release" in found(third, previous=first)[0]
    assert "follows another release" in found(third, previous={})[0]
    # Signed by another, it is another manifest, and its hash is not the one that is followed.
    forged = {**second, NAME: read_manifest(second[NAME]).signed_by(SIGNER).content}
    assert "follows another release" in found(third, previous=forged)[0]
    following = replace(read_manifest(third[NAME]), previous=sha256(forged[NAME]))
    other = {**third, NAME: following.signed_by(SIGNER).content}
    assert found(other, previous=forged) == [f"{NAME}: budget.costs are others than before"]


def costs(manifest: Manifest, **change: Any) -> Manifest:
    return replace(manifest, budget=replace(manifest.budget, **change))


def measures_cheaper(manifest: Manifest) -> Manifest:
    first, *others = manifest.method.measures
    cheap = replace(first, epsilon=first.epsilon / 2)
    return replace(manifest, method=replace(manifest.method, measures=(cheap, *others)))


LIES: list[tuple[Callable[[Manifest], Manifest], str]] = [
    (lambda m: costs(m, epsilon=Decimal("0.4")), "budget.epsilon is not the sum"),
    (lambda m: costs(m, cumulative=Decimal("0.5")), "budget.cumulative is not the sum"),
    (lambda m: costs(m, cap=Decimal("0.9")), "is more than budget.cap"),
    (lambda m: costs(m, costs=m.budget.costs[:1]), "does not end with this release"),
    (lambda m: costs(m, costs=(m.budget.costs[1],) * 2), "are not in order"),
    (lambda m: costs(m, year=2025), "of another year"),
    (measures_cheaper, "budget.epsilon is not the sum"),
    (measures_cheaper, "method.hash is not"),
    (lambda m: replace(m, number=1), "only the first release follows none"),
    (lambda m: replace(m, sufficient=False), "too few owners"),
    (
        lambda m: replace(m, restates=Restated(number=1, manifest="0", why="")),
        "it takes the place of no release",
    ),
    (
        lambda m: replace(m, method=replace(m.method, threshold=m.method.threshold - 1)),
        "threshold is not that",
    ),
    (
        lambda m: replace(m, files={**m.files, "more": File(sha256="", bytes=0)}),
        "it names others than",
    ),
    (
        lambda m: replace(m, method=replace(m.method, measures=m.method.measures[1:])),
        "method: ",
    ),
]


@pytest.mark.parametrize(("lie", "said"), LIES)
def test_a_manifest_that_does_not_add_up_is_found_whoever_signed_it(
    files: Files, lie: Callable[[Manifest], Manifest], said: str
) -> None:
    manifest = lie(read_manifest(files[NAME])).signed_by(SIGNER)
    assert manifest.genuine
    assert any(said in each for each in found({**files, NAME: manifest.content}))


def remade(files: Files, rows: list[TidyRow], *, parquet: bool = True) -> Files:
    """The release as if these had been its figures, signed by somebody who wants them so."""
    manifest = read_manifest(files[NAME])
    release = release_of(rows, SMALL, sufficient=True)
    draft = Draft(
        number=manifest.number,
        period=PERIOD,
        made_at=manifest.made_at,
        restates=None,
        recipe=manifest.method,
        budget=manifest.budget,
        inputs=manifest.inputs,
        consent=manifest.consent,
        audit=manifest.audit,
        previous=manifest.previous,
    )
    made = composed(release, draft, SIGNER, lambda _: "page", [])
    if not parquet:
        made[PARQUET] = files[PARQUET]
        own = read_manifest(made[NAME])
        file = File(sha256=sha256(made[PARQUET]), bytes=len(made[PARQUET]))
        package = made[PACKAGE].decode().replace(own.files[PARQUET].sha256, file.sha256)
        made[PACKAGE] = package.encode()
        described = File(sha256=sha256(made[PACKAGE]), bytes=len(made[PACKAGE]))
        named = {**own.files, PARQUET: file, PACKAGE: described}
        made[NAME] = replace(own, files=named).signed_by(SIGNER).content
    return made


def first_published(rows: list[TidyRow], measure: str = "businesses", of: str = "") -> int:
    return next(
        at
        for at, row in enumerate(rows)
        if row.status == "A" and row.measure == measure and of in {"", row.industry}
    )


def test_figures_that_break_a_rule_are_found_whoever_signed_them(files: Files) -> None:
    rows = csv_rows(files[CSV])
    assert found(remade(files, rows)) == []
    at, hidden = first_published(rows), [row.status for row in rows].index("S")
    total = first_published(rows, of="all")
    median = next(n for n, row in enumerate(rows) if row.bucket == MEDIAN and row.status == "A")
    value = rows[at].value
    assert value is not None
    few = Decimal(read_manifest(files[NAME]).method.threshold - 1)
    changes: list[tuple[int, dict[str, Any], str]] = [
        (hidden, {"value": Decimal(9)}, "it is suppressed, and tells a number all the same"),
        (at, {"low": None}, "it is published, and lacks a number"),
        (at, {"low": value + 1}, "its value is not within its margin"),
        (at, {"high": rows[at].high + Decimal("0.5")}, "more digits"),  # type: ignore[operator]
        (median, {"low": None, "high": None}, "it is published, and lacks a number"),
        (at, {"high": None}, "it is published, and lacks a number"),
        (at, {"value": few, "low": few}, "its count is below the threshold"),
        (at, {"status": "S", "value": None, "low": None, "high": None}, "below the threshold"),
        (total, {"value": rows[total].value + 1}, "is not the sum"),  # type: ignore[operator]
        (at, {"period": "2026-Q2"}, ""),
        (at, {"bucket": "0"}, "are not every place, measure and bucket"),
    ]
    for number, change, said in changes:
        other = [*rows]
        other[number] = rows[number]._replace(**change)
        if said:
            assert any(said in each for each in found(remade(files, other))), said
    thin = next(at for at, row in enumerate(rows) if row.bucket not in {"", "median"})
    other = [*rows]
    other[thin] = rows[thin]._replace(
        status="A", value=Decimal(3), low=Decimal(0), high=Decimal(9)
    )
    assert any("is mostly noise" in each for each in found(remade(files, other)))
    assert any("each once" in each for each in found(remade(files, rows[:-1])))


def test_a_margin_that_ends_where_no_end_is_known_is_found(files: Files) -> None:
    """Our own writer leaves that end out, so it takes rows that came from another."""
    rows = csv_rows(files[CSV])
    at = next(n for n, row in enumerate(rows) if row.bucket == MEDIAN and row.status == "A")
    edges = {each.name: each.edges for each in SMALL.measures if isinstance(each, Histogram)}
    for high, found_ones in ((rows[at].high, 0), (Decimal(edges[rows[at].measure][-1]), 1)):
        other = [*rows]
        other[at] = rows[at]._replace(high=high)
        told = [*figure_findings(other, read_manifest(files[NAME]), SMALL)]
        assert ["which has no end" in each.what for each in told] == [True] * found_ones


def test_another_table_in_the_other_form_is_found(files: Files) -> None:
    rows = csv_rows(files[CSV])
    at = first_published(rows, "requests")
    high = rows[at].high
    assert high is not None
    other = [*rows]
    other[at] = rows[at]._replace(high=high + 1)
    assert found(remade(files, other, parquet=False)) == [
        f"{PARQUET}: its figures are others than those of {CSV}"
    ]
    assert parquet_of(release_of(other, SMALL, sufficient=True), "x") != files[PARQUET]


def test_a_package_of_other_tables_is_found(files: Files) -> None:
    manifest = read_manifest(files[NAME])
    for content in (b"[]", b'{"resources": [{"path": "a", "hash": "b"}]}', b"{"):
        file = File(sha256=sha256(content), bytes=len(content))
        told = replace(manifest, files={**manifest.files, PACKAGE: file}).signed_by(SIGNER)
        (finding,) = found({**files, PACKAGE: content, NAME: told.content})
        assert finding.startswith(f"{PACKAGE}: ")
