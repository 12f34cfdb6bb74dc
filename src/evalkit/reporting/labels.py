"""Readers' words for the machine names in the tables."""

from __future__ import annotations

from evalkit.reporting.edition import Edition

__all__ = ["checkpoint_label", "level_label", "month_label"]


def checkpoint_label(edition: Edition, checkpoint: str) -> str:
    """Return the words for a checkpoint of plan continuity.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.
    checkpoint : str
        ``"resumed"`` or a number of months.

    Returns
    -------
    str
        ``Kort efter løsladelsen``, ``3 måneder``.
    """
    if checkpoint.isdigit():
        return month_label(edition, int(checkpoint))
    return edition.language.label("checkpoint", checkpoint)


def month_label(edition: Edition, months: int) -> str:
    """Return the words for whole months.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.
    months : int
        The number of months.

    Returns
    -------
    str
        ``3 måneder``.
    """
    return edition.language.text("checkpoint.months", n=months)


def level_label(edition: Edition, variable: str, level: str) -> str:
    """Return the words for a level of a characteristic.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.
    variable, level : str
        Machine names.

    Returns
    -------
    str
        The words; the level itself, made readable, when it has none.
    """
    texts = edition.language.texts
    return texts.get(f"level.{variable}.{level}") or edition.language.label("level", level)
