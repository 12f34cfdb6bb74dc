"""The database: one file, the models of ``sql/`` and the macros they share."""

from evalkit.warehouse.engine import Warehouse, open_warehouse
from evalkit.warehouse.models import Model, load_models
from evalkit.warehouse.portability import portability_findings
from evalkit.warehouse.runner import ModelRun, build

__all__ = [
    "Model",
    "ModelRun",
    "Warehouse",
    "build",
    "load_models",
    "open_warehouse",
    "portability_findings",
]
