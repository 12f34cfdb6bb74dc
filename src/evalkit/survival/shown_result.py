"""How a result shows itself in a notebook: a table under a banner, and a short name without numbers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.survival.arrays import FloatArray

if TYPE_CHECKING:
    from great_tables import GT

__all__ = ["BANNER", "ShownResult", "round_times"]

BANNER = "Not disclosure-checked – must not leave the secure zone"
_ROUND = (1, 2, 5)


class ShownResult(ABC):
    """A frozen result that is read in a notebook inside the secure zone."""

    __slots__ = ()

    @abstractmethod
    def tidy(self) -> pl.DataFrame:
        """Return the one table that everything else is derived from.

        Returns
        -------
        DataFrame
            One row an estimate.
        """

    def _readable(self) -> pl.DataFrame:
        """Return the rows that `table` shows."""
        return self.tidy()

    def table(self) -> GT:
        """Return the estimates for reading, under a banner.

        Returns
        -------
        great_tables.GT
            Not disclosure-checked. Curves are read at round times.
        """
        from great_tables import GT  # noqa: PLC0415 - half a second that a batch run does not need

        frame = self._readable()
        floats = [name for name, kind in frame.schema.items() if kind.is_float() and name != "time"]
        shown = GT(frame).tab_header(title=type(self).__name__, subtitle=BANNER)
        return shown.fmt_number(floats, n_sigfig=4).sub_missing(missing_text="–")

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: not disclosure-checked; see tidy() or table()>"

    def _repr_html_(self) -> str:
        return str(self.table().as_raw_html())


def round_times(last: float, *, at_most: int = 12) -> npt.NDArray[np.float64]:
    """Return round times from 0 on, at which a curve is read.

    Parameters
    ----------
    last : float
        Last time, at least 0.
    at_most : int
        Most times, at least 2.

    Returns
    -------
    float array, shape (n,)
        Multiples of 1, 2 or 5 times a power of ten, 0 first.

    Examples
    --------
    >>> round_times(52).tolist()
    [0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0, 50.0]
    """
    step = next(first * ten for ten in 10 ** np.arange(18) for first in _ROUND if last < first * ten * at_most)
    times: FloatArray = np.arange(0, last + 1e-9, step, dtype=np.float64)
    return times
