"""Every rule of stays and cohorts in tiny tables: register rows in, stays or arm and index date out.

Person 2 is told of in each; see ``docs/definitions/stays.md`` and ``cohort.md``, which are made of these examples, and
``test_cohort_examples.py``, which runs every one of them. Releases of 2016-2019 count, the pilot municipalities are
Holbæk (316) and Horsens (615), and a person without rows in ``bef`` is a man born on 1 January 1990 who lives in
Copenhagen (101).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["COHORT", "HEADERS", "STAYS", "CohortExample"]

HEADERS: Mapping[str, str] = {
    "krin": "journal | admission_date | release_date | custody_code | release_code | facility | parole_expiry_date",
    "bef": "birth_date | municipality | reference_date | moved_in_date",
    "vnds": "event_date | direction",
    "dod": "death_date",
    "tilbud": "offered_on | accepted | enrolled_on | discharged_on",
    "bfl": "start_date | paid_hours",
    "kriminalomsorgen": "admission_id | start_date | stop_date | kind | exit_kind",
}
PRISON = ("a | 2016-03-01 | 2016-07-01 | 5 | 0 | F001 | -",)
COPENHAGEN = ("1990-01-01 | 101 | 2015-12-31 | 2010-01-01",)
HOLBAEK = ("1990-01-01 | 316 | 2015-12-31 | 2010-01-01",)
OFFERED = ("2016-05-01 | true | 2016-05-10 | -",)


@dataclass(frozen=True)
class CohortExample:
    """One rule at work.

    Parameters
    ----------
    name : str
        What is shown, unique.
    about : str
        The key of ``[cohort]``, or the step of ``[[cohort.require]]``, that it is about.
    tables : mapping of str to tuple of str
        Register to its rows.
    expected : tuple of str
        The stays, or arm and index date; ``left out by`` a step.
    changes : mapping of str to object
        What the study file says in ``[cohort]``.
    """

    name: str
    about: str
    tables: Mapping[str, tuple[str, ...]]
    expected: tuple[str, ...]
    changes: Mapping[str, object] = field(default_factory=dict)


def krin(*rows: str) -> dict[str, tuple[str, ...]]:
    """Return custody rows: case, admission, release, custody code, release code, facility, expiry of parole."""
    return {"krin": rows}


def only(step: str, **values: object) -> dict[str, object]:
    """Return a study with one step beside the one that decides the arm."""
    return {"require": [{"step": "municipality_known"}, {"step": step, **values}]}


TWO_DAYS_OUT = krin("a | 2016-03-01 | 2016-04-01 | 3 | 4 | A001 | -", "b | 2016-04-03 | 2016-07-01 | 5 | 0 | F001 | -")
REARRESTED = krin("a | 2016-03-01 | 2016-04-01 | 5 | 0 | F001 | -", "b | 2016-04-01 | 2016-07-01 | 3 | 4 | A001 | -")
TO_HOME = krin("a | 2016-03-01 | - | 5 | 0 | F001 | -", "a | 2016-05-01 | 2016-07-01 | 5 | 0 | 9050 | -")
UNCLOSED = krin("a | 2016-03-01 | - | 3 | 0 | A001 | -", "b | 2017-03-01 | 2017-07-01 | 5 | 0 | F001 | -")
ARREST = krin("a | 2016-03-01 | 2016-03-02 | 1 | 2 | A001 | -")

STAYS: tuple[CohortExample, ...] = (
    CohortExample(
        "the release stands on a case's last row only, so a transfer is no release",
        "case",
        krin("a | 2016-03-01 | - | 3 | 0 | A001 | -", "a | 2016-05-01 | 2016-07-01 | 5 | 0 | F001 | -"),
        ("2016-03-01 2016-07-01 serving full_term",),
    ),
    CohortExample(
        "remand straight into serving under another case number is one stay",
        "case",
        krin("a | 2016-03-01 | 2016-04-01 | 3 | 5 | A001 | -", "b | 2016-04-20 | 2016-07-01 | 5 | 0 | F001 | -"),
        ("2016-03-01 2016-07-01 serving full_term",),
    ),
    CohortExample(
        "overlapping cases are one stay, read off the one that ends last",
        "case",
        krin("a | 2016-03-01 | 2016-06-01 | 5 | 0 | F001 | -", "b | 2016-05-01 | 2016-07-01 | 3 | 4 | A001 | -"),
        ("2016-03-01 2016-07-01 remand remand_end",),
    ),
    CohortExample(
        "an expiry of parole, or release code 10, says that the release was on parole",
        "release_type",
        krin("a | 2016-03-01 | 2016-07-01 | 5 | 0 | F001 | 2017-01-01"),
        ("2016-03-01 2016-07-01 serving parole",),
    ),
    CohortExample(
        "without it the whole sentence was served",
        "release_type",
        krin(*PRISON),
        ("2016-03-01 2016-07-01 serving full_term",),
    ),
    CohortExample(
        "a stay that nothing closes is open, and no release",
        "release_type",
        krin("a | 2018-03-01 | - | 5 | 0 | F001 | -"),
        ("2018-03-01 - serving -",),
    ),
    CohortExample(
        "two days at liberty are a release",
        "merge_gap_days",
        TWO_DAYS_OUT,
        ("2016-03-01 2016-04-01 remand remand_end", "2016-04-03 2016-07-01 serving full_term"),
    ),
    CohortExample(
        "unless the study merges longer gaps",
        "merge_gap_days",
        TWO_DAYS_OUT,
        ("2016-03-01 2016-07-01 serving full_term",),
        {"merge_gap_days": 2},
    ),
    CohortExample(
        "released and remanded again on one day is one stay",
        "rearrest",
        REARRESTED,
        ("2016-03-01 2016-07-01 remand remand_end",),
    ),
    CohortExample(
        "or a release and a new stay",
        "rearrest",
        REARRESTED,
        ("2016-03-01 2016-04-01 serving full_term", "2016-04-01 2016-07-01 remand remand_end"),
        {"rearrest": "new_stay"},
    ),
    CohortExample("an arrest alone is no stay", "arrest_is_stay", ARREST, ()),
    CohortExample(
        "or one",
        "arrest_is_stay",
        ARREST,
        ("2016-03-01 2016-03-02 arrest arrest_end",),
        {"arrest_is_stay": True},
    ),
    CohortExample(
        "serving at home is custody, and its end is a release of its own kind",
        "home_detention",
        TO_HOME,
        ("2016-03-01 2016-07-01 home home",),
    ),
    CohortExample(
        "or the stay ends where home begins",
        "home_detention",
        TO_HOME,
        ("2016-03-01 2016-05-01 serving to_home",),
        {"home_detention": "liberty"},
    ),
    CohortExample(
        "which facilities are at home is the register's",
        "home_facilities",
        krin("a | 2016-03-01 | 2016-07-01 | 5 | 0 | HJEM | -"),
        ("2016-03-01 2016-07-01 home home",),
    ),
    CohortExample(
        "and can be said otherwise",
        "home_facilities",
        krin("a | 2016-03-01 | 2016-07-01 | 5 | 0 | HJEM | -"),
        ("2016-03-01 2016-07-01 serving full_term",),
        {"home_facilities": ["9050"]},
    ),
    CohortExample(
        "an unclosed record goes on to the next admission",
        "longest_bridge_days",
        UNCLOSED,
        ("2016-03-01 2017-07-01 serving full_term",),
    ),
    CohortExample(
        "if that is not too far: else the end is not known, and is no release",
        "longest_bridge_days",
        UNCLOSED,
        ("2016-03-01 2016-03-02 remand unknown_end", "2017-03-01 2017-07-01 serving full_term"),
        {"longest_bridge_days": 364},
    ),
    CohortExample(
        "in the Norwegian layout each row says how it ended; a transfer goes on, and an escape is no release",
        "kriminalomsorgen",
        {
            "kriminalomsorgen": (
                "a | 2016-03-01 | 2016-04-01 | remand | transfer",
                "a | 2016-04-01 | 2016-07-01 | serving | escape",
                "a | 2016-08-01 | 2016-09-01 | serving | parole",
            )
        },
        ("2016-03-01 2016-07-01 serving escape", "2016-08-01 2016-09-01 serving parole"),
    ),
)

PILOT = {"bef": HOLBAEK, "krin": PRISON}
TWICE = krin(*PRISON, "b | 2017-03-01 | 2017-07-01 | 5 | 0 | F001 | -")
MOVED = ("1990-01-01 | 316 | 2015-12-31 | 2010-01-01", "1990-01-01 | 101 | 2016-12-31 | 2016-05-15")
SEVENTEEN = ("1998-07-02 | 101 | 2015-12-31 | 2010-01-01",)
BEFORE = {
    "bef": HOLBAEK,
    "krin": ("a | 2014-03-01 | 2014-07-01 | 5 | 0 | F001 | -",),
}
PRE_PERIOD = {"comparison": "pre_period", "comparison_start": "2014-01-01", "comparison_end": "2016-01-01"}
DAY_61 = {"comparison_index_day": 61}

COHORT: tuple[CohortExample, ...] = (
    CohortExample("the clock starts on the day of release", "index_event", krin(*PRISON), ("comparison 2016-07-01",)),
    CohortExample(
        "or on the day of admission",
        "index_event",
        krin(*PRISON),
        ("comparison 2016-03-01",),
        {"index_event": "admission", "exposure": "resident", "require": [{"step": "municipality_known"}]},
    ),
    CohortExample(
        "or when the programme is offered: in the pilot arm on that day",
        "index_event",
        {**PILOT, "tilbud": OFFERED},
        ("pilot 2016-05-01",),
        {"index_event": "offer", **DAY_61, "require": [{"step": "municipality_known"}]},
    ),
    CohortExample(
        "and in the comparison arm on a day of the stay that stands in for it",
        "index_event",
        krin(*PRISON),
        ("comparison 2016-05-01",),
        {"index_event": "offer", **DAY_61, "require": [{"step": "municipality_known"}]},
    ),
    CohortExample(
        "nothing is waited for after the event",
        "landmark_days",
        {"krin": PRISON, "dod": ("2016-07-20",)},
        ("comparison 2016-07-01",),
    ),
    CohortExample(
        "or the clock starts later in both arms, and who died by then is not there",
        "landmark_days",
        {"krin": PRISON, "dod": ("2016-07-20",)},
        ("left out by resident",),
        {"landmark_days": 30},
    ),
    CohortExample(
        "the arm is where the person lived at admission",
        "residence_at",
        {"bef": MOVED, "krin": PRISON, "tilbud": OFFERED},
        ("pilot 2016-07-01",),
    ),
    CohortExample(
        "or on the index date, where the offer makes the same person neither",
        "residence_at",
        {"bef": MOVED, "krin": PRISON, "tilbud": OFFERED},
        ("left out by offer",),
        {"residence_at": "index_date"},
    ),
    CohortExample(
        "whoever was offered the programme is in the pilot arm, also who declined",
        "exposure",
        {**PILOT, "tilbud": ("2016-05-01 | false | - | -",)},
        ("pilot 2016-07-01",),
    ),
    CohortExample("who was not offered it is in neither arm", "exposure", PILOT, ("left out by offer",)),
    CohortExample(
        "unless the pilot arm is everyone who lives there",
        "exposure",
        PILOT,
        ("pilot 2016-07-01",),
        {"exposure": "resident"},
    ),
    CohortExample(
        "who took part for 52 days before release took part",
        "min_participation_days",
        {**PILOT, "tilbud": OFFERED},
        ("pilot 2016-07-01",),
        {"exposure": "took_part"},
    ),
    CohortExample(
        "and not where 60 days are asked for, though more came after release",
        "min_participation_days",
        {**PILOT, "tilbud": OFFERED},
        ("left out by took_part",),
        {"exposure": "took_part", "min_participation_days": 60},
    ),
    CohortExample(
        "days after release count where the clock starts so much later",
        "participation_from",
        {**PILOT, "tilbud": ("2016-05-01 | true | 2016-06-30 | -",)},
        ("pilot 2016-07-31",),
        {"exposure": "took_part", "participation_from": "release", "landmark_days": 30},
    ),
    CohortExample(
        "and days before release then do not",
        "participation_from",
        {**PILOT, "tilbud": ("2016-05-01 | true | 2016-05-01 | 2016-07-20",)},
        ("left out by took_part",),
        {"exposure": "took_part", "participation_from": "release", "landmark_days": 30},
    ),
    CohortExample("the comparison arm is released in the same period", "comparison", BEFORE, ()),
    CohortExample(
        "or lived in the pilot municipalities before it",
        "comparison",
        BEFORE,
        ("comparison 2014-07-01",),
        PRE_PERIOD,
    ),
    CohortExample(
        "who was offered the programme by the day of release is no comparison, later offers do not matter",
        "comparison",
        {"krin": PRISON, "tilbud": ("2016-07-02 | true | - | -",)},
        ("comparison 2016-07-01",),
    ),
    CohortExample("only the first release that meets it all counts", "episodes", TWICE, ("comparison 2016-07-01",)),
    CohortExample(
        "or all of them, and the person is the cluster",
        "episodes",
        TWICE,
        ("comparison 2016-07-01", "comparison 2017-07-01"),
        {"episodes": "all"},
    ),
    CohortExample(
        "a person never stands in both arms: after a comparison release, one in the pilot arm is left out",
        "episodes",
        {
            "bef": ("1990-01-01 | 101 | 2015-12-31 | 2010-01-01", "1990-01-01 | 316 | 2016-12-31 | 2016-09-01"),
            "krin": TWICE["krin"],
            "tilbud": ("2017-05-01 | true | - | -",),
        },
        ("comparison 2016-07-01",),
        {"episodes": "all"},
    ),
    CohortExample(
        "who turns 18 the day after is too young",
        "min_age_years",
        {"bef": SEVENTEEN, "krin": PRISON},
        ("left out by age",),
    ),
    CohortExample(
        "unless the study asks for less",
        "min_age_years",
        {"bef": SEVENTEEN, "krin": PRISON},
        ("comparison 2016-07-01",),
        {"min_age_years": 17},
    ),
    CohortExample(
        "nobody outside the population register",
        "in_population_register",
        {"bef": (), "krin": PRISON},
        ("left out by in_population_register",),
    ),
    CohortExample(
        "the municipality must be known at admission",
        "municipality_known",
        {"bef": ("1990-01-01 | 101 | 2016-12-31 | 2016-03-02",), "krin": PRISON},
        ("left out by municipality_known",),
    ),
    CohortExample(
        "a stay that ends at home does not count",
        "release_type",
        krin("a | 2016-03-01 | 2016-07-01 | 5 | 0 | HJEM | -"),
        ("left out by release_type",),
    ),
    CohortExample(
        "thirteen days are too short",
        "stay_length",
        krin("a | 2016-03-01 | 2016-03-14 | 3 | 4 | A001 | -"),
        ("left out by stay_length",),
    ),
    CohortExample(
        "a study may set an upper limit",
        "stay_length",
        krin(*PRISON),
        ("left out by stay_length",),
        only("stay_length", min_days=14, max_days=100),
    ),
    CohortExample("an age limit above", "age", krin(*PRISON), ("left out by age",), only("age", max_years=25)),
    CohortExample(
        "abroad on the day of release",
        "resident",
        {"krin": PRISON, "vnds": ("2016-06-01 | out",)},
        ("left out by resident",),
    ),
    CohortExample(
        "half a year in the municipality is not a year",
        "residence",
        {"bef": ("1990-01-01 | 101 | 2015-12-31 | 2015-09-01",), "krin": PRISON},
        ("left out by residence",),
        only("residence", min_days=365),
    ),
    CohortExample(
        "neighbours of the pilots are left out",
        "not_neighbour",
        krin(*PRISON),
        ("left out by not_neighbour",),
        only("not_neighbour", municipalities=["101"]),
    ),
    CohortExample(
        "nobody was released from Copenhagen the year before",
        "municipality_releases",
        krin(*PRISON),
        ("left out by municipality_releases",),
        only("municipality_releases"),
    ),
    CohortExample(
        "without work in the year before admission",
        "vulnerability",
        krin(*PRISON),
        ("comparison 2016-07-01",),
        only("vulnerability", any_of=["without_work"]),
    ),
    CohortExample(
        "with work in it",
        "vulnerability",
        {"krin": PRISON, "bfl": ("2016-01-01 | 37",)},
        ("left out by vulnerability",),
        only("vulnerability", any_of=["without_work"]),
    ),
    CohortExample(
        "offered in an earlier stay",
        "not_previously_offered",
        {**PILOT, "tilbud": ("2015-05-01 | true | - | -", "2016-05-01 | true | - | -")},
        ("left out by not_previously_offered",),
        only("not_previously_offered"),
    ),
    CohortExample(
        "the extracts begin too late to look back two years",
        "lookback",
        krin(*PRISON),
        ("left out by lookback",),
        {**only("lookback", months=24), "history_from": "2014-07-02"},
    ),
)
