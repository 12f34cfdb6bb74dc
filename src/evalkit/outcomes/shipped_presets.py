"""The shipped definitions, and a study's own: a preset with what the study changes in it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from evalkit.config import parse, read_toml
from evalkit.errors import ConfigError
from evalkit.outcomes.definition import OutcomeDefinition

__all__ = ["PRESETS", "load_outcome", "outcome_of"]

PRESETS: tuple[str, ...] = (
    "dst_two_year",
    "kriminalforsorgen",
    "retur",
    "exit_2012",
    "moj_proven",
    "bra_preliminary",
    "bra",
    "charge",
    "ssb_recharge",
    "new_custody",
)
"""Names of the shipped definitions, in the order in which they are shown."""


def load_outcome(
    name: str, changes: Mapping[str, Any] | None = None, *, source: Path | None = None
) -> OutcomeDefinition:
    """Load a shipped preset, with what a study changes in it.

    Parameters
    ----------
    name : str
        The preset's name, ``"dst_two_year"``.
    changes : mapping of str to object, optional
        Field to value, as they stand under ``[outcome]`` in a study file. A table takes the place of the whole field.
    source : Path, optional
        The file that the changes stand in, for the message.

    Returns
    -------
    OutcomeDefinition
        The definition; `preset` names what it began from where something was changed.

    Raises
    ------
    ConfigError
        When there is no such preset, or a change does not fit.
    """
    if name not in PRESETS:
        raise ConfigError(
            f"outcome: there is no preset named {name}.", hint=f"One of {', '.join(PRESETS)}, or [outcome] in full."
        )
    path = Path(str(files("evalkit.outcomes") / "presets" / f"{name}.toml"))
    if not changes:
        return OutcomeDefinition.from_toml(path)
    return parse(OutcomeDefinition, {**read_toml(path), "preset": name, **changes}, source=source or path)


def outcome_of(choice: str | Mapping[str, Any], *, source: Path) -> OutcomeDefinition:
    """Return the outcome that a study file asks for.

    Parameters
    ----------
    choice : str or mapping
        ``outcome = "dst_two_year"``, or the table ``[outcome]``: a `preset` with what is changed in it, or a whole
        definition.
    source : Path
        The study file, for the message.

    Returns
    -------
    OutcomeDefinition
        The definition.

    Raises
    ------
    ConfigError
        When there is no such preset, or the table does not fit.
    """
    if isinstance(choice, str):
        return load_outcome(choice)
    changes = dict(choice)
    preset = changes.pop("preset", None)
    if preset is None:
        return parse(OutcomeDefinition, changes, source=source)
    return load_outcome(str(preset), changes, source=source)
