"""What may leave: a table whose hidden cells are empty and say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import InitVar, dataclass

import polars as pl

from evalkit.disclosure.policy import Policy
from evalkit.errors import DisclosureError
from evalkit.results import CellRole, Column, Provenance

__all__ = ["DOOR", "STATUS", "Audit", "Released", "audit"]

STATUS = pl.Enum(["published", "suppressed_primary", "suppressed_secondary", "not_applicable"])
"""Status of a cell. Primary: small. Secondary: hidden to protect another. Not applicable: there was no value."""

DOOR = object()
"""Held by ``release`` only; a :class:`Released` cannot be made without it."""


@dataclass(frozen=True, repr=False)
class Released:
    """A table that has passed the disclosure check; only :func:`evalkit.disclosure.release` makes one.

    Parameters
    ----------
    name : str
        The table's name in the bundle.
    provenance : Provenance
        Where the numbers come from.
    policy : Policy
        The policy it was checked against.
    roles : mapping of str to Column
        A role for every column of the result.
    n_rows_dropped : int
        Points of a curve that were left out.
    cells : DataFrame
        The table with a status column after each count and each derived column.
    apart_from : frozenset of str
        Tables that it has counts in common with and that it was not checked together with.
    door : object
        Proof that `release` made it.

    Raises
    ------
    DisclosureError
        When anyone but `release` makes one.
    """

    name: str
    provenance: Provenance
    policy: Policy
    roles: Mapping[str, Column]
    n_rows_dropped: int
    cells: pl.DataFrame
    apart_from: frozenset[str]
    door: InitVar[object]

    def __post_init__(self, door: object) -> None:
        if door is not DOOR:
            raise DisclosureError(
                "Released: only disclosure.release makes a released table.", hint="Call release(result, policy)."
            )

    def tidy(self) -> pl.DataFrame:
        """Return the table.

        Returns
        -------
        DataFrame
            The result's columns; after each count and derived column ``x`` its ``x_status``. A suppressed value is
            null.
        """
        return self.cells.clone()

    def __repr__(self) -> str:
        return f"<Released {self.name}: {self.cells.height} rows, policy {self.policy.name}>"


@dataclass(frozen=True, slots=True)
class Audit:
    """How much of a table was published.

    Parameters
    ----------
    name : str
        The table.
    published, suppressed_primary, suppressed_secondary, not_applicable : int
        Number of cells of each status, counts and derived numbers together.
    rows_dropped : int
        Points of a curve that were left out.
    """

    name: str
    published: int
    suppressed_primary: int
    suppressed_secondary: int
    not_applicable: int
    rows_dropped: int


def audit(released: Released) -> Audit:
    """Count the cells of a released table by status.

    Parameters
    ----------
    released : Released
        The table.

    Returns
    -------
    Audit
        The counts; they go into the manifest.
    """
    checked = [name for name, column in released.roles.items() if column.role in {CellRole.COUNT, CellRole.DERIVED}]
    said = [status for name in checked for status in released.cells.get_column(f"{name}_status").to_list()]
    return Audit(
        released.name,
        said.count("published"),
        said.count("suppressed_primary"),
        said.count("suppressed_secondary"),
        said.count("not_applicable"),
        released.n_rows_dropped,
    )
