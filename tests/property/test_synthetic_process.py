"""What was done before release is what a slow reading of the extracts finds, one person at a time."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from evalkit.synthetic import load_scenario, write_extracts
from tests.property.plain_extracts import FAR, NONE, Delivery, day, followable

Rows = Mapping[str, list[dict[str, Any]]]
TALKS = ("besoeg", "moede", "trepart")


def by_person(frame: pl.DataFrame) -> Rows:
    """Rows of each person, so that one can be looked at after the other."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in frame.iter_rows(named=True):
        rows[row["PNR"]].append(row)
    return rows


class Person:
    """One person released, with all that the extracts say of the stay."""

    def __init__(self, row: Mapping[str, Any], tables: Mapping[str, Rows]) -> None:
        self.start, self.stop = row["start"], row["stop"]
        self.is_remand = row["IND_FGSLKOD"] == "3"
        expiry = row["IND_PRVSLDTO"]
        self.is_parole = row["IND_LOESLKOD"] == "10" or (expiry is not None and expiry > self.stop)
        self.rows = {name: table.get(row["PNR"], []) for name, table in tables.items()}

    def inside(self, on: date | None) -> bool:
        return on is not None and self.start <= on < self.stop

    def met(self, *kinds: str) -> list[date]:
        return [
            one["KONTAKT_DATO"]
            for one in self.rows["kontakt"]
            if self.inside(one["KONTAKT_DATO"]) and one["KONTAKT_ART"] in kinds and one["FREMMOEDT"] != "0"
        ]

    def first_move(self) -> date | None:
        places = sorted((one["IND_FGSLDTO"], one["IND_FGSLSTED"]) for one in self.rows["krin"])
        places = [place for place in places if self.inside(place[0])]
        moved = [on for (on, here), (_, before) in zip(places[1:], places, strict=False) if here != before]
        return min(moved, default=None)

    def plans(self, owner: str) -> list[dict[str, Any]]:
        return [one for one in self.rows["handleplan"] if one["EJER"] == owner]

    def municipal(self) -> list[dict[str, Any]]:
        return [
            one
            for one in self.plans("kommune")
            if one["OPRETTET_DATO"] < self.stop and one["AFSLUTTET_DATO"] > self.start
        ]

    def activities(self, domain: str) -> list[dict[str, Any]]:
        return [
            one
            for one in self.rows["planaktivitet"]
            if one["OMRAADE"] == domain and (self.inside(one["PLANLAGT_DATO"]) or self.inside(one["BEGYNDT_DATO"]))
        ]

    def areas(self, plans: list[dict[str, Any]]) -> set[str]:
        ids = {one["PLAN_ID"] for one in plans}
        known = [one for one in self.rows["planaktivitet"] if one["PLAN_ID"] in ids]
        return {
            one["OMRAADE"]
            for one in known
            if one["PLANLAGT_DATO"] < self.stop or (one["BEGYNDT_DATO"] or FAR) < self.stop
        }


def answers(one: Person) -> dict[str, bool]:
    """Measure to whether it holds, of those that concern the person."""
    notices, move = one.met("underretning"), one.first_move()
    open_before = [plan for plan in one.plans("kommune") if plan["OPRETTET_DATO"] < one.stop]
    made = [plan for plan in one.plans("kriminalforsorgen") if one.inside(plan["OPRETTET_DATO"])]
    found = {
        "three_party_meeting": bool(one.met("trepart")),
        "talks": len(one.met(*TALKS)) >= 2,
        "municipality_told": bool(notices),
        "signed_plan": any(one.inside(plan["UNDERSKREVET_DATO"]) for plan in one.rows["handleplan"]),
        "case_open_throughout": any(
            plan["OPRETTET_DATO"] <= one.start and plan["AFSLUTTET_DATO"] >= one.stop for plan in open_before
        ),
        "case_open_at_release": any(plan["AFSLUTTET_DATO"] > one.stop for plan in open_before),
    }
    if move:
        found["municipality_told_of_transfer"] = any(on >= move for on in notices)
    if one.is_remand:
        found["plan_in_remand"] = bool(made)
    if one.is_parole:
        found["job_centre_before_parole"] = bool(one.municipal() or one.activities("beskaeftigelse"))
    if housing := one.activities("bolig"):
        found["housing_settled"] = any(
            activity["SLUT_AARSAG"] == "gennemfoert" and activity["SLUT_DATO"] <= one.stop for activity in housing
        )
    in_prison_plan, in_municipal_plan = one.areas(made), one.areas(one.municipal())
    if in_prison_plan and in_municipal_plan:
        found["plans_share_area"] = bool(in_prison_plan & in_municipal_plan)
    return found | benefit(one)


