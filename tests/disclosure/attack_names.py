"""What each count of each table counts, in the words of what the tables mean: a name that stands twice is one count."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from tests.disclosure.attacker import Attacker, Name

HORIZON = 731
STATES = ("continuing", "completed", "not_continued", "unknown_end", "returned_to_custody", "dead", "emigrated")
LAST_STEPS = ("offer", "exposure")

Row = Mapping[str, object]
Namer = Callable[[Row], Name]


def name_in_attrition(row: Row) -> Name:
    return ("n", row["arm"]) if row["reason"] in LAST_STEPS else ("step", row["step"], row["arm"])


def name_of_arm(row: Row) -> Name:
    return "n", row["arm"]


def name_at_horizon(word: str) -> Namer:
    return lambda row: (word, row.get("arm", "all"), row.get("time", HORIZON))


def name_of_state(state: str) -> Namer:
    return lambda row: ("plan", row["arm"], row["domain"], row["checkpoint"], state)


def name_counted(row: Row) -> Name:
    arm = row.get("arm", "all")
    return ("severity", arm, "custodial") if row["measure"] == "custodial_rate" else ("events", arm, HORIZON)


def name_resumed(row: Row) -> Name:
    """Whose plan has an end to look at: whose was resumed, in whatever domain."""
    return "plan", row["arm"], "any", "resumed", "continuing"


def name_asked(row: Row) -> Name:
    """Whom a measure on the day of release concerns."""
    arm, measure = row["arm"], row["measure"]
    some: dict[object, Name] = {
        "municipality_told_of_transfer": ("transferred", arm),
        "job_centre_before_parole": ("baseline", arm, "release_type", "parole"),
        "plan_in_remand": ("baseline", arm, "release_type", "remand_end"),
        "housing_settled": ("plan", arm, "housing"),
        "plan_begun_inside": ("plan", arm, "any"),
        "benefit_settled": ("neither work nor education", arm),
    }
    return some.get(measure, ("n", arm))


def name_done(row: Row) -> Name:
    """Whoever has not worked in the year before is told by what is known of everyone, too."""
    if row["measure"] == "sign_without_work":
        return "baseline", row["arm"], "worked_year_before_admission", "no"
    return "done", row["arm"], row["measure"]


def name_in_group(row: Row) -> Name:
    """Whom a measure of a group concerns: those with a plan, or everyone in the group."""
    if row["measure"] == "plan_goes_on":
        return "plan", row["arm"], "any", "in", row["group"]
    return "baseline", row["arm"], "collaboration_model", row["group"]


def name_in_period(row: Row) -> Name:
    """Everyone's stay is at least two weeks long, so everyone has a day in custody."""
    return ("n", row["arm"]) if row["period"] == "custody" else ("followed after release", row["arm"])


def name_areas(word: str) -> Namer:
    return lambda row: ("area", row["arm"], row["domain"], word)


def name_in_phase(row: Row) -> Name:
    """Everybody is visited; whoever is enrolled is in the first phase, and in the programme as a whole."""
    named: dict[object, Name] = {
        "visitation": ("cases", "referred"),
        "intro": ("cases", "enrolled"),
        "whole": ("cases", "enrolled"),
    }
    return named.get(row["phase"], ("phase", row["phase"]))


def name_over(row: Row) -> Name:
    """Whose time in the programme as a whole is over has finished."""
    return ("cases", "finished") if row["phase"] == "whole" else ("over", row["phase"])


def name_judged_short(row: Row) -> Name:
    """Everyone whose time in a phase with a least length is over can be judged."""
    return ("judged short", row["phase"]) if row["n_short_status"] == "not_applicable" else name_over(row)


def name_of_target(word: str) -> Namer:
    """Whom a target is about is told by other tables too, and so are those whose course is over."""
    elsewhere: dict[tuple[object, str], Name] = {
        ("completed", "persons"): ("cases", "enrolled"),
        ("not_charged_during", "persons"): ("cases", "enrolled"),
        ("not_charged_during", "mature"): ("cases", "finished"),
        ("follows_plan", "persons"): ("end", "completed"),
        ("not_convicted_24_months", "persons"): ("n", "pilot"),
    }
    return lambda row: elsewhere.get((row["target"], word), ("target", row["target"], word))


