"""From the states and assessments of a study to results: status, and what the study wants worked out beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl

from evalkit.indicators import (
    WORKING,
    assessments,
    continuity_evidence,
    plan_end,
    plan_gap,
    retention,
    self_support,
    state_weeks,
    status,
    time_in_state,
    transitions,
    work_start,
    working_year,
)
from evalkit.results import Provenance, Result
from evalkit.study import Study
from evalkit.warehouse import Warehouse

__all__ = ["state_results", "state_targets"]


def state_targets(study: Study) -> tuple[str, ...]:
    """Name the models that the study's measures of states and assessments are made of.

    Parameters
    ----------
    study : Study
        A register study.

    Returns
    -------
    tuple of str
        The models, beside that of the status itself.
    """
    definition = study.definition
    changes = ("analysis.assessment_change",) if definition.assessments else ()
    evidence = ("analysis.continuity_evidence",) if definition.continuity.evidence else ()
    plans = (f"analysis.{model}" for model, _ in _of_plans(study))
    return (*(f"analysis.{model}" for model in _models(study).values()), *changes, *evidence, *plans)


def state_results(study: Study, warehouse: Warehouse, provenance: Provenance) -> Iterator[Result]:
    """Make the status, and what the study wants worked out from the states and the assessments.

    Parameters
    ----------
    study : Study
        A register study.
    warehouse : Warehouse
        Where its models are built.
    provenance : Provenance
        Where the numbers come from.

    Yields
    ------
    Result
        The status first.
    """
    choices = study.definition.status
    working = [str(state) for state in choices.states if state in WORKING]
    begun_within = max(choices.months) - max(choices.retention_months)
    made: dict[str, Callable[[pl.DataFrame], Result]] = {
        "work_start": lambda rows: work_start(rows, provenance, working=working),
        "retention": lambda rows: retention(rows, provenance, begun_within=begun_within),
        "working_year": lambda rows: working_year(rows, provenance),
        "self_support": lambda rows: self_support(rows, provenance),
        "time_in_state": lambda rows: time_in_state(rows, provenance, months=choices.months),
        "state_weeks": lambda rows: state_weeks(rows, provenance),
        "transitions": lambda rows: transitions(rows, provenance),
    }
    yield status(warehouse.table("analysis.status"), provenance)
    for name, model in _models(study).items():
        yield made[name](warehouse.table(f"analysis.{model}"))
    for model, make in _of_plans(study):
        months = study.definition.continuity.checkpoints_months
        yield make(warehouse.table(f"analysis.{model}"), provenance, months=months)
    for instrument in study.definition.assessments:
        yield assessments(warehouse.table("analysis.assessment_change"), instrument, provenance)
    if study.definition.continuity.evidence:
        yield continuity_evidence(warehouse.table("analysis.continuity_evidence"), provenance)


def _of_plans(study: Study) -> tuple[tuple[str, Callable[..., Result]], ...]:
    """Name the models of what is told of resumed plans, each with what makes a table of it."""
    made: dict[str, tuple[str, Callable[..., Result]]] = {"end": ("plan_end", plan_end), "gap": ("plan_end", plan_gap)}
    return tuple(made[name] for name in study.definition.continuity.measures)


def _models(study: Study) -> dict[str, str]:
    """Name the models of what is worked out from the states: the measure's own, but where a table counts one thing."""
    other = {"state_weeks": "state_week", "transitions": "transition"}
    return {name: other.get(name, name) for name in study.definition.status.measures}
