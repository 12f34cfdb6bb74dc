"""Synthetic extracts, read plainly: the layouts and the rules of the truth, and nothing of the generator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from evalkit.synthetic import Truth

__all__ = ["FAR", "NONE", "PILOTS", "Delivery", "arms_in", "away_in", "day", "deaths_in", "followable", "stays_in"]

PILOTS = ("316", "615")
FAR = date(9999, 12, 31)
NONE = date(1599, 12, 31)


@dataclass(frozen=True)
class Delivery:
    """What was written, and its truth."""

    folder: Path
    truth: Truth

    frames: dict[str, pl.DataFrame]

    def read(self, layout: str) -> pl.DataFrame:
        """All rows, as text."""
        if layout not in self.frames:
            self.frames[layout] = pl.read_csv(self.folder / f"{layout}.csv", infer_schema=False)
        return self.frames[layout]


def day(column: str) -> pl.Expr:
    """A date; missing where it is none."""
    return pl.col(column).str.to_date(strict=False)


def followable(frame: pl.DataFrame, mark: str, *dates: str) -> pl.DataFrame:
    """Good rows of persons who can be followed."""
    kept = frame.filter((pl.col(mark) == "1") & pl.col("PNR").is_not_null())
    return kept.with_columns(day(name) for name in dates).filter(pl.col(dates[0]).is_not_null())


def stays_in(delivery: Delivery) -> pl.DataFrame:
    """One row a stay: cases made of events, joined when at most a day lies between them."""
    events = followable(delivery.read("krin"), "IND_INRMARK", "IND_FGSLDTO", "IND_LOESLDTO", "IND_PRVSLDTO")
    events = events.with_columns(pl.col("IND_LOESLDTO", "IND_PRVSLDTO").replace({NONE: None}))
    events = events.filter(~(pl.col("IND_LOESLDTO") < pl.col("IND_FGSLDTO")).fill_null(value=False))
    events = events.filter(pl.col("IND_FGSLKOD") != "1").sort("PNR", "JOURNR", "IND_FGSLDTO")
    cases = events.group_by("PNR", "JOURNR", maintain_order=True).agg(
        pl.col("IND_FGSLDTO").first().alias("start"),
        pl.col("IND_LOESLDTO").max().alias("stop"),
        pl.col("IND_FGSLKOD", "IND_LOESLKOD", "IND_FGSLSTED", "IND_BOEDAFS", "IND_PRVSLDTO").last(),
    )
    cases = cases.sort("PNR", "start")
    cases = cases.with_columns(pl.col("stop").fill_null(pl.col("start").shift(-1).over("PNR")).fill_null(FAR))
    is_new = (pl.col("start") - pl.col("stop").shift(1).over("PNR")).dt.total_days().fill_null(99) > 1
    cases = cases.with_columns(is_new.cast(pl.Int32).cum_sum().over("PNR").alias("number"))
    return cases.group_by("PNR", "number", maintain_order=True).agg(
        pl.col("start").first(), pl.all().exclude("PNR", "number", "start").last()
    )


def away_in(delivery: Delivery) -> pl.DataFrame:
    """One row an emigration, with the day of coming back."""
    moves = delivery.read("vnds").with_columns(day("HAEND_DATO")).sort("PNR", "HAEND_DATO")
    back = pl.col("HAEND_DATO").shift(-1).over("PNR").fill_null(FAR).alias("back")
    return moves.with_columns(back).filter(pl.col("INDUD_KODE") == "U").select("PNR", "HAEND_DATO", "back")


def deaths_in(delivery: Delivery) -> pl.DataFrame:
    """One row a death."""
    return delivery.read("dod").with_columns(day("DODDATO")).filter(pl.col("DODDATO").is_not_null())


def arms_in(
    delivery: Delivery, stays: pl.DataFrame, away: pl.DataFrame, deaths: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Arm to its persons, with their index stays."""
    bef = delivery.read("bef").with_columns(day("FOED_DAG"), day("BOP_VFRA"), day("REFERENCETID")).sort("REFERENCETID")
    births = bef.unique("PNR", keep="first").select("PNR", "FOED_DAG")
    releases = stays.filter(pl.col("stop").is_between(date(2016, 1, 1), date(2019, 12, 31)))
    releases = releases.filter(~pl.col("IND_FGSLSTED").is_in(["HJEM", "9050"]) & (pl.col("IND_BOEDAFS") == "0"))
    releases = releases.filter((pl.col("stop") - pl.col("start")).dt.total_days() >= 14).join(births, on="PNR")
    releases = releases.filter(pl.col("FOED_DAG").dt.offset_by("18y") <= pl.col("stop"))
    gone = releases.join(away, on="PNR").filter(pl.col("stop").is_between(pl.col("HAEND_DATO"), pl.col("back"), "left"))
    releases = releases.join(gone, on=["PNR", "stop"], how="anti").join(deaths, on="PNR", how="left")
    releases = releases.filter(pl.col("DODDATO").is_null() | (pl.col("DODDATO") > pl.col("stop")))
    index = releases.sort("PNR", "stop").unique("PNR", keep="first")
    homes = bef.select("PNR", "KOM", "BOP_VFRA").unique().sort("BOP_VFRA")
    index = index.sort("start").join_asof(homes, left_on="start", right_on="BOP_VFRA", by="PNR", check_sortedness=False)
    offers = delivery.read("tilbud").with_columns(day("TILBUDT_DATO")).select("PNR", "TILBUDT_DATO")
    offered = index.join(offers, on="PNR").filter(pl.col("TILBUDT_DATO") <= pl.col("stop"))
    inside = offered.filter(pl.col("TILBUDT_DATO") >= pl.col("start"))
    in_pilot = pl.col("KOM").is_in(PILOTS)
    return {
        "pilot": index.filter(in_pilot).join(inside, on="PNR", how="semi"),
        "comparison": index.filter(~in_pilot).join(offered, on="PNR", how="anti"),
    }
