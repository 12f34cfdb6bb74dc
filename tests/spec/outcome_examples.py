"""Every rule of the outcome definitions in tiny tables: register rows in, what came first after release out.

Person 1 was released on 1 June 2016; two years later is 1 June 2018, 730 days away, and those who get there without an
event are followed to day 731. The data are complete before 1 July 2023. The pages in ``docs/definitions`` are made of
these examples, and ``test_definitions_outcome.py`` runs every one of them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["EXAMPLES", "Example"]

NOTHING = "study_end 731"
CHARGES = "journal | offence_start_date | offence_end_date | charge_date | offence_code"
DECISIONS = "journal | decision_date | decision_code | offence_code | fine_dkk"
CONFERRED = "journal | own_journal | decision_code | offence_code"
STAYS = "journal | admission_date | release_date | custody_code | facility"


@dataclass(frozen=True)
class Example:
    """One rule at work.

    Parameters
    ----------
    name : str
        What is shown, unique.
    field : str
        The field of the definition that it is about.
    tables : mapping of str to tuple of str
        Register to its rows.
    expected : str
        What came first, and on which day after release.
    changes : mapping of str to object
        What the study file changes in the preset.
    preset : str
        The preset.
    """

    name: str
    field: str
    tables: Mapping[str, tuple[str, ...]]
    expected: str
    changes: Mapping[str, object] = dataclasses.field(default_factory=dict)
    preset: str = "dst_two_year"


def theft(day: str = "2016-09-01", *, decided: str = "2017-01-10", code: str = "1") -> dict[str, tuple[str, ...]]:
    """Return a theft with its decision."""
    return {
        "krsi": (f"a | {day} | - | 2016-09-02 | 133200000",),
        "kraf": (f"a | {decided} | {code} | 133200000 | -",),
    }


def traffic(fine: str, *, law: str = "222080210", code: str = "21") -> dict[str, tuple[str, ...]]:
    """Return a traffic offence with its decision."""
    return {
        "krsi": (f"a | 2016-09-01 | - | 2016-09-02 | {law}",),
        "kraf": (f"a | 2017-01-10 | {code} | {law} | {fine}",),
    }


def violence(code: str, *, decided: str = "2017-01-10", decision: str = "1") -> dict[str, tuple[str, ...]]:
    """Return an offence of any code with its decision."""
    return {
        "krsi": (f"a | 2016-09-01 | - | 2016-09-02 | {code}",),
        "kraf": (f"a | {decided} | {decision} | {code} | -",),
    }


INDEX_DAY = {"index_day_counts": True}
LAST_DAY_OUT = {"window_end_counts": False}
BY_DECISION = {"event_date": "decision_date"}
APPEALED_LATE = {
    "krsi": ("a | 2016-09-01 | - | 2016-09-02 | 133200000",),
    "kraf": ("a | 2017-01-10 | 1 | 133200000 | -", "a | 2020-02-01 | 1 | 133200000 | -"),
}
ACQUITTED_LATE = {
    "krsi": ("a | 2016-09-01 | - | 2016-09-02 | 133200000",),
    "kraf": ("a | 2017-01-10 | 1 | 133200000 | -", "a | 2020-02-01 | 11 | 133200000 | -"),
}
ACQUITTED_SOON = {
    "krsi": ("a | 2016-09-01 | - | 2016-09-02 | 133200000",),
    "kraf": ("a | 2017-01-10 | 1 | 133200000 | -", "a | 2017-09-10 | 11 | 133200000 | -"),
}
OVER_THE_RELEASE = {
    "krsi": ("a | 2016-05-30 | 2016-07-30 | 2016-08-02 | 133200000",),
    "kraf": ("a | 2017-01-10 | 1 | 133200000 | -",),
}
TWO_ACTS = {
    "krsi": ("a | 2016-05-01 | - | 2016-09-02 | 133200000", "a | 2016-08-01 | - | 2016-09-02 | 133200000"),
    "kraf": ("a | 2017-01-10 | 1 | 133200000 | -",),
}
UNDATED = {"krsi": ("a | - | - | 2016-09-02 | 133200000",), "kraf": ("a | 2017-01-10 | 1 | 133200000 | -",)}
CONFERRED_CASE = {
    "krsi": ("main | 2016-01-05 | - | 2016-01-06 | 133200000", "other | 2016-09-01 | - | 2016-09-02 | 133200000"),
    "kraf": ("main | 2017-01-10 | 1 | 133200000 | -",),
    "krko": ("main | other | 1 | 133200000",),
}
EMIGRATED = {**theft(), "vnds": ("2016-07-01 | out", "2016-08-15 | in")}
DEAD = {**theft(), "dod": ("2016-08-01",)}
DIES_ON_THE_DAY = {**theft(), "dod": ("2016-09-01",)}
LEAVES_ON_THE_DAY = {**theft(), "vnds": ("2016-09-01 | out",)}
BACK_INSIDE = {**theft(), "krin": ("x | 2016-07-01 | 2016-07-11 | 3 | A1",)}

EXAMPLES: tuple[Example, ...] = (
    # The event and the window.
    Example("an offence in the window with a guilty decision is the event", "event", theft(), "reoffended 92"),
    Example("a charge without a decision is not", "event", {"krsi": theft()["krsi"]}, NOTHING),
    Example("an acquittal is not", "decisions", theft(code="11"), NOTHING),
    Example("an abandoned prosecution is not", "decisions", theft(code="69"), NOTHING),
    Example("an unfounded charge is not", "decisions", theft(code="34"), NOTHING),
    Example("a dropped case is not", "decisions", theft(code="100"), NOTHING),
    Example("a fine is", "decisions", theft(code="2"), "reoffended 92"),
    Example("an offence the day after release counts", "event", theft("2016-06-02"), "reoffended 1"),
    Example("an offence on the day of release does not", "index_day_counts", theft("2016-06-01"), NOTHING),
    Example("it can be counted, as day 1", "index_day_counts", theft("2016-06-01"), "reoffended 1", INDEX_DAY),
    Example("an offence on the last day counts", "window_end_counts", theft("2018-06-01"), "reoffended 730"),
    Example("the last day can be left out", "window_end_counts", theft("2018-06-01"), NOTHING, LAST_DAY_OUT),
    Example("the day before it stays", "window_end_counts", theft("2018-05-31"), "reoffended 729", LAST_DAY_OUT),
    Example("an offence the day after it does not", "follow_up_months", theft("2018-06-02"), NOTHING),
    Example(
        "a longer follow-up finds it",
        "follow_up_months",
        theft("2018-06-02"),
        "reoffended 731",
        {"follow_up_months": 36, "decision_deadline": {"calendar_years": 4}},
    ),
    # Offence date and decision lag are one setting.
    Example("an old offence decided after release is no new crime", "event_date", theft("2015-09-01"), NOTHING),
    Example("dated by the decision it would be", "event_date", theft("2015-09-01"), "reoffended 223", BY_DECISION),
    Example(
        "an offence in the window decided after it counts",
        "event_date",
        theft("2018-05-01", decided="2019-03-01"),
        "reoffended 699",
    ),
    Example(
        "dated by the decision it would not",
        "event_date",
        theft("2018-05-01", decided="2019-03-01"),
        NOTHING,
        BY_DECISION,
    ),
    Example(
        "a decision on 31 December of the third year counts",
        "decision_deadline",
        theft(decided="2019-12-31"),
        "reoffended 92",
    ),
    Example("a decision the day after does not", "decision_deadline", theft(decided="2020-01-01"), NOTHING),
    Example(
        "one year more",
        "decision_deadline",
        theft(decided="2020-01-01"),
        "reoffended 92",
        {"decision_deadline": {"calendar_years": 4}},
    ),
    Example(
        "months after follow-up: the last day counts",
        "decision_deadline",
        theft(decided="2018-12-01"),
        "reoffended 92",
        {"decision_deadline": {"months_after_follow_up": 6}},
    ),
    Example(
        "months after follow-up: the day after does not",
        "decision_deadline",
        theft(decided="2018-12-02"),
        NOTHING,
        {"decision_deadline": {"months_after_follow_up": 6}},
    ),
    Example(
        "days after follow-up: the last day counts",
        "decision_deadline",
        theft(decided="2018-06-11"),
        "reoffended 92",
        {"decision_deadline": {"days_after_follow_up": 10}},
    ),
    Example(
        "days after follow-up: the day after does not",
        "decision_deadline",
        theft(decided="2018-06-12"),
        NOTHING,
        {"decision_deadline": {"days_after_follow_up": 10}},
    ),
    # Decisions and offences.
    Example("a waived prosecution counts", "waivers_count", theft(code="22"), "reoffended 92"),
    Example("it need not", "waivers_count", theft(code="22"), NOTHING, {"waivers_count": False}),
    Example("the small traffic fine is out", "traffic_fines", traffic("2499"), NOTHING),
    Example("the larger one is in", "traffic_fines", traffic("2500"), "reoffended 92"),
    Example("an unknown amount is not a small one", "traffic_fines", traffic("-"), "reoffended 92"),
    Example("a small fine for theft is in", "traffic_fines", traffic("500", law="133200000"), "reoffended 92"),
    Example("an unknown law is not traffic", "traffic_fines", traffic("500", law="-"), "reoffended 92"),
    Example("a suspended sentence in traffic is no fine", "traffic_fines", traffic("500", code="4"), "reoffended 92"),
    Example(
        "only what is on the list",
        "offences",
        violence("133200000"),
        NOTHING,
        {"offences": {"include": ["12", "1380"]}},
    ),
    Example(
        "a two-digit code is all that begins with it",
        "offences",
        violence("125275210"),
        "reoffended 92",
        {"offences": {"include": ["12", "1380"]}},
    ),
    Example(
        "a four-digit code",
        "offences",
        violence("138072000"),
        "reoffended 92",
        {"offences": {"include": ["12", "1380"]}},
    ),
    Example(
        "what is excluded is out",
        "offences",
        violence("129275610"),
        NOTHING,
        {"offences": {"include": ["12"], "exclude": ["1292"]}},
    ),
    Example(
        "without a code it is not on the list", "offences", violence("-"), NOTHING, {"offences": {"include": ["12"]}}
    ),
    Example(
        "unless that is said",
        "offences",
        violence("-"),
        "reoffended 92",
        {"offences": {"include": ["12"], "unknown_counts": True}},
    ),
    # Several decisions, several acts, unknown days.
    Example("an acquittal on appeal takes it away", "appeal", ACQUITTED_SOON, NOTHING),
    Example("the first decision can stand instead", "appeal", ACQUITTED_SOON, "reoffended 92", {"appeal": "first"}),
    Example("an appeal decided after the deadline hides nothing", "appeal", APPEALED_LATE, "reoffended 92"),
    Example("it would by the latest of all", "appeal", APPEALED_LATE, NOTHING, {"appeal": "latest"}),
    Example("an acquittal after the deadline comes too late as well", "appeal", ACQUITTED_LATE, "reoffended 92"),
    Example("an act over the release is dated by its first day", "offence_interval", OVER_THE_RELEASE, NOTHING),
    Example(
        "it can be dated by its last",
        "offence_interval",
        OVER_THE_RELEASE,
        "reoffended 59",
        {"offence_interval": "end"},
    ),
    Example("two acts of one case, one before release: each by itself", "acts_dated", TWO_ACTS, "reoffended 61"),
    Example("or both by the first", "acts_dated", TWO_ACTS, NOTHING, {"acts_dated": "case"}),
    Example("an unknown day is the decision's", "missing_offence_date", UNDATED, "reoffended 223"),
    Example("so is a missing charge", "missing_offence_date", {"kraf": UNDATED["kraf"]}, "reoffended 223"),
    Example(
        "or the charge's", "missing_offence_date", UNDATED, "reoffended 93", {"missing_offence_date": "charge_date"}
    ),
    Example(
        "which a missing charge has not",
        "missing_offence_date",
        {"kraf": UNDATED["kraf"]},
        "reoffended 223",
        {"missing_offence_date": "charge_date"},
    ),
    Example("or it does not count", "missing_offence_date", UNDATED, NOTHING, {"missing_offence_date": "leave_out"}),
    Example("a case decided under another counts", "conferred_cases_count", CONFERRED_CASE, "reoffended 92"),
    Example("it need not", "conferred_cases_count", CONFERRED_CASE, NOTHING, {"conferred_cases_count": False}),
    Example(
        "its own decision counts, not the main case's",
        "conferred_cases_count",
        {**CONFERRED_CASE, "krko": ("main | other | 69 | 133200000",)},
        NOTHING,
    ),
    Example(
        "one without a decision yet does not count",
        "conferred_cases_count",
        {**CONFERRED_CASE, "krko": ("main | other | 0 | 133200000",)},
        NOTHING,
    ),
    Example(
        "one that has its own decision is not conferred",
        "conferred_cases_count",
        {**CONFERRED_CASE, "kraf": (*CONFERRED_CASE["kraf"], "other | 2017-02-10 | 11 | 133200000 | -")},
        NOTHING,
    ),
    Example(
        "the main case itself is not another",
        "conferred_cases_count",
        {**CONFERRED_CASE, "krko": ("main | main | 1 | 133200000",)},
        NOTHING,
    ),
    # What competes, who leaves, how time runs.
    Example("the dead do not reoffend", "death", DEAD, "died 61"),
    Example("death can censor", "death", DEAD, "died (censored) 61", {"death": "censors"}),
    Example("on one day the offence comes before death", "tie_order", DIES_ON_THE_DAY, "reoffended 92"),
    Example(
        "death can come first",
        "tie_order",
        DIES_ON_THE_DAY,
        "died 92",
        {"tie_order": ["death", "event", "censoring"]},
    ),
    Example(
        "and emigration",
        "tie_order",
        LEAVES_ON_THE_DAY,
        "emigrated 92",
        {"residence": "until_emigration", "tie_order": ["censoring", "death", "event"]},
    ),
    Example("who emigrates is left out, as the source does", "residence", EMIGRATED, "left out"),
    Example("or is followed until then", "residence", EMIGRATED, "emigrated 30", {"residence": "until_emigration"}),
    Example("or followed on", "residence", EMIGRATED, "reoffended 92", {"residence": "ignored"}),
    Example("a return to custody does not end follow-up", "clock", BACK_INSIDE, "reoffended 92"),
    Example(
        "ten days inside can be taken out of the time", "clock", BACK_INSIDE, "reoffended 82", {"clock": "at_risk"}
    ),
    # The other presets.
    Example(
        "an unsuspended sentence counts", "decisions", theft(code="1"), "reoffended 92", preset="kriminalforsorgen"
    ),
    Example("a suspended one does", "decisions", theft(code="4"), "reoffended 92", preset="kriminalforsorgen"),
    Example("a fine does not", "decisions", theft(code="2"), NOTHING, preset="kriminalforsorgen"),
    Example("a waiver does not", "decisions", theft(code="22"), NOTHING, preset="kriminalforsorgen"),
    Example("a measure does not", "decisions", theft(code="3"), NOTHING, preset="kriminalforsorgen"),
    Example("a sentence to serve counts", "decisions", theft(code="81"), "reoffended 92", preset="retur"),
    Example("a fine is none", "decisions", theft(code="21"), NOTHING, preset="retur"),
    Example("robbery is on the list", "offences", violence("138072000"), "reoffended 223", preset="exit_2012"),
    Example("weapons are", "offences", violence("341082310"), "reoffended 223", preset="exit_2012"),
    Example("threats are", "offences", violence("129275610"), "reoffended 223", preset="exit_2012"),
    Example("gross vandalism is", "offences", violence("139077112"), "reoffended 223", preset="exit_2012"),
    Example("other vandalism is not", "offences", violence("139077110"), NOTHING, preset="exit_2012"),
    Example("rape is not", "offences", violence("112073110"), NOTHING, preset="exit_2012"),
    Example("theft is not", "offences", theft(), NOTHING, preset="exit_2012"),
    Example(
        "a decision after two years is too late",
        "event_date",
        violence("138072000", decided="2018-06-02"),
        NOTHING,
        preset="exit_2012",
    ),
    Example(
        "a waiver is no conviction", "decisions", violence("138072000", decision="22"), NOTHING, preset="exit_2012"
    ),
    Example(
        "a year and a day is too long", "follow_up_months", theft("2017-06-02"), "study_end 366", preset="moj_proven"
    ),
    Example(
        "six months are waited for",
        "decision_deadline",
        theft("2017-06-01", decided="2017-12-01"),
        "reoffended 365",
        preset="moj_proven",
    ),
    Example(
        "and not longer",
        "decision_deadline",
        theft("2017-06-01", decided="2017-12-02"),
        "study_end 366",
        preset="moj_proven",
    ),
    Example(
        "a year is waited for",
        "decision_deadline",
        theft("2017-06-01", decided="2018-06-01"),
        "reoffended 365",
        preset="bra_preliminary",
    ),
    Example(
        "three years, and three to wait",
        "decision_deadline",
        theft("2019-06-01", decided="2022-06-01"),
        "reoffended 1095",
        preset="bra",
    ),
    Example("a charge is enough", "event", {"krsi": theft()["krsi"]}, "reoffended 92", preset="charge"),
    Example(
        "for an offence after release", "event_date", {"krsi": theft("2016-05-01")["krsi"]}, NOTHING, preset="charge"
    ),
    Example(
        "also when it ends in an acquittal", "cleared_charges_count", theft(code="11"), "reoffended 92", preset="charge"
    ),
    Example(
        "which can be left out",
        "cleared_charges_count",
        theft(code="11"),
        NOTHING,
        {"cleared_charges_count": False},
        preset="charge",
    ),
    Example(
        "the charge's day counts, whenever the offence was",
        "event_date",
        {"krsi": theft("2016-05-01")["krsi"]},
        "reoffended 93",
        preset="ssb_recharge",
    ),
    Example(
        "remand is a return",
        "custody_kinds",
        {"krin": ("x | 2016-09-01 | 2016-10-01 | 3 | A1",)},
        "reoffended 92",
        preset="new_custody",
    ),
    Example(
        "serving at home is not",
        "custody_kinds",
        {"krin": ("x | 2016-09-01 | 2016-10-01 | 5 | HJEM",)},
        NOTHING,
        preset="new_custody",
    ),
    Example(
        "it can be",
        "custody_kinds",
        {"krin": ("x | 2016-09-01 | 2016-10-01 | 5 | HJEM",)},
        "reoffended 92",
        {"custody_kinds": ["remand", "serving", "home"]},
        preset="new_custody",
    ),
)
