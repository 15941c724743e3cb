"""A secret bit of each owner, decoded from all releases of a year by linear programming."""

from __future__ import annotations

import random

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack

from anonymizer.tables import publishing
from anonymizer.tables.grid import Place
from tests.anonymizer.tables.attacks import sabotages
from tests.anonymizer.tables.attacks.attack import Attack, Outcome
from tests.anonymizer.tables.attacks.confidence import is_chance
from tests.anonymizer.tables.attacks.population import (
    ANSWER,
    BUCKETS,
    crowd,
    in_cells,
    method,
    owner,
    wide,
)

SIDE, SECRETS, RELEASES = 10, 3, 4
LATE = 1
"""The bucket that the secret is about: who is in it, who in the one below."""


def run() -> Outcome:
    recipe, chance = method(wide(SIDE, SIDE)), random.Random(7)
    others = list(crowd(recipe.grid.cells(), 120))
    known = sum(row.values[ANSWER] == BUCKETS[LATE] for row in others) // SIDE**2
    people = [(place, n) for place in recipe.grid.cells() for n in range(SECRETS)]
    secrets = [chance.randrange(2) for _ in people]
    equations: list[list[int]] = []
    seen: list[float] = []
    for _ in range(RELEASES):
        taking_part = [bool(chance.randrange(2)) for _ in people]
        rows = [
            owner(place, f"secret {n}", 90, BUCKETS[secret])
            for (place, n), secret, in_it in zip(people, secrets, taking_part, strict=True)
            if in_it
        ]
        release = publishing.make_release([*others, *rows], recipe)
        members = _members(people, taking_part)
        for place, value in in_cells(release, ANSWER, str(BUCKETS[LATE])).items():
            if place in members:
                equations.append(members[place])
                seen.append(float(value) - known)
    right = int(sum(_decoded(equations, seen, len(people)) == np.array(secrets)))
    # Another value is two steps away: out of one bucket and into another.
    spent = 2 * RELEASES * float(recipe.measures[-1].epsilon)
    allowed = float(np.exp(spent) / (1 + np.exp(spent)))
    return Outcome(
        passed=is_chance(right, len(people), allowed),
        measured=f"{right / len(people):.1%} of {len(people)} bits right after {RELEASES} "
        f"releases (guessing: 50 %, allowed by epsilon: {allowed:.0%})",
    )


def _members(
    people: list[tuple[Place, int]], taking_part: list[bool]
) -> dict[Place, list[int]]:
    """Return by cell the numbers of those who take part."""
    members: dict[Place, list[int]] = {}
    for number, ((place, _), in_it) in enumerate(zip(people, taking_part, strict=True)):
        if in_it:
            members.setdefault(place, []).append(number)
    return members


def _decoded(equations: list[list[int]], seen: list[float], people: int) -> np.ndarray:
    """Return the bits that fit best: least absolute error, then rounded."""
    rows = [row for row, members in enumerate(equations) for _ in members]
    columns = [member for members in equations for member in members]
    shape = (len(equations), people)
    sums = csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
    off = eye_array(len(equations))
    solved = linprog(
        np.concatenate([np.zeros(people), np.ones(2 * len(equations))]),
        A_eq=hstack([sums, off, -off]).tocsr(),
        b_eq=np.array(seen),
        bounds=[(0, 1)] * people + [(0, None)] * (2 * len(equations)),
    )
    return np.asarray(solved.x[:people] > 0.5, dtype=int)


ATTACK = Attack(
    name="Reconstruction",
    knows="all other owners, and who takes part in which release",
    criterion="no more secret bits decoded than the year's epsilon allows any attacker",
    against=("inference", "correlation"),
    run=run,
    sabotages=(sabotages.NO_NOISE,),
)
