"""What a study says of reoffending beside the rate: how severe and how often, other definitions, how final it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import polars as pl

from evalkit.indicators import (
    WORKING,
    all_releases,
    asked,
    by_group,
    definition_panel,
    frequency,
    maturity,
    reoffending_set,
    severity,
    standardised,
)
from evalkit.outcomes import PRESETS, PRIMARY, VARIANTS, OutcomeDefinition, asked_outcomes
from evalkit.results import Provenance, Result
from evalkit.study import Study
from evalkit.warehouse import Warehouse

__all__ = ["outcome_results", "outcome_targets", "primary_counts", "study_outcomes"]


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


def outcome_targets(study: Study) -> tuple[str, ...]:
    """Name the models that :func:`outcome_results` reads.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    tuple of str
        Their names.
    """
    models = ("event_count", "frequency", "left_out", "recognition", "severity")
    every = ("release_exit",) if _follows_all(study) else ()
    groups = ("group_event_count", "group_share") if study.definition.groups else ()
    return tuple(f"analysis.{model}" for model in (*models, *every, *groups))


def outcome_results(study: Study, warehouse: Warehouse, provenance: Provenance) -> Iterator[Result]:
    """Make what stands beside the rate.

    Parameters
    ----------
    study : Study
        A register study.
    warehouse : Warehouse
        With its models built.
    provenance : Provenance
        Where the numbers come from.

    Yields
    ------
    Result
        Severity, frequency, the set of measures and its contrast; the panel of definitions, the variants of the study's
        own, how final the figures are; where the study follows all releases, the risk over them; and the main figures
        by each grouping that the study asks for.
    """
    outcome = study.outcome
    if outcome is None:
        return
    how_often, how_severe = (warehouse.table(f"analysis.{name}") for name in ("frequency", "severity"))
    reference, treated = study.definition.compared
    yield severity(how_severe, provenance)
    yield frequency(how_often, provenance)
    events = primary_counts(warehouse, "event_count")
    yield from reoffending_set(how_often, how_severe, events, provenance, reference=reference, treated=treated)
    yield from _panels(study, warehouse, provenance)
    known = warehouse.table("analysis.recognition")
    yield maturity(known, outcome, study.definition.vintage, provenance)
    if _follows_all(study):
        exits = warehouse.table("analysis.release_exit")
        yield all_releases(exits, provenance, horizon=outcome.horizon_days)
    for grouping in study.definition.groups:
        events, shares = (warehouse.table(f"analysis.{name}") for name in ("group_event_count", "group_share"))
        working = [state for state in study.definition.status.states if state in WORKING]
        told = by_group(events, shares, grouping, provenance, horizon=outcome.horizon_days, working=working)
        yield told
        if reference is not None:
            yield standardised(told, grouping, provenance, reference=reference, treated=treated)


def primary_counts(warehouse: Warehouse, model: str) -> pl.DataFrame:
    """Fetch what a model says of the study's own outcome.

    Parameters
    ----------
    warehouse : Warehouse
        With the model built.
    model : str
        The model's name, without its layer.

    Returns
    -------
    DataFrame
        Its rows without the column `outcome`.
    """
    rows = warehouse.table(f"analysis.{model}")
    return rows.filter(pl.col("outcome") == PRIMARY).drop("outcome")


def _panels(study: Study, warehouse: Warehouse, provenance: Provenance) -> Iterator[Result]:
    counts = warehouse.table("analysis.event_count")
    horizons = {name: outcome.horizon_days for name, outcome in study_outcomes(study).items()}
    for name, wanted in (("definition_panel", PRESETS), ("sensitivity", VARIANTS)):
        shown = asked(horizons, (PRIMARY, *wanted))
        yield definition_panel(counts, shown, provenance, own=PRIMARY, name=name)


def _follows_all(study: Study) -> bool:
    cohort = study.definition.cohort
    return cohort is not None and cohort.episodes == "all"
