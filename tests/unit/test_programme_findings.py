"""A programme's indicators on what a study has: counted by hand, and what is lacking is said."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from evalkit.disclosure import load_policy, release_all
from evalkit.indicators.programme_end import programme_end
from evalkit.indicators.targets import targets
from evalkit.indicators.verdict import TargetRules
from evalkit.programmes import (
    Finding,
    Found,
    Seen,
    findings,
    load_programme,
    programme_models,
    programme_parameters,
)
from evalkit.results import Column, Provenance, Result

VINTAGE = date(2016, 1, 1)
PROVENANCE = Provenance("test@0", VINTAGE, {}, "0")
EXIT = load_programme("exit")
EVERYTHING = frozenset(EXIT.layouts)


def frame(columns: str, *rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=columns.split(), orient="row")


# Enrolled in 2013 and 2014: all have had twelve months. Enrolled in 2015: none has, though one has completed already.
ENDS = frame(
    "layout end_state began_in died n_persons",
    ("exit_sag", "completed", date(2013, 5, 1), False, 30),
    ("exit_sag", "interrupted_by_person", date(2013, 5, 1), False, 18),
    ("exit_sag", "open", date(2014, 12, 1), False, 2),
    ("exit_sag", "died", date(2014, 2, 1), True, 1),
    ("exit_sag", "completed", date(2015, 1, 1), False, 6),
    ("exit_sag", "open", date(2015, 3, 1), False, 9),
    ("exit_sag", "not_enrolled", date(2014, 3, 1), False, 40),
    ("tilbud", "completed", date(2014, 3, 1), False, 99),
)
CHARGES = frame(
    "layout ended charged n_persons",
    ("exit_sag", True, False, 50),
    ("exit_sag", True, True, 5),
    ("exit_sag", False, False, 11),
)
PLANS = frame(
    "layout state n_persons",
    ("exit_sag", "continuing", 20),
    ("exit_sag", "not_continued", 6),
    ("exit_sag", "no_plan_recorded", 5),
    ("exit_sag", "open", 5),
)
OFFERS = frame("state n_persons", ("employed", 12), ("in_education", 8), ("neither", 5), ("open", 2))
MODELS = {
    "programme_end": ENDS,
    "programme_charge": CHARGES,
    "programme_plan": PLANS,
    "programme_offer_state": OFFERS,
}


def result(name: str, rows: pl.DataFrame, *counts: str) -> Result:
    roles = {
        column: Column.count() if column in counts else Column.label() if kind.is_float() else Column.dimension()
        for column, kind in rows.schema.items()
    }
    return Result(name, PROVENANCE, rows, roles)


RISK = result(
    "risk",
    frame(
        "arm n_persons estimate conf_low conf_high",
        ("comparison", 400, 0.5, 0.45, 0.55),
        ("pilot", 60, 0.2, 0.11, 0.31),
    ),
    "n_persons",
)
PANEL = result(
    "definition_panel",
    frame(
        "outcome arm n_persons estimate conf_low conf_high",
        ("dst_two_year", "pilot", 60, 0.6, 0.5, 0.7),
        ("exit_2012", "pilot", 60, 0.3, 0.2, 0.42),
        ("exit_2012", "comparison", 400, 0.3, 0.25, 0.35),
    ),
    "n_persons",
)


def look(**changed: Any) -> dict[str, Finding]:
    given: dict[str, Any] = {
        "delivered": EVERYTHING,
        "vintage": VINTAGE,
        "models": MODELS,
        "results": {"risk": RISK, "definition_panel": PANEL},
        "clock": "programme_end",
        "treated": "pilot",
        "outcome": "exit_2012",
    }
    return {one.indicator: one for one in findings(EXIT, Seen(**{**given, **changed}))}


def counted(finding: Finding) -> tuple[int, int, int | None]:
    assert finding.count is not None
    return finding.count.n_persons, finding.count.n_mature, finding.count.n_reached


def test_completion_is_of_the_enrolled_who_have_had_twelve_months() -> None:
    """66 enrolled; 30 + 18 + 1 + 2 before 2015 have had a year by 1 January 2016, and 30 of those 51 completed."""
    assert counted(look()["completed"]) == (66, 51, 30)


@pytest.mark.parametrize(
    ("vintage", "n_mature"), [(date(2015, 12, 31), 49), (date(2016, 1, 1), 51), (date(2016, 2, 1), 57)]
)
def test_a_month_is_mature_when_its_last_day_is(vintage: date, n_mature: int) -> None:
    assert counted(look(vintage=vintage)["completed"])[1] == n_mature


def test_charges_during_the_programme_are_of_those_who_have_left_it() -> None:
    assert counted(look()["not_charged_during"]) == (66, 55, 50)


def test_completers_follow_their_plan_as_far_as_is_seen() -> None:
    found = look()["follows_plan"]
    assert counted(found) == (36, 31, 20)
    assert found.count is not None
    assert found.count.partly_seen


def test_after_an_offer_contact_is_not_seen() -> None:
    found = look()["contact_work_education_3_months"]
    assert counted(found) == (27, 25, 20)
    assert found.count is not None
    assert found.count.partly_seen


def test_not_convicted_is_one_less_the_risk_of_the_pilot() -> None:
    """Under the study's own outcome, or the same persons under exit_2012."""
    own = look()["not_convicted_24_months"].count
    assert own is not None
    assert own.estimate == pytest.approx((0.8, 0.69, 0.89))
    other = look(outcome="dst_two_year")["not_convicted_24_months"].count
    assert other is not None
    assert other.n_persons == 60
    assert other.estimate == pytest.approx((0.7, 0.58, 0.8))


