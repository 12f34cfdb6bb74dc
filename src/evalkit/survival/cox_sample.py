"""Checked data of a Cox model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalkit.errors import EstimationError
from evalkit.survival.arrays import BoolArray, FloatArray, IntArray
from evalkit.survival.errors import TooFewEventsError
from evalkit.survival.observations import check_observations, encode_groups, weights_or_none
from evalkit.survival.risk_sets import RiskSets, build_risk_sets

__all__ = ["CoxSample", "check_cox_sample"]


@dataclass(frozen=True, slots=True)
class CoxSample:
    """Times, events and covariates that a Cox model can be fitted to.

    Parameters
    ----------
    names : tuple of str
        The covariates.
    exit_time : int array, shape (n,)
        Time of event or censoring.
    entry_time : int array, shape (n,), or None
        Delayed entry; -1 from the start.
    event : bool array, shape (n,)
        Whether it was the event.
    covariates : float array, shape (p, n)
        One row a covariate, centred on `centre`.
    centre : float array, shape (p,)
        Means that were taken off.
    weight : float array, shape (n,)
        Case weight times sampling weight.
    case_weight : float array, shape (n,), or None
        Persons a row stands for; None when every row is one.
    offset : float array, shape (n,), or None
        Added to the linear predictor.
    strata, cluster : int array, shape (n,), or None
        Codes from 0.
    n_clusters : int
        Clusters, or rows when there are none.
    sets : RiskSets
        Risk sets.
    """

    names: tuple[str, ...]
    exit_time: IntArray
    entry_time: IntArray | None
    event: BoolArray
    covariates: FloatArray
    centre: FloatArray
    weight: FloatArray
    case_weight: FloatArray | None
    offset: FloatArray | None
    strata: IntArray | None
    cluster: IntArray | None
    n_clusters: int
    sets: RiskSets


def check_cox_sample(  # noqa: PLR0913 - the columns of one row
    exit_time: npt.ArrayLike,
    event: npt.ArrayLike,
    covariates: npt.ArrayLike,
    names: Sequence[str],
    *,
    entry_time: npt.ArrayLike | None,
    weight: npt.ArrayLike | None,
    sampling_weight: npt.ArrayLike | None,
    strata: npt.ArrayLike | None,
    cluster: npt.ArrayLike | None,
    offset: npt.ArrayLike | None,
    efron: bool,
) -> CoxSample:
    """Check that a Cox model can be fitted.

    Parameters
    ----------
    exit_time, event, covariates, names, entry_time, weight, sampling_weight, strata, cluster, offset : array
        As for :func:`evalkit.survival.cox`.
    efron : bool
        Efron's ties; otherwise Breslow's.

    Returns
    -------
    CoxSample
        Rows that stand for somebody, with centred covariates.

    Raises
    ------
    EstimationError
        When the input is impossible or a covariate is constant.
    TooFewEventsError
        When there are no events, or no more events than covariates.
    """
    rows = check_observations(exit_time, event, entry_time=entry_time, group=strata, n_causes=1)
    x = _check_covariates(covariates, names, rows.exit_time.size)
    kept = _keep_weighted(weight, sampling_weight, rows.exit_time.size)
    codes, n_clusters = _codes(cluster, rows.exit_time.size)
    shift = _check_offset(offset, rows.exit_time.size)
    happened = rows.event_type[kept.rows] == 1
    _check_events(int(happened.sum()), happened.size, len(names))
    x = np.ascontiguousarray(x[:, kept.rows])
    centre = np.average(x, axis=1, weights=kept.weight)
    constant = np.ptp(x, axis=1) == 0
    if constant.any():
        raise EstimationError(f"covariate {names[int(np.argmax(constant))]}: the same in all rows.")
    entries = None if rows.entry_time is None else rows.entry_time[kept.rows]
    stratum = None if rows.group is None else rows.group[kept.rows]
    exits = rows.exit_time[kept.rows]
    return CoxSample(
        names=tuple(names),
        exit_time=exits,
        entry_time=entries,
        event=happened,
        covariates=x - centre[:, None],
        centre=centre,
        weight=kept.weight,
        case_weight=kept.case,
        offset=None if shift is None else shift[kept.rows],
        strata=stratum,
        cluster=None if codes is None else codes[kept.rows],
        n_clusters=n_clusters if codes is not None else exits.size,
        sets=build_risk_sets(exits, happened, entry_time=entries, weight=kept.weight, strata=stratum, efron=efron),
    )


@dataclass(frozen=True, slots=True)
class _Kept:
    rows: slice | IntArray
    weight: FloatArray
    case: FloatArray | None


def _keep_weighted(case: npt.ArrayLike | None, sampling: npt.ArrayLike | None, n_rows: int) -> _Kept:
    case_weight = _check_weight(case, "weight", n_rows)
    both = case_weight * _check_weight(sampling, "sampling weight", n_rows)
    if both.all():
        return _Kept(slice(None), both, None if case is None else case_weight)
    rows = np.flatnonzero(both)
    return _Kept(rows, both[rows], None if case is None else case_weight[rows])


def _check_weight(weight: npt.ArrayLike | None, name: str, n_rows: int) -> FloatArray:
    checked = weights_or_none(weight, name)
    if checked is None:
        return np.ones(n_rows)
    if checked.shape != (n_rows,):
        raise EstimationError(f"{name}: shape {checked.shape} for {n_rows:,} rows.")
    return checked


def _check_covariates(covariates: npt.ArrayLike, names: Sequence[str], n_rows: int) -> FloatArray:
    try:
        x = np.asarray(covariates, dtype=np.float64)
    except (TypeError, ValueError):
        raise EstimationError("covariates: not numbers.", hint="Code categories as 0/1 columns.") from None
    if x.shape != (n_rows, len(names)) or not names:
        raise EstimationError(
            f"covariates: shape {x.shape} for {n_rows:,} rows and {len(names)} names.",
            hint="One row a person, one column a name.",
        )
    missing = np.count_nonzero(~np.isfinite(x), axis=0)
    if missing.any():
        j = int(np.argmax(missing))
        raise EstimationError(f"covariate {names[j]}: missing or infinite in {missing[j]:,} of {n_rows:,} rows.")
    return np.ascontiguousarray(x.T)


def _check_offset(offset: npt.ArrayLike | None, n_rows: int) -> FloatArray | None:
    if offset is None:
        return None
    values = np.asarray(offset, dtype=np.float64)
    if values.shape != (n_rows,) or not np.all(np.isfinite(values)):
        raise EstimationError(f"offset: not {n_rows:,} finite numbers.")
    return values


def _codes(cluster: npt.ArrayLike | None, n_rows: int) -> tuple[IntArray | None, int]:
    if cluster is None:
        return None, n_rows
    codes, labels = encode_groups(cluster)
    if codes.shape != (n_rows,):
        raise EstimationError(f"cluster: shape {codes.shape} for {n_rows:,} rows.")
    return codes, len(labels)


def _check_events(n_events: int, n_rows: int, n_covariates: int) -> None:
    if n_events == 0:
        raise TooFewEventsError(f"no events in {n_rows:,} rows.")
    if n_events <= n_covariates:
        raise TooFewEventsError(f"{n_events:,} events for {n_covariates:,} covariates.", hint="Use fewer covariates.")
