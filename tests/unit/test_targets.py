"""Verdicts on targets: worked by hand, against R, and by properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Literal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.disclosure import load_policy, release, release_all
from evalkit.indicators.proportions import proportion_interval
from evalkit.indicators.targets import target_cell, targets
from evalkit.indicators.verdict import Reason, TargetCount, TargetRules, Verdict, judge
from evalkit.results import Column, Counts, Provenance, Relation, Result

PROVENANCE = Provenance("test@0", date(2023, 7, 1), {}, "0")
RULES = TargetRules()

# R 4.2: prop.test(count, total, correct = FALSE)$conf.int and binom.test(count, total)$conf.int
R = [
    (174, 248, 0.641944250305165, 0.755130959107428, 0.640476120146953, 0.757856238742165),
    (174, 287, 0.54870031442577, 0.661035946172506, 0.547144894014513, 0.663180407410702),
    (0, 10, 0.0, 0.277532799862889, 0.0, 0.308497107818761),
    (10, 10, 0.722467200137111, 1.0, 0.691502892181239, 1.0),
    (7, 20, 0.181191824101082, 0.567145723314764, 0.153909204784541, 0.592188534532828),
    (52, 248, 0.163634986660681, 0.264576711785186, 0.160742205915286, 0.265696363175673),
    (22, 248, 0.059311817789398, 0.130654755008913, 0.0564301472733285, 0.13122651688732),
]


@pytest.mark.parametrize(("count", "total", "low", "high", "exact_low", "exact_high"), R)
def test_intervals_are_those_of_r(
    count: int, total: int, low: float, high: float, exact_low: float, exact_high: float
) -> None:
    assert proportion_interval(count, total) == pytest.approx((low, high), abs=1e-12)
    assert proportion_interval(count, total, method="exact") == pytest.approx((exact_low, exact_high), abs=1e-9)


def count_of(
    n_persons: int,
    n_mature: int,
    n_reached: int,
    threshold: float | None = 0.6,
    direction: Literal["at_least", "at_most"] | None = "at_least",
) -> TargetCount:
    return TargetCount("goal", "all", n_persons, n_mature, n_reached, threshold, direction)


# Wilson, R: 70 of 100 is .604 to .781; 69 is .5938; 50 of 100 is .4038 to .5962; 51 is to .6058; all of 10 from .7225.
@pytest.mark.parametrize(
    ("n_persons", "n_mature", "n_reached", "verdict", "reason"),
    [
        (100, 100, 70, Verdict.MET, None),
        (100, 100, 69, Verdict.CANNOT_TELL_YET, Reason.STRADDLES),
        (100, 100, 60, Verdict.CANNOT_TELL_YET, Reason.STRADDLES),  # the point estimate is the threshold itself
        (100, 100, 51, Verdict.CANNOT_TELL_YET, Reason.STRADDLES),
        (100, 100, 50, Verdict.NOT_MET, None),
        (101, 100, 70, Verdict.CANNOT_TELL_YET, Reason.IMMATURE),  # 70 of 101 begins at .5974
        (101, 100, 71, Verdict.MET, None),  # 71 of 101 begins at .6077: whatever becomes of the last
        (101, 100, 50, Verdict.CANNOT_TELL_YET, Reason.IMMATURE),  # 51 of 101 ends at .6005
        (101, 100, 49, Verdict.NOT_MET, None),  # 50 of 101 ends at .5909
        (50, 0, 0, Verdict.CANNOT_TELL_YET, Reason.IMMATURE),
        (10, 10, 10, Verdict.MET, None),
        (9, 9, 9, Verdict.TOO_FEW, None),
        (0, 0, 0, Verdict.TOO_FEW, None),
    ],
)
def test_verdicts_by_hand(
    n_persons: int, n_mature: int, n_reached: int, verdict: Verdict, reason: Reason | None
) -> None:
    assert judge(count_of(n_persons, n_mature, n_reached), RULES) == (verdict, reason)


def test_the_ends_that_the_table_above_names() -> None:
    """R: prop.test(70, 101, correct = FALSE) and so on."""
    assert proportion_interval(70, 101)[0] == pytest.approx(0.59742652, abs=1e-8)
    assert proportion_interval(71, 101)[0] == pytest.approx(0.60774958, abs=1e-8)
    assert proportion_interval(51, 101)[1] == pytest.approx(0.60047332, abs=1e-8)
    assert proportion_interval(50, 101)[1] == pytest.approx(0.59093511, abs=1e-8)


def test_a_target_for_everyone_needs_everyone() -> None:
    """Page 11 of Exit: "Samtlige". No interval of n of n reaches 1, and one person is enough against it."""
    assert judge(count_of(40, 40, 40, threshold=1.0), RULES) == (Verdict.MET, None)
    assert judge(count_of(40, 40, 39, threshold=1.0), RULES) == (Verdict.NOT_MET, None)
    assert judge(count_of(40, 20, 20, threshold=1.0), RULES) == (Verdict.CANNOT_TELL_YET, Reason.IMMATURE)
    assert judge(count_of(40, 20, 19, threshold=1.0), RULES) == (Verdict.NOT_MET, None)
    assert judge(count_of(40, 40, 0, 0.0, "at_most"), RULES) == (Verdict.MET, None)
    assert judge(count_of(40, 40, 1, 0.0, "at_most"), RULES) == (Verdict.NOT_MET, None)
    assert judge(count_of(40, 39, 0, 0.0, "at_most"), RULES) == (Verdict.CANNOT_TELL_YET, Reason.IMMATURE)


def test_without_a_threshold_there_is_no_verdict() -> None:
    assert judge(count_of(100, 100, 70, None, None), RULES) == (Verdict.NO_THRESHOLD, None)


def test_a_share_that_is_a_least_can_only_be_met() -> None:
    """Contact with the job centre is not seen: who has it can only be added."""
    for n_reached, verdict in ((70, Verdict.MET), (60, Verdict.CANNOT_TELL_YET), (40, Verdict.CANNOT_TELL_YET)):
        assert judge(replace(count_of(100, 100, n_reached), partly_seen=True), RULES)[0] is verdict
    low = replace(count_of(100, 100, 40), partly_seen=True)
    assert judge(low, RULES)[1] is Reason.PARTLY_SEEN
    assert judge(replace(low, direction="at_most", n_reached=80), RULES) == (Verdict.NOT_MET, None)


def test_an_estimate_is_judged_by_its_own_interval() -> None:
    given = TargetCount("goal", "all", 200, 200, None, 0.6, "at_least", (0.7, 0.61, 0.78))
    assert judge(given, RULES) == (Verdict.MET, None)
    assert judge(replace(given, estimate=(0.65, 0.58, 0.72)), RULES) == (Verdict.CANNOT_TELL_YET, Reason.STRADDLES)
    assert judge(replace(given, estimate=(0.5, 0.4, 0.59)), RULES) == (Verdict.NOT_MET, None)
    assert judge(replace(given, n_mature=199), RULES) == (Verdict.CANNOT_TELL_YET, Reason.IMMATURE)
    assert judge(replace(given, is_open=True), RULES) == (Verdict.CANNOT_TELL_YET, Reason.IMMATURE)
    assert judge(replace(given, estimate=None), RULES) == (Verdict.CANNOT_TELL_YET, Reason.STRADDLES)


_PEOPLE = st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300)).map(
    lambda parts: (sum(parts), parts[0] + parts[1], parts[0])
)
_SHARES = st.fractions(Fraction(1, 20), Fraction(19, 20), max_denominator=20).map(float)


@given(_PEOPLE, _SHARES, st.sampled_from(["wilson", "exact"]))
def test_a_verdict_stands_whatever_becomes_of_those_still_open(
    people: tuple[int, int, int], threshold: float, interval: Literal["wilson", "exact"]
) -> None:
    n_persons, n_mature, n_reached = people
    rules = TargetRules(interval=interval)
    now = judge(count_of(n_persons, n_mature, n_reached, threshold), rules)[0]
    if now in {Verdict.MET, Verdict.NOT_MET}:
        for n_more in (0, (n_persons - n_mature) // 2, n_persons - n_mature):
            later = count_of(n_persons, n_persons, n_reached + n_more, threshold)
            assert judge(later, rules) == (now, None)


@given(_PEOPLE, _SHARES)
def test_no_verdict_on_the_wrong_side_of_the_point_estimate(people: tuple[int, int, int], threshold: float) -> None:
    n_persons, n_mature, n_reached = people
    verdict = judge(count_of(n_persons, n_mature, n_reached, threshold), RULES)[0]
    if verdict is Verdict.MET:
        assert n_reached / n_mature >= threshold
    if verdict is Verdict.NOT_MET:
        assert n_mature == 0 or n_reached / n_mature < threshold


@given(_PEOPLE, _SHARES)
def test_at_most_is_at_least_of_the_others(people: tuple[int, int, int], threshold: float) -> None:
    """At most a fifth fail is at least four fifths do not; thresholds met exactly count as met on both sides."""
    n_persons, n_mature, n_reached = people
    one = judge(count_of(n_persons, n_mature, n_reached, threshold, "at_least"), RULES)
    other = judge(count_of(n_persons, n_mature, n_mature - n_reached, 1 - threshold, "at_most"), RULES)
    assert one == other


@given(_PEOPLE, _SHARES)
def test_more_who_reach_it_never_make_the_verdict_worse(people: tuple[int, int, int], threshold: float) -> None:
    n_persons, n_mature, n_reached = people
    order = [Verdict.NOT_MET, Verdict.CANNOT_TELL_YET, Verdict.MET]
    if n_persons >= RULES.min_persons and n_reached < n_mature:
        now, more = (judge(count_of(n_persons, n_mature, n, threshold), RULES)[0] for n in (n_reached, n_reached + 1))
        assert order.index(more) >= order.index(now)


# --- the table and the door


def table(*counts: TargetCount) -> Result:
    return targets(counts, RULES, PROVENANCE)


def test_the_table_says_what_was_counted_and_what_can_be_said() -> None:
    result = table(count_of(105, 100, 70), replace(count_of(50, 50, 20, None, None), target="other"))
    assert set(result.roles) == set(result.tidy().columns)
    first, second = result.tidy().to_dicts()
    assert (first["n_persons"], first["n_mature"], first["n_reached"]) == (105, 100, 70)
    assert (first["share"], first["verdict"], first["reason"]) == (0.7, "cannot_tell_yet", "immature")
    assert (first["conf_low"], first["conf_high"]) == pytest.approx((0.604151453666533, 0.781051147050672))
    assert (second["verdict"], second["threshold"], second["share"]) == ("no_threshold", None, 0.4)
    assert result.plot().get_axes()


def test_a_share_is_shown_while_decisions_can_be_missing() -> None:
    row = table(TargetCount("goal", "all", 200, 200, None, 0.6, "at_least", (0.7, 0.61, 0.78), is_open=True)).tidy()
    assert row.select("share", "conf_low", "verdict", "reason").row(0) == (0.7, 0.61, "cannot_tell_yet", "immature")


def test_nobody_mature_has_no_share() -> None:
    row = table(count_of(50, 0, 0)).tidy().to_dicts()[0]
    assert (row["share"], row["conf_low"], row["conf_high"], row["verdict"]) == (None, None, None, "cannot_tell_yet")


def test_the_door_hides_the_verdict_with_its_counts() -> None:
    """Three of forty reached it: the number is hidden, and so is what would tell it."""
    row = release(table(count_of(40, 40, 3)), load_policy("standard")).tidy().to_dicts()[0]
    assert (row["n_persons"], row["n_reached"], row["share"], row["verdict"]) == (40, None, None, None)
    assert row["verdict_status"] == "suppressed_primary"


def test_the_door_looks_at_what_stands_in_another_table() -> None:
    """The other table has three in a state; the target's count is the two states together, so one must go."""
    states = Result(
        "status",
        PROVENANCE,
        pl.DataFrame({"arm": ["all"] * 3, "state": ["a", "b", "c"], "n_persons": [3, 30, 40]}),
        {"arm": Column.dimension(), "state": Column.dimension(), "n_persons": Column.count()},
    )
    parts = (Counts("status", "n_persons", {"state": ("a", "b")}),)
    relation = Relation((target_cell("goal", "n_reached"),), parts, ("arm",), exact=True)
    given = replace(count_of(73, 73, 33), relations=(relation,))
    status, goal = release_all((states, table(given)), load_policy("standard"))
    hidden = status.tidy().get_column("n_persons").to_list()
    assert hidden[0] is None
    assert hidden[1] is None or goal.tidy().get_column("n_reached").to_list() == [None]
