"""Builds the models: in order, with parameters, and only where something changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evalkit.errors import ModelError
from evalkit.warehouse.engine import MACROS_FINGERPRINT, Warehouse
from evalkit.warehouse.models import Model

__all__ = ["ModelRun", "build"]

Progress = Callable[[str], None]


@dataclass(frozen=True)
class ModelRun:
    """What building one model came to.

    Parameters
    ----------
    name : str
        The model.
    fingerprint : str
        Of its SQL, its parameters and all that it reads.
    n_rows : int
        Rows of the table.
    skipped : bool
        True when the table was already what it would have become.
    """

    name: str
    fingerprint: str
    n_rows: int
    skipped: bool


def build(
    warehouse: Warehouse,
    models: Sequence[Model],
    *,
    parameters: Mapping[str, object],
    sources: Mapping[str, str],
    progress: Progress | None = None,
) -> tuple[ModelRun, ...]:
    """Build models in the order given; skip those that have not changed.

    Parameters
    ----------
    warehouse : Warehouse
        Where the tables are made.
    models : sequence of Model
        Ordered, see :func:`evalkit.warehouse.load_models`.
    parameters : mapping of str to object
        Values of all ``$parameters``.
    sources : mapping of str to str
        Fingerprints of tables that no model here builds, ``{"staging.krin": "…"}``.
    progress : callable, optional
        Called with each model's name before it is built.

    Returns
    -------
    tuple of ModelRun
        One a model, in the same order.

    Raises
    ------
    ModelError
        When a parameter or a table is missing, or the database refuses a model.
    """
    warehouse.execute("CREATE TABLE IF NOT EXISTS meta.model (name VARCHAR, fingerprint VARCHAR, n_rows BIGINT)")
    known = dict(sources)
    runs = []
    for model in models:
        if progress:
            progress(model.name)
        fingerprint = _fingerprint(model, parameters, known)
        runs.append(_build_one(warehouse, model, parameters, fingerprint))
        known[model.name] = fingerprint
    return tuple(runs)


def _fingerprint(model: Model, parameters: Mapping[str, object], known: Mapping[str, str]) -> str:
    missing = [name for name in model.parameters if name not in parameters]
    if missing:
        raise ModelError(f"{model.name}: no value for the parameters {', '.join(missing)}.")
    unknown = [name for name in model.reads if name not in known]
    if unknown:
        raise ModelError(f"{model.name}: it reads {', '.join(unknown)}, which nothing builds.")
    parts = {
        "sql": model.text_fingerprint,
        "macros": MACROS_FINGERPRINT,
        "parameters": {name: str(parameters[name]) for name in model.parameters},
        "reads": {name: known[name] for name in model.reads},
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]


def _build_one(warehouse: Warehouse, model: Model, parameters: Mapping[str, object], fingerprint: str) -> ModelRun:
    found = warehouse.fetch(
        "SELECT n_rows FROM meta.model WHERE name = $name AND fingerprint = $fingerprint",
        {"name": model.name, "fingerprint": fingerprint},
    )
    if found.height and warehouse.has_table(model.name):
        return ModelRun(model.name, fingerprint, int(found.item()), skipped=True)
    schema, table = model.name.split(".")
    values = {name: parameters[name] for name in model.parameters}
    with warehouse.transaction():
        try:
            warehouse.execute(f'CREATE OR REPLACE TABLE "{schema}"."{table}" AS {model.sql}', values)
        except ModelError as error:
            raise ModelError(f"{model.name}: {error}") from None
        n_rows = warehouse.count(model.name)
        warehouse.execute("DELETE FROM meta.model WHERE name = $name", {"name": model.name})
        warehouse.execute(
            "INSERT INTO meta.model VALUES ($name, $fingerprint, $n_rows)",
            {"name": model.name, "fingerprint": fingerprint, "n_rows": n_rows},
        )
    return ModelRun(model.name, fingerprint, n_rows, skipped=False)
