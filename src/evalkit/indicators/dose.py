"""How much guidance people got, in full-year places, and how many a number of places has room for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from evalkit.errors import DefinitionError
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["CapacityStep", "capacity_steps", "dose"]

_YEAR = 365.25


def dose(counts: pl.DataFrame, weights: Mapping[str, float | None], provenance: Provenance) -> Result:
    """Turn days in a programme into full-year places of guidance: one is a place that is filled for a year.

    A day counts as much as the weight of where the person is that day. A weight that the programme leaves to judgement
    is a range: the places are given with that day counting nothing, and counting in full.

    Parameters
    ----------
    counts : DataFrame
        state, n_persons, days: persons who were in the state while enrolled, and their days in it; each day in one
        state.
    weights : mapping of str to float, optional
        State to share of full guidance; None where it is left to judgement.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row a state: persons, full-year places they took, and the least and most places they can stand for. The
        places of all states add up to the programme's.

    Raises
    ------
    DefinitionError
        When a state has no weight.

    Examples
    --------
    >>> from datetime import date
    >>> rows = pl.DataFrame({"state": ["free", "remand"], "n_persons": [8, 5], "days": [1461.0, 3652.5]})
    >>> dose(rows, {"free": 1.0, "remand": 0.1}, Provenance("x", date(2013, 1, 1), {}, "0")).tidy()["places"].to_list()
    [4.0, 1.0]
    """
    unknown = sorted(set(counts.get_column("state")) - set(weights))
    if unknown:
        raise DefinitionError(
            f"dose: there is no weight for {', '.join(unknown)}.", hint="Name it among the programme's dose weights."
        )
    least = pl.col("state").replace_strict({state: w or 0.0 for state, w in weights.items()}, return_dtype=pl.Float64)
    full = {state: 1.0 if weight is None else weight for state, weight in weights.items()}
    most = pl.col("state").replace_strict(full, return_dtype=pl.Float64)
    is_known = pl.col("state").is_in([state for state, weight in weights.items() if weight is not None])
    years = pl.col("days") / _YEAR
    frame = counts.select(
        "state",
        "n_persons",
        pl.when(is_known).then(least).alias("weight"),
        pl.when(is_known).then(years * least).alias("places"),
        (years * least).alias("places_least"),
        (years * most).alias("places_most"),
    )
    # Published in tenths of a place, which is 37 days of one person: exact ones would give the days of a few persons
    # in a state that is hidden, as all states' days are those of the courses.
    places = Column.derived("n_persons", group_size=10)
    roles = {
        "state": Column.dimension(),
        "n_persons": Column.count(),
        "weight": Column.label(),
        **dict.fromkeys(("places", "places_least", "places_most"), places),
    }
    enrolled = Counts("programme_course", "n_enrolled")
    there = (Counts("dose", "n_persons", {"state": (state,)}) for state in frame.get_column("state"))
    relations = tuple(Relation((enrolled,), (one,)) for one in there)
    return Result("dose", provenance, frame, roles, relations=relations)


@dataclass(frozen=True, slots=True)
class CapacityStep:
    """One line of arithmetic between places and persons a year.

    Parameters
    ----------
    months : float
        Length of a course.
    persons_per_year : float
        Courses that the places have room for in a year.
    text : str
        The arithmetic, written out.
    """

    months: float
    persons_per_year: float
    text: str


def capacity_steps(
    places: float, months: float, extension_months: float, persons_per_year: float
) -> tuple[CapacityStep, ...]:
    """Show what a number of full-year places has room for, and what a document's own figure implies.

    Parameters
    ----------
    places : float
        Full-year places.
    months, extension_months : float
        Length of a course, and the most by which it may be longer.
    persons_per_year : float
        The document's figure.

    Returns
    -------
    tuple of CapacityStep
        With courses as short as they are, as long as they may be, and as long as the figure implies.

    Examples
    --------
    Exit: 25 places and six months are 50 courses a year, nine months 33.3; its own 35 are courses of 8.57 months.

    >>> for step in capacity_steps(25, 6, 3, 35):
    ...     print(step.text)
    25 × 12 / 6 = 50.0
    25 × 12 / 9 = 33.3
    25 × 12 / 35 = 8.57
    """
    in_months = 12 * places
    longest = months + extension_months
    as_given = [
        CapacityStep(length, in_months / length, f"{places:g} × 12 / {length:g} = {in_months / length:.1f}")
        for length in dict.fromkeys((months, longest))
    ]
    implied = in_months / persons_per_year
    said = CapacityStep(implied, persons_per_year, f"{places:g} × 12 / {persons_per_year:g} = {implied:.2f}")
    return (*as_given, said)
