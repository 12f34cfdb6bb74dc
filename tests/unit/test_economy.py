"""Money and dose: amounts worked by hand, intervals against resampling written out plainly."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import polars as pl
import pytest

from evalkit.disclosure import load_policy, release_all
from evalkit.errors import ConfigError, DefinitionError
from evalkit.indicators.cost_effectiveness import CostQuestion, cost_effectiveness
from evalkit.indicators.dose import capacity_steps, dose
from evalkit.indicators.economy import SOCIAL_VALUES, EconomyDefinition, cost_per_person, money_by_year
from evalkit.programmes import load_programme
from evalkit.results import Provenance, Result

PROVENANCE = Provenance("test@0", date(2023, 7, 1), {}, "0", seed=1)


def whole(result: Result) -> bool:
    return set(result.roles) == set(result.tidy().columns)


# --- dose and capacity


def test_days_become_places_by_weight() -> None:
    """Four years free, two in remand at 10 per cent, one in education left to judgement: 4 + 0.2 + (0 to 1)."""
    weights = {one.state: one.weight for one in load_programme("exit").dose_weights}
    counts = pl.DataFrame(
        {"state": ["free", "remand", "education"], "n_persons": [20, 9, 6], "days": [1461.0, 730.5, 365.25]}
    )
    result = dose(counts, weights, PROVENANCE)
    frame = result.tidy()
    assert frame.get_column("places").to_list() == pytest.approx([4, 0.2, None])
    assert frame.get_column("places_least").sum() == pytest.approx(4.2)
    assert frame.get_column("places_most").sum() == pytest.approx(5.2)
    assert frame.get_column("weight").to_list() == [1.0, 0.1, None]
    assert whole(result)


def test_a_state_without_a_weight_is_refused() -> None:
    counts = pl.DataFrame({"state": ["on_the_moon"], "n_persons": [5], "days": [3]})
    with pytest.raises(DefinitionError, match="no weight for on_the_moon"):
        dose(counts, {"free": 1.0}, PROVENANCE)


def test_the_door_hides_the_days_of_few() -> None:
    counts = pl.DataFrame({"state": ["free", "remand"], "n_persons": [20, 4], "days": [1461.0, 100.0]})
    released = release_all((dose(counts, {"free": 1.0, "remand": 0.1}, PROVENANCE),), load_policy("standard"))[0].tidy()
    assert released.filter(state="remand").select("n_persons", "places", "places_least").row(0) == (None, None, None)


def test_capacity_25_to_35_with_its_arithmetic() -> None:
    """25 × 12 = 300 months: 50 courses of six, 33 1/3 of nine; 35 are of 60/7 months."""
    capacity = load_programme("exit").capacity
    assert capacity is not None
    steps = capacity_steps(capacity.places, capacity.months, capacity.extension_months, capacity.persons_per_year)
    assert [step.persons_per_year for step in steps] == pytest.approx([50, float(Fraction(100, 3)), 35])
    assert [step.months for step in steps] == pytest.approx([6, 9, float(Fraction(60, 7))])
    assert [step.text for step in steps] == ["25 × 12 / 6 = 50.0", "25 × 12 / 9 = 33.3", "25 × 12 / 35 = 8.57"]


# --- money


def test_the_values_of_the_social_investment_model_can_be_replaced() -> None:
    assert {name: value.dkk for name, value in SOCIAL_VALUES.items()} == {
        "no_new_crime": 505_300,
        "no_new_serious_crime": 764_000,
        "working_year": 557_000,
    }
    assert {(one.price_year, one.years) for one in SOCIAL_VALUES.values()} == {(2021, 10)}
    own = SOCIAL_VALUES["no_new_crime"].model_copy(update={"dkk": 600_000})
    assert EconomyDefinition(values={"no_new_crime": own}).values["no_new_crime"].dkk == 600_000
    assert EconomyDefinition().values["working_year"].dkk == 557_000


def test_jobupdates_scenario() -> None:
    """1.5 m a prison × 8 + 3 + 4 = 19 m; with six prisons 16 m."""
    budget = load_programme("jobupdate").budget
    assert budget is not None
    assert budget.scenario({}) == pytest.approx(19)
    assert budget.scenario({"prisons": 6}) == pytest.approx(16)
    with pytest.raises(ConfigError, match="no line wardens"):
        budget.scenario({"wardens": 3})


def test_cost_of_each_referred_finished_and_positive() -> None:
    """1,740,000 among 174 is 10,000 each; among 287, 6,062.72; nobody has no cost."""
    result = cost_per_person(1_740_000, {"referred": 287, "finished": 248, "completed": 174, "in_work": 0}, PROVENANCE)
    costs = dict(result.tidy().select("unit", "cost_per_person").iter_rows())
    assert costs == pytest.approx(
        {"referred": 1_740_000 / 287, "finished": 1_740_000 / 248, "completed": 10_000, "in_work": None}
    )
    assert whole(result)
    assert len(release_all((result,), load_policy("standard"))) == 1


def test_money_a_participant_by_year() -> None:
    """4 m among 40 of 2016 is 100,000 each, 5 m among 100 is 50,000; 1.3 m of the 4 m is 32,500. 2019 had nobody."""
    budget = load_programme("haandholdt_inklusion").budget
    assert budget is not None
    lines = [("municipalities" if one.part_of else "all", one.year or 0, one.millions) for one in budget.lines]
    result = money_by_year(lines, {2016: 40, 2017: 100, 2018: 80}, PROVENANCE)
    found = {(row["purpose"], row["year"]): row["per_person"] for row in result.tidy().to_dicts()}
    assert found[("all", 2016)] == 100_000
    assert found[("all", 2017)] == 50_000
    assert found[("municipalities", 2016)] == pytest.approx(32_500)
    assert found[("municipalities", 2018)] == 25_000
    assert found[("all", 2019)] is None
    assert whole(result)
    assert len(release_all((result,), load_policy("standard"))) == 1


# --- cost-effectiveness


def two_arms(n: int, n_reference: int, n_treated: int) -> pl.DataFrame:
    """All followed to day 731; the events fall on day 100."""
    rows = [
        ("comparison", 0, 100, 1, n_reference),
        ("comparison", 0, 731, 0, n - n_reference),
        ("pilot", 0, 100, 1, n_treated),
        ("pilot", 0, 731, 0, n - n_treated),
    ]
    return pl.DataFrame(rows, schema=["arm", "entry_time", "exit_time", "event_type", "n_persons"], orient="row")


def ask(counts: pl.DataFrame, *, seed: int = 1, std_error: float = 0.0, n_draws: int = 2000) -> tuple[Result, Result]:
    question = CostQuestion("comparison", "pilot", 731, 50_000, 505_300, std_error, n_draws)
    return cost_effectiveness(counts, question, PROVENANCE, np.random.default_rng(seed))


def measures(result: Result) -> dict[str, dict[str, float]]:
    return {row["measure"]: row for row in result.tidy().to_dicts()}


def test_an_avoided_reoffender_costs_the_extra_cost_by_the_risk_difference() -> None:
    """40 per cent less 30 per cent; 50,000 / 0.1 = 500,000; 0.1 × 505,300 − 50,000 = 530."""
    summary, plane = ask(two_arms(1000, 400, 300))
    found = measures(summary)
    assert found["avoided_per_person"]["estimate"] == pytest.approx(0.1)
    assert found["cost_per_avoided"]["estimate"] == pytest.approx(500_000)
    assert found["net_benefit_per_person"]["estimate"] == pytest.approx(530)
    assert whole(summary)
    assert whole(plane)
    assert "2000 resamples" in str(getattr(plane.plot(), "alt_text", ""))


def test_the_intervals_are_those_of_plain_resampling() -> None:
    """Without early leavers a resample's risk is a binomial share: drawn here by another generator, 100,000 times."""
    found = measures(ask(two_arms(1000, 400, 300), n_draws=4000)[0])
    rng = np.random.default_rng(99)
    plain = rng.binomial(1000, 0.4, 100_000) / 1000 - rng.binomial(1000, 0.3, 100_000) / 1000
    low, high = np.quantile(plain, [0.025, 0.975])
    # The 2.5 per cent point of 4,000 draws has a standard error of about 0.0009: four of them.
    assert found["avoided_per_person"]["conf_low"] == pytest.approx(low, abs=0.0036)
    assert found["avoided_per_person"]["conf_high"] == pytest.approx(high, abs=0.0036)
    assert found["cost_per_avoided"]["conf_low"] == pytest.approx(50_000 / high, rel=0.05)
    assert found["cost_per_avoided"]["conf_high"] == pytest.approx(50_000 / low, rel=0.08)
    benefit = (505_300 * plain - 50_000 > 0).mean()
    assert found["net_benefit_per_person"]["share_of_draws"] == pytest.approx(benefit, abs=0.03)


