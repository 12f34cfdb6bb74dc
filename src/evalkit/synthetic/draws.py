"""Draws that several parts of the made-up world share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from evalkit.synthetic.days import Bools, Floats, Ints

__all__ = ["choose", "choose_code", "days_between", "lognormal_days", "with_chance"]


def with_chance(rng: np.random.Generator, chance: float | Floats, size: int) -> Bools:
    """Draw yes or no.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    chance : float or float array, shape (size,)
        Chance of yes.
    size : int
        How many.

    Returns
    -------
    bool array, shape (size,)
        The draws.
    """
    return rng.random(size) < chance


def choose(rng: np.random.Generator, weights: Sequence[float] | Floats, size: int) -> Ints:
    """Draw places in a list of weights.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    weights : sequence of float
        Relative weights; their sum does not matter.
    size : int
        How many.

    Returns
    -------
    int array, shape (size,)
        Places, from 0.
    """
    reach = np.cumsum(np.asarray(weights, np.float64))
    places: Ints = np.searchsorted(reach, rng.random(size) * reach[-1], side="right").astype(np.int64)
    return np.minimum(places, len(reach) - 1)


def choose_code(rng: np.random.Generator, shares: Mapping[str, float], size: int) -> Ints:
    """Draw numeric codes.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    shares : mapping of str to float
        Code, of digits only, to weight.
    size : int
        How many.

    Returns
    -------
    int array, shape (size,)
        The codes as numbers.
    """
    codes = np.array([int(code) for code in shares], np.int64)
    return codes[choose(rng, list(shares.values()), size)]


def lognormal_days(rng: np.random.Generator, median: float | Floats, sigma: float, size: int) -> Ints:
    """Draw whole days from a log-normal distribution.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    median : float or float array, shape (size,)
        Median, in days.
    sigma : float
        Standard deviation of the logarithm.
    size : int
        How many.

    Returns
    -------
    int array, shape (size,)
        Days, rounded down; at most twenty years.
    """
    drawn = median * np.exp(sigma * rng.standard_normal(size))
    return np.minimum(drawn, 7300.0).astype(np.int64)


def days_between(rng: np.random.Generator, first: Ints, stop: Ints) -> Ints:
    """Draw a day of each half-open interval.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    first, stop : int array, shape (n,)
        Days; where ``stop <= first`` the draw is `first`.

    Returns
    -------
    int array, shape (n,)
        Days in ``[first, stop)``.
    """
    length = np.maximum(stop - first, 1)
    place: Ints = np.minimum((rng.random(first.size) * length).astype(np.int64), length - 1)
    return first + place
