"""Curves over time, with the persons under observation and the events below."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from evalkit.reporting.edition import Edition
from evalkit.reporting.figures.svg import Drawing, drawn_in_style
from evalkit.survival.plots import CurveLabels, plot_curves

__all__ = ["draw_incidence", "draw_survival"]

_DAYS_IN_MONTH = 30.4375
_SIZE = (6.8, 5.0)


def draw_incidence(edition: Edition) -> Drawing | None:
    """Draw the cumulative incidence of the event by arm.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``curve``.

    Returns
    -------
    Drawing or None
        None when there is nothing to show.
    """
    if not edition.bundle.has("curve"):
        return None
    frame = edition.bundle.table("curve").filter(pl.col("cause").cast(pl.String) == "reoffence")
    alternative = edition.language.text("alt.incidence", event=_event(edition), **_span(edition))
    return _draw(edition, frame, alternative, y_from_zero=True)


def draw_survival(edition: Edition) -> Drawing | None:
    """Draw the share without the event by arm.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``survival``.

    Returns
    -------
    Drawing or None
        None when there is nothing to show.
    """
    if not edition.bundle.has("survival"):
        return None
    alternative = edition.language.text("alt.survival", **_span(edition))
    return _draw(edition, edition.bundle.table("survival"), alternative, y_from_zero=False)


def _event(edition: Edition) -> str:
    return edition.language.text("cause.reoffence" if edition.follows_release else "cause.event").lower()


def _draw(edition: Edition, frame: pl.DataFrame, alternative: str, *, y_from_zero: bool) -> Drawing | None:
    if frame["estimate"].drop_nulls().is_empty():
        return None
    ticks = _ticks(edition)
    with drawn_in_style():
        figure = plot_curves(
            edition.in_order(frame),
            labels=_labels(edition),
            arm="arm",
            ticks=ticks,
            tick_labels=[edition.language.number(_shown_time(edition, tick)) for tick in ticks],
            y_from_zero=y_from_zero,
            joined=edition.time_unit == "day",
            size=_SIZE,
        )
    ends = [_end(edition, frame, arm) for arm in edition.arms]
    return Drawing(figure, " ".join((alternative, *ends, edition.language.text("alt.table_below"))))


def _labels(edition: Edition) -> CurveLabels:
    text = edition.language.text
    danish = edition.language.code == "da"
    return CurveLabels(
        x=text("axis.week" if edition.time_unit == "week" else "axis.month"),
        arms={arm: edition.arm_short(arm) for arm in edition.arms},
        n_at_risk=text("axis.at_risk"),
        n_events=text("axis.events"),
        suppressed=text("word.dot"),
        decimal="," if danish else ".",
        thousands="." if danish else ",",
        percent="\N{NO-BREAK SPACE}%" if danish else "%",
    )


def _ticks(edition: Edition) -> Sequence[float]:
    """Place the ticks where curves are read: at the horizon, and at even steps before it."""
    if edition.time_unit == "day":  # whole months, in days as the study's grid rounds them
        months = round(edition.horizon / _DAYS_IN_MONTH)
        return [float(round(edition.horizon * month / months)) for month in _even(months, 6)]
    return _even(edition.horizon, 13 if edition.time_unit == "week" else 6)


def _even(end: float, step: int) -> list[float]:
    ticks = [float(tick) for tick in range(0, int(end) + 1, step)]
    if end - ticks[-1] < step / 4:
        ticks.pop()
    return [*ticks, float(end)]


def _shown_time(edition: Edition, time: float) -> float:
    return round(time / _DAYS_IN_MONTH) if edition.time_unit == "day" else time


def _span(edition: Edition) -> dict[str, str]:
    unit = "month" if edition.time_unit == "day" else edition.time_unit
    end = edition.language.number(_shown_time(edition, edition.horizon))
    return {"end": end, "unit": edition.language.text(f"unit.{unit}")}


def _end(edition: Edition, frame: pl.DataFrame, arm: str) -> str:
    shown = frame.filter(pl.col("arm") == arm, pl.col("estimate").is_not_null()).sort("time")
    label = edition.arm_label(arm)
    if shown.is_empty():
        return edition.language.text("alt.curve_hidden", arm=label)
    last = shown.row(-1, named=True)
    return edition.language.text(
        "alt.curve_end",
        arm=label,
        share=edition.language.percent(last["estimate"]),
        time=edition.language.number(_shown_time(edition, last["time"])),
        unit=_span(edition)["unit"],
    )
