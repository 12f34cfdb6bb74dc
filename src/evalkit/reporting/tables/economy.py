"""What a programme cost: for each person, for each who did not reoffend, and what that is worth by a named value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from evalkit.reporting.edition import Edition
from evalkit.reporting.labels import month_label
from evalkit.reporting.tables.grid import Grid
from evalkit.reporting.tables.notes import suppression_note

__all__ = [
    "cost_effectiveness_table",
    "cost_per_person_table",
    "cost_plane_table",
    "social_value_table",
    "write_estimated_amount",
]

_IN_WORK = re.compile(r"in_work_(\d+)_months")
_ESTIMATED = ("cost_per_avoided", "net_benefit_per_person")
_DIGITS = 3


def cost_per_person_table(edition: Edition) -> Grid | None:
    """Make the table of the whole cost divided by those referred, enrolled, completed, in work.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``cost_per_person``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = edition.rows("cost_per_person")
    if not found:
        return None
    text, language = edition.language.text, edition.language
    currency = _currency(edition)
    return Grid(
        stub=text("column.economy_unit"),
        columns={
            "n_persons": text("column.n_persons"),
            "cost_per_person": _capital(text("column.cost_per_person", currency=currency)),
        },
        rows=[
            (
                _unit(edition, str(row["unit"])),
                {
                    "n_persons": edition.count(row, "n_persons"),
                    "cost_per_person": edition.derived(row, "cost_per_person", language.number),
                },
            )
            for row in found
        ],
        notes=(
            text("note.cost_per_person", cost=language.number(float(found[0]["cost"])), currency=currency),
            *suppression_note(edition, found),
        ),
    )


def _unit(edition: Edition, unit: str) -> str:
    in_work = _IN_WORK.fullmatch(unit)
    if in_work:
        return edition.language.text("economy.in_work", after=month_label(edition, int(in_work.group(1))))
    return edition.language.label("economy_unit", unit)


def cost_effectiveness_table(edition: Edition) -> Grid | None:
    """Make the table of the extra cost against those fewer who reoffend.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``cost_effectiveness``, and the manifest's economy.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = edition.rows("cost_effectiveness")
    if not found:
        return None
    text = edition.language.text
    notes = [text("note.cost_effectiveness", **_said_of_money(edition))]
    if any(row["estimate_status"] == "not_applicable" for row in found):
        notes.append(text("note.no_ratio"))
    return Grid(
        stub=text("column.measure"),
        columns={key: text(f"column.{key}") for key in ("estimate", "interval", "share_above_zero")},
        rows=[(_measure(edition, row), _measured(edition, row)) for row in found],
        notes=(*notes, *suppression_note(edition, found)),
    )


def _measure(edition: Edition, row: Mapping[str, Any]) -> str:
    named = {"currency": _currency(edition), "treated": edition.arm_phrase(edition.treated)}
    return edition.language.text(f"economy.{row['measure']}", **named)


def _measured(edition: Edition, row: Mapping[str, Any]) -> dict[str, str]:
    write = _writer(edition, str(row["measure"]))
    is_known = row["conf_low"] is not None and row["conf_low"] == row["conf_high"]
    return {
        "estimate": edition.derived(row, "estimate", write),
        "interval": edition.language.text("economy.known") if is_known else edition.interval(row, write),
        "share_above_zero": edition.derived(row, "share_of_draws", lambda share: edition.language.percent(share, 0)),
    }


def _writer(edition: Edition, measure: str) -> Callable[[float], str]:
    number = edition.language.number
    if measure in _ESTIMATED:
        return partial(write_estimated_amount, edition)
    return number if measure == "extra_cost_per_person" else lambda share: number(100 * share, 1)


def write_estimated_amount(edition: Edition, amount: float) -> str:
    """Write an amount that is estimated, with no more digits than it can bear.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.
    amount : float
        The amount.

    Returns
    -------
    str
        ``404.000`` for 403,911.56.
    """
    magnitude = len(f"{abs(amount):.0f}")
    return edition.language.number(round(amount, min(_DIGITS - magnitude, 0)))


def _said_of_money(edition: Edition) -> dict[str, str]:
    economy, number = edition.bundle.study["economy"], edition.language.number
    return {
        "treated": edition.arm_phrase(edition.treated),
        "reference": edition.arm_phrase(edition.reference),
        "reference_cost": number(float(economy["reference_cost_per_person"])),
        "currency": _currency(edition),
        "n_draws": number(int(economy["n_draws"])),
    }


def cost_plane_table(edition: Edition) -> Grid | None:
    """Make the table of how many resamples lie in each quadrant of the plane.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``cost_plane``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = edition.rows("cost_plane")
    if not found:
        return None
    text, language = edition.language.text, edition.language
    shares = ("share_of_draws", "share_worth_it")
    return Grid(
        stub=text("column.quadrant"),
        columns={key: text(f"column.{key}") for key in shares},
        rows=[
            (
                language.label("quadrant", str(row["quadrant"])),
                {key: edition.derived(row, key, lambda share: language.percent(share, 0)) for key in shares},
            )
            for row in found
        ],
        notes=(text("note.cost_plane"), *suppression_note(edition, found)),
    )


def social_value_table(edition: Edition) -> Grid | None:
    """Make the table of what outcomes are said to be worth, with year and source.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; the manifest's economy.

    Returns
    -------
    Grid or None
        None for a study that says nothing of money.
    """
    economy = edition.bundle.study.get("economy")
    if not economy:
        return None
    text, language = edition.language.text, edition.language
    sources = dict.fromkeys(language.choose(one["source"]) for one in economy["values"])
    return Grid(
        stub=text("column.outcome_valued"),
        columns={
            "amount": _capital(text("column.amount", currency=_currency(edition))),
            "value_years": text("column.value_years"),
            "price_year": text("column.price_year"),
            "is_used": text("column.is_used"),
        },
        rows=[
            (
                _capital(language.choose(one["label"])),
                {
                    "amount": language.number(float(one["amount"])),
                    "value_years": language.number(int(one["years"])),
                    "price_year": str(one["price_year"]),
                    "is_used": text("economy.used") if one["name"] == economy["value"] else "",
                },
            )
            for one in economy["values"]
        ],
        words=("is_used",),
        notes=(text("note.social_value", sources="; ".join(sources)),),
    )


def _currency(edition: Edition) -> str:
    return edition.language.label("currency", str(edition.bundle.study["economy"]["currency"]))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
