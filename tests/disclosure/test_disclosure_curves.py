"""Curves through the door: no step, difference or remainder of a published curve shows one to four persons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.disclosure import Policy, load_policy, release
from evalkit.disclosure.curves import safe_points
from evalkit.errors import DisclosureError
from evalkit.results import Column, Provenance, Result

Make = Callable[..., Result]
MIN_CELL = 5


def grid_counts(times: list[int], causes: list[int], grid: list[int]) -> tuple[dict[int, list[int]], list[int]]:
    """Count, per cause, those whose time has come by each point; and those still followed after it."""
    by_cause = {
        cause: [sum(time <= point and one == cause for time, one in zip(times, causes, strict=True)) for point in grid]
        for cause in (0, 1, 2)
    }
    return by_cause, [len(times) - sum(by_cause[cause][place] for cause in by_cause) for place in range(len(grid))]


def curve_frame(times: list[int], causes: list[int], grid: list[int], arm: str = "pilot") -> pl.DataFrame:
    """Make the two curves of one arm: cause 1 is the event, 2 is death, 0 is censored."""
    by_cause, at_risk = grid_counts(times, causes, grid)
    return pl.concat(
        pl.DataFrame(
            {
                "arm": arm,
                "cause": name,
                "time": grid,
                "estimate": [n / len(times) for n in by_cause[cause]],
                "n_at_risk": at_risk,
                "n_events": by_cause[cause],
                "n_left": by_cause[0],
            }
        )
        for name, cause in (("reoffence", 1), ("death", 2))
    )


def curve(make_result: Make, frame: pl.DataFrame) -> Result:
    roles = {"estimate": Column.derived("n_events", "n_at_risk", "n_left")}
    return make_result(frame, roles=roles, cumulative_over="time", name="curve")


def many(n: int, seed: int, *, n_deaths: int, n_left: int) -> tuple[list[int], list[int]]:
    generator = np.random.default_rng(seed)
    causes = [2] * n_deaths + [0] * n_left + [1] * (n - n_deaths - n_left)
    times = np.minimum(generator.weibull(0.6, n) * 500 + 1, 2000).astype(int)
    return times.tolist(), causes


GRID = [*range(0, 731, 30), 731]


def test_neighbouring_points_differ_by_nobody_or_by_enough(make_result: Make, standard: Policy) -> None:
    times, causes = many(400, 1, n_deaths=60, n_left=40)
    released = release(curve(make_result, curve_frame(times, causes, GRID)), standard).tidy()
    for _, one in released.group_by("cause"):
        events = one.sort("time").get_column("n_events").to_list()
        assert len(events) > 5
        assert all(after - before == 0 or after - before >= MIN_CELL for before, after in pairwise(events))
        assert one.get_column("time").min() == 0
        assert one.get_column("time").max() == 731


def test_the_horizon_is_kept_by_giving_up_a_point_before() -> None:
    assert safe_points([[0, 6, 12, 14]], min_step=5) == [0, 1, 3]
    assert safe_points([[0, 3, 7, 8, 20]], min_step=5) == [0, 2, 4]
    assert safe_points([[0, 5, 10], [0, 0, 6]], min_step=5) == [0, 1, 2]
    assert safe_points([[0, 5, 10], [0, 1, 6]], min_step=5) == [0, 2]
    assert safe_points([[2, 8]], min_step=5) == [1]


def test_few_deaths_hide_the_deaths_and_what_would_give_them_back(make_result: Make, standard: Policy) -> None:
    times, causes = many(300, 2, n_deaths=4, n_left=30)
    frame = curve_frame(times, causes, GRID)
    deaths = frame.filter(pl.col("cause") == "death").get_column("n_events").to_list()
    assert 0 < deaths[-1] < MIN_CELL
    released = release(curve(make_result, frame), standard).tidy()
    later = released.filter(pl.col("time") > 0)
    for column in ("n_at_risk", "n_left"):
        assert later.get_column(column).null_count() == later.height
    by_cause = {cause[0]: one for cause, one in later.group_by("cause")}
    assert by_cause["death"].get_column("estimate").null_count() == by_cause["death"].height
    # The curve that matters stays whole.
    assert by_cause["reoffence"].get_column("estimate").null_count() == 0
    assert by_cause["reoffence"].get_column("n_events").null_count() == 0
    assert by_cause["reoffence"].height > 8


def test_two_small_counts_do_not_say_that_they_are_small(make_result: Make, standard: Policy) -> None:
    # Deaths and censored may stand in another table as one number: 4 and 4 of 8 would be certain.
    times, causes = [10] * 60 + [20] * 4 + [30] * 4 + [900] * 60, [1] * 60 + [2] * 4 + [0] * 4 + [1] * 60
    released = release(curve(make_result, curve_frame(times, causes, [0, 60, 731])), standard).tidy()
    said = set(released.get_column("n_events_status")) | set(released.get_column("n_left_status"))
    assert said == {"published", "suppressed_secondary"}


def test_the_tail_goes_where_few_are_followed(make_result: Make, standard: Policy) -> None:
    times, causes = [10] * 50 + [100] * 47 + [700] * 3, [1] * 100
    released = release(curve(make_result, curve_frame(times, causes, [0, 30, 120, 731])), standard).tidy()
    assert set(released.get_column("time")) == {0, 30}


def test_a_number_at_risk_just_before_tells_who_left_at_that_time(make_result: Make, standard: Policy) -> None:
    frame = curve_frame(*many(400, 3, n_deaths=0, n_left=0), grid=[0, 200, 731])
    frame = frame.with_columns(n_at_risk=pl.col("n_at_risk") + pl.when(pl.col("time") == 200).then(2).otherwise(0))
    released = release(curve(make_result, frame), standard).tidy()
    assert released.filter(pl.col("time") == 200).get_column("n_at_risk").null_count() == 2
    assert released.filter(pl.col("time") == 731).get_column("n_at_risk").null_count() == 0


def test_losses_that_no_column_counts_are_not_given_away(make_result: Make, standard: Policy) -> None:
    # One curve without a column for the 3 who were censored: 100 - 57 - 40 gives them.
    frame = pl.DataFrame({"time": [0, 100, 200], "n_at_risk": [100, 80, 57], "n_events": [0, 20, 40]})
    released = release(make_result(frame, cumulative_over="time"), standard).tidy()
    assert released.get_column("n_at_risk").to_list() == [100, 80, None]
    assert released.get_column("n_events").to_list() == [0, 20, 40]


def test_numbers_censored_that_differ_between_causes_give_no_difference(make_result: Make, standard: Policy) -> None:
    frame = curve_frame(
        [10] * 60 + [20] * 30 + [30] * 30 + [900] * 60, [1] * 60 + [2] * 30 + [0] * 30 + [1] * 60, [0, 60]
    )
    assert release(curve(make_result, frame), standard).tidy().get_column("n_left").to_list() == [0, 30, 0, 30]
    # Three of them are censored for one cause only.
    uneven = frame.with_columns(n_left=pl.col("n_left") + pl.Series([0, 0, 0, 3]))
    released = release(curve(make_result, uneven), standard).tidy()
    assert released.get_column("n_left").to_list() == [0, None, 0, None]
    assert released.get_column("n_at_risk").to_list() == [180, None, 180, None]
    assert released.get_column("n_events").null_count() == 0


def test_counts_of_a_curve_must_run_up(make_result: Make, standard: Policy) -> None:
    frame = pl.DataFrame({"time": [0, 1], "n_at_risk": [90, 80], "n_events": [10, 5]})
    with pytest.raises(DisclosureError, match="n_events' falls over 'time'"):
        release(make_result(frame, cumulative_over="time"), standard)
    missing = pl.DataFrame({"time": [0, 1], "n_events": [0, None]})
    with pytest.raises(DisclosureError, match="has missing values"):
        release(make_result(missing, cumulative_over="time"), standard)


def test_public_curves_keep_every_point(make_result: Make, public_data: Policy) -> None:
    frame = curve_frame(*many(60, 4, n_deaths=2, n_left=1), grid=GRID)
    released = release(curve(make_result, frame), public_data).tidy()
    assert released.height == frame.height
    assert released.get_column("estimate").to_list() == frame.get_column("estimate").to_list()


def published(released: pl.DataFrame, cause: str, column: str) -> dict[int, int]:
    one = released.filter((pl.col("cause") == cause) & pl.col(column).is_not_null())
    return dict(one.select("time", column).rows())


def assert_safe_series(series: dict[int, int], start: int = 0) -> None:
    values = [start, *(series[time] for time in sorted(series))]
    assert all(after == before or abs(after - before) >= MIN_CELL for before, after in pairwise(values))


persons = st.lists(st.tuples(st.integers(1, 100), st.sampled_from([0, 0, 1, 1, 1, 1, 2])), min_size=5, max_size=120)


@given(persons, st.integers(5, 40))
@settings(max_examples=150, deadline=None)
def test_nothing_that_can_be_subtracted_within_an_arm_is_small(people: list[tuple[int, int]], step: int) -> None:
    """Every column alone, each curve against the other, and what is lost to those at risk."""
    frame = curve_frame([time for time, _ in people], [cause for _, cause in people], list(range(0, 101, step)))
    result = _curve_result(frame)
    released = release(result, load_policy("standard")).tidy()
    events = {cause: published(released, cause, "n_events") for cause in ("reoffence", "death")}
    censored = published(released, "reoffence", "n_left") | published(released, "death", "n_left")
    at_risk = published(released, "reoffence", "n_at_risk") | published(released, "death", "n_at_risk")
    for series in (*events.values(), censored):
        assert_safe_series(series)
    for unknown in (events["reoffence"], events["death"], censored):
        others = [one for one in (*events.values(), censored) if one is not unknown]
        times = set(at_risk).intersection(*others)
        # What the numbers at risk say about a column, at times where it is published or not.
        assert_safe_series({time: len(people) - at_risk[time] - sum(one[time] for one in others) for time in times})
    # Where two are unknown, their sum is.
    for one in (*events.values(), censored):
        losses = {time: len(people) - at_risk[time] - one[time] for time in set(at_risk) & set(one)}
        assert all(value == 0 or value >= MIN_CELL for value in losses.values())


def _curve_result(frame: pl.DataFrame) -> Result:
    roles = {name: Column.count() if name.startswith("n_") else Column.dimension() for name in frame.columns} | {
        "estimate": Column.derived("n_events")
    }
    return Result("curve", Provenance("d@1", date(2023, 7, 1), {}, "0.1.0"), frame, roles, cumulative_over="time")
