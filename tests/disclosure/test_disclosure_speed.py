"""All tables of a study with two arms go through the door in about a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
import polars as pl

from evalkit.disclosure import Policy, release
from evalkit.results import Result

Make = Callable[..., Result]


def crossed(**levels: Sequence[object]) -> pl.DataFrame:
    return pl.DataFrame(list(product(*levels.values())), schema=list(levels), orient="row")


def spread(generator: np.random.Generator, n_groups: int, n_levels: int, n_persons: int) -> list[int]:
    shares = generator.dirichlet([0.5] * n_levels, n_groups)
    return [int(n) for share in shares for n in generator.multinomial(n_persons, share)]


def test_every_table_of_a_two_armed_study_is_fast(make_result: Make, standard: Policy) -> None:
    generator = np.random.default_rng(7)
    arms = ["comparison", "pilot"]
    status = crossed(arm=arms, month=[3, 6, 12, 24], state=list("abcdefg"))
    status = status.with_columns(n_persons=pl.Series(spread(generator, 8, 7, 200)))
    domain = [f"d{place}" for place in range(8)]
    state = crossed(arm=arms, domain=domain, checkpoint=["resumed", "3", "6", "12"], state=list("abcdefg"))
    state = state.with_columns(n_persons=pl.Series(spread(generator, 64, 7, 60)))
    state = state.with_columns(share=pl.col("n_persons") / 60)
    plan = crossed(arm=arms, domain=domain, checkpoint=["resumed", "3", "6", "12"])
    plan = plan.with_columns(n_with_plan=pl.lit(60), n_continuing=pl.Series(generator.integers(0, 61, 64)))
    baseline = crossed(arm=arms, variable=list("uvwxyz"), level=list("abcde"))
    baseline = baseline.with_columns(n_persons=pl.Series(spread(generator, 12, 5, 200)))
    left = np.cumsum(generator.integers(0, 12, (8, 2)), axis=0)
    attrition = crossed(step=range(8), arm=arms).with_columns(n_persons=pl.Series((400 - left).ravel()))
    excluded = np.vstack([np.zeros((1, 2), dtype=int), np.diff(left, axis=0)])
    attrition = attrition.with_columns(n_excluded=pl.Series(excluded.ravel()))
    results = [
        make_result(status, additive_over=("state",)),
        make_result(state, additive_over=("state",), name="continuity_state"),
        make_result(plan, name="continuity"),
        make_result(baseline, additive_over=("level",), name="baseline"),
        make_result(attrition, name="attrition"),
    ]
    start = time.perf_counter()
    released = [release(result, standard) for result in results]
    assert time.perf_counter() - start < 2
    assert [one.tidy().height for one in released] == [56, 448, 64, 60, 16]
    hidden = released[1].tidy().get_column("n_persons").null_count()
    assert 0 < hidden < 448
