"""Every rule of stays and cohorts does what its example shows; every judgement call and every step has one."""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from evalkit.cohorts import CohortDefinition, cohort_parameters
from evalkit.cohorts.require import Requirement
from evalkit.judgement import judgement_calls
from evalkit.warehouse import Warehouse
from tests.spec.cohort_examples import COHORT, COPENHAGEN, HEADERS, STAYS, CohortExample

Tell = Callable[..., Warehouse]
BASE = {"index_start": "2016-01-01", "index_end": "2020-01-01", "pilot_municipalities": ["316", "615"]}


def definition(changes: Mapping[str, object]) -> CohortDefinition:
    return CohortDefinition.model_validate({**BASE, **changes})


def told(tell: Tell, example: CohortExample, target: str) -> tuple[Warehouse, CohortDefinition]:
    tables = {"bef": COPENHAGEN, **example.tables}
    texts = {
        register: "\n".join((f"person_key | {HEADERS[register]}", *(f"2 | {row}" for row in rows)))
        for register, rows in tables.items()
    }
    cohort = definition(example.changes)
    return tell(texts, target, **cohort_parameters(cohort)), cohort


@pytest.mark.parametrize("example", STAYS, ids=lambda one: one.name)
def test_stays(_told: Tell, example: CohortExample) -> None:  # noqa: PT019 - its value is a function
    warehouse, _ = told(_told, example, "core.custody_stay")
    found = warehouse.fetch(
        """
        SELECT concat_ws(' ', start_date, coalesce(CAST(stop_date AS VARCHAR), '-'), kind, coalesce(release_type, '-'))
        FROM core.custody_stay
        WHERE person_key = 2
        ORDER BY start_date
        """
    )
    assert tuple(row for (row,) in found.iter_rows()) == example.expected


@pytest.mark.parametrize("example", COHORT, ids=lambda one: f"{one.about}: {one.name}")
def test_cohort(_told: Tell, example: CohortExample) -> None:  # noqa: PT019 - its value is a function
    warehouse, cohort = told(_told, example, "analysis.cohort")
    found = warehouse.fetch(
        "SELECT arm || ' ' || index_date FROM analysis.cohort WHERE person_key = 2 ORDER BY episode"
    )
    passed = warehouse.fetch("SELECT n_steps_passed FROM analysis.index_event WHERE person_key = 2")
    said = [row for (row,) in found.iter_rows()]
    if not said:
        said = [f"left out by {cohort.reasons[n]}" for (n,) in passed.iter_rows()]
    assert tuple(said) == example.expected


def calls() -> set[str]:
    return {call.field for call in judgement_calls(definition({}))}


def test_every_judgement_call_is_shown_and_shown_changed() -> None:
    examples: list[Any] = [*STAYS, *COHORT]
    assert calls() - {example.about for example in examples} == set()
    assert calls() - {key for example in examples for key in example.changes} == set()


def test_every_step_is_shown() -> None:
    kinds = typing.get_args(typing.get_args(Requirement)[0])
    steps = {kind.model_fields["step"].default for kind in kinds}
    assert steps - {example.about for example in COHORT} == set()
