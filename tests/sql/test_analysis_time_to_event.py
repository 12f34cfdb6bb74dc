"""analysis.time_to_event and the counts made of it."""

from __future__ import annotations

from collections.abc import Callable

Check = Callable[..., None]


def test_what_comes_first_ends_follow_up(check_chain: Check) -> None:
    # 1 offence, then death. 2 death, then an offence on record. 3 emigration, then an offence. 4 offence, then
    # emigration. 5 emigration, then death. 6 nothing.
    cohort = """
        person_key | arm        | index_date
        1          | pilot      | 2016-05-10
        2          | pilot      | 2016-05-10
        3          | pilot      | 2016-05-10
        4          | comparison | 2016-05-10
        5          | comparison | 2016-05-10
        6          | comparison | 2016-05-10
    """
    reoffences = """
        outcome | episode | person_key | event_date
        primary | 1 | 1          | 2016-05-11
        primary | 1 | 2          | 2016-07-10
        primary | 1 | 3          | 2016-07-10
        primary | 1 | 4          | 2016-06-10
    """
    deaths = """
        person_key | death_date
        1          | 2016-05-20
        2          | 2016-06-10
        5          | 2016-07-10
    """
    absences = """
        person_key | start_date | stop_date
        3          | 2016-06-09 | -
        4          | 2016-06-20 | -
        5          | 2016-06-20 | 2017-01-01
        5          | 2017-06-20 | -
    """
    expected = """
        person_key | arm        | entry_time | exit_time | event_type | censoring_reason
        1          | pilot      | 0          | 1         | 1          | -
        2          | pilot      | 0          | 31        | 2          | -
        3          | pilot      | 0          | 30        | 0          | emigrated
        4          | comparison | 0          | 31        | 1          | -
        5          | comparison | 0          | 41        | 0          | emigrated
        6          | comparison | 0          | 731       | 0          | study_end
    """
    given = {
        "analysis.cohort": cohort,
        "analysis.reoffence": reoffences,
        "core.death": deaths,
        "core.absence": absences,
    }
    check_chain("analysis.time_to_event", given, expected)


def test_on_one_day_offence_comes_before_death_and_death_before_emigration(check_chain: Check) -> None:
    cohort = """
        person_key | arm   | index_date
        1          | pilot | 2016-05-10
        2          | pilot | 2016-05-10
        3          | pilot | 2016-05-10
    """
    reoffences = """
        outcome | episode | person_key | event_date
        primary | 1 | 1          | 2016-05-20
        primary | 1 | 2          | 2016-05-20
    """
    deaths = """
        person_key | death_date
        1          | 2016-05-20
        3          | 2016-05-20
    """
    absences = """
        person_key | start_date
        2          | 2016-05-20
        3          | 2016-05-20
    """
    expected = """
        person_key | exit_time | event_type | censoring_reason
        1          | 10        | 1          | -
        2          | 10        | 1          | -
        3          | 10        | 2          | -
    """
    given = {
        "analysis.cohort": cohort,
        "analysis.reoffence": reoffences,
        "core.death": deaths,
        "core.absence": absences,
    }
    check_chain("analysis.time_to_event", given, expected)


def test_events_on_the_last_day_count_and_a_day_later_do_not(check_chain: Check) -> None:
    # The window is 730 days for 1 to 4 and 731 (over 29 February) for 5 and 6; without an event all reach day 731.
    cohort = """
        person_key | arm   | index_date
        1          | pilot | 2016-05-10
        2          | pilot | 2016-05-10
        3          | pilot | 2016-05-10
        4          | pilot | 2016-05-10
        5          | pilot | 2018-05-10
        6          | pilot | 2016-02-29
    """
    deaths = """
        person_key | death_date
        1          | 2018-05-10
        2          | 2018-05-11
        5          | 2020-05-10
        6          | 2018-03-01
    """
    absences = """
        person_key | start_date
        3          | 2018-05-10
        4          | 2018-05-11
    """
    expected = """
        person_key | exit_time | event_type | censoring_reason
        1          | 730       | 2          | -
        2          | 731       | 0          | study_end
        3          | 730       | 0          | emigrated
        4          | 731       | 0          | study_end
        5          | 731       | 2          | -
        6          | 731       | 0          | study_end
    """
    check_chain(
        "analysis.time_to_event",
        {"analysis.cohort": cohort, "core.death": deaths, "core.absence": absences},
        expected,
    )


