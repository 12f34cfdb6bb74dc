"""A programme's results as sentences: shares with their denominators, and verdicts that say why when they are none."""

from __future__ import annotations

from typing import Any

from evalkit.reporting.edition import Edition
from evalkit.reporting.tables.programme import verdict_in_words

__all__ = ["deaths_sentence", "ends_sentence", "process_sentences", "rounded_sentence", "target_sentences"]

_GOOD_ENDS = ("positive", "completed")


def ends_sentence(edition: Edition) -> str:
    """Say how many ended well, of those who finished and of all who were referred.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``programme_end``.

    Returns
    -------
    str
        One sentence a denominator; empty without such a table.
    """
    rows = [row for row in edition.rows("programme_end") if row["end_state"] in _GOOD_ENDS]
    return " ".join(_share_sentence(edition, row) for row in rows)


def _share_sentence(edition: Edition, row: dict[str, Any]) -> str:
    text, percent = edition.language.text, edition.language.percent
    if edition.value(row, "share") is None:
        return text("programme.hidden")
    return text(
        "programme.end",
        end=edition.language.label("end_state", str(row["end_state"])),
        n=edition.count(row, "n_persons"),
        of=text(f"programme.of_{row['denominator']}", n=edition.count(row, "n_total")),
        share=edition.derived(row, "share", percent),
        interval=edition.interval(row, percent),
    )


def rounded_sentence(edition: Edition) -> str:
    """Say what the rounded shares of those who finished add up to, where it is not 100.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``programme_end``.

    Returns
    -------
    str
        One sentence, or nothing.
    """
    shares = [edition.value(row, "share") for row in edition.rows("programme_end", denominator="finished")]
    known = [share for share in shares if share is not None]
    total = round(sum(round(100 * share, 1) for share in known), 1)
    if not known or len(known) < len(shares) or total == 100:
        return ""
    return edition.language.text("programme.rounded", sum=edition.language.number(total, 1))


def deaths_sentence(edition: Edition) -> str:
    """Say how many of those who finished had died.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``programme_end``.

    Returns
    -------
    str
        One sentence; that it cannot be shown where it cannot.
    """
    rows = [row for row in edition.rows("programme_end", denominator="finished") if row["n_died"] != 0]
    if not rows:
        return ""
    died = [edition.value(row, "n_died") for row in rows]
    if any(n is None for n in died):
        return edition.language.text("programme.deaths_hidden")
    return edition.language.text("programme.deaths", n=edition.language.number(sum(n or 0 for n in died)))


def target_sentences(edition: Edition) -> str:
    """Say the verdict on every target that has a threshold.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``targets``.

    Returns
    -------
    str
        One sentence a target; empty when there is none.
    """
    labels = {str(one["id"]): edition.language.choose(one["label"]) for one in edition.programme.get("indicators", ())}
    told = [row for row in edition.rows("targets") if row["threshold"] is not None]
    rows = [row for row in told if not edition.is_hidden(row, "verdict")]
    said = [(labels.get(str(row["target"]), str(row["target"])), verdict_in_words(edition, row)) for row in rows]
    return " ".join(f"{label}: {verdict[:1].lower()}{verdict[1:]}." for label, verdict in said)


def process_sentences(edition: Edition) -> str:
    """Say for how many of every 100 what should be done by release was done.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.

    Returns
    -------
    str
        A sentence for each of the main measures that is there and can be shown, arm by arm where there are two.
    """
    language = edition.language
    said = []
    for row in edition.rows("process"):
        share = edition.value(row, "share")
        if row["measure"] not in _MAIN_MEASURES or share is None:
            continue
        label = language.label("process_measure", str(row["measure"]))
        arm = f"{edition.arm_label(str(row['arm']))}: " if edition.compares else ""
        said.append(arm + language.text("process.of_hundred", measure=label, n=language.per_hundred(share)))
    return " ".join(said)


_MAIN_MEASURES = ("kvp_at_release", "kvp_within_days", "need_met_housing", "need_met_employment", "work_at_release")
