"""The Quarto engine: the same documents by ``quarto render``, where Quarto is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import yaml  # type: ignore[import-untyped]  # PyYAML carries no types

from evalkit.errors import ReportError
from evalkit.reporting.language import Language
from evalkit.reporting.project import stage
from evalkit.reporting.qmd import parse_front_matter

__all__ = ["has_quarto", "render_quarto"]

_TIMEOUT_SECONDS = 600


def has_quarto() -> bool:
    """Say whether Quarto is on the path.

    Returns
    -------
    bool
        True when ``quarto`` can be started.
    """
    return shutil.which("quarto") is not None


def render_quarto(
    template: Path, *, parameters: Mapping[str, str], metadata: Mapping[str, str], language: Language
) -> str:
    """Render a document with Quarto, in a copy of its folder.

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
        When Quarto is missing, fails, or leaves no page.
    """
    quarto = shutil.which("quarto")
    if quarto is None:
        raise ReportError("Quarto is not on the path.", hint="Install evalkit[quarto], or use engine='builtin'.")
    with tempfile.TemporaryDirectory(prefix="evalkit-", ignore_cleanup_errors=True) as scratch:
        document = stage(template.resolve(), Path(scratch).resolve() / "reports")
        _set_metadata(document, {"lang": language.code} | dict(metadata))
        command = [quarto, "render", document.name, "--to", "html", "--no-execute-daemon"]
        for name, value in parameters.items():
            command += ["-P", f"{name}:{value}"]
        _run(command, document)
        return _page(document.with_suffix(".html"))


def _set_metadata(document: Path, metadata: Mapping[str, str]) -> None:
    # in the copy's front matter, because a value with a colon in it is not safe after -M
    front, body = parse_front_matter(document.read_text(encoding="utf-8"), where=str(document))
    written = yaml.safe_dump(dict(front) | dict(metadata), allow_unicode=True, sort_keys=False)
    document.write_text(f"---\n{written}---\n{body}", encoding="utf-8")


def _run(command: list[str], document: Path) -> None:
    environment = os.environ | {"QUARTO_PYTHON": sys.executable, "PYTHONWARNINGS": "ignore"}
    try:
        done = subprocess.run(  # noqa: S603 - quarto's own path; the values are names and paths
            command, cwd=document.parent, env=environment, capture_output=True, timeout=_TIMEOUT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ReportError(f"Quarto could not be run: {type(error).__name__}.") from None
    if done.returncode != 0:  # what Quarto says may quote a cell's values
        raise ReportError(
            f"{document.name}: quarto render failed with exit code {done.returncode}.",
            hint="engine='builtin' names the cell that fails.",
        )


def _page(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        raise ReportError(f"Quarto left no {path.name}.") from None
