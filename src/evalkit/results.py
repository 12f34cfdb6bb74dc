"""Results: frozen, with their definition, and a role for every column.

A result lives inside the secure zone. Only :func:`evalkit.disclosure.release` makes something of it that may leave.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

import polars as pl

from evalkit.errors import EstimationError

if TYPE_CHECKING:
    from great_tables import GT
    from matplotlib.figure import Figure

__all__ = ["CellRole", "Column", "Counts", "Provenance", "Relation", "Result"]


class CellRole(StrEnum):
    """What a column of a result is to the disclosure check."""

    DIMENSION = "dimension"
    """Says which cell the row is: arm, month, state."""
    COUNT = "count"
    """A number of persons; the rules look at these."""
    DERIVED = "derived"
    """Computed from counts, and suppressed with them."""
    LABEL = "label"
    """Says nothing about persons: a name, a unit, a definition."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's role.

    Parameters
    ----------
    role : CellRole
        What the column is.
    counts : tuple of str
        For a derived column: the count columns it is computed from.
    group_size : int or mapping of str to int, optional
        For a derived column that moves when somebody leaves early: persons in the group that it describes, or that
        number for each value of the result's first dimension. The door then keeps no digit that tells of fewer than
        `persons_per_unit` of them.
    persons_per_unit : int
        1, or more where the steps of a curve tell how many were still followed.
    """

    role: CellRole
    counts: tuple[str, ...] = ()
    group_size: int | Mapping[str, int] | None = None
    persons_per_unit: int = 1

    @classmethod
    def dimension(cls) -> Column:
        """Return the role of a column that says which cell the row is."""
        return cls(CellRole.DIMENSION)

    @classmethod
    def count(cls) -> Column:
        """Return the role of a number of persons."""
        return cls(CellRole.COUNT)

    @classmethod
    def derived(
        cls, *counts: str, group_size: int | Mapping[str, int] | None = None, persons_per_unit: int = 1
    ) -> Column:
        """Return the role of a number computed from the named counts."""
        return cls(CellRole.DERIVED, counts, group_size, persons_per_unit)

    @classmethod
    def label(cls) -> Column:
        """Return the role of a column that says nothing about persons."""
        return cls(CellRole.LABEL)


@dataclass(frozen=True, slots=True)
class Counts:
    """Some counts of one table, taken together as their sum.

    Parameters
    ----------
    table : str
        Name of the result.
    column : str
        A count column of it.
    where : mapping of str to tuple
        Dimension to the values that are meant; other dimensions that the relation does not keep apart are summed over.
    """

    table: str
    column: str
    where: Mapping[str, tuple[object, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Relation:
    """What a reader who has several tables can subtract.

    Parameters
    ----------
    total : tuple of Counts
        The total.
    parts : tuple of Counts
        Counts of persons among them, no person twice.
    by : tuple of str
        Dimensions along which the relation holds, one value at a time: ``("arm",)``.
    exact : bool
        Whether nothing is left over; otherwise what is left over is a count like any other.
    """

    total: tuple[Counts, ...]
    parts: tuple[Counts, ...]
    by: tuple[str, ...] = ()
    exact: bool = False

    @property
    def tables(self) -> frozenset[str]:
        """The results that it is about."""
        return frozenset(counts.table for counts in (*self.total, *self.parts))


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a number comes from.

    Parameters
    ----------
    definition : str
        Name and fingerprint of the definition, for example ``"dst_two_year@8190ddc1e1e8"``.
    vintage : date
        The data are complete before this day.
    models : mapping of str to str
        SQL model to fingerprint.
    version : str
        evalkit's version.
    seed : int, optional
        Seed of whatever was drawn at random.
    """

    definition: str
    vintage: date
    models: Mapping[str, str]
    version: str
    seed: int | None = None


@dataclass(frozen=True, repr=False)
class Result:
    """One tidy table of estimates, inside the secure zone.

    Parameters
    ----------
    name : str
        The table's name in the release bundle.
    provenance : Provenance
        Where the numbers come from.
    frame : DataFrame
        One row an estimate; missing values are null.
    roles : mapping of str to Column
        A role for every column of `frame`.
    additive_over : tuple of str
        Dimension columns over which the counts add up to a total that a reader knows, so that one suppressed cell
        could be found by subtraction.
    figure : callable, optional
        Draws `frame` for :meth:`plot`.
    linked : tuple of tuple of str
        Count columns that a reader can subtract within a row: the total first, then its parts, for example
        ``("n_with_plan", "n_continuing")``; what is left over need not be zero. ``"n_persons@step"`` means the
        column in the row before along the dimension `step`, so attrition says
        ``("n_persons@step", "n_persons", "n_excluded")``.
    repeats : tuple of (str, tuple of str)
        Count columns that stand in several rows, with the dimensions along which they repeat:
        ``("n_with_plan", ("checkpoint",))``. What is hidden in one row is then hidden in all.
    cumulative_over : str, optional
        The dimension along which the counts run up, for a curve: ``"time"``. Every count column is then cumulative
        but ``n_at_risk``, which is the number still followed.
    relations : tuple of Relation
        What a reader can subtract when other tables of the same study lie beside this one. A relation about a table
        that the study does not have says nothing.
    """

    name: str
    provenance: Provenance
    frame: pl.DataFrame
    roles: Mapping[str, Column]
    additive_over: tuple[str, ...] = ()
    figure: Callable[[pl.DataFrame], Figure] | None = field(default=None, compare=False)
    linked: tuple[tuple[str, ...], ...] = ()
    repeats: tuple[tuple[str, tuple[str, ...]], ...] = ()
    cumulative_over: str | None = None
    relations: tuple[Relation, ...] = ()

    def tidy(self) -> pl.DataFrame:
        """Return the one table that everything else is derived from.

        Returns
        -------
        DataFrame
            One row an estimate, in a stable order of rows and columns.
        """
        return self.frame

    def table(self) -> GT:
        """Return the tidy table for reading, under a banner.

        Returns
        -------
        great_tables.GT
            Not disclosure-checked.
        """
        from great_tables import GT  # noqa: PLC0415 - half a second that a batch run does not need

        return GT(self.frame).tab_header(title=self.name, subtitle=_BANNER)

    def plot(self) -> Figure:
        """Draw the result.

        Returns
        -------
        matplotlib.figure.Figure
            Not disclosure-checked.

        Raises
        ------
        EstimationError
            When this result has no figure.
        """
        if self.figure is None:
            raise EstimationError(f"{self.name}: this result has no figure.", hint="Use table() or tidy().")
        return self.figure(self.frame)

    def __repr__(self) -> str:
        return f"<Result {self.name}: {self.frame.height} rows, {self.provenance.definition}>"

    def _repr_html_(self) -> str:
        return str(self.table().as_raw_html())


_BANNER = "Not disclosure-checked – must not leave the secure zone"
