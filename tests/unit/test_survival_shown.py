"""What a notebook shows of a result."""

from __future__ import annotations

import sys
from base64 import b64decode
from collections.abc import Callable
from datetime import date
from subprocess import run
from typing import Any

import polars as pl
import pytest
from IPython.core.formatters import DisplayFormatter

import evalkit.survival
from evalkit.errors import EstimationError
from evalkit.results import Column, Provenance, Result
from evalkit.survival import (
    CoxFit,
    CurveLabels,
    KaplanMeier,
    aalen_johansen,
    adjusted_survival,
    baseline_hazard,
    cox,
    difference_curve,
    gray_test,
    kaplan_meier,
    life_table,
    log_rank,
    mean_cumulative_count,
    parametric_model,
    proportional_hazards_test,
    quantile,
    risk_difference,
    rmst,
    schoenfeld_residuals,
    time_varying_cox,
)
from evalkit.survival.shown_result import BANNER, ShownResult, round_times

TIME, EVENT, ARM = [13, 17, 17, 23, 29, 31, 37, 41], [1, 2, 1, 0, 1, 0, 1, 0], ["pilot", "comparison"] * 4
AGE, HAPPENED = [[float(age)] for age in (1, 3, 2, 5, 2, 4, 1, 2)], [event > 0 for event in EVENT]
ARMS: Any = {"reference": "comparison", "treated": "pilot"}


def _curve() -> KaplanMeier:
    return kaplan_meier(TIME, EVENT, group=ARM)


def _fit() -> CoxFit:
    return cox(TIME, HAPPENED, AGE, ["age"])


RESULTS: dict[str, Callable[[], ShownResult]] = {
    "AdjustedSurvival": lambda: adjusted_survival(_fit(), term="age", values=[1, 5], times=[17, 29]),
    "BaselineHazard": lambda: baseline_hazard(_fit()),
    "Contrast": lambda: risk_difference(aalen_johansen(TIME, EVENT, group=ARM), time=29, **ARMS),
    "CoxFit": _fit,
    "CumulativeIncidence": lambda: aalen_johansen(TIME, EVENT, group=ARM),
    "DifferenceCurve": lambda: difference_curve(aalen_johansen(TIME, EVENT, group=ARM), **ARMS),
    "Estimate": lambda: aalen_johansen(TIME, EVENT).risk(29),
    "GrayTest": lambda: gray_test(TIME, EVENT, group=ARM),
    "KaplanMeier": _curve,
    "LogRank": lambda: log_rank(TIME, EVENT, group=ARM),
    "MeanCumulativeCount": lambda: mean_cumulative_count([13, 17, 23], [1, 0, 2], list("aab"), entry_time=[0, 13, 0]),
    "ParametricFit": lambda: parametric_model(TIME, HAPPENED, AGE, ["age"], distribution="weibull"),
    "ProportionalHazardsTest": lambda: proportional_hazards_test(_fit()),
    "Quantile": lambda: quantile(_curve(), group="pilot"),
    "RestrictedMean": lambda: rmst(_curve(), horizon=29),
    "SchoenfeldResiduals": lambda: schoenfeld_residuals(_fit()),
    "TimeVaryingCoxFit": lambda: time_varying_cox(
        TIME, HAPPENED, AGE, ["age"], entry_time=[0] * 8, person=list("abcdefgh")
    ),
}
PERSON_LEVEL = ("residual",)
WITHOUT_FIGURE = ("GrayTest", "LogRank", "ProportionalHazardsTest")
EVERY = pytest.mark.parametrize("name", RESULTS)
FIGURES = pytest.mark.parametrize("name", [name for name in RESULTS if name not in WITHOUT_FIGURE])


def test_every_result_is_among_these() -> None:
    exported = {name: getattr(evalkit.survival, name) for name in evalkit.survival.__all__}
    classes = {name for name, thing in exported.items() if isinstance(thing, type) and issubclass(thing, ShownResult)}
    tested_elsewhere = {"DifferenceBand", "LifeTable", "SimultaneousBand"}
    assert classes - tested_elsewhere == set(RESULTS)


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
    assert all(column in html for column in result.tidy().columns if column not in PERSON_LEVEL)


@FIGURES
def test_figure_says_in_words_what_it_shows(name: str) -> None:
    figure = RESULTS[name]().plot()
    assert len(figure.alt_text) > 20
    assert figure.alt_text.endswith(".")
    data, metadata = DisplayFormatter().format(figure)  # type: ignore[no-untyped-call]  # IPython has few types
    assert b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert metadata["image/png"] == {"alt": figure.alt_text}


@FIGURES
def test_figure_speaks_the_reader_s_language(name: str) -> None:
    figure = RESULTS[name]().plot(labels=CurveLabels(title="Titel", x="Tid", y="Andel", decimal=","))
    assert figure.axes[0].get_xlabel() == "Tid"
    assert all("." not in text.get_text() for axes in figure.axes for text in axes.get_xticklabels())


@pytest.mark.parametrize("name", WITHOUT_FIGURE)
def test_test_without_a_figure_says_what_to_draw_instead(name: str) -> None:
    with pytest.raises(EstimationError, match=rf"{name}: this result has no figure\. Draw the \w+: .*plot\(\)"):
        RESULTS[name]().plot()


@EVERY
def test_counts_are_whole_and_begin_with_n(name: str) -> None:
    frame = RESULTS[name]().tidy()
    counts = [column for column in frame.columns if column.startswith("n_")]
    assert all(frame.schema[column].is_integer() for column in counts)
    assert counts or name in {"BaselineHazard", "SchoenfeldResiduals"}


def test_residuals_are_shown_as_means_only() -> None:
    """A row is a person's event."""
    few = schoenfeld_residuals(_fit())
    assert few._readable()["n_events"].to_list() == [5]
    many = schoenfeld_residuals(cox(range(1, 24), [1] * 23, [[float(7 * i % 23)] for i in range(23)], ["x"]))
    shown = many._readable()
    assert shown["n_events"].to_list() == [6, 6, 6, 5]
    assert shown["scaled"][0] == pytest.approx(many.scaled[:6].mean())
    assert "residual" not in shown.columns


def test_observed_and_expected_events_of_a_log_rank_test() -> None:
    # one group at 1 and 2, the other at 3 and 4: expected of the first are 2/4 + 1/3
    frame = log_rank([1, 2, 3, 4], [1, 1, 1, 1], group=["a", "a", "b", "b"]).observed_and_expected()
    assert frame["observed"].to_list() == [2, 2]
    assert frame["expected"].to_list() == pytest.approx([5 / 6, 19 / 6])


def test_counts_and_small_p_values_are_readable() -> None:
    many = kaplan_meier(life_table([1, 2] * 6000, [1, 0] * 6000)).table([0, 1]).as_raw_html()
    assert "12\N{NARROW NO-BREAK SPACE}000" in many
    test = log_rank([1] * 50 + [9] * 50, [1] * 100, group=[0] * 50 + [1] * 50)
    assert test.p_value < 1e-9
    assert "&lt;0.0001" in test.table().as_raw_html()


def test_table_can_be_asked_for_at_given_times() -> None:
    html = _curve().table([17, 41]).as_raw_html()
    assert html[html.index("<tbody") :].count("<tr>") == 4


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
sys.exit(any(name in sys.modules for name in ("great_tables", "lifelines", "pandas", "statsmodels")))
"""


def test_tables_and_lifelines_are_not_loaded_before_they_are_asked_for() -> None:
    assert run([sys.executable, "-c", PROGRAM], check=False).returncode == 0
