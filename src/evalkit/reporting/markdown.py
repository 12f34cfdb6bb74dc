"""Text that a document takes in as Markdown, from a cell or an inline expression, in both engines."""

from __future__ import annotations

import re

__all__ = ["Markdown", "escaped", "raw_html"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>$@#|~^])")


class Markdown(str):
    """A string that Jupyter shows as Markdown."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)


def raw_html(html: str) -> Markdown:
    """Put HTML into Markdown, so that no engine takes it for a page of its own and loads scripts for it.

    Parameters
    ----------
    html : str
        HTML without a line of three back quotes.

    Returns
    -------
    Markdown
        A raw block.
    """
    return Markdown(f"```{{=html}}\n{html}\n```\n")


def escaped(text: str) -> str:
    """Write text from data so that Markdown takes no character of it as markup.

    Parameters
    ----------
    text : str
        A label, a title, a file name.

    Returns
    -------
    str
        Markdown that shows `text`.
    """
    return _SPECIAL.sub(r"\\\1", text)
