"""The difference of two arms' cumulative incidence, time by time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.survival.aalen_johansen import CumulativeIncidence
from evalkit.survival.arrays import GroupLabel
from evalkit.survival.contrasts import risk_difference
from evalkit.survival.steps import check_grid

__all__ = ["difference_curve"]


def difference_curve(
    incidence: CumulativeIncidence,
    *,
    times: npt.ArrayLike,
    reference: GroupLabel,
    treated: GroupLabel,
    cause: int = 1,
) -> pl.DataFrame:
    """Return the risk difference at each of some times; the limits are pointwise.

    Parameters
    ----------
    incidence : CumulativeIncidence
        Cumulative incidence by arm.
    times : array, shape (n_times,)
        The grid.
    reference, treated : str or int
        The arms' labels.
    cause : int
        The event.

    Returns
    -------
    DataFrame
        time, and what :meth:`Contrast.tidy` returns.

    Raises
    ------
    EstimationError
        When there is no such arm, or an arm is not followed to a time.
    """
    rows = [
        risk_difference(incidence, time=float(time), reference=reference, treated=treated, cause=cause).tidy()
        for time in check_grid(times)
    ]
    frame = pl.concat(rows, how="vertical_relaxed")
    grid = check_grid(times)
    whole = bool(np.all(grid == np.round(grid)))
    return frame.insert_column(0, pl.Series("time", grid.astype(np.int64) if whole else grid))
