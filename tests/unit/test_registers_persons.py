"""Are the persons there again, and are they in the population? Twenty persons and more, by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from evalkit.registers import Delivery, load_contract
from evalkit.registers.deliveries.views import show
from evalkit.registers.evidence.persons import InPopulation, ThereAgain
from evalkit.registers.evidence.trust import Limits, TrustDefinition, Verdict
from evalkit.registers.evidence.weigh import Evidence, weigh
from evalkit.warehouse import Warehouse, open_warehouse
from tests.unit.deliveries import deliver

QUARTERS = (date(2022, 7, 1), date(2022, 10, 1))


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with open_warehouse() as opened:
        yield opened


def contacts(persons: Sequence[int], *, shift: int = 0, of: int = 2021) -> dict[str, Any]:
    """One contact a person, on a day of the year that is the person's own."""
    days = [date(of, 1, 1) + timedelta(days=(number + shift) % 360) for number in range(len(persons))]
    return {"person_key": list(persons), "KONTAKT_DATO": days, "KONTAKT_ART": ["telefon"] * len(persons)}


def weighed(warehouse: Warehouse, deliveries: Sequence[Delivery], trust: TrustDefinition | None = None) -> Evidence:
    show(warehouse, deliveries)
    return weigh(warehouse, deliveries, {one.layout: load_contract(one.layout) for one in deliveries}, trust)


def again(
    warehouse: Warehouse, before: dict[str, Any], now: dict[str, Any], trust: TrustDefinition | None = None
) -> ThereAgain:
    """Deliver contacts twice and weigh the second."""
    deliver(warehouse, "kontakt", QUARTERS[0], before)
    return weighed(warehouse, [deliver(warehouse, "kontakt", QUARTERS[1], now)], trust).there_again[0]


def test_an_ordinary_quarter(warehouse: Warehouse) -> None:
    # All but one of a hundred are there again; one of them was corrected to another day; ten are new.
    before, now = contacts(range(100)), contacts([*range(99), *range(200, 211)])
    now["KONTAKT_DATO"][7] = date(2021, 12, 30)
    assert again(warehouse, before, now) == ThereAgain("kontakt", QUARTERS[0], True, 100, 1, 2, Verdict.AS_EXPECTED)


def test_pseudonyms_of_another_key_stop(warehouse: Warehouse) -> None:
    found = again(warehouse, contacts(range(100)), contacts(range(1000, 1100)))
    assert found == ThereAgain("kontakt", QUARTERS[0], True, 100, 100, 100, Verdict.STOP)


def test_pseudonyms_from_one_on_that_were_dealt_anew_stop(warehouse: Warehouse) -> None:
    # Everybody is there again, with somebody else's days.
    found = again(warehouse, contacts(range(100)), contacts(range(100), shift=50))
    assert found == ThereAgain("kontakt", QUARTERS[0], True, 100, 0, 100, Verdict.STOP)


def test_fewer_than_half_stop_and_more_are_looked_at(warehouse: Warehouse) -> None:
    # Wilson: of 200, 130 gone are at the least 58 per cent and 100 gone 43.
    assert again(warehouse, contacts(range(200)), contacts(range(70))).verdict is Verdict.STOP
    assert again(warehouse, contacts(range(200)), contacts(range(100))).verdict is Verdict.LOOK


def test_a_study_can_let_it_pass(warehouse: Warehouse) -> None:
    trust = TrustDefinition(layouts={"kontakt": {"not_there_again": Limits(look=1.0, stop=1.0)}})
    found = again(warehouse, contacts(range(100)), contacts(range(1000, 1100)), trust)
    assert (found.n_gone, found.verdict) == (100, Verdict.AS_EXPECTED)


def test_who_has_rows_in_an_open_year_only_need_not_be_there_again(warehouse: Warehouse) -> None:
    # A window that moves on: 50 persons of 2022 are gone and do not count, the 100 of 2021 do.
    old, young = contacts(range(100)), contacts(range(500, 550), of=2022)
    before = {name: [*old[name], *young[name]] for name in old}
    found = again(warehouse, before, old)
    assert (found.by_year, found.n_persons, found.n_gone) == (True, 100, 0)


