"""Where everyone's plan stands, read from the one table of plan continuity."""

from __future__ import annotations

from typing import Any

from evalkit.reporting.edition import Edition

__all__ = ["plan_state_rows"]

_HIDDEN = "suppressed_secondary"


def plan_state_rows(edition: Edition) -> list[dict[str, Any]]:
    """Turn the table of plan continuity, all areas together, into one row a state.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``continuity``.

    Returns
    -------
    list of dict
        arm, checkpoint, state, n_persons and its share of everyone, each with its status.
    """
    found = []
    for row in edition.rows("continuity", domain="any"):
        total = row["n_persons"]
        for state in _states(row):
            n, status = row[f"n_{state}"], row[f"n_{state}_status"]
            known = n is not None and bool(total)
            found.append(
                {
                    "arm": row["arm"],
                    "checkpoint": row["checkpoint"],
                    "state": state,
                    "n_persons": n,
                    "n_persons_status": status,
                    "share": n / total if known else None,
                    "share_status": status if known or n is None else _HIDDEN,
                }
            )
    return found


def _states(row: dict[str, Any]) -> list[str]:
    counts = [name for name in row if name.startswith("n_") and not name.endswith("_status")]
    return [name.removeprefix("n_") for name in counts if name not in {"n_persons", "n_with_plan"}]
