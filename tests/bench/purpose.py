"""Learns what each sign of a personal mail weighs, and tells how well that tells mail apart.

    python -m tests.bench.purpose           cross-validated figures, nothing written
    python -m tests.bench.purpose --write   the same, and flows/intake/personal_weights.py anew

Learnt from: labelled real mail where it is present, the sample inbox and the labelled mails of
the cleaner (all business), and the invented mails of tests/flows/intake/purpose, of which half
are kept aside. A logistic model, regularised, with the sign of each weight fixed: what is said
to be personal can never make a mail business, or the other way round.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
import yaml
from numpy.typing import NDArray

from flows.errors import SkipItem
from flows.intake.parse import parse
from flows.intake.parties import OwnAddresses
from flows.intake.personal_signs import Around, Signs, signs_of
from flows.intake.purpose import signs_of_message
from flows.model import Message
from tests.bench.steps import say
from tests.flows.intake.purpose_samples import samples

ROOT: Final = Path(__file__).parents[2]
CORPORA: Final = Path(os.environ.get("JIGAJOB_CORPORA", ROOT.parent / "shared" / "data"))
WEIGHTS: Final = ROOT / "flows" / "intake" / "personal_weights.py"

PERSONAL, COMPANY = 2, 1
"""Genres of the real mail: purely personal, and company business."""

BY_HAND: Final = {"folder of private mail": 2.0}
"""Weights of signs of which no labelled mail tells."""

FROM_HOME: Final = {"personal: from a home address": 1.0}
TO_HOME: Final = {"personal: to home addresses": 1.0}
DESK: Final = {"personal: from desk to person": 1.0}

AT_LEAST: Final = {
    "business: invoice": -1.0,
    "business: quote": -1.5,
    "business: repair": -1.5,
    "business: request": -1.0,
    "business: visit": -1.0,
    "business: asks for service": -0.5,
    "business: phone number": -0.7,
    "business: sent by an office": -2.0,
    "business: sent to an office": -1.3,
    "personal: love": 1.5,
    "personal: kisses": 1.0,
    "personal: greets kin": 1.2,
    "personal: signs kin": 1.2,
    "personal: signs with love": 1.0,
    "personal: darling": 0.5,
    "personal: grief": 0.9,
    "personal: health": 1.0,
    "personal: birthday": 1.3,
    "personal: wedding": 0.6,
    "personal: baby": 0.6,
    "personal: dating": 0.6,
    "personal: child's day": 0.9,
    "personal: meal at home": 0.6,
    "personal: groceries": 0.5,
    "personal: recipe": 0.5,
    "personal: feelings": 0.5,
    "personal: kin": 0.3,
}
"""What these weigh at least, whatever is learnt from the few mails that there are."""

AT_MOST: Final = {
    "personal: nothing of business": 0.8,
    "personal: its share": 1.0,
    "personal: speaks to one": 0.8,
    "personal: speaks of itself": 0.8,
    "personal: leisure": 1.5,
    "personal: exclaims": 0.6,
    "personal: to home addresses": 1.5,
    "personal: from a home address": 0.3,
    "personal: from desk to person": 1.8,
}
"""What these weigh at most: no list knows every trade, so words missing prove little."""

MOST: Final = 2.5
"""What no single sign may exceed, so that it never decides by itself."""

FOLDS: Final = 5
RIDGE: Final = 1.0
MOST_COMPANY: Final = 0.0125
"""Share of company mail that may be called personal in cross-validation."""

MOST_TRADE: Final = 0.003
"""The same for trade mail: the sample inbox and the mails that the cleaner is measured on."""

MOST_WARM: Final = 0.09
"""The same for invented business mail that is as warm as a friend's."""

Floats = NDArray[np.float64]
Origin = Literal["real", "company", "other", "friends", "trade", "warm"]


@dataclass(frozen=True)
class Row:
    """The signs of one mail; rows of one `group` are variants of one mail."""

    signs: Signs
    personal: bool
    origin: Origin
    weight: float
    group: str


def rows() -> list[Row]:
    """Return everything that is learnt from."""
    return [*_real(), *_trade(), *_friends()]


def _read(path: Path) -> Message | None:
    try:
        return parse(path.read_bytes(), source="-", folder=".", own=OwnAddresses())
    except SkipItem:
        return None


