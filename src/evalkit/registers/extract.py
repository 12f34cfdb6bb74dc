"""Which file of a delivery holds which register."""

from __future__ import annotations

from pydantic import Field

from evalkit.config import Definition

__all__ = ["ExtractSpec"]


class ExtractSpec(Definition):
    """One extract of a study: a layout and the file that is delivered in it.

    Parameters
    ----------
    layout : str
        The layout's name: the stem of its two files in ``sql/staging``.
    path : str
        The file, relative to the study file; or ``package:<package>/<path>`` for a data set that an installed
        Python package brings.
    columns : dict of str to str
        Layout column to column in the file, where the names differ. Case does not matter.
    event_codes : tuple of str
        For layouts with an event column: its values that mean that the event happened.
    censored_codes : tuple of str
        Its values that mean that it did not happen; any other value is unknown, and the row is set aside.
    covariates : tuple of str
        For layouts with covariates: the file's columns to keep as covariates.
    """

    layout: str
    path: str
    columns: dict[str, str] = Field(default_factory=dict)
    event_codes: tuple[str, ...] = ("1",)
    censored_codes: tuple[str, ...] = ("0",)
    covariates: tuple[str, ...] = ()
