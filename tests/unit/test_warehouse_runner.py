"""The runner: builds what changed and what hangs on it, and leaves alone what did not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from evalkit.errors import ModelError
from evalkit.warehouse import Model, ModelRun, Warehouse, build, open_warehouse

PSEUDONYM = "0f3a77c1d2e4b596"

#   staging.a ── core.one ──┬── analysis.three
#   staging.b ── core.two ──┴── analysis.four
MODELS = (
    Model("core.one", "-- Grain.\nSELECT x FROM staging.a WHERE x > $low", ("staging.a",), ("low",)),
    Model("core.two", "SELECT y FROM staging.b", ("staging.b",), ()),
    Model("analysis.three", "SELECT x, y FROM core.one CROSS JOIN core.two", ("core.one", "core.two"), ()),
    Model("analysis.four", "SELECT y FROM core.two WHERE y IN (SELECT unnest($codes))", ("core.two",), ("codes",)),
)
PARAMETERS: Mapping[str, object] = {"low": 1, "codes": ["p", "q"]}
SOURCES = {"staging.a": "a1", "staging.b": "b1"}


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with open_warehouse(threads=1) as opened:
        opened.execute("CREATE TABLE staging.a AS SELECT unnest([1, 2, 3]) AS x")
        opened.execute("CREATE TABLE staging.b AS SELECT unnest(['p', 'r']) AS y")
        yield opened


def run(
    warehouse: Warehouse,
    models: tuple[Model, ...] = MODELS,
    *,
    parameters: Mapping[str, object] = PARAMETERS,
    sources: Mapping[str, str] = SOURCES,
) -> tuple[ModelRun, ...]:
    return build(warehouse, models, parameters=parameters, sources=sources)


def built(runs: tuple[ModelRun, ...]) -> list[str]:
    return [one.name for one in runs if not one.skipped]


def with_sql(name: str, sql: str) -> tuple[Model, ...]:
    return tuple(replace(model, sql=sql) if model.name == name else model for model in MODELS)


def rows(warehouse: Warehouse, table: str) -> list[tuple[object, ...]]:
    return sorted(warehouse.fetch(f"SELECT * FROM {table}").rows())  # noqa: S608 - a name


def test_the_first_run_builds_all_and_the_second_nothing(warehouse: Warehouse) -> None:
    first, second = run(warehouse), run(warehouse)
    assert built(first) == ["core.one", "core.two", "analysis.three", "analysis.four"]
    assert built(second) == []
    assert [one.n_rows for one in first] == [2, 2, 4, 1]
    assert [replace(one, skipped=False) for one in second] == list(first)
    assert rows(warehouse, "analysis.three") == [(2, "p"), (2, "r"), (3, "p"), (3, "r")]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"low": 2}, ["core.one", "analysis.three"]),
        ({"codes": ["p"]}, ["analysis.four"]),
        ({"codes": ["q", "p"]}, ["analysis.four"]),
        ({"unrelated": 7}, []),
    ],
)
def test_a_changed_parameter_rebuilds_what_takes_it_and_what_hangs_on_that(
    warehouse: Warehouse, parameters: dict[str, object], expected: list[str]
) -> None:
    run(warehouse)
    assert built(run(warehouse, parameters={**PARAMETERS, **parameters})) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("staging.a", ["core.one", "analysis.three"]),
        ("staging.b", ["core.two", "analysis.three", "analysis.four"]),
    ],
)
def test_a_changed_source_rebuilds_what_hangs_on_it(warehouse: Warehouse, source: str, expected: list[str]) -> None:
    run(warehouse)
    assert built(run(warehouse, sources={**SOURCES, source: "new"})) == expected


@pytest.mark.parametrize(
    ("name", "sql", "expected"),
    [
        ("core.one", "SELECT x FROM staging.a WHERE x >= $low", ["core.one", "analysis.three"]),
        ("analysis.three", "SELECT y, x FROM core.one CROSS JOIN core.two", ["analysis.three"]),
        ("core.one", "-- Another comment.\nSELECT x\n    FROM staging.a /* here */ WHERE x > $low", []),
    ],
)
def test_changed_sql_rebuilds_and_a_changed_comment_does_not(
    warehouse: Warehouse, name: str, sql: str, expected: list[str]
) -> None:
    run(warehouse)
    assert built(run(warehouse, with_sql(name, sql))) == expected


def test_what_is_rebuilt_has_the_new_rows(warehouse: Warehouse) -> None:
    run(warehouse)
    warehouse.execute("INSERT INTO staging.a VALUES (4)")
    again = run(warehouse, sources={**SOURCES, "staging.a": "a2"})
    assert rows(warehouse, "core.one") == [(2,), (3,), (4,)]
    assert {one.name: one.n_rows for one in again} == {
        "core.one": 3,
        "core.two": 2,
        "analysis.three": 6,
        "analysis.four": 1,
    }


def test_going_back_to_earlier_choices_builds_again(warehouse: Warehouse) -> None:
    # One table holds one state: what was built with other choices in between is gone.
    run(warehouse)
    run(warehouse, parameters={**PARAMETERS, "low": 2})
    assert built(run(warehouse)) == ["core.one", "analysis.three"]
    assert rows(warehouse, "core.one") == [(2,), (3,)]


def test_a_table_that_is_gone_is_built_again(warehouse: Warehouse) -> None:
    run(warehouse)
    warehouse.execute("DROP TABLE core.two")
    assert built(run(warehouse)) == ["core.two"]


def test_fingerprints_are_the_same_in_another_warehouse(warehouse: Warehouse) -> None:
    here = run(warehouse)
    with open_warehouse(threads=1) as other:
        other.execute("CREATE TABLE staging.a AS SELECT 5 AS x")
        other.execute("CREATE TABLE staging.b AS SELECT 'p' AS y")
        there = run(other)
    assert [one.fingerprint for one in here] == [one.fingerprint for one in there]
    assert len({one.fingerprint for one in here}) == len(MODELS)


def test_progress_is_told_before_each_model(warehouse: Warehouse) -> None:
    told: list[str] = []
    build(warehouse, MODELS, parameters=PARAMETERS, sources=SOURCES, progress=told.append)
    assert told == [model.name for model in MODELS]


def test_a_failing_model_leaves_the_table_and_what_is_known_of_it(warehouse: Warehouse) -> None:
    run(warehouse)
    broken = with_sql("analysis.four", "SELECT CAST(y AS DATE) AS y FROM core.two WHERE len($codes) > 0")
    with pytest.raises(ModelError):
        run(warehouse, broken, sources={**SOURCES, "staging.a": "a2"})
    assert rows(warehouse, "analysis.four") == [("p",)]
    # The models before it were built and stay so; the failed one is still what it was before.
    assert built(run(warehouse, sources={**SOURCES, "staging.a": "a2"})) == []


def test_a_failing_model_is_named_and_its_values_are_not(warehouse: Warehouse) -> None:
    warehouse.execute("INSERT INTO staging.b VALUES ($secret)", {"secret": PSEUDONYM})
    sql = f"SELECT CAST(y AS DATE) AS y FROM staging.b WHERE y = '{PSEUDONYM}'"  # noqa: S608 - what must not be told
    broken = with_sql("core.two", sql)
    with pytest.raises(ModelError) as caught:
        run(warehouse, broken)
    assert str(caught.value) == "core.two: The database refused a statement (ConversionException)."


def test_a_first_failure_leaves_no_table(warehouse: Warehouse) -> None:
    with pytest.raises(ModelError):
        run(warehouse, with_sql("core.two", "SELECT no_such_column AS y FROM staging.b"))
    assert warehouse.has_table("core.one")
    assert not warehouse.has_table("core.two")
    assert not warehouse.has_table("analysis.three")


def test_a_missing_parameter_is_named(warehouse: Warehouse) -> None:
    with pytest.raises(ModelError, match=r"^core\.one: no value for the parameters low\.$"):
        run(warehouse, parameters={"codes": []})


def test_a_missing_table_is_named(warehouse: Warehouse) -> None:
    with pytest.raises(ModelError, match=r"^core\.two: it reads staging\.b, which nothing builds\.$"):
        run(warehouse, sources={"staging.a": "a1"})


def test_models_in_the_wrong_order_are_an_error(warehouse: Warehouse) -> None:
    with pytest.raises(ModelError, match=r"^analysis\.three: it reads core\.one, core\.two, which nothing builds\.$"):
        run(warehouse, MODELS[2:])
