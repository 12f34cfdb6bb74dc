"""A programme's own tables: targets and verdicts, what became of each indicator, how cases ended, whom it reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evalkit.reporting.edition import Edition
from evalkit.reporting.tables.grid import Grid
from evalkit.reporting.tables.notes import suppression_note

__all__ = ["criteria_table", "indicators_table", "money_by_year_table", "programme_end_table", "targets_table"]

_DENOMINATORS = ("finished", "enrolled", "referred")


def targets_table(edition: Edition) -> Grid | None:
    """Make the table of targets: what was to be reached, what was, and what can be said.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``targets``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = edition.rows("targets")
    if not found:
        return None
    text, percent = edition.language.text, edition.language.percent
    labels = {str(one["id"]): edition.language.choose(one["label"]) for one in _indicators(edition)}
    keys = ("threshold", "n_persons", "n_mature", "n_reached", "share", "interval", "verdict")
    rows = [
        (
            labels.get(str(row["target"]), str(row["target"])),
            {
                "threshold": _threshold(edition, row),
                **{name: edition.count(row, name) for name in ("n_persons", "n_mature", "n_reached")},
                "share": edition.derived(row, "share", percent),
                "interval": edition.interval(row, percent),
                "verdict": verdict_in_words(edition, row),
            },
        )
        for row in found
    ]
    return Grid(
        stub=text("column.target"),
        columns={key: text(f"column.{key}") for key in keys},
        rows=rows,
        words=("threshold", "verdict"),
        notes=(text("note.targets"), *suppression_note(edition, found)),
    )


def verdict_in_words(edition: Edition, row: Mapping[str, Any]) -> str:
    """Say a verdict, and why it is none.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.
    row : mapping
        A row of the table ``targets``.

    Returns
    -------
    str
        ``Not met``, ``Cannot tell yet: some are not followed to the end``, or the sign for what is hidden.
    """
    if edition.is_hidden(row, "verdict"):
        return edition.language.text("word.dot")
    said = edition.language.label("verdict", str(row["verdict"]))
    reason = row.get("reason")
    return f"{said}: {edition.language.label('verdict_reason', str(reason))}" if reason else said


def _threshold(edition: Edition, row: Mapping[str, Any]) -> str:
    if row.get("threshold") is None:
        return edition.language.text("programme.no_threshold")
    share = edition.language.percent(float(row["threshold"]), 0)
    return edition.language.text(f"programme.{row['direction']}", share=share)


def _indicators(edition: Edition) -> list[Mapping[str, Any]]:
    return list(edition.programme.get("indicators", ()))


def indicators_table(edition: Edition) -> Grid | None:
    """Make the table of all indicators of the programme's documents, and what became of each.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; the manifest's programme.

    Returns
    -------
    Grid or None
        None for a study without a programme.
    """
    found = _indicators(edition)
    if not found:
        return None
    language = edition.language
    rows = []
    for one in found:
        lacks = ", ".join(language.choose(title) for title in one["lacks"])
        became = language.text(f"found.{one['found']}")
        cells = {"quote": f"{one['quote']} ({one['place']})", "became": f"{became}: {lacks}" if lacks else became}
        rows.append((language.choose(one["label"]), cells))
    return Grid(
        stub=language.text("column.indicator"),
        columns={key: language.text(f"column.{key}") for key in ("quote", "became")},
        rows=rows,
        words=("quote", "became"),
    )


def programme_end_table(edition: Edition) -> Grid | None:
    """Make the table of how cases ended, of each denominator.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``programme_end``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = edition.rows("programme_end")
    if not found:
        return None
    text, percent = edition.language.text, edition.language.percent
    rows, groups = [], []
    for denominator in _DENOMINATORS:
        of = [row for row in found if row["denominator"] == denominator]
        for row in of:
            groups.append(text(f"programme.of_{denominator}", n=edition.count(row, "n_total")))
            cells = {
                **{name: edition.count(row, name) for name in ("n_persons", "n_died")},
                "share": edition.derived(row, "share", percent),
                "interval": edition.interval(row, percent),
            }
            rows.append((edition.language.label("end_state", str(row["end_state"])), cells))
    return Grid(
        stub=text("column.end_state"),
        columns={key: text(f"column.{key}") for key in ("n_persons", "n_died", "share", "interval")},
        rows=rows,
        groups=groups,
        notes=(text("note.programme_end"), *suppression_note(edition, found)),
    )


def criteria_table(edition: Edition) -> Grid | None:
    """Make the table of the target group's criteria.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``criteria``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = edition.rows("criteria")
    if not found:
        return None
    text, percent = edition.language.text, edition.language.percent
    labels = edition.programme.get("labels", {})
    counts = ("n_yes", "n_no", "n_not_answered")
    return Grid(
        stub=text("column.criterion"),
        columns={key: text(f"column.{key}") for key in (*counts, "share", "interval")},
        rows=[
            (
                edition.language.choose(labels.get(str(row["criterion"]))) or str(row["criterion"]),
                {
                    **{name: edition.count(row, name) for name in counts},
                    "share": edition.derived(row, "share", percent),
                    "interval": edition.interval(row, percent),
                },
            )
            for row in found
        ],
        notes=(text("note.criteria"), *suppression_note(edition, found)),
    )


def money_by_year_table(edition: Edition) -> Grid | None:
    """Make the table of money a participant by year.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``money_by_year``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = edition.rows("money_by_year")
    if not found:
        return None
    text, language = edition.language.text, edition.language
    return Grid(
        stub=text("column.year"),
        columns={key: text(f"column.{key}") for key in ("millions", "n_began", "per_person")},
        rows=[
            (
                str(row["year"]),
                {
                    "millions": language.number(float(row["millions"]), 1),
                    "n_began": edition.count(row, "n_persons"),
                    "per_person": edition.derived(row, "per_person", language.number),
                },
            )
            for row in found
        ],
        groups=[text(f"programme.money_{row['purpose']}") for row in found],
        notes=suppression_note(edition, found),
    )
