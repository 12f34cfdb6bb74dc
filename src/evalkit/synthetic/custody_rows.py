"""KRIN: one row an event of a case, the release date on the case's last row only."""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.synthetic.custody import Joint, StayKind
from evalkit.synthetic.custody_events import ARREST, REMAND, SERVING, draw_facilities
from evalkit.synthetic.days import NEVER, SENTINEL, date_column
from evalkit.synthetic.offence_codes import nine_digits
from evalkit.synthetic.world import World

__all__ = ["custody_frame"]


def custody_frame(rng: np.random.Generator, world: World) -> pl.DataFrame:
    """Write KRIN.

    Parameters
    ----------
    rng : Generator
        Source of chance, for where arrests that end there were.
    world : World
        What happened.

    Returns
    -------
    DataFrame
        KRIN's columns, sorted by person and date.
    """
    rows = _with_ends(world.custody_events.join(world.stays, on="stay", how="left", maintain_order="left"))
    arrests = _lone_arrests(world)
    arrests = arrests.with_columns(facility=draw_facilities(rng, arrests))
    rows = pl.concat([rows.select(_ROW_COLUMNS), arrests.select(_ROW_COLUMNS)])
    return _as_krin(world, rows.sort("person", "day", "phase", "journal_row"))


_ROW_COLUMNS = [
    "person",
    "day",
    "phase",
    "is_transfer",
    "journal_row",
    "kind",
    "at_home_address",
    "facility",
    "group",
    "ends",
    "code",
    "expiry",
]


def _with_ends(rows: pl.DataFrame) -> pl.DataFrame:
    is_last_of_stay = pl.col("stay") != pl.col("stay").shift(-1, fill_value=-1)
    is_last_of_case = pl.col("journal_row") != pl.col("journal_row").shift(-1, fill_value="")
    goes_to_serving = (pl.col("phase") == REMAND) & (pl.col("phase").shift(-1) == SERVING) & ~is_last_of_stay
    is_closed = is_last_of_stay & (pl.col("release") < NEVER)
    case_closed = goes_to_serving & is_last_of_case & (pl.col("joint") != int(Joint.NEVER_CLOSED))
    remand_end = pl.col("serving_start") - (pl.col("joint") == int(Joint.NEXT_DAY)).cast(pl.Int64)
    ends = pl.when(is_closed).then("release").when(case_closed).then(remand_end).otherwise(pl.lit(SENTINEL, pl.Int64))
    code = (
        pl.when(goes_to_serving).then(5)
        .when(is_closed & (pl.col("kind") == int(StayKind.REMAND))).then(4)
        .when(is_closed & pl.col("is_strict")).then(10)
        .otherwise(0)
    )  # fmt: skip
    expiry = (
        pl.when(is_closed & pl.col("is_parole")).then(pl.col("release") + pl.col("parole_days"))
        .when(pl.col("phase") == SERVING).then(pl.lit(SENTINEL, pl.Int64))
        .otherwise(pl.lit(NEVER, pl.Int64))
    )  # fmt: skip
    return rows.with_columns(ends.alias("ends"), code.cast(pl.Int64).alias("code"), expiry.alias("expiry"))


def _lone_arrests(world: World) -> pl.DataFrame:
    groups = world.cases.select("journal", "group")
    return world.arrests.join(groups, on="journal", how="left", maintain_order="left").with_columns(
        pl.col("admission").alias("day"),
        pl.lit(ARREST, pl.Int64).alias("phase"),
        pl.lit(value=False).alias("is_transfer"),
        pl.col("journal").alias("journal_row"),
        pl.lit(int(StayKind.REMAND), pl.Int64).alias("kind"),
        pl.lit(value=False).alias("at_home_address"),
        pl.col("release").alias("ends"),
        pl.when("by_judge").then(1).otherwise(2).cast(pl.Int64).alias("code"),
        pl.lit(NEVER, pl.Int64).alias("expiry"),
    )


def _as_krin(world: World, rows: pl.DataFrame) -> pl.DataFrame:
    people = world.people
    person, kind = rows["person"].to_numpy(), rows["kind"].to_numpy()
    serving = rows["phase"].to_numpy() == SERVING
    fine = serving & (kind == StayKind.FINE)
    return pl.DataFrame(
        {
            "PNR": people.pseudonym[person],
            "JOURNR": rows["journal_row"],
            "IND_FGSLDTO": date_column(rows["day"].to_numpy()),
            "IND_LOESLDTO": date_column(rows["ends"].to_numpy()),
            "IND_FGSLKOD": np.array([1, 3, 5])[rows["phase"].to_numpy()],
            "IND_LOESLKOD": rows["code"],
            "IND_OVERFKOD": np.where(rows["is_transfer"], "X", "-"),
            "IND_AFGIVKOD": np.where(fine, 8, 0),
            "IND_FGSLSTED": rows["facility"],
            "IND_GER9": nine_digits(rows["group"].to_numpy()),
            "IND_AFGTYPKO": np.where(serving, np.where(fine, "2", "1"), ""),
            "IND_UBSTRFKO": np.where(serving, np.where(fine, "A", "2"), "0"),
            "IND_UBSTRFLG": np.zeros(rows.height, np.int64),
            "IND_PRVSLDTO": date_column(rows["expiry"].to_numpy()),
            "IND_BOEDAFS": fine.astype(np.int64),
            "IND_KOEN": np.where(people.is_woman[person], 2, 1),
            "IND_INRMARK": np.ones(rows.height, np.int64),
        }
    )
