"""analysis: criteria, eligibility, index event, attrition and cohort."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from evalkit.warehouse import Model, Warehouse
from tests.sql.cohort_chain import run_through

Check = Callable[..., None]

CHAIN = (
    "analysis.municipality_release",
    "analysis.vulnerability",
    "analysis.criterion",
    "analysis.eligibility",
    "analysis.index_event",
    "analysis.cohort",
)


@pytest.fixture
def check_steps(warehouse: Warehouse, models: Mapping[str, Model], parameters: Mapping[str, object]) -> Check:
    """Run the models from the given candidates to one of the cohort's, and compare its rows with the expected ones."""

    def run(model: str, given: Mapping[str, str], expected: str, **changed: object) -> None:
        chain = CHAIN[: CHAIN.index(model) + 1]
        found, wanted = run_through(warehouse, models, chain, given, expected, {**parameters, **changed})
        assert found == wanted

    return run


def test_each_step_stops_the_first_that_fails(check_steps: Check) -> None:
    # Everyone from 2 on fails one step; 9 fails all, 10 has an unknown age, 11 an unknown way of release. Of those who
    # pass seven steps, 12 was offered the programme in this stay and 14 was not; 15 and 16 live elsewhere.
    candidates = """
        person_key | event_number | is_in_population | municipality | release_type | stay_days | age_years | is_resident | arm        | offered_in_stay | ever_offered
        1          | 1            | true             | 316          | parole       | 14        | 18        | true        | pilot      | true            | true
        2          | 1            | false            | 316          | parole       | 14        | 18        | true        | pilot      | true            | true
        3          | 1            | true             | -            | parole       | 14        | 18        | true        | -          | true            | true
        4          | 1            | true             | 316          | home         | 14        | 18        | true        | pilot      | true            | true
        5          | 1            | true             | 316          | fine         | 14        | 18        | true        | pilot      | true            | true
        6          | 1            | true             | 316          | full_term    | 13        | 18        | true        | pilot      | true            | true
        7          | 1            | true             | 316          | remand_end   | 14        | 17        | true        | pilot      | true            | true
        8          | 1            | true             | 316          | remand_end   | 14        | 18        | false       | pilot      | true            | true
        9          | 1            | false            | -            | fine         | 1         | 10        | false       | -          | false           | false
        10         | 1            | true             | 316          | parole       | 14        | -         | true        | pilot      | true            | true
        11         | 1            | true             | 316          | -            | 14        | 18        | true        | pilot      | true            | true
        12         | 1            | true             | 316          | full_term    | 14        | 18        | true        | pilot      | true            | true
        14         | 1            | true             | 316          | full_term    | 14        | 18        | true        | pilot      | false           | true
        15         | 1            | true             | 101          | full_term    | 14        | 18        | true        | comparison | false           | false
        16         | 1            | true             | 101          | full_term    | 14        | 18        | true        | comparison | false           | true
    """  # noqa: E501 - a table
    expected = """
        person_key | n_steps_passed
        1          | 8
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
        12         | 8
        14         | 7
        15         | 8
        16         | 7
    """
    check_steps("analysis.eligibility", {"analysis.candidate": candidates}, expected)


def test_the_study_sets_the_limits_of_eligibility(check_steps: Check) -> None:
    candidates = """
        person_key | event_number | is_in_population | municipality | release_type | stay_days | age_years | is_resident | arm
        1          | 1            | true             | 316          | parole       | 30        | 21        | true        | pilot
        2          | 1            | true             | 316          | parole       | 29        | 21        | true        | pilot
        3          | 1            | true             | 316          | parole       | 30        | 20        | true        | pilot
        4          | 1            | true             | 316          | full_term    | 30        | 21        | true        | pilot
        5          | 1            | true             | 316          | parole       | 91        | 21        | true        | pilot
        6          | 1            | true             | 316          | parole       | 30        | 66        | true        | pilot
        7          | 1            | true             | 316          | parole       | 90        | 65        | true        | pilot
    """  # noqa: E501 - a table
    expected = """
        person_key | n_steps_passed
        1          | 7
        2          | 4
        3          | 5
        4          | 3
        5          | 4
        6          | 5
        7          | 7
    """
    limits = {"min_stay_days": 30, "max_stay_days": 90, "min_age_years": 21, "max_age_years": 65}
    given = {"analysis.candidate": candidates}
    check_steps("analysis.eligibility", given, expected, release_types=["parole"], **limits)