def name_paid_for(row: Row) -> Name:
    """Who the whole cost is divided by: cases of the list, or those of the pilot arm who are in work."""
    unit = str(row["unit"])
    if unit == "completed":
        return "end", "completed"
    if unit.startswith("in_work_"):
        return "status", "pilot", int(unit.split("_")[2]), "employed"
    return "cases", unit


AT_HORIZON = {"n_events": name_at_horizon("events"), "n_left": name_at_horizon("left")}
BOTH_ARMS: dict[str, Namer] = {"n_reference": lambda _: ("n", "comparison"), "n_treated": lambda _: ("n", "pilot")}
ON_CURVE = {**AT_HORIZON, "n_at_risk": name_at_horizon("followed")}


def name_at_end(instrument: str, end: str) -> Namer:
    return lambda row: (end, row["arm"], instrument, row["dimension"], row["month"])


def name_answer(word: str) -> Namer:
    return lambda row: ("criterion", row["criterion"], word)


def name_measured(instrument: str, *ends: str) -> dict[str, Namer]:
    """One person's first score is one, whatever the month; each later one may or may not be there."""
    named: dict[str, Namer] = {
        "n_persons": lambda row: ("measured", row["arm"], instrument),
        "n_first": lambda row: ("first", row["arm"], instrument, row["dimension"]),
        "n_pairs": lambda row: ("pairs", row["arm"], instrument, row["dimension"], row["month"]),
    }
    for end in ends:
        named[f"n_{end}_first"] = name_at_end(instrument, end)
    return named


