"""A scenario: one made-up world, read from TOML, whose planted numbers an evaluation should find again."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, PositiveFloat

from evalkit.config import Definition, Text, parse, read_toml
from evalkit.errors import ConfigError
from evalkit.shipped import shipped
from evalkit.synthetic.models import (
    Calendar,
    Courts,
    Custody,
    Geography,
    Labour,
    Offending,
    People,
    Plans,
    Programme,
    Reoffending,
    Traps,
)

__all__ = ["Scenario", "load_scenario"]


class Scenario(Definition):
    """Everything that :func:`evalkit.synthetic.write_extracts` needs besides the number of persons and the seed.

    Parameters
    ----------
    name : str
        Machine name.
    title : Text
        For readers.
    calendar, geography, people, reoffending, offending, courts, custody, programme, plans, labour, traps : Definition
        The topics of the made-up world.
    municipalities : tuple
        Code, name and inhabitants in thousands of every municipality.
    """

    name: str
    title: Text
    calendar: Calendar
    geography: Geography
    people: People
    reoffending: Reoffending
    offending: Offending
    courts: Courts
    custody: Custody
    programme: Programme
    plans: Plans
    labour: Labour
    traps: Traps
    municipalities: tuple[tuple[str, str, PositiveFloat], ...] = Field(min_length=3)

    @property
    def municipality_codes(self) -> tuple[str, ...]:
        """The municipalities' codes, in the order of `municipalities`."""
        return tuple(code for code, _, _ in self.municipalities)

    @property
    def pilot_indices(self) -> tuple[int, ...]:
        """Places of the pilot municipalities in `municipalities`."""
        return tuple(self.municipality_codes.index(code) for code in self.geography.pilots)


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Read a scenario.

    Parameters
    ----------
    name_or_path : str or Path
        A shipped scenario's name, such as ``"haandholdt_inklusion"``, or a TOML file. A file without a table of
        `municipalities` has the shipped one.

    Returns
    -------
    Scenario
        The scenario.

    Raises
    ------
    ConfigError
        When the file is missing or does not fit.
    """
    path = _find(name_or_path)
    content = read_toml(path)
    content.setdefault("municipalities", read_toml(shipped("synthetic_data") / "municipalities.toml")["municipalities"])
    scenario = parse(Scenario, content, source=path)
    unknown = set(scenario.geography.pilots) - set(scenario.municipality_codes)
    if unknown:
        raise ConfigError(f"{path}: geography.pilots: no municipality has the code {', '.join(sorted(unknown))}.")
    return scenario


def _find(name_or_path: str | Path) -> Path:
    if isinstance(name_or_path, Path) or name_or_path.endswith(".toml"):
        return Path(name_or_path)
    folder = shipped("synthetic_data") / "scenarios"
    path = folder / f"{name_or_path}.toml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.toml")))
        raise ConfigError(f"{name_or_path}: there is no such scenario.", hint=f"Shipped are: {known}.")
    return path
