"""A table of written cells, and its HTML: great-tables' markup, row and column headers said to be headers."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl
from great_tables import GT

__all__ = ["Grid", "to_html_table"]


@dataclass(frozen=True)
class Grid:
    """A table as it is read: every cell is written, the first column names the row.

    Parameters
    ----------
    stub : str
        Heading of the first column.
    columns : mapping of str to str
        Key to heading, in order.
    rows : sequence of (str, mapping of str to str)
        What the row is called, and its cells by key; a missing cell stays blank.
    groups : sequence of str
        For each row the group it stands in; empty for none.
    spanners : mapping of str to tuple of str
        A heading over several columns, and their keys.
    words : tuple of str
        Keys of columns that hold words and are set left.
    notes : tuple of str
        What stands below.
    """

    stub: str
    columns: Mapping[str, str]
    rows: Sequence[tuple[str, Mapping[str, str]]]
    groups: Sequence[str] = ()
    spanners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def to_html_table(grid: Grid, *, name: str, label: str) -> str:
    """Write a table as HTML.

    Parameters
    ----------
    grid : Grid
        The table.
    name : str
        Goes into the ids of its headers.
    label : str
        What a screen reader calls the area, which scrolls sideways when the window is narrow.

    Returns
    -------
    str
        A ``<div>`` with one ``<table>``, and the notes below; no style of its own.
    """
    table = GT(_frame(grid), rowname_col="stub", groupname_col="group" if grid.groups else None, id=f"gt-{name}")
    table = table.tab_stubhead(grid.stub).cols_label(dict(grid.columns))
    table = table.cols_align("right", [key for key in grid.columns if key not in grid.words])
    if grid.words:
        table = table.cols_align("left", list(grid.words))
    for number, (heading, keys) in enumerate(grid.spanners.items()):
        table = table.tab_spanner(heading, list(keys), id=f"over-{number}")
    found = re.search(r"<table.*</table>", table.as_raw_html(), flags=re.DOTALL)
    body = _plain(found.group(0) if found else "")
    notes = f'<p class="table-note">{html.escape(" ".join(grid.notes))}</p>' if grid.notes else ""
    named = html.escape(label, quote=True)
    return f'<div class="table-scroll" role="group" tabindex="0" aria-label="{named}">{body}</div>{notes}'


def _frame(grid: Grid) -> pl.DataFrame:
    cells: dict[str, list[str]] = {"stub": [title for title, _ in grid.rows]}
    if grid.groups:
        cells["group"] = list(grid.groups)
    cells |= {key: [row.get(key, "") for _, row in grid.rows] for key in grid.columns}
    return pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String))


def _plain(table: str) -> str:
    """Drop the ids that great-tables makes of the headers' words, which can clash; a group heads the rows below it."""
    for pattern, instead in (
        (r'\s(?:id|headers|data-quarto-[a-z-]+)="[^"]*"', ""),
        (r'(<th class="gt_group_heading"[^>]*scope=)"colgroup"', r'\1"rowgroup"'),
    ):
        table = re.sub(pattern, instead, table)
    return table
