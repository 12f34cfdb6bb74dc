"""A scenario: one made-up world, read from TOML, whose planted numbers an evaluation should find again."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, PositiveFloat, model_validator

from evalkit.config import Definition, Text, parse, read_toml
from evalkit.errors import ConfigError
from evalkit.shipped import shipped
from evalkit.synthetic.exit_scenario import ExitPlan
from evalkit.synthetic.models import (
    Calendar,
    Courts,
    Custody,
    Geography,
    JobUpdate,
    Labour,
    Offending,
    People,
    Plans,
    Programme,
    ReleaseWork,
    Reoffending,
    Traps,
)
from evalkit.synthetic.norway_scenario import NorwayPlan

__all__ = ["Scenario", "load_scenario"]


class Scenario(Definition):
    """Everything that :func:`evalkit.synthetic.write_extracts` needs besides the number of persons and the seed.

    Parameters
    ----------
    name : str
        Machine name.
    title : Text
        For readers.
    kind : {"registers", "exit", "jobupdate", "norway"}
        What is made up: Danish registers, the same with the Exit programme in them, JobUpdate's list of referrals, or
        Norwegian registers. The last three need their table, of the same name.
    extracts : tuple of str
        The layouts that are written; empty for all those of the kind.
    calendar, geography, people, reoffending, offending, courts, custody : Definition
        The topics of the made-up world: where and when, who, what they do and what is done with them.
    programme, release_work, plans, labour, traps : Definition
        More topics: what helps them, and what is difficult in the registers.
    jobupdate : JobUpdate, optional
        JobUpdate's list of referrals, where that is the kind.
    municipalities : tuple
        Code, name and inhabitants in thousands of every municipality.
    exit : ExitPlan, optional
        The Exit programme.
    norway : NorwayPlan, optional
        Prisons and the qualification programme in Norway.
    """

    name: str
    title: Text
    kind: Literal["registers", "exit", "jobupdate", "norway"] = "registers"
    extracts: tuple[str, ...] = ()
    calendar: Calendar
    geography: Geography
    people: People
    reoffending: Reoffending
    offending: Offending
    courts: Courts
    custody: Custody
    programme: Programme
    release_work: ReleaseWork
    plans: Plans
    labour: Labour
    traps: Traps
    jobupdate: JobUpdate | None = None
    municipalities: tuple[tuple[str, str, PositiveFloat], ...] = Field(min_length=3)
    exit: ExitPlan | None = None
    norway: NorwayPlan | None = None

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        if self.kind != "registers" and getattr(self, self.kind) is None:
            raise ValueError(f"a scenario of kind {self.kind} needs a table {self.kind}")
        return self

    @property
    def label(self) -> str:
        """Name and fingerprint, as the truth says them."""
        return f"{self.name}@{self.fingerprint}"

    @property
    def municipality_codes(self) -> tuple[str, ...]:
        """The municipalities' codes, in the order of `municipalities`."""
        return tuple(code for code, _, _ in self.municipalities)

    @property
    def stay_kinds(self) -> tuple[int, ...]:
        """The kinds of stays that the programme is for, as numbers."""
        return tuple(("remand", "remand_serving", "serving").index(name) for name in self.programme.stays)

    @property
    def pilot_indices(self) -> tuple[int, ...]:
        """Places of the pilot municipalities in `municipalities`."""
        return tuple(self.municipality_codes.index(code) for code in self.geography.pilots)


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Read a scenario.

    Parameters
    ----------
    name_or_path : str or Path
        A shipped scenario's name, such as ``"haandholdt_inklusion"``, or a TOML file. A file that is ``based_on`` a
        shipped scenario says only what it changes, key by key. A file without `municipalities` has the shipped ones.

    Returns
    -------
    Scenario
        The scenario.

    Raises
    ------
    ConfigError
        When the file or what it is based on is missing, or it does not fit.
    """
    path = _find(name_or_path)
    content = _whole(read_toml(path), path)
    content.setdefault("municipalities", read_toml(shipped("synthetic_data") / "municipalities.toml")["municipalities"])
    scenario = parse(Scenario, content, source=path)
    unknown = set(scenario.geography.pilots) - set(scenario.municipality_codes)
    if unknown:
        raise ConfigError(f"{path}: geography.pilots: no municipality has the code {', '.join(sorted(unknown))}.")
    return scenario


def _find(name_or_path: str | Path) -> Path:
    if isinstance(name_or_path, Path) or name_or_path.endswith(".toml"):
        return Path(name_or_path)
    path = _shipped_scenarios() / f"{name_or_path}.toml"
    if not path.is_file():
        raise ConfigError(f"{name_or_path}: there is no such scenario.", hint=_known())
    return path


def _whole(content: dict[str, Any], path: Path) -> dict[str, Any]:
    """Put the file's tables over those of the scenario that it is based on."""
    base = content.pop("based_on", None)
    if base is None:
        return content
    beneath = _shipped_scenarios() / f"{base}.toml"
    if not beneath.is_file():
        raise ConfigError(f"{path}: based_on: there is no scenario {base}.", hint=_known())
    below = read_toml(beneath)
    if "based_on" in below:
        raise ConfigError(f"{path}: based_on: {base} is itself based on another.", hint="Name one that stands alone.")
    return _over(below, content)


def _over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = below | above
    for key in below.keys() & above.keys():
        if isinstance(below[key], dict) and isinstance(above[key], dict):
            merged[key] = _over(below[key], above[key])
    return merged


def _shipped_scenarios() -> Path:
    return shipped("synthetic_data") / "scenarios"


def _known() -> str:
    return f"Shipped are: {', '.join(sorted(file.stem for file in _shipped_scenarios().glob('*.toml')))}."
