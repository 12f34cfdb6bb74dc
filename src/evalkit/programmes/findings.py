"""A programme's indicators on a study's data: what was counted, where else it stands, or which extract is lacking."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import polars as pl

from evalkit.indicators.targets import target_cell
from evalkit.indicators.verdict import TargetCount
from evalkit.outcomes import load_outcome
from evalkit.programmes.definition import ProgrammeDefinition
from evalkit.programmes.indicator import IndicatorDefinition
from evalkit.programmes.seen import Seen, case_list
from evalkit.results import Counts, Relation

__all__ = ["Finding", "Found", "findings"]


class Found(StrEnum):
    """What became of an indicator."""

    COUNTED = "counted"
    """It is a row of the table of targets."""
    ELSEWHERE = "elsewhere"
    """It has no threshold, and its numbers stand in a table of their own."""
    LACKS_EXTRACT = "lacks_extract"
    OTHER_CLOCK = "other_clock"
    """The study's clock starts at something else than the indicator's."""
    OTHER_OUTCOME = "other_outcome"
    """The study does not count the indicator's event."""
    OTHER_MONTH = "other_month"
    """The study does not look at the indicator's month."""
    NOT_COMPUTED = "not_computed"


@dataclass(frozen=True)
class Finding:
    """What became of one indicator.

    Parameters
    ----------
    indicator : str
        Its id.
    found : Found
        What became of it.
    count : TargetCount, optional
        What was counted.
    lacks : tuple of str
        Layouts that are not delivered.
    table : str
        The result that its numbers stand in.
    """

    indicator: str
    found: Found
    count: TargetCount | None = None
    lacks: tuple[str, ...] = ()
    table: str = ""


# Layouts that tell the same in another form.
_INSTEAD = {"kvp": ("kvp_2024",), "vnds": ("vnds_hist", "vnds_ud")}
_PANEL_STEP = 5
"""Persons that a step of the table of definitions stands for."""
_COMPLETED = ("completed", "positive")
_NOT_ENDED = ("open", "not_enrolled")
_TABLES = {
    "continuity": ("continuity",),
    "proportion_state": ("status",),
}


def findings(programme: ProgrammeDefinition, seen: Seen) -> tuple[Finding, ...]:
    """Evaluate every indicator of a programme as far as the study's data go.

    Parameters
    ----------
    programme : ProgrammeDefinition
        The programme.
    seen : Seen
        What the study has.

    Returns
    -------
    tuple of Finding
        One an indicator, in the programme's order.
    """
    return tuple(_finding(programme, one, seen) for one in programme.indicators)


def _finding(programme: ProgrammeDefinition, one: IndicatorDefinition, seen: Seen) -> Finding:
    count = _COUNTS.get(one.kind, _nothing)(programme, one, seen)
    if isinstance(count, TargetCount):
        return Finding(one.id, Found.COUNTED, count)
    lacks = tuple(layout for layout in one.layouts if not {layout, *_INSTEAD.get(layout, ())} & seen.delivered)
    if lacks:
        return Finding(one.id, Found.LACKS_EXTRACT, lacks=lacks)
    there = {*seen.results, *seen.models}
    table = next((name for name in (*_tables(one), *_risks(one, seen)) if name in there), "")
    if one.threshold is None and table:
        return Finding(one.id, Found.ELSEWHERE, table=table)
    return Finding(one.id, count)


def _tables(one: IndicatorDefinition) -> tuple[str, ...]:
    """Name the results that can hold an indicator's numbers: its own, the table of its measures, that of its kind."""
    of_measures = ("process",) if one.measures else ()
    of_scores = tuple(f"assessments_{layout}" for layout in one.layouts if one.kind == "progression")
    return (*((one.table,) if one.table else ()), *_TABLES.get(one.kind, ()), *of_scores, *of_measures)


