"""Sentences made from the released tables, by rule.

What the rules hold: a risk is said per 100 people; a difference is said with the range that the data are compatible
with and the smallest difference the study could have shown; a difference is never called an effect, and a range that
crosses zero is never called the absence of one; a suppressed number is said to be one.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from evalkit.reporting.edition import Edition
from evalkit.reporting.power import minimum_detectable_difference

__all__ = [
    "arm_phrases",
    "difference_sentences",
    "followed_sentence",
    "no_plan_sentences",
    "plan_sentence",
    "plan_shares",
    "risk_sentence",
    "risk_shares",
    "smallest_difference_sentence",
    "status_sentence",
    "status_shares",
    "window_sentence",
]

Shares = dict[str, float | None]
"""Arm to share of 1; None when it is too small to show."""

_STATUS_MONTH = 12
_WORKING = ("employed", "in_education")


def risk_shares(edition: Edition) -> Shares:
    """Return each arm's risk at the horizon.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.

    Returns
    -------
    dict of str to float or None
        None where it is too small to show.
    """
    return _by_arm(edition, "risk", "estimate")


def plan_shares(edition: Edition) -> Shares:
    """Return each arm's share of plans that went on shortly after release.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.

    Returns
    -------
    dict of str to float or None
        None where it is too small to show.
    """
    return _by_arm(edition, "continuity", "share", domain="any", checkpoint="resumed")


def status_shares(edition: Edition, month: int = _STATUS_MONTH) -> Shares:
    """Return each arm's share in work or education.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.
    month : int
        Whole months after release.

    Returns
    -------
    dict of str to float or None
        None where one of the two states is too small to show.
    """
    parts = [_by_arm(edition, "status", "share", month=month, state=state) for state in _WORKING]
    sums: Shares = {}
    for arm in edition.arms:
        values = [part[arm] for part in parts]
        known = [value for value in values if value is not None]
        sums[arm] = sum(known) if len(known) == len(values) else None
    return sums


def risk_sentence(edition: Edition) -> str:
    """Say how many of every 100 had the event, by group.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.

    Returns
    -------
    str
        One or two sentences.
    """
    kind = "register" if edition.follows_release else "other"
    event = edition.event[:1].upper() + edition.event[1:]
    return _two_shares(
        edition,
        risk_shares(edition),
        (f"risk.two_{kind}", f"risk.one_{kind}", "risk.hidden", "risk.hidden_both"),
        horizon=edition.horizon_label,
        event=event,
    )


def plan_sentence(edition: Edition) -> str:
    """Say how many of every 100 with a plan went on with it.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.

    Returns
    -------
    str
        One or two sentences.
    """
    return _two_shares(edition, plan_shares(edition), ("plans.two", "plans.one", "plans.hidden", "plans.hidden_both"))


def status_sentence(edition: Edition, month: int = _STATUS_MONTH) -> str:
    """Say how many of every 100 were in work or education.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.
    month : int
        Whole months after release.

    Returns
    -------
    str
        One or two sentences.
    """
    keys = ("status_text.two", "status_text.one", "status_text.hidden", "status_text.hidden_both")
    return _two_shares(edition, status_shares(edition, month), keys, months=month)


def difference_sentences(edition: Edition) -> str:
    """Say the difference in risk per 100, and the range that the data are compatible with.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.

    Returns
    -------
    str
        Two or three sentences; never a cause, never the absence of one.
    """
    if not edition.compares:
        return edition.language.text("difference.nobody")
    row = next(iter(edition.rows("contrast", measure="risk_difference")), None)
    estimate, low, high = (edition.value(row, column) for column in ("estimate", "conf_low", "conf_high"))
    if estimate is None or low is None or high is None:
        return edition.language.text("difference.hidden")
    return " ".join((_estimate(edition, estimate), _range(edition, low, high), _side(edition, low, high)))


def smallest_difference_sentence(edition: Edition) -> str:
    """Say the smallest difference that a study of this size could have shown.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.

    Returns
    -------
    str
        One or two sentences.
    """
    if not edition.compares:
        return edition.language.text("difference.nobody")
    persons = _by_arm(edition, "risk", "n_persons")
    n_treated, n_reference = persons[edition.treated], persons[edition.reference]
    risk = risk_shares(edition)[edition.reference]
    language = edition.language
    if not n_treated or not n_reference or risk is None:
        return language.text("difference.smallest_hidden")
    words = {"n_treated": language.number(n_treated), "n_reference": language.number(n_reference)}
    smallest = minimum_detectable_difference(n_treated, n_reference, risk)
    if smallest is None:
        return language.text("difference.smallest_none", **words)
    return language.text("difference.smallest", mdd=language.number(100 * smallest, 1), **words)


def followed_sentence(edition: Edition) -> str:
    """Say how many were followed in each group.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.

    Returns
    -------
    str
        One sentence.
    """
    persons = _by_arm(edition, "risk", "n_persons")
    if not edition.arms:
        return ""
    counts = [persons[arm] for arm in reversed(edition.arms)]
    known = [count for count in counts if count is not None]
    if len(known) < len(counts):
        return edition.language.text("people.text_hidden")
    if not edition.compares:
        return edition.language.text("people.text_alone", n=edition.language.number(known[0]))
    n_treated, n_reference = (edition.language.number(count) for count in known)
    return edition.language.text("people.text", n_treated=n_treated, n_reference=n_reference, **arm_phrases(edition))


def window_sentence(edition: Edition) -> str:
    """Say when those who were followed were released.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.

    Returns
    -------
    str
        One or two sentences; empty when the study does not say.
    """
    start, end = (edition.bundle.study.get(key) for key in ("index_start", "index_end"))
    if not start or not end:
        return ""
    last = date.fromisoformat(str(end)) - timedelta(days=1)  # the window is half-open
    day = edition.language.day
    key = "people.window" if edition.follows_release else "people.window_other"
    return edition.language.text(key, start=day(str(start)), end=day(last))


def no_plan_sentences(edition: Edition) -> str:
    """Say how many had no plan recorded, apart from those whose plan did not go on.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.

    Returns
    -------
    str
        One sentence a group.
    """
    persons = _by_arm(edition, "risk", "n_persons")
    found = _by_arm(edition, "continuity", "n_no_plan_recorded", domain="any", checkpoint="resumed")
    sentences = []
    for arm in reversed(edition.arms):
        n, total, phrase = found[arm], persons[arm], edition.arm_phrase(arm)
        if n is None or total is None:
            sentences.append(edition.language.text("plans.no_plan_hidden", arm=phrase))
        else:
            written = edition.language.number(n), edition.language.number(total)
            sentences.append(edition.language.text("plans.no_plan", n=written[0], total=written[1], arm=phrase))
    return " ".join((*sentences, edition.language.text("plans.no_plan_why")))


def arm_phrases(edition: Edition) -> dict[str, str]:
    """Return the two arms as they stand in a sentence.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.

    Returns
    -------
    dict of str to str
        ``treated`` and ``reference``.
    """
    return {"treated": edition.arm_phrase(edition.treated), "reference": edition.arm_phrase(edition.reference)}


def _by_arm(edition: Edition, table: str, column: str, **where: object) -> Shares:
    rows = {str(row["arm"]): row for row in edition.rows(table, **where)}
    return {arm: edition.value(rows.get(arm), column) for arm in edition.arms}


def _two_shares(edition: Edition, shares: Shares, keys: tuple[str, str, str, str], **words: Any) -> str:  # noqa: ANN401
    """Say two shares; or one, and that the other is hidden; or that both are."""
    text, (both, one, hidden, none) = edition.language.text, keys
    if not edition.arms:
        return ""
    known = {arm: edition.language.per_hundred(share) for arm, share in shares.items() if share is not None}
    if len(known) > 1:
        numbers = {"n_treated": known[edition.treated], "n_reference": known[edition.reference]}
        return text(both, **numbers, **arm_phrases(edition), **words)
    if not edition.compares:
        alone = edition.arms[0]
        if alone not in known:
            return text(none)
        return text(one, arm=edition.arm_phrase(alone), n=known[alone], hidden="", **words).rstrip()
    for arm, other in ((edition.treated, edition.reference), (edition.reference, edition.treated)):
        if arm in known:
            said = text(hidden, arm=edition.arm_phrase(other))
            return text(one, arm=edition.arm_phrase(arm), n=known[arm], hidden=said, **words)
    return text(none)


def _estimate(edition: Edition, estimate: float) -> str:
    treated = edition.arm_phrase(edition.treated)
    if edition.language.per_hundred(estimate) == 0:
        about = edition.language.text("difference.about_same")
        return edition.language.text("difference.estimate_same", difference=about, treated=treated)
    return edition.language.text("difference.estimate", difference=_more(edition, estimate), treated=treated)


def _range(edition: Edition, low: float, high: float) -> str:
    words = _more(edition, low), _more(edition, high)
    key = "difference.range" if words[0] != words[1] else "difference.range_narrow"
    return edition.language.text(key, low=words[0], high=words[1])


def _side(edition: Edition, low: float, high: float) -> str:
    if low <= 0 <= high:
        return edition.language.text("difference.undecided")
    return edition.language.text("difference.fewer_only" if high < 0 else "difference.more_only")


def _more(edition: Edition, difference: float) -> str:
    """Say a difference per 100; one that rounds to 0 keeps its side."""
    text = edition.language.text
    if difference == 0:
        return text("difference.same")
    whole = abs(edition.language.per_hundred(difference))
    n = edition.language.number(whole) if whole else text("difference.less_than_one")
    return text("difference.fewer" if difference < 0 else "difference.more", n=n)
