"""evalkit: register extracts in, an evaluation that people can act on out.

Six lines take a study to a curve and to what may leave::

    import evalkit as ek

    study = ek.load_study("study.toml")
    evaluation = ek.evaluate(study)
    evaluation["curve"].plot()
    ek.release(evaluation["risk"], ek.load_policy("standard")).tidy()
"""

from importlib.metadata import version

from evalkit.api import RunSummary, demo, publish, run, synth
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
    "demo",
    "evaluate",
    "load_policy",
    "load_study",
    "publish",
    "release",
    "run",
    "synth",
]