def test_while_decisions_can_be_missing_the_target_is_open() -> None:
    for stamps, is_open in ((["final", "final"], False), (["final", "provisional"], True)):
        quarters = pl.DataFrame({"quarter": ["2013 Q1", "2013 Q2"], "stamp": stamps, "n_persons": [30, 30]})
        both = {"risk": RISK, "maturity": result("maturity", quarters, "n_persons")}
        count = look(results=both)["not_convicted_24_months"].count
        assert count is not None
        assert count.is_open is is_open


def test_what_the_study_does_not_look_at_is_said() -> None:
    assert look(clock="release")["not_convicted_24_months"].found is Found.OTHER_CLOCK
    assert look(outcome="dst_two_year", results={})["not_convicted_24_months"].found is Found.OTHER_OUTCOME
    short = PANEL.tidy().filter(pl.col("outcome") != "exit_2012")
    without = {"definition_panel": result("definition_panel", short, "n_persons")}
    assert look(outcome="dst_two_year", results=without)["not_convicted_24_months"].found is Found.OTHER_OUTCOME
    found = look()
    assert found["fewer_charges_or_sentences"].found is Found.OTHER_OUTCOME
    assert found["organisational_learning"].found is Found.NOT_COMPUTED
    assert found["attendance"].found is Found.NOT_COMPUTED


def test_an_event_of_another_definition_is_told_by_the_panel() -> None:
    charges = PANEL.tidy().with_columns(pl.lit("charge").alias("outcome"))
    panel = {"definition_panel": result("definition_panel", charges, "n_persons")}
    found = look(results=panel)["fewer_charges_or_sentences"]
    assert (found.found, found.table) == (Found.ELSEWHERE, "definition_panel")


def test_progress_is_told_by_the_instrument_of_the_indicator() -> None:
    compass = {"assessments_forandringskompas": RISK}
    assert look(results=compass)["progress_crime"].table == "assessments_forandringskompas"
    assert look(results=compass)["life_psychology"].found is Found.NOT_COMPUTED


def test_an_extract_in_its_older_form_is_not_lacking() -> None:
    kvp = load_programme("kvp_samordning")
    seen = Seen(frozenset({"kriminalomsorgen", "kvp_2024"}), date(2016, 7, 1), {}, {"process": RISK})
    found = {one.indicator: one for one in findings(kvp, seen)}
    assert (found["kvp_start"].found, found["kvp_start"].table) == (Found.ELSEWHERE, "process")
    assert found["housing_at_release"].lacks == ("handleplan", "planaktivitet")


def test_absent_extracts_are_named_and_the_rest_is_computed() -> None:
    delivered = frozenset({"exit_sag", "kraf", "dod"})
    models = {"programme_end": ENDS}
    found = look(delivered=delivered, models=models, results={}, clock=None, treated=None, outcome=None)
    assert found["completed"].found is Found.COUNTED
    assert found["not_charged_during"].lacks == ("krsi",)
    assert found["follows_plan"].lacks == ("handleplan", "planaktivitet")
    assert found["contact_work_education_3_months"].lacks == ("bfl", "kotre")
    assert found["progress_housing"].lacks == ("forandringskompas",)
    assert found["not_convicted_24_months"].lacks == ("krsi",)