def _real() -> list[Row]:
    found = []
    for labels in sorted((CORPORA / "enron-berkeley").glob("*/*.cats")):
        message = _read(labels.with_suffix(".txt"))
        cells = [line.split(",") for line in labels.read_text().split()]
        genres = {int(cell[1]) for cell in cells if cell[0] == "1"}
        if message is None or message.automatic:
            continue
        personal = PERSONAL in genres
        origin: Origin = "real" if personal else "company" if COMPANY in genres else "other"
        weight = {"real": 5.0, "company": 1.0, "other": 0.3}[origin]
        found.append(Row(signs_of_message(message), personal, origin, weight, labels.stem))
    return found


def _trade() -> list[Row]:
    found: list[Row] = []
    for sample in samples("business", "training"):
        around = Around(files=sample.files)
        each = signs_of(sample.subject, sample.text, "", (), around)
        found += _variants(
            each, sample.text, "warm", 1.5, TO_HOME | DESK if sample.own else FROM_HOME
        )
    signs: list[tuple[str, Signs]] = []
    for path in sorted((ROOT / "tests/anonymizer/gold/a").glob("*.yaml")):
        for mail in yaml.safe_load(path.read_text("utf-8")):
            subject, text = unmarked(mail.get("subject", "")), unmarked(mail["text"])
            signs.append((mail["id"], signs_of(subject, text, "", ())))
    expected = yaml.safe_load((ROOT / "tests/mails/expected.yaml").read_text("utf-8"))["mails"]
    for name, wanted in expected.items():
        path = ROOT / "tests/mails/inbox" / name
        message = _read(path) if path.is_file() else None
        if message and (wanted or {}).get("verdict", "business") == "business":
            signs.append((name, signs_of_message(message)))
    return found + [
        r for name, each in signs for r in _variants(each, name, "trade", 2.0, FROM_HOME, DESK)
    ]


def _friends() -> list[Row]:
    found = []
    for sample in samples("personal", "training"):
        signs = signs_of(sample.subject, sample.text, "", (), Around(files=sample.files))
        found += _variants(signs, sample.text, "friends", 1.0, FROM_HOME, TO_HOME | DESK)
    return found


def _variants(
    signs: Signs, group: str, origin: Origin, weight: float, *homes: Signs
) -> list[Row]:
    """Return a mail as it is, and as it comes from or goes to a home address.

    Customers write from home as friends do, so that by itself may not tell much.
    """
    personal, all_ = origin == "friends", ({}, *homes)
    return [Row(signs | home, personal, origin, weight / len(all_), group) for home in all_]


def unmarked(text: str) -> str:
    """Return a labelled text without its marks."""
    return re.sub(r"\[\[[\w.]+\|([^\[\]]*)\]\]", r"\1", text)


@dataclass(frozen=True)
class Model:
    """A weight for each sign, and what a mail without any scores."""

    names: tuple[str, ...]
    weights: Floats
    base: float

    def scores(self, table: Floats) -> Floats:
        """Return the score of each row of *table*."""
        return np.asarray(table @ self.weights + self.base)


def table_of(given: Sequence[Row], names: Sequence[str]) -> Floats:
    """Return rows by signs."""
    return np.array([[row.signs.get(name, 0.0) for name in names] for row in given])


def learn(table: Floats, given: Sequence[Row], names: Sequence[str]) -> Model:
    """Return the weights that tell *given* apart best, by Adam with bounds."""
    wanted = np.array([float(row.personal) for row in given])
    worth = np.array([row.weight for row in given])
    up = np.array([not name.startswith("business") for name in names])
    most = np.where(up, np.inf, 0.0)
    most = np.minimum(most, [AT_MOST.get(name, MOST) for name in names])
    most = np.minimum(most, [min(AT_LEAST.get(n, 0.0), 0.0) or np.inf for n in names])
    least = np.array(
        [max(AT_LEAST.get(n, 0.0), 0.0) if up[i] else -np.inf for i, n in enumerate(names)]
    )
    weights, base = np.where(up, 0.5, -0.3), -2.0
    first, second = np.zeros(len(names) + 1), np.zeros(len(names) + 1)
    for step in range(1, 601):
        miss = worth * (1 / (1 + np.exp(-(table @ weights + base))) - wanted)
        slope = np.append(table.T @ miss + RIDGE * weights, miss.sum())
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        move = first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.999**step)) + 1e-9)
        weights = weights - 0.05 * move[:-1]
        weights = np.clip(weights, least, most)
        base -= 0.05 * move[-1]
    return Model(tuple(names), weights, float(base))


