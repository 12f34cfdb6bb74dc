"""The made-up Norwegian registers: what is planted comes out, their truth is right, and they are taken in whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import polars.selectors as cs
import pytest

from evalkit.registers import ExtractSpec, check_extracts, ingest
from evalkit.synthetic import load_scenario
from evalkit.synthetic.norway import NorwayTables, draw_norway
from evalkit.synthetic.norway_registers import NORWAY_LAYOUTS, norway_frame
from evalkit.synthetic.norway_scenario import DOMAINS, NorwayPlan
from evalkit.synthetic.norway_truth import NorwayTruth, norway_truth
from evalkit.synthetic.reached import Reached
from evalkit.warehouse import open_warehouse
from tests.unit.norway_reading import Reading, Stay

AREAS = dict(
    zip(DOMAINS, ("housing", "education", "employment", "treatment", "health", "economy", "network"), strict=True)
)


@dataclass(frozen=True)
class Made:
    plan: NorwayPlan
    tables: NorwayTables
    truth: NorwayTruth
    reading: Reading
    released: list[Stay]


def norway_plan() -> NorwayPlan:
    plan = load_scenario("kvp_samordning").norway
    assert plan is not None
    return plan


def frames(tables: NorwayTables) -> dict[str, pl.DataFrame]:
    written = {layout: norway_frame(layout, tables) for layout in NORWAY_LAYOUTS}
    return {layout: frame.with_columns(pl.col(pl.String).replace({"": None})) for layout, frame in written.items()}


@pytest.fixture(scope="module")
def made() -> Made:
    plan = norway_plan()
    tables = draw_norway(np.random.Generator(np.random.PCG64(3)), plan, 3000)
    window = (plan.calendar.window_start, plan.calendar.window_end)
    reading = Reading(frames(tables), window, plan.within_days)
    return Made(plan, tables, norway_truth(tables), reading, reading.released())


def near(share: float, n: int) -> object:
    """Four standard deviations of a share of so many: the seed is fixed, and another must not fail either."""
    return pytest.approx(share, abs=4 * (share * (1 - share) / n) ** 0.5)


def reached(made: Made, measure: str) -> float:
    found = made.truth.measures[measure]
    return found.n_reached / found.n_persons


def test_what_is_planted_on_the_day_of_release_comes_out(made: Made) -> None:
    plan, n = made.plan, made.truth.n_persons
    assert n > 1500
    assert reached(made, "work_at_release") == near(plan.state_at_release["2"], n)
    # Those on a measure, by either code.
    planted = plan.state_at_release["3"] + plan.state_at_release["14"]
    assert reached(made, "other_measure_at_release") == near(planted, n)
    assert reached(made, "case_open_at_release") == pytest.approx(plan.municipal_plan, abs=0.08)
    # Programmes of an earlier release last into some stays: up to five points more are in one.
    assert plan.kvp_before - 0.03 < reached(made, "kvp_at_release") < plan.kvp_before + 0.06
    within = plan.kvp_before + plan.kvp_within_days
    assert within - 0.04 < reached(made, "kvp_within_days") < within + 0.06


def test_needs_and_whether_they_are_met_come_out(made: Made) -> None:
    for domain, area in AREAS.items():
        found = made.truth.measures[f"need_met_{area}"]
        # Activities of a stay before add a few needs, which are met more often than not.
        need = made.plan.needs[domain]
        assert need - 0.04 < found.n_persons / made.truth.n_persons < need + 0.08, area
        assert reached(made, f"need_met_{area}") == pytest.approx(made.plan.met[domain], abs=0.08), area


def test_the_seeds_levels_are_those_of_the_source(made: Made) -> None:
    """NAV's slides, after Fafo 2004: two thirds without a home at release, 70 % without work, 60 % misused drugs."""
    needs = made.plan.needs
    assert (needs["bolig"], needs["beskaeftigelse"], needs["behandling"]) == (0.67, 0.70, 0.60)


def test_who_is_released_is_what_a_slow_reading_finds(made: Made) -> None:
    assert made.truth.n_persons == len(made.released)
    assert made.truth.n_transfers == sum(stay.n_transfers for stay in made.released)
    assert made.truth.n_transfers_in_all == sum(stay.n_transfers for stay in made.reading.stays)
    assert made.truth.n_transfers > 500


