"""What is known of a person at baseline, each thing with the day up to which it is read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import Field

from evalkit.config import Definition, Text

__all__ = ["DEFAULT_COVARIATES", "AsOf", "CovariateDefinition", "covariates"]

AsOf = Literal["admission_date", "release_date", "index_date"]

DEFAULT_COVARIATES = (
    "sex",
    "age",
    "origin",
    "release_type",
    "stay_length",
    "prior_decisions_5y",
    "worked_year_before_admission",
)
"""Those of the table of who was followed, where a study does not say."""


class CovariateDefinition(Definition):
    """One thing that is known of a person at baseline.

    Parameters
    ----------
    name : str
        Machine name.
    label : Text
        For readers.
    as_of : {"admission_date", "release_date", "index_date"}
        The day up to which the registers are read, that day not included.
    lookback_months : int, optional
        How far back they are read; a whole life when absent and `since_age_years` is given, else one state.
    since_age_years : int, optional
        For what is counted over a life: the age from which it can happen.
    registers : tuple of str
        Layouts that it is read from.
    levels : dict of str to Text
        Level to its words; empty where the level is a code that readers know, such as a year.
    """

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    label: Text
    as_of: AsOf = "index_date"
    lookback_months: int | None = Field(default=None, ge=1)
    since_age_years: int | None = Field(default=None, ge=0)
    registers: tuple[str, ...]
    levels: dict[str, Text] = Field(default={})


class _Covariates(Definition):
    covariates: tuple[CovariateDefinition, ...] = Field(alias="covariate")


@cache
def covariates() -> Mapping[str, CovariateDefinition]:
    """Return the shipped covariates.

    Returns
    -------
    mapping of str to CovariateDefinition
        By name, in the order of the file.
    """
    path = Path(str(files("evalkit.cohorts") / "covariates.toml"))
    return {one.name: one for one in _Covariates.from_toml(path).covariates}
