"""Two deliveries cut from the same made-up registers: an ordinary quarter passes, and each planted fault is told."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from evalkit.errors import ContractError, DeliveryError
from evalkit.registers import Delivery, ExtractSpec, contract_for, delivery_report, ingest
from evalkit.registers.evidence.trust import TrustDefinition, Verdict
from evalkit.registers.evidence.weigh import Evidence, weigh
from evalkit.synthetic import load_scenario, write_extracts
from evalkit.warehouse import open_warehouse
from tests.functional.vintages import as_known_on, read_extract, write_extract

WINTER, SPRING = date(2023, 1, 1), date(2023, 4, 1)
LAYOUTS = ("bef", "dod", "dream", "kotre", "kraf", "krin", "planaktivitet", "vnds")

Change = Callable[[pl.DataFrame], pl.DataFrame]


@pytest.fixture(scope="module")
def quarters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The registers as of winter and spring, and a warehouse that has taken in the first."""
    folder = tmp_path_factory.mktemp("quarters")
    write_extracts(folder / "extracts", load_scenario("haandholdt_inklusion"), n_persons=8000, seed=7)
    for day in (WINTER, SPRING):
        as_known_on(day, folder / "extracts", folder / str(day))
    with open_warehouse(folder / "w.duckdb") as warehouse:
        ingest(warehouse, specs(WINTER), root=folder)
    return folder


