"""How much each time counts in a test of the log-rank family."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray

__all__ = ["Emphasis", "time_emphasis"]

Emphasis: TypeAlias = Literal["log-rank", "gehan", "tarone-ware", "fleming-harrington"]


def time_emphasis(
    emphasis: Emphasis, events: FloatArray, at_risk: FloatArray, *, rho: float, gamma: float
) -> FloatArray:
    """Return the weight of each time.

    Parameters
    ----------
    emphasis : {"log-rank", "gehan", "tarone-ware", "fleming-harrington"}
        1, n, the root of n, or S^rho (1 - S)^gamma with S just before the time.
    events, at_risk : float array, shape (n_strata, n_times)
        All groups together.
    rho, gamma : float
        For Fleming and Harrington's; at least 0.

    Returns
    -------
    float array, shape (n_strata, n_times)
        The weights.

    Raises
    ------
    EstimationError
        When the emphasis is not known, or rho and gamma do not fit it.
    """
    if emphasis != "fleming-harrington" and (rho or gamma):
        raise EstimationError(f"{emphasis}: has no rho and gamma.", hint="Use fleming-harrington.")
    if emphasis == "log-rank":
        return np.ones_like(at_risk)
    if emphasis == "gehan":
        return at_risk
    if emphasis == "tarone-ware":
        return np.sqrt(at_risk)
    if emphasis != "fleming-harrington" or rho < 0 or gamma < 0:
        raise EstimationError(f"emphasis {emphasis} with rho {rho:g}, gamma {gamma:g}: not known.")
    stay = 1.0 - events / np.where(at_risk > 0, at_risk, 1.0)
    before = np.cumprod(np.concatenate([np.ones_like(stay[:, :1]), stay[:, :-1]], axis=1), axis=1)
    before = np.clip(before, 0.0, 1.0)
    return np.asarray(before**rho * (1.0 - before) ** gamma)