def test_a_register_without_its_past_need_not_have_the_same_persons(warehouse: Warehouse) -> None:
    # Each delivery is its own year. Of 100 persons 30 come again, which no rule forbids.
    found = again(warehouse, contacts(range(100), of=2021), contacts(range(70, 170), of=2022))
    assert (found.by_year, found.n_persons, found.n_gone, found.verdict) == (False, 100, 70, Verdict.LOOK)


def test_a_register_without_its_past_stops_where_nobody_comes_again(warehouse: Warehouse) -> None:
    found = again(warehouse, contacts(range(100), of=2021), contacts(range(100, 200), of=2022))
    assert (found.by_year, found.n_gone, found.verdict) == (False, 100, Verdict.STOP)


def test_a_longer_past_makes_nobody_another(warehouse: Warehouse) -> None:
    # Two years of the past are new, with an earlier first date for everybody.
    old, new = contacts(range(100)), contacts(range(100), of=2019)
    found = again(warehouse, old, {name: [*old[name], *new[name]] for name in old})
    assert (found.by_year, found.n_persons, found.n_other) == (True, 100, 0)


def test_a_delivery_of_a_contract_without_the_date_is_held_to_its_persons(warehouse: Warehouse) -> None:
    first = deliver(warehouse, "kontakt", QUARTERS[0], contacts(range(100)))
    warehouse.execute(f'ALTER TABLE delivered."kontakt_{first.number}" DROP COLUMN "KONTAKT_DATO"')
    now = deliver(warehouse, "kontakt", QUARTERS[1], contacts(range(50, 150)))
    found = weighed(warehouse, [now]).there_again[0]
    assert (found.by_year, found.n_persons, found.n_gone, found.n_other) == (True, 100, 50, 50)


def test_three_persons_say_nothing(warehouse: Warehouse) -> None:
    # Three of three are at the least 44 per cent.
    assert again(warehouse, contacts(range(3)), contacts(range(10, 13))).verdict is Verdict.LOOK


def test_nobody_before_is_no_collapse(warehouse: Warehouse) -> None:
    before = {name: values * 1 for name, values in contacts(range(1)).items()} | {"_rule": ["set aside"]}
    found = again(warehouse, before, contacts(range(50)))
    assert (found.n_persons, found.verdict) == (0, Verdict.AS_EXPECTED)


def test_rows_without_any_date_are_all_due(warehouse: Warehouse) -> None:
    # DREAM has one row a person, and no filled date: whoever was there should be.
    deliver(warehouse, "dream", QUARTERS[0], {"person_key": list(range(40))})
    now = deliver(warehouse, "dream", QUARTERS[1], {"person_key": list(range(30, 70))})
    found = weighed(warehouse, [now]).there_again[0]
    assert found == ThereAgain("dream", QUARTERS[0], True, 40, 30, 30, Verdict.STOP)


def population(warehouse: Warehouse, persons: Sequence[int]) -> Delivery:
    n = len(persons)
    rows: dict[str, Any] = {"person_key": list(persons)}
    rows |= {"FOED_DAG": [date(1980, 1, 1)] * n, "REFERENCETID": [date(2021, 12, 31)] * n}
    return deliver(warehouse, "bef", QUARTERS[0], rows)


@pytest.mark.parametrize(
    ("n_missing", "verdict"), [(5, Verdict.AS_EXPECTED), (30, Verdict.LOOK), (98, Verdict.STOP), (100, Verdict.STOP)]
)
def test_who_is_not_in_the_population(warehouse: Warehouse, n_missing: int, verdict: Verdict) -> None:
    # Wilson: 30 of 100 are at the least 21.9 per cent, 98 of 100 are 93.0.
    residents = population(warehouse, range(n_missing, 300))
    kontakt = deliver(warehouse, "kontakt", QUARTERS[0], contacts(range(100)))
    assert weighed(warehouse, [kontakt, residents]).in_population == (InPopulation("kontakt", 100, n_missing, verdict),)


def test_without_a_population_register_nobody_is_missing(warehouse: Warehouse) -> None:
    kontakt = deliver(warehouse, "kontakt", QUARTERS[0], contacts(range(100)))
    assert weighed(warehouse, [kontakt]).in_population == ()
