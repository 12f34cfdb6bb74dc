"""Offence codes as the crime registers write them, from four-digit offence groups."""

from __future__ import annotations

import numpy as np

from evalkit.synthetic.days import Ints

__all__ = ["nine_digits", "seven_digits"]


def nine_digits(group: Ints) -> Ints:
    """Return GER9: the group, and a police code of five digits (made up, but always the same for a group).

    Parameters
    ----------
    group : int array
        Four-digit offence groups.

    Returns
    -------
    int array
        Nine digits.
    """
    return group * 100_000 + 60_000 + group * 37 % 30_000


def seven_digits(group: Ints, year: Ints) -> Ints:
    """Return GER7: the group and three digits, which are 000 from 2020.

    Parameters
    ----------
    group : int array
        Four-digit offence groups.
    year : int array
        Calendar years.

    Returns
    -------
    int array
        Seven digits.
    """
    return group * 1000 + np.where(year >= 2020, 0, group * 13 % 1000)