def benefit(one: Person) -> dict[str, bool]:
    month = one.stop.replace(day=1)
    paid = any(job["AJO_JOB_START_DATO"].replace(day=1) == month for job in one.rows["bfl"])
    enrolled = any(spell["ELEV3_VFRA"] <= one.stop <= spell["ELEV3_VTIL"] for spell in one.rows["kotre"])
    if paid or enrolled:
        return {}
    code = one.rows["dream"][0][f"Y_{one.stop.strftime('%G')[2:]}{one.stop.strftime('%V')}"]
    return {"benefit_settled": code not in (None, "997")}


@pytest.fixture(scope="module")
def tables(delivery: Delivery) -> dict[str, Rows]:
    plans = delivery.read("handleplan").with_columns(
        day("OPRETTET_DATO"), day("AFSLUTTET_DATO").fill_null(FAR), day("UNDERSKREVET_DATO")
    )
    activities = delivery.read("planaktivitet").with_columns(
        day(name) for name in ("PLANLAGT_DATO", "BEGYNDT_DATO", "SLUT_DATO")
    )
    krin = followable(delivery.read("krin"), "IND_INRMARK", "IND_FGSLDTO", "IND_LOESLDTO")
    is_right = (pl.col("IND_LOESLDTO") >= pl.col("IND_FGSLDTO")) | (pl.col("IND_LOESLDTO") == NONE)
    jobs = delivery.read("bfl").filter(pl.col("AJO_LOENTIMER").cast(pl.Float64, strict=False) > 0)
    spells = delivery.read("kotre").with_columns(day("ELEV3_VFRA"), day("ELEV3_VTIL").fill_null(FAR))
    frames = {
        "kontakt": delivery.read("kontakt").with_columns(day("KONTAKT_DATO")),
        "handleplan": plans,
        "planaktivitet": activities,
        "krin": krin.filter(is_right),
        "bfl": jobs.with_columns(day("AJO_JOB_START_DATO")),
        "kotre": spells,
        "dream": delivery.read("dream"),
    }
    return {name: by_person(frame) for name, frame in frames.items()}


@pytest.mark.parametrize("name", ["pilot", "comparison"])
def test_each_measure_is_what_the_extracts_say(
    name: str, delivery: Delivery, arms: Mapping[str, pl.DataFrame], tables: Mapping[str, Rows]
) -> None:
    concerned: Counter[str] = Counter()
    reached: Counter[str] = Counter()
    for row in arms[name].iter_rows(named=True):
        found = answers(Person(row, tables))
        concerned.update(list(found))
        reached.update(measure for measure, holds in found.items() if holds)
    told = delivery.truth.process[name]
    assert {measure: (one.n_persons, one.n_reached) for measure, one in told.items()} == {
        measure: (number, reached[measure]) for measure, number in concerned.items()
    }
    assert len(told) == 12


def days_after(one: Person, person: str, absences: Mapping[str, list[date]]) -> list[date]:
    """Days from release to three months later, up to the first absence."""
    month = one.stop.month + 3
    year, month = one.stop.year + (month > 12), (month - 1) % 12 + 1
    end = date(year, month, min(one.stop.day, monthrange(year, month)[1]))
    end = min([end, *(on for on in absences.get(person, []) if on > one.stop)])
    return [one.stop + timedelta(days) for days in range((end - one.stop).days)]


@pytest.fixture(scope="module")
def absences(stays: pl.DataFrame, away: pl.DataFrame, deaths: pl.DataFrame) -> Mapping[str, list[date]]:
    """Days on which a person went to custody, left or died."""
    days: dict[str, list[date]] = defaultdict(list)
    for frame, column in ((stays, "start"), (away, "HAEND_DATO"), (deaths, "DODDATO")):
        for person, on in frame.select("PNR", column).rows():
            days[person].append(on)
    return days


