"""Keys of persons: the same person has the same key, whatever piece, register or run the pseudonym comes in."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.errors import InternalError
from evalkit.registers.intake.person_keys import PersonKeys
from evalkit.warehouse import Warehouse, open_warehouse

Pieces = list[list[str | None]]


@pytest.fixture(name="warehouse")
def _warehouse() -> Iterator[Warehouse]:
    with open_warehouse() as warehouse:
        warehouse.execute("CREATE TABLE vault.person (person_id VARCHAR, person_key BIGINT)")
        yield warehouse


def give(persons: PersonKeys, pseudonyms: list[str | None]) -> list[int | None]:
    series = pl.Series("PNR", pseudonyms, dtype=pl.String)
    given_keys = persons.keys(series, persons.places(series)).to_list()
    gc.collect()  # what is not held must not be needed
    return given_keys


@settings(max_examples=30)
@given(st.lists(st.lists(st.sampled_from([None, "a", "b", "æ", "0", "00", " b", "ffff"]), max_size=9), max_size=6))
def test_keys_are_those_of_a_dictionary(pieces: Pieces) -> None:
    with open_warehouse() as warehouse:
        warehouse.execute("CREATE TABLE vault.person (person_id VARCHAR, person_key BIGINT)")
        known: dict[str, int] = {}
        persons = PersonKeys(warehouse)
        persons.load()
        for piece in pieces:
            keys = give(persons, piece)
            new = {
                person: key for person, key in zip(piece, keys, strict=True) if person is not None and key is not None
            }
            assert [None if person is None else new[person] for person in piece] == keys
            assert sorted(set(new.values()) - set(known.values())) == list(range(len(known) + 1, len(known | new) + 1))
            assert all(known.get(person, key) == key for person, key in new.items())
            known |= new
        stored = dict(warehouse.fetch("SELECT person_id, person_key FROM vault.person").rows())
        assert stored == known


def test_a_new_run_knows_whom_the_warehouse_knows(warehouse: Warehouse) -> None:
    first = PersonKeys(warehouse)
    first.load()
    before = give(first, ["a", "b", "c"])
    second = PersonKeys(warehouse)
    second.load()
    after = give(second, ["d", "c", "a", None])
    assert after == [4, before[2], before[0], None]


def test_keys_do_not_tell_the_order_of_the_rows(warehouse: Warehouse) -> None:
    persons = PersonKeys(warehouse)
    persons.load()
    names: list[str | None] = [f"p{number:04d}" for number in range(200)]
    keys = give(persons, names)
    assert keys != sorted(keys, key=lambda key: key or 0)
    with open_warehouse() as other:
        other.execute("CREATE TABLE vault.person (person_id VARCHAR, person_key BIGINT)")
        again = PersonKeys(other)
        again.load()
        assert give(again, names[::-1]) == keys[::-1]


def test_persons_of_a_register_that_was_not_kept_are_forgotten(warehouse: Warehouse) -> None:
    persons = PersonKeys(warehouse)
    persons.load()
    kept = give(persons, ["a"])
    with pytest.raises(RuntimeError):
        _fail_after(warehouse, persons, ["b", "c"])
    persons.load()
    assert give(persons, ["a", "d"]) == [*kept, 2]


def _fail_after(warehouse: Warehouse, persons: PersonKeys, pseudonyms: list[str | None]) -> None:
    with persons.kept_together(), warehouse.transaction():
        give(persons, pseudonyms)
        raise RuntimeError


def test_nobody_is_numbered_before_the_warehouse_was_asked(warehouse: Warehouse) -> None:
    with pytest.raises(InternalError, match="before those of the warehouse were loaded"):
        PersonKeys(warehouse).places(pl.Series(["a"]))
