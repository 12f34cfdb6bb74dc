"""A made-up world that is ready to be written: extract by extract, then its truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from evalkit.synthetic.truth import ExtractTruth, Truth

__all__ = ["Drawn", "ExtractRows", "only_good_rows"]


@dataclass(frozen=True, slots=True)
class ExtractRows:
    """One extract.

    Parameters
    ----------
    good, bad : DataFrame
        Its rows in order, and those that must not be used, with the same columns as text.
    truth : ExtractTruth
        What was written.
    """

    good: pl.DataFrame
    bad: pl.DataFrame
    truth: ExtractTruth


@dataclass(frozen=True, slots=True)
class Drawn:
    """Everything that happened, behind two functions.

    Parameters
    ----------
    layouts : tuple of str
        What can be written, in the order in which it is.
    rows : callable
        Layout to its rows. Chance is drawn on the way, so that the order matters.
    truth : callable
        From the seed and what was written, by layout, to the truth.
    """

    layouts: tuple[str, ...]
    rows: Callable[[str], ExtractRows]
    truth: Callable[[int, Mapping[str, ExtractTruth]], Truth]


def only_good_rows(frame: pl.DataFrame) -> ExtractRows:
    """Make an extract without rows that must not be used.

    Parameters
    ----------
    frame : DataFrame
        Its rows.

    Returns
    -------
    ExtractRows
        The extract.
    """
    truth = ExtractTruth(n_rows=frame.height, n_not_followable=0, broken_rows={}, traps={})
    return ExtractRows(frame, frame.clear().cast(pl.String), truth)
