"""The release bundle as the report sees it: read once, verified, never changed."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from evalkit.errors import ReportError

__all__ = ["SCHEMA_VERSION", "Bundle", "read_bundle"]

SCHEMA_VERSION = 1
_HINT = "Build the bundle again with `evalkit run`."


@dataclass(frozen=True)
class Bundle:
    """What was released: tables without person rows, and where they come from.

    Parameters
    ----------
    folder : Path
        The bundle's folder.
    manifest : mapping
        The content of ``manifest.json``.
    """

    folder: Path
    manifest: Mapping[str, Any]
    _tables: Mapping[str, pl.DataFrame] = field(repr=False)

    @property
    def study(self) -> Mapping[str, Any]:
        """The study: name, title, arms, horizon, labels."""
        return self._section("study")

    @property
    def definitions(self) -> Mapping[str, Any]:
        """Every definition that the numbers rest on, in reading order."""
        return self._section("definitions")

    @property
    def policy(self) -> Mapping[str, Any]:
        """The disclosure policy that the tables went through."""
        return self._section("policy")

    @property
    def provenance(self) -> Mapping[str, Any]:
        """Version, vintage, SQL models and seed."""
        return self._section("provenance")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tables, in the manifest's order."""
        return tuple(self._tables)

    def has(self, name: str) -> bool:
        """Say whether the bundle has a table with at least one row.

        Parameters
        ----------
        name : str
            The table's name.

        Returns
        -------
        bool
            False when the table is absent or empty.
        """
        return name in self._tables and self._tables[name].height > 0

    def table(self, name: str) -> pl.DataFrame:
        """Return one table.

        Parameters
        ----------
        name : str
            The table's name, ``"risk"``.

        Returns
        -------
        DataFrame
            As released: a suppressed value is null, and its ``<column>_status`` says why.

        Raises
        ------
        ReportError
            When the bundle has no such table.
        """
        if name not in self._tables:
            held = ", ".join(self._tables) or "none"
            raise ReportError(f"The bundle has no table {name!r}; it has: {held}.", hint=_HINT)
        return self._tables[name]

    def _section(self, name: str) -> Mapping[str, Any]:
        section = self.manifest.get(name, {})
        return section if isinstance(section, Mapping) else {}


def read_bundle(folder: Path | str) -> Bundle:
    """Read a release bundle and verify that it is whole.

    Parameters
    ----------
    folder : Path or str
        The folder that holds ``manifest.json`` and ``tables/``.

    Returns
    -------
    Bundle
        Frozen; nothing else is read later.

    Raises
    ------
    ReportError
        When the manifest is missing, is not JSON, has another schema version, or a table is missing or is not the one
        that was released.
    """
    folder = Path(folder)
    manifest = _read_manifest(folder / "manifest.json")
    listed = manifest.get("tables")
    if not isinstance(listed, Mapping):
        raise ReportError(f"{folder}: the manifest lists no tables.", hint=_HINT)
    tables = {str(name): _read_table(folder, str(name), entry) for name, entry in listed.items()}
    return Bundle(folder, MappingProxyType(manifest), MappingProxyType(tables))


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise ReportError(f"{path}: there is no release bundle here.", hint=_HINT) from None
    except ValueError:
        raise ReportError(f"{path}: this is not a JSON file.", hint=_HINT) from None
    version = manifest.get("schema") if isinstance(manifest, dict) else None
    if version != SCHEMA_VERSION:
        raise ReportError(f"{path}: schema version {version!r}; this evalkit reads {SCHEMA_VERSION}.", hint=_HINT)
    return dict(manifest)


def _read_table(folder: Path, name: str, entry: object) -> pl.DataFrame:
    path = folder / "tables" / f"{name}.parquet"
    try:
        content = path.read_bytes()
    except OSError:
        raise ReportError(f"{path}: the manifest lists this table, but it is not there.", hint=_HINT) from None
    expected = entry.get("sha256") if isinstance(entry, Mapping) else None
    if hashlib.sha256(content).hexdigest() != expected:
        raise ReportError(f"{path}: this is not the table that was released (sha256 differs).", hint=_HINT)
    try:
        return pl.read_parquet(io.BytesIO(content))
    except (pl.exceptions.PolarsError, OSError):
        raise ReportError(f"{path}: this is not a Parquet file.", hint=_HINT) from None
