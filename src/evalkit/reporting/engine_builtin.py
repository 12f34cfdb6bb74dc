"""The built-in engine: a Jupyter kernel runs the cells, pandoc writes the page. Needs no download and no network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evalkit.reporting.compose import compose, steps_of
from evalkit.reporting.kernel import run_steps
from evalkit.reporting.language import Language
from evalkit.reporting.pandoc import to_html
from evalkit.reporting.project import Project, find_project
from evalkit.reporting.qmd import Document, parse_document

__all__ = ["render_builtin"]


def render_builtin(
    template: Path, *, parameters: Mapping[str, str], metadata: Mapping[str, str], language: Language
) -> str:
    """Render a document without Quarto.

    Parameters
    ----------
    template : Path
        The ``.qmd`` file.
    parameters : mapping of str to str
        Values for the cell tagged ``parameters``.
    metadata : mapping of str to str
        Title and the like, in place of the front matter's.
    language : Language
        The page's language.

    Returns
    -------
    str
        One self-contained HTML page.

    Raises
    ------
    ReportError
        When the document cannot be parsed, a cell fails, or pandoc refuses it.
    """
    document = parse_document(template)
    project = find_project(template)
    outputs = run_steps(steps_of(document, parameters), folder=template.parent.resolve())
    markdown = compose(document, outputs, echo=_echo(document, project))
    settings: dict[str, Any] = {"title": document.metadata.get("title", template.stem)}
    for name in ("toc", "toc-depth"):
        value = project.html_setting(name, document.metadata)
        settings |= {} if value is None else {name: value}
    return to_html(markdown, metadata=settings | dict(metadata), styles=project.styles(), language=language)


def _echo(document: Document, project: Project) -> bool:
    for settings in (document.metadata, project.settings):
        execute = settings.get("execute")
        if isinstance(execute, Mapping) and "echo" in execute:
            return bool(execute["echo"])
    return True  # as Quarto does
