"""How plans end, their gaps, the agreement of two plans, contacts a week: by hand, and through the door."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm

from evalkit.disclosure import load_policy, release_all
from evalkit.errors import DisclosureError
from evalkit.indicators.case_open_days import case_open_days
from evalkit.indicators.contact_rate import contact_rate
from evalkit.indicators.person_ratio import RATIO_SUMS, with_person_ratio
from evalkit.indicators.plan_agreement import plan_agreement
from evalkit.indicators.plan_end import PLAN_END_STATES, plan_end
from evalkit.indicators.plan_gap import GAPS, plan_gap
from evalkit.results import Provenance

PROVENANCE = Provenance("plans@0", date(2023, 7, 1), {}, "0")
MONTHS = (3, 6, 12, 24)  # days 91, 182, 365 and 730

# Five persons: 30 discontinued, 60 left, 91 completed, 150 discontinued, 400 left. Nobody in the other arm.
EXITS = pl.DataFrame(
    [
        ("comparison", None, None, 0),
        ("pilot", 30, "discontinued", 1),
        ("pilot", 60, "left", 1),
        ("pilot", 91, "completed", 1),
        ("pilot", 150, "discontinued", 1),
        ("pilot", 400, "left", 1),
    ],
    schema=["arm", "exit_time", "exit_state", "n_persons"],
    orient="row",
)


def ends(month: int, arm: str = "pilot") -> dict[str, dict[str, float | None]]:
    frame = plan_end(EXITS, PROVENANCE, months=MONTHS).tidy().filter(pl.col("arm") == arm, pl.col("month") == month)
    return {row["state"]: row for row in frame.to_dicts()}


def test_the_states_of_a_month_are_counted() -> None:
    frame = plan_end(EXITS, PROVENANCE, months=MONTHS).tidy().filter(pl.col("arm") == "pilot")
    counted = {state: frame.filter(pl.col("state") == state)["n_persons"].to_list() for state in PLAN_END_STATES}
    assert counted == {
        "going_on": [2, 1, 1, 0],
        "completed": [1, 1, 1, 1],
        "discontinued": [1, 2, 2, 2],
        "unknown_end": [0, 0, 0, 0],
        "returned_to_custody": [0, 0, 0, 0],
        "died": [0, 0, 0, 0],
        "left": [1, 1, 1, 2],
    }
    assert frame["n_resumed"].unique().to_list() == [5]


def test_discontinuation_and_going_on_by_hand() -> None:
    # At risk 5, 3, 2 at the ends on day 30, 91 and 150: going on 4/5, 8/15, 4/15; broken off 1/5, 1/5, 7/15.
    assert [ends(month)["going_on"]["estimate"] for month in (3, 6, 12)] == pytest.approx([8 / 15, 4 / 15, 4 / 15])
    assert [ends(month)["discontinued"]["estimate"] for month in (3, 6, 12)] == pytest.approx([1 / 5, 7 / 15, 7 / 15])
    # Nobody is followed for 730 days, and not all plans have ended.
    assert ends(24)["going_on"]["estimate"] is ends(24)["discontinued"]["estimate"] is None
    assert {ends(3)[state]["estimate"] for state in ("completed", "died", "left")} == {None}


def test_intervals_are_those_of_r() -> None:
    # R 4.2, survival: survfit(Surv(c(30, 60, 91, 150, 400), c(1, 0, 1, 1, 0)) ~ 1, conf.type = "log-log") at day 91.
    low, high = (ends(3)["going_on"][name] for name in ("conf_low", "conf_high"))
    assert (low, high) == pytest.approx((0.0683320878, 0.863071183), abs=1e-9)


def test_months_are_told_in_their_order_however_they_are_named() -> None:
    results = [plan_end(EXITS, PROVENANCE, months=months) for months in ((12, 3), (3, 12))]
    assert results[0].tidy().equals(results[1].tidy())
    assert results[0].relations == results[1].relations


def test_an_arm_without_a_resumed_plan_has_rows_of_nobody() -> None:
    for row in ends(3, "comparison").values():
        assert (row["n_resumed"], row["n_persons"], row["estimate"]) == (0, 0, None)
    nobody = plan_end(EXITS.head(1), PROVENANCE, months=MONTHS).tidy()
    assert nobody.height == len(MONTHS) * len(PLAN_END_STATES)
    assert nobody["estimate"].null_count() == nobody.height


GAP_SCHEMA = {
    "arm": pl.String,
    "exit_time": pl.Int64,
    "exit_state": pl.String,
    "gap_days": pl.Int64,
    "closed_time": pl.Int64,
    "n_persons": pl.Int64,
}


def gaps(*rows: tuple[str, int | None, str | None, int | None, int | None, int]) -> pl.DataFrame:
    return plan_gap(pl.DataFrame(list(rows), schema=GAP_SCHEMA, orient="row"), PROVENANCE, months=MONTHS).tidy()


def test_gaps_are_put_in_classes() -> None:
    lengths = {1: 1, 7: 2, 8: 4, 30: 8, 31: 16, 90: 32, 91: 64, 700: 128}
    frame = gaps(
        *(("a", 10, "completed", days, 10 + days, n) for days, n in lengths.items()),
        ("a", 10, "completed", None, None, 3),
        ("a", 800, "died", None, None, 5),  # not yet on day 730
        ("a", 10, "discontinued", 721, 731, 7),  # closed on day 731
        ("a", 10, "discontinued", 720, 730, 11),
        ("b", None, None, None, None, 0),
    )
    found = dict(frame.filter(pl.col("arm") == "a").select("gap", "n_persons").iter_rows())
    assert found == {
        "going_on": 5,
        "days_1_7": 3,
        "days_8_30": 12,
        "days_31_90": 48,
        "days_over_90": 203,
        "completed": 3,
        "discontinued": 7,
        **dict.fromkeys(("unknown_end", "returned_to_custody", "died", "left"), 0),
    }
    assert list(found) == list(GAPS)
    assert frame.filter(pl.col("arm") == "b").select("n_resumed", "n_persons", "share").unique().rows() == [
        (0, 0, None)
    ]


def test_shares_of_gaps_have_wilsons_interval() -> None:
    # 174 of 248: 70.2 %, 64.2 to 75.5 % (JobUpdate).
    frame = gaps(("a", 10, "completed", None, None, 174), ("a", 800, "left", None, None, 74))
    assert rounded(frame.filter(pl.col("gap") == "completed")) == [(0.702, 0.642, 0.755)]


AGREEMENT = pl.DataFrame(
    [
        ("pilot", "housing", 300, 174, 50, 24, 9),
        ("pilot", "any", 248, 174, 174, 174, 9),
        ("pilot", "health", 300, 0, 0, 0, 0),
    ],
    schema=["arm", "domain", "n_persons", "n_both", "n_prison_only", "n_municipality_only", "n_plan_unknown"],
    orient="row",
)


def test_agreement_is_of_those_who_have_the_area_in_any_of_the_two() -> None:
    frame = plan_agreement(AGREEMENT, PROVENANCE).tidy()
    assert frame["domain"].to_list() == ["any", "health", "housing"]
    assert rounded(frame) == [(0.702, 0.642, 0.755), (None, None, None), (0.702, 0.642, 0.755)]
    assert frame.select("n_any", "n_prison_only", "n_municipality_only").rows() == [
        (None, None, None),
        (0, 0, 0),
        (248, 50, 24),
    ]


CONTACTS = np.array([1, 2, 0, 5, 0, 3])
DAYS = np.array([7, 14, 14, 70, 21, 28])


def sums_of(events: list[int], days: list[int], **others: list[object]) -> pl.DataFrame:
    e, d = np.array(events), np.array(days)
    values = [e.sum(), d.sum(), (e * e).sum(), (e * d).sum(), (d * d).sum()]
    return pl.DataFrame(
        {**others, "n_persons": [len(e)], **{name: [int(v)] for name, v in zip(RATIO_SUMS, values, strict=True)}}
    )


def test_the_interval_of_a_ratio_is_that_of_a_weighted_regression() -> None:
    # The ratio is the mean of the persons' own ratios weighted by their days, and its variance the robust one (HC1).
    row = with_person_ratio(sums_of(CONTACTS.tolist(), DAYS.tolist())).row(0, named=True)
    model = sm.WLS(CONTACTS / DAYS, np.ones(6), weights=DAYS).fit(cov_type="HC1", use_t=True)
    low, high = model.conf_int()[0]
    assert row["estimate"] == pytest.approx(model.params[0], rel=1e-12)
    assert row["std_error"] == pytest.approx(model.bse[0], rel=1e-12)
    assert (row["conf_low"], row["conf_high"]) == pytest.approx((max(low, 0), high), rel=1e-12)


def test_the_standard_error_is_that_of_a_bootstrap_of_persons() -> None:
    # R, 100,000 draws of 600 persons with replacement, seed 1: 0.001531583; of so many draws the error is 0.2 %.
    row = with_person_ratio(sums_of(CONTACTS.tolist() * 100, DAYS.tolist() * 100)).row(0, named=True)
    assert row["std_error"] == pytest.approx(0.001531583, rel=0.01)


@pytest.mark.parametrize(
    ("events", "days", "estimate"),
    [
        ([3], [21], 1 / 7),  # one person says nothing of how persons differ
        ([1, 2, 3], [7, 14, 21], 1 / 7),  # nor do persons who do not
        ([0, 0], [7, 14], 0.0),
        ([], [], None),
        ([0, 0], [0, 0], None),
    ],
)
def test_no_interval_where_persons_do_not_differ(events: list[int], days: list[int], estimate: float | None) -> None:
    row = with_person_ratio(sums_of(events, days)).row(0, named=True)
    assert row["estimate"] == (None if estimate is None else pytest.approx(estimate))
    assert {row[name] for name in ("std_error", "conf_low", "conf_high")} == {None}


def test_contacts_a_week() -> None:
    # 3 contacts in 5 weeks; variance 3 / 2 × (0.4² + 0.8² + 1.2²) / 5² = 0.1344; t with 2 degrees of freedom is 4.3027.
    sums = sums_of([1, 2, 0], [7, 14, 14], arm=["pilot"], period=["custody"], n_without=[1])
    frame = contact_rate(sums, PROVENANCE).tidy()
    row = frame.row(0, named=True)
    assert (row["n_persons"], row["n_without"], row["estimate"]) == (3, 1, pytest.approx(0.6))
    assert row["std_error"] == pytest.approx(0.1344**0.5)
    assert (row["conf_low"], row["conf_high"]) == (0.0, pytest.approx(0.6 + 4.302653 * 0.1344**0.5, abs=1e-6))


def test_the_share_of_days_with_an_open_case_is_at_most_all() -> None:
    # 170 of 200 days; (90 - 85)² + (80 - 85)² = 50, so the variance is 2 × 50 / 200² = 0.0025, and t is 12.7062.
    frame = case_open_days(sums_of([90, 80], [100, 100], arm=["pilot"], n_open=[2]), PROVENANCE).tidy()
    row = frame.row(0, named=True)
    assert (row["estimate"], row["std_error"]) == (pytest.approx(0.85), pytest.approx(0.05))
    assert (row["conf_low"], row["conf_high"]) == (pytest.approx(0.85 - 12.7062 * 0.05, abs=1e-5), 1.0)


def test_all_go_through_the_door_together_and_small_numbers_do_not() -> None:
    exits = pl.DataFrame(
        [
            ("pilot", 30, "discontinued", 5, 15, 40),
            ("pilot", 60, "died", None, None, 3),
            ("pilot", 91, "completed", None, None, 30),
            ("pilot", 400, "left", None, None, 2),
            ("pilot", 800, "left", None, None, 60),
        ],
        schema=GAP_SCHEMA,
        orient="row",
    )
    results = [
        plan_end(exits, PROVENANCE, months=MONTHS),
        plan_gap(exits, PROVENANCE, months=MONTHS),
        plan_agreement(AGREEMENT.with_columns(n_persons=300), PROVENANCE),
        contact_rate(sums_of([9] * 9, [7] * 9, arm=["pilot"], period=["custody"], n_without=[2]), PROVENANCE),
        case_open_days(sums_of([7] * 303, [9] * 303, arm=["pilot"], n_open=[300]), PROVENANCE),
    ]
    released = {one.name: one.cells for one in release_all(results, load_policy("standard"))}
    died = pl.col("state") == "died"
    assert set(released["plan_end"].filter(died)["n_persons"]) == {None}
    assert released["plan_gap"].filter(pl.col("gap") == "died")["n_persons_status"].to_list() == ["suppressed_primary"]
    assert released["contact_rate"]["estimate"].to_list() == [None]
    assert released["case_open_days"]["n_open"].to_list() == [None]
    # States and gaps add up to all, so one hidden number is never alone.
    assert min(n_hidden(released["plan_end"], "month")) > 1
    assert min(n_hidden(released["plan_gap"], "arm")) > 1


def test_what_does_not_add_up_does_not_leave() -> None:
    others = pl.DataFrame([("pilot", 800, "left", None, None, 6)], schema=GAP_SCHEMA, orient="row")
    results = [plan_end(EXITS, PROVENANCE, months=MONTHS), plan_gap(others, PROVENANCE, months=MONTHS)]
    with pytest.raises(DisclosureError, match="counts do not add up as declared"):
        release_all(results, load_policy("standard"))


def rounded(frame: pl.DataFrame) -> list[tuple[float | None, ...]]:
    return frame.select(pl.col("share", "conf_low", "conf_high").round(3)).rows()


def n_hidden(frame: pl.DataFrame, group: str) -> list[int]:
    hidden = frame.filter(pl.col("n_persons_status").cast(pl.String).str.starts_with("suppressed"))
    return hidden.group_by(group).len()["len"].to_list()