def test_an_absence_that_ended_before_release_does_not_censor_and_the_first_after_it_does(check_chain: Check) -> None:
    cohort = """
        person_key | arm   | index_date
        1          | pilot | 2016-05-10
        2          | pilot | 2016-05-10
    """
    absences = """
        person_key | start_date | stop_date
        1          | 2014-01-01 | 2015-01-01
        2          | 2014-01-01 | 2016-05-10
        2          | 2017-09-01 | -
        2          | 2016-05-11 | 2016-08-01
    """
    expected = """
        person_key | exit_time | event_type | censoring_reason
        1          | 731       | 0          | study_end
        2          | 1         | 0          | emigrated
    """
    check_chain("analysis.time_to_event", {"analysis.cohort": cohort, "core.absence": absences}, expected)


def test_a_return_to_custody_does_not_end_follow_up(check_chain: Check) -> None:
    # Released on 10 May 2016, in again for a sentence from before, and dead after the second release.
    registers = {
        "staging.krin": """
            person_key | journal | admission_date | release_date | custody_code
            1          | a       | 2016-02-01     | 2016-05-10   | 5
            1          | b       | 2016-09-01     | 2016-12-01   | 5
        """,
        "staging.bef": """
            person_key | birth_date | municipality | reference_date
            1          | 1990-01-01 | 101          | 2015-12-31
        """,
        "staging.dod": """
            person_key | death_date
            1          | 2017-05-10
        """,
    }
    expected = """
        person_key | arm        | exit_time | event_type
        1          | comparison | 365       | 2
    """
    check_chain("analysis.time_to_event", registers, expected)


def test_event_counts_are_persons_by_day_and_type_of_exit(check: Check) -> None:
    exits = """
        person_key | arm        | entry_time | exit_time | event_type
        1          | pilot      | 0          | 731       | 0
        2          | pilot      | 0          | 731       | 0
        3          | pilot      | 0          | 10        | 1
        4          | pilot      | 0          | 10        | 2
        5          | comparison | 0          | 10        | 1
        6          | comparison | 5          | 10        | 1
    """
    expected = """
        arm        | entry_time | exit_time | event_type | n_persons
        pilot      | 0          | 731       | 0          | 2
        pilot      | 0          | 10        | 1          | 1
        pilot      | 0          | 10        | 2          | 1
        comparison | 0          | 10        | 1          | 1
        comparison | 5          | 10        | 1          | 1
    """
    ours = f"outcome | episode | {exits.strip()}".replace("\n", "\nprimary | 1 | ")
    check("analysis.event_count", {"analysis.time_to_event": ours}, expected)
    check("analysis.delivered_event_count", {"staging.time_to_event": exits}, expected)


def test_delivered_durations_meet_their_own_covariates(check: Check) -> None:
    exits = """
        person_key | arm | entry_time | exit_time | event_type
        1          | no  | 0          | 20        | 1
        2          | yes | 3          | 52        | 0
    """
    covariates = """
        person_key | name | value
        1          | age  | 27
        1          | prio | 3
        2          | age  | 18.5
    """
    expected = """
        person_key | entry_time | exit_time | event_type | name | value
        1          | 0          | 20        | 1          | age  | 27.0
        1          | 0          | 20        | 1          | prio | 3.0
        2          | 3          | 52        | 0          | age  | 18.5
        2          | 3          | 52        | 0          | prio | -
    """
    given = {"staging.time_to_event": exits, "staging.time_to_event_covariate": covariates}
    check("analysis.delivered_design", given, expected)
