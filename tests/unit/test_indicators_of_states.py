"""Measures that are worked out from the states: shares with their intervals, means that add up, choices that fit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest
from pydantic import ValidationError

from evalkit.indicators import (
    StatusDefinition,
    retention,
    state_weeks,
    status_parameters,
    time_in_state,
    transitions,
    work_start,
    working_year,
)
from evalkit.results import Provenance, Result

PROVENANCE = Provenance("status@0", date(2023, 7, 1), {}, "0")

# Wilson, 95 %, 174 of 248: 64.2 to 75.5 % (domain of the project, JobUpdate); 0 of 10: 0 to z^2 / (10 + z^2) = 27.75 %.
LOW, HIGH, NONE_HIGH = 0.642, 0.755, 0.27753


def wilson(result: Result) -> list[tuple[float, float, float]]:
    return [
        tuple(round(value, 3) for value in row) for row in result.frame.select("share", "conf_low", "conf_high").rows()
    ]


def test_who_had_begun_work_or_education() -> None:
    counts = pl.DataFrame({"arm": ["pilot", "pilot"], "month": [3, 12], "n_persons": [248, 248], "n_started": [0, 174]})
    result = work_start(counts, PROVENANCE, working=["employed", "in_education"])
    assert wilson(result)[1] == (0.702, LOW, HIGH)
    assert result.frame["share"][0] == 0.0
    said = [(one.total[0].where, one.parts[0].table, one.parts[0].where) for one in result.relations]
    assert ({"month": (12,)}, "work_start", {"month": (3,)}) in said
    assert ({"month": (12,)}, "status", {"month": (12,), "state": ("employed", "in_education")}) in said


def test_who_stayed_has_no_share_where_nobody_began() -> None:
    counts = pl.DataFrame({"arm": ["a", "b"], "month": [6, 6], "n_starters": [10, 0], "n_working": [0, 0]})
    frame = retention(counts, PROVENANCE, begun_within=12).frame
    assert frame["share"].to_list() == [0.0, None]
    assert frame["conf_high"][0] == pytest.approx(NONE_HIGH, abs=5e-6)
    assert frame["conf_high"][1] is None


def test_most_of_the_first_year() -> None:
    counts = pl.DataFrame({"arm": ["pilot"], "n_persons": [248], "n_most_of_year": [174]})
    assert wilson(working_year(counts, PROVENANCE)) == [(0.702, LOW, HIGH)]


def test_mean_days_add_up_to_the_whole_time() -> None:
    counts = pl.DataFrame(
        {
            "arm": ["pilot"] * 3,
            "state": ["employed", "benefit", "dead"],
            "n_persons": [4, 4, 4],
            "n_ever": [2, 4, 0],
            "all_days": [730, 2194, 0],
            "all_longest_days": [500, 1600, 0],
        }
    )
    frame = time_in_state(counts, PROVENANCE, months=(24,)).frame
    assert frame["mean_days"].to_list() == [182.5, 548.5, 0.0]
    assert frame["mean_days"].sum() == 731.0
    assert frame["mean_longest_days"].to_list() == [250.0, 400.0, None]


def test_weeks_add_up_to_everyone() -> None:
    counts = pl.DataFrame(
        {"arm": ["a"] * 4, "week": [0, 0, 4, 4], "state": ["dead", "employed"] * 2, "n_persons": [0, 8, 2, 6]}
    )
    result = state_weeks(counts, PROVENANCE)
    assert result.frame["share"].to_list() == [0.0, 1.0, 0.25, 0.75]
    of_weeks = [one for one in result.relations if one.tables == {"state_weeks"}]
    assert [(one.total[0].where["week"], one.parts[0].where["week"]) for one in of_weeks] == [((4,), (0,))]


def test_changes_keep_their_counts() -> None:
    counts = pl.DataFrame({"arm": ["a"], "from_state": ["benefit"], "to_state": ["employed"], "n_persons": [7]})
    assert transitions(counts, PROVENANCE).frame.rows() == [("a", "benefit", "employed", 7)]


def test_the_states_and_their_bits_follow_the_order() -> None:
    definition = StatusDefinition(full_time_hours=130.0, benefit_states={"sick": ("890-892",), "pension": ("783",)})
    assert definition.states == (
        "dead",
        "emigrated",
        "in_custody",
        "employed_full_time",
        "employed",
        "in_education",
        "sick",
        "pension",
        "benefit",
        "no_record",
    )
    values = status_parameters(definition)
    assert values["states"] == [{"state": state, "state_bit": 2**n} for n, state in enumerate(definition.states)]
    assert values["benefit_states"] == [
        *({"state": "sick", "benefit_code": code} for code in ("890", "891", "892")),
        {"state": "pension", "benefit_code": "783"},
    ]
    assert values["work_states"] == [
        {"state": "employed", "over_hours": 0.0},
        {"state": "employed_full_time", "over_hours": 130.0},
    ]
    assert values["working_states"] == ["employed_full_time", "employed", "in_education"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: StatusDefinition(months=(6, 3)), "in order"),
        (lambda: StatusDefinition(months=(0, 3)), "from 1"),
        (lambda: StatusDefinition(full_time_hours=20, min_paid_hours=20), "must be more than min_paid_hours"),
        (lambda: StatusDefinition(benefit_states={"dead": ("730",)}), "no benefit is dead"),
        (lambda: StatusDefinition(benefit_states={"sick": ("89",)}), "neither a code of three digits nor a range"),
        (lambda: StatusDefinition(benefit_states={"sick": ("899-890",)}), "neither a code of three digits nor a range"),
        (lambda: StatusDefinition(benefit_states={"sick": ("890",), "pension": ("880-890",)}), "stands in two states"),
        (lambda: StatusDefinition(order=("dead", "no_record")), "must name each of these once"),
        (
            lambda: StatusDefinition(
                order=("no_record", "dead", "emigrated", "in_custody", "employed", "in_education", "benefit")
            ),
            "must end with no_record",
        ),
        (lambda: StatusDefinition(months=(3, 6)), "retention needs 12 months, but people are followed for 6"),
        (lambda: StatusDefinition(months=(6,), measures=("working_year",)), "working_year needs 12 months"),
    ],
)
def test_choices_that_do_not_fit_are_refused(make: Callable[[], StatusDefinition], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        make()


@pytest.mark.parametrize(("language", "order"), [("da", "sygemeldt"), ("en", "on sickness benefit")])
def test_the_definition_says_its_order_and_its_codes(language: str, order: str) -> None:
    explanation = StatusDefinition(benefit_states={"sick": ("890",)}).explanation
    said = " ".join(explanation.da if language == "da" else explanation.en)
    assert order in said
    assert "890" in said
