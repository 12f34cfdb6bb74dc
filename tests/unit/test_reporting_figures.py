"""Figures are the same bytes each time, can stand side by side in a page, and can be read by everyone."""

from __future__ import annotations

import re

import pytest
from matplotlib.figure import Figure

from evalkit.reporting.figures import Drawing, to_svg
from evalkit.reporting.figures.palette import INK, PLAN_COLOURS, QUIET, STATUS_COLOURS, readable_on
from evalkit.shipped import shipped

THEME = (shipped("reports") / "theme.css").read_text(encoding="utf-8")


def drawing(colour: str = "#D55E00") -> Drawing:
    figure = Figure(figsize=(3, 2))
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], marker="o", color=colour)
    axes.fill_between([0, 1], [0, 0], [1, 1], hatch="//", facecolor="none")
    axes.text(0.5, 0.5, "Løsladt & fulgt", color=colour)
    return Drawing(figure, 'Says "50 %" & more')


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.1, relative luminance and contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_wcags() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_same_drawing_same_bytes() -> None:
    assert to_svg(drawing(), name="a") == to_svg(drawing(), name="a")


def test_two_drawings_share_no_id_and_every_reference_is_kept() -> None:
    one, other = to_svg(drawing(), name="one"), to_svg(drawing(), name="other")
    ids = set(re.findall(r'\bid="([^"]+)"', one))
    assert ids
    assert not ids & set(re.findall(r'\bid="([^"]+)"', other))
    assert set(re.findall(r'(?:url\(|href=")#([\w-]+)', one)) <= ids


def test_drawing_is_named_for_those_who_do_not_see_it_and_brings_nothing_else() -> None:
    svg = to_svg(drawing(), name="a")
    assert svg.startswith("<svg viewBox=")
    assert 'role="img" aria-label="Says &quot;50 %&quot; &amp; more"' in svg
    assert "Løsladt &amp; fulgt" in svg
    for unwanted in ("<metadata", "<style", "<?xml", "<!--", "http", "DejaVu", "width="):
        assert unwanted not in svg.split(">", 1)[0] + re.sub(r'\swidth="[\d.]+"', "", svg.split(">", 1)[1])


def test_letters_are_dark_enough_where_lines_need_not_be() -> None:
    svg = to_svg(drawing(), name="a")
    letters = re.findall(r"<text[^>]*fill: (#[0-9a-f]{6})", svg)
    assert letters
    assert all(contrast(colour, "#ffffff") >= 4.5 for colour in letters)
    assert "stroke: #d55e00" in svg


@pytest.mark.parametrize("colour", sorted({*STATUS_COLOURS.values(), *PLAN_COLOURS.values()}))
def test_words_on_a_bar_can_be_read(colour: str) -> None:
    assert contrast(readable_on(colour), colour) >= 4.5


def test_quiet_ink_can_be_read() -> None:
    assert min(contrast(INK, "#ffffff"), contrast(QUIET, "#ffffff")) >= 4.5


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "paper"),
        ("ink", "wash"),
        ("ink", "warn-wash"),
        ("quiet", "paper"),
        ("quiet", "wash"),
        ("accent", "paper"),
        ("accent", "wash"),
        ("arm-1", "wash"),
    ],
)
def test_the_themes_texts_can_be_read(text: str, ground: str) -> None:
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", THEME))
    assert contrast(colours[text], colours[ground]) >= 4.5


def test_the_theme_loads_nothing_and_prints() -> None:
    assert "url(" not in THEME
    assert "@import" not in THEME
    assert "@media print" in THEME
    assert ":focus-visible" in THEME
