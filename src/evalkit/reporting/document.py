"""What a report's cells call: one object that gives each part of the page as Markdown."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from evalkit.errors import ReportError
from evalkit.reporting import economy_wording, figures, programme_wording, survival_wording, tables, wording
from evalkit.reporting.boxes import (
    cards,
    definitions_box,
    limits_box,
    provenance_box,
    provisional_box,
    reading_box,
    synthetic_box,
)
from evalkit.reporting.bundle import Bundle
from evalkit.reporting.edition import Edition, open_edition
from evalkit.reporting.figures import Drawing
from evalkit.reporting.markdown import Markdown, raw_html
from evalkit.reporting.tables import Grid
from evalkit.reporting.tables.models import survival_at_horizon

__all__ = ["Report", "open_report"]

_T = TypeVar("_T")

_TABLES: dict[str, Callable[[Edition], Grid | None]] = {
    "flow": tables.flow_table,
    "baseline": tables.baseline_table,
    "risk": tables.risk_table,
    "contrast": tables.contrast_table,
    "left_out": tables.left_out_table,
    "measures": tables.measures_table,
    "severity": partial(tables.parts_table, name="severity"),
    "frequency": partial(tables.parts_table, name="frequency"),
    "panel": partial(tables.panel_table, name="definition_panel"),
    "sensitivity": partial(tables.panel_table, name="sensitivity"),
    "maturity": tables.maturity_table,
    "survival": tables.survival_table,
    "continuity": partial(tables.continuity_table, by_domain=False),
    "continuity_by_domain": partial(tables.continuity_table, by_domain=True),
    "plan_states": tables.plan_state_table,
    "status": tables.status_table,
    "work": tables.work_table,
    "state_weeks": tables.state_weeks_table,
    "time_in_state": tables.time_in_state_table,
    "transitions": tables.transitions_table,
    "evidence": tables.evidence_table,
    "process": tables.process_table,
    "plan_end": tables.plan_end_table,
    "plan_gap": tables.plan_gap_table,
    "plan_agreement": tables.plan_agreement_table,
    "contacts": tables.contact_table,
    "case_open_days": tables.case_open_table,
    "municipality_release": tables.municipality_release_table,
    "attendance": tables.attendance_table,
    "groups": tables.group_table,
    "standardised": tables.standardised_table,
    "phases": tables.phase_table,
    "cadence": tables.cadence_table,
    "course": tables.course_table,
    "dose": tables.dose_table,
    "capacity": tables.capacity_table,
    "budget": tables.budget_table,
    "assessments": partial(tables.assessments_table, instrument="forandringskompas"),
    "psychology": partial(tables.assessments_table, instrument="tilvaerelsespsykologi"),
    "kvp_exit": tables.kvp_exit_table,
    "cox": tables.cox_table,
    "fit": tables.fit_table,
    "delivery": tables.delivery_table,
    "targets": tables.targets_table,
    "indicators": tables.indicators_table,
    "programme_end": tables.programme_end_table,
    "criteria": tables.criteria_table,
    "money_by_year": tables.money_by_year_table,
    "cost_per_person": tables.cost_per_person_table,
    "cost_effectiveness": tables.cost_effectiveness_table,
    "cost_plane": tables.cost_plane_table,
    "social_value": tables.social_value_table,
    "incidence_curve": partial(tables.curve_table, name="curve"),
    "survival_curve": partial(tables.curve_table, name="survival"),
}
# Each figure with the table of all its numbers.
_FIGURES: dict[str, tuple[Callable[[Edition], Drawing | None], str]] = {
    "incidence": (figures.draw_incidence, "incidence_curve"),
    "survival": (figures.draw_survival, "survival_curve"),
    "continuity": (figures.draw_continuity, "continuity"),
    "domains": (figures.draw_domains, "continuity_by_domain"),
    "plan_states": (figures.draw_plan_states, "plan_states"),
    "status": (figures.draw_status, "status"),
    "panel": (figures.draw_panel, "panel"),
    "state_weeks": (figures.draw_state_weeks, "state_weeks"),
    "plane": (figures.draw_plane, "cost_plane"),
}
_BOXES: dict[str, Callable[[Edition], Markdown]] = {
    "cards": cards,
    "synthetic": synthetic_box,
    "provisional": provisional_box,
    "reading": reading_box,
    "definitions": definitions_box,
    "limits": limits_box,
    "provenance": provenance_box,
}
_SENTENCES: dict[str, Callable[[Edition], str]] = {
    "ends": programme_wording.ends_sentence,
    "rounded": programme_wording.rounded_sentence,
    "deaths": programme_wording.deaths_sentence,
    "targets": programme_wording.target_sentences,
    "process": programme_wording.process_sentences,
    "economy": economy_wording.economy_sentences,
    "followed": wording.followed_sentence,
    "window": wording.window_sentence,
    "risk": wording.risk_sentence,
    "difference": wording.difference_sentences,
    "smallest_difference": wording.smallest_difference_sentence,
    "plans": wording.plan_sentence,
    "no_plan": wording.no_plan_sentences,
    "status": wording.status_sentence,
    "overall": survival_wording.overall_sentence,
    "log_rank": survival_wording.log_rank_sentence,
    "survival": lambda edition: survival_wording.survival_sentence(edition, _survival_shares(edition)),
}


@dataclass(frozen=True)
class Report:
    """A report in the making: figures, tables, sentences and boxes of one edition.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.
    """

    edition: Edition

    def text(self, key: str) -> Markdown:
        """Return a fixed text in the report's language.

        Parameters
        ----------
        key : str
            The locale's key, ``"headings.people"``.

        Returns
        -------
        Markdown
            The text.
        """
        return Markdown(self.edition.language.text(key, **self._blanks()))

    def sentence(self, name: str) -> Markdown:
        """Return a sentence made from the tables.

        Parameters
        ----------
        name : str
            ``"risk"``, ``"difference"``, ``"plans"`` …

        Returns
        -------
        Markdown
            One sentence or a few; empty when the bundle holds nothing to say.

        Raises
        ------
        ReportError
            When there is no sentence of that name.
        """
        return Markdown(_known(_SENTENCES, name, "sentence")(self.edition))

    def box(self, name: str) -> Markdown:
        """Return a part of the page that is more than a sentence, for a cell with ``output: asis``.

        Parameters
        ----------
        name : str
            ``"cards"``, ``"reading"``, ``"definitions"``, ``"limits"``, ``"provenance"``, ``"synthetic"``,
            ``"provisional"``.

        Returns
        -------
        Markdown
            Pandoc Markdown; empty when the bundle holds nothing for it.

        Raises
        ------
        ReportError
            When there is no box of that name.
        """
        return _known(_BOXES, name, "box")(self.edition)

    def table(self, name: str) -> Markdown:
        """Return a table.

        Parameters
        ----------
        name : str
            ``"risk"``, ``"flow"``, ``"status"`` …

        Returns
        -------
        Markdown
            A raw HTML table, or a line that says that the release has no such figures.

        Raises
        ------
        ReportError
            When there is no table of that name.
        """
        grid = _known(_TABLES, name, "table")(self.edition)
        return self._missing() if grid is None else raw_html(self._html_table(grid, name, label=grid.stub))

    def figure(self, name: str) -> Markdown:
        """Return a figure, with a table of all its numbers below that a reader can open.

        Parameters
        ----------
        name : str
            ``"incidence"``, ``"survival"``, ``"continuity"``, ``"domains"``, ``"plan_states"``, ``"status"``.

        Returns
        -------
        Markdown
            Inline SVG and a ``<details>`` element, or a line that says that there is nothing to show.

        Raises
        ------
        ReportError
            When there is no figure of that name.
        """
        draw, behind = _known(_FIGURES, name, "figure")
        drawing = draw(self.edition)
        if drawing is None:
            return self._missing()
        svg = figures.to_svg(drawing, name=f"draw-{name}")
        title = self.edition.language.text("data_table.summary")
        grid = _TABLES[behind](self.edition)
        table = "" if grid is None else self._html_table(grid, f"behind-{name}", label=title)
        details = f'<details class="data-table"><summary>{html.escape(title)}</summary>{table}</details>'
        return raw_html(f'<div class="drawing" tabindex="0" role="group" aria-label="{name}">{svg}</div>{details}')

    def caption(self, name: str) -> Markdown:
        """Return a caption in the report's language, in the words of the kind of study.

        Parameters
        ----------
        name : str
            ``"incidence"``, ``"risk"`` …

        Returns
        -------
        Markdown
            The caption.
        """
        other = f"caption.{name}_other"
        is_other = not self.edition.is_register and other in self.edition.language.texts
        return self.text(other if is_other else f"caption.{name}")

    def _blanks(self) -> dict[str, str]:
        edition = self.edition
        # A list of cases alone is followed for no time of its own.
        horizon = edition.horizon_label or edition.language.text("word.no_value")
        common = {"horizon": horizon, "min_cell": str(edition.min_cell)}
        if not edition.compares:
            return common
        arms = {"treated": edition.treated, "reference": edition.reference}
        return common | {name: edition.arm_label(arm) for name, arm in arms.items()}

    def _missing(self) -> Markdown:
        return Markdown(self.edition.language.text("word.missing"))

    def _html_table(self, grid: Grid, name: str, *, label: str) -> str:
        return tables.to_html_table(grid, name=name, label=label)


def open_report(bundle: Path | str | Bundle, lang: str) -> Report:
    """Open a bundle as a report; the first thing that a document's cells do.

    Parameters
    ----------
    bundle : Path, str or Bundle
        The bundle or its folder.
    lang : {"da", "en"}
        The report's language.

    Returns
    -------
    Report
        The report.

    Raises
    ------
    ReportError
        When the bundle is not whole or evalkit does not write the language.
    """
    return Report(open_edition(bundle, lang))


def _survival_shares(edition: Edition) -> dict[str, float | None]:
    return {arm: edition.value(row, "estimate") for arm, row in survival_at_horizon(edition).items()}


def _known(choices: dict[str, _T], name: str, what: str) -> _T:
    if name not in choices:
        raise ReportError(f"There is no {what} {name!r}; there are {', '.join(choices)}.")
    return choices[name]
