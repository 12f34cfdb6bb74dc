"""The database: one file, the models of ``sql/`` and the macros they share."""

from evalkit.warehouse.engine import KEY_VARIABLE, Warehouse, can_encrypt, open_warehouse
from evalkit.warehouse.models import Model, load_models
from evalkit.warehouse.portability import portability_findings
from evalkit.warehouse.runner import ModelRun, build

__all__ = [
    "KEY_VARIABLE",
    "Model",
    "ModelRun",
    "Warehouse",
    "build",
    "can_encrypt",
    "load_models",
    "open_warehouse",
    "portability_findings",
]
