"""Markdown to one HTML file that asks no other host for anything."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

import pypandoc

from evalkit.errors import ReportError
from evalkit.reporting.language import Language

__all__ = ["outside_references", "to_html"]

_TIMEOUT_SECONDS = 120
_READER = "markdown-implicit_figures"
_OUTSIDE = re.compile(
    r"""<(?:script|img|iframe|link|source|video|audio|object|embed|use|image)\b[^>]*?\s(?:src|href|xlink:href|data|srcset)
        \s*=\s*["']?\s*((?!data:|\#)[^"'\s>]+)""",
    re.IGNORECASE | re.VERBOSE,
)
_OUTSIDE_STYLE = re.compile(r"""@import\s+["']?([^"';\s]+)|url\(\s*["']?((?!data:|\#)[^"')\s]+)""", re.IGNORECASE)


def to_html(markdown: str, *, metadata: Mapping[str, object], styles: Sequence[str], language: Language) -> str:
    """Convert Pandoc Markdown to a whole, self-contained page.

    Parameters
    ----------
    markdown : str
        The document without cells.
    metadata : mapping
        ``title``, ``subtitle``, ``toc`` and the like.
    styles : sequence of str
        Style sheets, put into the page.
    language : Language
        Names of figures, tables and landmarks.

    Returns
    -------
    str
        HTML.

    Raises
    ------
    ReportError
        When pandoc fails, a cross-reference points nowhere, or the page would need something from outside.
    """
    words = {key.removeprefix("page."): text for key, text in language.texts.items() if key.startswith("page.")}
    content = dict(metadata) | {"lang": language.code, "words": words}
    with tempfile.TemporaryDirectory(prefix="evalkit-") as scratch:
        given = Path(scratch) / "metadata.json"
        given.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        page = _run([*_command(metadata), f"--metadata-file={given}"], markdown)
    page = page.replace(_STYLES_GO_HERE, "\n".join(styles), 1)
    outside = outside_references(page)
    if outside:
        raise ReportError(f"The page would need {len(outside)} thing(s) from outside, first {outside[0]}.", hint=_HINT)
    return page


_STYLES_GO_HERE = "/* styles */"
_HINT = "Put pictures out from a cell, so that they are embedded."


def outside_references(page: str) -> list[str]:
    """List what a page would load from outside itself; links that a reader follows are not meant.

    Parameters
    ----------
    page : str
        HTML.

    Returns
    -------
    list of str
        Addresses, in order; empty for a self-contained page.
    """
    styles = [first or second for first, second in _OUTSIDE_STYLE.findall(page)]
    return _OUTSIDE.findall(page) + styles


def _command(metadata: Mapping[str, object]) -> list[str]:
    assets = files("evalkit.reporting") / "assets"
    options = [
        f"--from={_READER}",
        "--to=html5",
        "--standalone",
        "--wrap=none",
        "--sandbox",
        "--section-divs",
        "--mathml",
        "--syntax-highlighting=none",
        f"--template={assets / 'page.html'}",
        f"--lua-filter={assets / 'subset.lua'}",
    ]
    if metadata.get("toc", True):
        options += ["--toc", f"--toc-depth={metadata.get('toc-depth', 2)}"]
    return [pypandoc.get_pandoc_path(), *options]


def _run(command: list[str], markdown: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - pandoc's own path, arguments from this module
            command, input=markdown.encode(), capture_output=True, timeout=_TIMEOUT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ReportError(f"pandoc could not be run: {type(error).__name__}.") from None
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["no message"]
        raise ReportError(f"pandoc refused the document: {said[0]}")
    return done.stdout.decode()