@pytest.mark.parametrize("name", ["pilot", "comparison"])
def test_each_rate_is_what_the_extracts_say(
    name: str,
    delivery: Delivery,
    absences: Mapping[str, list[date]],
    arms: Mapping[str, pl.DataFrame],
    tables: Mapping[str, Rows],
) -> None:
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in arms[name].iter_rows(named=True):
        one = Person(row, tables)
        inside = [one.start + timedelta(days) for days in range((one.stop - one.start).days)]
        contacts = [
            contact["KONTAKT_DATO"]
            for contact in one.rows["kontakt"]
            if contact["KONTAKT_ART"] != "underretning" and contact["FREMMOEDT"] != "0"
        ]
        open_days = [
            on
            for on in inside
            if any(plan["OPRETTET_DATO"] <= on < plan["AFSLUTTET_DATO"] for plan in one.plans("kommune"))
        ]
        found["case_open_days"].append((len(open_days), len(inside)))
        for period, days in (
            ("contacts_in_custody", inside),
            ("contacts_after_release", days_after(one, row["PNR"], absences)),
        ):
            if days:
                found[period].append((sum(days[0] <= on <= days[-1] for on in contacts), len(days)))
    told = delivery.truth.rates[name]
    assert {rate: (one.n_persons, one.n_without, one.n_events, one.n_days) for rate, one in told.items()} == {
        rate: (len(rows), sum(n == 0 for n, _ in rows), sum(n for n, _ in rows), sum(days for _, days in rows))
        for rate, rows in found.items()
    }


def test_the_planted_shares_come_out(delivery: Delivery) -> None:
    """Where the scenario's own share is that of the measure: within four standard errors of it."""
    work, plans = load_scenario("haandholdt_inklusion").release_work, load_scenario("haandholdt_inklusion").plans
    comes = 1 - work.missed_share
    planted = {
        ("comparison", "three_party_meeting"): work.three_party.other * comes,
        ("pilot", "three_party_meeting"): work.three_party.offered * comes,
        ("comparison", "signed_plan"): plans.recorded_other * work.signed.other,
        ("pilot", "signed_plan"): plans.recorded_offered * work.signed.offered,
        ("comparison", "case_open_throughout"): work.case_at_admission * work.case_kept_open.other,
        ("pilot", "case_open_throughout"): work.case_at_admission * work.case_kept_open.offered,
        ("comparison", "plan_in_remand"): plans.recorded_other,
        ("pilot", "plan_in_remand"): plans.recorded_offered,
        ("comparison", "plans_share_area"): work.shared_area.other,
        ("pilot", "plans_share_area"): work.shared_area.offered,
    }
    for (arm, measure), share in planted.items():
        one = delivery.truth.process[arm][measure]
        error = (share * (1 - share) / one.n_persons) ** 0.5
        assert abs(one.n_reached / one.n_persons - share) < 4 * error, (arm, measure)


def test_consultants_meet_those_enrolled_at_the_planted_rates(delivery: Delivery, stays: pl.DataFrame) -> None:
    """Only consultants telephone, a third of their contacts: within three standard errors of a Poisson count."""
    programme = load_scenario("haandholdt_inklusion").programme
    dates = ("TILBUDT_DATO", "INDSKREVET_DATO", "UDSKREVET_DATO")
    # Courses of one person can overlap: those of persons with one offer.
    offers = delivery.read("tilbud").filter(pl.len().over("PNR") == 1)
    offers = offers.with_columns(day(name) for name in dates).drop_nulls(dates)
    courses = offers.join(stays.select("PNR", "start", "stop"), on="PNR")
    courses = courses.filter(pl.col("TILBUDT_DATO").is_between("start", "stop", "left"))
    outside = courses.select("PNR", "UDSKREVET_DATO", start=pl.max_horizontal("INDSKREVET_DATO", "stop"))
    outside = outside.filter(pl.col("start") < pl.col("UDSKREVET_DATO"))
    calls = delivery.read("kontakt").filter(KONTAKT_ART="telefon").with_columns(day("KONTAKT_DATO"))
    made = outside.join(calls, on="PNR").filter(pl.col("KONTAKT_DATO").is_between("start", "UDSKREVET_DATO", "left"))
    weeks = int((outside["UDSKREVET_DATO"] - outside["start"]).dt.total_days().sum()) / 7
    planted = weeks * programme.contacts_per_week_after_release / 3
    assert planted > 1000
    assert abs(made.height - planted) < 3 * planted**0.5


def test_what_the_extracts_cannot_show_is_not_in_the_truth(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'based_on = "haandholdt_inklusion"\nname = "mine"\nextracts = ["krin", "bef", "kontakt", "tilbud"]\n',
        encoding="utf-8",
    )
    truth = write_extracts(tmp_path / "extracts", load_scenario(path), n_persons=700, seed=1)
    assert set(truth.extracts) == {file.stem for file in (tmp_path / "extracts").iterdir()}
    assert set(truth.process["comparison"]) == {
        "three_party_meeting",
        "talks",
        "municipality_told",
        "municipality_told_of_transfer",
    }
