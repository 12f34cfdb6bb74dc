"""Programmes as their documents describe them: one TOML file each, every number with its quote."""

from evalkit.programmes.collaboration import (
    Agreement,
    CollaborationModels,
    collaboration_models,
    with_collaboration_model,
)
from evalkit.programmes.definition import ProgrammeDefinition
from evalkit.programmes.indicator import IndicatorDefinition
from evalkit.programmes.shipped_programmes import PROGRAMMES, load_programme

__all__ = [
    "PROGRAMMES",
    "Agreement",
    "CollaborationModels",
    "IndicatorDefinition",
    "ProgrammeDefinition",
    "collaboration_models",
    "load_programme",
    "with_collaboration_model",
]
