"""How useful releases are, beside peers: `python -m tests.bench.aggregates`.

On the same invented quarters, by the default method: of 500, 2,000 and 10,000 businesses with
heavy tails. `--speed` measures instead how long 10,000 businesses take from the pool to the
page. Of what is off, the median is printed; `~` marks measures of which we publish a median.
"""

from __future__ import annotations

import argparse
from functools import partial

import numpy as np

from anonymizer.tables.bounding import bounded
from anonymizer.tables.method import Method
from anonymizer.tables.owners import one_per_owner
from anonymizer.tables.publishing import drawn
from anonymizer.tables.release import Row
from flows.reports.default_method import DEFAULT_METHOD
from flows.reports.synthetic import invented
from tests.bench.aggregates import pipeline
from tests.bench.aggregates.comparing import Tally, Truth, figures_of, lines
from tests.bench.aggregates.exact import exact_tables
from tests.bench.aggregates.plain import plain_laplace
from tests.bench.aggregates.speed import speed

say = partial(print, flush=True)


def quarter(businesses: int, method: Method, seed: int) -> list[Row]:
    """Return the rows of the tenants of an invented quarter."""
    return list(invented(businesses, method.grid, seed=seed))


def usefulness(businesses: int, method: Method, *, seed: int, draws: int, dp: bool) -> None:
    """Print how far off each peer is on one invented quarter."""
    tenants = quarter(businesses, method, seed)
    owners = one_per_owner(tenants, method)
    truth = Truth(owners, method)
    ours = Tally(truth, truth.medians)
    for_mean = partial(Tally, truth, truth.means)
    exact = bounded(owners, method)
    plain, chance = for_mean(), np.random.default_rng(seed)
    for _ in range(draws):
        ours.add(figures_of(drawn(exact, method)))
        plain.add(plain_laplace(tenants, method, chance))
    peers = {"plain Laplace": plain}
    program = pipeline.python() if dp else None
    if program:
        peers["PipelineDP median"], peers["PipelineDP mean"] = (
            Tally(truth, truth.medians),
            for_mean(),
        )
        for _ in range(max(1, draws // 3)):
            peers["PipelineDP median"].add(
                pipeline.pipeline_dp(program, tenants, method, "median")
            )
            peers["PipelineDP mean"].add(pipeline.pipeline_dp(program, tenants, method, "mean"))
    tables = {}
    for minimum in (3, method.minimum):
        tables[f"exact, n>={minimum}"] = for_mean()
        tables[f"exact, n>={minimum}"].add(exact_tables(owners, method, minimum))
    say(f"\n{businesses:,} businesses of {len(owners):,} owners, epsilon {method.epsilon}")
    for line in lines(method, ours, peers, tables):
        say(line)


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speed", action="store_true", help="from the pool to the page")
    parser.add_argument("--businesses", type=int, nargs="*", default=[500, 2_000, 10_000])
    parser.add_argument("--draws", type=int, default=9)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-pipeline-dp", action="store_true", help="leave that peer out")
    asked = parser.parse_args()
    if asked.speed:
        speed(asked.businesses[-1], asked.seed, say)
        return
    for businesses in asked.businesses:
        usefulness(
            businesses,
            DEFAULT_METHOD,
            seed=asked.seed,
            draws=asked.draws,
            dp=not asked.no_pipeline_dp,
        )


if __name__ == "__main__":
    main()
