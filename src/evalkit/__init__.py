"""evalkit: register extracts in, an evaluation that people can act on out.

Six lines take a study to a curve and to what may leave::

    import evalkit as ek

    study = ek.load_study("study.toml")
    evaluation = ek.evaluate(study)
    evaluation["curve"].plot()
    ek.release(evaluation["risk"], ek.load_policy("standard")).tidy()
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evalkit.api import RunSummary, definition_panel, demo, explain, publish, run, synth
    from evalkit.disclosure import load_policy, release
    from evalkit.evaluation import Evaluation, evaluate
    from evalkit.study import Study, StudyDefinition, load_study

__version__ = version("evalkit")

__all__ = [
    "Evaluation",
    "RunSummary",
    "Study",
    "StudyDefinition",
    "__version__",
    "definition_panel",
    "demo",
    "evaluate",
    "explain",
    "load_policy",
    "load_study",
    "publish",
    "release",
    "run",
    "synth",
]

# Looked up when first used: a part of evalkit then starts without the others, such as the ingest without the figures.
_HOMES = {
    "evalkit.api": ("RunSummary", "definition_panel", "demo", "explain", "publish", "run", "synth"),
    "evalkit.disclosure": ("load_policy", "release"),
    "evalkit.evaluation": ("Evaluation", "evaluate"),
    "evalkit.study": ("Study", "StudyDefinition", "load_study"),
}


def __getattr__(name: str) -> object:
    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
