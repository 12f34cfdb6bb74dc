"""Who is in the study, what was known of them, and what was delivered."""

from __future__ import annotations

from evalkit.reporting.edition import Edition
from evalkit.reporting.labels import level_label
from evalkit.reporting.tables.grid import Grid
from evalkit.reporting.tables.notes import suppression_note

__all__ = ["baseline_table", "delivery_table", "flow_table"]


def flow_table(edition: Edition) -> Grid | None:
    """Make the table of persons left after each step.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``attrition``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = edition.rows("attrition")
    if not found:
        return None
    text = edition.language.text
    arms = [arm for arm in ("all", *edition.arms) if any(row["arm"] == arm for row in found)]
    cells = {(int(row["step"]), str(row["arm"])): row for row in found}
    # Where everyone is in one arm, the step that looks at the arm's exposure leaves nobody out and means nothing.
    told = [row for row in found if edition.compares or row["reason"] != "exposure"]
    reasons = {int(row["step"]): edition.language.label("reason", str(row["reason"])) for row in told}
    counts = ("n_persons", "n_excluded")
    return Grid(
        stub=text("column.reason"),
        columns={f"{arm}.{count}": text(f"column.{count}") for arm in arms for count in counts},
        rows=[
            (
                f"{step}. {reasons[step]}",
                {f"{arm}.{count}": edition.count(cells.get((step, arm)), count) for arm in arms for count in counts},
            )
            for step in sorted(reasons)
        ],
        spanners={edition.arm_label(arm): tuple(f"{arm}.{count}" for count in counts) for arm in arms},
        notes=(text("note.flow"), *suppression_note(edition, found)),
    )


def baseline_table(edition: Edition) -> Grid | None:
    """Make the table of characteristics by arm.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``baseline``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = edition.rows("baseline")
    if not found:
        return None
    text = edition.language.text
    cells = {(str(row["variable"]), str(row["level"]), str(row["arm"])): row for row in found}
    pairs = _in_reading_order(edition, {(variable, level) for variable, level, _ in cells})
    columns = {"n_persons": text("column.n_persons"), "share": text("column.share")}
    rows = []
    for variable, level in pairs:
        row = {}
        for arm in edition.arms:
            cell = cells.get((variable, level, arm))
            row[f"{arm}.n_persons"] = edition.count(cell, "n_persons")
            row[f"{arm}.share"] = edition.derived(cell, "share", edition.language.percent)
        rows.append((level_label(edition, variable, level), row))
    return Grid(
        stub=text("column.variable"),
        columns={f"{arm}.{key}": heading for arm in edition.arms for key, heading in columns.items()},
        rows=rows,
        groups=[edition.language.label("variable", variable) for variable, _ in pairs],
        spanners={edition.arm_label(arm): tuple(f"{arm}.{key}" for key in columns) for arm in edition.arms},
        notes=suppression_note(edition, found),
    )


def _in_reading_order(edition: Edition, pairs: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Sort as the locale lists them; what it does not list comes last, by name."""
    listed = list(edition.language.texts)

    def place(pair: tuple[str, str]) -> tuple[int, int, str, str]:
        variable, level = (f"variable.{pair[0]}", f"level.{pair[0]}.{pair[1]}")
        ranks = [listed.index(key) if key in listed else len(listed) for key in (variable, level)]
        return ranks[0], ranks[1], *pair

    return sorted(pairs, key=place)


def delivery_table(edition: Edition) -> Grid | None:
    """Make the table of delivered rows.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``delivery``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = edition.rows("delivery")
    if not found:
        return None
    text, counts = edition.language.text, ("n_delivered", "n_quarantined", "n_out_of_scope")
    return Grid(
        stub=text("column.layout"),
        columns={count: text(f"column.{count}") for count in counts},
        rows=[
            (
                edition.language.label("layout", str(row["layout"])),
                {count: edition.count(row, count) for count in counts},
            )
            for row in found
        ],
        notes=suppression_note(edition, found),
    )
