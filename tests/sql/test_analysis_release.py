"""analysis: released, transfer and release_*: what was done by the day of release.

The stay runs from 1 February to 10 May 2016; the day of release is outside.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

Check = Callable[..., None]

RELEASED = """
    person_key | arm   | admission_date | release_date | release_type | kind
    1          | pilot | 2016-02-01     | 2016-05-10   | parole       | serving
"""
PAID = "person_key | month_start | paid_hours"
BENEFIT = "person_key | benefit_code | start_date | stop_date"
NEVER_MOVED = """
    person_key | n_transfers | first_transfer_on
    1          | 0           | -
"""


def answer(measure: str, n_persons: int, n_reached: int) -> str:
    return f"arm | measure | n_persons | n_reached\npilot | {measure} | {n_persons} | {n_reached}"


def test_a_cohort_says_whose_release_is_looked_at(check: Check) -> None:
    cohort = """
        person_key | episode | arm   | admission_date | index_date | release_type | kind
        1          | 1       | pilot | 2016-02-01     | 2016-05-10 | parole       | serving
        1          | 2       | pilot | 2017-02-01     | 2017-05-10 | full_term    | serving
    """
    check("analysis.released", {"analysis.cohort": cohort}, RELEASED)


def test_a_clock_that_starts_days_after_release_does_not_move_the_release(check: Check) -> None:
    cohort = """
        person_key | episode | arm   | admission_date | release_date | index_date | release_type | kind
        1          | 1       | pilot | 2016-02-01     | 2016-05-10   | 2016-06-09 | parole       | serving
    """
    check("analysis.released", {"analysis.cohort": cohort}, RELEASED)


def test_without_a_release_on_the_clock_nobody_is_looked_at(check: Check) -> None:
    cohort = "person_key | episode | arm | admission_date | index_date\n1 | 1 | pilot | 2016-02-01 | 2016-05-10"
    columns = "person_key | arm"
    check("analysis.released", {"analysis.cohort": cohort}, columns, index_event="programme_end")


@pytest.mark.parametrize(
    ("start", "stop", "release_type", "counts"),
    [
        ("2016-01-01", "2016-02-01", "parole", True),
        ("2016-01-01", "2016-03-01", "parole", False),  # on the last day, which is outside
        ("2016-01-01", "2016-01-31", "parole", False),  # before the first day
        ("2016-01-20", "2016-02-02", "parole", False),  # thirteen days inside
        ("2016-01-19", "2016-02-02", "parole", True),  # fourteen
        ("2016-01-01", "2016-02-02", "death", False),
        ("2016-01-01", "-", "parole", False),
    ],
)
def test_without_a_cohort_the_first_release_that_counts(
    check: Check, start: str, stop: str, release_type: str, counts: bool
) -> None:
    stays = f"""
        person_key | stay_number | start_date | stop_date  | release_type   | kind
        7          | 1           | {start}    | {stop}     | {release_type} | serving
        7          | 2           | 2016-06-01 | 2016-07-01 | parole         | serving
    """
    expected = "person_key | arm | release_date" + (f"\n7 | all | {stop}" if counts else "")
    choices = {
        "index_event": "any_release",
        "index_start": date(2016, 2, 1),
        "index_end": date(2016, 3, 1),
        "release_types": ["parole"],
        "min_stay_days": 14,
    }
    check("analysis.released", {"core.custody_stay": stays}, expected, **choices)


def test_of_two_releases_in_the_period_the_first(check: Check) -> None:
    stays = """
        person_key | stay_number | start_date | stop_date  | release_type | kind
        7          | 1           | 2016-01-01 | 2016-02-10 | parole       | serving
        7          | 2           | 2016-02-11 | 2016-02-28 | parole       | serving
    """
    choices = {
        "index_event": "any_release",
        "index_start": date(2016, 2, 1),
        "index_end": date(2016, 3, 1),
        "release_types": ["parole"],
        "min_stay_days": 14,
    }
    expected = "person_key | release_date\n7 | 2016-02-10"
    check("analysis.released", {"core.custody_stay": stays}, expected, **choices)


@pytest.mark.parametrize(
    ("places", "n_transfers", "first"),
    [
        ([("2016-02-01", "F1")], 0, "-"),
        ([("2016-02-01", "F1"), ("2016-03-01", "F2")], 1, "2016-03-01"),
        ([("2016-02-01", "F1"), ("2016-03-01", "F1")], 0, "-"),  # told again
        ([("2016-02-01", "F1"), ("2016-03-01", "F2"), ("2016-04-01", "F1")], 2, "2016-03-01"),
        ([("2016-01-31", "F1"), ("2016-02-01", "F2")], 0, "-"),  # where the person was before does not count
        ([("2016-02-01", "F1"), ("2016-05-10", "F2")], 0, "-"),  # the day of release
        ([("2016-02-01", "F1"), ("2016-02-01", "F2")], 0, "-"),  # two places on the first day
        ([], 0, "-"),
    ],
)
def test_a_transfer_is_a_change_of_facility_inside(
    check: Check, places: list[tuple[str, str]], n_transfers: int, first: str
) -> None:
    told = "person_key | placed_on | facility" + "".join(f"\n1 | {day} | {facility}" for day, facility in places)
    expected = f"person_key | n_transfers | first_transfer_on\n1 | {n_transfers} | {first}"
    check("analysis.transfer", {"analysis.released": RELEASED, "core.custody_place": told}, expected)


@pytest.mark.parametrize(
    ("day", "kind", "attended", "n_reached"),
    [
        ("2016-02-01", "three_party_meeting", "-", 1),
        ("2016-05-09", "three_party_meeting", "true", 1),
        ("2016-05-10", "three_party_meeting", "-", 0),  # the day of release
        ("2016-01-31", "three_party_meeting", "-", 0),
        ("2016-03-01", "three_party_meeting", "false", 0),
        ("2016-03-01", "meeting", "-", 0),
    ],
)
def test_a_three_party_meeting_inside(check: Check, day: str, kind: str, attended: str, n_reached: int) -> None:
    n_talks = int("2016-02-01" <= day < "2016-05-10" and attended != "false")
    contacts = f"person_key | contact_date | contact_kind | attended\n1 | {day} | {kind} | {attended}"
    expected = f"""
        arm   | measure             | n_persons | n_reached
        pilot | municipality_told   | 1         | 0
        pilot | talks               | 1         | {n_talks}
        pilot | three_party_meeting | 1         | {n_reached}
    """
    given = {"analysis.released": RELEASED, "analysis.transfer": NEVER_MOVED, "core.contact": contacts}
    check("analysis.release_contact", given, expected)


@pytest.mark.parametrize(
    ("kinds", "n_reached"),
    [
        (("visit", "meeting"), 1),
        (("visit", "three_party_meeting"), 1),
        (("visit", "telephone"), 0),
        (("visit", "notification"), 0),
        (("visit",), 0),
    ],
)
def test_two_talks_are_enough_where_two_are_the_least(check: Check, kinds: tuple[str, ...], n_reached: int) -> None:
    rows = "".join(f"\n1 | 2016-03-0{number} | {kind}" for number, kind in enumerate(kinds, 1))
    expected = f"""
        arm   | measure             | n_persons | n_reached
        pilot | municipality_told   | 1         | {int("notification" in kinds)}
        pilot | talks               | 1         | {n_reached}
        pilot | three_party_meeting | 1         | {int("three_party_meeting" in kinds)}
    """
    given = {
        "analysis.released": RELEASED,
        "analysis.transfer": NEVER_MOVED,
        "core.contact": f"person_key | contact_date | contact_kind{rows}",
    }
    check("analysis.release_contact", given, expected, least_talks=2)


@pytest.mark.parametrize(("told_on", "n_told"), [("2016-03-01", 1), ("2016-02-29", 0), ("2016-05-10", 0)])
def test_told_of_a_transfer_is_told_on_its_day_or_later(check: Check, told_on: str, n_told: int) -> None:
    moved = "person_key | n_transfers | first_transfer_on\n1 | 1 | 2016-03-01"
    contacts = f"person_key | contact_date | contact_kind\n1 | {told_on} | notification"
    expected = f"""
        arm   | measure                       | n_persons | n_reached
        pilot | municipality_told             | 1         | {int(told_on < "2016-05-10")}
        pilot | municipality_told_of_transfer | 1         | {n_told}
        pilot | talks                         | 1         | 0
        pilot | three_party_meeting           | 1         | 0
    """
    given = {"analysis.released": RELEASED, "analysis.transfer": moved, "core.contact": contacts}
    check("analysis.release_contact", given, expected)


def plan_answers(**answers: tuple[int, int]) -> str:
    """The measures of plans for one person released on parole, who has no plan unless said."""
    said = {"case_open_at_release": (1, 0), "case_open_throughout": (1, 0), "job_centre_before_parole": (1, 0)}
    rows = "".join(f"\npilot | {name} | {n} | {reached}" for name, (n, reached) in sorted((said | answers).items()))
    return f"arm | measure | n_persons | n_reached{rows}"


@pytest.mark.parametrize(
    ("created", "closed", "throughout", "at_release", "before_parole"),
    [
        ("2016-01-15", "-", 1, 1, 1),
        ("2016-02-01", "-", 1, 1, 1),  # made on the day of admission
        ("2016-02-02", "-", 0, 1, 1),
        ("2016-01-15", "2016-05-10", 1, 0, 1),  # open to the last day inside
        ("2016-01-15", "2016-05-09", 0, 0, 1),
        ("2016-01-15", "2016-02-01", 0, 0, 0),  # closed before
        ("2016-05-10", "-", 0, 0, 0),  # made on the day of release
    ],
)
def test_a_municipal_case_kept_open(
    check: Check, created: str, closed: str, throughout: int, at_release: int, before_parole: int
) -> None:
    plans = f"person_key | owner | created_on | closed_on\n1 | municipality | {created} | {closed}"
    expected = plan_answers(
        case_open_throughout=(1, throughout),
        case_open_at_release=(1, at_release),
        job_centre_before_parole=(1, before_parole),
    )
    check("analysis.release_plan", {"analysis.released": RELEASED, "core.plan": plans}, expected)


def test_two_cases_one_after_the_other_are_not_one_kept_open(check: Check) -> None:
    plans = """
        person_key | owner        | created_on | closed_on
        1          | municipality | 2016-01-15 | 2016-03-01
        1          | municipality | 2016-03-01 | -
    """
    expected = plan_answers(case_open_at_release=(1, 1), job_centre_before_parole=(1, 1))
    check("analysis.release_plan", {"analysis.released": RELEASED, "core.plan": plans}, expected)


@pytest.mark.parametrize(
    ("created", "n_reached"), [("2016-01-31", 0), ("2016-02-01", 1), ("2016-05-09", 1), ("2016-05-10", 0)]
)
def test_a_plan_in_remand_is_made_there_by_the_prison_service(check: Check, created: str, n_reached: int) -> None:
    remand = RELEASED.replace("parole       | serving", "remand_end   | remand")
    plans = f"person_key | owner | created_on\n1 | prison_service | {created}\n1 | municipality | 2016-03-01"
    expected = f"""
        arm   | measure              | n_persons | n_reached
        pilot | case_open_at_release | 1         | 1
        pilot | case_open_throughout | 1         | 0
        pilot | plan_in_remand       | 1         | {n_reached}
    """
    check("analysis.release_plan", {"analysis.released": remand, "core.plan": plans}, expected)


@pytest.mark.parametrize(("signed", "n_reached"), [("2016-02-01", 1), ("2016-05-09", 1), ("2016-05-10", 0)])
def test_a_signature_counts_inside(check: Check, signed: str, n_reached: int) -> None:
    plans = f"person_key | owner | created_on | signed_on\n1 | prison_service | 2016-02-01 | {signed}"
    expected = plan_answers(signed_plan=(1, n_reached))
    check("analysis.release_plan", {"analysis.released": RELEASED, "core.plan": plans}, expected)


def test_an_extract_without_any_signature_says_nothing_of_signatures(check: Check) -> None:
    plans = "person_key | owner | created_on | signed_on\n1 | prison_service | 2016-02-01 | -"
    check("analysis.release_plan", {"analysis.released": RELEASED, "core.plan": plans}, plan_answers())


@pytest.mark.parametrize(
    ("planned", "begun", "ended", "reason", "settled", "met"),
    [
        ("2016-03-01", "2016-03-10", "2016-05-10", "completed", (1, 1), (1, 1)),  # completed on the day of release
        ("2016-03-01", "2016-03-10", "2016-05-11", "completed", (1, 0), (1, 1)),  # under way that day
        ("2016-03-01", "2016-03-10", "2016-05-10", "interrupted", (1, 0), (1, 0)),
        ("2016-03-01", "2016-03-10", "-", "-", (1, 0), (1, 1)),
        ("2016-03-01", "-", "-", "-", (1, 0), (1, 0)),
        ("2016-03-01", "2016-05-10", "-", "-", (1, 0), (1, 1)),  # begins on the day of release
        ("2016-05-10", "-", "-", "-", None, None),  # planned on the day of release
        ("2016-01-15", "2016-01-20", "2016-02-01", "completed", None, (1, 1)),  # ends on the day of admission
        ("2016-01-15", "2016-01-20", "2016-01-31", "completed", None, None),  # over before
    ],
)
def test_housing_and_needs(  # noqa: PLR0913, PLR0917 - a table of examples
    check: Check,
    planned: str,
    begun: str,
    ended: str,
    reason: str,
    settled: tuple[int, int] | None,
    met: tuple[int, int] | None,
) -> None:
    activities = (
        "person_key | domain | planned_on | begun_on | ended_on | end_reason\n"
        f"1 | housing | {planned} | {begun} | {ended} | {reason}"
    )
    begun_inside = (1, int("2016-02-01" <= begun < "2016-05-10")) if settled else None
    answers = {"housing_settled": settled, "need_met_housing": met, "plan_begun_inside": begun_inside}
    expected = plan_answers(**{name: value for name, value in answers.items() if value})
    check("analysis.release_plan", {"analysis.released": RELEASED, "core.plan_activity": activities}, expected)


def test_housing_settled_by_an_older_activity_is_not_that_of_the_stay(check: Check) -> None:
    activities = """
        person_key | domain  | planned_on | begun_on   | ended_on   | end_reason
        1          | housing | 2015-12-01 | 2015-12-10 | 2016-02-10 | completed
        1          | housing | 2016-03-01 | -          | -          | -
    """
    expected = plan_answers(housing_settled=(1, 0), need_met_housing=(1, 1), plan_begun_inside=(1, 0))
    check("analysis.release_plan", {"analysis.released": RELEASED, "core.plan_activity": activities}, expected)


def test_an_activity_for_work_is_the_job_centre_in_the_plan(check: Check) -> None:
    activities = "person_key | domain | planned_on\n1 | employment | 2016-05-09"
    expected = plan_answers(job_centre_before_parole=(1, 1), need_met_employment=(1, 0), plan_begun_inside=(1, 0))
    check("analysis.release_plan", {"analysis.released": RELEASED, "core.plan_activity": activities}, expected)


@pytest.mark.parametrize(
    ("given", "n_persons", "n_reached"),
    [
        ({"core.benefit_spell": f"{BENEFIT}\n1 | 730 | 2016-05-09 | 2016-05-16"}, 1, 1),
        ({"core.benefit_spell": f"{BENEFIT}\n1 | 730 | 2016-05-02 | 2016-05-09"}, 1, 0),
        ({"core.benefit_spell": f"{BENEFIT}\n1 | 997 | 2016-05-09 | 2016-05-16"}, 1, 0),
        ({}, 1, 0),
        ({"core.employment_month": "person_key | month_start | paid_hours\n1 | 2016-05-01 | 12"}, 0, 0),
        ({"core.employment_month": "person_key | month_start | paid_hours\n1 | 2016-05-01 | 0"}, 1, 0),
        ({"core.employment_month": "person_key | month_start | paid_hours\n1 | 2016-04-01 | 12"}, 1, 0),
        ({"core.education_spell": "person_key | start_date | stop_date\n1 | 2016-05-10 | -"}, 0, 0),
        ({"core.education_spell": "person_key | start_date | stop_date\n1 | 2016-01-10 | 2016-05-10"}, 1, 0),
    ],
)  # fmt: skip
def test_a_benefit_is_settled_in_the_week_of_release(
    check: Check, given: dict[str, str], n_persons: int, n_reached: int
) -> None:
    expected = answer("benefit_settled", 1, n_reached) if n_persons else "arm | measure"
    check("analysis.release_benefit", {"analysis.released": RELEASED, **given}, expected)


def test_persons_who_are_not_moved(check: Check) -> None:
    released = RELEASED + "    2          | pilot | 2016-02-01     | 2016-05-10   | parole       | serving\n"
    moves = "person_key | n_transfers\n1 | 0\n2 | 3"
    given = {"analysis.released": released, "analysis.transfer": moves}
    check("analysis.release_transfer", given, answer("no_transfer", 2, 1))


@pytest.mark.parametrize(
    ("start", "stop", "at_release", "within"),
    [
        ("2016-05-10", "-", 1, 1),
        ("2016-05-11", "-", 0, 1),
        ("2016-06-09", "-", 0, 1),  # day 30
        ("2016-06-10", "-", 0, 0),
        ("2016-01-01", "2016-05-10", 0, 0),  # over the day before
        ("2016-01-01", "2016-05-11", 1, 1),
    ],
)
def test_the_qualification_programme_by_release(
    check: Check, start: str, stop: str, at_release: int, within: int
) -> None:
    programmes = f"person_key | start_date | stop_date\n1 | {start} | {stop}"
    expected = f"""
        arm   | measure         | n_persons | n_reached
        pilot | kvp_at_release  | 1         | {at_release}
        pilot | kvp_within_days | 1         | {within}
    """
    check("analysis.release_programme", {"analysis.released": RELEASED, "core.kvp_spell": programmes}, expected)


def test_a_programme_that_ended_before_does_not_hide_the_next(check: Check) -> None:
    programmes = """
        person_key | start_date | stop_date
        1          | 2015-01-01 | 2015-06-01
        1          | 2016-05-20 | -
    """
    expected = """
        arm   | measure         | n_persons | n_reached
        pilot | kvp_at_release  | 1         | 0
        pilot | kvp_within_days | 1         | 1
    """
    check("analysis.release_programme", {"analysis.released": RELEASED, "core.kvp_spell": programmes}, expected)


@pytest.mark.parametrize(
    ("state", "works", "on_measure"),
    [
        ("partly_employed", 1, 0),
        ("on_measure", 0, 1),
        ("on_measure_reduced_capacity", 0, 1),
        ("unemployed", 0, 0),
        ("other", 0, 0),
    ],
)
def test_the_state_at_the_labour_service(check: Check, state: str, works: int, on_measure: int) -> None:
    spells = f"""
        person_key | state   | start_date | stop_date
        1          | {state} | 2016-05-01 | 2016-05-11
        1          | {state} | 2016-05-11 | -
    """
    expected = f"""
        arm   | measure                  | n_persons | n_reached
        pilot | other_measure_at_release | 1         | {on_measure}
        pilot | work_at_release          | 1         | {works}
    """
    check("analysis.release_job_seeker", {"analysis.released": RELEASED, "core.job_seeker_spell": spells}, expected)


def test_the_newest_report_of_a_programme_stands(check: Check) -> None:
    reported = """
        person_key | municipality | reporting_year | begun_on   | ended_on   | state     | exit_education
        1          | 0301         | 2024           | 2024-03-01 | -          | under_way | -
        1          | 0301         | 2025           | 2024-03-01 | 2025-02-28 | completed | true
    """
    expected = """
        person_key | start_date | stop_date  | state     | exit_education
        1          | 2024-03-01 | 2025-03-01 | completed | true
    """
    check("core.kvp_spell", {"staging.kvp": reported}, expected)
    check("core.kvp_spell", {"staging.kvp_2024": reported}, expected)


@pytest.mark.parametrize(
    ("programme", "exit_state"),
    [
        ("2016-06-01 | 2017-06-01 | true | true", "ordinary_work"),  # two hold: the first in the form's order
        ("2016-06-01 | 2017-06-01 | -    | true", "education"),
        ("2016-06-01 | 2017-06-01 | -    | -", "unknown"),
        ("2016-06-01 | -          | -    | -", "open"),
        ("2016-06-01 | 2023-07-02 | true | -", "open"),  # ends on the day of the vintage, which nobody has seen
        ("2016-06-01 | 2023-07-01 | true | -", "ordinary_work"),
    ],
)
def test_what_the_programme_ended_in(check: Check, programme: str, exit_state: str) -> None:
    spells = f"person_key | start_date | stop_date | exit_ordinary_work | exit_education\n1 | {programme}"
    expected = f"arm | exit_state | n_persons\npilot | {exit_state} | 1"
    check("analysis.kvp_exit", {"analysis.released": RELEASED, "core.kvp_spell": spells}, expected)


def test_places_in_custody_are_told_by_either_register_without_arrests(check: Check) -> None:
    given = {
        "staging.krin": """
            person_key | admission_date | custody_code | facility
            1          | 2016-02-01     | 3            | A12
            1          | 2016-01-31     | 1            | A99
            1          | 2016-03-01     | 5            | -
        """,
        "staging.kriminalomsorgen": "person_key | start_date | facility\n2 | 2016-02-01 | OSLO",
    }
    expected = """
        person_key | placed_on  | facility
        1          | 2016-02-01 | A12
        2          | 2016-02-01 | OSLO
    """
    check("core.custody_place", given, expected)


NO_SIGNS = {
    "sign_any": 1,  # without work
    "sign_economy": 0,
    "sign_housing": 0,
    "sign_on_benefit": 0,
    "sign_treatment": 0,
    "sign_without_work": 1,
}


def signs(**changed: int) -> str:
    rows = "".join(f"\npilot | {name} | 1 | {n}" for name, n in sorted((NO_SIGNS | changed).items()))
    return f"arm | measure | n_persons | n_reached{rows}"


@pytest.mark.parametrize(
    ("given", "changed"),
    [
        ({}, {}),
        # Admission is on 1 February 2016, so the year before it begins on 1 February 2015.
        ({"core.employment_month": f"{PAID}\n1 | 2016-01-01 | 5"}, {"sign_without_work": 0, "sign_any": 0}),
        ({"core.employment_month": f"{PAID}\n1 | 2015-02-01 | 5"}, {"sign_without_work": 0, "sign_any": 0}),
        ({"core.employment_month": "person_key | month_start | paid_hours\n1 | 2015-01-01 | 5"}, {}),
        ({"core.employment_month": "person_key | month_start | paid_hours\n1 | 2016-02-01 | 5"}, {}),
        ({"core.benefit_spell": f"{BENEFIT}\n1 | 730 | 2015-01-01 | 2015-02-02"}, {"sign_on_benefit": 1}),
        ({"core.benefit_spell": f"{BENEFIT}\n1 | 730 | 2015-01-01 | 2015-02-01"}, {}),
        ({"core.benefit_spell": f"{BENEFIT}\n1 | 730 | 2016-02-01 | 2016-02-08"}, {}),
        ({"core.benefit_spell": f"{BENEFIT}\n1 | 997 | 2015-06-01 | 2015-06-08"}, {}),
        ({"core.plan_activity": "person_key | domain | planned_on\n1 | housing | 2016-05-09"}, {"sign_housing": 1}),
        ({"core.plan_activity": "person_key | domain | planned_on\n1 | housing | 2016-05-10"}, {}),
        ({"core.plan_activity": "person_key | domain | begun_on\n1 | economy | 2014-01-01"}, {"sign_economy": 1}),
        ({"core.plan_activity": "person_key | domain | planned_on\n1 | health | 2016-03-01"}, {"sign_treatment": 1}),
        ({"core.plan_activity": "person_key | domain | planned_on\n1 | education | 2016-03-01"}, {}),
    ],
)  # fmt: skip
def test_signs_of_vulnerability_before_release(check: Check, given: dict[str, str], changed: dict[str, int]) -> None:
    check("analysis.release_vulnerability", {"analysis.released": RELEASED, **given}, signs(**changed))
