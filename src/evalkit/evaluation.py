"""From a study and its extracts to results: ingest, build the models, compute.

SQL counts, the functions of :mod:`evalkit.indicators` turn counts into results; no person's row is fetched but the
design matrix of a regression, which stays in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import polars as pl

from evalkit.errors import DefinitionError, EstimationError
from evalkit.indicators import (
    attrition,
    baseline,
    cox_model,
    delivery,
    left_out,
    plan_continuity,
    reoffending,
)
from evalkit.outcome_results import outcome_results, primary_counts
from evalkit.process_results import process_results
from evalkit.programme_results import programme_results
from evalkit.programmes import Finding
from evalkit.registers import Delivery, Evidence, contract_for, ingest, staging_fingerprint, weigh
from evalkit.results import Provenance, Result
from evalkit.state_results import state_results
from evalkit.study import Study
from evalkit.study_models import needed_models, parameters, refuse_unlisted_extracts
from evalkit.warehouse import ModelRun, Warehouse, build, open_warehouse

__all__ = ["Evaluation", "compute", "evaluate"]

Progress = Callable[[str], None]


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
    ConfigError
        When the results need a register that the study file does not list.
    DeliveryError
        When an extract is missing or wrong.
    DefinitionError
        When an arm is empty.
    """
    tell = progress or (lambda _: None)
    definition = study.definition
    refuse_unlisted_extracts(study)
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
        models = needed_models(study, sources)
        runs = build(warehouse, models, parameters=parameters(study), sources=sources, progress=tell)
        tell("results")
        by_name, findings, provenance = compute(study, warehouse, runs)
    by_name["delivery"] = delivery(deliveries, provenance)
    return Evaluation(study, by_name, deliveries, evidence, runs, provenance, findings)


def compute(
    study: Study, warehouse: Warehouse, runs: tuple[ModelRun, ...]
) -> tuple[dict[str, Result], tuple[Finding, ...], Provenance]:
    """Make a study's results of its built models.

    Parameters
    ----------
    study : Study
        The study.
    warehouse : Warehouse
        With the models of :func:`evalkit.study_models.needed_models`.
    runs : tuple of ModelRun
        What was built.

    Returns
    -------
    tuple of (dict of str to Result, tuple of Finding, Provenance)
        The results by name, what became of each of the programme's indicators, and where the numbers come from.
    """
    provenance = _provenance(study, runs)
    by_name = {result.name: result for result in _COMPUTE[study.definition.kind](study, warehouse, provenance)}
    by_name |= {result.name: result for result in process_results(study, warehouse, provenance)}
    made, findings = programme_results(study, warehouse, by_name, provenance)
    return by_name | {result.name: result for result in made}, findings, provenance


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