def test_where_the_effect_may_be_none_an_avoided_reoffender_has_no_price() -> None:
    """40 against 36 of 100: some resamples avoid nobody, and the ratio runs through infinity."""
    found = measures(ask(two_arms(100, 40, 36))[0])
    assert found["cost_per_avoided"]["estimate"] is None
    assert found["cost_per_avoided"]["conf_high"] is None
    assert found["net_benefit_per_person"]["conf_low"] < 0 < found["net_benefit_per_person"]["conf_high"]
    worse = measures(ask(two_arms(1000, 300, 400))[0])
    assert worse["cost_per_avoided"]["estimate"] is None
    assert worse["avoided_per_person"]["share_of_draws"] == 0


def test_death_competes_and_emigration_censors() -> None:
    """In the pilot 100 of 1000 die before anybody's event: the risk stays 300 of 1000."""
    counts = two_arms(1000, 400, 300).with_columns(
        n_persons=pl.when((pl.col("arm") == "pilot") & (pl.col("event_type") == 0)).then(600).otherwise("n_persons")
    )
    dead = pl.DataFrame([("pilot", 0, 50, 2, 100)], schema=counts.schema, orient="row")
    found = measures(ask(pl.concat([counts, dead]))[0])
    assert found["avoided_per_person"]["estimate"] == pytest.approx(0.1)


