"""KRIN: one row an event of a case, the release date on the case's last row only."""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.synthetic.custody import Joint, StayKind
from evalkit.synthetic.days import NEVER, SENTINEL, Ints, date_column, day_number
from evalkit.synthetic.draws import days_between
from evalkit.synthetic.offence_codes import nine_digits
from evalkit.synthetic.world import World

__all__ = ["custody_frame"]

_ARREST, _REMAND, _SERVING = range(3)


def custody_frame(rng: np.random.Generator, world: World) -> pl.DataFrame:
    """Write KRIN.

    Parameters
    ----------
    rng : Generator
        Source of chance, for prisons and transfers.
    world : World
        What happened.

    Returns
    -------
    DataFrame
        KRIN's columns, sorted by person and date.
    """
    vintage = day_number(world.scenario.calendar.vintage)
    stays = world.stays
    transfers = _transfers(rng, world)
    events = [_arrests(stays), _remands(stays), _servings(stays), transfers]
    rows = pl.concat([event.select(_EVENT_COLUMNS) for event in events]).filter(pl.col("day") < vintage)
    rows = rows.unique(["stay", "day", "phase"], keep="first", maintain_order=True).sort("stay", "day", "phase")
    rows = _with_ends(rows.join(stays, on="stay", how="left", maintain_order="left"))
    rows = pl.concat([rows.select(_ROW_COLUMNS), _lone_arrests(world)]).sort("person", "day", "phase", "journal_row")
    return _as_krin(rng, world, rows)


_EVENT_COLUMNS = ["stay", "day", "phase", "is_transfer", "journal_row"]
_ROW_COLUMNS = [
    "person",
    "day",
    "phase",
    "is_transfer",
    "journal_row",
    "kind",
    "at_home_address",
    "group",
    "ends",
    "code",
    "expiry",
]


def _arrests(stays: pl.DataFrame) -> pl.DataFrame:
    day = pl.col("admission") - 1
    return _events(stays.filter("is_arrested"), day, _ARREST, "journal")


def _remands(stays: pl.DataFrame) -> pl.DataFrame:
    return _events(
        stays.filter(pl.col("kind") <= int(StayKind.REMAND_SERVING)), pl.col("admission"), _REMAND, "journal"
    )


def _servings(stays: pl.DataFrame) -> pl.DataFrame:
    serving = stays.filter(pl.col("serving_start") < NEVER)
    return _events(serving, pl.col("serving_start"), _SERVING, "serving_journal")


def _events(stays: pl.DataFrame, day: pl.Expr, phase: int, journal: str) -> pl.DataFrame:
    return stays.with_columns(
        day.alias("day"),
        pl.lit(phase, pl.Int64).alias("phase"),
        pl.lit(value=False).alias("is_transfer"),
        pl.col(journal).alias("journal_row"),
    )


def _transfers(rng: np.random.Generator, world: World) -> pl.DataFrame:
    # Not on the days on which remand turns into serving, nor on the first.
    inside = world.stays.filter(pl.col("kind") <= int(StayKind.SERVING))
    number = rng.poisson(world.scenario.custody.transfers_mean, inside.height)
    moved = inside[np.repeat(np.arange(inside.height), number)]
    until = np.minimum(moved["release"].to_numpy(), day_number(world.scenario.calendar.vintage))
    day = days_between(rng, moved["admission"].to_numpy() + 1, until)
    serving: Ints = moved["serving_start"].to_numpy()
    phase = np.where(day < serving, _REMAND, _SERVING)
    fits = (day < until) & (day != serving) & (day != serving - 1)
    return moved.with_columns(
        pl.Series("day", day),
        pl.Series("phase", phase.astype(np.int64)),
        pl.lit(value=True).alias("is_transfer"),
        pl.when(pl.Series(phase == _SERVING)).then("serving_journal").otherwise("journal").alias("journal_row"),
    ).filter(pl.Series(fits))


def _with_ends(rows: pl.DataFrame) -> pl.DataFrame:
    is_last_of_stay = pl.col("stay") != pl.col("stay").shift(-1, fill_value=-1)
    is_last_of_case = pl.col("journal_row") != pl.col("journal_row").shift(-1, fill_value="")
    goes_to_serving = (pl.col("phase") == _REMAND) & (pl.col("phase").shift(-1) == _SERVING) & ~is_last_of_stay
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
        .when(pl.col("phase") == _SERVING).then(pl.lit(SENTINEL, pl.Int64))
        .otherwise(pl.lit(NEVER, pl.Int64))
    )  # fmt: skip
    return rows.with_columns(ends.alias("ends"), code.cast(pl.Int64).alias("code"), expiry.alias("expiry"))


def _lone_arrests(world: World) -> pl.DataFrame:
    groups = world.cases.select("journal", "group")
    return (
        world.arrests.join(groups, on="journal", how="left", maintain_order="left")
        .with_columns(
            pl.col("admission").alias("day"),
            pl.lit(_ARREST, pl.Int64).alias("phase"),
            pl.lit(value=False).alias("is_transfer"),
            pl.col("journal").alias("journal_row"),
            pl.lit(int(StayKind.REMAND), pl.Int64).alias("kind"),
            pl.lit(value=False).alias("at_home_address"),
            pl.col("release").alias("ends"),
            pl.when("by_judge").then(1).otherwise(2).cast(pl.Int64).alias("code"),
            pl.lit(NEVER, pl.Int64).alias("expiry"),
        )
        .select(_ROW_COLUMNS)
    )


def _as_krin(rng: np.random.Generator, world: World, rows: pl.DataFrame) -> pl.DataFrame:
    people = world.people
    person, kind = rows["person"].to_numpy(), rows["kind"].to_numpy()
    serving = rows["phase"].to_numpy() == _SERVING
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
            "IND_FGSLSTED": _facilities(rng, rows, serving=serving),
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


def _facilities(
    rng: np.random.Generator, rows: pl.DataFrame, *, serving: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> list[str]:
    jails = np.array([f"A{number:03d}" for number in range(101, 137)])
    prisons = np.array([f"F{number:03d}" for number in range(201, 215)])
    n = rows.height
    kind = rows["kind"].to_numpy()
    place = np.where(serving & (kind != StayKind.FINE), prisons[rng.integers(0, 14, n)], jails[rng.integers(0, 36, n)])
    home = np.where(rows["at_home_address"], "9050", "HJEM")
    facilities: list[str] = np.where(kind == StayKind.HOME, home, place).tolist()
    return facilities
