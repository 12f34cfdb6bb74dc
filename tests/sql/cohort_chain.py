"""Some models after each other on given facts: what a chain of them makes of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evalkit.warehouse import Model, Warehouse
from tests.sql.text_tables import Row, fill, lines, rows_like

__all__ = ["run_through"]


def run_through(
    warehouse: Warehouse,
    models: Mapping[str, Model],
    chain: Sequence[str],
    given: Mapping[str, str],
    expected: str,
    parameters: Mapping[str, object],
) -> tuple[list[Row], list[Row]]:
    """Fill tables, run a chain of models, and return the last one's rows with the rows that are expected of it."""
    fill(warehouse, given)
    for name in chain[:-1]:
        model = models[name]
        values = {key: parameters[key] for key in model.parameters}
        warehouse.execute(f"INSERT INTO {name} {model.sql}", values)
    last = models[chain[-1]]
    found = rows_like(warehouse, last.sql, expected, {key: parameters[key] for key in last.parameters})
    return found, lines(expected)[1:]
