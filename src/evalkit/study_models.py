"""Which SQL models a study needs, as its extracts allow, and the values of their parameters."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from evalkit.cohorts import cohort_parameters
from evalkit.indicators import assessment_parameters, status_parameters
from evalkit.outcome_results import outcome_targets, study_outcomes
from evalkit.outcomes import outcome_rules
from evalkit.process_results import process_targets
from evalkit.programme_results import programme_targets
from evalkit.programmes import programme_parameters
from evalkit.registers.evidence.undelivered import absent, without_undelivered
from evalkit.shipped import shipped
from evalkit.state_results import state_targets
from evalkit.study import Study
from evalkit.warehouse import Model, load_models

__all__ = ["delivered_models", "needed_models", "parameters"]

_REGISTER_TARGETS = (
    "analysis.attrition",
    "analysis.baseline",
    "analysis.continuity_state",
    "analysis.status",
)


def parameters(study: Study) -> dict[str, object]:
    """Return the values of the SQL models' parameters, one for each choice that a model needs to know.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    dict of str to object
        Name without the dollar sign to value; empty for a study of delivered durations.
    """
    definition, outcome = study.definition, study.outcome
    if definition.kind == "time_to_event":
        return {}
    of_all = {
        "vintage": definition.vintage,
        "resume_within_days": definition.continuity.resume_within_days,
        "min_paid_hours": definition.status.min_paid_hours,
        **status_parameters(definition.status),
        **programme_parameters(study.programme),
        **(definition.releases.parameters if definition.releases else {}),
    }
    if definition.cohort is None or outcome is None:
        return of_all
    cohort = definition.cohort
    return {
        **of_all,
        **cohort_parameters(cohort),
        "follow_up_months": outcome.follow_up_months,
        "outcomes": outcome_rules(study_outcomes(study), definition.vintage),
        "groupings": list(definition.groups),
        "checkpoints_months": list(definition.continuity.checkpoints_months),
        **assessment_parameters(definition.assessments),
    }


def delivered_models(models: tuple[Model, ...], tables: Collection[str]) -> tuple[Model, ...]:
    """Let models that put several registers under each other go without those that a study does not have.

    Parameters
    ----------
    models : tuple of Model
        The models.
    tables : collection of str
        The staging tables that are there, and ``"analysis.cohort"`` where the study has a cohort.

    Returns
    -------
    tuple of Model
        The same models; one that needs a table which is not there is left as it is, so that building it says so.
    """
    return tuple(_as_delivered(model, tables) for model in models)


def _as_delivered(model: Model, tables: Collection[str]) -> Model:
    missing = absent(model.reads, tables)
    sql = without_undelivered(model.sql, tables) if missing else None
    if sql is None:
        return model
    return replace(
        model,
        sql=sql,
        reads=tuple(name for name in model.reads if name not in missing),
        # A branch takes its parameters with it, and the database refuses a value that nothing asks for.
        parameters=tuple(name for name in model.parameters if re.search(rf"\${name}\b", sql)),
    )


def needed_models(study: Study, tables: Collection[str]) -> tuple[Model, ...]:
    """Return the models that a study's results are made of, as its extracts allow.

    Parameters
    ----------
    study : Study
        The study.
    tables : collection of str
        The staging tables that are there.

    Returns
    -------
    tuple of Model
        Each after those that it reads.
    """
    there = {*tables, *(("analysis.cohort",) if study.definition.cohort else ())}
    return _needed(delivered_models(load_models(shipped("sql")), there), _targets(study))


def _targets(study: Study) -> tuple[str, ...]:
    of_programme = (*programme_targets(study), *process_targets(study))
    if study.outcome:
        return (*_REGISTER_TARGETS, *outcome_targets(study), *state_targets(study), *of_programme)
    if study.definition.delivered is None:
        return of_programme
    has_covariates = any(extract.covariates for extract in study.definition.extracts)
    return ("analysis.delivered_event_count", *(("analysis.delivered_design",) if has_covariates else ()))


def _needed(models: tuple[Model, ...], targets: tuple[str, ...]) -> tuple[Model, ...]:
    """Keep the models that the targets are made of, in their order."""
    wanted = set(targets)
    for model in reversed(models):
        if model.name in wanted:
            wanted.update(model.reads)
    return tuple(model for model in models if model.name in wanted)
