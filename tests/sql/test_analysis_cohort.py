"""analysis: eligibility, index release, attrition and cohort."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evalkit.warehouse import Model, Warehouse

Check = Callable[..., None]


def test_each_step_stops_the_first_that_fails(check: Check) -> None:
    # Everyone from 2 on fails one step; 9 fails all, 10 has an unknown age, 11 an unknown way of release.
    releases = """
        person_key | stay_number | is_in_population | municipality | release_type | stay_days | age_years | is_resident
        1          | 1           | true             | 316          | parole       | 14        | 18        | true
        2          | 1           | false            | 316          | parole       | 14        | 18        | true
        3          | 1           | true             | -            | parole       | 14        | 18        | true
        4          | 1           | true             | 316          | home         | 14        | 18        | true
        5          | 1           | true             | 316          | fine         | 14        | 18        | true
        6          | 1           | true             | 316          | full_term    | 13        | 18        | true
        7          | 1           | true             | 316          | remand_end   | 14        | 17        | true
        8          | 1           | true             | 316          | remand_end   | 14        | 18        | false
        9          | 1           | false            | -            | fine         | 1         | 10        | false
        10         | 1           | true             | 316          | parole       | 14        | -         | true
        11         | 1           | true             | 316          | -            | 14        | 18        | true
        12         | 1           | true             | 316          | full_term    | 14        | 18        | true
        13         | 1           | true             | 316          | remand_end   | 14        | 18        | true
    """
    expected = """
        person_key | n_steps_passed
        1          | 7
        2          | 1
        3          | 2
        4          | 3
        5          | 3
        6          | 4
        7          | 5
        8          | 6
        9          | 1
        10         | 5
        11         | 3
        12         | 7
        13         | 7
    """
    check("analysis.eligibility", {"analysis.release": releases}, expected)


def test_the_study_sets_the_limits_of_eligibility(check: Check) -> None:
    releases = """
        person_key | stay_number | is_in_population | municipality | release_type | stay_days | age_years | is_resident
        1          | 1           | true             | 316          | parole       | 30        | 21        | true
        2          | 1           | true             | 316          | parole       | 29        | 21        | true
        3          | 1           | true             | 316          | parole       | 30        | 20        | true
        4          | 1           | true             | 316          | full_term    | 30        | 21        | true
    """
    expected = """
        person_key | n_steps_passed
        1          | 7
        2          | 4
        3          | 5
        4          | 3
    """
    given = {"analysis.release": releases}
    check("analysis.eligibility", given, expected, min_stay_days=30, min_age_years=21, release_types=["parole"])


def test_the_index_release_is_the_first_eligible_one_in_both_arms(check: Check) -> None:
    # 1: too short, then two eligible ones. 2: nothing eligible; the one that gets furthest, not the last. 3: ties.
    releases = """
        person_key | stay_number | release_date | n_steps_passed | is_pilot_municipality | offered_in_stay | ever_offered
        1          | 1           | 2016-02-01   | 4              | true                  | true            | true
        1          | 2           | 2017-02-01   | 7              | false                 | false           | false
        1          | 3           | 2018-02-01   | 7              | true                  | true            | true
        2          | 1           | 2016-02-01   | 5              | true                  | true            | true
        2          | 2           | 2017-02-01   | 3              | false                 | false           | false
        3          | 2           | 2017-02-01   | 6              | false                 | false           | false
        3          | 1           | 2016-02-01   | 6              | true                  | false           | false
    """  # noqa: E501 - a table
    expected = """
        person_key | stay_number | arm        | n_steps_passed
        1          | 2           | comparison | 8
        2          | 1           | pilot      | 5
        3          | 1           | pilot      | 6
    """
    check("analysis.index_release", {"analysis.eligibility": releases}, expected)


def test_the_offer_does_not_choose_the_index_release(check: Check) -> None:
    # Offered only in the second stay: the first release is the index release, and it fails the last step.
    releases = """
        person_key | stay_number | release_date | n_steps_passed | is_pilot_municipality | offered_in_stay | ever_offered
        1          | 1           | 2016-02-01   | 7              | true                  | false           | false
        1          | 2           | 2017-02-01   | 7              | true                  | true            | true
    """  # noqa: E501 - a table
    expected = """
        person_key | stay_number | arm   | n_steps_passed
        1          | 1           | pilot | 7
    """
    check("analysis.index_release", {"analysis.eligibility": releases}, expected)


def test_the_last_step_is_the_offer(check: Check) -> None:
    # Pilot: offered in this stay, or only in an earlier one. Comparison: never offered, or once.
    releases = """
        person_key | stay_number | release_date | n_steps_passed | is_pilot_municipality | offered_in_stay | ever_offered
        1          | 1           | 2016-02-01   | 7              | true                  | true            | true
        2          | 1           | 2016-02-01   | 7              | true                  | false           | true
        3          | 1           | 2016-02-01   | 7              | false                 | false           | false
        4          | 1           | 2016-02-01   | 7              | false                 | false           | true
        5          | 1           | 2016-02-01   | 7              | false                 | true            | true
        6          | 1           | 2016-02-01   | 6              | true                  | true            | true
        7          | 1           | 2016-02-01   | 2              | false                 | false           | false
        8          | 1           | 2016-02-01   | 3              | false                 | false           | false
    """  # noqa: E501 - a table
    expected = """
        person_key | arm        | n_steps_passed
        1          | pilot      | 8
        2          | pilot      | 7
        3          | comparison | 8
        4          | comparison | 7
        5          | comparison | 7
        6          | pilot      | 6
        7          | unassigned | 2
        8          | comparison | 3
    """
    check("analysis.index_release", {"analysis.eligibility": releases}, expected)


INDEX_RELEASES = """
    person_key | stay_number | arm        | n_steps_passed
    1          | 1           | unassigned | 1
    2          | 1           | unassigned | 2
    3          | 1           | pilot      | 3
    4          | 1           | comparison | 3
    5          | 1           | comparison | 4
    6          | 1           | pilot      | 7
    7          | 1           | pilot      | 8
    8          | 1           | comparison | 8
    9          | 1           | comparison | 8
