"""Which files of a delivery hold which register."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from evalkit.config import Definition
from evalkit.registers.contracts.contract import Severity

__all__ = ["ExtractSpec", "RuleChoice"]


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
    code_lists: dict[str, str] = Field(default_factory=dict)
    rules: dict[str, RuleChoice] = Field(default_factory=dict)
    event_codes: tuple[str, ...] = ("1",)
    censored_codes: tuple[str, ...] = ("0",)
    covariates: tuple[str, ...] = ()
