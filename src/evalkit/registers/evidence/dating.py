"""Which column dates the rows of a register, for counts by year."""

from __future__ import annotations

from evalkit.registers.contracts.contract import Contract, typed_columns
from evalkit.registers.sql_text import quoted

__all__ = ["dating_column", "year_sql"]

_YEAR = "AAR"
"""A column of this name says the year that a row is of, whatever comes after the year's four digits."""


def dating_column(contract: Contract) -> str | None:
    """Name the column that dates a row.

    A date in the layout's key tells its rows apart (the reference day of the population, not the birth date); without
    one it is the first date that every row has, then the first that every file has.

    Parameters
    ----------
    contract : Contract
        The contract.

    Returns
    -------
    str or None
        The column; None when rows have no date of their own.
    """
    columns = typed_columns(contract)
    dates = [name for name, column in columns.items() if column.type == "date"]
    years = [name for name, column in columns.items() if name == _YEAR and column.filled]
    candidates = [
        *(name for name in dates if name in contract.key),
        *years,
        *(name for name in dates if columns[name].filled),
        *(name for name in dates if columns[name].required),
    ]
    return next(iter(candidates), None)


def year_sql(contract: Contract, column: str | None) -> str:
    """Return SQL for the year of a row, also of a delivery whose contract gave the column another type.

    Parameters
    ----------
    contract : Contract
        The contract.
    column : str or None
        The column that dates the row.

    Returns
    -------
    str
        SQL of type INTEGER; NULL when there is no such column.
    """
    if column is None:
        return "CAST(NULL AS INTEGER)"
    if contract.columns[column].type == "date":
        return f"CAST(year(TRY_CAST({quoted(column)} AS DATE)) AS INTEGER)"
    return f"TRY_CAST(substr(CAST({quoted(column)} AS VARCHAR), 1, 4) AS INTEGER)"
