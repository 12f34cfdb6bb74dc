"""From a study and its extracts to results: ingest, build the models, compute.

SQL counts, the functions of :mod:`evalkit.indicators` turn counts into results; no person's row is fetched but the
design matrix of a regression, which stays in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import polars as pl

from evalkit.cohorts import cohort_parameters
from evalkit.errors import DefinitionError, EstimationError
from evalkit.indicators import (
    WORKING,
    asked,
    attrition,
    baseline,
    cox_model,
    definition_panel,
    delivery,
    frequency,
    left_out,
    maturity,
    plan_continuity,
    reoffending,
    reoffending_set,
    retention,
    severity,
    state_weeks,
    status,
    status_parameters,
    time_in_state,
    transitions,
    work_start,
    working_year,
)
from evalkit.outcomes import PRESETS, PRIMARY, VARIANTS, OutcomeDefinition, asked_outcomes, outcome_rules
from evalkit.registers import Delivery, Evidence, contract_for, ingest, staging_fingerprint, weigh
from evalkit.registers.evidence.undelivered import without_undelivered
from evalkit.results import Provenance, Result
from evalkit.shipped import shipped
from evalkit.study import Study
from evalkit.warehouse import Model, ModelRun, Warehouse, build, load_models, open_warehouse

__all__ = ["Evaluation", "evaluate"]

Progress = Callable[[str], None]

_REGISTER_TARGETS = (
    "analysis.attrition",
    "analysis.baseline",
    "analysis.continuity_state",
    "analysis.event_count",
    "analysis.frequency",
    "analysis.left_out",
    "analysis.recognition",
    "analysis.severity",
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
    """

    study: Study
    results: Mapping[str, Result]
    deliveries: tuple[Delivery, ...]
    evidence: Evidence
    model_runs: tuple[ModelRun, ...]
    provenance: Provenance

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
        models = delivered_models(_needed(load_models(shipped("sql")), _targets(study)), sources)
        runs = build(warehouse, models, parameters=parameters(study), sources=sources, progress=tell)
        tell("results")
        provenance = _provenance(study, runs)
        compute = _register_results if study.outcome else _delivered_results
        results = (*compute(study, warehouse, provenance), delivery(deliveries, provenance))
    by_name = {result.name: result for result in results}
    return Evaluation(study, by_name, deliveries, evidence, runs, provenance)


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
    if definition.cohort is None or outcome is None:
        return {}
    cohort = definition.cohort
    return {
        "vintage": definition.vintage,
        **cohort_parameters(cohort),
        "follow_up_months": outcome.follow_up_months,
        "outcomes": outcome_rules(study_outcomes(study), definition.vintage),
        "resume_within_days": definition.continuity.resume_within_days,
        "checkpoints_months": list(definition.continuity.checkpoints_months),
        "min_paid_hours": definition.status.min_paid_hours,
        **status_parameters(definition.status),
    }


def study_outcomes(study: Study) -> dict[str, OutcomeDefinition]:
    """Return all outcomes that a register study counts: its own, variants of it, and every preset.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    dict of str to OutcomeDefinition
        Name in the models to definition; empty for a study of delivered durations.
    """
    cohort, outcome = study.definition.cohort, study.outcome
    if cohort is None or outcome is None:
        return {}
    return asked_outcomes(outcome, cohort.index_end - timedelta(1), study.definition.vintage)


def delivered_models(models: tuple[Model, ...], tables: Collection[str]) -> tuple[Model, ...]:
    """Let models that put several registers under each other go without those that a study does not have.

    Parameters
    ----------
    models : tuple of Model
        The models.
    tables : collection of str
        The staging tables that are there.

    Returns
    -------
    tuple of Model
        The same models; one that needs a table which is not there is left as it is, so that building it says so.
    """
    return tuple(_as_delivered(model, tables) for model in models)


def _as_delivered(model: Model, tables: Collection[str]) -> Model:
    missing = {name for name in model.reads if name.startswith("staging.")} - set(tables)
    sql = without_undelivered(model.sql, tables) if missing else None
    if sql is None:
        return model
    return replace(model, sql=sql, reads=tuple(name for name in model.reads if name not in missing))


