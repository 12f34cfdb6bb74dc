"""Checked data of a Cox model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from evalkit.errors import EstimationError
from evalkit.survival.arrays import BoolArray, FloatArray, IntArray, row_blocks
from evalkit.survival.columns import as_floats
from evalkit.survival.covariates import LARGEST_VALUE, SMALLEST_SPREAD, check_event_count, check_names
from evalkit.survival.observations import Observations, check_observations, encode_groups, weights_or_none
from evalkit.survival.risk_sets import RiskSets, build_risk_sets

__all__ = ["CoxSample", "check_cox_sample"]

_Scalar = TypeVar("_Scalar", bound=np.generic)


@dataclass(frozen=True, slots=True)
class CoxSample:
    """Times, events and covariates that a Cox model can be fitted to.

    Rows are sorted by stratum, exit time, and censored before events.

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
    terms = check_names(names)
    group = None if strata is None else encode_groups(strata, "strata")[0]
    rows = check_observations(exit_time, event, entry_time=entry_time, group=group, n_causes=1)
    n = rows.exit_time.size
    x = _check_covariates(covariates, terms, n)
    case = _check_weight(weight, "weight", n)
    both = _product(case, _check_weight(sampling_weight, "sampling weight", n))
    codes, n_clusters = _codes(cluster, n)
    shift = _check_offset(offset, n)
    order = _order(rows, both)
    happened = rows.event_type[order] == 1
    check_event_count(int(happened.sum()), happened.size, len(terms))
    exits, entries, stratum = rows.exit_time[order], _take(rows.entry_time, order), _take(rows.group, order)
    weights = np.ones(order.size) if both is None else both[order]
    centred, centre = _centre(_by_covariate(x, order), weights, terms)
    return CoxSample(
        names=terms,
        exit_time=exits,
        entry_time=entries,
        event=happened,
        covariates=centred,
        centre=centre,
        weight=weights,
        case_weight=_take(case, order),
        offset=_take(shift, order),
        strata=stratum,
        cluster=_take(codes, order),
        n_clusters=n_clusters if codes is not None else exits.size,
        sets=build_risk_sets(exits, happened, entry_time=entries, weight=weights, strata=stratum, efron=efron),
    )


def _order(rows: Observations, weight: FloatArray | None) -> IntArray:
    """Rows that stand for somebody, by stratum, exit time, and censored before events: sums then run over slices."""
    span = 2 * (int(rows.exit_time.max()) + 1)
    key = 2 * rows.exit_time
    key += rows.event_type
    if rows.group is not None:
        key += span * rows.group
    if int(key.max()) < 2**16:
        key = key.astype(np.uint16)  # sorted by counting instead of comparing
    order = np.argsort(key, kind="stable")
    return order if weight is None or weight.all() else order[weight[order] > 0]


def _by_covariate(x: FloatArray, order: IntArray) -> FloatArray:
    """Put rows in order and lay one covariate out after the other, shape (p, n)."""
    laid_out = np.empty((x.shape[1], order.size))
    for rows in row_blocks(order.size):
        laid_out[:, rows] = x.take(order[rows], axis=0).T
    return laid_out


def _centre(by_covariate: FloatArray, weight: FloatArray, names: Sequence[str]) -> tuple[FloatArray, FloatArray]:
    """Take the means off, in place."""
    centre = by_covariate @ weight / weight.sum()
    for row, name in zip(by_covariate, names, strict=True):
        low, high = float(row.min()), float(row.max())
        if high - low < SMALLEST_SPREAD:
            raise EstimationError(f"covariate {name}: the same in all rows.")
        if max(-low, high) > LARGEST_VALUE:
            raise EstimationError(f"covariate {name}: a value above {LARGEST_VALUE:g}.", hint="Use another unit.")
    by_covariate -= centre[:, None]
    return by_covariate, centre


def _take(array: npt.NDArray[_Scalar] | None, order: IntArray) -> npt.NDArray[_Scalar] | None:
    return None if array is None else array[order]


def _product(first: FloatArray | None, second: FloatArray | None) -> FloatArray | None:
    if first is None or second is None:
        return first if second is None else second
    product = first * second
    if not product.any():
        raise EstimationError("weight times sampling weight: 0 in all rows.")
    return product


def _check_weight(weight: npt.ArrayLike | None, name: str, n_rows: int) -> FloatArray | None:
    checked = weights_or_none(weight, name)
    if checked is not None and checked.shape != (n_rows,):
        raise EstimationError(f"{name}: shape {checked.shape} for {n_rows:,} rows.")
    return checked


def _check_covariates(covariates: npt.ArrayLike, names: Sequence[str], n_rows: int) -> FloatArray:
    x = as_floats(covariates, "covariates")
    if x.shape != (n_rows, len(names)):
        raise EstimationError(
            f"covariates: shape {x.shape} for {n_rows:,} rows and {len(names)} names.",
            hint="One row a person, one column a name.",
        )
    if not np.isfinite(x.sum()):
        missing = np.count_nonzero(~np.isfinite(x), axis=0)
        j = int(np.argmax(missing))
        raise EstimationError(f"covariate {names[j]}: missing or infinite in {missing[j]:,} of {n_rows:,} rows.")
    return x


def _check_offset(offset: npt.ArrayLike | None, n_rows: int) -> FloatArray | None:
    if offset is None:
        return None
    values = as_floats(offset, "offset")
    if values.shape != (n_rows,) or not np.all(np.isfinite(values)):
        raise EstimationError(f"offset: not {n_rows:,} finite numbers.")
    return values


def _codes(cluster: npt.ArrayLike | None, n_rows: int) -> tuple[IntArray | None, int]:
    if cluster is None:
        return None, n_rows
    codes, labels = encode_groups(cluster, "cluster")
    if codes.shape != (n_rows,):
        raise EstimationError(f"cluster: shape {codes.shape} for {n_rows:,} rows.")
    return codes, len(labels)
