"""SQL models: one file, one SELECT, one table."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlglot
from sqlglot import exp

from evalkit.errors import ModelError

__all__ = ["Model", "in_dependency_order", "load_models"]


@dataclass(frozen=True)
class Model:
    """One SQL file.

    Parameters
    ----------
    name : str
        Layer and noun, ``"core.custody_stay"``; the folder and the file's stem.
    sql : str
        The file's text: one SELECT.
    reads : tuple of str
        The tables it selects from, sorted.
    parameters : tuple of str
        The ``$parameters`` it takes, sorted.
    """

    name: str
    sql: str
    reads: tuple[str, ...]
    parameters: tuple[str, ...]

    @property
    def text_fingerprint(self) -> str:
        """Fingerprint of what the SQL says; comments and white space do not count."""
        said = sqlglot.parse_one(self.sql, dialect="duckdb").sql(dialect="duckdb", comments=False)
        return hashlib.sha256(said.encode()).hexdigest()[:12]


def load_models(root: Path, *, layers: Sequence[str] = ("core", "analysis")) -> tuple[Model, ...]:
    """Read the models of some layers in the order in which they must be built.

    Parameters
    ----------
    root : Path
        The folder that holds a folder for each layer.
    layers : sequence of str
        The layers' names.

    Returns
    -------
    tuple of Model
        Each model after those that it reads.

    Raises
    ------
    ModelError
        When a file is not one SELECT, or models read each other in a circle.
    """
    files = [path for layer in layers for path in sorted((root / layer).glob("*.sql"))]
    return in_dependency_order([read_model(path) for path in files])


def read_model(path: Path) -> Model:
    """Read one model.

    Parameters
    ----------
    path : Path
        ``<layer>/<noun>.sql``.

    Returns
    -------
    Model
        The model.

    Raises
    ------
    ModelError
        When the file is not one SELECT.
    """
    sql = path.read_text(encoding="utf-8")
    name = f"{path.parent.name}.{path.stem}"
    try:
        trees = sqlglot.parse(sql, dialect="duckdb")
    except sqlglot.errors.ParseError as error:
        line = error.errors[0].get("line") if error.errors else "?"
        raise ModelError(f"sql/{path.parent.name}/{path.name}: not valid SQL at line {line}.") from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise ModelError(f"sql/{path.parent.name}/{path.name}: a model is one SELECT.")
    reads = {f"{table.db}.{table.name}" for table in trees[0].find_all(exp.Table) if table.db}
    parameters = set(re.findall(r"\$([a-z_]+)", re.sub(r"--[^\n]*", "", sql)))
    return Model(name, sql, tuple(sorted(reads)), tuple(sorted(parameters)))


def in_dependency_order(models: Sequence[Model]) -> tuple[Model, ...]:
    """Order models so that each comes after those that it reads.

    Parameters
    ----------
    models : sequence of Model
        The models, in any order.

    Returns
    -------
    tuple of Model
        The same models, ordered; ties in the order given.

    Raises
    ------
    ModelError
        When models read each other in a circle.
    """
    waiting = {model.name: model for model in models}
    ordered: list[Model] = []
    while waiting:
        ready = [model for model in waiting.values() if not waiting.keys() & set(model.reads)]
        if not ready:
            raise ModelError(f"{', '.join(sorted(waiting))}: these models read each other in a circle.")
        ordered.extend(waiting.pop(model.name) for model in ready)
    return tuple(ordered)
