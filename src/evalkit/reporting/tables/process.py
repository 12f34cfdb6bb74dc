"""What was done by the day of release, and what the qualification programme ended in, the arms side by side."""

from __future__ import annotations

from evalkit.reporting.edition import Edition
from evalkit.reporting.tables.grid import Grid
from evalkit.reporting.tables.notes import suppression_note

__all__ = ["kvp_exit_table", "municipality_release_table", "process_table"]


def process_table(edition: Edition) -> Grid | None:
    """Make the table of what was done by the day of release.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``process``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    return _by_arm(edition, "process", ("measure", "process_measure"), ("n_persons", "n_reached", "share", "interval"))


def kvp_exit_table(edition: Edition) -> Grid | None:
    """Make the table of what the qualification programme ended in.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``kvp_exit``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    return _by_arm(edition, "kvp_exit", ("exit_state", "kvp_exit"), ("n_persons", "share"))


def municipality_release_table(edition: Edition) -> Grid | None:
    """Make the table of releases by municipality, the years side by side.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``municipality_release``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = edition.rows("municipality_release")
    if not found:
        return None
    text = edition.language.text
    lines = dict[str, dict[str, str]]()
    for row in found:
        lines.setdefault(str(row["municipality"]), {})[str(row["year"])] = edition.count(row, "n_releases")
    enough = edition.programme.get("releases_more_than", 0)
    return Grid(
        stub=text("column.municipality"),
        columns={str(year): str(year) for year in sorted({int(row["year"]) for row in found})},
        rows=list(lines.items()),
        notes=(text("note.municipality_release", more_than=enough), *suppression_note(edition, found)),
    )


def _by_arm(edition: Edition, name: str, line: tuple[str, str], columns: tuple[str, ...]) -> Grid | None:
    """Put a table's arms side by side: `line` is the dimension of its lines, and the group of words for it."""
    found = edition.rows(name)
    if not found:
        return None
    text, percent = edition.language.text, edition.language.percent
    arms = list(dict.fromkeys(str(row["arm"]) for row in found))
    lines = dict[str, dict[str, str]]()
    for row in found:
        cells = {
            "n_persons": edition.count(row, "n_persons"),
            "n_reached": edition.count(row, "n_reached"),
            "share": edition.derived(row, "share", percent),
            "interval": edition.interval(row, percent),
        }
        own = {f"{row['arm']}.{key}": cells[key] for key in columns}
        lines.setdefault(edition.language.label(line[1], str(row[line[0]])), {}).update(own)
    heads = {
        key: text("column.concerned" if key == "n_persons" and "n_reached" in columns else f"column.{key}")
        for key in columns
    }
    return Grid(
        stub=text(f"column.{line[0]}"),
        columns={f"{arm}.{key}": head for arm in arms for key, head in heads.items()},
        rows=list(lines.items()),
        spanners={edition.arm_label(arm): tuple(f"{arm}.{key}" for key in columns) for arm in arms}
        if len(arms) > 1
        else {},
        notes=(text(f"note.{name}"), *suppression_note(edition, found)),
    )
