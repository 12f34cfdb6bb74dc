"""analysis.candidate: on which days the clock might start, and what is known of them on that day."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from evalkit.warehouse import Model, Warehouse
from tests.sql.cohort_chain import run_through

Check = Callable[..., None]


@pytest.fixture
def check_candidates(warehouse: Warehouse, models: Mapping[str, Model], parameters: Mapping[str, object]) -> Check:
    """Run the models from the given facts to one of the cohort's, and compare its rows with the expected ones."""

    def run(model: str, given: Mapping[str, str], expected: str, **changed: object) -> None:
        chain = ("analysis.candidate_date", "analysis.candidate")
        found, wanted = run_through(
            warehouse, models, chain[: chain.index(model) + 1], given, expected, {**parameters, **changed}
        )
        assert found == wanted

    return run


STAY = """
    person_key | stay_number | start_date | stop_date  | kind    | release_type
    1          | 1           | 2016-02-01 | 2016-06-01 | serving | parole
"""


def test_releases_in_the_half_open_window(check_candidates: Check) -> None:
    # Out: the day before the window, its end, and a stay that is still open.
    stays = """
        person_key | stay_number | start_date | stop_date  | kind    | release_type
        1          | 1           | 2015-11-01 | 2015-12-31 | serving | parole
        1          | 2           | 2015-12-20 | 2016-01-01 | remand  | remand_end
        2          | 1           | 2019-11-01 | 2019-12-31 | serving | full_term
        3          | 1           | 2019-11-01 | 2020-01-01 | serving | full_term
        4          | 1           | 2017-01-01 | -          | serving | -
    """
    expected = """
        person_key | stay_number | admission_date | release_date | release_type | kind    | stay_days
        1          | 2           | 2015-12-20     | 2016-01-01   | remand_end   | remand  | 12
        2          | 1           | 2019-11-01     | 2019-12-31   | full_term    | serving | 60
    """
    check_candidates("analysis.candidate", {"core.custody_stay": stays}, expected)


def test_the_municipality_is_the_one_at_admission_not_at_release(check_candidates: Check) -> None:
    # Person 1 moves out of the pilot municipality during the stay. 2 moves in on the day of admission. 3 leaves the
    # pilot municipality on the day of admission. 4 lives nowhere yet. 5 has no record at all.
    stays = """
        person_key | stay_number | start_date | stop_date
        1          | 1           | 2016-02-01 | 2016-06-01
        2          | 1           | 2016-02-01 | 2016-06-01
        3          | 1           | 2016-02-01 | 2016-06-01
        4          | 1           | 2016-02-01 | 2016-06-01
        5          | 1           | 2016-02-01 | 2016-06-01
    """
    homes = """
        person_key | municipality | start_date | stop_date
        1          | 316          | 2010-01-01 | 2016-03-01
        1          | 101          | 2016-03-01 | -
        2          | 101          | 2010-01-01 | 2016-02-01
        2          | 615          | 2016-02-01 | -
        3          | 316          | 2010-01-01 | 2016-02-01
        3          | 101          | 2016-02-01 | -
        4          | 316          | 2016-02-02 | -
    """
    expected = """
        person_key | municipality | arm
        1          | 316          | pilot
        2          | 615          | pilot
        3          | 101          | comparison
        4          | -            | -
        5          | -            | -
    """
    check_candidates("analysis.candidate", {"core.custody_stay": stays, "core.residence": homes}, expected)


def test_sex_origin_and_age_on_the_day_of_release(check_candidates: Check) -> None:
    stays = """
        person_key | stay_number | start_date | stop_date
        1          | 1           | 2016-02-01 | 2016-06-01
        2          | 1           | 2016-02-01 | 2016-06-01
        3          | 1           | 2016-02-01 | 2016-06-01
    """
    people = """
        person_key | birth_date | sex   | origin
        1          | 1998-06-01 | man   | danish
        2          | 1998-06-02 | woman | immigrant
    """
    expected = """
        person_key | is_in_population | sex   | origin    | age_years
        1          | true             | man   | danish    | 18
        2          | true             | woman | immigrant | 17
        3          | false            | -     | -         | -
    """
    check_candidates("analysis.candidate", {"core.custody_stay": stays, "core.person": people}, expected)


