"""What stands below a table: what its signs mean, when it has any."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evalkit.reporting.edition import Edition

__all__ = ["suppression_note"]

_NEEDS_WORDS = ("suppressed_primary", "suppressed_secondary")


def suppression_note(edition: Edition, rows: Sequence[dict[str, Any]], *, missing: bool = False) -> tuple[str, ...]:
    """Explain the signs for hidden numbers, if a table has one.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.
    rows : sequence of dict
        The released rows that are shown.
    missing : bool
        Whether whole rows were left out before release.

    Returns
    -------
    tuple of str
        Empty when nothing in the rows is hidden.
    """
    hides = missing or any(
        value in _NEEDS_WORDS for row in rows for column, value in row.items() if column.endswith("_status")
    )
    return (edition.language.text("note.suppressed", min_cell=edition.min_cell),) if hides else ()
