"""From a study and its extracts to results: ingest, build the models, compute.

SQL counts, the functions of :mod:`evalkit.indicators` turn counts into results; no person's row is fetched but the
design matrix of a regression, which stays in memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import polars as pl

from evalkit.cohorts import cohort_parameters
from evalkit.errors import DefinitionError, EstimationError
from evalkit.indicators import (
    assessment_parameters,
    attrition,
    baseline,
    cox_model,
    delivery,
    left_out,
    plan_continuity,
    reoffending,
    status_parameters,
)
from evalkit.outcome_results import outcome_results, outcome_targets, primary_counts, study_outcomes
from evalkit.outcomes import outcome_rules
from evalkit.process_results import process_results, process_targets
from evalkit.programme_results import programme_results, programme_targets
from evalkit.programmes import Finding, programme_parameters
from evalkit.registers import Delivery, Evidence, contract_for, ingest, staging_fingerprint, weigh
from evalkit.registers.evidence.undelivered import absent, without_undelivered
from evalkit.results import Provenance, Result
from evalkit.shipped import shipped
from evalkit.state_results import state_results, state_targets
from evalkit.study import Study
from evalkit.warehouse import Model, ModelRun, Warehouse, build, load_models, open_warehouse

__all__ = ["Evaluation", "evaluate"]

Progress = Callable[[str], None]

_REGISTER_TARGETS = (
    "analysis.attrition",
    "analysis.baseline",
    "analysis.continuity_state",
    "analysis.status",
)


@dataclass(frozen=True, repr=False)
class Evaluation(Mapping[str, Result]):
    """All results of a study, by name, inside the secure zone.

    Parameters
    ----------
    study : Study
        The study.
    results : mapping of str to Result
        In the order of the report.
    deliveries : tuple of Delivery
        What came in, one a register.
    evidence : Evidence
        What speaks for and against it.
    model_runs : tuple of ModelRun
        What was built and what was skipped.
    provenance : Provenance
        Where the numbers come from.
    findings : tuple of Finding
        What became of each indicator of the study's programme.
    """

    study: Study
    results: Mapping[str, Result]
    deliveries: tuple[Delivery, ...]
    evidence: Evidence
    model_runs: tuple[ModelRun, ...]
    provenance: Provenance
    findings: tuple[Finding, ...] = ()

    def __getitem__(self, name: str) -> Result:
        return self.results[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    def __repr__(self) -> str:
        return f"<Evaluation {self.study.definition.name}: {', '.join(self.results)}>"


def evaluate(study: Study, warehouse_path: Path | None = None, *, progress: Progress | None = None) -> Evaluation:
    """Ingest a study's extracts, build its models and compute its results.

    Parameters
    ----------
    study : Study
        See :func:`evalkit.load_study`.
    warehouse_path : Path, optional
        The database file; what is unchanged in it is not built again. None keeps all in memory.
    progress : callable, optional
        Called with the name of each part before it is done.

    Returns
    -------
    Evaluation
        All results, not disclosure-checked.

    Raises
    ------
    DeliveryError
        When an extract is missing or wrong.
    DefinitionError
        When an arm is empty.
    """
    tell = progress or (lambda _: None)
    definition = study.definition
    with open_warehouse(warehouse_path) as warehouse:
        deliveries = ingest(
            warehouse,
            definition.extracts,
            root=study.folder,
            vintage=definition.vintage,
            as_of=definition.vintage,
            trust=definition.trust,
            progress=lambda layout: tell(f"read {layout}"),
        )
        contracts = {spec.layout: contract_for(spec, study.folder) for spec in definition.extracts}
        evidence = weigh(warehouse, deliveries, contracts, definition.trust)
        sources = _source_fingerprints(deliveries)
        there = {*sources, *(("analysis.cohort",) if definition.cohort else ())}
        models = _needed(delivered_models(load_models(shipped("sql")), there), _targets(study))
        runs = build(warehouse, models, parameters=parameters(study), sources=sources, progress=tell)
        tell("results")
        provenance = _provenance(study, runs)
        by_name = {result.name: result for result in _COMPUTE[definition.kind](study, warehouse, provenance)}
        by_name |= {result.name: result for result in process_results(study, warehouse, provenance)}
        made, findings = programme_results(study, warehouse, by_name, provenance)
        by_name |= {result.name: result for result in (*made, delivery(deliveries, provenance))}
    return Evaluation(study, by_name, deliveries, evidence, runs, provenance, findings)


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


def _source_fingerprints(deliveries: tuple[Delivery, ...]) -> dict[str, str]:
    return {table: f"{one.fingerprint} {staging_fingerprint(table)}" for one in deliveries for table in one.tables}


def _provenance(study: Study, runs: tuple[ModelRun, ...]) -> Provenance:
    definition = study.definition
    return Provenance(
        definition=f"{definition.name}@{definition.fingerprint}",
        vintage=definition.vintage,
        models={run.name: run.fingerprint for run in runs},
        version=version("evalkit"),
    )


def _register_results(study: Study, warehouse: Warehouse, provenance: Provenance) -> tuple[Result, ...]:
    definition, outcome, cohort = study.definition, study.outcome, study.definition.cohort
    if outcome is None or cohort is None:
        raise DefinitionError(f"study {definition.name}: a register study needs a cohort and an outcome.")
    counts = primary_counts(warehouse, "event_count")
    _require_every_arm(study, counts)
    months = range(outcome.follow_up_months + 1)
    grid = tuple(round(outcome.horizon_days * month / outcome.follow_up_months) for month in months)
    reference, treated = definition.compared
    return (
        attrition(warehouse.table("analysis.attrition"), provenance, cohort.reasons),
        baseline(warehouse.table("analysis.baseline"), provenance),
        *reoffending(counts, provenance, horizon=outcome.horizon_days, grid=grid, reference=reference, treated=treated),
        left_out(primary_counts(warehouse, "left_out"), provenance),
        *outcome_results(study, warehouse, provenance),
        plan_continuity(warehouse.table("analysis.continuity_state"), provenance),
        *state_results(study, warehouse, provenance),
    )


def _delivered_results(study: Study, warehouse: Warehouse, provenance: Provenance) -> tuple[Result, ...]:
    definition, delivered = study.definition, study.definition.delivered
    if delivered is None:
        raise DefinitionError(f"study {definition.name}: it needs a delivered outcome.")
    counts = warehouse.table("analysis.delivered_event_count")
    _require_every_arm(study, counts)
    grid = tuple(range(0, delivered.horizon + 1, delivered.grid_step))
    reference, treated = definition.compared
    results = reoffending(
        counts,
        provenance,
        horizon=delivered.horizon,
        grid=(*grid, delivered.horizon) if grid[-1] != delivered.horizon else grid,
        reference=reference,
        treated=treated,
    )
    covariates = next(extract.covariates for extract in definition.extracts)
    if not covariates:
        return results
    design = warehouse.fetch("SELECT * FROM analysis.delivered_design ORDER BY person_key, name")
    return (*results, *cox_model(design, covariates, provenance))


_COMPUTE: dict[str, Callable[[Study, Warehouse, Provenance], tuple[Result, ...]]] = {
    "register": _register_results,
    "time_to_event": _delivered_results,
    "programme": lambda _, __, ___: (),
}


def _require_every_arm(study: Study, counts: pl.DataFrame) -> None:
    found = set(counts.get_column("arm"))
    empty = [arm.name for arm in study.definition.arms if arm.name not in found]
    unknown = sorted(found - {arm.name for arm in study.definition.arms})
    if unknown:
        raise DefinitionError(
            f"study {study.definition.name}: {len(unknown)} values of the arm have no [[arm]] in the study file.",
            hint="Name both arms as they stand in the extract.",
        )
    if empty:
        raise EstimationError(
            f"study {study.definition.name}: nobody is in the arm {', '.join(empty)}.",
            hint="Look at the arms, the window and the eligibility in the study file.",
        )
