"""Named edge-case people: register rows written by hand, with what a study must make of each."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from evalkit.config import Definition, read_toml
from evalkit.errors import ConfigError
from evalkit.shipped import shipped

__all__ = ["Character", "Characters", "load_characters", "write_characters"]

_TOLD = ("name", "about", "stays", "cohort", "left_out", "outcome")


class Character(Definition):
    """One person.

    Parameters
    ----------
    name : str
        What is easy to get wrong; also the pseudonym in the extracts.
    about : str
        What happened, and what must come of it.
    rows : dict of str to tuple of str
        Layout to rows, one word a column; ``-`` is blank.
    stays : tuple of str
        Start, stop, kind and way of release of each stay, in order.
    cohort : str
        Arm and index date; empty when the person is not in the study.
    left_out : str
        The eligibility step that leaves the person out; empty for those who are in, or were not released at all.
    outcome : str
        What came first, and on which day.
    """

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    about: str
    rows: dict[str, tuple[str, ...]]
    stays: tuple[str, ...] = ()
    cohort: str = ""
    left_out: str = ""
    outcome: str = ""

    @model_validator(mode="before")
    @classmethod
    def _registers_are_rows(cls, told: dict[str, Any]) -> dict[str, Any]:
        rows = {key: value for key, value in told.items() if key not in _TOLD}
        return {**{key: value for key, value in told.items() if key in _TOLD}, "rows": rows}


class Characters(Definition):
    """All of them, and how their rows are to be read.

    Parameters
    ----------
    columns : dict of str to str
        Layout to its columns, in the order of the rows' words.
    constants : dict of str to dict
        Layout to columns that are the same in all rows.
    everybody : dict of str to tuple of str
        Layout to the rows of whoever has none of their own in it.
    characters : tuple of Character
        The people.
    """

    columns: dict[str, str]
    constants: dict[str, dict[str, str]]
    everybody: dict[str, tuple[str, ...]]
    characters: tuple[Character, ...] = Field(alias="character")

    def register(self, layout: str) -> list[dict[str, str]]:
        """Write one register's rows.

        Parameters
        ----------
        layout : str
            The layout's name.

        Returns
        -------
        list of dict of str to str
            Column to cell, the pseudonym first.

        Raises
        ------
        ConfigError
            When a row has another number of words than the register has columns.
        """
        names = self.columns[layout].split()
        found = []
        for one in self.characters:
            for row in one.rows.get(layout, self.everybody.get(layout, ())):
                cells = ["" if cell == "-" else cell for cell in row.split()]
                if len(cells) != len(names):
                    raise ConfigError(
                        f"character {one.name}: a row of {layout} has {len(cells)} words, not {len(names)}."
                    )
                found.append(
                    {"PNR": one.name, **dict(zip(names, cells, strict=True)), **self.constants.get(layout, {})}
                )
        return found


def load_characters() -> Characters:
    """Read the shipped characters.

    Returns
    -------
    Characters
        In the order of the file.
    """
    return Characters.model_validate(read_toml(shipped("synthetic_data") / "characters.toml"))


def write_characters(folder: Path, characters: Characters) -> Mapping[str, int]:
    """Write the characters' extracts, a CSV file a register.

    Parameters
    ----------
    folder : Path
        Where the files go; made when it is not there.
    characters : Characters
        See :func:`load_characters`.

    Returns
    -------
    mapping of str to int
        Layout to its number of rows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for layout in characters.columns:
        rows = characters.register(layout)
        columns = ["PNR", *characters.columns[layout].split(), *characters.constants.get(layout, {})]
        with (folder / f"{layout}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
        counts[layout] = len(rows)
    return counts
