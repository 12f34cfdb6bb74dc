"""The rules of the Norwegian truth, at their edges, on tables made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from evalkit.synthetic import load_scenario
from evalkit.synthetic.days import NEVER, day_number
from evalkit.synthetic.norway import draw_norway
from evalkit.synthetic.norway_scenario import EXIT_STATES
from evalkit.synthetic.norway_stays import EXITS
from evalkit.synthetic.norway_truth import NorwayTruth, norway_truth
from evalkit.synthetic.plans import COMPLETED, OPEN, PlanTables

Row = dict[str, int | bool]

RELEASE = day_number(date(2015, 3, 10))
ADMISSION = RELEASE - 14


STAY: Row = {"person": 0, "stay": 1, "admission": ADMISSION, "release": RELEASE, "exit": EXITS.index("endt_straff")}
STATE: Row = {"person": 0, "state": 2, "start": 0, "last": 0}
PROGRAMME: Row = {"person": 0, "begun": 0, "ended": 0, "exit": -1, "second_exit": -1}
PLAN: Row = {"person": 0, "plan": 1, "is_municipal": True, "created": 0, "closed": 0}
ACTIVITY: Row = {"person": 0, "plan": 1, "domain": 0, "planned": 0, "begun": 0, "ended": 0, "end": OPEN}
WENT_TO = {name: place for place, name in enumerate(EXIT_STATES)}


def one_row(row: Row, changes: Row | None) -> pl.DataFrame:
    """Make a table of one row, or of none where nothing is said of it."""
    frame = pl.DataFrame([row | (changes or {})])
    return frame if changes is not None else frame.clear()


def by_hand(
    *,
    stay: Row | None = None,
    state: Row | None = None,
    programme: Row | None = None,
    plan: Row | None = None,
    activity: Row | None = None,
) -> NorwayTruth:
    """Count one person with one stay of fourteen days."""
    scenario = load_scenario("kvp_samordning")
    assert scenario.norway is not None
    drawn = draw_norway(np.random.default_rng(1), scenario.norway, 1)
    changed = replace(
        drawn,
        stays=one_row(STAY, stay or {}),
        places=pl.DataFrame({"stay": [1], "start": [ADMISSION], "prison": [0]}),
        states=one_row(STATE, state),
        programmes=one_row(PROGRAMME, programme),
        plans=PlanTables(plans=one_row(PLAN, plan), activities=one_row(ACTIVITY, activity)),
    )
    return norway_truth(changed)


@pytest.mark.parametrize(
    ("stay", "n_persons"),
    [
        ({}, 1),
        ({"admission": ADMISSION + 1}, 0),
        ({"exit": EXITS.index("hjemmesoning")}, 0),
        ({"exit": EXITS.index("varetekt_opphevet")}, 1),
        ({"release": day_number(date(2013, 1, 1)), "admission": 0}, 1),
        ({"release": day_number(date(2012, 12, 31)), "admission": 0}, 0),
        ({"release": day_number(date(2015, 12, 31))}, 1),
        ({"release": day_number(date(2016, 1, 1))}, 0),
    ],
)
def test_which_releases_are_looked_at(stay: Row, n_persons: int) -> None:
    assert by_hand(stay=stay).n_persons == n_persons


@pytest.mark.parametrize(
    ("state", "works", "measure"),
    [
        ({"state": 2, "start": RELEASE, "last": RELEASE}, 1, 0),
        ({"state": 2, "start": RELEASE + 1, "last": NEVER}, 0, 0),
        ({"state": 2, "start": ADMISSION, "last": RELEASE - 1}, 0, 0),
        ({"state": 3, "start": ADMISSION, "last": NEVER}, 0, 1),
        ({"state": 14, "start": ADMISSION, "last": NEVER}, 0, 1),
        ({"state": 4, "start": ADMISSION, "last": NEVER}, 0, 0),
    ],
)
def test_a_state_covers_its_last_day(state: Row, works: int, measure: int) -> None:
    measures = by_hand(state=state).measures
    assert measures["work_at_release"].n_reached == works
    assert measures["other_measure_at_release"].n_reached == measure


@pytest.mark.parametrize(
    ("programme", "on_the_day", "within"),
    [
        ({"begun": RELEASE, "ended": NEVER}, 1, 1),
        ({"begun": RELEASE + 1, "ended": NEVER}, 0, 1),
        ({"begun": RELEASE + 30, "ended": NEVER}, 0, 1),
        ({"begun": RELEASE + 31, "ended": NEVER}, 0, 0),
        ({"begun": ADMISSION, "ended": RELEASE}, 1, 1),
        ({"begun": ADMISSION, "ended": RELEASE - 1}, 0, 0),
    ],
)
def test_a_programme_begins_by_the_day(programme: Row, on_the_day: int, within: int) -> None:
    measures = by_hand(programme=programme).measures
    assert measures["kvp_at_release"].n_reached == on_the_day
    assert measures["kvp_within_days"].n_reached == within


@pytest.mark.parametrize(
    ("exits", "end"),
    [
        ({"exit": WENT_TO["AVSL_SKOLE"], "second_exit": -1}, "education"),
        (
            {"exit": WENT_TO["AVSL_SKOLE"], "second_exit": WENT_TO["AVSL_ARBMARK"]},
            "labour_market_measure",
        ),
        ({"exit": WENT_TO["AVSL_UKJENT"], "second_exit": WENT_TO["AVSL_AAP"]}, "work_assessment"),
        ({"exit": -1, "second_exit": -1}, "unknown"),
        ({"exit": -1, "second_exit": -1, "ended": NEVER}, "open"),
    ],
)
def test_of_several_exits_the_first_in_the_forms_order_stands(exits: Row, end: str) -> None:
    counted = by_hand(programme={"begun": RELEASE, "ended": RELEASE + 90, **exits}).kvp_exits
    assert {name for name, n in counted.items() if n} == {end}


@pytest.mark.parametrize(
    ("plan", "is_open"),
    [
        ({"created": RELEASE - 1, "closed": RELEASE + 1}, 1),
        ({"created": RELEASE, "closed": NEVER}, 0),
        ({"created": ADMISSION, "closed": RELEASE}, 0),
        ({"created": ADMISSION, "closed": NEVER, "is_municipal": False}, 0),
    ],
)
def test_a_case_is_open_on_the_day(plan: Row, is_open: int) -> None:
    assert by_hand(plan=plan).measures["case_open_at_release"].n_reached == is_open


@pytest.mark.parametrize(
    ("activity", "expected"),
    [
        ({"planned": RELEASE - 1, "begun": NEVER, "ended": NEVER}, (1, 0)),
        ({"planned": RELEASE, "begun": NEVER, "ended": NEVER}, (0, 0)),
        ({"planned": RELEASE, "begun": RELEASE, "ended": NEVER}, (0, 0)),
        ({"planned": ADMISSION, "begun": RELEASE, "ended": NEVER}, (1, 1)),
        ({"planned": ADMISSION, "begun": RELEASE + 1, "ended": NEVER}, (1, 0)),
        ({"planned": ADMISSION, "begun": ADMISSION, "ended": RELEASE, "end": COMPLETED}, (1, 1)),
        ({"planned": ADMISSION, "begun": ADMISSION, "ended": RELEASE}, (1, 0)),
        ({"planned": 0, "begun": 0, "ended": ADMISSION - 1, "end": COMPLETED}, (0, 0)),
        ({"planned": 0, "begun": 0, "ended": ADMISSION, "end": COMPLETED}, (1, 1)),
    ],
)
def test_a_need_is_known_before_the_day_and_met_on_it(activity: Row, expected: tuple[int, int]) -> None:
    found = by_hand(activity=activity).measures["need_met_housing"]
    assert (found.n_persons, found.n_reached) == expected