def _targets(study: Study) -> tuple[str, ...]:
    if study.outcome:
        return (*_REGISTER_TARGETS, *(f"analysis.{model}" for model in _models_of_states(study).values()))
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
    counts = _primary(warehouse, "event_count")
    _require_both_arms(study, counts)
    months = range(outcome.follow_up_months + 1)
    grid = tuple(round(outcome.horizon_days * month / outcome.follow_up_months) for month in months)
    reference, treated = (arm.name for arm in definition.arms)
    return (
        attrition(_counts(warehouse, "attrition"), provenance, cohort.reasons),
        baseline(_counts(warehouse, "baseline"), provenance),
        *reoffending(counts, provenance, horizon=outcome.horizon_days, grid=grid, reference=reference, treated=treated),
        left_out(_primary(warehouse, "left_out"), provenance),
        *_what_they_did(study, warehouse, provenance),
        *_under_every_definition(study, warehouse, provenance),
        plan_continuity(_counts(warehouse, "continuity_state"), provenance),
        *_where_people_are(study, warehouse, provenance),
    )


def _where_people_are(study: Study, warehouse: Warehouse, provenance: Provenance) -> Iterator[Result]:
    """Make the status, and what the study wants worked out from the states."""
    choices = study.definition.status
    counts = {name: _counts(warehouse, model) for name, model in _models_of_states(study).items()}
    working = [str(state) for state in choices.states if state in WORKING]
    begun_within = max(choices.months) - max(choices.retention_months)
    made: dict[str, Callable[[pl.DataFrame], Result]] = {
        "work_start": lambda rows: work_start(rows, provenance, working=working),
        "retention": lambda rows: retention(rows, provenance, begun_within=begun_within),
        "working_year": lambda rows: working_year(rows, provenance),
        "time_in_state": lambda rows: time_in_state(rows, provenance, months=choices.months),
        "state_weeks": lambda rows: state_weeks(rows, provenance),
        "transitions": lambda rows: transitions(rows, provenance),
    }
    yield status(_counts(warehouse, "status"), provenance)
    for name, rows in counts.items():
        yield made[name](rows)


def _models_of_states(study: Study) -> dict[str, str]:
    """Name the models of what is worked out from the states: the measure's own, but where a table counts one thing."""
    other = {"state_weeks": "state_week", "transitions": "transition"}
    return {name: other.get(name, name) for name in study.definition.status.measures}


def _what_they_did(study: Study, warehouse: Warehouse, provenance: Provenance) -> tuple[Result, ...]:
    """Make the set of measures beside the rate: severity, how many times, time to first."""
    how_often, how_severe = _counts(warehouse, "frequency"), _counts(warehouse, "severity")
    reference, treated = (arm.name for arm in study.definition.arms)
    return (
        severity(how_severe, provenance),
        frequency(how_often, provenance),
        *reoffending_set(
            how_often,
            how_severe,
            _primary(warehouse, "event_count"),
            provenance,
            reference=reference,
            treated=treated,
        ),
    )


def _under_every_definition(study: Study, warehouse: Warehouse, provenance: Provenance) -> Iterator[Result]:
    """Make the panel of definitions, the variants of the study's own, and how final its figures are."""
    counts = _counts(warehouse, "event_count")
    horizons = {name: outcome.horizon_days for name, outcome in study_outcomes(study).items()}
    for name, wanted in (("definition_panel", PRESETS), ("sensitivity", VARIANTS)):
        shown = asked(horizons, (PRIMARY, *wanted))
        yield definition_panel(counts, shown, provenance, own=PRIMARY, name=name)
    if study.outcome is not None:
        yield maturity(_counts(warehouse, "recognition"), study.outcome, study.definition.vintage, provenance)


def _delivered_results(study: Study, warehouse: Warehouse, provenance: Provenance) -> tuple[Result, ...]:
    definition, delivered = study.definition, study.definition.delivered
    if delivered is None:
        raise DefinitionError(f"study {definition.name}: it needs a delivered outcome.")
    counts = _counts(warehouse, "delivered_event_count")
    _require_both_arms(study, counts)
    grid = tuple(range(0, delivered.horizon + 1, delivered.grid_step))
    reference, treated = (arm.name for arm in definition.arms)
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


def _counts(warehouse: Warehouse, model: str) -> pl.DataFrame:
    return warehouse.fetch(f'SELECT * FROM analysis."{model}"')  # noqa: S608 - a model's name


def _primary(warehouse: Warehouse, model: str) -> pl.DataFrame:
    """Fetch what a model says of the study's own outcome."""
    return _counts(warehouse, model).filter(pl.col("outcome") == PRIMARY).drop("outcome")


def _require_both_arms(study: Study, counts: pl.DataFrame) -> None:
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
