"""Bundle in, one HTML file out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from evalkit.errors import ReportError
from evalkit.reporting.bundle import Bundle, read_bundle
from evalkit.reporting.engine_builtin import render_builtin
from evalkit.reporting.engine_quarto import has_quarto, render_quarto
from evalkit.reporting.language import Language, load_language
from evalkit.reporting.markdown import escaped
from evalkit.reporting.pandoc import outside_references

__all__ = ["Engine", "render"]

Engine = Literal["auto", "builtin", "quarto"]


def render(bundle_folder: Path, template: Path, output_html: Path, *, language: str, engine: Engine = "auto") -> Path:
    """Render a report from a release bundle.

    Parameters
    ----------
    bundle_folder : Path
        The bundle; nothing else is read.
    template : Path
        The ``report.qmd``.
    output_html : Path
        The page to write; its folder is made if need be. An older page stays until the new one is whole.
    language : {"da", "en"}
        The report's language.
    engine : {"auto", "builtin", "quarto"}
        ``"auto"`` takes Quarto when it is on the path.

    Returns
    -------
    Path
        `output_html`.

    Raises
    ------
    ReportError
        When the bundle is not whole, a cell fails, or the page would need something from outside.
    """
    words = load_language(language)
    bundle = read_bundle(bundle_folder)
    if not Path(template).is_file():
        raise ReportError(f"{template}: there is no such document.", hint="Check the path.")
    use_quarto = engine == "quarto" or (engine == "auto" and has_quarto())
    run = render_quarto if use_quarto else render_builtin
    parameters = {"bundle": Path(bundle_folder).resolve().as_posix(), "lang": words.code}
    page = run(Path(template), parameters=parameters, metadata=_title(bundle, words), language=words)
    outside = outside_references(page)
    if outside:
        raise ReportError(f"The page would need {len(outside)} thing(s) from outside, first {outside[0]}.")
    return _write(page, Path(output_html))


def _title(bundle: Bundle, language: Language) -> dict[str, str]:
    study = bundle.study
    title = language.choose(study.get("title")) or str(study.get("name", ""))
    key = "page.subtitle" if study.get("kind", "register") == "register" else "page.subtitle_other"
    vintage = study.get("vintage")
    subtitle = language.text(key, day=language.day(str(vintage))) if vintage else ""
    return {"title": escaped(title), "subtitle": escaped(subtitle)}


def _write(page: str, output: Path) -> Path:
    """Write beside the place and move, so that nobody ever sees half a page."""
    partial = output.with_name(f".{output.name}.{os.getpid()}.tmp")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            file.write(page)
        partial.replace(output)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise ReportError(f"{output}: could not be written: {type(error).__name__}.") from None
    return output
