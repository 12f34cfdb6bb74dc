"""Disclosure policies: what may leave the secure zone, owned by the data custodian."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from evalkit.config import Definition, Text
from evalkit.errors import ConfigError

__all__ = ["CurveRule", "Link", "Policy", "load_policy"]

_SHIPPED = Path(__file__).resolve().parent / "policies"


class Link(Definition):
    """Count columns that a reader can subtract within a row.

    Parameters
    ----------
    columns : tuple of str
        The total first, then its parts. ``"n_persons@step"`` is the column in the row before along `step`.
    """

    columns: tuple[str, ...] = Field(min_length=2)


class CurveRule(Definition):
    """How curves are published.

    Parameters
    ----------
    min_at_risk : int
        A curve ends where fewer persons are followed.
    at_risk : str
        The column that holds those still followed.
    side_counts : tuple of str
        Cumulative counts that may be hidden without hiding the curve itself.
    first_every : int
        Of the points at which those counts could be shown, every such one of the grid is chosen before the others;
        with a monthly grid 6 means that half-years come first, where a reader looks for numbers at risk.
    """

    min_at_risk: int = Field(default=5, ge=0)
    at_risk: str = "n_at_risk"
    side_counts: tuple[str, ...] = ("n_left",)
    first_every: int = Field(default=6, ge=1)


class Policy(Definition):
    """What may leave the secure zone.

    Parameters
    ----------
    name : str
        The policy's name.
    title, statement : Text
        What the report says about it, short and long.
    min_cell : int
        Smallest number of persons in a published cell; 0 and 1 suppress nothing and need `already_public`.
    already_public : bool
        The data are public, so nothing needs protection.
    zeros_are_disclosive : bool
        Whether a cell of nobody is suppressed as well. A zero can say something about everyone in a group: nobody
        in work means that each of them is out of work, and a remainder of zero means that all of them share the
        attribute. The standard policy publishes zeros, as Statistics Denmark's rule on small cells does; a custodian
        with sensitive attributes can switch this on.
    min_interval : int, optional
        How many whole numbers a reader must be left with for every small count; by default ``min_cell - 1``, so that
        a reader learns no more than that the count is small.
    decimals : int, optional
        Decimals of computed numbers; by default they are not rounded.
    max_rows : int
        Most rows in one published table.
    curve : CurveRule
        How curves are published.
    link : tuple of Link
        Relations that hold in every table with the columns they name; others come from ``Result.linked``.
    """

    name: str
    title: Text
    statement: Text
    min_cell: int = Field(default=5, ge=0)
    already_public: bool = False
    zeros_are_disclosive: bool = False
    min_interval: int | None = Field(default=None, ge=2)
    decimals: int | None = Field(default=None, ge=0, le=6)
    max_rows: int = Field(default=5000, gt=0)
    curve: CurveRule = CurveRule()
    link: tuple[Link, ...] = ()

    @model_validator(mode="after")
    def _needs_sense(self) -> Self:
        if not self.suppresses and not self.already_public:
            raise ValueError("min_cell under 2 suppresses nothing; say already_public = true if that is meant")
        if self.min_cell == 2:
            raise ValueError("min_cell = 2 hides only ones, so that hiding tells the number; take 3 or more")
        if self.suppresses and self.required_values > self.min_cell - 1:
            raise ValueError("min_interval can be at most min_cell - 1")
        return self

    @property
    def suppresses(self) -> bool:
        """Whether anything is ever suppressed."""
        return self.min_cell > 1

    @property
    def smallest_sensitive(self) -> int:
        """Smallest number of persons that is suppressed: 0 when zeros are disclosive, otherwise 1."""
        return 0 if self.zeros_are_disclosive else 1

    @property
    def required_values(self) -> int:
        """How many whole numbers a reader must be left with for every small count."""
        return max(1, self.min_cell - 1) if self.min_interval is None else self.min_interval

    def is_small(self, count: int) -> bool:
        """Tell whether a count of persons may not be published.

        Parameters
        ----------
        count : int
            Number of persons.

        Returns
        -------
        bool
            True for a small count.
        """
        return self.suppresses and self.smallest_sensitive <= count < self.min_cell


def load_policy(name_or_path: str | Path) -> Policy:
    """Read a disclosure policy.

    Parameters
    ----------
    name_or_path : str or Path
        The name of a shipped policy, ``"standard"`` or ``"public_data"``, or the path of a TOML file.

    Returns
    -------
    Policy
        The policy.

    Raises
    ------
    ConfigError
        When there is no such policy, or when the file does not fit.

    Examples
    --------
    >>> load_policy("standard").min_cell
    5
    >>> load_policy("public_data").suppresses
    False
    """
    path = Path(name_or_path)
    if path.suffix != ".toml" and len(path.parts) == 1:
        shipped = sorted(file.stem for file in _SHIPPED.glob("*.toml"))
        if path.name not in shipped:
            raise ConfigError(
                f"{path.name}: there is no disclosure policy of that name.",
                hint=f"Shipped policies are {', '.join(shipped)}; for your own, give the path of a .toml file.",
            )
        path = _SHIPPED / f"{path.name}.toml"
    return Policy.from_toml(path)
