"""The part of Quarto's Markdown that the built-in engine reads, cell by cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.errors import ReportError
from evalkit.reporting.compose import compose, steps_of
from evalkit.reporting.language import load_language
from evalkit.reporting.markdown import Markdown, escaped
from evalkit.reporting.pandoc import outside_references, to_html
from evalkit.reporting.qmd import Cell, Prose, parse_document

DOCUMENT = """---
title: "A title: with a colon"
execute:
  echo: false
---

```{python}
#| tags: [parameters]
number = 1
```

# Text `{python} number + 1` more

```{python}
#| label: fig-one
#| fig-cap: "One"
#| fig-alt: "It is one"
figure()
```

```python
`{python} this is shown, not run`
```
"""


def written(tmp_path: Path, text: str, name: str = "report.qmd") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def display(**data: str) -> dict[str, object]:
    return {"output_type": "display_data", "data": {name.replace("_", "/", 1): text for name, text in data.items()}}


def cell(source: str) -> str:
    return f"```{{python}}\n{source}\n```\n"


def stream(name: str, text: str) -> dict[str, object]:
    return {"output_type": "stream", "name": name, "text": text}


def test_front_matter_cells_and_inline_expressions(tmp_path: Path) -> None:
    document = parse_document(written(tmp_path, DOCUMENT))
    assert document.metadata["title"] == "A title: with a colon"
    cells = [block for block in document.blocks if isinstance(block, Cell)]
    assert [cell.label for cell in cells] == ["cell 1", "fig-one"]
    assert [cell.is_parameters for cell in cells] == [True, False]
    assert cells[1].source == "figure()\n"
    assert cells[1].options["fig-alt"] == "It is one"
    prose = [block for block in document.blocks if isinstance(block, Prose)]
    assert [block.expressions for block in prose][:2] == [(), ("number + 1",)]


def test_parameters_are_set_after_the_parameters_cell(tmp_path: Path) -> None:
    document = parse_document(
        written(tmp_path, DOCUMENT.replace("```python\n`{python} this is shown, not run`\n```\n", ""))
    )
    steps = steps_of(document, {"number": "it's 7"})
    assert [step.source for step in steps] == ['number = 1\n\nnumber = "it\'s 7"', "number + 1", "figure()\n"]
    assert steps[2].name == "report.qmd: fig-one"


def test_outputs_go_back_where_they_belong(tmp_path: Path) -> None:
    text = "Now `{python} a` and `{python} b`.\n\n" + cell("print(1)") + cell("#| output: asis\nprint(2)")
    outputs = [
        [display(text_plain="'5*4'")],
        [display(text_markdown="**five**", text_plain="x")],
        [stream("stdout", "<one>\n"), stream("stderr", "a warning\n")],
        [stream("stdout", "## Two\n")],
    ]
    page = compose(parse_document(written(tmp_path, text)), outputs, echo=False)
    assert "Now 5\\*4 and **five**." in page
    assert "```\n<one>\n\n```" in page
    assert "\n## Two\n" in page
    assert "warning" not in page
    assert "print" not in page


def test_echo_and_include_and_output_options(tmp_path: Path) -> None:
    text = cell("#| echo: true\na") + cell("#| include: false\nb") + cell("#| output: false\nc")
    said = [[stream("stdout", f"said {name}")] for name in "abc"]
    page = compose(parse_document(written(tmp_path, text)), said, echo=False)
    assert "```python\na\n```" in page
    assert "said a" in page
    assert "said b" not in page
    assert "said c" not in page


def test_a_labelled_figure_becomes_a_float_with_its_alternative_text(tmp_path: Path) -> None:
    text = '```{python}\n#| label: fig-x\n#| fig-cap: A caption\n#| fig-alt: Say "it"\nf()\n```\n'
    drawing = '<?xml version="1.0"?>\n<!DOCTYPE svg>\n<svg viewBox="0 0 1 1"></svg>'
    page = compose(
        parse_document(written(tmp_path, text)), [[display(image_svg_xml="", **{"image_svg+xml": drawing})]], echo=False
    )
    assert "::: {#fig-x}" in page
    assert "A caption\n:::" in page
    assert '<svg role="img" aria-label="Say &quot;it&quot;" viewBox="0 0 1 1">' in page
    assert "<?xml" not in page


def test_html_output_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "```{python}\n#| label: frame\nf()\n```\n")
    with pytest.raises(ReportError, match=r"report\.qmd: frame gives text/html") as caught:
        compose(parse_document(path), [[display(text_html="<b>secret</b>", text_plain="x")]], echo=False)
    assert "secret" not in str(caught.value)


def test_includes_are_put_in(tmp_path: Path) -> None:
    written(tmp_path, "Shared.\n\n```{python}\nx\n```\n", "_shared.qmd")
    document = parse_document(written(tmp_path, "---\ntitle: T\n---\n\n{{< include _shared.qmd >}}\n"))
    assert [type(block).__name__ for block in document.blocks] == ["Prose", "Cell", "Prose"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("---\ntitle: [\n---\n", "front matter: this is not valid YAML"),
        ("---\n- a\n---\n", "front matter: this is not a YAML mapping"),
        ("```{python}\nx\n", "cell 1: the code fence is not closed"),
        ("```{python}\n#| label: [\nx\n```\n", "options of cell 1: this is not valid YAML"),
        ("{{< include missing.qmd >}}\n", r"missing\.qmd: there is no such document"),
        ("{{< include report.qmd >}}\n", "includes are nested more than 8 deep"),
    ],
)
def test_a_broken_document_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ReportError, match=said):
        parse_document(written(tmp_path, text))


def page_of(markdown: str, **metadata: object) -> str:
    return to_html(
        markdown, metadata={"title": "T"} | metadata, styles=["p { color: red }"], language=load_language("da")
    )


def test_floats_are_numbered_and_referred_to_in_the_reports_language() -> None:
    page = page_of("See @tbl-b and @fig-a.\n\n::: {#fig-a}\nX\n\nCap a\n:::\n\n::: {#tbl-b}\nY\n\nCap *b*\n:::\n")
    assert '<a href="#tbl-b" class="reference">Tabel\N{NO-BREAK SPACE}1</a>' in page
    assert '<a href="#fig-a" class="reference">Figur\N{NO-BREAK SPACE}1</a>' in page
    assert '<figure id="fig-a" class="float float-fig">' in page
    assert "Cap <em>b</em>" in page
    assert page.index("Cap a") > page.index("<p>X</p>")  # below a figure
    assert page.index("Cap <em>b") < page.index("<p>Y</p>")  # above a table


def test_a_reference_that_points_nowhere_is_an_error() -> None:
    with pytest.raises(ReportError, match="pandoc refused the document"):
        page_of("See @fig-nowhere.")


def test_callouts_and_tabs_need_no_script() -> None:
    page = page_of(
        "::: {.callout-warning}\n## Mind\nThe gap.\n:::\n\n::: {.panel-tabset}\n\n### One\n\nA\n\n### Two\n\nB\n\n:::\n"
    )
    assert '<aside class="callout callout-warning" aria-label="Mind">' in page
    assert page.count('<input type="radio" name="tabset-1"') == 2
    assert page.count(" checked") == 1
    assert '<label for="tabset-1-2">' in page
    assert "<script" not in page


def test_the_page_allows_nothing_from_outside_and_has_landmarks() -> None:
    page = page_of("## A\n\ntext")
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page
    assert '<html lang="da">' in page
    for part in ("<header", "<nav", "<main", "<footer", 'class="skip-link" href="#main"', "p { color: red }"):
        assert part in page


@pytest.mark.parametrize(
    "markdown",
    [
        "![x](https://example.org/x.png)",
        '```{=html}\n<script src="https://example.org/x.js"></script>\n```',
        "```{=html}\n<link rel=stylesheet href=//example.org/x.css>\n```",
        "```{=html}\n<style>@import url(https://example.org/x.css);</style>\n```",
        "![x](logo.png)",
    ],
)
def test_a_page_that_would_load_something_is_refused(markdown: str) -> None:
    with pytest.raises(ReportError, match="from outside"):
        page_of(markdown)


def test_links_and_embedded_pictures_are_no_outside_references() -> None:
    for harmless in ('<a href="https://example.org">x</a>', '<img src="data:image/png;base64,AA">', '<use href="#a"/>'):
        assert outside_references(f'{harmless}<p style="fill: url(#b)">') == []


def test_markdown_is_shown_as_markdown_and_escaped_text_as_itself() -> None:
    assert Markdown("**a**")._repr_markdown_() == "**a**"
    page = page_of(escaped("*a* [b](c) `d` <e> @fig-x $1$ #f ~g~ ^h^ i|j"))
    assert "*a* [b](c) `d` &lt;e&gt; @fig-x $1$ #f ~g~ ^h^ i|j" in page
