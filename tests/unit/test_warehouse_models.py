"""Reading models: one SELECT a file, its tables and parameters, and the order to build them in."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.errors import ModelError
from evalkit.shipped import shipped
from evalkit.warehouse import Model, load_models


def write(root: Path, **models: str) -> Path:
    """Write models given as layer__noun="SELECT …"."""
    for name, sql in models.items():
        layer, noun = name.split("__")
        (root / layer).mkdir(exist_ok=True)
        (root / layer / f"{noun}.sql").write_text(sql, encoding="utf-8")
    return root


def names(models: tuple[Model, ...]) -> list[str]:
    return [model.name for model in models]


def test_each_model_comes_after_those_it_reads(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        core__a="SELECT x FROM core.z",
        core__z="SELECT x FROM core.m",
        core__m="SELECT x FROM staging.raw_one",
        analysis__b="SELECT x FROM core.a INNER JOIN core.m USING (x)",
    )
    assert names(load_models(root)) == ["core.m", "core.z", "core.a", "analysis.b"]


def test_the_order_is_the_same_every_time(tmp_path: Path) -> None:
    root = write(tmp_path, core__b="SELECT 1 AS x", core__a="SELECT 1 AS x", analysis__c="SELECT 1 AS x")
    assert names(load_models(root)) == ["core.a", "core.b", "analysis.c"]


def test_shipped_models_are_all_read_and_in_order() -> None:
    models = load_models(shipped("sql"))
    done: set[str] = set()
    for model in models:
        assert all(read in done or read.startswith("staging.") for read in model.reads), model.name
        done.add(model.name)
    folders = [shipped("sql") / layer for layer in ("core", "analysis")]
    assert done == {f"{path.parent.name}.{path.stem}" for folder in folders for path in folder.glob("*.sql")}


def test_tables_and_parameters_are_those_of_the_code(tmp_path: Path) -> None:
    sql = """
        -- Grain: … not core.commented, nor $commented.
        WITH own AS (SELECT x FROM staging.b WHERE x > $low)
        SELECT own.x, (SELECT max(y) FROM core.other) AS y
        FROM own LEFT JOIN staging.a AS own_name USING (x)
        WHERE x < $high AND x <> $low
    """
    (model,) = load_models(write(tmp_path, analysis__one=sql))
    assert model.reads == ("core.other", "staging.a", "staging.b")
    assert model.parameters == ("high", "low")


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_circle_is_an_error_that_names_it(tmp_path: Path, length: int) -> None:
    write(tmp_path, core__apart="SELECT 1 AS x")
    for number in range(length):
        following = (number + 1) % length
        write(tmp_path, **{f"core__c{number}": f"SELECT x FROM core.c{following}"})  # noqa: S608 - a made-up model
    with pytest.raises(ModelError) as caught:
        load_models(tmp_path)
    circle = ", ".join(f"core.c{number}" for number in range(length))
    assert str(caught.value) == f"{circle}: these models read each other in a circle."


@pytest.mark.parametrize(
    "sql", ["SELECT 1 AS x; SELECT 2 AS x", "CREATE TABLE core.x AS SELECT 1", "DELETE FROM core.x", ""]
)
def test_a_model_is_one_select(tmp_path: Path, sql: str) -> None:
    with pytest.raises(ModelError, match=r"^sql/core/one\.sql: a model is one SELECT\.$"):
        load_models(write(tmp_path, core__one=sql))


def test_broken_sql_names_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"^sql/core/one\.sql: not valid SQL at line 3\.$"):
        load_models(write(tmp_path, core__one="SELECT x\nFROM staging.a\nWHERE (x > 1"))


@pytest.mark.parametrize(
    ("changed", "is_same"),
    [
        ("SELECT x FROM staging.a WHERE x > $low", True),
        ("-- another comment\nSELECT x /* here too */\n    FROM staging.a -- and here\nWHERE   x > $low", True),
        ("SELECT x FROM staging.a WHERE x > $high", False),
        ("SELECT x FROM staging.a WHERE x >= $low", False),
        ("SELECT x AS y FROM staging.a WHERE x > $low", False),
        ("SELECT x FROM staging.b WHERE x > $low", False),
        ("SELECT x FROM staging.a WHERE x > $low ORDER BY x", False),
    ],
)
def test_the_fingerprint_follows_the_meaning(changed: str, is_same: bool) -> None:
    sql = "-- Grain: one row a thing.\nSELECT x FROM staging.a WHERE x > $low"
    first, second = (Model("core.one", text, (), ()).text_fingerprint for text in (sql, changed))
    assert (first == second) is is_same