"""


def test_attrition_counts_each_person_once_in_an_arm(check: Check) -> None:
    expected = """
        step | arm        | n_persons | n_excluded
        1    | all        | 9         | 0
        2    | all        | 8         | 1
        3    | all        | 7         | 1
        3    | comparison | 4         | 0
        4    | comparison | 3         | 1
        5    | comparison | 2         | 1
        6    | comparison | 2         | 0
        7    | comparison | 2         | 0
        8    | comparison | 2         | 0
        3    | pilot      | 3         | 0
        4    | pilot      | 2         | 1
        5    | pilot      | 2         | 0
        6    | pilot      | 2         | 0
        7    | pilot      | 2         | 0
        8    | pilot      | 1         | 1
    """
    check("analysis.attrition", {"analysis.index_release": INDEX_RELEASES}, expected)


def test_an_arm_that_nobody_is_in_has_its_rows(check: Check) -> None:
    only = """
        person_key | stay_number | arm        | n_steps_passed
        1          | 1           | comparison | 8
    """
    expected = "step | arm | n_persons | n_excluded\n" + "\n".join(
        [f"{step} | all | 1 | 0" for step in (1, 2, 3)]
        + [f"{step} | comparison | 1 | 0" for step in range(3, 9)]
        + [f"{step} | pilot | 0 | 0" for step in range(3, 9)]
    )
    check("analysis.attrition", {"analysis.index_release": only}, expected)


@pytest.mark.parametrize("seed", range(5))
def test_attrition_adds_up(warehouse: Warehouse, models: dict[str, Model], seed: int) -> None:
    # Persons left and persons excluded make the step before, in each arm; the arms together make "all" at step 3.
    people = [(n * 7 + seed * 13) % 8 + 1 for n in range(60)]
    for key, steps in enumerate(people):
        arm = "unassigned" if steps < 3 else ("pilot", "comparison")[(key * (seed + 3)) % 5 % 2]
        warehouse.execute(
            "INSERT INTO analysis.index_release (person_key, stay_number, arm, n_steps_passed) "
            "VALUES ($key, 1, $arm, $steps)",
            {"key": key, "arm": arm, "steps": steps},
        )
    rows = warehouse.fetch(models["analysis.attrition"].sql).select("step", "arm", "n_persons", "n_excluded").rows()
    left = {(arm, step): n for step, arm, n, _ in rows}
    for step, arm, n_persons, n_excluded in rows:
        if (arm, step - 1) in left:
            assert n_persons + n_excluded == left[arm, step - 1]
    assert left["all", 1] == 60
    assert left["pilot", 3] + left["comparison", 3] == left["all", 3] == sum(steps >= 3 for steps in people)


def test_the_cohort_is_who_passed_all_steps_as_known_on_the_index_date(check: Check) -> None:
    # Person 1's later release is not theirs to be followed from; person 2 stops one step short.
    chosen = """
        person_key | stay_number | arm        | n_steps_passed
        1          | 1           | pilot      | 8
        2          | 1           | comparison | 7
        3          | 2           | comparison | 8
    """
    releases = """
        person_key | stay_number | admission_date | release_date | release_type | stay_days | sex | origin | age_years | municipality
        1          | 1           | 2016-01-01     | 2016-02-29   | parole       | 59        | man | danish | 30        | 316
        1          | 2           | 2017-01-01     | 2017-02-01   | full_term    | 31        | man | danish | 31        | 316
        2          | 1           | 2016-01-01     | 2016-02-29   | parole       | 59        | man | danish | 30        | 101
        3          | 1           | 2015-12-01     | 2016-01-02   | parole       | 32        | man | -      | 30        | 101
        3          | 2           | 2018-01-01     | 2018-02-28   | remand_end   | 58        | man | -      | 40        | 101
    """  # noqa: E501 - a table
    expected = """
        person_key | arm        | index_date | admission_date | release_type | stay_days | sex | origin | age_years | municipality | follow_up_end
        1          | pilot      | 2016-02-29 | 2016-01-01     | parole       | 59        | man | danish | 30        | 316          | 2018-02-28
        3          | comparison | 2018-02-28 | 2018-01-01     | remand_end   | 58        | man | -      | 40        | 101          | 2020-02-28
    """  # noqa: E501 - a table
    check("analysis.cohort", {"analysis.index_release": chosen, "analysis.release": releases}, expected)
