"""Whether a programme met its targets: judged by interval and by how many could be seen to the end, never by a point.

A target is a share to be reached. Those whose window is not over yet are not left out: the verdict must be the same
whatever becomes of them. So it is *met* when the interval lies beyond the threshold even if all of them fail, *not met*
when it lies short of it even if all of them reach it, and cannot be told until then.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from evalkit.config import Definition, Text
from evalkit.indicators.proportions import proportion_interval
from evalkit.judgement import Judgement
from evalkit.results import Relation

__all__ = ["Reason", "TargetCount", "TargetRules", "Verdict", "interval_of", "judge"]


class Verdict(StrEnum):
    """What can be said of a target."""

    MET = "met"
    NOT_MET = "not_met"
    CANNOT_TELL_YET = "cannot_tell_yet"
    TOO_FEW = "too_few"
    NO_THRESHOLD = "no_threshold"


class Reason(StrEnum):
    """Why a verdict is none."""

    IMMATURE = "immature"
    STRADDLES = "straddles"
    PARTLY_SEEN = "partly_seen"


class TargetRules(Definition):
    """How targets are judged; the table ``[targets]`` of a study file.

    Parameters
    ----------
    conf_level : float
        Coverage of the interval.
    interval : {"wilson", "exact"}
        Wilson's score interval, or Clopper and Pearson's.
    min_persons : int
        Fewest persons for a verdict.
    """

    conf_level: float = Field(default=0.95, gt=0.5, lt=1)
    interval: Literal["wilson", "exact"] = "wilson"
    min_persons: Annotated[
        int,
        Judgement(
            label=Text(da="Færrest personer for at vurdere et mål", en="Fewest persons for a verdict on a target"),
            reason=Text(
                da="Under ti er intervallet bredere end halvdelen af skalaen.",
                en="Below ten the interval is wider than half of the scale.",
            ),
        ),
    ] = Field(default=10, ge=1)


@dataclass(frozen=True, slots=True)
class TargetCount:
    """What was counted for one target in one group.

    Parameters
    ----------
    target : str
        The target's id.
    arm : str
        The group; ``"all"`` where there is one.
    n_persons, n_mature : int
        All in the denominator, and those of them whose window is over.
    n_reached : int, optional
        Of the mature, those who reached it; None where the share is estimated and not counted.
    threshold : float, optional
        The share to be reached; None where the programme gives none.
    direction : {"at_least", "at_most"}, optional
        On which side of the threshold it is met.
    estimate : tuple of float, length 3, optional
        Share and interval where it is estimated, such as 1 less a cumulative incidence.
    partly_seen : bool
        The data see only some of those who reached it, so that the share is a least.
    persons_per_step : int
        Persons whom the steps of an estimated share stand for, as where else it is published.
    is_open : bool
        Events of some may not be known yet, though nobody can be named whose they are.
    relations : tuple of Relation
        What a reader can subtract between this row and other tables.
    """

    target: str
    arm: str
    n_persons: int
    n_mature: int
    n_reached: int | None
    threshold: float | None = None
    direction: Literal["at_least", "at_most"] | None = None
    estimate: tuple[float, float, float] | None = None
    partly_seen: bool = False
    persons_per_step: int = 1
    is_open: bool = False
    relations: tuple[Relation, ...] = ()


def judge(count: TargetCount, rules: TargetRules) -> tuple[Verdict, Reason | None]:
    """Judge one target.

    A threshold of all (1, at least) or of nobody (0, at most) is a statement about everyone counted: one person is
    enough against it, and it is met only when nobody is left to come.

    Parameters
    ----------
    count : TargetCount
        What was counted.
    rules : TargetRules
        How it is judged.

    Returns
    -------
    tuple of Verdict and Reason
        No reason for a verdict that is one.

    Examples
    --------
    Wilson's interval of 70 of 100 is 0.604 to 0.781; 5 more who may all fail make it 0.571 of 105.

    >>> seen = TargetCount("completed", "all", 100, 100, 70, threshold=0.6, direction="at_least")
    >>> judge(seen, TargetRules())
    (<Verdict.MET: 'met'>, None)
    >>> judge(TargetCount("completed", "all", 105, 100, 70, threshold=0.6, direction="at_least"), TargetRules())
    (<Verdict.CANNOT_TELL_YET: 'cannot_tell_yet'>, <Reason.IMMATURE: 'immature'>)
    """
    if count.threshold is None or count.direction is None:
        return Verdict.NO_THRESHOLD, None
    if count.n_persons < rules.min_persons:
        return Verdict.TOO_FEW, None
    said = _verdict(count, *interval_of(count, rules, pending=True))
    if said is None:
        waits = count.is_open or count.n_mature < count.n_persons
        return Verdict.CANNOT_TELL_YET, Reason.IMMATURE if waits else Reason.STRADDLES
    if count.partly_seen and said is not _SEEN_ENOUGH[count.direction]:
        return Verdict.CANNOT_TELL_YET, Reason.PARTLY_SEEN
    return said, None


# Who is not seen can only be added to the share.
_SEEN_ENOUGH = {"at_least": Verdict.MET, "at_most": Verdict.NOT_MET}


def interval_of(count: TargetCount, rules: TargetRules, *, pending: bool) -> tuple[float, float]:
    """Return the ends of a target's interval.

    Parameters
    ----------
    count : TargetCount
        What was counted, with somebody mature unless `pending`.
    rules : TargetRules
        Coverage and method.
    pending : bool
        Allow for those whose window is not over: the lower end as if all of them failed, the upper as if none did.

    Returns
    -------
    tuple of float
        Lower and upper end.
    """
    n_open = count.n_persons - count.n_mature if pending else 0
    if count.estimate is not None:
        return (0.0, 1.0) if n_open or (pending and count.is_open) else count.estimate[1:]
    if count.n_reached is None:
        return 0.0, 1.0
    total = count.n_mature + n_open
    low = proportion_interval(count.n_reached, total, rules.conf_level, rules.interval)[0]
    high = proportion_interval(count.n_reached + n_open, total, rules.conf_level, rules.interval)[1]
    return low, high


def _verdict(count: TargetCount, low: float, high: float) -> Verdict | None:
    threshold = count.threshold or 0.0
    of_everyone = _of_everyone(count)
    if of_everyone is not None:
        return of_everyone
    if count.direction == "at_least":
        return Verdict.MET if low >= threshold else Verdict.NOT_MET if high < threshold else None
    return Verdict.MET if high <= threshold else Verdict.NOT_MET if low > threshold else None


def _of_everyone(count: TargetCount) -> Verdict | None:
    """Judge a target that all must reach, or nobody may; None for any other, and while it is open."""
    ideal = {"at_least": 1.0, "at_most": 0.0}[count.direction or "at_least"]
    if count.threshold != ideal or count.n_reached is None:
        return None
    n_against = count.n_mature - count.n_reached if ideal else count.n_reached
    if n_against:
        return Verdict.NOT_MET
    return Verdict.MET if count.n_mature == count.n_persons else None