@pytest.mark.parametrize(
    ("steps", "passed"),
    [(["age", "stay_length"], 1), (["stay_length", "age"], 2), (["in_population_register", "age"], 2)],
)
def test_which_step_leaves_somebody_out_hangs_on_the_order(check_steps: Check, steps: list[str], passed: int) -> None:
    candidates = """
        person_key | event_number | is_in_population | municipality | stay_days | age_years | arm
        1          | 1            | true             | 316          | 14        | 17        | pilot
    """
    check_steps(
        "analysis.eligibility",
        {"analysis.candidate": candidates},
        f"person_key | n_steps_passed\n1 | {passed}",
        steps=["released_in_window", *steps, "municipality_known", "offer"],
    )


ELIGIBLE = "person_key | event_number | index_date | arm | n_steps_passed"


def test_the_index_event_is_the_first_eligible_one_in_both_arms(
    warehouse: Warehouse, models: Mapping[str, Model], parameters: Mapping[str, object]
) -> None:
    # 1: too short, then two eligible ones. 2: nothing eligible; the one that gets furthest, not the last. 3: ties.
    # 4: offered only in the second stay, and the offer does not choose: the first is the index release, and it fails.
    rows = """
        1 | 1 | 2016-02-01 | pilot      | 4
        1 | 2 | 2017-02-01 | comparison | 8
        1 | 3 | 2018-02-01 | comparison | 8
        2 | 1 | 2016-02-01 | pilot      | 5
        2 | 2 | 2017-02-01 | pilot      | 3
        3 | 1 | 2016-02-01 | pilot      | 6
        3 | 2 | 2016-02-01 | pilot      | 6
        4 | 1 | 2016-02-01 | pilot      | 7
        4 | 2 | 2017-02-01 | pilot      | 8
        5 | 1 | 2016-02-01 | -          | 2
        6 | 1 | 2016-02-01 | comparison | 3
        7 | 1 | 2016-02-01 | comparison | 2
    """
    expected = """
        person_key | event_number | arm        | n_steps_passed
        1          | 2            | comparison | 8
        2          | 1            | pilot      | 5
        3          | 1            | pilot      | 6
        4          | 1            | pilot      | 7
        5          | 1            | unassigned | 2
        6          | 1            | comparison | 3
        7          | 1            | unassigned | 2
    """
    given = {"analysis.eligibility": f"{ELIGIBLE}\n{rows.strip()}"}
    found, wanted = run_through(warehouse, models, ["analysis.index_event"], given, expected, parameters)
    assert found == wanted


