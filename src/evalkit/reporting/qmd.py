"""The part of Quarto's Markdown that a report is written in, and that both engines understand.

* YAML front matter; ``{{< include file.qmd >}}`` on a line of its own;
* ```` ```{python} ```` cells with ``#| key: value`` options (``label``, ``fig-cap``, ``fig-alt``, ``tbl-cap``,
  ``output``, ``echo``, ``include``, ``eval``, ``tags``); one cell may be tagged ``parameters``;
* inline ``{python} expression`` in back quotes;
* everything else is Pandoc Markdown: callouts, ``.panel-tabset``, ``::: {#fig-x}`` and ``::: {#tbl-x}`` divs with the
  caption as their last paragraph, references ``@fig-x``, ``@tbl-x``, ``@sec-x``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # PyYAML carries no types

from evalkit.errors import ReportError

__all__ = ["INLINE", "Cell", "Document", "Prose", "parse_document", "parse_front_matter", "read_yaml"]

INLINE = re.compile(r"`\{python\}\s+([^`]+?)\s*`")
_INCLUDE = re.compile(r"^\{\{<\s*include\s+(\S+)\s*>\}\}\s*$", re.MULTILINE)
_FRONT = re.compile(r"\A---\s*\n(.*?\n)---\s*(?:\n|\Z)", re.DOTALL)
_FENCE = re.compile(r"^(?P<fence>`{3,}|~{3,})\s*(?P<info>.*?)\s*$")
_MAX_INCLUDES = 8


@dataclass(frozen=True)
class Prose:
    """Markdown between cells.

    Parameters
    ----------
    text : str
        As written; may hold inline expressions.
    """

    text: str

    @property
    def expressions(self) -> tuple[str, ...]:
        """The inline expressions, in reading order."""
        return tuple(match.group(1) for match in INLINE.finditer(self.text))


@dataclass(frozen=True)
class Cell:
    """A code cell.

    Parameters
    ----------
    source : str
        Python, without the option lines.
    options : mapping
        The ``#|`` options.
    number : int
        Its place in the document, from 1.
    """

    source: str
    options: Mapping[str, Any]
    number: int

    @property
    def label(self) -> str:
        """The cell's name in messages."""
        return str(self.options.get("label", f"cell {self.number}"))

    @property
    def is_parameters(self) -> bool:
        """Whether the cell sets the document's parameters."""
        tags = self.options.get("tags") or ()
        return "parameters" in ([tags] if isinstance(tags, str) else tags)


@dataclass(frozen=True)
class Document:
    """A parsed document.

    Parameters
    ----------
    name : str
        The file's name, for messages.
    metadata : mapping
        The front matter.
    blocks : tuple of Prose or Cell
        In reading order.
    """

    name: str
    metadata: Mapping[str, Any]
    blocks: tuple[Prose | Cell, ...]


def parse_document(path: Path) -> Document:
    """Read and parse a document.

    Parameters
    ----------
    path : Path
        The ``.qmd`` file.

    Returns
    -------
    Document
        Includes are put in.

    Raises
    ------
    ReportError
        When a file is missing, the front matter or an option is not YAML, or a cell is not closed.
    """
    metadata, body = parse_front_matter(_with_includes(path, depth=0), where=str(path))
    return Document(path.name, metadata, tuple(_blocks(body, path.name)))


def parse_front_matter(text: str, *, where: str) -> tuple[dict[str, Any], str]:
    """Split a document into its front matter and the rest.

    Parameters
    ----------
    text : str
        The document.
    where : str
        Its name, for the message.

    Returns
    -------
    tuple of dict and str
        The metadata, empty when there is none, and the body.

    Raises
    ------
    ReportError
        When the front matter is not YAML.
    """
    front = _FRONT.match(text)
    if front is None:
        return {}, text
    return read_yaml(front.group(1), where=f"{where}: front matter"), text[front.end() :]


def read_yaml(text: str, *, where: str) -> dict[str, Any]:
    """Read a YAML mapping.

    Parameters
    ----------
    text : str
        YAML.
    where : str
        Where it stands, for the message.

    Returns
    -------
    dict
        Empty for empty text.

    Raises
    ------
    ReportError
        When it is not a YAML mapping.
    """
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError:
        raise ReportError(f"{where}: this is not valid YAML.") from None
    if content is not None and not isinstance(content, dict):
        raise ReportError(f"{where}: this is not a YAML mapping.")
    return content or {}


def _with_includes(path: Path, depth: int) -> str:
    if depth > _MAX_INCLUDES:
        raise ReportError(f"{path}: includes are nested more than {_MAX_INCLUDES} deep.")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ReportError(f"{path}: there is no such document.", hint="Check the path.") from None
    return _INCLUDE.sub(lambda match: _with_includes(path.parent / match.group(1), depth + 1), text)


def _blocks(body: str, name: str) -> Iterator[Prose | Cell]:
    prose: list[str] = []
    lines = iter(body.splitlines(keepends=True))
    number = 0
    for line in lines:
        fence = _FENCE.match(line)
        if fence is None:
            prose.append(line)
        elif fence["info"] == "{python}":
            yield Prose("".join(prose))
            prose, number = [], number + 1
            yield _cell("".join(_until(lines, fence["fence"], f"{name}: cell {number}")), number, name)
        else:
            prose += [line, *_until(lines, fence["fence"], f"{name}: code block"), f"{fence['fence']}\n"]
    yield Prose("".join(prose))


def _until(lines: Iterator[str], fence: str, where: str) -> Iterator[str]:
    for line in lines:
        closing = line.strip()
        if closing.startswith(fence) and set(closing) == {fence[0]}:
            return
        yield line
    raise ReportError(f"{where}: the code fence is not closed.")


def _cell(source: str, number: int, name: str) -> Cell:
    lines = source.splitlines(keepends=True)
    options = [line for line in lines if line.startswith("#|")]
    code = [line for line in lines if not line.startswith("#|")]
    where = f"{name}: options of cell {number}"
    return Cell("".join(code), read_yaml("".join(line[2:] for line in options), where=where), number)
