"""The log-rank family and Gray's test equal R's in every cell of the matrix (r/tests.R)."""

from __future__ import annotations

from typing import Any

from evalkit.survival import gray_test, log_rank
from tests.reference.survival_matrix import assert_close, cell, each_cell, each_cell_of


@each_cell
def test_log_rank(data: str, variant: str) -> None:
    # with rho and a robust variance R has nothing: test_survival_witness.py
    chosen = cell(data, variant)
    d = chosen.frame
    for row in chosen.from_r("log_rank").iter_rows(named=True):
        choice: dict[str, Any] = {"emphasis": "fleming-harrington" if row["rho"] else "log-rank", "rho": row["rho"]}
        choice |= {"group": d["group"], "strata": d["stratum"] if row["strata"] else None} | chosen.options
        test = log_rank(d["exit"], d["event"], **choice)
        assert test.degrees_of_freedom == d["group"].n_unique() - 1
        assert_close([test.observed[0], test.expected[0]], [row["observed"], row["expected"]])
        if row["statistic"] is not None:
            assert_close(test.statistic, row["statistic"])
            trend = log_rank(d["exit"], d["event"], trend=range(d["group"].n_unique()), **choice)
            assert_close(trend.statistic, row["trend"])
            assert trend.degrees_of_freedom == 1


@each_cell_of("gray")
def test_gray(data: str, variant: str) -> None:
    chosen = cell(data, variant)
    d = chosen.frame
    for row in chosen.from_r("gray").iter_rows(named=True):
        choice = {"group": d[row["by"]], "cause": row["cause"], "rho": row["rho"]} | chosen.options
        test = gray_test(d["exit"], d["cause"], **choice)
        assert test.degrees_of_freedom == d[row["by"]].n_unique() - 1
        assert_close([test.statistic, test.p_value], [row["statistic"], row["p_value"]])
