"""The main figures by group: how many of each reoffended, went on with their plan, and were in work or education."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from evalkit.indicators.shares import with_wilson
from evalkit.results import Column, Counts, Provenance, Relation, Result
from evalkit.survival import LifeTable, aalen_johansen

__all__ = ["by_group"]

_ESTIMATES = ("estimate", "conf_low", "conf_high")
_SHARES = ("share", "share_low", "share_high")
_COLUMNS = ("group", "arm", "measure", "month", "n_persons", "n_reached", *_ESTIMATES, *_SHARES)


def by_group(
    events: pl.DataFrame,
    shares: pl.DataFrame,
    grouping: str,
    provenance: Provenance,
    *,
    horizon: int,
    working: Sequence[str],
) -> Result:
    """Make the table of one grouping.

    Groups are told by what was known on the index date or before, and nobody is drawn into one by lot: a difference
    between them is no effect of what they are grouped by.

    Parameters
    ----------
    events : DataFrame
        ``analysis.group_event_count``: grouping_name, member_of, arm, entry_time, exit_time, event_type, n_persons.
    shares : DataFrame
        ``analysis.group_share``: grouping_name, member_of, arm, measure, month, n_persons, n_reached.
    grouping : str
        The grouping's name.
    provenance : Provenance
        Where the counts come from.
    horizon : int
        Time at which the risk is read, in days.
    working : sequence of str
        The states that are work or education.

    Returns
    -------
    Result
        Named ``by_<grouping>``; one row a group, arm, measure and month (0 where it has none). Of ``reoffending`` the
        estimate is the Aalen-Johansen risk at the horizon, in which death competes; ``plan_goes_on`` and ``working``
        have a share with its Wilson interval instead.
    """
    name = f"by_{grouping}"
    own = events.filter(pl.col("grouping_name") == grouping).rename({"member_of": "group"})
    counted = shares.filter(pl.col("grouping_name") == grouping).rename({"member_of": "group"})
    wilson = with_wilson(counted, count="n_reached", total="n_persons").rename(
        {"conf_low": "share_low", "conf_high": "share_high"}
    )
    frame = (
        pl.concat([_risks(own, horizon), wilson.with_columns(pl.col("month").cast(pl.Int32))], how="diagonal_relaxed")
        .select(_COLUMNS)
        .sort("group", "arm", "measure", "month")
    )
    smallest = dict(frame.group_by("group").agg(pl.col("n_persons").min()).iter_rows())
    derived = Column.derived("n_persons", "n_reached", group_size=smallest)
    roles = {
        **dict.fromkeys(("group", "arm", "measure", "month"), Column.dimension()),
        **dict.fromkeys(("n_persons", "n_reached"), Column.count()),
        **dict.fromkeys(_ESTIMATES, derived),
        **dict.fromkeys(_SHARES, Column.derived("n_persons", "n_reached")),
    }
    return Result(
        name,
        provenance,
        frame,
        roles,
        linked=(("n_persons", "n_reached"),),
        relations=(*_relations(name, grouping, frame), *_of_status(name, frame, working)),
    )


def _risks(events: pl.DataFrame, horizon: int) -> pl.DataFrame:
    """Estimate each group's risk at the horizon; nobody is in two groups, so each is estimated by itself."""
    rows = [
        {"group": group, "arm": arm, "measure": "reoffending", "month": 0, **_risk(part, horizon)}
        for (group, arm), part in events.group_by("group", "arm", maintain_order=True)
    ]
    schema = {
        **dict.fromkeys(("group", "arm", "measure"), pl.String),
        "month": pl.Int32,
        **dict.fromkeys(("n_persons", "n_reached"), pl.Int64),
        **dict.fromkeys(_ESTIMATES, pl.Float64),
    }
    return pl.DataFrame(rows, schema=schema)


def _risk(part: pl.DataFrame, horizon: int) -> dict[str, object]:
    table = LifeTable.from_counts(
        part.get_column("exit_time").to_numpy(),
        part.get_column("event_type").to_numpy(),
        part.get_column("n_persons").to_numpy(),
        entry_time=part.get_column("entry_time").to_numpy(),
        n_causes=2,
    )
    risk = aalen_johansen(table).tidy([horizon]).filter(pl.col("cause") == 1).row(0, named=True)
    first = part.filter(pl.col("event_type") == 1)
    return {
        "n_persons": int(part.get_column("n_persons").sum()),
        "n_reached": int(first.get_column("n_persons").sum()),
        **{name: risk[name] for name in ("estimate", "conf_low", "conf_high")},
    }


def _relations(name: str, grouping: str, frame: pl.DataFrame) -> Iterator[Relation]:
    """Say that the groups add up to the arm, in each measure, and that they stand in the table of who was followed."""
    groups = frame.get_column("group").unique().sort().to_list()
    of = {"measure": ("reoffending",)}
    for column, total in (("n_persons", "n_persons"), ("n_reached", "n_events")):
        yield Relation((Counts("risk", total),), (Counts(name, column, of),), ("arm",), exact=True)
    for group in groups:
        level = Counts("baseline", "n_persons", {"variable": (grouping,), "level": (group,)})
        everyone = Counts(name, "n_persons", {**of, "group": (group,)})
        with_plan = Counts(name, "n_persons", {"measure": ("plan_goes_on",), "group": (group,)})
        yield Relation((level,), (everyone,), ("arm",), exact=True)
        yield Relation((everyone,), (with_plan,), ("arm",))
    for column, total in (("n_persons", "n_with_plan"), ("n_reached", "n_continuing")):
        resumed = Counts("continuity", total, {"domain": ("any",), "checkpoint": ("resumed",)})
        yield Relation((resumed,), (Counts(name, column, {"measure": ("plan_goes_on",)}),), ("arm",), exact=True)


def _of_status(name: str, frame: pl.DataFrame, working: Sequence[str]) -> Iterator[Relation]:
    """Say that those in work or education are those of the table of states, and that everyone is asked each time."""
    for month in frame.filter(pl.col("measure") == "working").get_column("month").unique().sort().to_list():
        where = {"measure": ("working",), "month": (month,)}
        states = Counts("status", "n_persons", {"month": (month,), "state": tuple(working)})
        yield Relation((Counts("risk", "n_persons"),), (Counts(name, "n_persons", where),), ("arm",), exact=True)
        yield Relation((Counts(name, "n_reached", where),), (states,), ("arm",), exact=True)
        for group in frame.get_column("group").unique().sort().to_list():
            once = Counts(name, "n_persons", {"measure": ("reoffending",), "group": (group,)})
            same = Counts(name, "n_persons", {**where, "group": (group,)})
            yield Relation((once,), (same,), ("arm",), exact=True)
