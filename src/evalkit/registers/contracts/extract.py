"""Which files of a delivery hold which register."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator

from evalkit.config import Definition
from evalkit.errors import LayoutError
from evalkit.registers.contracts.contract import Severity

__all__ = ["ExtractSpec", "FromFileName", "RuleChoice"]


def _as_several(value: Any) -> Any:  # noqa: ANN401 - what TOML holds
    return (value,) if isinstance(value, str) else value


class RuleChoice(Definition):
    """What a study decides about a rule of a contract.

    Parameters
    ----------
    severity : {"warn", "quarantine", "fail"}, optional
        What happens to rows that break it; the contract's own when absent.
    max_share : float, optional
        Most rows of a register that may break it; the contract's own when absent.
    """

    severity: Severity | None = None
    max_share: float | None = Field(default=None, ge=0.0, le=1.0)


class FromFileName(Definition):
    r"""A value that stands in the name of each file.

    Parameters
    ----------
    file_name : str
        Regular expression with one group, which is the value: ``akm(\d{4})``.
    """

    file_name: str

    @field_validator("file_name")
    @classmethod
    def _has_one_group(cls, pattern: str) -> str:
        try:
            n_groups = re.compile(pattern).groups
        except re.error:
            raise ValueError("this is no regular expression") from None
        if n_groups != 1:
            raise ValueError(f"one group in round brackets says the value; there are {n_groups}")
        return pattern


class ExtractSpec(Definition):
    """One register of a study: a layout and the files that are delivered in it.

    Parameters
    ----------
    layout : str
        The layout's name: the stem of its two files in ``sql/staging``.
    path : str, or several
        The files, relative to the study file. ``*`` and ``?`` stand for any letters and any letter, so that one
        register can lie in many files (``krin*.sas7bdat``). Or ``package:<package>/<path>`` for a data set that an
        installed Python package brings.
    vintage : date, optional
        The files are complete before this day; the study's own vintage when absent.
    columns : dict of str to str
        Layout column to column in the file, where the names differ. Case does not matter.
    values : dict of str to str or FromFileName
        Layout column that no file has to its value in all rows, or to where the name of each file says it: the year of
        registers that come as one file a year.
    code_lists : dict of str to str
        Code list of the layout to a TOML file, relative to the study file, that stands in its place.
    rules : dict of str to RuleChoice
        Rule of the layout to what the study decides about it.
    event_codes : tuple of str
        For layouts with an event column: its values that mean that the event happened.
    censored_codes : tuple of str
        Its values that mean that it did not happen; any other value is unknown, and the row is set aside.
    covariates : tuple of str
        For layouts with covariates: the file's columns to keep as covariates.
    """

    layout: str
    path: Annotated[tuple[str, ...], BeforeValidator(_as_several), Field(min_length=1)]
    vintage: date | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    values: dict[str, str | FromFileName] = Field(default_factory=dict)
    code_lists: dict[str, str] = Field(default_factory=dict)
    rules: dict[str, RuleChoice] = Field(default_factory=dict)
    event_codes: tuple[str, ...] = ("1",)
    censored_codes: tuple[str, ...] = ("0",)
    covariates: tuple[str, ...] = ()

    def values_of(self, file_name: str) -> dict[str, str]:
        r"""Return the values that all rows of a file have.

        Parameters
        ----------
        file_name : str
            The file's name.

        Returns
        -------
        dict of str to str
            By column.

        Raises
        ------
        LayoutError
            When the name does not say a value that it should say.

        Examples
        --------
        >>> spec = ExtractSpec(layout="akm", path=("akm*",), values={"AAR": FromFileName(file_name=r"akm(\d{4})")})
        >>> spec.values_of("akm2019.csv")
        {'AAR': '2019'}
        """
        return {
            column: said if isinstance(said, str) else self._found(column, said.file_name, file_name)
            for column, said in self.values.items()
        }

    def _found(self, column: str, pattern: str, file_name: str) -> str:
        found = re.search(pattern, file_name)
        if found is None or not found[1]:
            raise LayoutError(
                f"extract {self.layout}: the name of the file {file_name} does not say {column} ({pattern}).",
                hint="Rename the file, or change extract.values in the study file.",
            )
        return found[1]
