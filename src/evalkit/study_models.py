"""Which SQL models a study needs, as its extracts allow, and the values of their parameters."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from evalkit.cohorts import cohort_parameters
from evalkit.errors import ConfigError
from evalkit.indicators import assessment_parameters, status_parameters
from evalkit.outcome_results import outcome_targets, study_outcomes
from evalkit.outcomes import outcome_rules
from evalkit.process_results import process_targets
from evalkit.programme_results import programme_targets
from evalkit.programmes import programme_parameters
from evalkit.registers import contract_for, layouts, load_contract
from evalkit.registers.evidence.undelivered import absent, without_undelivered
from evalkit.shipped import shipped
from evalkit.state_results import state_targets
from evalkit.study import Study
from evalkit.warehouse import Model, load_models

__all__ = ["delivered_models", "needed_models", "parameters", "refuse_unlisted_extracts"]

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


def refuse_unlisted_extracts(study: Study) -> None:
    """Say which registers a study's results are made of and its study file does not list, before any work is done.

    Parameters
    ----------
    study : Study
        The study.

    Raises
    ------
    ConfigError
        With every layout that is not listed; where one of several would do, with all of them.
    """
    listed = {
        f"staging.{table}"
        for spec in study.definition.extracts
        for table in (spec.layout, *contract_for(spec, study.folder).tables)
    }
    wanted = [choice for model in needed_models(study, listed) for choice in _unlisted(model, listed)]
    # A choice that a wanted register fulfils is no further demand.
    demands = [choice for choice in wanted if not any(set(other) < set(choice) for other in wanted)]
    if demands:
        names = ", ".join(" or ".join(choice) for choice in dict.fromkeys(demands))
        raise ConfigError(
            f"study {study.definition.name}: its results are made of registers that it does not list: {names}.",
            hint="Add an [[extract]] with that layout, or leave out of the study file what needs it.",
        )


def _unlisted(model: Model, listed: Collection[str]) -> list[tuple[str, ...]]:
    """Name the layouts that a model lacks: one choice where any of them would do, else each for itself."""
    missing = sorted(name for name in absent(model.reads, listed) if name.startswith("staging."))
    there = {*listed, "analysis.cohort"}
    either = tuple(name for name in missing if without_undelivered(model.sql, {*there, name}) is not None)
    choices = [either] if either else [(name,) for name in missing]
    return [tuple(dict.fromkeys(_layout(name) for name in choice)) for choice in choices]


def _layout(table: str) -> str:
    """Name the layout whose register has a staging table."""
    name = table.removeprefix("staging.")
    return next(layout for layout in layouts() if name in {layout, *load_contract(layout).tables})


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
