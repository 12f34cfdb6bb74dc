"""Spells on a grid of months or weeks: one row a step, one column a person."""

from __future__ import annotations

import numpy as np

from evalkit.synthetic.days import NEVER, Bools, Ints, month_number, month_start

__all__ = ["covered", "mid_month_steps", "week_steps"]


def covered(person: Ints, first: Ints, stop: Ints, shape: tuple[int, int]) -> Bools:
    """Mark the steps that spells cover.

    Parameters
    ----------
    person, first, stop : int array, shape (n_spells,)
        Who; first step, and the step after the last. Steps outside the grid are cut off.
    shape : tuple of int
        Steps and persons.

    Returns
    -------
    bool array, shape `shape`
        True where a spell covers the step.
    """
    n_steps, n_persons = shape
    change = np.zeros((n_steps + 1, n_persons), np.int8)
    np.add.at(change, (first.clip(0, n_steps), person), 1)
    np.add.at(change, (np.maximum(stop, first).clip(0, n_steps), person), -1)
    return np.cumsum(change[:-1], axis=0, dtype=np.int8) > 0


def mid_month_steps(days: Ints, first_month: int) -> Ints:
    """Return the first month whose 15th is on the day or later.

    Parameters
    ----------
    days : int array
        Days since 1970-01-01.
    first_month : int
        Month of step 0, since 1970-01.

    Returns
    -------
    int array
        Steps; a very large one for NEVER.
    """
    month = month_number(np.minimum(days, NEVER))
    after_mid = days - month_start(month) > 14
    return month + after_mid - first_month


def week_steps(days: Ints, first_monday: int) -> Ints:
    """Return the first week whose Monday is on the day or later.

    Parameters
    ----------
    days : int array
        Days since 1970-01-01.
    first_monday : int
        Monday of step 0.

    Returns
    -------
    int array
        Steps.
    """
    return -((first_monday - days) // 7)
