"""Figures of results can be read: nothing overlaps, every arm is told apart, and the words say what is drawn."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from evalkit.errors import EstimationError
from evalkit.survival import (
    CumulativeIncidence,
    CurveLabels,
    KaplanMeier,
    LifeTable,
    aalen_johansen,
    cox,
    difference_curve,
    kaplan_meier,
    mean_cumulative_count,
    plot_curves,
    quantile,
    risk_ratio,
    rmst,
    schoenfeld_residuals,
)
from evalkit.survival.interval_plot import plot_intervals

LONG = CurveLabels(
    title="Free of a new sentence among everybody released from 2018 to 2022, by what they were offered before",
    x="Days since release",
    y="Free of the event",
    arms={0: "Municipalities with early coordinated release", 1: "All others, matched on age and sentence"},
)


def _incidence(n_arms: int = 2) -> CumulativeIncidence:
    generator = np.random.default_rng(8)
    exits = np.minimum(generator.integers(1, 1400, 600), 730)
    event = np.where(exits < 730, generator.integers(0, 3, 600), 0)
    return aalen_johansen(exits, event, group=np.arange(600) % n_arms)


def _survival(n_arms: int = 2, *, weighted: bool = False) -> KaplanMeier:
    generator = np.random.default_rng(8)
    exits = np.minimum(generator.integers(1, 1400, 600), 730)
    weight = generator.uniform(0.2, 3.0, 600) if weighted else None
    return kaplan_meier(exits, exits < 730, group=np.arange(600) % n_arms, sampling_weight=weight)


def _many() -> KaplanMeier:
    time, event = [1, 2, 3, 4, 5, 6, 7, 8] * 4, [0, 1] * 16
    return kaplan_meier(LifeTable.from_counts(time, event, [9e6] * 32, group=[0] * 16 + [1] * 16))


def _forest() -> Figure:
    generator = np.random.default_rng(8)
    names = [f"covariate number {number} of twelve, with a long name" for number in range(12)]
    x = generator.normal(size=(300, 12))
    return cox(generator.integers(1, 99, 300), generator.integers(0, 2, 300), x, names).plot()


FIGURES: dict[str, Callable[[], Figure]] = {
    "two arms": lambda: _survival().plot(),
    "one arm": lambda: _survival(1).plot(),
    "five arms": lambda: _incidence(5).plot(),
    "long names": lambda: _survival().plot(labels=LONG),
    "weighted, long names": lambda: _survival(weighted=True).plot(labels=LONG),
    "millions": lambda: _many().plot(),
    "causes": lambda: _incidence(1).plot(cause=None),
    "difference": lambda: difference_curve(_incidence(), reference=0, treated=1).plot(),
    "difference on a grid": lambda: difference_curve(_incidence(), reference=0, treated=1, times=[0, 90, 180]).plot(),
    "forest": _forest,
}


def _boxes(figure: Figure) -> list[tuple[Text, Bbox]]:
    FigureCanvasAgg(figure).draw()  # type: ignore[no-untyped-call]  # matplotlib's canvas has no types
    texts = [text for text in figure.findobj(Text) if isinstance(text, Text)]
    return [(text, text.get_window_extent()) for text in texts if text.get_text().strip() and _is_seen(text)]


def _is_seen(text: Text) -> bool:
    axes = text.axes
    if axes is None or not text.get_visible():
        return False
    is_tick = text in [*axes.get_xticklabels(), *axes.get_yticklabels()]
    return not is_tick or bool(axes.axison)


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_runs_into_another_or_off_the_figure(name: str) -> None:
    figure = FIGURES[name]()
    boxes = _boxes(figure)
    ticks = {text for axes in figure.axes for text in (*axes.get_xticklabels(), *axes.get_yticklabels())}
    edge = figure.bbox.padded(1.0)
    for text, box in boxes:
        if text not in ticks:  # matplotlib keeps ticks outside the axes, unseen
            assert edge.x0 <= box.x0, text.get_text()
            assert box.x1 <= edge.x1, text.get_text()
            assert edge.y0 <= box.y0, text.get_text()
            assert box.y1 <= edge.y1, text.get_text()
    written = [(text, box) for text, box in boxes if text not in ticks]
    for (first, one), (second, other) in combinations(written, 2):
        assert not one.padded(-1.0).overlaps(other.padded(-1.0)), (first.get_text(), second.get_text())


def _texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[1].texts]


def test_curves_keep_their_width_beside_long_names() -> None:
    short, long = _survival().plot(), _survival().plot(labels=LONG)
    for figure in (short, long):
        FigureCanvasAgg(figure).draw()  # type: ignore[no-untyped-call]  # matplotlib's canvas has no types
    assert long.axes[0].get_position().width > 0.97 * short.axes[0].get_position().width


def test_one_arm_needs_no_legend_and_no_name() -> None:
    figure = plot_curves(kaplan_meier([1, 2, 2, 3], [1, 0, 1, 0]).tidy([0, 1, 2, 3]))
    assert figure.axes[0].get_legend() is None
    assert _texts(figure) == ["At risk", "4", "4", "3", "1", "Events", "0", "1", "2", "2"]
    named = plot_curves(kaplan_meier([1, 2], [1, 0], group=["pilot", "pilot"]).tidy([0, 1, 2]))
    assert named.axes[0].get_legend() is not None


def test_weighted_curve_has_persons_and_their_effective_number() -> None:
    # weights 3 and 1: (3 + 1)^2 / (9 + 1) = 1.6 of two persons
    curve = kaplan_meier([1, 2, 2, 2], [0, 1, 1, 0], sampling_weight=[2, 3, 1, 0])
    texts = _texts(plot_curves(curve.tidy([0, 1, 2])))
    assert texts == ["At risk", "3", "3", "2", "Effective number", "3", "3", "2", "Events", "0", "0", "2"]
    assert curve.tidy([2])["effective_at_risk"].to_list() == pytest.approx([1.6])


def test_causes_of_one_group_share_the_number_at_risk() -> None:
    figure = aalen_johansen([1, 2, 3, 4], [1, 2, 1, 0], group=["a", "a", "a", "b"]).plot(cause=None, group="a")
    texts = _texts(figure)
    assert texts.count("At risk") == texts.count("Events") == 1
    assert texts[texts.index("Events") + 1] == "Cause 1"
    tops = [line.get_ydata()[-1] for line in figure.axes[0].lines]  # type: ignore[index]  # an array
    assert tops == pytest.approx([2 / 3, 1 / 3])
    with pytest.raises(EstimationError, match="which group"):
        _incidence().plot(cause=None)
    with pytest.raises(EstimationError, match="one cause is drawn by group"):
        _incidence().plot(cause=1, group=0)


def test_numbers_that_would_touch_are_written_at_every_other_tick() -> None:
    texts = _texts(_many().plot())
    row = texts[texts.index("0") + 1 : texts.index("1")]
    assert len(row) == 5
    assert row[0] == "144 000 000".replace(" ", "\N{NARROW NO-BREAK SPACE}")


def test_mean_counts_are_numbers_and_shares_are_per_cent() -> None:
    count = mean_cumulative_count([2, 3, 5, 3], [1, 1, 0, 2], list("aaab"), entry_time=[0, 2, 3, 0]).plot()
    assert count.axes[0].yaxis.get_major_formatter()(1.5, 0) == "1.5"
    assert _survival().plot().axes[0].yaxis.get_major_formatter()(0.5, 0) == "50\N{NO-BREAK SPACE}%"
    assert count.axes[0].get_ylim()[1] > 1.0


def test_edges_of_bands_have_the_dashes_of_their_line() -> None:
    axes = _survival().plot().axes[0]
    looks = {str(band.get_linestyle()) for band in axes.collections}
    assert len(looks) == len(axes.lines) == 2


def test_no_event_yet_is_drawn_with_what_may_still_be() -> None:
    # nobody of ten has left before 5: at least 0.025^(1/10) are free of the event
    curve = kaplan_meier([5] * 10, [0] * 9 + [1])
    lower = curve.plot().axes[0].collections[0].get_paths()[0].vertices
    at_two = [y for x, y in np.asarray(lower) if x == 1]
    assert min(at_two) == pytest.approx(0.025**0.1)


def test_curve_that_ends_at_zero_goes_down_to_the_axis() -> None:
    axes = kaplan_meier([3, 5, 8], [1, 1, 1]).plot().axes[0]
    assert axes.lines[0].get_ydata()[-1] == 0.0  # type: ignore[index]  # an array
    assert axes.get_xlim()[1] > 8
    assert axes.get_ylim()[0] == 0.0


def test_difference_has_a_line_at_zero_and_both_sides_of_it() -> None:
    curves = _incidence()
    every, grid = (difference_curve(curves, reference=0, treated=1, times=times) for times in (None, [0, 365, 730]))
    axes = every.plot().axes[0]
    assert axes.get_ylim()[0] < 0 < axes.get_ylim()[1]
    assert [list(np.unique(np.asarray(line.get_ydata()))) for line in axes.lines[1:]] == [[0.0]]
    assert axes.lines[0].get_drawstyle() == "steps-post"
    assert grid.plot().axes[0].lines[0].get_drawstyle() == "default"
    assert grid.plot().axes[0].get_xticks().tolist() == [0, 365, 730]
    assert every.tidy()["n_at_risk"][0] == 600


def test_difference_ends_where_an_arm_ends() -> None:
    curves = aalen_johansen([1, 2, 3, 4], [1, 0, 1, 0], group=["a", "a", "b", "b"])
    frame = difference_curve(curves, reference="a", treated="b").tidy()
    assert frame["time"].to_list() == [0, 1, 2]
    # an arm of which everybody has had the event is known ever after
    ended = aalen_johansen([1, 2, 3, 4], [1, 1, 1, 0], group=["a", "a", "b", "b"])
    assert difference_curve(ended, reference="a", treated="b").tidy()["time"].to_list() == [0, 1, 2, 3, 4]


def test_ratios_stand_on_a_logarithmic_axis_around_one() -> None:
    rows = pl.DataFrame({"name": ["a", "b"], "estimate": [0.5, 2.0], "conf_low": [0.25, 0.0], "conf_high": [1.0, None]})
    axes = plot_intervals(rows, labels=CurveLabels(arms={"a": "first"}), reference=1.0, is_ratio=True).axes[0]
    assert axes.get_xscale() == "log"
    assert list(axes.lines[0].get_xdata()) == [1.0, 1.0]  # type: ignore[arg-type]  # an array
    assert [label.get_text() for label in axes.get_yticklabels()] == ["first", "b"]
    assert axes.get_ylim()[0] > axes.get_ylim()[1]  # the first row is at the top
    assert [text.get_text() for text in axes.texts] == ["0.50 (0.25; 1.00)", "2.00 (0.00; ?)"]
    assert [line.get_marker() for line in axes.lines].count("<") == 1
    assert [line.get_marker() for line in axes.lines].count(">") == 1


def test_intervals_of_nothing_cannot_be_drawn() -> None:
    rows = pl.DataFrame({"name": ["a"], "estimate": [float("nan")], "conf_low": [None], "conf_high": [None]})
    with pytest.raises(EstimationError, match="no estimate to draw"):
        plot_intervals(rows, labels=CurveLabels())
    with pytest.raises(EstimationError, match="no estimate to draw"):
        quantile(kaplan_meier([1] * 40, [0] * 40)).plot()


def test_contrasts_and_means_draw_what_tidy_says() -> None:
    means = rmst(_survival(), horizon=365)
    dots = [line.get_xdata()[0] for line in means.plot().axes[0].lines if line.get_marker() == "o"]  # type: ignore[index]  # an array
    assert dots == pytest.approx(means.tidy()["estimate"].to_list())
    ratio = risk_ratio(_incidence(), time=365, reference=0, treated=1).plot()
    assert ratio.axes[0].get_xlabel() == "Risk ratio"
    assert "1 against 0" in ratio.alt_text


def test_residuals_have_a_panel_a_covariate_and_a_line_where_nothing_changes() -> None:
    generator = np.random.default_rng(8)
    fit = cox(generator.integers(1, 99, 80), [1] * 80, generator.normal(size=(80, 3)), ["a", "b", "c"])
    residuals = schoenfeld_residuals(fit)
    panels = residuals.plot().axes
    assert [panel.get_title(loc="left") for panel in panels] == ["a", "b", "c", ""]
    for panel, column in zip(panels, residuals.scaled.T, strict=False):
        constant, smooth = panel.lines
        assert constant.get_ydata()[0] == pytest.approx(column.mean())  # type: ignore[index]  # an array
        assert np.all(np.isfinite(np.asarray(smooth.get_ydata())))
        assert np.asarray(smooth.get_xdata()).size == 80
    few = schoenfeld_residuals(cox([1, 2, 3, 4], [1, 1, 1, 1], [[1.0], [0.0], [1.0], [0.0]], ["x"])).plot()
    assert "too few events for a line" in few.alt_text


def test_words_say_where_the_curves_end() -> None:
    curve = kaplan_meier([5] * 10 + [3, 4, 5], [0] * 10 + [0, 1, 0], group=["none"] * 10 + ["some"] * 3)
    words = CurveLabels(y="Free of the event", x="Days", percent="%", arms={"none": "Pilot"})
    assert curve.plot(labels=words).alt_text == (
        "Free of the event against days, as curves. At the end: Pilot: 100% (69%; 100%) at 5. some: 50% (1%; 91%) at 5."
    )


def test_words_without_a_known_end_or_limits() -> None:
    frame = pl.DataFrame({"group": ["a", "a", "b"], "time": [0, 1, 0], "estimate": [0.5, None, None]})
    figure = plot_curves(frame, labels=CurveLabels(title="Risk.", percent="%"))
    assert figure.alt_text == "Risk. Estimate against time, as curves. At the end: a: 50.0% at 0. b: nothing known."


@pytest.mark.parametrize(
    ("row", "options", "text"),
    [
        ({"estimate": 569.2, "conf_low": 556.1, "conf_high": 582.6}, {}, "569 (556; 583)"),
        ({"estimate": 2.5, "conf_low": -1.25, "conf_high": 6.0}, {}, "2.5 (−1.2; 6.0)"),
        ({"estimate": 3.0, "conf_low": 0.31, "conf_high": 29.1}, {"is_ratio": True}, "3.00 (0.31; 29.10)"),
        ({"estimate": 0.0, "conf_low": 0.0, "conf_high": 0.3085}, {"is_share": True}, "0% (0%; 31%)"),
        ({"estimate": 0.5, "conf_low": 0.5, "conf_high": 0.5}, {}, "0.50 (0.50; 0.50)"),
        ({"estimate": 4.0, "conf_low": None, "conf_high": float("inf")}, {}, "4.00 (?; ?)"),
        ({"estimate": None, "conf_low": None, "conf_high": None}, {}, "? (?; ?)"),
    ],
)
def test_intervals_in_words(row: dict[str, float], options: dict[str, bool], text: str) -> None:
    assert CurveLabels(percent="%").interval(row, **options) == text
