"""Cox regression of delivered durations on delivered covariates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from evalkit.errors import EstimationError
from evalkit.results import Column, Counts, Provenance, Relation, Result
from evalkit.survival import cox

__all__ = ["cox_model"]


def cox_model(design: pl.DataFrame, covariates: Sequence[str], provenance: Provenance) -> tuple[Result, Result]:
    """Fit a Cox model of the first cause with Efron's ties.

    Parameters
    ----------
    design : DataFrame
        One row a person and covariate: person_key, entry_time, exit_time, event_type, name, value.
    covariates : sequence of str
        The model's terms, in order.
    provenance : Provenance
        Where the data come from.

    Returns
    -------
    tuple of Result
        cox (one row a term) and fit (one row a model).

    Raises
    ------
    EstimationError
        When a covariate is missing for somebody, or the model cannot be fitted.
    """
    wide = design.pivot(on="name", index=["person_key", "entry_time", "exit_time", "event_type"], values="value")
    missing = [name for name in covariates if name not in wide.columns or wide.get_column(name).null_count()]
    if missing:
        counts = ", ".join(
            f"{name} ({wide.get_column(name).null_count() if name in wide.columns else wide.height})"
            for name in missing
        )
        raise EstimationError(
            f"cox: covariates are missing for some of {wide.height} persons: {counts}.",
            hint="Take them out of extract.covariates, or have them delivered in full.",
        )
    fit = cox(
        wide.get_column("exit_time").to_numpy(),
        (wide.get_column("event_type") == 1).cast(pl.Int8).to_numpy(),
        wide.select(covariates).to_numpy(),
        names=tuple(covariates),
        entry_time=wide.get_column("entry_time").to_numpy(),
    )
    n_persons, n_events = wide.height, wide.filter(pl.col("event_type") == 1).height
    counts_of_model = (pl.lit(n_persons).alias("n_persons"), pl.lit(n_events).alias("n_events"))
    terms = fit.tidy().select("term", *_ESTIMATES).with_columns(pl.col("estimate").exp().alias("hazard_ratio"))
    return (
        Result(
            "cox",
            provenance,
            terms.with_columns(*counts_of_model),
            _roles("term", (*_ESTIMATES, "hazard_ratio")),
            repeats=tuple((name, ("term",)) for name in _COUNTS),
        ),
        Result(
            "fit",
            provenance,
            pl.DataFrame(
                {
                    "model": ["cox_efron"],
                    "log_likelihood": [fit.log_likelihood],
                    "log_likelihood_null": [fit.log_likelihood_null],
                    "concordance": [fit.concordance],
                }
            ).with_columns(*counts_of_model),
            _roles("model", ("log_likelihood", "log_likelihood_null", "concordance")),
            relations=tuple(_relations(covariates[0])),
        ),
    )


def _relations(term: str) -> Iterator[Relation]:
    """Say that a model is of the same persons as the table of all arms, and also of events after its horizon."""
    for name in _COUNTS:
        fit = Counts("fit", name)
        yield Relation((fit,), (Counts("cox", name, {"term": (term,)}),), exact=True)
        yield Relation((fit,), (Counts("overall", name),))


_COUNTS = ("n_persons", "n_events")
_ESTIMATES = ("estimate", "std_error", "conf_low", "conf_high", "p_value")


def _roles(dimension: str, derived: Sequence[str]) -> dict[str, Column]:
    return {
        dimension: Column.dimension(),
        **{name: Column.derived("n_persons", "n_events") for name in derived},
        "n_persons": Column.count(),
        "n_events": Column.count(),
    }