@pytest.fixture
def spring(quarters: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may break."""
    shutil.copytree(quarters, tmp_path / "quarters")
    return tmp_path / "quarters"


def specs(day: date) -> list[ExtractSpec]:
    return [ExtractSpec(layout=one, path=(f"{day}/{one}.csv",), vintage=day) for one in LAYOUTS]


@contextmanager
def weighed(folder: Path, trust: TrustDefinition | None = None) -> Iterator[tuple[tuple[Delivery, ...], Evidence]]:
    with open_warehouse(folder / "w.duckdb") as warehouse:
        deliveries = ingest(warehouse, specs(SPRING), root=folder, trust=trust)
        contracts = {one.layout: contract_for(one, folder) for one in specs(SPRING)}
        yield deliveries, weigh(warehouse, deliveries, contracts, trust)


def edit(folder: Path, layout: str, change: Change) -> None:
    path = folder / str(SPRING) / f"{layout}.csv"
    write_extract(change(read_extract(path)), path)


def refusal(folder: Path, kind: type[DeliveryError] = DeliveryError) -> str:
    """Take in what must be refused, and see that nothing of it is shown."""
    with open_warehouse(folder / "w.duckdb") as warehouse:
        shown = {layout: warehouse.count(f"staging.{layout}") for layout in LAYOUTS}
        with pytest.raises(DeliveryError) as caught:
            ingest(warehouse, specs(SPRING), root=folder)
        assert {layout: warehouse.count(f"staging.{layout}") for layout in LAYOUTS} == shown
    assert type(caught.value) is kind
    assert not re.search(r"[0-9a-f]{16}", str(caught.value))
    return str(caught.value)


def in_year(column: str, *years: int) -> pl.Expr:
    return pl.col(column).str.slice(0, 4).is_in([str(year) for year in years])


def test_an_ordinary_quarter_is_no_alarm(spring: Path) -> None:
    with weighed(spring) as (deliveries, evidence):
        report = delivery_report(deliveries, evidence)
        assert {one.layout for one in evidence.history if one.is_same} == {"bef"}
        assert all(one.comparison.n_compared > 50 for one in evidence.history if not one.is_same)
    # What is open ends in time, which is nothing to look at: fewer blanks in dates and reasons of ends.
    assert [change for one in evidence.history for change in one.comparison.changes] == []
    assert "- Stops the run: nothing.\n- To look at: nothing." in report
    verdicts = [one.verdict for one in evidence.checks]
    verdicts += [one.verdict for one in evidence.there_again]
    verdicts += [one.verdict for one in evidence.in_population]
    assert len(verdicts) > 2 * len(LAYOUTS)
    assert set(verdicts) == {Verdict.AS_EXPECTED}


def test_half_the_rows_of_a_year_are_gone(spring: Path) -> None:
    gone = in_year("AFG_AFGOEDTO", 2019) & (pl.int_range(pl.len()) % 2 == 0)
    edit(spring, "kraf", lambda frame: frame.filter(~gone))
    said = refusal(spring)
    assert "extract kraf: changed since the delivery complete before 2023-01-01" in said
    found = re.search(r"rows in 2019: (\d+), before (\d+)", said)
    assert found is not None
    # Nearly: rows that cannot be followed are not among them.
    assert abs(2 * int(found[1]) / int(found[2]) - 1) < 0.01
    assert "rows in 2018" not in said


def test_a_year_that_came_twice(spring: Path) -> None:
    edit(spring, "krin", lambda frame: pl.concat([frame, frame.filter(in_year("IND_FGSLDTO", 2018))]))
    found = re.search(r"rows in 2018: (\d+), before (\d+)", refusal(spring))
    assert found is not None
    assert int(found[1]) == 2 * int(found[2])


def test_a_listed_code_that_was_renamed_is_unknown(spring: Path) -> None:
    most = read_extract(spring / str(SPRING) / "bef.csv")["CIVST"].value_counts(sort=True)["CIVST"][0]
    edit(spring, "bef", lambda frame: frame.with_columns(pl.col("CIVST").replace(most, "X")))
    assert "extract bef: bef.csv: 1 unknown value (X) of CIVST in" in refusal(spring, ContractError)


def test_a_common_code_without_a_list_that_was_renamed(spring: Path) -> None:
    # 46 of 100 enrolments have it: more than the limit of 30.
    edit(spring, "kotre", lambda frame: frame.with_columns(pl.col("UDD").replace("5190", "5199")))
    said = refusal(spring)
    assert re.search(r"UDD = 5190 in [\d, -]+: 0\.0 %", said)
    assert re.search(r"UDD = 5199 in [\d, -]+: \d\d\.\d %", said)


@pytest.mark.parametrize(("layout", "column"), [("kraf", "AFG_GER7"), ("kraf", "AFG_GER9"), ("krin", "IND_GER9")])
def test_another_first_digit_of_every_code_of_a_classification(spring: Path, layout: str, column: str) -> None:
    edit(spring, layout, lambda frame: frame.with_columns(pl.col(column).str.replace("^.", "9")))
    said = refusal(spring)
    # Nearly half of all offences are against property, 13.
    assert re.search(rf"{column} = 13… in [\d, -]+: 0\.0 %", said)
    assert re.search(rf"{column} = 93… in [\d, -]+: \d\d\.\d %", said)
    assert not re.search(r"= \d{3}", said)


def test_a_rare_code_that_was_renamed_is_something_to_look_at(spring: Path) -> None:
    edit(spring, "krin", lambda frame: frame.with_columns(pl.col("IND_FGSLSTED").replace("A128", "X128")))
    with weighed(spring) as (deliveries, evidence):
        report = delivery_report(deliveries, evidence)
    assert "IND_FGSLSTED = X128, not there before | all whole years |" in report
    assert "IND_FGSLSTED = A128, no longer there | all whole years |" in report


def test_a_column_that_is_blank_from_a_year_on(spring: Path) -> None:
    from_2018 = pl.col("AFG_AFGOEDTO") >= "2018"
    blank = pl.when(from_2018).then(None).otherwise(pl.col("AFG_GER9")).alias("AFG_GER9")
    edit(spring, "kraf", lambda frame: frame.with_columns(blank))
    said = refusal(spring)
    assert "AFG_GER9 blank in 2018-2022: 100.0 %" in said
    assert "2017" not in said


def rekeyed(frame: pl.DataFrame) -> pl.DataFrame:
    def other(text: str) -> str:
        return hashlib.sha256(b"another key" + text.encode()).hexdigest()[:16]

    return frame.with_columns(pl.col("PNR").map_elements(other, return_dtype=pl.String, skip_nulls=True))


def test_one_register_with_other_pseudonyms(spring: Path) -> None:
    edit(spring, "krin", rekeyed)
    said = refusal(spring)
    assert "extract krin: the persons of the delivery before are not there again" in said
    assert "extract krin: the persons are not in the population register" in said
    assert "whether the pseudonyms were made with another key" in said


def test_all_registers_with_other_pseudonyms(spring: Path) -> None:
    for layout in LAYOUTS:
        edit(spring, layout, rekeyed)
    said = refusal(spring)
    assert f"extract {', '.join(LAYOUTS)}: the persons of the delivery before are not there again" in said
    assert "not in the population register" not in said


def test_a_study_can_let_a_change_pass(spring: Path) -> None:
    edit(spring, "kraf", lambda frame: frame.filter(~in_year("AFG_AFGOEDTO", 2019)))
    assert "rows in 2019: 0" in refusal(spring)
    trust = TrustDefinition.model_validate(
        {"layouts": {"kraf": {"rows": {"look": 0.05, "stop": 1.0}, "not_there_again": {"look": 0.05, "stop": 1.0}}}}
    )
    with weighed(spring, trust) as (deliveries, evidence):
        assert "| rows | 2019 |" in delivery_report(deliveries, evidence)