def crossed(given: Sequence[Row], names: Sequence[str], repeats: int) -> Floats:
    """Return, for each repeat, the score of each row by a model that did not see its mail."""
    table, random = table_of(given, names), np.random.default_rng(7)
    total = np.zeros((repeats, len(given)))
    for repeat in range(repeats):
        fold = _folds(given, random)
        for number in range(FOLDS):
            seen = fold != number
            model = learn(
                table[seen], [r for r, s in zip(given, seen, strict=True) if s], names
            )
            total[repeat, ~seen] = model.scores(table[~seen])
    return total


def _folds(given: Sequence[Row], random: np.random.Generator) -> NDArray[np.int64]:
    """Return the fold of each row, stratified by origin, with variants kept together."""
    places: dict[str, int] = {}
    for origin in dict.fromkeys(row.origin for row in given):
        groups = sorted({row.group for row in given if row.origin == origin})
        random.shuffle(groups)
        places |= {f"{origin}/{group}": at % FOLDS for at, group in enumerate(groups)}
    return np.array([places[f"{row.origin}/{row.group}"] for row in given])


def report(given: Sequence[Row], scores: Floats) -> float:
    """Print the curve, and return the threshold of the operating point."""

    def of(origin: Origin) -> Floats:
        return scores[:, [row.origin == origin for row in given]].ravel()

    company, trade, warm = of("company"), of("trade"), of("warm")
    say("share of mails called personal, cross-validated, by threshold")
    say("threshold  real 1.2  company 1.1  other 1.3-1.6  invented  trade  warm")
    for threshold in np.arange(-2.0, 4.01, 0.25):
        row = [float((of(o) > threshold).mean()) for o in ("real", "company", "other")]
        row += [float((found > threshold).mean()) for found in (of("friends"), trade, warm)]
        say(f"{threshold:9.2f}" + "".join(f"{share:11.3f}" for share in row))
    chosen = float(np.quantile(company, 1 - MOST_COMPANY)) if len(company) else 0.0
    chosen = max(
        chosen,
        float(np.quantile(trade, 1 - MOST_TRADE)),
        float(np.quantile(warm, 1 - MOST_WARM)),
    )
    say(f"operating point: {chosen:.2f}")
    return chosen


def aside(judge: Callable[[Signs], float]) -> None:
    """Print how the mails kept aside come out."""
    for verdict in ("personal", "business"):
        kept = samples(verdict, "kept aside")
        found = [
            judge(signs_of(s.subject, s.text, "", (), Around(files=s.files))) > 0 for s in kept
        ]
        say(f"kept aside, {verdict}: {sum(found)} of {len(found)} called personal")


def written(model: Model, threshold: float) -> str:
    """Return the module that holds the weights."""
    weights = dict(zip(model.names, model.weights.tolist(), strict=True)) | BY_HAND
    told = sorted((name, value) for name, value in weights.items() if abs(value) >= 0.02)
    lines = [
        '"""What each sign weighs, learnt by `python -m tests.bench.purpose --write`."""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import Final",
        "",
        f"BASE: Final = {model.base - threshold:.2f}",
        '"""What a mail without any sign scores."""',
        "",
        "WEIGHTS: Final[dict[str, float]] = {",
        *(f'    "{name}": {value:.2f},' for name, value in told),
        "}",
        '"""By name of the sign, in natural log-odds; others weigh nothing."""',
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the figures; with `--write`, keep the weights."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", action="store_true")
    options.add_argument("--repeats", type=int, default=3)
    chosen = options.parse_args()
    given = rows()
    names = sorted({name for row in given for name in row.signs} - BY_HAND.keys())
    say(f"{len(given)} rows, {len(names)} signs")
    threshold = report(given, crossed(given, names, chosen.repeats))
    model = learn(table_of(given, names), given, names)
    weights = dict(zip(model.names, model.weights.tolist(), strict=True))
    aside(
        lambda signs: (
            model.base - threshold + sum(weights.get(n, 0) * s for n, s in signs.items())
        )
    )
    if chosen.write:
        WEIGHTS.write_text(written(model, threshold), "utf-8")


if __name__ == "__main__":
    main()
