"""The steps of training: `python -m tests.bench.name_model STEP`.

Each step imports what it needs, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

# One thread of BLAS, as in anonymizer/text/engine.py; numpy reads this when first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from flows.errors import OperatorError
from tests.bench import name_model
from tests.bench.name_model.records import MAILS, SENTENCES, write
from tests.bench.steps import CACHE, command_line, run, say

BUILD = CACHE / "jigajob-name-model"


def main(words: Sequence[str]) -> int:
    """Run one step; return the exit code. Without a step say what there is."""
    return run(_options(), words, "sentences, teachers, train, score")


def _options() -> argparse.ArgumentParser:
    options, steps = command_line(name_model, BUILD)
    step = steps.add_parser("sentences", help="invent sentences")
    step.add_argument("--count", type=int, default=90_000)
    step.add_argument("--seed", type=int, default=7)
    step.set_defaults(run=_sentences)
    step = steps.add_parser("teachers", help="label public mail")
    step.add_argument("--mails", type=int, default=2_000, help="at most so many")
    step.add_argument("--seed", type=int, default=1)
    step.set_defaults(run=_teachers)
    step = steps.add_parser("train", help="train, and write weights")
    step.add_argument("--out", type=Path, help="default: weights.npz in the build folder")
    step.add_argument("--start", type=Path, help="weights to go on from")
    step.add_argument("--epochs", type=int, default=3)
    step.add_argument("--sentences", type=int, default=90_000, help="at most so many texts")
    step.add_argument("--rate", type=float, default=2e-3)
    step.add_argument("--seed", type=int, default=5)
    step.set_defaults(run=_train)
    step = steps.add_parser("score", help="score weights on what was kept aside")
    step.add_argument("--weights", type=Path, help="default: those that the cleaner uses")
    step.set_defaults(run=_score)
    return options


def _sentences(given: argparse.Namespace) -> None:
    from tests.bench.name_model.sentences import sentences

    path = given.build / SENTENCES
    say(f"{write(path, sentences(given.count, given.seed)):,} texts in {path}")


def _teachers(given: argparse.Namespace) -> None:
    from tests.bench.name_model import teachers

    path = given.build / MAILS
    mails = teachers.labelled_mails(given.mails, given.seed)
    say(f"{write(path, mails):,} mails in {path}")


def _train(given: argparse.Namespace) -> None:
    from tests.bench.name_model import training

    out = given.out or given.build / "weights.npz"
    plan = training.Plan(
        epochs=given.epochs,
        sentences=given.sentences,
        rate=given.rate,
        seed=given.seed,
        start=given.start,
    )
    training.train(given.build, out, plan)
    say(f"weights in {out}")


def _score(given: argparse.Namespace) -> None:
    from anonymizer.text.engine import NameModel
    from anonymizer.text.token_classes import WEIGHTS
    from tests.bench.name_model import scores

    weights = given.weights or WEIGHTS
    if not weights.is_file():
        raise OperatorError(f"there is no {weights}", fix="train, or name other --weights")
    model = NameModel()
    model.load()
    found = scores.score(given.build, weights, model.pipeline)
    if not found:
        raise OperatorError(
            f"there is nothing to score in {given.build}",
            fix="run the steps `sentences` and `teachers` first",
        )
    say("precision/recall of the tokens of each class, on what was kept aside")
    for name, result in found.items():
        say(f"{name}: {result.line()}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
