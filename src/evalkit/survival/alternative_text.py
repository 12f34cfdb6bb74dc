"""What a figure shows, in words, for a reader who does not see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from evalkit.survival.curve_labels import CurveLabels

__all__ = ["describe_curves", "describe_intervals"]


def describe_curves(arms: Iterable[tuple[Any, pl.DataFrame]], words: CurveLabels, *, is_share: bool) -> str:
    """Describe curves by where they end.

    Parameters
    ----------
    arms : iterable of (object, DataFrame)
        The arms' machine names and their rows, sorted by time.
    words : CurveLabels
        The words of the figure.
    is_share : bool
        Whether the estimates are shares.

    Returns
    -------
    str
        Sentences.
    """
    ends = []
    for name, rows in arms:
        known = rows.filter(pl.col("estimate").fill_nan(None).is_not_null())
        if known.is_empty():
            ends.append(f"{words.of(name)}: nothing known.")
            continue
        last = known.row(-1, named=True)
        has_limits = "conf_low" in last and "conf_high" in last
        value = (
            words.interval(last, is_share=is_share) if has_limits else words.number(last["estimate"], is_share=is_share)
        )
        ends.append(f"{words.of(name)}: {value} at {words.tick(last['time'], is_share=False)}.")
    what = f"{words.y or 'Estimate'} against {words.x.lower() or 'time'}, as curves. At the end:"
    return " ".join([*_sentence(words.title), what, *ends])


def describe_intervals(rows: Iterable[Mapping[str, Any]], words: CurveLabels, *, is_share: bool, is_ratio: bool) -> str:
    """Describe estimates with their intervals.

    Parameters
    ----------
    rows : iterable of mapping
        With name, estimate, conf_low and conf_high.
    words : CurveLabels
        The words of the figure.
    is_share, is_ratio : bool
        Whether the estimates are shares, or ratios.

    Returns
    -------
    str
        Sentences.
    """
    said = [f"{words.of(row['name'])}: {words.interval(row, is_share=is_share, is_ratio=is_ratio)}." for row in rows]
    return " ".join([*_sentence(words.title), f"{words.x or 'Estimate'}, with intervals.", *said])


def _sentence(title: str) -> list[str]:
    return [f"{title.rstrip('.')}."] if title else []