def test_residents_are_neither_abroad_nor_dead_on_the_day_of_release(check_candidates: Check) -> None:
    # 1 left before and is away. 2 came back on the day of release: here. 3 leaves on that day: away. 4 leaves the day
    # after. 5 dies on the day: cannot be followed. 6 dies the day after. 7 was away long ago and is away again later.
    stays = """
        person_key | stay_number | start_date | stop_date
        1          | 1           | 2016-02-01 | 2016-06-01
        2          | 1           | 2016-02-01 | 2016-06-01
        3          | 1           | 2016-02-01 | 2016-06-01
        4          | 1           | 2016-02-01 | 2016-06-01
        5          | 1           | 2016-02-01 | 2016-06-01
        6          | 1           | 2016-02-01 | 2016-06-01
        7          | 1           | 2016-02-01 | 2016-06-01
    """
    absences = """
        person_key | start_date | stop_date
        1          | 2016-05-01 | -
        2          | 2016-05-01 | 2016-06-01
        3          | 2016-06-01 | 2016-07-01
        4          | 2016-06-02 | -
        7          | 2010-05-01 | 2011-06-01
        7          | 2017-05-01 | -
    """
    deaths = """
        person_key | death_date
        5          | 2016-06-01
        6          | 2016-06-02
    """
    expected = """
        person_key | is_resident
        1          | false
        2          | true
        3          | false
        4          | true
        5          | false
        6          | true
        7          | true
    """
    check_candidates(
        "analysis.candidate", {"core.custody_stay": stays, "core.absence": absences, "core.death": deaths}, expected
    )


def test_offers_count_up_to_the_day_of_release_and_never_after(check_candidates: Check) -> None:
    # 1 on the day of admission, 2 on the day of release, 3 the day after release, 4 the day before admission, 5 never.
    stays = """
        person_key | stay_number | start_date | stop_date
        1          | 1           | 2016-02-01 | 2016-06-01
        2          | 1           | 2016-02-01 | 2016-06-01
        3          | 1           | 2016-02-01 | 2016-06-01
        4          | 1           | 2016-02-01 | 2016-06-01
        5          | 1           | 2016-02-01 | 2016-06-01
    """
    offers = """
        person_key | offered_on | accepted
        1          | 2016-02-01 | false
        1          | 2015-02-01 | false
        2          | 2016-06-01 | true
        3          | 2016-06-02 | true
        4          | 2016-01-31 | true
    """
    expected = """
        person_key | offered_in_stay | ever_offered
        1          | true            | true
        2          | true            | true
        3          | false           | false
        4          | false           | true
        5          | false           | false
    """
    check_candidates("analysis.candidate", {"core.custody_stay": stays, "core.enrolment": offers}, expected)


def test_each_of_a_persons_releases_is_judged_by_itself(check_candidates: Check) -> None:
    # Lived in a pilot municipality and was offered the first time; away and elsewhere the second time.
    stays = """
        person_key | stay_number | start_date | stop_date
        1          | 1           | 2016-02-01 | 2016-06-01
        1          | 2           | 2017-02-01 | 2017-06-01
    """
    homes = """
        person_key | municipality | start_date | stop_date
        1          | 316          | 2010-01-01 | 2016-09-01
        1          | 101          | 2016-09-01 | -
    """
    absences = """
        person_key | start_date | stop_date
        1          | 2017-05-01 | 2018-01-01
    """
    offers = """
        person_key | offered_on
        1          | 2016-03-01
        1          | 2016-04-01
    """
    expected = """
        person_key | stay_number | municipality | arm        | is_resident | offered_in_stay | ever_offered
        1          | 1           | 316          | pilot      | true        | true            | true
        1          | 2           | 101          | comparison | false       | false           | true
    """
    given = {
        "core.custody_stay": stays,
        "core.residence": homes,
        "core.absence": absences,
        "core.enrolment": offers,
    }
    check_candidates("analysis.candidate", given, expected)


def test_the_study_names_the_pilot_municipalities(check_candidates: Check) -> None:
    homes = """
        person_key | municipality | start_date
        1          | 101          | 2010-01-01
    """
    expected = """
        person_key | municipality | arm
        1          | 101          | pilot
    """
    given = {"core.custody_stay": STAY, "core.residence": homes}
    check_candidates("analysis.candidate", given, expected, pilot_municipalities=["101"])
