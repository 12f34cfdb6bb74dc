"""What the programme cost, as sentences: nothing of it is a cause, and where the plane is crossed there is no price."""

from __future__ import annotations

from functools import partial
from typing import Any

from evalkit.reporting.edition import Edition
from evalkit.reporting.tables.economy import write_estimated_amount

__all__ = ["economy_sentences"]


def economy_sentences(edition: Edition) -> str:
    """Say what one fewer who reoffends costs if the programme made the difference, and whether that is worth it.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``cost_effectiveness``, and the manifest's economy.

    Returns
    -------
    str
        Two sentences, one when numbers are hidden, or nothing without such a table.
    """
    rows = {str(row["measure"]): row for row in edition.rows("cost_effectiveness")}
    if not rows:
        return ""
    if edition.value(rows["avoided_per_person"], "estimate") is None:
        return edition.language.text("economy.hidden")
    return f"{_price(edition, rows)} {_worth(edition, rows['net_benefit_per_person'])}"


def _price(edition: Edition, rows: dict[str, dict[str, Any]]) -> str:
    ratio, text, write = rows["cost_per_avoided"], edition.language.text, partial(write_estimated_amount, edition)
    if edition.value(ratio, "estimate") is not None:
        amount, interval = edition.derived(ratio, "estimate", write), edition.interval(ratio, write)
        return text("economy.price", amount=amount, interval=interval, currency=_currency(edition))
    extra = edition.value(rows["extra_cost_per_person"], "estimate") or 0.0
    return text("economy.no_price" if extra > 0 else "economy.not_dearer")


def _worth(edition: Edition, benefit: dict[str, Any]) -> str:
    economy, language = edition.bundle.study["economy"], edition.language
    value = next(one for one in economy["values"] if one["name"] == economy["value"])
    return language.text(
        "economy.worth",
        share=edition.derived(benefit, "share_of_draws", lambda share: language.percent(share, 0)),
        value=language.number(float(value["amount"])),
        currency=_currency(edition),
    )


def _currency(edition: Edition) -> str:
    return edition.language.label("currency", str(edition.bundle.study["economy"]["currency"]))
