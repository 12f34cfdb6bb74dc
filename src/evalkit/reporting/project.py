"""A document and the project around it: ``_quarto.yml``, style sheets, shared parts."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalkit.errors import ReportError
from evalkit.reporting.qmd import read_yaml
from evalkit.shipped import shipped

__all__ = ["Project", "find_project", "stage"]

_SETTINGS = "_quarto.yml"
_DOCUMENT_FILES = frozenset({".qmd", ".css", ".scss", ".lua", ".yml", ".bib", ".csl", ".svg", ".png"})


@dataclass(frozen=True)
class Project:
    """Where a document's shared settings stand.

    Parameters
    ----------
    folder : Path
        The folder with ``_quarto.yml``.
    settings : mapping
        Its content.
    """

    folder: Path
    settings: Mapping[str, Any]

    def html_setting(self, name: str, document: Mapping[str, Any]) -> Any:  # noqa: ANN401 - YAML holds anything
        """Return an HTML format setting, the document's own before the project's.

        Parameters
        ----------
        name : str
            The setting, ``"toc"``.
        document : mapping
            The document's front matter.

        Returns
        -------
        object
            None when neither sets it.
        """
        own = _html(document).get(name)
        return own if own is not None else _html(self.settings).get(name)

    def styles(self) -> tuple[str, ...]:
        """Return the project's style sheets.

        Returns
        -------
        tuple of str
            CSS.

        Raises
        ------
        ReportError
            When a style sheet is missing.
        """
        named = _html(self.settings).get("css") or []
        paths = [self.folder / name for name in ([named] if isinstance(named, str) else named)]
        try:
            return tuple(path.read_text(encoding="utf-8") for path in paths)
        except OSError:
            raise ReportError(f"{self.folder / _SETTINGS}: a style sheet that it names is missing.") from None


def find_project(template: Path) -> Project:
    """Find the project of a document: in its folder, the folder above, or the one that evalkit ships.

    Parameters
    ----------
    template : Path
        The ``.qmd`` file.

    Returns
    -------
    Project
        The nearest.

    Raises
    ------
    ReportError
        When ``_quarto.yml`` is not YAML.
    """
    near = (template.parent, template.parent.parent, shipped("reports"))
    folder = next(folder for folder in near if (folder / _SETTINGS).is_file() or folder == near[-1])
    path = folder / _SETTINGS
    settings = read_yaml(path.read_text(encoding="utf-8"), where=str(path)) if path.is_file() else {}
    return Project(folder, settings)


def stage(template: Path, scratch: Path) -> Path:
    """Copy a document with what it needs into a folder where an engine may write.

    Parameters
    ----------
    template : Path
        The ``.qmd`` file.
    scratch : Path
        An empty folder.

    Returns
    -------
    Path
        The document's copy.
    """
    project = find_project(template)
    inside = template.parent == project.folder
    folder = scratch if inside else scratch / template.parent.name
    _copy_documents(project.folder, scratch)
    _copy_documents(template.parent, folder)
    return folder / template.name


def _copy_documents(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.iterdir()):
        if path.is_file() and path.suffix in _DOCUMENT_FILES:
            shutil.copy(path, target / path.name)


def _html(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    formats = settings.get("format")
    html = formats.get("html") if isinstance(formats, Mapping) else None
    return html if isinstance(html, Mapping) else {}
