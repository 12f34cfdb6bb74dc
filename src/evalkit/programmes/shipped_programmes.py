"""The shipped programmes, and a study's own."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from evalkit.config import parse, read_toml
from evalkit.errors import ConfigError
from evalkit.programmes.definition import ProgrammeDefinition

__all__ = ["PROGRAMMES", "load_programme"]

PROGRAMMES: tuple[str, ...] = (
    "haandholdt_inklusion",
    "god_loesladelse",
    "jobupdate",
    "juvu",
    "kvp_samordning",
    "exit",
)
"""Names of the shipped programmes, in the order in which they are shown."""


def load_programme(name: str, folder: Path | None = None) -> ProgrammeDefinition:
    """Load a programme.

    Parameters
    ----------
    name : str
        A shipped programme's name, or a TOML file of the study's own.
    folder : Path, optional
        The folder that the file's path is relative to.

    Returns
    -------
    ProgrammeDefinition
        The programme.

    Raises
    ------
    ConfigError
        When there is no such programme, or its file is wrong.

    Examples
    --------
    >>> load_programme("exit").indicator("not_convicted_24_months").threshold
    0.6
    >>> load_programme("haandholdt_inklusion").indicator("plan_continues").threshold is None
    True
    """
    if name in PROGRAMMES:
        path = Path(str(files("evalkit.programmes") / f"{name}.toml"))
    elif folder is not None and name.endswith(".toml"):
        path = folder / name
    else:
        raise ConfigError(
            f"programme: there is none named {name}.", hint=f"One of {', '.join(PROGRAMMES)}, or a TOML file."
        )
    return parse(ProgrammeDefinition, read_toml(path), source=path)
