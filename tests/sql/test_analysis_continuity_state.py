"""analysis.continuity_state: one state a person, domain and checkpoint, adding up to the arm.

Released on 10 May 2016; day 30 after release is 9 June 2016, and three months after it is 10 August 2016.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl
import pytest

from evalkit.warehouse import Model, Warehouse

Check = Callable[..., None]

DOMAINS = ("any", "housing", "economy", "education", "employment", "treatment", "health", "network")
STATES = (
    "continuing",
    "completed",
    "not_continued",
    "unknown_end",
    "returned_to_custody",
    "dead",
    "emigrated",
    "plan_without_activity",
    "no_plan_recorded",
)
COHORT = """
    person_key | episode | arm   | index_date
    1          | 1       | pilot | 2016-05-10
    1          | 2       | pilot | 2017-05-10
"""


def only(arm: str, states: Mapping[tuple[str, int], str], *, months: tuple[int, ...] = (0, 3)) -> str:
    """The counts of an arm of one person: 1 in the state, 0 in the others; no plan where nothing is said."""
    lines = [
        f"{arm} | {domain} | {month} | {state} | {int(states.get((domain, month), 'no_plan_recorded') == state)}"
        for domain in DOMAINS
        for month in months
        for state in STATES
    ]
    return "\n".join(["arm | domain | months | state | n_persons", *lines])


def days(*rows: str) -> str:
    return "\n".join(["person_key | domain | months | is_resumed | is_under_way | is_completed", *rows])


GOES_ON = days("1 | housing | 0 | true | true | false", "1 | housing | 3 | true | true | false")
STOPPED = days("1 | housing | 0 | false | false | false", "1 | housing | 3 | false | false | true")


def both(first: str, later: str) -> str:
    return only("pilot", {("any", 0): first, ("housing", 0): first, ("any", 3): later, ("housing", 3): later})


def test_no_plan_is_a_state_of_its_own_in_every_domain(check: Check) -> None:
    check("analysis.continuity_state", {"analysis.cohort": COHORT}, only("pilot", {}), checkpoints_months=[3])


@pytest.mark.parametrize(
    ("created", "closed", "is_plan"),
    [
        ("2016-03-01", "-", True),
        ("2016-05-09", "-", True),  # made on the last day inside
        ("2016-05-10", "-", False),  # made on the day of release
        ("2016-01-01", "2016-02-02", True),  # from before, closed the day after admission
        ("2016-01-01", "2016-02-01", False),  # closed on the day of admission
    ],
)
def test_a_plan_in_which_nothing_was_planned_is_told_apart(
    check: Check, created: str, closed: str, is_plan: bool
) -> None:
    cohort = """
        person_key | episode | arm   | admission_date | index_date
        1          | 1       | pilot | 2016-02-01     | 2016-05-10
    """
    plans = f"person_key | created_on | closed_on\n1 | {created} | {closed}"
    state = "plan_without_activity" if is_plan else "no_plan_recorded"
    expected = only("pilot", {("any", 0): state, ("any", 3): state})
    given = {"analysis.cohort": cohort, "core.plan": plans}
    check("analysis.continuity_state", given, expected, checkpoints_months=[3])


def test_an_end_for_which_nobody_gave_a_reason_is_told_apart(check: Check) -> None:
    rows = ("1 | housing | 0 | true | true | false | false", "1 | housing | 3 | true | false | false | true")
    header = "person_key | domain | months | is_resumed | is_under_way | is_completed | is_unknown_end"
    given = {"analysis.cohort": COHORT, "analysis.continuity_day": "\n".join([header, *rows])}
    check("analysis.continuity_state", given, both("continuing", "unknown_end"), checkpoints_months=[3])


def test_no_plan_comes_before_all_other_states(check: Check) -> None:
    given = {
        "analysis.cohort": COHORT,
        "core.death": "person_key | death_date\n1 | 2016-05-11",
        "core.absence": "person_key | start_date\n1 | 2016-05-11",
        "core.custody_stay": "person_key | start_date\n1 | 2016-05-11",
    }
    check("analysis.continuity_state", given, only("pilot", {}), checkpoints_months=[3])


@pytest.mark.parametrize(
    ("resumed", "under_way", "completed", "first", "later"),
    [
        ("true", "true", "false", "continuing", "continuing"),
        ("true", "true", "true", "continuing", "continuing"),  # one is done, another goes on
        ("true", "false", "true", "continuing", "completed"),
        ("true", "false", "false", "continuing", "not_continued"),
        ("false", "true", "false", "not_continued", "not_continued"),  # came too late
        ("false", "true", "true", "completed", "completed"),
        ("false", "false", "false", "not_continued", "not_continued"),
    ],
)
def test_going_on_is_resumed_in_time_and_under_way(
    check: Check, resumed: str, under_way: str, completed: str, first: str, later: str
) -> None:
    progress = days(
        f"1 | housing | 0 | {resumed} | {under_way} | {completed}",
        f"1 | housing | 3 | {resumed} | {under_way} | {completed}",
    )
    given = {"analysis.cohort": COHORT, "analysis.continuity_day": progress}
    check("analysis.continuity_state", given, both(first, later), checkpoints_months=[3])


def test_any_domain_goes_on_when_one_does_both_in_time_and_still(check: Check) -> None:
    # Housing was resumed and stopped, work came late and is under way: neither goes on, so nothing does.
    progress = days(
        "1 | housing | 0 | true | true | false",
        "1 | housing | 3 | true | false | false",
        "1 | employment | 0 | false | false | false",
        "1 | employment | 3 | false | true | false",
        "1 | health | 0 | false | false | true",
        "1 | health | 3 | false | false | true",
    )
    expected = only(
        "pilot",
        {
            ("any", 0): "continuing",
            ("any", 3): "completed",
            ("housing", 0): "continuing",
            ("housing", 3): "not_continued",
            ("employment", 0): "not_continued",
            ("employment", 3): "not_continued",
            ("health", 0): "completed",
            ("health", 3): "completed",
        },
    )
    given = {"analysis.cohort": COHORT, "analysis.continuity_day": progress}
    check("analysis.continuity_state", given, expected, checkpoints_months=[3])


@pytest.mark.parametrize(
    ("table", "fact", "state"),
    [
        ("core.death", "death_date\n1 | 2016-06-09", "dead"),
        ("core.absence", "start_date\n1 | 2016-06-09", "emigrated"),
        ("core.custody_stay", "start_date\n1 | 2016-06-09", "returned_to_custody"),
    ],
)
def test_leaving_by_day_30_ends_a_plan_that_was_not_resumed(check: Check, table: str, fact: str, state: str) -> None:
    # What goes on in the records of someone who has left does not continue, but what was resumed was resumed.
    given = {"analysis.cohort": COHORT, "analysis.continuity_day": STOPPED, table: f"person_key | {fact}"}
    check("analysis.continuity_state", given, both(state, state), checkpoints_months=[3])


@pytest.mark.parametrize(
    ("table", "fact", "state"),
    [
        ("core.death", "death_date\n1 | 2016-05-20", "dead"),
        ("core.absence", "start_date\n1 | 2016-05-20", "emigrated"),
        ("core.custody_stay", "start_date\n1 | 2016-05-20", "returned_to_custody"),
    ],
)
def test_what_was_resumed_stays_resumed_and_ends_at_the_next_checkpoint(
    check: Check, table: str, fact: str, state: str
) -> None:
    given = {"analysis.cohort": COHORT, "analysis.continuity_day": GOES_ON, table: f"person_key | {fact}"}
    check("analysis.continuity_state", given, both("continuing", state), checkpoints_months=[3])


@pytest.mark.parametrize(
    ("table", "fact", "later"),
    [
        ("core.death", "death_date\n1 | 2016-08-10", "dead"),
        ("core.death", "death_date\n1 | 2016-08-11", "continuing"),
        ("core.absence", "start_date | stop_date\n1 | 2016-08-10 | 2016-08-11", "emigrated"),
        ("core.absence", "start_date | stop_date\n1 | 2016-07-10 | 2016-08-10", "continuing"),
        ("core.absence", "start_date | stop_date\n1 | 2016-08-11 | -", "continuing"),
        ("core.custody_stay", "start_date | stop_date\n1 | 2016-08-10 | 2016-08-11", "returned_to_custody"),
        ("core.custody_stay", "start_date | stop_date\n1 | 2016-07-10 | 2016-08-10", "continuing"),
        ("core.custody_stay", "start_date | stop_date\n1 | 2016-08-11 | -", "continuing"),
    ],
)
def test_the_day_of_the_checkpoint_decides(check: Check, table: str, fact: str, later: str) -> None:
    given = {"analysis.cohort": COHORT, "analysis.continuity_day": GOES_ON, table: f"person_key | {fact}"}
    check("analysis.continuity_state", given, both("continuing", later), checkpoints_months=[3])


def test_each_person_has_their_own_state_at_each_checkpoint(check: Check) -> None:
    # Four plans that go on; at 3 months one is abroad, one inside, one dead from then on; at 6 months two are back.
    cohort = "\n".join(
        ["person_key | episode | arm | index_date", *(f"{key} | 1 | pilot | 2016-05-10" for key in range(1, 5))]
    )
    progress = days(*(f"{key} | housing | {month} | true | true | false" for key in range(1, 5) for month in (0, 3, 6)))
    given = {
        "analysis.cohort": cohort,
        "analysis.continuity_day": progress,
        "core.absence": "person_key | start_date | stop_date\n1 | 2016-08-01 | 2016-09-01",
        "core.custody_stay": "person_key | start_date | stop_date\n2 | 2016-08-01 | 2016-09-01",
        "core.death": "person_key | death_date\n3 | 2016-08-01",
    }
    seen = {
        0: {"continuing": 4},
        3: {"continuing": 1, "emigrated": 1, "returned_to_custody": 1, "dead": 1},
        6: {"continuing": 3, "dead": 1},
    }
    lines = [
        f"{domain} | {month} | {state} | {counts.get(state, 0)}"
        for domain in DOMAINS
        for month, planned in seen.items()
        for counts in [planned if domain in {"any", "housing"} else {"no_plan_recorded": 4}]
        for state in STATES
    ]
    expected = "\n".join(["domain | months | state | n_persons", *lines])
    check("analysis.continuity_state", given, expected, checkpoints_months=[3, 6])


def test_dead_comes_before_emigrated_and_that_before_custody(check: Check) -> None:
    away = {
        "analysis.cohort": COHORT,
        "analysis.continuity_day": GOES_ON,
        "core.absence": "person_key | start_date\n1 | 2016-08-01",
        "core.custody_stay": "person_key | start_date\n1 | 2016-08-01\n1 | 2016-08-02",
    }
    check("analysis.continuity_state", away, both("continuing", "emigrated"), checkpoints_months=[3])
    dead = {"core.death": "person_key | death_date\n1 | 2016-08-02"}
    check("analysis.continuity_state", dead, both("continuing", "dead"), checkpoints_months=[3])


def test_the_states_of_each_domain_and_checkpoint_add_up_to_the_arm(
    warehouse: Warehouse, models: dict[str, Model], parameters: Mapping[str, object]
) -> None:
    # 12 people, 5 of them pilots; a third with progress, some dead, abroad or inside.
    for key in range(1, 13):
        arm = "pilot" if key <= 5 else "comparison"
        warehouse.execute(
            "INSERT INTO analysis.cohort (person_key, episode, arm, index_date) "
            "VALUES ($key, 1, $arm, DATE '2016-05-10')",
            {"key": key, "arm": arm},
        )
        if key % 3 == 0:
            warehouse.execute(
                "INSERT INTO analysis.continuity_day "
                "SELECT $key, 'housing', unnest([0, 3, 6, 12, 24]), TRUE, TRUE, FALSE, FALSE",
                {"key": key},
            )
    warehouse.execute("INSERT INTO core.death VALUES (3, DATE '2016-07-01'), (4, DATE '2016-07-01')")
    warehouse.execute("INSERT INTO core.absence VALUES (6, DATE '2016-10-01', NULL)")
    model = models["analysis.continuity_state"]
    counted = warehouse.fetch(model.sql, {name: parameters[name] for name in model.parameters})
    groups = counted.group_by("arm", "domain", "months").agg(pl.col("n_persons").sum())
    assert set(groups.select("arm", "n_persons").iter_rows()) == {("pilot", 5), ("comparison", 7)}
    assert groups.height == 2 * len(DOMAINS) * 5