def _risks(one: IndicatorDefinition, seen: Seen) -> tuple[str, ...]:
    """Name the result that tells the risk of an indicator's own event: the study's, or that of the definitions."""
    if one.kind != "event_free":
        return ()
    if seen.outcome == one.event:
        return ("risk",)
    panel = seen.results.get("definition_panel")
    told = panel is not None and one.event in set(panel.tidy().get_column("outcome"))
    return ("definition_panel",) if told else ()


def _nothing(_: ProgrammeDefinition, __: IndicatorDefinition, ___: Seen) -> Found:
    return Found.NOT_COMPUTED


def _target(one: IndicatorDefinition, arm: str, n_persons: int, n_mature: int, n_reached: int | None) -> TargetCount:
    direction = one.direction if one.direction in ("at_least", "at_most") else None
    return TargetCount(one.id, arm, n_persons, n_mature, n_reached, one.threshold, direction)


def _completion(programme: ProgrammeDefinition, one: IndicatorDefinition, seen: Seen) -> TargetCount | Found:
    """Count who completed, of those who have had the time that a course may take at most."""
    ends = _of_case_list(programme, seen, "programme_end")
    if ends is None:
        return Found.NOT_COMPUTED
    left_out = {"finished": _NOT_ENDED, "enrolled": ("not_enrolled",)}.get(one.denominator, ())
    of = ends.filter(~pl.col("end_state").is_in(left_out))
    mature = of.filter(_has_had_time(programme, one, seen))
    counted = _target(one, "all", _sum(of), _sum(mature), _sum(mature.filter(pl.col("end_state").is_in(_COMPLETED))))
    where = {"denominator": ("referred",), "end_state": _COMPLETED}
    completed = Relation((Counts("programme_end", "n_persons", where),), (target_cell(one.id, "n_reached"),))
    return replace(counted, relations=(completed, *_whole(one, of)))


def _whole(one: IndicatorDefinition, of: pl.DataFrame) -> tuple[Relation, ...]:
    """Say that the denominator stands in the table of ends."""
    if of.is_empty():
        return ()
    where = {"denominator": (one.denominator,), "end_state": (of.get_column("end_state").to_list()[0],)}
    total = (Counts("programme_end", "n_total", where),)
    return (Relation(total, (target_cell(one.id, "n_persons"),), exact=True),)


def _has_had_time(programme: ProgrammeDefinition, one: IndicatorDefinition, seen: Seen) -> pl.Expr:
    """Whether a course begun in the month must be over: by the calendar, as those over early are no fair sample."""
    span = programme.span
    if one.denominator == "finished" or span is None or span.most is None or span.unit != "month":
        return ~pl.col("end_state").is_in(_NOT_ENDED)
    over = pl.col("began_in").dt.offset_by(f"{int(span.most) + 1}mo")
    return over <= seen.vintage


def _event_free(programme: ProgrammeDefinition, one: IndicatorDefinition, seen: Seen) -> TargetCount | Found:
    if one.denominator == "enrolled":
        return _not_charged(programme, one, seen)
    if one.threshold is None or (one.offences and one.offences != one.event):
        return Found.OTHER_OUTCOME
    if seen.clock != (one.clock_origin or programme.clock_origin):
        return Found.OTHER_CLOCK
    if one.horizon_months != load_outcome(one.event).follow_up_months:
        return Found.OTHER_OUTCOME
    return _risk(one, seen)


def _risk(one: IndicatorDefinition, seen: Seen) -> TargetCount | Found:
    """Read the risk off the study's own outcome, or off the same persons under the indicator's."""
    own = seen.outcome == one.event
    result = seen.results.get("risk" if own else "definition_panel")
    if result is None:
        return Found.OTHER_OUTCOME
    rows = result.tidy().filter(pl.col("arm") == seen.treated)
    rows = rows if own else rows.filter(pl.col("outcome") == one.event)
    if rows.is_empty():
        return Found.OTHER_OUTCOME
    row = rows.row(0, named=True)
    counted = _target(one, str(seen.treated), row["n_persons"], row["n_persons"], None)
    same = Relation((Counts("risk", "n_persons"),), (target_cell(one.id, "n_persons"),), ("arm",), exact=True)
    share = (1 - row["estimate"], 1 - row["conf_high"], 1 - row["conf_low"])
    step = 1 if own else _PANEL_STEP
    is_open = own and not _is_final(seen)
    return replace(counted, estimate=share, is_open=is_open, persons_per_step=step, relations=(same,))


