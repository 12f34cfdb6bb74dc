"""The made-up registers as they stood on an earlier day: what came later is not there, what ended later is open."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl

from evalkit.registers.contracts.matching import period_of

__all__ = ["as_known_on", "read_extract", "write_extract"]

# What dates a row. Education and benefits come as one row a person, whatever the day.
_DATED_BY = {
    "bef": "REFERENCETID",
    "bfl": "AJO_JOB_SLUT_DATO",
    "dod": "DODDATO",
    "handleplan": "OPRETTET_DATO",
    "kontakt": "KONTAKT_DATO",
    "kotre": "ELEV3_VFRA",
    "kraf": "AFG_AFGOEDTO",
    "krin": "IND_FGSLDTO",
    "krsi": "SIG_SIGTDTO",
    "planaktivitet": "PLANLAGT_DATO",
    "tilbud": "TILBUDT_DATO",
    "vnds": "HAEND_DATO",
}
# Dates that come after the row's own, with what is written with them, as they are while they are yet to come.
_LATER: dict[str, dict[str, dict[str, str | None]]] = {
    "krin": {"IND_LOESLDTO": {"IND_LOESLDTO": "1599-12-31", "IND_LOESLKOD": "0"}},
    "kotre": {"ELEV3_VTIL": {"ELEV3_VTIL": None, "AFG_ART": None}},
    "handleplan": {"AFSLUTTET_DATO": {"AFSLUTTET_DATO": None}},
    "planaktivitet": {
        "BEGYNDT_DATO": {"BEGYNDT_DATO": None},
        "SLUT_DATO": {"SLUT_DATO": None, "SLUT_AARSAG": None},
    },
    "tilbud": {
        "INDSKREVET_DATO": {"INDSKREVET_DATO": None},
        "UDSKREVET_DATO": {"UDSKREVET_DATO": None, "UDSKREVET_AARSAG": None},
    },
}
_NEVER = "9999-12-31"


def as_known_on(day: date, extracts: Path, folder: Path) -> None:
    """Write all extracts of a folder to another as a delivery complete before a day would have them."""
    for path in sorted(extracts.glob("*.csv")):
        write_extract(_known(read_extract(path), path.stem, str(day)), folder / path.name)


def read_extract(path: Path) -> pl.DataFrame:
    """Read an extract as text."""
    return pl.read_csv(path, infer_schema=False)


def write_extract(frame: pl.DataFrame, path: Path) -> None:
    """Write an extract."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_csv(path)


def _known(frame: pl.DataFrame, layout: str, day: str) -> pl.DataFrame:
    if layout in _DATED_BY:
        frame = frame.filter(pl.col(_DATED_BY[layout]).fill_null("") < day)
    for dated, open_then in _LATER.get(layout, {}).items():
        is_later = pl.col(dated).is_between(pl.lit(day), pl.lit(_NEVER), closed="left")
        frame = frame.with_columns(
            pl.when(is_later).then(pl.lit(text)).otherwise(pl.col(name)).alias(name) for name, text in open_then.items()
        )
    weeks = [name for name in frame.columns if re.fullmatch(r"Y_\d{4}", name)]
    periods = {name: period_of(name, "iso_week") for name in weeks}
    return frame.drop([name for name, period in periods.items() if period is None or str(period[1]) > day])
