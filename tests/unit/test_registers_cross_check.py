"""Rules across registers: found, run where they can be run, counted once, judged by the study's limits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from evalkit.errors import ConfigError, ModelError
from evalkit.registers import Delivery
from evalkit.registers.evidence.cross_check import CrossCheck, cross_checks, load_cross_rules
from evalkit.registers.evidence.kept_counts import Count, KeptCounts
from evalkit.registers.evidence.trust import CheckChoice, Verdict
from evalkit.registers.evidence.undelivered import without_undelivered
from evalkit.shipped import shipped
from evalkit.warehouse import Warehouse, open_warehouse

RULE = """
reads = ["kraf", "krsi"]
severity = "fail"
max_share = 0.1
[text]
da = "Uden sigtelse."
en = "No charge."
"""
NO_CHARGE = """
SELECT 'kraf' AS layout, count(*) AS n_rows, count(*) FILTER (WHERE krsi.journal IS NULL) AS n_broken
FROM staging.kraf LEFT JOIN staging.krsi ON kraf.journal = krsi.journal
"""
EITHER = """
WITH rows AS (SELECT 'kraf' AS layout, journal FROM staging.kraf UNION ALL SELECT 'krsi', journal FROM staging.krsi)
SELECT layout, count(*) AS n_rows, count(*) FILTER (WHERE journal = 'x') AS n_broken FROM rows GROUP BY layout
"""


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    """40 decisions, of which 30 have a charge; 30 charges."""
    with open_warehouse() as opened:
        opened.execute("CREATE TABLE staging.kraf AS SELECT 'j' || i AS journal FROM range(40) AS r(i)")
        opened.execute("CREATE TABLE staging.krsi AS SELECT 'j' || i AS journal FROM range(30) AS r(i)")
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "no_charge.toml").write_text(RULE)
    (tmp_path / "no_charge.sql").write_text(NO_CHARGE)
    return tmp_path


def delivery(layout: str, fingerprint: str = "f") -> Delivery:
    return Delivery(1, layout, date(2022, 7, 1), fingerprint, (), (f"staging.{layout}",))


BOTH = (delivery("kraf"), delivery("krsi"))


def found(
    warehouse: Warehouse, folder: Path, deliveries: tuple[Delivery, ...] = BOTH, choice: CheckChoice | None = None
) -> list[tuple[str, int, int, str]]:
    choices = {"no_charge": choice} if choice else {}
    checks = cross_checks(KeptCounts(warehouse), load_cross_rules(folder), deliveries, choices)
    return [(one.layout, one.n_rows, one.n_broken, str(one.verdict)) for one in checks]


def test_a_rule_is_counted_and_judged(warehouse: Warehouse, folder: Path) -> None:
    rules = load_cross_rules(folder)
    text = rules["no_charge"][0].text
    expected = CrossCheck("no_charge", "kraf", 40, 10, 0.1, text, Verdict.STOP)
    assert cross_checks(KeptCounts(warehouse), rules, BOTH, {}) == (expected,)


@pytest.mark.parametrize(
    ("choice", "verdict"),
    [
        (CheckChoice(max_share=0.25), "as expected"),  # 10 of 40 are not more than a quarter
        (CheckChoice(max_share=0.24), "stop"),
        (CheckChoice(severity="warn"), "look"),
        (CheckChoice(severity="warn", max_share=0.25), "as expected"),
    ],
)
def test_the_study_decides(warehouse: Warehouse, folder: Path, choice: CheckChoice, verdict: str) -> None:
    assert found(warehouse, folder, choice=choice) == [("kraf", 40, 10, verdict)]


def test_a_limit_changes_without_a_new_count(warehouse: Warehouse, folder: Path) -> None:
    assert found(warehouse, folder) == [("kraf", 40, 10, "stop")]
    warehouse.execute("DROP TABLE staging.krsi")
    assert found(warehouse, folder, choice=CheckChoice(max_share=0.5)) == [("kraf", 40, 10, "as expected")]


def test_another_delivery_or_another_rule_is_counted_anew(warehouse: Warehouse, folder: Path) -> None:
    found(warehouse, folder)
    warehouse.execute("DELETE FROM staging.krsi")
    assert found(warehouse, folder, (BOTH[0], delivery("krsi", "g"))) == [("kraf", 40, 40, "stop")]
    warehouse.execute("DELETE FROM staging.kraf WHERE journal < 'j2'")
    assert found(warehouse, folder) == [("kraf", 40, 10, "stop")]
    (folder / "no_charge.sql").write_text(f"-- said anew\n{NO_CHARGE}")
    assert found(warehouse, folder)[0][:2] != ("kraf", 40)


def test_a_delivery_that_a_rule_does_not_read_changes_nothing(warehouse: Warehouse, folder: Path) -> None:
    found(warehouse, folder)
    warehouse.execute("DROP TABLE staging.krsi")
    assert found(warehouse, folder, (*BOTH, delivery("bef"))) == [("kraf", 40, 10, "stop")]


def test_small_numbers_hold_no_share_but_none(warehouse: Warehouse, folder: Path) -> None:
    # 9 of 19 rows: a share says nothing; that none may be broken does.
    warehouse.execute("DELETE FROM staging.kraf WHERE CAST(substr(journal, 2) AS INTEGER) < 21")
    assert found(warehouse, folder) == [("kraf", 19, 10, "as expected")]
    assert found(warehouse, folder, choice=CheckChoice(max_share=0.0)) == [("kraf", 19, 10, "stop")]


def test_a_rule_that_needs_a_register_that_is_not_there_is_not_run(warehouse: Warehouse, folder: Path) -> None:
    assert found(warehouse, folder, (BOTH[0],)) == []
    assert found(warehouse, folder, (BOTH[0],)) == []


def test_a_rule_over_several_registers_runs_on_those_that_are_there(warehouse: Warehouse, folder: Path) -> None:
    (folder / "no_charge.sql").write_text(EITHER)
    assert found(warehouse, folder) == [("kraf", 40, 0, "as expected"), ("krsi", 30, 0, "as expected")]
    warehouse.execute("DROP TABLE staging.krsi")
    assert found(warehouse, folder, (BOTH[0],)) == [("kraf", 40, 0, "as expected")]


def test_registers_without_rows_are_not_told_of(warehouse: Warehouse, folder: Path) -> None:
    warehouse.execute("DELETE FROM staging.kraf")
    assert found(warehouse, folder) == []


def test_a_choice_about_no_rule_is_refused(warehouse: Warehouse, folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no rule decided_twice\. There are no_charge\."):
        cross_checks(KeptCounts(warehouse), load_cross_rules(folder), BOTH, {"decided_twice": CheckChoice()})


def test_a_rule_that_is_wrong_is_refused(folder: Path) -> None:
    (folder / "no_charge.toml").write_text(RULE.replace("fail", "quarantine"))
    with pytest.raises(ConfigError, match="severity"):
        load_cross_rules(folder)


def test_a_rule_whose_select_is_wrong_is_named(warehouse: Warehouse, folder: Path) -> None:
    (folder / "no_charge.sql").write_text("SELECT layout, 1 AS n_rows, 1 AS n_broken FROM staging.kraf")
    with pytest.raises(ModelError, match=r"sql/checks/no_charge\.sql: The database refused"):
        found(warehouse, folder)


def test_no_folder_no_rules(tmp_path: Path) -> None:
    assert load_cross_rules(tmp_path / "none") == {}


def test_the_shipped_rules_can_be_read() -> None:
    assert {"release_without_admission", "decision_before_offence", "overlapping_stays"} <= load_cross_rules(
        shipped("sql") / "checks"
    ).keys()


def test_counts_are_kept_as_they_are(warehouse: Warehouse) -> None:
    counts = (Count("a", 5, 1), Count("b", 2, 0))
    sql = "SELECT * FROM (VALUES ('a', 5, 1), ('b', 2, 0)) AS t(item, n, n_broken)"
    assert KeptCounts(warehouse).of("x", ["1"], lambda: sql) == counts
    assert KeptCounts(warehouse).of("x", ["1"], lambda: "this is not asked again") == counts
    assert KeptCounts(warehouse).of("y", ["1"], lambda: None) == ()
    assert KeptCounts(warehouse).of("y", ["1"], lambda: "this is not asked again") == ()


@pytest.mark.parametrize(
    ("sql", "left"),
    [
        ("SELECT a FROM staging.x", "SELECT a FROM staging.x"),
        ("SELECT a FROM staging.y", None),
        ("SELECT a FROM staging.y UNION ALL SELECT a FROM staging.y", None),
        ("SELECT a FROM staging.y UNION ALL SELECT a FROM staging.x", "SELECT a FROM staging.x"),
        (
            "SELECT a FROM staging.x UNION ALL SELECT a FROM staging.y UNION ALL SELECT b FROM staging.x",
            "SELECT a FROM staging.x UNION ALL SELECT b FROM staging.x",
        ),
        (
            "WITH c AS (SELECT a FROM staging.y UNION ALL SELECT a FROM staging.x) SELECT a FROM c",
            "WITH c AS (SELECT a FROM staging.x) SELECT a FROM c",
        ),
        ("WITH c AS (SELECT a FROM staging.x UNION ALL SELECT 1) SELECT a FROM c JOIN staging.y USING (a)", None),
    ],
)
def test_branches_that_cannot_be_run_are_left_out(sql: str, left: str | None) -> None:
    assert without_undelivered(sql, {"staging.x"}) == left