def test_one_seed_makes_one_answer_whatever_the_order_of_the_rows() -> None:
    counts = two_arms(1000, 400, 300)
    first, second, other = ask(counts)[0].tidy(), ask(counts.reverse())[0].tidy(), ask(counts, seed=2)[0].tidy()
    assert first.equals(second)
    assert not first.equals(other)


def test_a_measured_cost_has_an_interval() -> None:
    """A standard error of 1,000: 50,000 ± 1,960, by 4,000 draws."""
    found = measures(ask(two_arms(1000, 400, 300), std_error=1000.0, n_draws=4000)[0])["extra_cost_per_person"]
    assert (found["conf_low"], found["conf_high"]) == pytest.approx((48_040, 51_960), abs=170)
    known = measures(ask(two_arms(1000, 400, 300))[0])["extra_cost_per_person"]
    assert (known["conf_low"], known["conf_high"]) == (50_000, 50_000)


def quadrants(plane: Result) -> dict[str, tuple[float, float]]:
    return {row["quadrant"]: (row["share_of_draws"], row["share_worth_it"]) for row in plane.tidy().to_dicts()}


def test_the_plane_says_how_many_resamples_lie_where() -> None:
    """With 50,000 known, all cost more; avoided is about normal(0.04, 0.0687): 72.0 per cent above zero.

    0.0687 is the root of (0.4 × 0.6 + 0.36 × 0.64) / 100. Worth it is above 50,000 / 505,300 = 0.09895: 19.5 per cent.
    A share of 4,000 resamples has a standard error of at most 0.008, and the steps of 1/100 are 0.15 of a standard
    deviation, so a normal curve is a few per cent off.
    """
    found = quadrants(ask(two_arms(100, 40, 36), n_draws=4000)[1])
    assert list(found) == ["fewer_dearer", "more_dearer", "fewer_cheaper", "more_cheaper"]
    assert found["fewer_dearer"] == pytest.approx((0.720, 0.195), abs=0.05)
    assert found["more_dearer"] == pytest.approx((0.280, 0), abs=0.05)
    assert found["fewer_cheaper"] == found["more_cheaper"] == (0, 0)
    assert sum(share for share, _ in found.values()) == pytest.approx(1)


