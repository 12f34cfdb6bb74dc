"""What a programme was given or asks for."""

from __future__ import annotations

from collections.abc import Mapping
from math import isclose
from typing import Literal, Self

from pydantic import Field, model_validator

from evalkit.config import Definition, Text
from evalkit.errors import ConfigError
from evalkit.programmes.quotes import Quote

__all__ = ["Budget", "BudgetLine"]


class BudgetLine(Definition):
    """One amount.

    Parameters
    ----------
    id : str
        Machine name.
    label : Text
        What it is for.
    millions : float
        Amount in millions, for one unit.
    units : int
        How many units; 8 prisons.
    year : int, optional
        The budget year; absent for an amount a year.
    part_of : str
        For an amount that is a part of another line of the same year: that line's id. It is then not added.
    quote : Quote
        The document's words.
    """

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    label: Text
    millions: float = Field(ge=0)
    units: int = Field(default=1, ge=1)
    year: int | None = None
    part_of: str = ""
    quote: Quote

    @property
    def total_millions(self) -> float:
        """Amount of all units."""
        return self.millions * self.units


class Budget(Definition):
    """All amounts of a programme, and their sum as the document gives it.

    Parameters
    ----------
    currency : {"DKK", "NOK"}
        The currency.
    total_millions : float
        The document's own sum.
    lines : tuple of BudgetLine
        The amounts.
    quote : Quote
        The document's words for the sum.
    """

    currency: Literal["DKK", "NOK"]
    total_millions: float = Field(gt=0)
    lines: tuple[BudgetLine, ...] = Field(alias="line", min_length=1)
    quote: Quote

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        found = sum(line.total_millions for line in self.lines if not line.part_of)
        if not isclose(found, self.total_millions, abs_tol=1e-9):
            raise ValueError(f"the lines add up to {found:g} million, total_millions says {self.total_millions:g}")
        ids = {line.id for line in self.lines}
        lost = sorted({line.part_of for line in self.lines if line.part_of} - ids)
        if lost:
            raise ValueError(f"part_of names {', '.join(lost)}, which is no line")
        return self

    def scenario(self, units: Mapping[str, int]) -> float:
        """Return what the same would cost with other numbers of units, such as fewer prisons.

        Parameters
        ----------
        units : mapping of str to int
            Line to number of units; a line that is not named keeps its own.

        Returns
        -------
        float
            Millions. What an amount for all units together would become is not known, so it stays.

        Raises
        ------
        ConfigError
            When a line is named that is not there.
        """
        lost = sorted(set(units) - {line.id for line in self.lines})
        if lost:
            raise ConfigError(f"budget: there is no line {', '.join(lost)}.")
        return sum(line.millions * units.get(line.id, line.units) for line in self.lines if not line.part_of)
