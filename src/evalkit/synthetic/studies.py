"""A shipped programme's study on synthetic registers: the extracts of its scenario, and its study file beside them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from evalkit.config import read_toml
from evalkit.errors import ConfigError
from evalkit.programmes import PROGRAMMES
from evalkit.shipped import shipped
from evalkit.synthetic.extracts import write_extracts
from evalkit.synthetic.scenario import load_scenario

__all__ = ["write_synthetic_study"]


def write_synthetic_study(
    folder: Path, programme: str, *, n_persons: int, seed: int, language: str, progress: Callable[[str], None]
) -> Path:
    """Write the extracts of a programme's scenario, their truth, and the programme's study file.

    Parameters
    ----------
    folder : Path
        Gets ``extracts/``, ``truth.json`` and ``study.toml``.
    programme : str
        A shipped programme's name.
    n_persons, seed : int
        See :func:`~evalkit.synthetic.write_extracts`.
    language : {"da", "en"}
        The study's language.
    progress : callable
        Told what is being drawn or written.

    Returns
    -------
    Path
        The study file.

    Raises
    ------
    ConfigError
        When there is no such programme, or the folder holds something else.
    """
    if programme not in PROGRAMMES:
        raise ConfigError(f"There is no programme {programme}.", hint=f"One of {', '.join(PROGRAMMES)}.")
    if folder.is_dir() and any(folder.iterdir()) and not _holds(folder, programme):
        raise ConfigError(f"{folder}: this folder holds something else.", hint="Name another with --output.")
    scenario = load_scenario(programme)
    folder.mkdir(parents=True, exist_ok=True)
    write_extracts(folder / "extracts", scenario, n_persons=n_persons, seed=seed, progress=progress)
    text = (shipped("reports") / programme / "study.toml").read_text(encoding="utf-8")
    text = text.replace("synthetic = false", "synthetic = true")
    text = text.replace('language = "da"', f'language = "{language}"')
    study_file = folder / "study.toml"
    study_file.write_text(text, encoding="utf-8")
    return study_file


def _holds(folder: Path, programme: str) -> bool:
    """Say whether the folder is an earlier one of the same programme: anything else may be somebody's own."""
    study_file = folder / "study.toml"
    if not study_file.is_file():
        return False
    study = read_toml(study_file).get("study", {})
    return study.get("programme") == programme and study.get("synthetic") is True