def test_the_measures_are_what_a_slow_reading_finds(made: Made) -> None:
    reading, everyone = made.reading, made.released
    found = {
        "work_at_release": [reading.has_state(stay, {2}) for stay in everyone],
        "other_measure_at_release": [reading.has_state(stay, {3, 14}) for stay in everyone],
        "kvp_at_release": [reading.in_programme(stay, 0) for stay in everyone],
        "kvp_within_days": [reading.in_programme(stay, 30) for stay in everyone],
        "case_open_at_release": [reading.has_open_case(stay) for stay in everyone],
        "no_transfer": [stay.n_transfers == 0 for stay in everyone],
    }
    for domain, area in AREAS.items():
        needs = (reading.need(stay, domain) for stay in everyone)
        found[f"need_met_{area}"] = [met for met in needs if met is not None]
    expected = {name: Reached(n_persons=len(one), n_reached=sum(one)) for name, one in found.items()}
    assert made.truth.measures == expected


def test_programme_ends_are_what_a_slow_reading_finds(made: Made) -> None:
    ends = Counter(made.reading.programme_end(stay) for stay in made.released)
    assert made.truth.kvp_exits == {name: ends[name] for name in made.truth.kvp_exits}
    n_ended = sum(n for name, n in made.truth.kvp_exits.items() if name != "open")
    assert n_ended > 300
    # An exit that stands first takes a few that have two.
    assert made.truth.kvp_exits["ordinary_work"] / n_ended == pytest.approx(
        made.plan.kvp_exits["AVSL_ORDINAERTARB"], abs=0.07
    )


def test_stays_do_not_touch_and_a_sentence_after_remand_is_in_another_prison(made: Made) -> None:
    stays = sorted(made.reading.stays, key=lambda stay: (stay.person, stay.admission))
    for one, other in pairwise(stays):
        assert one.person != other.person or other.admission - one.release >= timedelta(20)
    rows = frames(made.tables)["kriminalomsorgen"].sort("INNSETTELSE_ID", "INNSATT_DATO")
    same = pl.col("INNSETTELSE_ID") == pl.col("INNSETTELSE_ID").shift(1)
    changes = rows.filter(same & (pl.col("GRUNNLAG") == "dom") & (pl.col("GRUNNLAG").shift(1) == "varetekt"))
    assert changes.height > 300
    assert rows.filter(same & (pl.col("FENGSEL") == pl.col("FENGSEL").shift(1))).is_empty()


def test_a_programme_comes_again_each_year_and_ends_in_the_last(made: Made) -> None:
    forms = frames(made.tables)["kvp_2024"]
    programmes = forms.sort("VERSION").group_by("PERSON_FODSELSNR", "BEGYNT_DATO", maintain_order=True)
    several = 0
    for _, rows in programmes:
        years = [int(year) for year in rows["VERSION"]]
        assert years == list(range(years[0], years[0] + len(years)))
        assert int(rows["BEGYNT_DATO"][0][-2:]) == years[0]
        assert set(rows["STATUS"][:-1]) <= {1}
        assert set(rows["AVSL_DATO"][:-1]) <= {"000000"}
        several += len(years) > 1
    assert several > 300


def test_nothing_is_known_on_the_day_of_the_vintage_or_later(made: Made) -> None:
    for layout, frame in frames(made.tables).items():
        known = frame.select(cs.date() - cs.by_name("PLANLAGT_LOSLATELSE_DATO", require_all=False))
        days = known.max().row(0) if known.width else (date.min,)
        assert max(day for day in days if day) < made.plan.calendar.vintage, layout


def test_every_row_is_taken_in(made: Made, tmp_path: Path) -> None:
    for layout, frame in frames(made.tables).items():
        frame.write_csv(tmp_path / f"{layout}.csv")
    specs = [ExtractSpec(layout=layout, path=f"{layout}.csv") for layout in NORWAY_LAYOUTS]
    check_extracts(specs, root=tmp_path)
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        deliveries = ingest(warehouse, specs, root=tmp_path)
        n_persons = warehouse.fetch("SELECT count(*) AS n FROM vault.person")["n"].item()
    for delivery in deliveries:
        assert (delivery.n_staged, delivery.n_quarantined, dict(delivery.rules)) == (delivery.n_delivered, 0, {})
    # One text in every register: no person more than those who are in prison.
    assert n_persons == 3000


def test_the_same_seed_gives_the_same_bytes() -> None:
    plan = norway_plan()
    first, second = (draw_norway(np.random.Generator(np.random.PCG64(9)), plan, 400) for _ in range(2))
    other = draw_norway(np.random.Generator(np.random.PCG64(10)), plan, 400)
    for layout in NORWAY_LAYOUTS:
        assert norway_frame(layout, first).write_csv() == norway_frame(layout, second).write_csv()
        assert norway_frame(layout, first).write_csv() != norway_frame(layout, other).write_csv()


def test_no_registers_are_too_small() -> None:
    tables = draw_norway(np.random.Generator(np.random.PCG64(1)), norway_plan(), 1)
    assert norway_truth(tables).n_persons <= 1
    assert all(norway_frame(layout, tables).width > 3 for layout in NORWAY_LAYOUTS)
