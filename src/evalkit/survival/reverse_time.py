"""How complete what is known so far is: the distribution of delays of which only those over by now are seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalkit.errors import EstimationError

__all__ = ["Completeness", "completeness"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, repr=False)
class Completeness:
    """The share of delays that are over by each time.

    Parameters
    ----------
    time : int array, shape (n_times,)
        Distinct delays, ascending.
    n_events, n_at_risk : int array, shape (n_times,)
        Delays of that length; delays seen that are no longer, of those who would have been seen with one that long.
    """

    time: IntArray
    n_events: IntArray
    n_at_risk: IntArray

    def __repr__(self) -> str:
        return f"<Completeness: {self.time.size} times>"

    def share_by(self, time: npt.ArrayLike) -> FloatArray:
        """Return the share of delays that are at most so long.

        Parameters
        ----------
        time : int array, shape (n,)
            Times since the start.

        Returns
        -------
        float array, shape (n,)
            1 from the longest delay that could be seen on.
        """
        with np.errstate(divide="ignore"):
            steps = np.log1p(-self.n_events / self.n_at_risk)
        return np.asarray(np.exp(self._sums_after(steps, time)), dtype=np.float64)

    def log_variance_by(self, time: npt.ArrayLike) -> FloatArray:
        """Return the variance of the logarithm of :meth:`share_by`, by Greenwood's formula in reverse time.

        Parameters
        ----------
        time : int array, shape (n,)
            Times since the start.

        Returns
        -------
        float array, shape (n,)
            Infinite where the share is 0.
        """
        left = self.n_at_risk - self.n_events
        with np.errstate(divide="ignore"):
            steps = self.n_events / (self.n_at_risk * left.astype(np.float64))
        return self._sums_after(steps, time)

    def _sums_after(self, steps: FloatArray, time: npt.ArrayLike) -> FloatArray:
        after = np.concatenate([np.cumsum(steps[::-1])[::-1], [0.0]])
        place = np.searchsorted(self.time, np.asarray(time, dtype=np.int64), side="right")
        return np.asarray(after[place], dtype=np.float64)


def completeness(delay: npt.ArrayLike, limit: npt.ArrayLike, n: npt.ArrayLike | None = None) -> Completeness:
    """Estimate the distribution of delays that are seen only when they are over (right truncation).

    The product limit is taken from the long end: among those delays of at most `t` whose start lies at least `t` back,
    the share that is exactly `t` is the reverse-time hazard. The estimate is conditional on the longest time that could
    be seen: of longer delays it knows nothing.

    Parameters
    ----------
    delay : int array, shape (n,)
        Whole units from the start to the end, of those that ended.
    limit : int array, shape (n,)
        The longest delay that could have been seen for that start; at least `delay`.
    n : int array, shape (n,), optional
        How many persons each stands for.

    Returns
    -------
    Completeness
        Frozen.

    Raises
    ------
    EstimationError
        When there is no delay, or one is longer than could be seen.

    References
    ----------
    .. [1] Lagakos, Barraj & De Gruttola (1988), Biometrika 75, 515-523.
    .. [2] Kalbfleisch & Lawless (1991), Statistica Sinica 1, 19-32.

    Examples
    --------
    >>> done = completeness(delay=[1, 2, 1, 3], limit=[1, 2, 3, 3])
    >>> done.share_by([1, 2, 3]).round(6).tolist()
    [0.25, 0.5, 1.0]
    """
    ended, longest = (np.asarray(values, dtype=np.int64) for values in (delay, limit))
    counts = np.ones(ended.size, dtype=np.int64) if n is None else np.asarray(n, dtype=np.int64)
    if ended.size == 0:
        raise EstimationError("completeness: there is no delay.", hint="Wait until something is known.")
    if bool((ended > longest).any()):
        raise EstimationError(f"completeness: {int((ended > longest).sum())} delays are longer than could be seen.")
    times, place = np.unique(ended, return_inverse=True)
    n_events = np.bincount(place, weights=counts).astype(np.int64)
    order = np.argsort(longest, kind="stable")
    below = np.concatenate([[0], np.cumsum(counts[order])])
    n_gone = below[np.searchsorted(longest[order], times, side="left")]
    return Completeness(times, n_events, (np.cumsum(n_events) - n_gone).astype(np.int64))
