"""Contacts of the Exit programme often enough: counted by the rules of :mod:`~.exit_truth`."""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.synthetic.days import NEVER, Bools, Ints, add_months
from evalkit.synthetic.exit_courses import DIED
from evalkit.synthetic.reached import Reached

__all__ = ["after_discharge", "in_course", "later_after_discharge"]

_MOST_DAYS = 10
_MONTHLY_MONTHS, _THEN_MONTHS = 3, 3


def in_course(contacts: pl.DataFrame, enrolled: pl.DataFrame, vintage: int) -> Reached:
    """Count who was met often enough in intro and guidance.

    Parameters
    ----------
    contacts, enrolled : DataFrame
        The programme's contacts; the first enrolments.
    vintage : int
        The registers are complete before this day.

    Returns
    -------
    Reached
        Of those out of guidance.
    """
    window = enrolled.select("person", start="enrolled", stop=pl.min_horizontal("outro", "discharged"))
    before, day, person = _gaps(contacts, window.filter(pl.col("stop") < vintage))
    return _counted(person, day - before <= _MOST_DAYS)


def after_discharge(contacts: pl.DataFrame, enrolled: pl.DataFrame, vintage: int) -> Reached:
    """Count who was met often enough in the first months of follow-up.

    Parameters
    ----------
    contacts, enrolled : DataFrame
        The programme's contacts; the first enrolments.
    vintage : int
        The registers are complete before this day.

    Returns
    -------
    Reached
        Of those ended other than by death.
    """
    window = _follow_up(enrolled).with_columns(stop=pl.min_horizontal("monthly_until", "followed_until"))
    return _met_within_months(contacts, window.with_columns(start="discharged"), vintage, 1)


def later_after_discharge(contacts: pl.DataFrame, enrolled: pl.DataFrame, vintage: int) -> Reached:
    """Count who was met often enough in the rest of follow-up.

    Parameters
    ----------
    contacts, enrolled : DataFrame
        The programme's contacts; the first enrolments.
    vintage : int
        The registers are complete before this day.

    Returns
    -------
    Reached
        Of those whose follow-up is over, and went on for more than its first months.
    """
    window = _follow_up(enrolled).with_columns(start="monthly_until", stop="followed_until")
    return _met_within_months(contacts, window, vintage, _THEN_MONTHS)


def _follow_up(enrolled: pl.DataFrame) -> pl.DataFrame:
    ended = enrolled.filter(pl.col("discharged") < NEVER, pl.col("reason") != DIED)
    until = pl.Series(add_months(ended["discharged"].to_numpy(), _MONTHLY_MONTHS))
    return ended.select("person", "discharged", "followed_until", monthly_until=until)


def _met_within_months(contacts: pl.DataFrame, window: pl.DataFrame, vintage: int, months: int) -> Reached:
    window = window.filter(pl.col("stop") < vintage, pl.col("start") < pl.col("stop"))
    before, day, person = _gaps(contacts, window)
    return _counted(person, day <= add_months(before, months))


def _gaps(contacts: pl.DataFrame, window: pl.DataFrame) -> tuple[Ints, Ints, Ints]:
    """Return the day before each gap, the day after it, and whose it is: from start over the contacts to stop."""
    met = contacts.filter(pl.col("attended") != 0).select("person", "day")
    within = met.join(window, on="person").filter(pl.col("day") > pl.col("start"), pl.col("day") <= pl.col("stop"))
    ends = [window.select("person", day=name) for name in ("start", "stop")]
    days = pl.concat([*ends, within.select("person", "day")]).sort("person", "day")
    person, day = days["person"].to_numpy(), days["day"].to_numpy()
    same = person[1:] == person[:-1]
    return day[:-1][same], day[1:][same], person[1:][same]


def _counted(person: Ints, is_short: Bools) -> Reached:
    n_persons = np.unique(person).size
    return Reached(n_persons=n_persons, n_reached=n_persons - np.unique(person[~is_short]).size)
