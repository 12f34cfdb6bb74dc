"""Sentences from tables: every state of a cell, and what must never be said."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from evalkit.reporting import survival_wording, wording
from evalkit.reporting.bundle import Bundle
from evalkit.reporting.edition import Edition
from evalkit.reporting.language import load_language
from evalkit.reporting.power import minimum_detectable_difference

PILOT, REFERENCE = "pilot", "comparison"
HIDDEN = "suppressed_primary"


def edition(tables: dict[str, list[dict[str, Any]]], language: str = "da", **study: object) -> Edition:
    arms = [{"name": name, "label": {"da": name.title(), "en": name.title()}} for name in (REFERENCE, PILOT)]
    facts = {"arms": arms, "kind": "register", "horizon": 731, "horizon_label": {"da": "24 måneder", "en": "24 months"}}
    manifest = {"study": facts | study, "policy": {"min_cell": 5}}
    frames = {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in tables.items()}
    return Edition(Bundle(Path("bundle"), manifest, frames), load_language(language))


def risk(pilot: float | None, reference: float | None, n: int = 500) -> list[dict[str, Any]]:
    return [
        {
            "arm": arm,
            "n_persons": None if share is None else n,
            "n_persons_status": HIDDEN if share is None else "published",
            "estimate": share,
            "estimate_status": HIDDEN if share is None else "published",
        }
        for arm, share in ((PILOT, pilot), (REFERENCE, reference))
    ]


def difference(estimate: float | None, low: float | None, high: float | None) -> list[dict[str, Any]]:
    status = HIDDEN if estimate is None else "published"
    values = {"estimate": estimate, "conf_low": low, "conf_high": high}
    row = {"measure": "risk_difference"} | values | {f"{name}_status": status for name in values}
    return [row]


def test_headline_in_danish_and_english() -> None:
    tables = {"risk": risk(0.587, 0.664)}
    assert wording.risk_sentence(edition(tables)) == (
        "Af hver 100 løsladte i pilotgruppen begik 59 ny kriminalitet inden for 24 måneder, "
        "mod 66 i sammenligningsgruppen."
    )
    assert wording.risk_sentence(edition(tables, "en")) == (
        "Of every 100 people released in the pilot group, 59 reoffended within 24 months, "
        "against 66 in the comparison group."
    )


def test_headline_with_one_group_hidden_says_so() -> None:
    said = wording.risk_sentence(edition({"risk": risk(None, 0.664)}))
    assert "begik 66 ny kriminalitet" in said
    assert "for få personer i pilotgruppen til at vise et tal" in said
    said = wording.risk_sentence(edition({"risk": risk(0.587, None)}))
    assert "begik 59 ny kriminalitet" in said
    assert "for få personer i sammenligningsgruppen" in said


def test_headline_with_both_groups_hidden_has_no_number() -> None:
    assert not re.search(r"\d", wording.risk_sentence(edition({"risk": risk(None, None)})))
    assert not re.search(r"\d", wording.risk_sentence(edition({})))


def test_delivered_outcome_is_named_as_the_study_names_it() -> None:
    delivered = edition(
        {"risk": risk(0.2222, 0.3056)},
        "en",
        kind="time_to_event",
        event_label={"da": "anholdt inden for 52 uger", "en": "arrested within 52 weeks"},
        horizon_label={"da": "52 uger", "en": "52 weeks"},
        arms=[{"name": REFERENCE, "label": {"en": "No aid"}}, {"name": PILOT, "label": {"en": "Aid"}}],
    )
    assert delivered.event == "arrested within 52 weeks"
    # arms that a locale has a phrase for are named by it; the label is for those that it does not know
    assert wording.risk_sentence(delivered).startswith("Arrested within 52 weeks: 22 of every 100 ")


@pytest.mark.parametrize(
    ("numbers", "estimate", "interval", "side"),
    [
        ((-0.078, -0.114, -0.021), "7|8 færre", "alt fra 11 færre til 2 færre pr. 100", "peger på færre"),
        ((-0.03, -0.09, 0.03), "3 færre", "alt fra 9 færre til 3 flere pr. 100", "afgør derfor ikke"),
        ((0.05, 0.02, 0.08), "5 flere", "alt fra 2 flere til 8 flere pr. 100", "peger på flere"),
        ((0.001, -0.04, 0.042), "omtrent lige mange", "alt fra 4 færre til 4 flere pr. 100", "afgør derfor ikke"),
        ((-0.0833, -0.166, -0.0006), "8 færre", "alt fra 17 færre til under 1 færre pr. 100", "peger på færre"),
        ((-0.05, -0.1, 0.0), "5 færre", "alt fra 10 færre til lige mange pr. 100", "afgør derfor ikke"),
        ((0.05, 0.049, 0.051), "5 flere", "passer bedst med 5 flere pr. 100", "peger på flere"),
    ],
)
def test_difference_and_its_range(numbers: tuple[float, float, float], estimate: str, interval: str, side: str) -> None:
    said = wording.difference_sentences(edition({"contrast": difference(*numbers)}))
    assert re.search(estimate, said)
    assert interval in said
    assert side in said


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_range_across_zero_is_never_called_the_absence_of_an_effect(language: str) -> None:
    said = wording.difference_sentences(edition({"contrast": difference(0.0, -0.03, 0.03)}, language)).lower()
    assert not re.search(r"effekt|effect|virk|work|skyldes|caus|ingen forskel|no difference|signifi", said)


def test_a_hidden_difference_is_said_to_be_hidden() -> None:
    said = wording.difference_sentences(edition({"contrast": difference(None, None, None)}))
    assert said == "Forskellen kan ikke vises, fordi der er for få personer."
    assert wording.difference_sentences(edition({})) == said


# R 4.2: power.prop.test(n =, p1 =, p2 =, sig.level = .05, strict = FALSE) solved for a power of .8
@pytest.mark.parametrize(
    ("n", "risk_reference", "smallest"), [(1000, 0.5, 0.062486), (216, 66 / 216, 0.116030), (400, 0.66, 0.096401)]
)
def test_smallest_difference_is_rs(n: int, risk_reference: float, smallest: float) -> None:
    assert minimum_detectable_difference(n, n, risk_reference) == pytest.approx(smallest, abs=5e-7)


def test_smallest_difference_in_words() -> None:
    said = wording.smallest_difference_sentence(edition({"risk": risk(0.6, 0.66, n=400)}))
    assert "Med 400 og 400 personer" in said
    assert "mindst 9,6 pr. 100" in said
    assert "80 procents sandsynlighed" in said


def test_smallest_difference_of_a_study_that_could_show_nothing() -> None:
    said = wording.smallest_difference_sentence(edition({"risk": risk(0.2, 0.2, n=10)}))
    assert "selv den størst mulige nedgang" in said
    hidden = wording.smallest_difference_sentence(edition({"risk": risk(None, 0.2)}))
    assert not re.search(r"\d", hidden)


def continuity(pilot: float | None, reference: float | None) -> list[dict[str, Any]]:
    return [
        {
            "arm": arm,
            "domain": domain,
            "checkpoint": checkpoint,
            "share": share,
            "share_status": "suppressed_secondary" if share is None else "published",
        }
        for arm, share in ((PILOT, pilot), (REFERENCE, reference))
        for domain in ("any", "housing")
        for checkpoint in ("resumed", "3")
    ]


def test_plan_continuity() -> None:
    both = wording.plan_sentence(edition({"continuity": continuity(0.66, 0.46)}))
    went_on = "Af hver 100 med en plan fortsatte 66 med den kort efter løsladelsen i pilotgruppen"
    assert both == f"{went_on}, mod 46 i sammenligningsgruppen."
    one = wording.plan_sentence(edition({"continuity": continuity(0.66, None)}))
    assert one == f"{went_on}. Antallet kan ikke vises i sammenligningsgruppen."
    assert "for få" in wording.plan_sentence(edition({"continuity": continuity(None, None)}))


def test_a_value_beside_a_hidden_status_is_not_shown() -> None:
    """The door leaves null there; should a bundle hold a number all the same, the report does not tell it."""
    rows = continuity(0.66, 0.46)
    rows = [row | {"share_status": HIDDEN} if row["arm"] == PILOT else row for row in rows]
    said = wording.plan_sentence(edition({"continuity": rows}))
    assert "66" not in said
    assert "46" in said


def test_no_plan_recorded_is_told_apart_from_not_continued() -> None:
    states = [
        {
            "arm": arm,
            "domain": "any",
            "checkpoint": "resumed",
            "n_no_plan_recorded": n,
            "n_no_plan_recorded_status": HIDDEN if n is None else "published",
        }
        for arm, n in ((PILOT, None), (REFERENCE, 3174))
    ]
    said = wording.no_plan_sentences(edition({"continuity": states, "risk": risk(0.5, 0.6, n=10444)}))
    assert "3.174 af 10.444 i sammenligningsgruppen havde ingen registreret plan" in said
    assert "Hvor mange i pilotgruppen der ingen registreret plan havde, kan ikke vises" in said
    assert "ikke det samme som »fortsatte ikke«" in said


def test_work_and_education_add_up_and_hide_together() -> None:
    rows = [
        {
            "arm": arm,
            "month": 12,
            "state": state,
            "share": share,
            "share_status": HIDDEN if share is None else "published",
        }
        for arm, shares in ((PILOT, (0.33, None)), (REFERENCE, (0.301, 0.034)))
        for state, share in zip(("employed", "in_education"), shares, strict=True)
    ]
    found = wording.status_shares(edition({"status": rows}))
    assert found[PILOT] is None
    assert found[REFERENCE] == pytest.approx(0.335)
    said = wording.status_sentence(edition({"status": rows}))
    assert "34 af hver 100 i arbejde eller uddannelse i sammenligningsgruppen" in said
    assert "kan ikke vises i pilotgruppen" in said
    assert "33" not in said


def test_window_is_said_with_its_last_day() -> None:
    said = wording.window_sentence(edition({}, index_start="2016-01-01", index_end="2020-01-01"))
    assert said.startswith("De blev løsladt fra 1. januar 2016 til og med 31. december 2019.")
    assert wording.window_sentence(edition({}, index_start=None, index_end=None)) == ""


def test_log_rank_and_overall() -> None:
    row = {"measure": "log_rank", "statistic": 3.83763, "p_value": 0.050116}
    said = survival_wording.log_rank_sentence(edition({"contrast": [row]}))
    assert "χ²\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}3,8376" in said
    assert survival_wording.log_rank_sentence(edition({})) == ""
    overall = {"arm": "all", "estimate": 0.23391}
    assert "0.7661" in survival_wording.overall_sentence(edition({"overall": [overall]}, "en"))
    assert survival_wording.overall_sentence(edition({})) == ""


def test_survival_to_four_decimals() -> None:
    said = survival_wording.survival_sentence(edition({}, "en"), {PILOT: 168 / 216, REFERENCE: 150 / 216})
    assert "0.6944 in the comparison" in said
    assert "0.7778 in the pilot" in said
    assert not re.search(r"\d", survival_wording.survival_sentence(edition({}), {PILOT: 0.5}))
