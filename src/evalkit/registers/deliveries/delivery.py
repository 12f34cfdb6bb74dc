"""What taking in one register came to, and where the warehouse remembers it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from evalkit.errors import ModelError
from evalkit.warehouse import Warehouse, open_warehouse

__all__ = ["DeliveredFile", "Delivery", "forget", "holds_deliveries", "remember", "remembered"]


@dataclass(frozen=True, slots=True)
class DeliveredFile:
    """One file, taken in.

    Parameters
    ----------
    name : str
        Its name, without its folder.
    sha256 : str
        Digest of its bytes.
    n_bytes, modified_ns : int
        Its size, and when it was last written, by which an unchanged file is known without reading it.
    n_delivered : int
        Rows in it, counted without reading it as a table.
    n_staged, n_quarantined, n_out_of_scope : int
        What became of them; they add up to `n_delivered`.
    rules : mapping of str to int
        Quarantined rows by the first rule that they broke.
    warnings : mapping of str to int
        Staged rows by a rule that they broke and that only warns; a row can be under several.
    extra_columns : tuple of str
        Columns that the layout does not know; they are not kept.
    same_as : str
        The file of the same delivery that has the same bytes, when there is one; its rows are then not taken in twice.
    """

    name: str
    sha256: str
    n_bytes: int
    modified_ns: int
    n_delivered: int
    n_staged: int
    n_quarantined: int
    n_out_of_scope: int = 0
    rules: Mapping[str, int] = field(default_factory=dict)
    warnings: Mapping[str, int] = field(default_factory=dict)
    extra_columns: tuple[str, ...] = ()
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One register as delivered once, in one file or many.

    Parameters
    ----------
    number : int
        Names its tables in the schema ``delivered``; deliveries of the same content share it.
    layout : str
        Its layout.
    vintage : date
        It is complete before this day.
    fingerprint : str
        Of its files' content, its contract and its settings: the same fingerprint means the same typed rows.
    files : tuple of DeliveredFile
        Its files, in the order of reading.
    tables : tuple of str
        The staging tables made of it, ``"staging.krin"``.
    """

    number: int
    layout: str
    vintage: date
    fingerprint: str
    files: tuple[DeliveredFile, ...]
    tables: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """Digest of its file; of several files, the digest of their digests in the order of reading."""
        if len(self.files) == 1:
            return self.files[0].sha256
        return hashlib.sha256("".join(file.sha256 for file in self.files).encode()).hexdigest()

    @property
    def n_delivered(self) -> int:
        """Rows in its files."""
        return sum(one.n_delivered for one in self.files)

    @property
    def n_staged(self) -> int:
        """Rows that broke no rule."""
        return sum(one.n_staged for one in self.files)

    @property
    def n_quarantined(self) -> int:
        """Rows set aside."""
        return sum(one.n_quarantined for one in self.files)

    @property
    def n_out_of_scope(self) -> int:
        """Rows that are declared not to be the study's."""
        return sum(one.n_out_of_scope for one in self.files)

    @property
    def rules(self) -> dict[str, int]:
        """Quarantined rows by the first rule that they broke."""
        return dict(sum((Counter(one.rules) for one in self.files), Counter()))

    @property
    def warnings(self) -> dict[str, int]:
        """Staged rows by a rule that only warns."""
        return dict(sum((Counter(one.warnings) for one in self.files), Counter()))

    @property
    def extra_columns(self) -> tuple[str, ...]:
        """Columns that the layout does not know."""
        return tuple(dict.fromkeys(name for one in self.files for name in one.extra_columns))


def remembered(warehouse: Warehouse) -> tuple[Delivery, ...]:
    """Read which deliveries the warehouse holds.

    Parameters
    ----------
    warehouse : Warehouse
        The warehouse.

    Returns
    -------
    tuple of Delivery
        In the order of taking in; empty when there are none.
    """
    if not warehouse.has_table("meta.delivered"):
        return ()
    try:
        rows = warehouse.fetch(f"SELECT {', '.join(_COLUMNS)} FROM meta.delivered ORDER BY number, vintage")  # noqa: S608
    except ModelError:
        return ()  # An older evalkit remembered in another way: take everything in again.
    return tuple(_restored(row) for row in rows.iter_rows(named=True))


def holds_deliveries(path: Path) -> bool:
    """Tell whether a warehouse file holds any delivery.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    bool
        False when it is not there.
    """
    if not path.is_file():
        return False
    with open_warehouse(path) as warehouse:
        return bool(remembered(warehouse))


def remember(warehouse: Warehouse, delivery: Delivery) -> None:
    """Write that the warehouse holds a delivery.

    Parameters
    ----------
    warehouse : Warehouse
        The warehouse.
    delivery : Delivery
        The delivery; one of the same layout and vintage is forgotten.
    """
    forget(warehouse, delivery.layout, delivery.vintage)
    values: dict[str, object] = {name: getattr(delivery, name) for name in _COLUMNS}
    values |= {"files": json.dumps([asdict(one) for one in delivery.files]), "tables": json.dumps(delivery.tables)}
    named = ", ".join(f"${name}" for name in _COLUMNS)
    warehouse.execute(f"INSERT INTO meta.delivered VALUES ({named})", values)  # noqa: S608 - names of parameters


def forget(warehouse: Warehouse, layout: str, vintage: date) -> None:
    """Forget a delivery.

    Parameters
    ----------
    warehouse : Warehouse
        The warehouse; afterwards it has the table of deliveries, if it did not have it.
    layout : str
        The layout.
    vintage : date
        The vintage.
    """
    warehouse.execute(
        "CREATE TABLE IF NOT EXISTS meta.delivered (number INTEGER, layout VARCHAR, vintage DATE, "
        "fingerprint VARCHAR, files VARCHAR, tables VARCHAR)"
    )
    warehouse.execute(
        "DELETE FROM meta.delivered WHERE layout = $layout AND vintage = $vintage",
        {"layout": layout, "vintage": vintage},
    )


_COLUMNS = ("number", "layout", "vintage", "fingerprint", "files", "tables")


def _restored(row: dict[str, Any]) -> Delivery:
    files = tuple(
        DeliveredFile(**{**one, "extra_columns": tuple(one["extra_columns"])}) for one in json.loads(row["files"])
    )
    return Delivery(**{**row, "files": files, "tables": tuple(json.loads(row["tables"]))})