INDEX_EVENTS = """
    person_key | event_number | arm        | n_steps_passed
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
    check("analysis.attrition", {"analysis.index_event": INDEX_EVENTS}, expected)


def test_an_arm_that_nobody_is_in_has_its_rows(check: Check) -> None:
    only = """
        person_key | event_number | arm        | n_steps_passed
        1          | 1           | comparison | 8
    """
    expected = "step | arm | n_persons | n_excluded\n" + "\n".join(
        [f"{step} | all | 1 | 0" for step in (1, 2, 3)]
        + [f"{step} | comparison | 1 | 0" for step in range(3, 9)]
        + [f"{step} | pilot | 0 | 0" for step in range(3, 9)]
    )
    check("analysis.attrition", {"analysis.index_event": only}, expected)


@pytest.mark.parametrize("seed", range(5))
def test_attrition_adds_up(
    warehouse: Warehouse, models: Mapping[str, Model], parameters: Mapping[str, object], seed: int
) -> None:
    # Persons left and persons excluded make the step before, in each arm; the arms together make "all" at step 3.
    people = [(n * 7 + seed * 13) % 8 + 1 for n in range(60)]
    for key, steps in enumerate(people):
        arm = "unassigned" if steps < 3 else ("pilot", "comparison")[(key * (seed + 3)) % 5 % 2]
        warehouse.execute(
            "INSERT INTO analysis.index_event (person_key, event_number, arm, n_steps_passed) "
            "VALUES ($key, 1, $arm, $steps)",
            {"key": key, "arm": arm, "steps": steps},
        )
    attrition = models["analysis.attrition"]
    found = warehouse.fetch(attrition.sql, {name: parameters[name] for name in attrition.parameters})
    rows = found.select("step", "arm", "n_persons", "n_excluded").rows()
    left = {(arm, step): n for step, arm, n, _ in rows}
    for step, arm, n_persons, n_excluded in rows:
        if (arm, step - 1) in left:
            assert n_persons + n_excluded == left[arm, step - 1]
    assert left["all", 1] == 60
    assert left["pilot", 3] + left["comparison", 3] == left["all", 3] == sum(steps >= 3 for steps in people)


CANDIDATES = """
    person_key | event_number | index_date | admission_date | release_type | stay_days | sex | origin | age_years | municipality
    1          | 1            | 2016-02-29 | 2016-01-01     | parole       | 59        | man | danish | 30        | 316
    1          | 2            | 2017-02-01 | 2017-01-01     | full_term    | 31        | man | danish | 31        | 316
    1          | 3            | 2018-02-01 | 2018-01-01     | full_term    | 31        | man | danish | 32        | 101
    1          | 4            | 2019-02-01 | 2019-01-01     | full_term    | 31        | man | danish | 33        | 316
    2          | 1            | 2016-02-29 | 2016-01-01     | parole       | 59        | man | danish | 30        | 101
    3          | 1            | 2016-01-02 | 2015-12-01     | parole       | 32        | man | -      | 30        | 101
    3          | 2            | 2018-02-28 | 2018-01-01     | remand_end   | 58        | man | -      | 40        | 101
"""  # noqa: E501 - a table
CHOSEN = """
    person_key | event_number | arm        | n_steps_passed
    1          | 1            | pilot      | 8
    2          | 1            | comparison | 7
    3          | 2            | comparison | 8
"""
PASSED = f"""{ELIGIBLE}
    1 | 1 | 2016-02-29 | pilot      | 8
    1 | 2 | 2017-02-01 | pilot      | 7
    1 | 3 | 2018-02-01 | comparison | 8
    1 | 4 | 2019-02-01 | pilot      | 8
    2 | 1 | 2016-02-29 | comparison | 7
    3 | 1 | 2016-01-02 | comparison | 4
    3 | 2 | 2018-02-28 | comparison | 8
"""
GIVEN = {"analysis.index_event": CHOSEN, "analysis.candidate": CANDIDATES, "analysis.eligibility": PASSED}


def test_the_cohort_is_who_passed_all_steps_as_known_on_the_index_date(check: Check) -> None:
    # Person 1's later releases are not theirs to be followed from; person 2 stops one step short.
    expected = """
        person_key | episode | arm        | index_date | admission_date | release_type | stay_days | sex | origin | age_years | municipality | follow_up_end
        1          | 1       | pilot      | 2016-02-29 | 2016-01-01     | parole       | 59        | man | danish | 30        | 316          | 2018-02-28
        3          | 1       | comparison | 2018-02-28 | 2018-01-01     | remand_end   | 58        | man | -      | 40        | 101          | 2020-02-28
    """  # noqa: E501 - a table
    check("analysis.cohort", GIVEN, expected)


def test_all_episodes_of_a_person_are_in_the_arm_of_the_first(check: Check) -> None:
    # Of person 1 the second fails the last step and the third would be in the other arm: both are left out.
    expected = """
        person_key | episode | arm        | index_date
        1          | 1       | pilot      | 2016-02-29
        1          | 2       | pilot      | 2019-02-01
        3          | 1       | comparison | 2018-02-28
    """
    check("analysis.cohort", GIVEN, expected, episodes="all")
