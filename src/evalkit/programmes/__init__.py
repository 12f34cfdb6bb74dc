"""Programmes as their documents describe them: one TOML file each, every number with its quote."""

from evalkit.programmes.collaboration import CollaborationModels, collaboration_models
from evalkit.programmes.definition import ProgrammeDefinition
from evalkit.programmes.findings import Finding, Found, findings
from evalkit.programmes.indicator import IndicatorDefinition
from evalkit.programmes.new_study import write_study
from evalkit.programmes.seen import CASE_LISTS, Seen, case_list, programme_models, programme_parameters
from evalkit.programmes.shipped_programmes import PROGRAMMES, load_programme

__all__ = [
    "CASE_LISTS",
    "PROGRAMMES",
    "CollaborationModels",
    "Finding",
    "Found",
    "IndicatorDefinition",
    "ProgrammeDefinition",
    "Seen",
    "case_list",
    "collaboration_models",
    "findings",
    "load_programme",
    "programme_models",
    "programme_parameters",
    "write_study",
]
