"""The steps of training: `python -m tests.bench.context_model STEP`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench import context_model
from tests.bench.steps import CACHE, command_line, run

BUILD = CACHE / "jigajob-context-model"
STATE = "state.pt"


def main(words: Sequence[str]) -> int:
    """Run one step; return the exit code. Without a step say what there is."""
    return run(_options(), words, "train, export, gate")


def _options() -> argparse.ArgumentParser:
    options, steps = command_line(context_model, BUILD)
    step = steps.add_parser("train", help="learn from marked texts")
    step.add_argument("--epochs", type=int, default=5)
    step.add_argument("--rate", type=float, default=2e-4)
    step.add_argument("--mails", type=int, default=700, help="at most so many public mails")
    step.add_argument("--start", type=Path, help="a state to go on from")
    step.add_argument("--seed", type=int, default=1)
    step.set_defaults(run=_train)
    step = steps.add_parser("export", help="write the network for the cleaner")
    step.add_argument("--out", type=Path, help="default: classes.onnx in the build folder")
    step.set_defaults(run=_export)
    step = steps.add_parser("gate", help="learn which sentences are worth reading")
    step.add_argument("--out", type=Path, help="default: gate.npz in the build folder")
    step.set_defaults(run=_gate)
    return options


def _train(given: argparse.Namespace) -> None:
    from tests.bench.context_model.training import Plan, train

    plan = Plan(
        epochs=given.epochs,
        rate=given.rate,
        mails=given.mails,
        seed=given.seed,
        start=given.start,
    )
    train(given.build / STATE, plan)


def _export(given: argparse.Namespace) -> None:
    from tests.bench.context_model.export import export

    export(given.build / STATE, given.out or given.build / "classes.onnx")


def _gate(given: argparse.Namespace) -> None:
    from tests.bench.context_model.gate import train_gate

    train_gate(given.out or given.build / "gate.npz")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
