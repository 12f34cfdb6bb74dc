"""Stays and cohorts under every choice that a study can make: DuckDB and the reference engine agree, row for row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.shipped import shipped
from evalkit.warehouse import Model, Warehouse, build, load_models, open_warehouse
from tests.property.careers import Careers, RestlessCareers, load
from tests.property.reference_cohort import DEFAULT_STEPS, CohortRules, absences_of, cases_of, episodes_of, index_of
from tests.property.reference_records import Person
from tests.property.reference_stays import StayRules, stays_of
from tests.sql.cohort_parameters import COHORT_PARAMETERS

STAGING = Path(__file__).parents[1] / "sql" / "staging.sql"
TARGETS = ("core.custody_stay", "core.absence", "analysis.cohort")
FIXED: Mapping[str, object] = {**COHORT_PARAMETERS, "follow_up_months": 24, "min_paid_hours": 0.0}
EXPOSURE_STEPS = {"offered": "offer", "took_part": "took_part", "resident": "exposure"}
FURTHER_STEPS = ("residence", "not_neighbour", "not_previously_offered", "lookback")
Told = dict[str, list[tuple[object, ...]]]


def of(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


STAYS = st.fixed_dictionaries(
    {
        "merge_gap_days": of(1, 1, 0, 3),
        "rearrest": of("same_stay", "new_stay"),
        "arrest_is_stay": of(False, True),
        "home_detention": of("custody", "liberty"),
        "longest_bridge_days": of(730, 0, 20, 59, 60),
    }
)


@st.composite
def choices(draw: st.DrawFn) -> CohortRules:
    """A study: the default for one in three, else anything that it may say."""
    if draw(of(False, False, True)):
        return CohortRules()
    steps = draw(st.permutations([*DEFAULT_STEPS, *FURTHER_STEPS]))
    kept = [step for step in steps if step == "municipality_known" or draw(st.booleans())]
    event = draw(of("release", "release", "admission", "offer", "programme_start", "programme_end"))
    before = draw(of("other_municipalities", "pre_period"))
    return CohortRules(
        steps=tuple(kept),
        release_types=draw(
            of(frozenset({"parole", "full_term", "remand_end"}), frozenset({"parole", "to_home", "fine"}))
        ),
        min_stay_days=draw(of(14, 0)),
        min_age_years=draw(of(18, 21)),
        neighbours=frozenset({"101"}),
        min_residence_days=draw(of(1, 366)),
        lookback_months=draw(of(12, 24)),
        history_from=draw(of(date(1900, 1, 1), date(2015, 6, 15))),
        index_event=event,
        landmark_days=draw(of(0, 0, 1, 30)),
        residence_at=draw(of("admission", "index_date")),
        exposure=draw(of("offered", "took_part", "resident")),
        participation_from=draw(of("enrolment", "release")),
        comparison=before,
        comparison_start=date(2014, 1, 1) if before == "pre_period" else date(2016, 1, 1),
        comparison_end=date(2016, 1, 1) if before == "pre_period" else date(2020, 1, 1),
        comparison_index_day=draw(of(0, 14, 60)) if event not in {"release", "admission"} else 0,
        episodes=draw(of("first", "all")),
        stays=StayRules(**draw(STAYS)),
    )


def parameters(rules: CohortRules) -> dict[str, object]:
    """The rules as the models' parameters."""
    same = {name: getattr(rules, name) for name in COHORT_PARAMETERS if hasattr(rules, name)}
    stays = {name: getattr(rules.stays, name) for name in COHORT_PARAMETERS if hasattr(rules.stays, name)}
    event = "released" if rules.index_event == "release" else rules.index_event
    lists = {
        "pilot_municipalities": sorted(rules.pilots),
        "release_types": sorted(rules.release_types),
        "neighbours": sorted(rules.neighbours),
        "steps": [f"{event}_in_window", *rules.steps, EXPOSURE_STEPS[rules.exposure]],
    }
    return {**FIXED, **same, **stays, **lists}


def told_by_reference(person: Person, rules: CohortRules) -> Told:
    stays = stays_of(person.custody, rules.stays)
    cases = cases_of(person, stays, rules)
    index = index_of(cases, rules)
    has_arm = index is not None and index.steps > rules.steps.index("municipality_known") + 1
    return {
        "stays": [(stay.start, stay.stop, stay.what, stay.ended) for stay in stays],
        "absences": [(absence.start, absence.stop) for absence in absences_of(person.moves)],
        "index": [(index.day, index.admission, index.release, index.steps, index.arm if has_arm else "unassigned")]
        if index
        else [],
        "cohort": [(case.day, case.arm) for case in episodes_of(cases, rules)],
    }


QUERIES = {
    "stays": "SELECT person_key, start_date, stop_date, kind, release_type FROM core.custody_stay ORDER BY 1, 2, 3",
    "absences": "SELECT person_key, start_date, stop_date FROM core.absence ORDER BY 1, 2",
    "index": """
        SELECT person_key, index_date, admission_date, release_date, n_steps_passed, index_event.arm
        FROM analysis.index_event JOIN analysis.candidate USING (person_key, event_number)
    """,
    "cohort": "SELECT person_key, index_date, arm FROM analysis.cohort ORDER BY person_key, episode",
}


class Models:
    """A warehouse with the models from staging to the cohort."""

    def __init__(self, warehouse: Warehouse, models: tuple[Model, ...]) -> None:
        self.warehouse = warehouse
        self.models = models

    def tell(self, careers: Sequence[Person], rules: CohortRules) -> list[Told]:
        load(self.warehouse, careers)
        values = parameters(rules)
        for model in self.models:
            self.warehouse.execute(f"DELETE FROM {model.name}")  # noqa: S608 - a model's name
            self.warehouse.execute(
                f"INSERT INTO {model.name} {model.sql}", {name: values[name] for name in model.parameters}
            )
        found: list[Told] = [{name: [] for name in QUERIES} for _ in careers]
        for name, query in QUERIES.items():
            for key, *said in self.warehouse.connection.execute(query).fetchall():
                found[key - 1][name].append(tuple(said))
        return found


@pytest.fixture(scope="module")
def cohort_models() -> Iterator[Models]:
    wanted = set(TARGETS)
    loaded = load_models(shipped("sql"))
    for model in reversed(loaded):
        if model.name in wanted:
            wanted.update(model.reads)
    models = tuple(model for model in loaded if model.name in wanted)
    with open_warehouse(threads=1) as warehouse:
        warehouse.execute(STAGING.read_text(encoding="utf-8"))
        sources = {name: "generated" for model in models for name in model.reads if name.startswith("staging.")}
        build(warehouse, models, parameters=parameters(CohortRules()), sources=sources)
        yield Models(warehouse, models)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(careers=Careers | RestlessCareers | RestlessCareers, rules=choices())
def test_models_and_reference_agree_whatever_the_study_says(
    cohort_models: Models, careers: list[Person], rules: CohortRules
) -> None:
    assert cohort_models.tell(careers, rules) == [told_by_reference(person, rules) for person in careers]


@pytest.mark.slow
@settings(max_examples=1000, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(careers=Careers | RestlessCareers | RestlessCareers, rules=choices())
def test_models_and_reference_agree_on_a_thousand_populations(
    cohort_models: Models, careers: list[Person], rules: CohortRules
) -> None:
    assert cohort_models.tell(careers, rules) == [told_by_reference(person, rules) for person in careers]
