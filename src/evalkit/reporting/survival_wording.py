"""Sentences that set survival beside published figures: to four decimals, with the log-rank test."""

from __future__ import annotations

from collections.abc import Mapping

from evalkit.reporting.edition import Edition
from evalkit.reporting.wording import arm_phrases

__all__ = ["log_rank_sentence", "overall_sentence", "survival_sentence"]


def survival_sentence(edition: Edition, shares: Mapping[str, float | None]) -> str:
    """Say the share without the event at the horizon, to four decimals.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.
    shares : mapping of str to float or None
        Arm to survival at the horizon.

    Returns
    -------
    str
        One sentence.
    """
    written = [shares.get(arm) for arm in (edition.treated, edition.reference)]
    known = [edition.language.number(share, 4) for share in written if share is not None]
    if len(known) < len(written):
        return edition.language.text("risk.hidden_both")
    return edition.language.text(
        "risk.survival",
        horizon=edition.horizon_label,
        treated_share=known[0],
        reference_share=known[1],
        **arm_phrases(edition),
    )


def overall_sentence(edition: Edition) -> str:
    """Say the share without the event for everyone together.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.

    Returns
    -------
    str
        One sentence; empty when the bundle has no such figure.
    """
    risk = edition.value(next(iter(edition.rows("overall")), None), "estimate")
    if risk is None:
        return ""
    share = edition.language.number(1 - risk, 4)
    return edition.language.text("risk.overall", horizon=edition.horizon_label, share=share)


def log_rank_sentence(edition: Edition) -> str:
    """Say what the log-rank test gives.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.

    Returns
    -------
    str
        One sentence; empty when the bundle has no such figure.
    """
    row = next(iter(edition.rows("contrast", measure="log_rank")), None)
    statistic, p_value = edition.value(row, "statistic"), edition.value(row, "p_value")
    if statistic is None or p_value is None:
        return ""
    language = edition.language
    words = {"statistic": language.number(statistic, 4), "p_value": language.p_value(p_value, 4)}
    return language.text("difference.log_rank", **words)
