"""How long people stay in a programme's phases, whether contact is as often as it should be, and who turns up."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from evalkit.indicators.person_ratio import with_person_ratio
from evalkit.indicators.shares import with_wilson
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["programme_attendance", "programme_cadence", "programme_phase"]

_Z = 1.959963984540054  # of the standard normal distribution, at 0.975


def programme_phase(counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the table of time in the phases.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.programme_phase``.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row a phase: persons who came to it, those whose time in it is over, their mean days in it with a 95 %
        interval (none for fewer than two), and of those who can be judged how many stayed longer than it may last, or
        left before it may end; null where the programme sets no such limit.
    """
    n = pl.col("n_over")
    mean = pl.col("sum_days") / n
    spread = (pl.col("sum_squares") - n * mean * mean).clip(lower_bound=0.0)
    half = _Z * (spread / (n - 1) / n).sqrt()
    frame = counts.with_columns(
        mean_days=pl.when(n > 0).then(mean),
        conf_low=pl.when(n > 1).then(mean - half),
        conf_high=pl.when(n > 1).then(mean + half),
        **{
            name: pl.when(pl.col(f"n_judged_{name.removeprefix('n_')}") > 0).then(pl.col(name))
            for name in ("n_long", "n_short")
        },
    )
    # Published in whole days, as days in the phases and places add up: see `time_in_state`.
    days = Column.derived("n_over", group_size=1)
    roles = {
        "phase": Column.dimension(),
        "n_persons": Column.count(),
        "n_over": Column.count(),
        **dict.fromkeys(("mean_days", "conf_low", "conf_high"), days),
        **dict.fromkeys(("n_judged_long", "n_long", "n_judged_short", "n_short"), Column.count()),
    }
    return Result(
        "programme_phase",
        provenance,
        frame.select(*roles),
        roles,
        linked=(
            ("n_persons", "n_over"),
            ("n_persons", "n_judged_long"),
            ("n_judged_long", "n_long"),
            ("n_over", "n_judged_short"),
            ("n_judged_short", "n_short"),
        ),
        relations=tuple(_relations(counts)),
    )


def programme_cadence(counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the table of contact rules that were kept.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.programme_cadence``: rule, n_persons (the time in which it holds is over), n_kept.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row a rule: the share of persons for whom it was kept all the time, with its Wilson interval.
    """
    roles = {
        "rule": Column.dimension(),
        "n_persons": Column.count(),
        "n_kept": Column.count(),
        **dict.fromkeys(("share", "conf_low", "conf_high"), Column.derived("n_persons", "n_kept")),
    }
    frame = with_wilson(counts, count="n_kept", total="n_persons").select(*roles)
    came = (
        Relation(
            (_in_phase(_first_phase(rule), "n_persons"),),
            (Counts("programme_cadence", "n_persons", {"rule": (rule,)}),),
        )
        for rule in frame.get_column("rule")
    )
    return Result(
        "programme_cadence", provenance, frame, roles, linked=(("n_persons", "n_kept"),), relations=tuple(came)
    )


def programme_attendance(sums: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the table of appointments that were kept.

    Parameters
    ----------
    sums : DataFrame
        ``analysis.programme_attendance`` of one case list: n_persons, n_all_kept and the columns of
        :data:`~evalkit.indicators.person_ratio.RATIO_SUMS`, with appointments kept as events and appointments as days.
    provenance : Provenance
        Where the sums come from.

    Returns
    -------
    Result
        One row: persons with an appointment, those who kept all of theirs, and the share of all appointments that was
        kept, with an interval that allows for persons who differ.
    """
    size = int(sums.get_column("n_persons").sum())
    estimates = ("estimate", "std_error", "conf_low", "conf_high")
    roles = {
        "measure": Column.dimension(),
        **dict.fromkeys(("n_persons", "n_all_kept"), Column.count()),
        **dict.fromkeys(estimates, Column.derived("n_persons", "n_all_kept", group_size=size)),
    }
    frame = with_person_ratio(sums, highest=1.0).with_columns(measure=pl.lit("appointments_kept")).select(*roles)
    everyone = Counts("programme_course", "n_enrolled")
    return Result(
        "programme_attendance",
        provenance,
        frame,
        roles,
        linked=(("n_persons", "n_all_kept"),),
        relations=(Relation((everyone,), (Counts("programme_attendance", "n_persons"),)),),
    )


def _relations(counts: pl.DataFrame) -> Iterator[Relation]:
    """Say who stands in the other tables of the list of cases, and who is in one phase and not in another."""
    enrolled, whole = Counts("programme_course", "n_enrolled"), _in_phase("whole", "n_persons")
    ended = {"denominator": ("finished",)}
    yield Relation(
        (Counts("programme_end", "n_total", {"denominator": ("referred",)}),),
        (_in_phase("visitation", "n_persons"),),
        exact=True,
    )
    for one in (_in_phase("intro", "n_persons"), whole, Counts("criteria", "n_persons")):
        yield Relation((enrolled,), (one,), exact=True)
    is_open = Counts("programme_end", "n_persons", {"denominator": ("enrolled",), "end_state": ("open",)})
    yield Relation((whole,), (_in_phase("whole", "n_over"), is_open), exact=True)
    yield Relation(
        (Counts("programme_end", "n_persons", ended),),
        (_in_phase("follow_up", "n_persons"), Counts("programme_end", "n_died", ended)),
        exact=True,
    )
    yield Relation((Counts("programme_end", "n_persons", ended),), (_in_phase("outro", "n_over"),))
    # Whoever has left the programme has left its first phase.
    yield Relation((_in_phase("intro", "n_over"),), (_in_phase("whole", "n_over"),))
    for phase in counts.filter(pl.col("n_judged_long") > 0).get_column("phase"):
        over, judged = (_in_phase(phase, name) for name in ("n_over", "n_judged_long"))
        yield Relation((judged,), (over,))
        # Judged but not over is still there and there for too long; the others who were too long are over.
        yield Relation((_in_phase(phase, "n_long"), over), (judged,))
    for phase in counts.filter(pl.col("n_judged_short") > 0).get_column("phase"):
        yield Relation((_in_phase(phase, "n_over"),), (_in_phase(phase, "n_judged_short"),), exact=True)
    yield from _one_after_another(counts)


def _one_after_another(counts: pl.DataFrame) -> Iterator[Relation]:
    """Say that who is still in the programme is still in one of its phases, where the dates of all cases say so."""
    came = dict(counts.select("phase", "n_persons").iter_rows())
    over = dict(counts.select("phase", "n_over").iter_rows())
    if over.get("intro", 0) >= came.get("guidance", 0):
        yield Relation((_in_phase("intro", "n_over"),), (_in_phase("guidance", "n_persons"),))
    stays = {phase: n - over[phase] for phase, n in came.items()}
    inside = [phase for phase in _INSIDE if phase in stays]
    if "whole" in stays and stays["whole"] == sum(stays[phase] for phase in inside):
        total = (_in_phase("whole", "n_persons"), *(_in_phase(phase, "n_over") for phase in inside))
        parts = (_in_phase("whole", "n_over"), *(_in_phase(phase, "n_persons") for phase in inside))
        yield Relation(total, parts, exact=True)


def _in_phase(phase: str, column: str) -> Counts:
    return Counts("programme_phase", column, {"phase": (phase,)})


def _first_phase(rule: str) -> str:
    """Return the phase that a rule is named after, the first one in which it holds."""
    return next((phase for phase in (*_INSIDE, "follow_up") if rule.startswith(phase)), "whole")


_INSIDE = ("intro", "guidance", "outro")
"""The phases between enrolment and discharge, one after the other."""
