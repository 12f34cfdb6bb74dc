"""The made-up Exit programme: what is planted comes out, its truth is right, and its extracts are taken in whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from evalkit.errors import ConfigError
from evalkit.registers import ExtractSpec, check_extracts, ingest
from evalkit.synthetic import Scenario, load_scenario
from evalkit.synthetic.days import NEVER
from evalkit.synthetic.exit_cases import ExitTables, draw_exit
from evalkit.synthetic.exit_registers import EXIT_LAYOUTS, exit_frame
from evalkit.synthetic.exit_scenario import COMPASS, ExitPlan
from evalkit.synthetic.exit_truth import ExitTruth, exit_truth
from evalkit.synthetic.registers import register_frame
from evalkit.synthetic.world import World, simulate_world
from evalkit.warehouse import open_warehouse
from tests.unit.exit_reading import Reading, months_later

REGISTERS = ("krsi", "kraf", "dod", "vnds", "bfl", "kotre")


@dataclass(frozen=True)
class Made:
    scenario: Scenario
    plan: ExitPlan
    world: World
    tables: ExitTables
    truth: ExitTruth
    reading: Reading


def draw(n_persons: int, seed: int) -> tuple[Scenario, World, ExitTables]:
    scenario, rng = load_scenario("exit"), np.random.Generator(np.random.PCG64(seed))
    world = simulate_world(rng, scenario, n_persons, lambda _: None)
    return scenario, world, draw_exit(rng, scenario, world)


@pytest.fixture(scope="module")
def made() -> Made:
    scenario, world, tables = draw(20_000, seed=8)
    assert scenario.exit is not None
    rng = np.random.Generator(np.random.PCG64(1))
    frames = {layout: register_frame(layout, rng, world) for layout in REGISTERS}
    frames |= {layout: exit_frame(layout, world, tables) for layout in EXIT_LAYOUTS}
    blank = {layout: frame.with_columns(pl.col(pl.String).replace({"": None})) for layout, frame in frames.items()}
    reading = Reading(blank, scenario.calendar.vintage)
    return Made(scenario, scenario.exit, world, tables, exit_truth(world, tables), reading)


def near(share: float, n: int) -> object:
    """Four standard deviations of a share of so many: the seed is fixed, and another must not fail either."""
    return pytest.approx(share, abs=4 * (share * (1 - share) / n) ** 0.5)


def test_some_five_hundred_are_enrolled_of_twenty_thousand(made: Made) -> None:
    assert 400 <= made.truth.n_enrolled <= 600
    assert made.truth.n_referred < made.truth.n_cases < made.truth.n_referred + 60
    assert len(made.reading.first) == made.truth.n_referred
    assert len(made.reading.enrolled) == made.truth.n_enrolled


def test_the_referred_are_18_to_25_and_live_in_copenhagen_or_are_paid_for(made: Made) -> None:
    births = dict(zip(made.world.people.pseudonym, made.world.people.birth.astype("datetime64[D]"), strict=True))
    for person, cases in made.reading.rows["exit_sag"].items():
        birth = births[person].astype(object)
        for case in cases:
            day = case["HENVIST_DATO"]
            age = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
            assert 18 <= age <= 25
            assert case["KOMMUNE"] == "101" or case["AFGOERELSE"] == "afvist" or case["BETALINGSTILSAGN"] != 0


def test_the_phases_keep_to_their_time(made: Made) -> None:
    completed = [case for case in made.reading.enrolled.values() if case["UDSKRIVNING"] == "gennemfoert"]
    assert len(completed) > 200
    for case in completed:
        start, guidance, outro, end = (
            case[f"{name}_DATO"] for name in ("INDSKREVET", "VEJLEDNING", "OUTRO", "UDSKREVET")
        )
        assert 2 <= (case["VISITATION_DATO"] - case["HENVIST_DATO"]).days <= 14
        assert guidance <= months_later(start, 3)
        assert months_later(guidance, 2) <= outro <= months_later(guidance, 10)
        assert months_later(outro, 1) <= end <= months_later(start, 12)
    mean = float(np.mean([(case["UDSKREVET_DATO"] - case["INDSKREVET_DATO"]).days for case in completed]))
    # Six months; the standard deviation of a course is some 45 days.
    assert mean == pytest.approx(182.6, abs=4 * 45 / len(completed) ** 0.5 + 4)


def test_a_second_case_follows_a_sentence(made: Made) -> None:
    again = {person: cases for person, cases in made.reading.rows["exit_sag"].items() if len(cases) > 1}
    assert 5 <= len(again) <= 60
    people = {str(name): place for place, name in enumerate(made.world.people.pseudonym)}
    for person, cases in again.items():
        first, second = sorted(cases, key=lambda case: case["HENVIST_DATO"])
        assert first["UDSKRIVNING"].startswith("afbrudt")
        released = made.world.stays.filter(pl.col("person") == people[person])["release"]
        since = [(second["HENVIST_DATO"] - date(1970, 1, 1)).days - day for day in released if day < NEVER]
        assert any(1 <= days <= 30 for days in since)


def test_nothing_is_known_on_the_day_of_the_vintage_or_later(made: Made) -> None:
    for layout in EXIT_LAYOUTS:
        frame = exit_frame(layout, made.world, made.tables)
        days = frame.select(pl.col(pl.Date).max()).row(0)
        assert max(day for day in days if day) < made.scenario.calendar.vintage, layout


def test_what_is_planted_comes_out(made: Made) -> None:
    plan, truth = made.plan, made.truth
    ended = truth.n_enrolled - truth.ends["open"] - truth.ends["died"]
    # Those who leave the country break off, and courses that go on are short of completers: two points of room.
    assert truth.ends["completed"] / ended == pytest.approx(plan.discharge["gennemfoert"], abs=0.085 + 0.02)
    assert truth.plans["continuing"] / (truth.plans["continuing"] + truth.plans["not_continued"]) == near(
        plan.plan_goes_on, truth.plans["continuing"]
    )
    with_work = 1 - truth.plans["no_plan_recorded"] / sum(truth.plans.values())
    assert with_work == near(plan.plan_share * plan.work_plan_share, truth.ends["completed"])
    offers = made.tables.cases.filter("has_offer")
    assert offers.height / made.tables.cases.filter(pl.col("enrolled") < NEVER).height == near(
        plan.offer_share, truth.n_enrolled
    )
    missed = made.tables.contacts["attended"] == 0
    assert 0.08 < missed.sum() / missed.len() < plan.missed_share
    # Whoever leaves after a few days has no time to be late: those short courses are kept by everybody.
    assert plan.cadence_kept - 0.08 < truth.cadence.n_reached / truth.cadence.n_persons < plan.cadence_kept + 0.12


def test_the_compass_rises_as_planted_over_completed_courses(made: Made) -> None:
    completers = {one for one, case in made.reading.enrolled.items() if case["UDSKRIVNING"] == "gennemfoert"}
    once = {one for one in completers if len(made.reading.rows["exit_sag"][one]) == 1}
    for dimension in COMPASS:
        rows = {one: made.reading.of("forandringskompas", one) for one in once}
        both = {
            one: {row["ANLEDNING"]: row["SCORE"] for row in scores if row["DIMENSION"] == dimension}
            for one, scores in rows.items()
        }
        changes = [one["outro"] - one["intro"] for one in both.values() if one.get("outro") and one.get("intro")]
        # The ends of the scale and short courses take up to a fifth of it; four standard errors of a change of sd 1.3.
        planted = made.plan.compass_change[dimension]
        assert planted * 0.8 - 0.35 < float(np.mean(changes)) < planted + 0.35, dimension


def test_measurements_are_missing_both_as_rows_and_as_blanks(made: Made) -> None:
    compass = exit_frame("forandringskompas", made.world, made.tables)
    days = compass.select("PNR", "MAALT_DATO").n_unique() * len(COMPASS)
    assert 1 - compass.height / days == near(made.plan.compass_missing / 2, days)
    assert compass["SCORE"].null_count() / days == near(made.plan.compass_missing / 2, days)


def test_the_truth_of_courses_is_what_a_slow_reading_finds(made: Made) -> None:
    truth, reading = made.truth, made.reading
    names = {
        "gennemfoert": "completed",
        "afbrudt_frivilligt": "interrupted_by_person",
        "afbrudt_ufrivilligt": "interrupted_by_programme",
        "doed": "died",
        "open": "open",
    }
    found = {names[end]: n for end, n in reading.ends().items()}
    assert truth.ends == {name: found.get(name, 0) for name in truth.ends}
    for months in range(1, 13):
        interrupted = reading.ended_within({"afbrudt_frivilligt", "afbrudt_ufrivilligt"}, months)
        assert truth.ended_by_month["interrupted"][str(months)] == interrupted
        assert truth.ended_by_month["completed"][str(months)] == reading.ended_within({"gennemfoert"}, months)
    assert (truth.cadence.n_persons, truth.cadence.n_reached) == reading.cadence()
    assert (truth.follow_up.n_persons, truth.follow_up.n_reached) == reading.follow_up()
    assert (truth.later_follow_up.n_persons, truth.later_follow_up.n_reached) == reading.later_follow_up()


def test_the_truth_of_crime_is_what_a_slow_reading_finds(made: Made) -> None:
    truth, came = made.truth, made.reading.came_first()
    assert truth.not_charged.n_persons - truth.not_charged.n_reached == made.reading.n_charged() > 20
    found = truth.not_convicted
    assert found.n_ended == len(made.reading.ended())
    assert found.n_mature == len(made.reading.mature()) == came.total()
    assert (found.n_convicted, found.n_died, found.n_emigrated) == (
        came["convicted"],
        came["died"],
        came["emigrated"],
    )
    assert found.n_convicted > 50


def test_the_truth_of_offers_and_plans_is_what_a_slow_reading_finds(made: Made) -> None:
    offers, plans = made.reading.offers(), made.reading.plans()
    assert made.truth.offers == {state: offers[state] for state in made.truth.offers}
    assert made.truth.plans == {state: plans[state] for state in made.truth.plans}
    assert min(made.truth.offers.values()) > 0
    assert min(made.truth.plans["continuing"], made.truth.plans["not_continued"]) > 10


def test_the_truth_of_change_is_what_a_slow_reading_finds(made: Made) -> None:
    for dimension, change in made.truth.compass.items():
        found = made.reading.changes("forandringskompas", [("DIMENSION", dimension)])
        assert (change.n_pairs, change.mean_change) == (len(found), round(float(np.mean(found)), 6))
    mature = made.reading.mature()
    for dimension, change in made.truth.compass_mature.items():
        found = made.reading.changes("forandringskompas", [("DIMENSION", dimension)], mature)
        assert (change.n_pairs, change.mean_change) == (len(found), round(float(np.mean(found)), 6))
        assert len(found) < made.truth.compass[dimension].n_pairs
    for name, change in made.truth.psychology.items():
        number = int(name.removeprefix("theme_")) if name != "test" else None
        found = made.reading.changes("tilvaerelsespsykologi", [("TEMA_NR", number)])
        assert (change.n_pairs, change.mean_change) == (len(found), round(float(np.mean(found)), 6))


def test_days_add_up_to_those_enrolled(made: Made) -> None:
    last = made.scenario.calendar.vintage
    days = [(case["UDSKREVET_DATO"] or last) - case["INDSKREVET_DATO"] for case in made.reading.enrolled.values()]
    assert sum(made.truth.days.values()) == sum(day.days for day in days)
    assert made.truth.days["serving"] > made.truth.days["remand"] > 0


def test_every_row_is_taken_in(made: Made, tmp_path: Path) -> None:
    for layout in EXIT_LAYOUTS:
        frame = exit_frame(layout, made.world, made.tables).with_columns(pl.col(pl.String).replace({"": None}))
        frame.write_csv(tmp_path / f"{layout}.csv")
    specs = [ExtractSpec(layout=layout, path=f"{layout}.csv") for layout in EXIT_LAYOUTS]
    check_extracts(specs, root=tmp_path)
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        deliveries = ingest(warehouse, specs, root=tmp_path)
    for delivery in deliveries:
        assert (delivery.n_staged, delivery.n_quarantined, dict(delivery.rules)) == (delivery.n_delivered, 0, {})
    assert sum(delivery.n_staged for delivery in deliveries) > 20_000


def test_the_same_seed_gives_the_same_tables() -> None:
    first, second = (draw(1500, seed=4) for _ in range(2))
    for layout in EXIT_LAYOUTS:
        assert exit_frame(layout, *first[1:]).equals(exit_frame(layout, *second[1:])), layout


def test_a_scenario_without_the_programme_is_refused(made: Made) -> None:
    without = made.scenario.model_copy(update={"exit": None})
    with pytest.raises(ConfigError, match=r"no table \[exit\]"):
        draw_exit(np.random.Generator(np.random.PCG64(1)), without, made.world)


@pytest.mark.parametrize("n_persons", [100, 300])
def test_a_small_world_has_a_truth_too(n_persons: int) -> None:
    _, world, tables = draw(n_persons, seed=2)
    truth = exit_truth(world, tables)
    assert sum(truth.ends.values()) == truth.n_enrolled <= truth.n_referred
