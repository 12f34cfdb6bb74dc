"""What a notebook shows of a result."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from subprocess import run

import polars as pl
import pytest

from evalkit.errors import EstimationError
from evalkit.results import Column, Provenance, Result
from evalkit.survival import CurveLabels, aalen_johansen, cox, kaplan_meier, log_rank, mean_cumulative_count, rmst
from evalkit.survival.shown_result import BANNER, ShownResult, round_times

TIME, EVENT, ARM = [13, 17, 17, 23, 29, 31, 37, 41], [1, 2, 1, 0, 1, 0, 1, 0], ["pilot", "comparison"] * 4
RESULTS: dict[str, Callable[[], ShownResult]] = {
    "KaplanMeier": lambda: kaplan_meier(TIME, EVENT, group=ARM),
    "CumulativeIncidence": lambda: aalen_johansen(TIME, EVENT, group=ARM),
    "CoxFit": lambda: cox(TIME, [e > 0 for e in EVENT], [[float(x)] for x in (1, 3, 2, 5, 2, 4, 1, 2)], ["age"]),
    "LogRank": lambda: log_rank(TIME, EVENT, group=ARM),
    "MeanCumulativeCount": lambda: mean_cumulative_count([13, 17, 23], [1, 0, 2], list("aab"), entry_time=[0, 13, 0]),
    "RestrictedMean": lambda: rmst(kaplan_meier(TIME, EVENT, group=ARM), horizon=29),
}
EVERY = pytest.mark.parametrize("name", RESULTS)


@EVERY
def test_repr_has_the_name_and_no_number(name: str) -> None:
    text = repr(RESULTS[name]())
    assert text.startswith(f"<{name}:")
    assert not any(character.isdigit() for character in text)


@EVERY
def test_html_is_the_table_under_the_banner_of_every_result(name: str) -> None:
    result = RESULTS[name]()
    html = result._repr_html_()
    provenance = Provenance("none@0", date(2020, 1, 1), {}, "0")
    frame = pl.DataFrame({"arm": ["pilot"]})
    assert BANNER in Result("risk", provenance, frame, {"arm": Column.dimension()})._repr_html_()
    assert html.index(name) < html.index(BANNER) < html.index("<tbody")
    assert all(column in html for column in result.tidy().columns)


def test_table_has_the_figures_of_tidy() -> None:
    result = RESULTS["RestrictedMean"]()
    html = result.table().as_raw_html()
    for value in result.tidy()["std_error"]:
        assert f"{value:.4g}" in html


def test_curve_is_read_at_round_times() -> None:
    html = kaplan_meier(TIME, EVENT).table().as_raw_html()
    assert html[html.index("<tbody") :].count("<tr>") == len(round_times(41)) == 9
    assert round_times(730).tolist() == [0, 100, 200, 300, 400, 500, 600, 700]
    assert round_times(3).tolist() == [0, 1, 2, 3]
    assert round_times(0).tolist() == [0]


def test_plot_of_a_curve_starts_at_the_start_and_has_every_step() -> None:
    curve = kaplan_meier(TIME, EVENT)
    line = curve.plot(labels=CurveLabels(title="Free of event")).axes[0].lines[0]
    assert (line.get_xdata()[0], line.get_ydata()[0]) == (0, 1)  # type: ignore[index]  # an array
    assert set(curve.time.tolist()) <= set(line.get_xdata().tolist())  # type: ignore[union-attr]  # an array


def test_plot_of_incidence_is_that_of_the_cause() -> None:
    curves = aalen_johansen(TIME, EVENT)
    for cause in (1, 2):
        top = curves.plot(cause=cause).axes[0].lines[0].get_ydata().max()  # type: ignore[union-attr]  # an array
        assert top == pytest.approx(curves.at(41, cause=cause))
    with pytest.raises(EstimationError, match="cause 3: not in the table"):
        curves.plot(cause=3)


# The package of packages is left out, because the report, which it loads, needs tables anyway.
PROGRAM = """
import importlib.util, sys, types
package = types.ModuleType("evalkit")
package.__path__ = importlib.util.find_spec("evalkit").submodule_search_locations
sys.modules["evalkit"] = package
import evalkit.survival
sys.exit("great_tables" in sys.modules or "lifelines" in sys.modules)
"""


def test_tables_and_lifelines_are_not_loaded_before_they_are_asked_for() -> None:
    assert run([sys.executable, "-c", PROGRAM], check=False).returncode == 0
