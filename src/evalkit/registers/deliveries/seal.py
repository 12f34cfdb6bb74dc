"""Drops the delivered pseudonyms for good."""

from __future__ import annotations

import shutil
from pathlib import Path

from evalkit.errors import ConfigError, DeliveryError
from evalkit.warehouse import Warehouse, open_warehouse

__all__ = ["is_sealed", "refuse_sealed", "seal"]


def seal(path: Path) -> None:
    """Write the warehouse anew without the vault: without pseudonyms, and without the text of rows set aside.

    Evaluations go on; no further delivery can be taken in, because nobody would be recognised in it. The new file takes
    the place of the old one only when it is whole. What a disk keeps of deleted files is for the disk's encryption to
    protect.

    Parameters
    ----------
    path : Path
        The warehouse file.

    Raises
    ------
    ConfigError
        When there is no such file.
    ModelError
        When it cannot be opened, most often because a run is using it.
    """
    if not path.is_file():
        raise ConfigError(f"{path}: there is no warehouse.", hint="Name the output folder of a run.")
    coming = path.with_name(f".{path.name}.sealing")
    coming.unlink(missing_ok=True)
    with open_warehouse(path) as warehouse:
        warehouse.copy_to(coming, without=("vault",))
        views = warehouse.fetch("SELECT sql FROM duckdb_views() WHERE schema_name = 'delivered' ORDER BY view_name")
    with open_warehouse(coming) as warehouse:
        for view in views.get_column("sql"):
            warehouse.execute(view)
        warehouse.execute("CREATE OR REPLACE TABLE meta.sealed AS SELECT TRUE AS sealed")
    coming.replace(path)
    for name in (path.name, coming.name):
        _remove_spilled(path.with_name(f"{name}.tmp"))


def is_sealed(warehouse: Warehouse) -> bool:
    """Tell whether a warehouse has been sealed.

    Parameters
    ----------
    warehouse : Warehouse
        The warehouse.

    Returns
    -------
    bool
        True when its pseudonyms are gone.
    """
    return warehouse.has_table("meta.sealed")


def refuse_sealed(warehouse: Warehouse, layout: str) -> None:
    """Refuse a delivery into a sealed warehouse.

    Parameters
    ----------
    warehouse : Warehouse
        The warehouse.
    layout : str
        What is to be taken in.

    Raises
    ------
    DeliveryError
        When it is sealed.
    """
    if is_sealed(warehouse):
        raise DeliveryError(
            f"extract {layout}: the warehouse is sealed, so nobody in a new delivery would be recognised.",
            hint="Take all extracts in anew, with another output folder.",
        )


def _remove_spilled(folder: Path) -> None:
    """Remove what DuckDB put on the disk for want of memory; it leaves that behind when a run is killed."""
    if folder.is_dir():
        shutil.rmtree(folder)
