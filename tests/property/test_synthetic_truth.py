"""The truth that is written beside the extracts is what an independent reading of the extracts finds.

The reading below knows the layouts and the rules of the truth, and nothing of the generator: plain polars on the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import polars as pl
import pytest

from tests.property.plain_extracts import FAR, NONE, PILOTS, Delivery, day, followable

FINES = ("2", "21")
NOT_GUILTY = ("11", "69", "72")
STATES = ("dead", "emigrated", "in_custody", "employed", "in_education", "benefit", "no_record")


@pytest.fixture(scope="module")
def absences(stays: pl.DataFrame, deaths: pl.DataFrame, away: pl.DataFrame) -> pl.DataFrame:
    dead = deaths.select("PNR", since="DODDATO", until=pl.lit(FAR), state=pl.lit("dead"))
    gone = away.select("PNR", since="HAEND_DATO", until="back", state=pl.lit("emigrated"))
    locked = stays.select("PNR", since="start", until="stop", state=pl.lit("in_custody"))
    return pl.concat([dead, gone, locked])


@pytest.fixture(scope="module")
def benefit_weeks(delivery: Delivery) -> pl.DataFrame:
    weeks = delivery.read("dream").drop("FOEDDT", "KON").unpivot(index="PNR", variable_name="week", value_name="code")
    return weeks.filter((pl.col("code") != "997").fill_null(value=False))


@pytest.fixture(scope="module")
def offences(delivery: Delivery) -> pl.DataFrame:
    """Guilty decisions with the date of the offence, of the decision where the charge is missing."""
    kraf = followable(delivery.read("kraf"), "AFG_INRMARK", "AFG_AFGOEDTO").with_columns(
        pl.col("AFG_BOEDEBLB").cast(pl.Float64)
    )
    final = kraf.sort("AFG_AFGOEDTO").unique(["PNR", "JOURNR"], keep="last")
    krsi = followable(delivery.read("krsi"), "SIG_INRMARK", "SIG_GER1DTO").select("PNR", "JOURNR", "SIG_GER1DTO")
    petty = (
        pl.col("AFG_GER9").str.starts_with("2") & pl.col("AFG_AFGTYPKO").is_in(FINES) & (pl.col("AFG_BOEDEBLB") < 2500)
    )
    guilty = final.filter(~pl.col("AFG_AFGTYPKO").is_in(NOT_GUILTY) & ~petty.fill_null(value=False))
    joined = guilty.join(krsi, on=["PNR", "JOURNR"], how="left")
    return joined.select(
        "PNR", "AFG_AFGOEDTO", offence=pl.col("SIG_GER1DTO").fill_null(pl.col("AFG_AFGOEDTO"))
    )  # fmt: skip


def first_events(
    arm: pl.DataFrame, offences: pl.DataFrame, deaths: pl.DataFrame, away: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    horizon = pl.col("stop").dt.offset_by("24mo")
    in_time = pl.col("AFG_AFGOEDTO").dt.year() <= pl.col("stop").dt.year() + 3
    after = (pl.col("offence") > pl.col("stop")) & (pl.col("offence") <= horizon)
    found = arm.select("PNR", "stop").join(offences, on="PNR").filter(in_time & after)
    first = found.group_by("PNR").agg(pl.col("offence").min(), pl.len().alias("n_offences"))
    left = arm.select("PNR", "stop").join(away, on="PNR").filter(pl.col("HAEND_DATO") > pl.col("stop"))
    out = left.group_by("PNR").agg(pl.col("HAEND_DATO").min().alias("out"))
    joined = arm.select("PNR", "stop").join(first, on="PNR", how="left").join(out, on="PNR", how="left")
    joined = joined.join(deaths, on="PNR", how="left").with_columns(horizon=horizon)
    limits = [
        pl.when(pl.col(name) <= pl.col("horizon")).then(name).fill_null(FAR).alias(name) for name in ("out", "DODDATO")
    ]
    return joined.with_columns(pl.col("offence").fill_null(FAR), *limits), found


@pytest.mark.parametrize("name", ["pilot", "comparison"])
def test_the_arms_and_what_came_first_are_what_the_extracts_say(
    name: str,
    delivery: Delivery,
    arms: Mapping[str, pl.DataFrame],
    offences: pl.DataFrame,
    deaths: pl.DataFrame,
    away: pl.DataFrame,
) -> None:
    truth = delivery.truth.arms[name]
    events, _ = first_events(arms[name], offences, deaths, away)
    reoffended = events.filter(
        (pl.col("offence") < FAR) & (pl.col("offence") <= pl.min_horizontal("DODDATO", "out"))
    )  # fmt: skip
    died = events.filter((pl.col("DODDATO") < pl.col("offence")) & (pl.col("DODDATO") <= pl.col("out")))
    emigrated = events.filter(pl.col("out") < pl.min_horizontal("DODDATO", "offence"))
    assert arms[name].height == truth.n_persons
    assert reoffended.height == truth.n_reoffended
    assert died.filter(pl.col("DODDATO") < FAR).height == truth.n_died
    assert emigrated.height == truth.n_emigrated
    for months, risk in truth.risk.items():
        within = pl.col("offence") <= pl.col("stop").dt.offset_by(f"{months}mo")
        assert reoffended.filter(within).height / truth.n_persons == pytest.approx(risk, abs=1e-6)


def test_reoffending_in_the_comparison_arm_is_at_the_published_points(
    delivery: Delivery,
    arms: Mapping[str, pl.DataFrame],
    offences: pl.DataFrame,
    deaths: pl.DataFrame,
    away: pl.DataFrame,
) -> None:
    # Statistics Denmark, NYT, 2016 cohort, released from prison: 39 % by 6 months, 54 % by 12, 66 % by 24; of those who
    # reoffended, 21 % with exactly one new offence and 54 % with at least four.
    events, found = first_events(arms["comparison"], offences, deaths, away)
    for months, published in ((6, 0.39), (12, 0.54), (24, 0.66)):
        share = (events["offence"] <= events["stop"].dt.offset_by(f"{months}mo")).mean()
        assert share == pytest.approx(published, abs=0.02)
    counts = found.group_by("PNR").len()["len"]
    assert (counts == 1).mean() == pytest.approx(0.21, abs=0.06)
    assert (counts >= 4).mean() == pytest.approx(0.54, abs=0.06)
    difference, effect = delivery.truth.risk_difference, delivery.truth.effect
    assert difference is not None
    assert effect is not None
    assert -0.11 < difference < -0.02
    assert -0.10 < effect.difference < -0.035


@pytest.mark.parametrize("name", ["pilot", "comparison"])
def test_plan_continuity_is_what_the_extracts_say(
    name: str,
    delivery: Delivery,
    arms: Mapping[str, pl.DataFrame],
    absences: pl.DataFrame,
) -> None:
    dates = ("PLANLAGT_DATO", "BEGYNDT_DATO", "SLUT_DATO")
    activities = delivery.read("planaktivitet").with_columns(day(column) for column in dates)
    joined = arms[name].select("PNR", "start", "stop").join(activities, on="PNR")
    joined = joined.with_columns(pl.col("SLUT_DATO").fill_null(FAR))
    planned = joined.filter(
        pl.any_horizontal(pl.col(column).is_between("start", "stop", "left") for column in dates[:2])
    ).select("PNR", "OMRAADE")
    same = joined.join(planned, on=["PNR", "OMRAADE"], how="semi")
    goes_on = same.filter(
        (pl.col("BEGYNDT_DATO") <= pl.col("stop") + timedelta(days=30)) & (pl.col("SLUT_DATO") > pl.col("stop"))
    )
    truth = delivery.truth.arms[name].continuity
    assert planned["PNR"].n_unique() == truth.n_with_plan
    assert goes_on["PNR"].n_unique() == truth.n_continuing["resumed"]
    kept = same.join(goes_on, on=["PNR", "OMRAADE"], how="semi")
    for months in ("3", "6", "12"):
        on_day = kept.with_columns(on=pl.col("stop").dt.offset_by(f"{months}mo"))
        active = on_day.filter(pl.col("on").is_between("BEGYNDT_DATO", "SLUT_DATO", "left"))
        active = active.join(absent(active.select("PNR", "on").unique(), absences), on="PNR", how="anti")
        assert active["PNR"].n_unique() == truth.n_continuing[months]


def absent(days: pl.DataFrame, absences: pl.DataFrame) -> pl.DataFrame:
    found = days.join(absences, on="PNR").filter(pl.col("on").is_between("since", "until", "left"))
    return found.select("PNR", "state")


@pytest.mark.parametrize("name", ["pilot", "comparison"])
def test_statuses_are_what_the_extracts_say(
    name: str,
    delivery: Delivery,
    benefit_weeks: pl.DataFrame,
    arms: Mapping[str, pl.DataFrame],
    absences: pl.DataFrame,
) -> None:
    jobs = delivery.read("bfl").filter(pl.col("AJO_LOENTIMER").cast(pl.Float64, strict=False) > 0)
    paid = jobs.select("PNR", month=day("AJO_JOB_START_DATO").dt.truncate("1mo")).unique()
    spells = delivery.read("kotre").select(
        "PNR", first=day("ELEV3_VFRA"), last=day("ELEV3_VTIL").fill_null(FAR)
    )  # fmt: skip
    for months in (3, 6, 12, 24):
        days = arms[name].select("PNR", on=pl.col("stop").dt.offset_by(f"{months}mo"))
        employed = days.with_columns(month=pl.col("on").dt.truncate("1mo")).join(paid, on=["PNR", "month"], how="semi")
        studying = days.join(spells, on="PNR").filter(pl.col("on").is_between("first", "last"))
        weeks = days.with_columns(week=pl.col("on").dt.strftime("Y_%g%V"))
        on_benefit = weeks.join(benefit_weeks, on=["PNR", "week"], how="semi")
        found = [
            absent(days, absences),
            employed.select("PNR", state=pl.lit("employed")),
            studying.select("PNR", state=pl.lit("in_education")),
            on_benefit.select("PNR", state=pl.lit("benefit")),
            days.select("PNR", state=pl.lit("no_record")),
        ]
        order = pl.concat(found).with_columns(rank=pl.col("state").replace_strict(STATES, list(range(7))))
        state = order.sort("rank").unique("PNR", keep="first")["state"]
        counts = {name_: int((state == name_).sum()) for name_ in STATES}
        assert counts == delivery.truth.arms[name].status[str(months)]


def test_each_pilot_has_more_than_80_releases_a_year(delivery: Delivery) -> None:
    assert set(delivery.truth.releases) == set(PILOTS)
    for years in delivery.truth.releases.values():
        assert sorted(years) == ["2016", "2017", "2018", "2019"]
        assert min(years.values()) > 90


def test_half_of_the_persons_are_released_in_the_window(delivery: Delivery) -> None:
    assert delivery.truth.persons["released_in_window"] >= 10_000


def test_rows_and_traps_are_as_many_as_the_truth_says(delivery: Delivery) -> None:
    read = {layout: delivery.read(layout) for layout in delivery.truth.extracts}
    assert len(read) == 14
    for layout, truth in delivery.truth.extracts.items():
        assert read[layout].height == truth.n_rows
        marks = [name for name in read[layout].columns if name.endswith("_INRMARK")]
        assert sum(read[layout].filter(pl.col(mark) != "1").height for mark in marks) == truth.n_not_followable
    krin, kraf, krsi = read["krin"], read["kraf"], read["krsi"]
    traps = {layout: truth.traps for layout, truth in delivery.truth.extracts.items()}
    good = followable(krin, "IND_INRMARK", "IND_FGSLDTO")
    assert (
        good.filter(pl.col("IND_OVERFKOD") == "X", ~pl.col("JOURNR").str.starts_with("X")).height
        == traps["krin"]["transfers"]
    )
    decided = followable(kraf, "AFG_INRMARK", "AFG_AFGOEDTO").filter(~pl.col("JOURNR").str.starts_with("X"))
    assert decided["AFG_ANKEDTO"].is_not_null().sum() == traps["kraf"]["appeals"] > 500
    uncharged = decided.join(krsi, on=["PNR", "JOURNR"], how="anti").unique(["PNR", "JOURNR"])
    assert uncharged.height == traps["kraf"]["without_charge"] > 500
    assert (read["bfl"]["AJO_LOENTIMER"] == "0.00").sum() == traps["bfl"]["without_paid_hours"] > 1000
    not_guilty = decided["AFG_AFGTYPKO"].is_in(NOT_GUILTY).sum()
    assert not_guilty == traps["kraf"]["not_guilty"] > 5000
    small = pl.col("AFG_BOEDEBLB").cast(pl.Float64) < 2500
    petty = decided.filter(pl.col("AFG_GER9").str.starts_with("2"), pl.col("AFG_AFGTYPKO").is_in(FINES), small)
    assert petty.height == traps["kraf"]["petty_traffic_fines"] > 5000


def test_custody_traps_are_as_many_as_the_truth_says(delivery: Delivery) -> None:
    krin = followable(delivery.read("krin"), "IND_INRMARK", "IND_FGSLDTO", "IND_LOESLDTO")
    krin = krin.filter(pl.col("JOURNR").str.starts_with("J")).sort("PNR", "IND_FGSLDTO", "JOURNR")
    last = krin.filter(pl.col("IND_FGSLKOD") != "1").unique(["PNR", "JOURNR"], keep="last", maintain_order=True)
    starts = krin.filter(pl.col("IND_FGSLKOD") != "1").unique(["PNR", "JOURNR"], keep="first", maintain_order=True)
    cases = last.join(starts.select("PNR", "JOURNR", start="IND_FGSLDTO"), on=["PNR", "JOURNR"]).sort("PNR", "start")
    following = pl.col("start").shift(-1).over("PNR")
    gap = (following - pl.col("IND_LOESLDTO")).dt.total_days()
    to_serving = cases.with_columns(gap=gap, following=following).filter(
        (pl.col("IND_LOESLKOD") == "5") & pl.col("following").is_not_null()
    )
    traps = delivery.truth.extracts["krin"].traps
    assert to_serving.filter(pl.col("gap") == 0).height == traps["serving_under_another_case_same_day"] > 500
    assert to_serving.filter(pl.col("gap") == 1).height == traps["serving_under_another_case_next_day"] > 500
    assert to_serving.filter(pl.col("IND_LOESLDTO") == NONE).height == traps["remand_never_closed"] > 500
    assert to_serving.filter(pl.col("gap").is_between(2, 100_000)).is_empty()
    assert (krin["IND_LOESLDTO"] == NONE).sum() == traps["without_release_date"]
    assert krin.filter(pl.col("IND_BOEDAFS") == "1").height == traps["fine_stays"] > 500
    assert krin.filter(pl.col("IND_FGSLSTED").is_in(["HJEM", "9050"])).height == traps["home_detentions"] > 500
    ended = krin.filter((pl.col("IND_FGSLKOD") == "1") & (pl.col("IND_LOESLDTO") != NONE))
    assert ended.height == traps["arrests_that_end_there"] > 500
    assert ended["IND_LOESLKOD"].is_in(["1", "2"]).all()
    assert (ended["IND_LOESLDTO"] - ended["IND_FGSLDTO"]).dt.total_days().is_in([0, 1]).all()


def test_broken_rows_are_as_many_as_the_truth_says(delivery: Delivery) -> None:
    krin = delivery.read("krin")
    stops = krin.filter((day("IND_LOESLDTO") < day("IND_FGSLDTO")) & (day("IND_LOESLDTO") != NONE))
    found = {
        ("krin", "release_before_admission"): stops.filter(pl.col("IND_INRMARK") == "1").height,
        ("bfl", "not_a_number"): delivery.read("bfl")["AJO_LOENTIMER"].cast(pl.Float64, strict=False).null_count(),
        ("dod", "impossible_date"): delivery.read("dod").filter(day("DODDATO").is_null()).height,
    }
    for layout, column in (("krin", "IND_FGSLDTO"), ("krsi", "SIG_GER1DTO"), ("kraf", "AFG_AFGOEDTO")):
        frame = delivery.read(layout)
        found[layout, "impossible_date"] = frame.filter(day(column).is_null()).height
        mark = f"{column[:3]}_INRMARK"
        found[layout, "missing_pnr"] = frame.filter(pl.col("PNR").is_null() & (pl.col(mark) == "1")).height
    told = {
        (layout, kind): number
        for layout, truth in delivery.truth.extracts.items()
        for kind, number in truth.broken_rows.items()
    }
    assert found == told
    assert sum(told.values()) == 12


def test_persons_have_the_troubles_that_persons_have(delivery: Delivery) -> None:
    # Every trap is there in numbers that an analysis which falls into it would show.
    for trouble, number in delivery.truth.persons.items():
        assert number > 100, trouble
    comparison = delivery.truth.arms["comparison"]
    assert comparison.n_pseudo_reconvictions > 1000
    assert comparison.n_late_decisions > 20


DATED = {
    "krsi": "SIG_SIGTDTO",
    "kraf": "AFG_AFGOEDTO",
    "krin": "IND_FGSLDTO",
    "dod": "DODDATO",
    "vnds": "HAEND_DATO",
    "kotre": "ELEV3_VFRA",
    "handleplan": "OPRETTET_DATO",
    "planaktivitet": "PLANLAGT_DATO",
    "tilbud": "TILBUDT_DATO",
    "kontakt": "KONTAKT_DATO",
}


@pytest.mark.parametrize("layout", DATED)
def test_nothing_happens_before_birth(delivery: Delivery, layout: str) -> None:
    birth = delivery.read("bef").group_by("PNR").agg(birth=day("FOED_DAG").min())
    dated = delivery.read(layout).join(birth, on="PNR").select("birth", on_day=day(DATED[layout]))
    assert dated.height > 100
    assert dated.filter(pl.col("on_day") < pl.col("birth")).height == 0
