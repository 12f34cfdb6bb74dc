"""What the outcome's definition leaves out."""

from __future__ import annotations

from evalkit.reporting.edition import Edition
from evalkit.reporting.tables.grid import Grid
from evalkit.reporting.tables.notes import suppression_note

__all__ = ["left_out_table"]


def left_out_table(edition: Edition) -> Grid | None:
    """Make the table of persons whose registered crime is left out, or dated by the decision.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``left_out``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = edition.rows("left_out")
    if not found:
        return None
    cells = {(str(row["reason"]), str(row["arm"])): row for row in found}
    text, words = edition.language.text, edition.language.texts
    # In the order of the locale file.
    reasons = [key.removeprefix("left_out.") for key in words if key.startswith("left_out.")]
    return Grid(
        stub=text("column.left_out"),
        columns={arm: edition.arm_label(arm) for arm in edition.arms},
        rows=[
            (
                edition.language.label("left_out", reason),
                {arm: edition.count(cells.get((reason, arm)), "n_persons") for arm in edition.arms},
            )
            for reason in reasons
        ],
        notes=(text("note.left_out"), *suppression_note(edition, found)),
    )
