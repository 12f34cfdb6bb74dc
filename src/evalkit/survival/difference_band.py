"""The difference of two groups' curves at all times, with limits for each time and for all of them at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray, GroupLabel, IntArray
from evalkit.survival.band_range import band_range
from evalkit.survival.curve_influence import Curve, CurveInfluence, curve_influence
from evalkit.survival.intervals import normal_quantile
from evalkit.survival.multipliers import build_multipliers
from evalkit.survival.plots import CurveLabels, plot_curves
from evalkit.survival.shown_figure import ShownFigure
from evalkit.survival.shown_result import ShownCurve
from evalkit.survival.steps import check_grid, read_steps

__all__ = ["DifferenceBand", "difference_band"]

_MEASURES = {
    "survival": "survival_difference",
    "incidence": "risk_difference",
    "count": "mean_count_difference",
}


@dataclass(frozen=True, repr=False)
class DifferenceBand(ShownCurve):
    """The treated group's curve minus the reference group's, over the times at which its band holds.

    Parameters
    ----------
    measure : str
        For example ``"risk_difference"``.
    reference, treated : str or int
        The groups' labels.
    time : int array, shape (n_times,)
        Steps of the two curves in the band.
    estimate, std_error : float array, shape (n_times,)
        From each step on.
    critical_value : float
        What the standard error is multiplied by for limits that hold at all times at once.
    conf_level : float
        Confidence level.
    from_time, until : float
        The times over which the band holds.
    n_draws : int
        Draws of the multiplier bootstrap.
    """

    measure: str
    reference: GroupLabel
    treated: GroupLabel
    time: IntArray
    estimate: FloatArray
    std_error: FloatArray
    critical_value: float
    conf_level: float
    from_time: float
    until: float
    n_draws: int

    def tidy(self, grid: npt.ArrayLike | None = None) -> pl.DataFrame:
        """Return one row a time.

        Parameters
        ----------
        grid : array, shape (n_grid,), optional
            Times; without it the steps of the curves in the band.

        Returns
        -------
        DataFrame
            measure, reference, treated, time, estimate, std_error, conf_low, conf_high (at this time), band_low,
            band_high (at all times at once). What lies outside the band is null.
        """
        times = self.time.astype(np.float64) if grid is None else check_grid(grid)
        estimate, error = (
            np.where(times <= self.until, read_steps(self.time, values, times, start=np.nan), np.nan)
            for values in (self.estimate, self.std_error)
        )
        columns = {"estimate": estimate, "std_error": error}
        for name, width in (("conf", normal_quantile(self.conf_level)), ("band", self.critical_value)):
            columns |= {f"{name}_low": estimate - width * error, f"{name}_high": estimate + width * error}
        whole = bool(np.all(times == np.round(times)))
        frame = pl.DataFrame({"time": times.astype(np.int64) if whole else times} | columns)
        labels = [pl.lit(getattr(self, name)).alias(name) for name in ("measure", "reference", "treated")]
        return frame.select(*labels, "time", pl.col(*columns).fill_nan(None))

    @property
    def last_time(self) -> float:
        """The last time at which the band holds."""
        return self.until

    def plot(self, *, labels: CurveLabels | None = None) -> ShownFigure:
        """Draw the difference with its band.

        Parameters
        ----------
        labels : CurveLabels, optional
            The words of the figure.

        Returns
        -------
        ShownFigure
            Not disclosure-checked.
        """
        band = self.tidy().drop("conf_low", "conf_high").rename({"band_low": "conf_low", "band_high": "conf_high"})
        name = f"{self.treated} minus {self.reference}"
        words = labels or CurveLabels(x="Time", y="Difference", arms={self.measure: name})
        return plot_curves(band, labels=words, arm="measure", is_share=self.measure != _MEASURES["count"])


def difference_band(  # noqa: PLR0913 - a curve, two groups, and choices that have defaults
    curve: Curve,
    *,
    reference: GroupLabel,
    treated: GroupLabel,
    seed: int | np.random.Generator,
    n_draws: int = 2000,
    from_time: float | None = None,
    until: float | None = None,
    cause: int = 1,
) -> DifferenceBand:
    """Return the difference of two groups' curves with limits that hold at all times at once.

    As :func:`simultaneous_band`, for the treated group's curve minus the reference group's, on the plain scale. When
    clusters have members in both groups, their numbers move both curves, so that the covariance is right.

    Parameters
    ----------
    curve : KaplanMeier, CumulativeIncidence or MeanCumulativeCount
        Curves by group.
    reference, treated : str or int
        The groups' labels.
    seed : int or numpy Generator
        The source of chance. The same number gives the same band, in whatever order the rows come.
    n_draws : int
        Number of draws.
    from_time, until : float, optional
        The times over which the band holds: by default those at which both groups' own bands do.
    cause : int
        The event, for cumulative incidence.

    Returns
    -------
    DifferenceBand
        Frozen.

    Raises
    ------
    EstimationError
        When there is no such group or cause, or there are too few draws.
    TooFewEventsError
        When a group has too few events, or too few at risk.

    References
    ----------
    .. [1] Lin (1997), Statistics in Medicine 16, 901-910; Parzen, Wei & Ying (1997), Scand. J. Statist. 24, 309-314
       (the difference of two survival curves).

    Examples
    --------
    >>> from evalkit.survival import kaplan_meier
    >>> time, event, arm = [1, 2, 3, 4] * 200, [1, 0, 1, 0] * 100 + [0, 1, 1, 0] * 100, [0] * 400 + [1] * 400
    >>> band = difference_band(kaplan_meier(time, event, group=arm), reference=0, treated=1, seed=1)
    >>> band.tidy([3])["estimate"].round(6).to_list()
    [-0.041667]
    """
    moved = curve_influence(curve, cause=cause)
    rows = _rows(moved, treated, reference)
    signs = np.zeros((1, len(moved.table.groups)))
    signs[0, rows] = 1.0, -1.0
    own = moved.spread()
    where = band_range(moved, own, rows, from_time=from_time, until=until).common()
    multipliers = build_multipliers(moved.table, where.n_times)
    inside, n_times = where.inside(where.n_times), where.n_times
    if moved.table.observations.cluster is not None:
        spread = std_error = multipliers.spread(moved, signs)
    else:
        spread, std_error = (np.sqrt(signs**2 @ errors[:, :n_times] ** 2) for errors in (own, moved.std_error))
    critical = multipliers.critical_values(
        moved,
        signs,
        # where clusters move both groups alike the difference has no spread but crumbs
        np.where(inside & (spread > 1e-6 * (signs**2 @ own[:, :n_times])), spread, np.inf),
        level=curve.conf_level,
        seed=seed,
        n_draws=n_draws,
    )
    return DifferenceBand(
        measure=_MEASURES[moved.kind],
        reference=reference,
        treated=treated,
        time=moved.table.time[:n_times][inside[0]],
        estimate=(signs @ moved.estimate[:, :n_times])[inside],
        std_error=std_error[inside],
        critical_value=float(critical[0]),
        conf_level=curve.conf_level,
        from_time=float(where.from_time[0]),
        until=float(where.until[0]),
        n_draws=n_draws,
    )


def _rows(moved: CurveInfluence, treated: GroupLabel, reference: GroupLabel) -> list[int]:
    if treated == reference:
        raise EstimationError(f"band of a difference: group {treated} is both treated and reference.")
    return [moved.table.group_index(label) for label in (treated, reference)]
