"""Someone has the whole bundle: can a count of one to four persons be worked out from all its tables together?

The attacker knows what the numbers mean, not how the door works: the identities in the modules beside this one are
written from the definitions alone. All are put into one integer programme, and every hidden count is asked for its
least and greatest value.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from evalkit.api import synth
from evalkit.disclosure import Policy, Released, load_policy, release, release_all, write_bundle
from evalkit.errors import DisclosureError
from evalkit.evaluation import Evaluation, evaluate
from evalkit.study import load_study
from tests.disclosure.attack_sums import attack, followed_from_few, true_counts
from tests.disclosure.attacker import MIN_CELL, NEEDED

ARMS = ("comparison", "pilot")
STUDIES = [(700, 1), (1500, 1), (2500, 2), (4000, 1), (6000, 1)]


@pytest.fixture(scope="module", params=STUDIES, ids=lambda study: f"{study[0]}-{study[1]}")
def evaluation(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    persons, seed = request.param
    folder = tmp_path_factory.mktemp("study")
    return evaluate(load_study(synth(folder / "in", persons=persons, seed=seed)))


@pytest.fixture(scope="module")
def tables(evaluation: Evaluation) -> dict[str, pl.DataFrame]:
    released = release_all(tuple(evaluation.values()), load_policy("standard"))
    return {one.name: one.tidy() for one in released}


def test_no_count_of_a_few_follows_from_all_tables_together(
    evaluation: Evaluation, tables: dict[str, pl.DataFrame]
) -> None:
    assert followed_from_few(evaluation, tables) == {}


def test_steps_of_a_curve_do_not_tell_how_few_left(evaluation: Evaluation, tables: dict[str, pl.DataFrame]) -> None:
    """Between two points d events made a step of 1 - r: those followed were d/(1-r) of them, if nobody left."""
    truth = evaluation["survival"].frame
    for arm in ARMS:
        rows = tables["survival"].filter(pl.col("arm") == arm).sort("time")
        n = truth.filter(pl.col("arm") == arm, pl.col("time") == 0).get_column("n_at_risk").item()
        if rows.get_column("estimate").null_count():
            continue
        unit = next(unit for unit in UNITS if unit >= 2 * MIN_CELL / n)
        points = list(
            zip(*(rows.get_column(c).to_list() for c in ("time", "estimate", "n_events", "n_left")), strict=True)
        )
        ends = bounds_from_steps(points, n, unit / 2)
        left = dict(truth.filter(pl.col("arm") == arm).select("time", "n_left").rows())
        for (time, _, _, shown), (least, most) in zip(points, ends, strict=True):
            assert least <= left[time] <= most, "the attack itself is wrong"
            if shown is None and 0 < left[time] < MIN_CELL:
                assert most - least + 1 >= NEEDED, (arm, n, time)


UNITS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)


def bounds_from_steps(
    points: Sequence[tuple[int, float, int, int | None]], n: int, half: float
) -> list[tuple[int, int]]:
    """Bound how many had left by each point: all of them may have left at once, or after the last event."""
    least = [0 if shown is None else shown for *_, shown in points]
    most = [n - events if shown is None else shown for _, _, events, shown in points]
    for i, (time, before, events, _) in enumerate(points):
        low, high = (before, before) if time == 0 else (before - half, min(1.0, before + half))
        for j in range(i + 1, len(points)):
            d = points[j][2] - events
            kept_least, kept_most = max(0.0, points[j][1] - half) / high, (points[j][1] + half) / max(low, 1e-9)
            if d and kept_least < 1:
                most[i] = min(most[i], math.floor(n - events - d / (1 - kept_least) + 1e-9))
            if d and kept_most < 1:
                least[j] = max(least[j], math.ceil(n - events - d / (1 - kept_most) - 1e-9))
    for i in range(1, len(points)):
        least[i] = max(least[i], least[i - 1])
    for i in reversed(range(len(points) - 1)):
        most[i] = min(most[i], most[i + 1])
    return list(zip(least, most, strict=True))


def test_the_numbers_that_matter_are_shown(evaluation: Evaluation, tables: dict[str, pl.DataFrame]) -> None:
    risk = tables["risk"]
    for column in ("n_persons", "n_events", "estimate", "conf_low", "conf_high"):
        assert risk.get_column(column).null_count() == 0
    sizes = dict(risk.select("arm", "n_persons").rows())
    # Small arms lose single numbers of plans and states, but never the risk: which ones depends on the data. In large
    # arms numbers below 50 can be lost too, as those whose plan still goes on after two years are few.
    arms = [arm for arm in ARMS if sizes[arm] >= 1000]
    keys = ["arm", "domain", "checkpoint"]
    together = evaluation["continuity"].frame.filter(pl.col("domain") == "any", pl.col("arm").is_in(arms))
    many = together.filter(pl.col("n_continuing") >= 50).select(keys)
    assert {"resumed", "3", "6"} <= set(many.get_column("checkpoint")) or not arms
    shown = many.join(tables["continuity"], on=keys)
    for column in ("n_persons", "n_with_plan", "n_continuing", "share"):
        assert shown.get_column(column).null_count() == 0
    status = evaluation["status"].frame.filter(pl.col("arm").is_in(arms))
    large = status.filter(pl.col("n_persons") >= 50).select("arm", "month", "state")
    assert large.join(tables["status"], on=["arm", "month", "state"]).get_column("n_persons").null_count() == 0


def test_released_one_by_one_is_refused_and_would_leak(evaluation: Evaluation, tmp_path: Path) -> None:
    policy: Policy = load_policy("standard")
    apart: list[Released] = [release(result, policy) for result in evaluation.values()]
    with pytest.raises(DisclosureError, match="checked one by one"):
        write_bundle(tmp_path / "b", apart, study={}, definitions={}, provenance=evaluation.provenance)
    attacker = attack({one.name: one.tidy() for one in apart})
    truth = true_counts(evaluation, attacker)
    hidden = [name for name in attacker.ends if name not in attacker.known and 0 < truth[name] < MIN_CELL]
    shown = [name for name in attacker.known if name[0] == "rest of"]
    rests = [name for name in truth if name[0] == "rest of" and 0 < truth[name] < MIN_CELL]
    assert not shown
    assert any(attacker.n_values(name) == 1 for name in (*hidden, *rests)), "the joint check would not be needed"
