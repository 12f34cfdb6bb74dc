"""What taking in one extract came to, and where the warehouse remembers it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evalkit.errors import ModelError
from evalkit.warehouse import Warehouse

__all__ = ["Delivery"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One extract, taken in.

    Parameters
    ----------
    layout : str
        Its layout.
    file : str
        The file's name, without its folder.
    sha256 : str
        Digest of the file's bytes.
    fingerprint : str
        Of all the study's files, contracts and settings, and of which of them this is: ``person_key`` is made over all
        files, so one new file makes every staging table new.
    n_delivered : int
        Rows in the file, counted without the database.
    n_staged : int
        Rows in ``staging.<layout>``.
    n_quarantined : int
        Rows in ``quarantine.row``.
    rules : mapping of str to int
        Quarantined rows by the first rule that they broke.
    tables : tuple of str
        The staging tables made of it, ``"staging.krin"``.
    extra_columns : tuple of str
        Columns that the layout does not know; kept in ``raw`` only.
    """

    layout: str
    file: str
    sha256: str
    fingerprint: str
    n_delivered: int
    n_staged: int
    n_quarantined: int
    rules: Mapping[str, int] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    extra_columns: tuple[str, ...] = ()


def stored_deliveries(warehouse: Warehouse) -> tuple[Delivery, ...]:
    """Read what the warehouse was built from.

    Parameters
    ----------
    warehouse : Warehouse
        The warehouse.

    Returns
    -------
    tuple of Delivery
        In the order of taking in; empty when there are none.
    """
    if not warehouse.has_table("meta.delivery"):
        return ()
    try:
        rows = warehouse.fetch(f"SELECT {', '.join(_COLUMNS)} FROM meta.delivery ORDER BY number")  # noqa: S608
    except ModelError:
        return ()  # An older evalkit remembered it in another way: take everything in again.
    return tuple(_restored(row) for row in rows.iter_rows(named=True))


def store_deliveries(warehouse: Warehouse, deliveries: Sequence[Delivery]) -> None:
    """Write what the warehouse was built from, instead of what it knew.

    Parameters
    ----------
    warehouse : Warehouse
        The warehouse.
    deliveries : sequence of Delivery
        All deliveries.
    """
    warehouse.execute("DROP TABLE IF EXISTS meta.delivery")
    warehouse.execute(
        "CREATE TABLE meta.delivery (number INTEGER, layout VARCHAR, file VARCHAR, sha256 VARCHAR, "
        "fingerprint VARCHAR, n_delivered BIGINT, n_staged BIGINT, n_quarantined BIGINT, rules VARCHAR, "
        "tables VARCHAR, extra_columns VARCHAR)"
    )
    for number, delivery in enumerate(deliveries, start=1):
        values: dict[str, object] = {name: getattr(delivery, name) for name in _COLUMNS}
        values |= {name: json.dumps(values[name]) for name in _AS_JSON}
        named = ", ".join(f"${name}" for name in ("number", *_COLUMNS))
        warehouse.execute(f"INSERT INTO meta.delivery VALUES ({named})", {**values, "number": number})  # noqa: S608


_AS_JSON = ("rules", "tables", "extra_columns")
_COLUMNS = (
    "layout",
    "file",
    "sha256",
    "fingerprint",
    "n_delivered",
    "n_staged",
    "n_quarantined",
    *_AS_JSON,
)


def _restored(row: dict[str, Any]) -> Delivery:
    lists = {name: tuple(json.loads(row[name])) for name in ("tables", "extra_columns")}
    return Delivery(**{**row, **lists, "rules": dict(json.loads(row["rules"]))})
