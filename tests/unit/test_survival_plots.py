"""The figure holds what the frame says."""

from __future__ import annotations

import io

import numpy as np
import polars as pl
import pytest
from matplotlib.figure import Figure

from evalkit.errors import EstimationError
from evalkit.survival import CurveLabels, kaplan_meier, plot_curves

TIMES = [0, 1, 2, 3]


@pytest.fixture
def frame() -> pl.DataFrame:
    curve = kaplan_meier([1, 2, 2, 3, 3, 3], [1, 0, 1, 0, 0, 0], group=["b", "b", "b", "a", "a", "a"])
    return curve.tidy(TIMES).rename({"group": "arm"})


def _texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[1].texts]


def test_table_shows_numbers_at_risk_and_events(frame: pl.DataFrame) -> None:
    words = CurveLabels(arms={"a": "Arm A", "b": "Arm B"}, n_at_risk="At risk", n_events="Events")
    texts = _texts(plot_curves(frame, arm="arm", ticks=TIMES, labels=words))
    assert texts == [
        *["At risk", "Arm A", "3", "3", "3", "3", "Arm B", "3", "3", "2", "0"],
        *["Events", "Arm A", "0", "0", "0", "0", "Arm B", "0", "1", "2", "2"],
    ]


def test_suppressed_counts_are_a_sign_not_a_number(frame: pl.DataFrame) -> None:
    hidden = frame.with_columns(n_events=pl.lit(None, pl.Int64), n_events_status=pl.lit("suppressed_primary"))
    texts = _texts(plot_curves(hidden, arm="arm", ticks=TIMES, labels=CurveLabels(suppressed="<5")))
    assert texts.count("<5") == 8


def test_readable_thousands(frame: pl.DataFrame) -> None:
    many = frame.with_columns(n_at_risk=pl.lit(12345))
    texts = _texts(plot_curves(many, arm="arm", ticks=TIMES, labels=CurveLabels(thousands=".")))
    assert texts.count("12.345") == 8


def test_curve_steps_at_the_event_and_ends_with_null(frame: pl.DataFrame) -> None:
    cut = frame.with_columns(
        estimate=pl.when((pl.col("arm") == "b") & (pl.col("time") > 1)).then(None).otherwise("estimate")
    )
    line = plot_curves(cut, arm="arm").axes[0].lines[1]
    assert line.get_drawstyle() == "steps-post"
    np.testing.assert_allclose(np.asarray(line.get_ydata()), [1.0, 2 / 3, np.nan, np.nan])


def test_arms_differ_in_colour_and_in_line_style(frame: pl.DataFrame) -> None:
    first, second = plot_curves(frame, arm="arm").axes[0].lines
    assert first.get_color() != second.get_color()
    assert first.get_linestyle() != second.get_linestyle()


def test_axis_is_in_per_cent_with_the_reader_s_decimal_sign(frame: pl.DataFrame) -> None:
    figure = plot_curves(frame, arm="arm", labels=CurveLabels(decimal=",", percent=" %"))
    formatter = figure.axes[0].yaxis.get_major_formatter()
    assert formatter(0.125, 0) == "12,5 %"


def test_same_frame_draws_the_same_figure(frame: pl.DataFrame) -> None:
    def drawn() -> bytes:
        file = io.BytesIO()
        plot_curves(frame, arm="arm").savefig(file, format="png", metadata={"Software": None})
        return file.getvalue()

    assert drawn() == drawn()


def test_frame_without_counts_has_no_table(frame: pl.DataFrame) -> None:
    assert len(plot_curves(frame.drop("n_at_risk", "n_events"), arm="arm").axes) == 1


def test_missing_column_is_named(frame: pl.DataFrame) -> None:
    with pytest.raises(EstimationError, match="no column group"):
        plot_curves(frame)
    with pytest.raises(EstimationError, match="no estimate to draw"):
        plot_curves(frame.with_columns(estimate=pl.lit(None, pl.Float64)), arm="arm")