def _is_final(seen: Seen) -> bool:
    """Whether all decisions about the study's own outcome can be in."""
    maturity = seen.results.get("maturity")
    return maturity is None or set(maturity.tidy().get_column("stamp")) <= {"final"}


def _not_charged(programme: ProgrammeDefinition, one: IndicatorDefinition, seen: Seen) -> TargetCount | Found:
    """Count who was not charged while enrolled; whoever is still enrolled may be yet."""
    counts = _of_case_list(programme, seen, "programme_charge")
    if counts is None:
        return Found.NOT_COMPUTED
    ended = counts.filter(pl.col("ended"))
    return _target(one, "all", _sum(counts), _sum(ended), _sum(ended.filter(~pl.col("charged"))))


def _continuity(programme: ProgrammeDefinition, one: IndicatorDefinition, seen: Seen) -> TargetCount | Found:
    """Count completers whose plan goes on. Being motivated to make one is not seen, so the share is a least."""
    counts = _of_case_list(programme, seen, "programme_plan") if one.denominator == "completers" else None
    if counts is None:
        return Found.NOT_COMPUTED
    mature = counts.filter(pl.col("state") != "open")
    counted = _target(one, "all", _sum(counts), _sum(mature), _sum(mature.filter(pl.col("state") == "continuing")))
    return replace(counted, partly_seen=True)


def _proportion_state(programme: ProgrammeDefinition, one: IndicatorDefinition, seen: Seen) -> TargetCount | Found:
    if one.denominator == "offered_employment":
        return _after_offer(one, seen)
    if one.threshold is None:
        return Found.NOT_COMPUTED
    if seen.clock != (one.clock_origin or programme.clock_origin):
        return Found.OTHER_CLOCK
    result = seen.results.get("status")
    if result is None:
        return Found.NOT_COMPUTED
    rows = result.tidy().filter(pl.col("arm") == seen.treated, pl.col("month") == one.horizon_months)
    if rows.is_empty():
        return Found.OTHER_MONTH
    n_persons, reached = _sum(rows), rows.filter(pl.col("state").is_in(one.states))
    where = {"month": (one.horizon_months,), "state": tuple(reached.get_column("state").to_list())}
    parts = (Counts("status", "n_persons", where),)
    same = Relation((target_cell(one.id, "n_reached"),), parts, ("arm",), exact=True)
    return replace(_target(one, str(seen.treated), n_persons, n_persons, _sum(reached)), relations=(same,))


def _after_offer(one: IndicatorDefinition, seen: Seen) -> TargetCount | Found:
    counts = seen.models.get("programme_offer_state")
    if counts is None:
        return Found.NOT_COMPUTED
    mature = counts.filter(pl.col("state") != "open")
    reached = _sum(mature.filter(pl.col("state").is_in(one.states)))
    is_seen = "positive_contact" not in one.states
    return replace(_target(one, "all", _sum(counts), _sum(mature), reached), partly_seen=not is_seen)


def _of_case_list(programme: ProgrammeDefinition, seen: Seen, model: str) -> pl.DataFrame | None:
    counts = seen.models.get(model)
    return None if counts is None else counts.filter(pl.col("layout") == case_list(programme, seen.delivered))


def _sum(counts: pl.DataFrame) -> int:
    return int(counts.get_column("n_persons").sum())


_Counter = Callable[[ProgrammeDefinition, IndicatorDefinition, Seen], TargetCount | Found]
_COUNTS: Mapping[str, _Counter] = {
    "completion": _completion,
    "event_free": _event_free,
    "continuity": _continuity,
    "proportion_state": _proportion_state,
}
