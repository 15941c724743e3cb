"""The manifest of a release: how it was made and what is in it, signed, and nothing private.

`manifest.json` is JSON in UTF-8, indented by two spaces, in the order of the fields here. What
is signed (Ed25519) is the same object without `signature` in canonical form: keys sorted by
code point, no spaces, characters beyond ASCII as they are. Decimal fractions are text, so
that they are exact.

No exact count of anything stands here: the noise would be for nothing. What a pool knew and
is not told stands behind keyed hashes, which only the pool can make again.

Source: https://www.rfc-editor.org/rfc/rfc8032
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal

from pydantic import TypeAdapter, ValidationError

from anonymizer.tables.grid import Grid
from anonymizer.tables.method import Count, Histogram, Measure, Method, Sum
from flows.audit.root import Signer, signed

FORMAT: Final = "jigajob/release/1"
NAME: Final = "manifest.json"
PURPOSE: Final = "report/signature"
"""What the key is derived for."""

START: Final = "0" * 64
"""What stands in the first manifest of a pool in place of the hash of the one before."""

PROMISE: Final = (
    "Whoever publishes this release does not try to find out which business or person a figure"
    " comes from, asks the same of everybody to whom it is passed on, and keeps what it was"
    " made of apart from it."
)
"""What de-identified data asks of who publishes it. Source: 6 Del. C. 12D-102, 12D-107."""


class BadManifest(ValueError):
    """What stands in the file is no manifest in this format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One measure of the method.

    Attributes:
        kind: `count` of owners, `sum` over them, or `histogram` of how many are in a bucket.
        bound: Of one owner at most so much counts; of a sum.
        edges: Lower edges of the buckets, of a histogram.
        epsilon: What the measure costs an owner.
        scale: Of the noise: the discrete Laplace distribution with this scale, in units.
        margin: Noise is at most so far off in 95 of 100 cases, for one cell and bucket.
    """

    name: str
    kind: Literal["count", "sum", "histogram"]
    title: str
    unit: str = ""
    bound: int | None = None
    edges: tuple[int, ...] = ()
    epsilon: Decimal
    scale: Decimal
    margin: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The method, all of it.

    Attributes:
        hash: SHA-256 of the method in canonical form.
        changed: Whether the release before it, of the same year, was made in another way.
        threshold: A place is published from this noisy count on.
    """

    hash: str
    changed: bool
    minimum: int
    error: Decimal
    threshold: int
    noisiest: Decimal
    industries: Mapping[str, str]
    regions: Mapping[str, str]
    measures: tuple[Measured, ...]

    @property
    def method(self) -> Method:
        """Return the method of which `recipe_of` made this."""
        return Method(
            grid=Grid(dict(self.industries), dict(self.regions)),
            measures=tuple(_measure(each) for each in self.measures),
            minimum=self.minimum,
            error=self.error,
            noisiest=self.noisiest,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one release of a year cost; `manifest` is empty in that release's own."""

    number: int
    period: str
    epsilon: Decimal
    manifest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a year has cost an owner, all its releases together; `costs` by number."""

    year: int
    cap: Decimal
    epsilon: Decimal
    cumulative: Decimal
    costs: tuple[Cost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restated:
    """Which release this one takes the place of, and why; that stays valid all the same."""

    number: int
    manifest: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file beside the manifest."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All that is said of a release.

    Attributes:
        number: From 1 on without gaps, over all releases of the pool.
        period: Such as `2026-Q3`.
        cut_off: Consent as it stood then decided who is in it.
        code: Versions of the programs that made it, by name.
        sufficient: Whether there were owners enough for anything to be published.
        unit: Who is protected.
        inputs: Keyed hash over who is in it with what.
        consent: Keyed hash over the consent as it stood at the cut-off.
        audit: Hash of the last entry of the pool's audit log before the noise was drawn.
        previous: SHA-256 of the manifest of the release before.
        attacks: What attacks on the pipeline came to, and whether it was this code that they
            were run on; see `anonymizer.tables.evidence`.
        files: By name.
        key: The pool's public key, in hexadecimal; the same in all its releases.
    """

    format: str = FORMAT
    number: int
    period: str
    cut_off: datetime
    made_at: datetime
    code: Mapping[str, str]
    restates: Restated | None = None
    sufficient: bool
    unit: str = "owner"
    mechanism: str
    method: Recipe
    budget: Budget
    inputs: str
    consent: str
    audit: str
    previous: str
    attacks: Mapping[str, Any]
    promise: str = PROMISE
    files: Mapping[str, File]
    key: str = ""
    signature: str = ""

    @property
    def content(self) -> bytes:
        """Return the file `manifest.json`, the same bytes each time."""
        data = _ADAPTER.dump_python(self, mode="json")
        return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()

    @property
    def genuine(self) -> bool:
        """Return whether the signature is one of the key over all the rest."""
        return signed(self.statement, self.key, self.signature)

    def signed_by(self, signer: Signer) -> Manifest:
        """Return the manifest with key and signature."""
        keyed = replace(self, key=signer.key, signature="")
        return replace(keyed, signature=signer.signature(keyed.statement))

    @property
    def statement(self) -> str:
        """Return what is signed: all but the signature, in canonical form."""
        data = _ADAPTER.dump_python(self, mode="json")
        del data["signature"]
        return canonical(data)


_ADAPTER: Final = TypeAdapter(Manifest)
_METHOD: Final = TypeAdapter(Method)


def canonical(data: object) -> str:
    """Return JSON-able data as JSON of which there is one form only."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(content: bytes) -> str:
    """Return the hash of a file, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read_manifest(content: bytes) -> Manifest:
    """Return what a file `manifest.json` says; whether that is true is for others to find out.

    Raises:
        BadManifest: It is none: not JSON, of another format, or not written as we write it,
            so that two files could say the same and have another hash.
    """
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise BadManifest("it is not JSON") from None
    written = found.get("format") if isinstance(found, dict) else None
    if written != FORMAT:
        raise BadManifest(f"it is not in the format {FORMAT}")
    try:
        manifest = _ADAPTER.validate_json(content)
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        raise BadManifest(f"{where} is missing, or is not what belongs there") from None
    if manifest.content != content:
        raise BadManifest("it is not laid out as JigAjob does it: something was added or moved")
    return manifest


def method_hash(method: Method) -> str:
    """Return the hash by which two methods are known to be the same."""
    return sha256(canonical(_METHOD.dump_python(method, mode="json")).encode())


def _measure(measured: Measured) -> Measure:
    name, title, epsilon = measured.name, measured.title, measured.epsilon
    match measured.kind:
        case "count":
            return Count(name=name, title=title, epsilon=epsilon)
        case "sum":
            bound, unit = measured.bound or 0, measured.unit
            return Sum(name=name, title=title, unit=unit, bound=bound, epsilon=epsilon)
        case "histogram":
            edges, unit = measured.edges, measured.unit
            return Histogram(name=name, title=title, unit=unit, edges=edges, epsilon=epsilon)
