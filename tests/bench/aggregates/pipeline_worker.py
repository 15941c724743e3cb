"""Runs in a Python of its own, where PipelineDP is installed: JSON in, JSON out.

Takes `epsilon`, `keys` and `measures`, each with its `kind` (count, sum, mean or median), its
`bound` and `rows` of [owner, key, value]. Gives the figure of each key by measure. Owners are
the unit of privacy, each in one public key at most; every bound is public, as in our method.
"""

from __future__ import annotations

import json
import sys
import warnings
from typing import Any


def main() -> None:
    """Read a task from standard input, and answer on standard output."""
    warnings.filterwarnings("ignore")
    import pipeline_dp

    task = json.load(sys.stdin)
    accountant = pipeline_dp.NaiveBudgetAccountant(total_epsilon=task["epsilon"], total_delta=0)
    engine = pipeline_dp.DPEngine(accountant, pipeline_dp.LocalBackend())
    made = {
        measure["name"]: engine.aggregate(
            measure["rows"],
            _params(pipeline_dp, measure),
            pipeline_dp.DataExtractors(
                privacy_id_extractor=lambda row: row[0],
                partition_extractor=lambda row: row[1],
                value_extractor=lambda row: row[2],
            ),
            public_partitions=task["keys"],
        )
        for measure in task["measures"]
    }
    accountant.compute_budgets()
    answer = {name: {key: float(got[0]) for key, got in lazy} for name, lazy in made.items()}
    json.dump(answer, sys.stdout)


def _params(dp: Any, measure: dict[str, Any]) -> Any:
    shared = {
        "noise_kind": dp.NoiseKind.LAPLACE,
        "max_partitions_contributed": 1,
        "max_contributions_per_partition": 1,
    }
    if measure["kind"] == "count":
        return dp.AggregateParams(metrics=[dp.Metrics.PRIVACY_ID_COUNT], **shared)
    if measure["kind"] == "sum":
        return dp.AggregateParams(
            metrics=[dp.Metrics.SUM],
            min_sum_per_partition=0,
            max_sum_per_partition=measure["bound"],
            **shared,
        )
    return dp.AggregateParams(
        metrics=[dp.Metrics.MEAN if measure["kind"] == "mean" else dp.Metrics.PERCENTILE(50)],
        min_value=0,
        max_value=measure["bound"],
        **shared,
    )


if __name__ == "__main__":
    main()