NAMES: dict[str, dict[str, Namer]] = {
    "attrition": {
        "n_persons": name_in_attrition,
        "n_excluded": lambda row: ("excluded", row["step"], row["arm"]),
    },
    "baseline": {"n_persons": lambda row: ("baseline", row["arm"], row["variable"], row["level"])},
    "risk": {"n_persons": name_of_arm, **AT_HORIZON},
    "overall": {"n_persons": name_of_arm, **AT_HORIZON},
    "contrast": {"n_persons": lambda _: ("n", "all"), "n_events": name_at_horizon("events")},
    "curve": ON_CURVE,
    "survival": ON_CURVE,
    "continuity": {
        "n_persons": name_of_arm,
        "n_no_plan_recorded": lambda row: ("no plan", row["arm"], row["domain"]),
        "n_plan_without_activity": lambda row: ("idle plan", row["arm"], row["domain"]),
        "n_with_plan": lambda row: ("plan", row["arm"], row["domain"]),
        **{f"n_{state}": name_of_state(state) for state in STATES},
    },
    "severity": {"n_persons": lambda row: ("severity", row["arm"], row["tier"])},
    "frequency": {"n_persons": lambda row: ("times", row["arm"], row["times"])},
    "reoffending_set": {"n_persons": name_of_arm, "n_counted": name_counted},
    "reoffending_set_contrast": {"n_persons": lambda _: ("n", "all"), "n_counted": name_counted},
    "definition_panel": {"n_persons": name_of_arm},
    "sensitivity": {"n_persons": name_of_arm},
    "maturity": {"n_persons": lambda row: ("quarter", row["quarter"])},
    "left_out": {"n_persons": lambda row: ("left out", row["arm"], row["reason"])},
    "status": {"n_persons": lambda row: ("status", row["arm"], row["month"], row["state"])},
    "work_start": {"n_persons": name_of_arm, "n_started": lambda row: ("begun", row["arm"], row["month"])},
    "retention": {
        # Followed for 24 months, 12 of them after work began: these are who had begun within 12.
        "n_starters": lambda row: ("begun", row["arm"], 12),
        "n_working": lambda row: ("stayed", row["arm"], row["month"]),
    },
    "working_year": {"n_persons": name_of_arm, "n_most_of_year": lambda row: ("most of the year", row["arm"])},
    "self_support": {
        "n_persons": name_of_arm,
        "n_self_supporting": lambda row: ("self-supporting", row["arm"], row["month"]),
        "n_paid": lambda row: ("self-supporting by work", row["arm"], row["month"]),
    },
    "time_in_state": {"n_persons": name_of_arm, "n_ever": lambda row: ("ever", row["arm"], row["state"])},
    "state_weeks": {"n_persons": lambda row: ("week", row["arm"], row["week"], row["state"])},
    "transitions": {"n_persons": lambda row: ("changed", row["arm"], row["from_state"], row["to_state"])},
    "continuity_evidence": {
        "n_persons": lambda row: ("evidence", row["arm"], row["domain"], row["checkpoint"], row["evidence"])
    },
    "plan_end": {
        "n_resumed": name_resumed,
        "n_persons": lambda row: ("ended", row["arm"], row["month"], row["state"]),
    },
    "plan_gap": {"n_resumed": name_resumed, "n_persons": lambda row: ("gap", row["arm"], row["gap"])},
    "process": {"n_persons": name_asked, "n_reached": name_done},
    "plan_agreement": {
        "n_persons": lambda row: ("both plans", row["arm"]),
        **{f"n_{word}": name_areas(word) for word in ("any", "both", "prison_only", "municipality_only")},
        "n_plan_unknown": name_areas("unknown"),
    },
    "case_open_days": {"n_persons": name_of_arm, "n_open": lambda row: ("had one open", row["arm"])},
    "contact_rate": {"n_persons": name_in_period, "n_without": lambda row: ("no contact", row["arm"], row["period"])},
    # Releases, not persons: somebody released twice in a year stands there twice.
    "municipality_release": {"n_releases": lambda row: ("releases", row["municipality"], row["year"])},
    "by_collaboration_model": {
        "n_persons": name_in_group,
        "n_reached": lambda row: ("reached", row["arm"], row["group"], row["measure"], row["month"]),
    },
    "programme_end": {
        "n_persons": lambda row: ("end", row["end_state"]),
        "n_died": lambda row: ("died", row["end_state"]),
        "n_total": lambda row: ("cases", row["denominator"]),
    },
    "programme_course": {
        "n_enrolled": lambda _: ("cases", "enrolled"),
        "n_persons": lambda row: ("course", row["month"], row["state"]),
    },
    "programme_phase": {
        "n_persons": name_in_phase,
        "n_over": name_over,
        "n_judged_long": lambda row: ("judged long", row["phase"]),
        "n_long": lambda row: ("long", row["phase"]),
        "n_judged_short": name_judged_short,
        "n_short": lambda row: ("short", row["phase"]),
    },
    "programme_cadence": {
        "n_persons": lambda row: ("rule", row["rule"]),
        "n_kept": lambda row: ("kept", row["rule"]),
    },
    "programme_attendance": {
        "n_persons": lambda _: ("with an appointment",),
        "n_all_kept": lambda _: ("kept every appointment",),
    },
    "criteria": {
        "n_persons": lambda _: ("cases", "enrolled"),
        **{f"n_{word}": name_answer(word) for word in ("answered", "yes", "no", "not_answered")},
    },
    "targets": {f"n_{word}": name_of_target(word) for word in ("persons", "mature", "reached")},
    "dose": {"n_persons": lambda row: ("days", row["state"])},
    "assessments_forandringskompas": name_measured("compass", "lowest", "highest"),
    "assessments_tilvaerelsespsykologi": name_measured("psychology"),
    "cost_per_person": {"n_persons": name_paid_for},
    "cost_effectiveness": BOTH_ARMS,
    "cost_plane": BOTH_ARMS,
    "money_by_year": {"n_persons": lambda row: ("began", row["year"])},
}
"""Table and column to what a row of it counts."""


def read_tables(tables: Mapping[str, pl.DataFrame], attacker: Attacker) -> None:
    """Give every count of every table about persons the name of what it counts."""
    assert set(tables) <= {*NAMES, "delivery"}, "a table that the attacker does not use"
    for table in (name for name in NAMES if name in tables):
        columns = NAMES[table]
        unread = [name for name in tables[table].columns if name.startswith("n_") and not name.endswith("_status")]
        assert set(unread) == set(columns), f"{table}: a count that the attacker does not use"
        for row in tables[table].iter_rows(named=True):
            for column, name in columns.items():
                attacker.read(name(row), row[column], row[f"{column}_status"])
