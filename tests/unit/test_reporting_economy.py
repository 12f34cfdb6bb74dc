"""Money in the report: what stands in which cell, what is said when there is no price, where the plane's lines are."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from evalkit.manifest import study_manifest
from evalkit.programmes import load_programme
from evalkit.reporting.bundle import Bundle
from evalkit.reporting.economy_wording import economy_sentences
from evalkit.reporting.edition import Edition
from evalkit.reporting.figures import draw_plane
from evalkit.reporting.language import LANGUAGES, load_language
from evalkit.reporting.tables import (
    Grid,
    cost_effectiveness_table,
    cost_per_person_table,
    cost_plane_table,
    social_value_table,
)
from evalkit.study import load_study

REPORTS = Path(__file__).parents[2] / "reports"
HIDDEN, SHOWN, NONE = "suppressed_primary", "published", "not_applicable"
NUMBERS = ("estimate", "conf_low", "conf_high", "share_of_draws")
SOURCE = {"en": "The ministry, 2021"}
ECONOMY = {
    "currency": "DKK",
    "reference_cost_per_person": 0.0,
    "n_draws": 1000,
    "value": "no_new_crime",
    "values": [
        {"name": name, "label": {"en": label}, "amount": amount, "years": 10, "price_year": 2021, "source": SOURCE}
        for name, label, amount in (("no_new_crime", "no new crime", 505_300.0), ("working_year", "in work", 557_000.0))
    ],
}


def edition(code: str = "en", **tables: list[dict[str, Any]]) -> Edition:
    arms = [{"name": name, "label": {"en": name.title()}} for name in ("comparison", "pilot")]
    manifest = {"study": {"arms": arms, "kind": "register", "economy": ECONOMY}, "policy": {"min_cell": 5}}
    frames = {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in tables.items()}
    return Edition(Bundle(Path("bundle"), manifest, frames), load_language(code))


def measured(measure: str, *values: float | None, status: str = SHOWN) -> dict[str, Any]:
    """Make a released row of the measure: estimate, interval, share above zero; what is None has the status."""
    row: dict[str, Any] = {"measure": measure}
    for name, value in zip(NUMBERS, values, strict=True):
        row |= {name: value, f"{name}_status": status if value is None else SHOWN}
    return row


PRICE = measured("cost_per_avoided", 403_911.56, 257_034.63, 706_845.24, None, status=NONE)
NO_PRICE = measured("cost_per_avoided", None, None, None, None, status=NONE)
MEASURES = [
    measured("avoided_per_person", 0.07, 0.04, 0.11, 1.0),
    measured("extra_cost_per_person", 28_273.81, 28_273.81, 28_273.81, 1.0),
    PRICE,
    measured("net_benefit_per_person", 7_097.19, -8_061.81, 27_309.19, 0.8),
]
CROSSED = [
    measured("avoided_per_person", 0.04, -0.02, 0.1, 0.9),
    MEASURES[1],
    NO_PRICE,
    measured("net_benefit_per_person", -8_061.81, -38_379.8, 22_256.2, 0.3),
]
HIDDEN_MEASURES = [measured(row["measure"], None, None, None, None, status=HIDDEN) for row in MEASURES]
PLANE = [
    {"quadrant": name, "share_of_draws": share, "share_of_draws_status": SHOWN}
    | {"share_worth_it": worth, "share_worth_it_status": SHOWN}
    for name, share, worth in (
        ("fewer_dearer", 0.9, 0.3),
        ("more_dearer", 0.1, 0.0),
        ("fewer_cheaper", 0.0, 0.0),
        ("more_cheaper", 0.0, 0.0),
    )
]


def cells(grid: Grid | None) -> dict[str, dict[str, str]]:
    assert grid is not None
    return {label: dict(row) for label, row in grid.rows}


@pytest.mark.parametrize("table", [cost_per_person_table, cost_effectiveness_table, cost_plane_table])
def test_there_is_no_table_without_its_numbers(table: Callable[[Edition], Grid | None]) -> None:
    assert table(edition()) is None


def test_a_study_without_money_says_nothing_of_it() -> None:
    bare = Edition(Bundle(Path("bundle"), {"study": {"arms": [], "economy": None}}, {}), load_language("en"))
    assert social_value_table(bare) is None
    assert draw_plane(bare) is None
    assert economy_sentences(bare) == ""


def test_the_cost_of_each_is_named_in_plain_words() -> None:
    rows = [
        {"unit": unit, "n_persons": n, "n_persons_status": status, "cost": 1_740_000.0}
        | {"cost_per_person": cost, "cost_per_person_status": status}
        for unit, n, cost, status in (
            ("referred", 287, 6_062.718, SHOWN),
            ("completed", 174, 10_000.0, SHOWN),
            ("in_work_12_months", None, None, HIDDEN),
        )
    ]
    grid = cost_per_person_table(edition(cost_per_person=rows))
    assert cells(grid) == {
        "Referred": {"n_persons": "287", "cost_per_person": "6,063"},
        "Completed": {"n_persons": "174", "cost_per_person": "10,000"},
        "In work after 12 months": {"n_persons": "<5", "cost_per_person": "·"},
    }
    assert grid is not None
    assert grid.columns["cost_per_person"] == "DKK per person"
    assert "DKK 1,740,000" in grid.notes[0]
    danish = cost_per_person_table(edition("da", cost_per_person=rows))
    assert danish is not None
    assert danish.columns["cost_per_person"] == "Kr. pr. person"
    assert "1.740.000 kr." in danish.notes[0]


def test_what_one_fewer_costs_and_what_it_is_worth() -> None:
    """Estimated amounts have three digits; the extra cost is known and has no interval."""
    grid = cost_effectiveness_table(edition(cost_effectiveness=MEASURES))
    assert cells(grid) == {
        "Fewer who reoffend per 100 in the pilot group": {
            "estimate": "7.0",
            "interval": "4.0 – 11.0",
            "share_above_zero": "100%",
        },
        "Extra cost per person in the pilot group, DKK": {
            "estimate": "28,274",
            "interval": "a known amount",
            "share_above_zero": "100%",
        },
        "Price of one fewer who reoffends, DKK": {
            "estimate": "404,000",
            "interval": "257,000 – 707,000",
            "share_above_zero": "–",
        },
        "Value of the difference less the extra cost, per person in the pilot group, DKK": {
            "estimate": "7,100",
            "interval": "\N{MINUS SIGN}8,060 to 27,300",
            "share_above_zero": "80%",
        },
    }
    assert grid is not None
    assert len(grid.notes) == 1
    assert "1,000 samples" in grid.notes[0]


def test_where_the_plane_is_crossed_the_table_says_why_there_is_no_price() -> None:
    grid = cost_effectiveness_table(edition(cost_effectiveness=CROSSED))
    price = cells(grid)["Price of one fewer who reoffends, DKK"]
    assert (price["estimate"], price["interval"]) == ("–", "–")
    assert grid is not None
    assert "crosses zero" in grid.notes[1]


def test_hidden_amounts_are_not_said_to_be_missing() -> None:
    grid = cost_effectiveness_table(edition(cost_effectiveness=HIDDEN_MEASURES))
    assert {value for row in cells(grid).values() for value in row.values()} == {"·"}
    assert grid is not None
    assert not any("crosses zero" in note for note in grid.notes)


def test_the_quadrants_are_written_in_words() -> None:
    grid = cost_plane_table(edition(cost_plane=PLANE))
    assert cells(grid)["Fewer, and it costs more"] == {"share_of_draws": "90%", "share_worth_it": "30%"}
    assert cells(grid)["No fewer, and it costs more"] == {"share_of_draws": "10%", "share_worth_it": "0%"}


def test_values_have_their_year_and_source_and_the_one_used_is_marked() -> None:
    grid = social_value_table(edition())
    assert cells(grid) == {
        "No new crime": {"amount": "505,300", "value_years": "10", "price_year": "2021", "is_used": "Used"},
        "In work": {"amount": "557,000", "value_years": "10", "price_year": "2021", "is_used": ""},
    }
    assert grid is not None
    assert grid.notes[0].endswith("Source: The ministry, 2021.")


@pytest.mark.parametrize(
    ("rows", "first", "last"),
    [
        (MEASURES, "is DKK 404,000 (interval: 257,000 – 707,000)", "DKK 505,300, the difference is worth more"),
        (CROSSED, "crosses zero", "in about 30% of the resamples"),
        (
            [MEASURES[0], measured("extra_cost_per_person", -5.0, -5.0, -5.0, 0.0), NO_PRICE, MEASURES[3]],
            "costs no more than the comparison",
            "in about 80% of the resamples",
        ),
        (HIDDEN_MEASURES, "too few people", "against the difference"),
    ],
)
def test_the_sentence_gives_a_price_only_where_there_is_one(rows: list[dict[str, Any]], first: str, last: str) -> None:
    said = economy_sentences(edition(cost_effectiveness=rows))
    assert first in said
    assert last in said
    assert said.startswith("If the whole difference") == (rows is MEASURES)


def test_the_plane_shows_the_estimate_its_interval_and_the_line_of_worth() -> None:
    drawing = draw_plane(edition(cost_effectiveness=CROSSED, cost_plane=PLANE))
    assert drawing is not None
    (axes,) = drawing.figure.axes
    lines = [np.array(line.get_xydata()).tolist() for line in axes.get_lines()]
    assert [[pytest.approx(-2), pytest.approx(28_273.81)], [pytest.approx(10), pytest.approx(28_273.81)]] in lines
    assert [[pytest.approx(4), pytest.approx(28_273.81)]] in lines
    slopes = [
        (line[1][1] - line[0][1]) / (line[1][0] - line[0][0]) for line in lines if line[0][0] < -2 < 2 < line[1][0]
    ]
    assert any(slope == pytest.approx(5_053) for slope in slopes)  # 505,300 a person is 5,053 for one per 100
    corners = {text.get_text() for text in axes.texts}
    assert {"Fewer,\nand it costs more:\n90%", "No fewer,\nand it costs more:\n10%"} <= corners
    assert "4.0 fewer (\N{MINUS SIGN}2.0 to 10.0) and an extra cost of 28,274" in drawing.alternative
    assert "Fewer, and it costs more: 90%" in drawing.alternative


def test_a_hidden_estimate_is_not_drawn() -> None:
    assert draw_plane(edition(cost_effectiveness=HIDDEN_MEASURES, cost_plane=PLANE)) is None


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_text_about_money_speaks_of_effects_or_savings(code: str) -> None:
    texts = load_language(code).texts
    page = (REPORTS / "_economy.qmd").read_text(encoding="utf-8")
    named = set(re.findall(r'text\("([a-z_.]+)"\)', page))
    named |= {f"caption.{name}" for name in re.findall(r'caption\("([a-z_]+)"\)', page)}
    named |= {key for key in texts if key.startswith(("economy.", "economy_unit.", "quadrant."))}
    named |= {f"note.{name}" for name in ("cost_per_person", "cost_effectiveness", "cost_plane", "social_value")}
    assert len(named) > 25
    for key in named:
        assert not re.search(r"effe[ck]t|virkning|besparelse|\bspare|\bsav(e|ing)", texts[key], re.IGNORECASE), key


def test_the_pilots_study_has_the_whole_grant_and_only_its_report_the_section() -> None:
    economy = load_study(REPORTS / "haandholdt_inklusion" / "study.toml").definition.economy
    budget = load_programme("haandholdt_inklusion").budget
    assert economy is not None
    assert budget is not None
    assert economy.cost_dkk == pytest.approx(1e6 * budget.total_millions)
    with_section = {
        page.parent.name for page in REPORTS.glob("*/report.qmd") if "_economy.qmd" in page.read_text(encoding="utf-8")
    }
    assert with_section == {"haandholdt_inklusion"}


def test_the_manifest_says_what_outcomes_are_worth() -> None:
    study = load_study(REPORTS / "haandholdt_inklusion" / "study.toml")
    economy = study_manifest(study, ())["economy"]
    assert isinstance(economy, dict)
    assert (economy["value"], economy["currency"], economy["n_draws"]) == ("no_new_crime", "DKK", 1000)
    amounts = {one["name"]: (one["amount"], one["price_year"]) for one in economy["values"]}
    assert amounts == {
        "no_new_crime": (505_300, 2021),
        "no_new_serious_crime": (764_000, 2021),
        "working_year": (557_000, 2021),
    }
    assert study_manifest(load_study(REPORTS / "juvu" / "study.toml"), ())["economy"] is None
