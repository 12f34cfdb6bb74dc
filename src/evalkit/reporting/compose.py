"""Put what the cells gave back into the document's Markdown."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from pprint import pformat
from typing import Any

from evalkit.errors import ReportError
from evalkit.reporting.kernel import Step
from evalkit.reporting.qmd import INLINE, Cell, Document, Prose

__all__ = ["compose", "steps_of"]

_Outputs = Sequence[Mapping[str, Any]]
_MIME_ORDER = ("text/markdown", "image/svg+xml", "image/png", "text/plain")
_FLOAT = re.compile(r"^(fig|tbl)-")
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!<>|~^$@-])")


def steps_of(document: Document, parameters: Mapping[str, str]) -> list[Step]:
    """List what must run, in reading order.

    Parameters
    ----------
    document : Document
        The parsed document.
    parameters : mapping of str to str
        Set right after the cell that is tagged ``parameters``.

    Returns
    -------
    list of Step
        One step a cell and one an inline expression.
    """
    steps: list[Step] = []
    for block in document.blocks:
        if isinstance(block, Prose):
            steps += [Step(f"{document.name}: inline `{code}`", code) for code in block.expressions]
        else:
            given = "".join(f"\n{name} = {value!r}" for name, value in parameters.items())
            code = "" if block.options.get("eval") is False else block.source
            steps.append(Step(f"{document.name}: {block.label}", code + (given if block.is_parameters else "")))
    return steps


def compose(document: Document, outputs: Sequence[_Outputs], *, echo: bool) -> str:
    """Write the document as plain Pandoc Markdown.

    Parameters
    ----------
    document : Document
        The parsed document.
    outputs : sequence
        The outputs of each step of :func:`steps_of`.
    echo : bool
        Whether code is shown where a cell does not say.

    Returns
    -------
    str
        Pandoc Markdown without cells.

    Raises
    ------
    ReportError
        When a cell gives HTML, which Quarto would load scripts from elsewhere for.
    """
    remaining = iter(outputs)
    parts: list[str] = []
    for block in document.blocks:
        if isinstance(block, Prose):
            parts.append(_filled(block, remaining, document.name))
        else:
            parts.append(_cell(block, next(remaining), echo=echo, name=document.name))
    return "".join(parts)


def _filled(prose: Prose, outputs: Iterator[_Outputs], name: str) -> str:
    return INLINE.sub(lambda match: _inline(next(outputs), f"{name}: inline `{match.group(1)}`"), prose.text)


def _inline(outputs: _Outputs, where: str) -> str:
    for output in outputs:
        data = output.get("data", {})
        if "text/markdown" in data:
            return str(data["text/markdown"])
        if "text/plain" in data:
            return _SPECIAL.sub(r"\\\1", str(data["text/plain"]).strip("'\""))
    raise ReportError(f"{where} gives nothing to show.")


def _cell(cell: Cell, outputs: _Outputs, *, echo: bool, name: str) -> str:
    if cell.options.get("include") is False or cell.is_parameters:
        return "\n"
    shown = f"\n```python\n{cell.source}```\n" if cell.options.get("echo", echo) is True else ""
    wanted = cell.options.get("output", True)
    if wanted is False:
        return f"{shown}\n"
    bodies = [_output(output, cell, as_is=wanted == "asis", name=name) for output in outputs]
    return f"{shown}\n{_floated(cell, ''.join(bodies))}\n"


def _floated(cell: Cell, body: str) -> str:
    label = str(cell.options.get("label", ""))
    kind = _FLOAT.match(label)
    caption = cell.options.get(f"{kind.group(1)}-cap") if kind else None
    return f"::: {{#{label}}}\n{body}\n{caption}\n:::\n" if caption else body


def _output(output: Mapping[str, Any], cell: Cell, *, as_is: bool, name: str) -> str:
    if output["output_type"] == "stream":
        text = str(output["text"])
        if output["name"] == "stderr":  # warnings are for the author, and may hold values
            return ""
        return f"\n{text}\n" if as_is else f"\n```\n{text}\n```\n"
    data = output.get("data", {})
    if "text/html" in data and "text/markdown" not in data:
        raise ReportError(
            f"{name}: {cell.label} gives text/html, for which Quarto loads scripts from another host.",
            hint="Give Markdown: evalkit.reporting.Markdown, or a figure as image/svg+xml.",
        )
    kind = next((mime for mime in _MIME_ORDER if mime in data), None)
    return f"\n{_rendered(kind, data[kind], cell)}\n" if kind else ""


def _rendered(kind: str, content: object, cell: Cell) -> str:
    alternative = html.escape(str(cell.options.get("fig-alt", "")), quote=True)
    if kind == "text/markdown":
        return str(content)
    if kind == "image/svg+xml":
        drawing = re.sub(r"\A.*?(?=<svg)", "", str(content), flags=re.DOTALL)
        named = drawing.replace("<svg", f'<svg role="img" aria-label="{alternative}"', 1)
        return f"```{{=html}}\n{named}\n```"
    if kind == "image/png":
        packed = re.sub(r"\s", "", str(content))
        base64.b64decode(packed, validate=True)
        return f'```{{=html}}\n<img alt="{alternative}" src="data:image/png;base64,{packed}">\n```'
    text = content if isinstance(content, str) else pformat(content)
    return f"```\n{text}\n```"