def test_what_costs_less_is_worth_it_where_it_avoids_any() -> None:
    """The extra cost is normal(0, 1,000), nobody's event is avoided for certain: a quarter in each quadrant."""
    question = CostQuestion("comparison", "pilot", 731, 0, 505_300, 1000, 4000)
    plane = cost_effectiveness(two_arms(1000, 400, 400), question, PROVENANCE, np.random.default_rng(5))[1]
    found = quadrants(plane)
    # About 0.4 × 1/22 of the resamples avoid exactly nobody and stand with those that have more.
    assert [share for share, _ in found.values()] == pytest.approx([0.25] * 4, abs=0.03)
    assert found["fewer_cheaper"][0] == found["fewer_cheaper"][1]
    assert found["more_dearer"][1] == 0
    assert measures(ask(two_arms(1000, 400, 300))[0])["cost_per_avoided"]["estimate"] is not None


def test_what_costs_nothing_more_has_no_price_for_an_avoided_reoffender() -> None:
    question = CostQuestion("comparison", "pilot", 731, -5_000, 505_300, 0, 500)
    summary = cost_effectiveness(two_arms(1000, 400, 300), question, PROVENANCE, np.random.default_rng(1))[0]
    found = measures(summary)
    assert found["cost_per_avoided"]["estimate"] is None
    assert found["net_benefit_per_person"]["estimate"] == pytest.approx(0.1 * 505_300 + 5_000)


def test_on_an_axis_is_neither_fewer_nor_dearer() -> None:
    """In both arms all reoffend, at no extra cost."""
    question = CostQuestion("comparison", "pilot", 731, 0, 505_300, 0, 500)
    plane = cost_effectiveness(two_arms(100, 100, 100), question, PROVENANCE, np.random.default_rng(1))[1]
    assert quadrants(plane)["more_cheaper"] == (1, 0)


def test_the_door_takes_the_summary_and_the_plane() -> None:
    policy = load_policy("standard")
    summary, plane = release_all(ask(two_arms(1000, 400, 300)), policy)
    assert summary.tidy().get_column("estimate").null_count() == 0
    assert plane.tidy().height == 4


def test_amounts_tell_no_more_than_the_difference_does() -> None:
    """280 less 208 of 700 is 0.10286; a person is 0.00143 and five are 0.00714, so steps are 0.002 and 0.01: 0.102."""
    released = release_all(ask(two_arms(700, 280, 208)), load_policy("standard"))[0].tidy()
    found = {row["measure"]: row for row in released.to_dicts()}
    assert found["avoided_per_person"]["estimate"] == pytest.approx(0.102)
    assert found["cost_per_avoided"]["estimate"] == pytest.approx(50_000 / 0.102)
    assert found["net_benefit_per_person"]["estimate"] == pytest.approx(0.102 * 505_300 - 50_000)
    for low, high in (("conf_low", "conf_high"), ("conf_high", "conf_low")):
        shown = found["avoided_per_person"][low]
        assert 100 * shown == pytest.approx(round(100 * shown))
        assert found["net_benefit_per_person"][low] == pytest.approx(shown * 505_300 - 50_000)
        # Steps of 0.5 DKK, at which the door rounds, are a millionth of these amounts.
        assert found["cost_per_avoided"][high] == pytest.approx(50_000 / shown, rel=1e-5)


def test_shares_of_resamples_are_rounded_to_what_a_person_moves() -> None:
    """The root of 100 is 10: tenths."""
    summary, plane = release_all(ask(two_arms(100, 41, 36)), load_policy("standard"))
    shares = [
        *summary.tidy().get_column("share_of_draws").drop_nulls(),
        *plane.tidy().get_column("share_of_draws"),
        *plane.tidy().get_column("share_worth_it"),
    ]
    assert all(10 * share == pytest.approx(round(10 * share), abs=1e-9) for share in shares)


def test_the_numbers_of_a_small_group_stay_inside() -> None:
    for released in release_all(ask(two_arms(4, 2, 1)), load_policy("standard")):
        frame = released.tidy()
        columns = [name for name in ("n_treated", "estimate", "share_of_draws") if name in frame.columns]
        assert all(frame.get_column(name).null_count() == frame.height for name in columns)
