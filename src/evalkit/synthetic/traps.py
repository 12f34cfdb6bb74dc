"""Rows that real extracts hold and no analysis may use: of persons who cannot be followed, or that cannot be right."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from evalkit.synthetic.days import NEVER
from evalkit.synthetic.models import BrokenKind
from evalkit.synthetic.population import draw_pseudonyms
from evalkit.synthetic.world import World

__all__ = ["IMPOSSIBLE_DATE", "NOT_A_NUMBER", "bad_rows"]

IMPOSSIBLE_DATE: Final = "2017-02-30"
NOT_A_NUMBER: Final = "ukendt"
_MARKS: Final = {"krin": "IND_INRMARK", "krsi": "SIG_INRMARK", "kraf": "AFG_INRMARK"}
_DATES: Final = {"krin": "IND_FGSLDTO", "krsi": "SIG_GER1DTO", "kraf": "AFG_AFGOEDTO", "dod": "DODDATO"}


def bad_rows(layout: str, rng: np.random.Generator, world: World, frame: pl.DataFrame) -> pl.DataFrame:
    """Make the rows of a register that must not be used; they come on top of its good ones.

    Parameters
    ----------
    layout : str
        The register.
    rng : Generator
        Source of chance.
    world : World
        What happened.
    frame : DataFrame
        The register's good rows.

    Returns
    -------
    DataFrame
        Rows with the same columns, all text: those with INRMARK 2 (a third each with no pseudonym, one of their own and
        one of somebody else) and the scenario's broken rows.
    """
    text = frame.clear().cast(pl.String)
    if frame.is_empty():
        return text
    parts = [text]
    if layout in _MARKS:
        parts.append(_not_followable(layout, rng, world, frame))
    kinds = world.scenario.traps.broken_of(layout)
    parts.extend(_broken(layout, kind, _copies(layout, rng, world, frame, number)) for kind, number in kinds.items())
    rows = pl.concat(parts)
    if "JOURNR" not in frame.columns:
        return rows
    # Case numbers of their own: letters other than J.
    number = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(7)
    return rows.with_columns((pl.lit("X" + layout[2].upper()) + number).alias("JOURNR"))


def _copies(layout: str, rng: np.random.Generator, world: World, frame: pl.DataFrame, number: int) -> pl.DataFrame:
    copied = frame[rng.integers(0, frame.height, number)].cast(pl.String)
    if layout != "dod":
        return copied
    # One death a person: these rows are of persons who live.
    living = np.flatnonzero(world.people.is_registered & (world.people.death >= NEVER))
    return copied.with_columns(pl.Series("PNR", world.people.pseudonym[rng.choice(living, number, replace=False)]))


def _not_followable(layout: str, rng: np.random.Generator, world: World, frame: pl.DataFrame) -> pl.DataFrame:
    number = int(np.ceil(world.scenario.traps.not_cpr_rows * frame.height))
    rows = _copies(layout, rng, world, frame, number)
    third = np.arange(number) % 3
    strangers = draw_pseudonyms(rng, number)
    others = world.people.pseudonym[rng.integers(0, world.people.size, number)]
    pseudonyms = np.where(third == 0, "", np.where(third == 1, strangers, others))
    return rows.with_columns(pl.Series("PNR", pseudonyms), pl.lit("2").alias(_MARKS[layout]))


def _broken(layout: str, kind: BrokenKind, rows: pl.DataFrame) -> pl.DataFrame:
    match kind:
        case "impossible_date":
            return rows.with_columns(pl.lit(IMPOSSIBLE_DATE).alias(_DATES[layout]))
        case "release_before_admission":
            admission = pl.col("IND_FGSLDTO").str.to_date()
            return rows.with_columns(admission.dt.offset_by("-10d").cast(pl.String).alias("IND_LOESLDTO"))
        case "missing_pnr":
            return rows.with_columns(pl.lit("").alias("PNR"))
        case "not_a_number":
            return rows.with_columns(pl.lit(NOT_A_NUMBER).alias("AJO_LOENTIMER"))