def test_only_what_the_extracts_allow_is_built() -> None:
    assert programme_models(EXIT, {"kraf"}) == ()
    of_list = {"programme_course", "programme_criterion", "programme_end", "programme_phase"}
    assert set(programme_models(EXIT, {"exit_sag"})) == of_list
    of_contacts = {"programme_attendance", "programme_cadence"}
    of_others = of_contacts | {"programme_charge", "programme_offer_state", "programme_plan"}
    assert set(programme_models(EXIT, EVERYTHING)) == of_list | of_others
    with_contacts = programme_models(EXIT, {"exit_sag", "kontakt"})
    assert set(with_contacts) == of_list | of_contacts
    pilot = load_programme("haandholdt_inklusion")
    assert programme_models(pilot, {"tilbud", "krsi"}) == ("programme_course", "programme_end")
    assert programme_models(load_programme("jobupdate"), {"jobupdate_henvisning"}) == (
        "programme_criterion",
        "programme_end",
    )
    with_stays = programme_models(EXIT, {"exit_sag", "krin"}, has_stays=True)
    assert set(with_stays) == of_list | {"programme_dose"}
    assert "programme_dose" not in programme_models(EXIT, {"exit_sag"}, has_stays=True)


def test_parameters_are_the_programmes() -> None:
    given = programme_parameters(EXIT)
    assert given["offer_months"] == 3
    offences = given["programme_offences"]
    assert isinstance(offences, list)
    assert {"1380", "3410", "1292"} <= set(offences)
    assert given["least_talks"] == 1
    assert programme_parameters(load_programme("juvu"))["least_talks"] == 2
    nothing = programme_parameters(None)
    assert (nothing["offer_months"], nothing["programme_offences"], nothing["least_talks"]) == (0, [], 1)


def test_limits_of_phases_are_the_documents() -> None:
    phases = programme_parameters(EXIT)["phases"]
    assert isinstance(phases, list)
    limits = {one["phase"]: (one["least_months"], one["most_months"], one["most_days"]) for one in phases}
    # At most two weeks; at most three months; two to ten; at least one; up to two years; all of it at most twelve.
    assert limits == {
        "": (0, -1, -1),
        "visitation": (0, -1, 14),
        "intro": (0, 3, -1),
        "guidance": (2, 10, -1),
        "outro": (1, -1, -1),
        "follow_up": (0, 24, -1),
        "whole": (0, 12, -1),
    }


def test_a_contact_rule_goes_on_where_the_next_phase_has_the_same() -> None:
    rules = programme_parameters(EXIT)["contact_rules"]
    assert isinstance(rules, list)
    told = [tuple(one.values()) for one in rules if one["rule"]]
    assert told == [
        ("intro_10_days", "intro", 10, 0, 0, 0),
        ("intro_10_days", "guidance", 10, 0, 0, 0),
        ("follow_up_1_months", "follow_up", 0, 1, 0, 3),
        ("follow_up_3_months", "follow_up", 0, 3, 3, 0),
    ]


def test_a_state_on_a_day_is_read_off_the_status() -> None:
    """A programme of the study's own: at least half are in work or education six months after release."""
    juvu = load_programme("juvu")
    one = juvu.indicator("in_work_or_education").model_copy(
        update={"threshold": 0.5, "direction": "at_least", "horizon_months": 6}
    )
    own = juvu.model_copy(update={"indicators": (one,)})
    rows = frame(
        "arm month state n_persons",
        ("pilot", 6, "employed", 20),
        ("pilot", 6, "in_education", 15),
        ("pilot", 6, "no_record", 15),
        ("pilot", 12, "employed", 50),
        ("comparison", 6, "employed", 9),
    )
    seen = Seen(
        frozenset(juvu.layouts), VINTAGE, {}, {"status": result("status", rows, "n_persons")}, "release", "pilot"
    )
    (found,) = findings(own, seen)
    assert counted(found) == (50, 50, 35)
    later = own.model_copy(update={"indicators": (one.model_copy(update={"horizon_months": 24}),)})
    assert findings(later, seen)[0].found is Found.OTHER_MONTH
    without = Seen(frozenset(juvu.layouts), VINTAGE, {}, {}, "release", "pilot")
    assert findings(own, without)[0].found is Found.NOT_COMPUTED
    assert findings(own, Seen(frozenset(juvu.layouts), VINTAGE, {}, {}, "offer", "pilot"))[0].found is Found.OTHER_CLOCK


def test_the_door_takes_targets_and_ends_together() -> None:
    """The relations hold, or the door would say so. Two offers are open: the counts side by side would tell of them."""
    found = look()
    counts = [one.count for one in found.values() if one.count is not None and one.count.arm == "all"]
    table = targets(counts, TargetRules(), PROVENANCE)
    ends = programme_end(ENDS.filter(pl.col("layout") == "exit_sag"), PROVENANCE, enrols=True)
    released = {one.name: one.tidy() for one in release_all((table, ends), load_policy("standard"))}
    verdicts = dict(released["targets"].select("target", "verdict").iter_rows())
    # 30 of 66 begins at .340 and 45 of 66 ends above .5. One charge is enough against none.
    assert verdicts == {
        "completed": "cannot_tell_yet",
        "contact_work_education_3_months": None,
        "follows_plan": "cannot_tell_yet",
        "not_charged_during": "not_met",
    }
