"""An edition of a report: one bundle told in one language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from evalkit.errors import ReportError
from evalkit.reporting.bundle import Bundle, read_bundle
from evalkit.reporting.language import Language, load_language

__all__ = ["Edition", "open_edition"]

Row = Mapping[str, Any]
_HIDDEN = ("suppressed_primary", "suppressed_secondary")
_MINUS, _PERCENT = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}%"


@dataclass(frozen=True)
class Edition:
    """A bundle and the language it is told in: who is who, and how a released cell is written.

    Parameters
    ----------
    bundle : Bundle
        The numbers.
    language : Language
        The words.
    """

    bundle: Bundle
    language: Language

    @cached_property
    def arms(self) -> tuple[str, ...]:
        """Machine names of the arms, the reference first."""
        return tuple(str(arm["name"]) for arm in self.bundle.study.get("arms", ()))

    @property
    def reference(self) -> str:
        """The arm that the others are compared with."""
        return self._two_arms()[0]

    @property
    def treated(self) -> str:
        """The arm that is compared with the reference."""
        return self._two_arms()[1]

    @property
    def compares(self) -> bool:
        """Whether the study has somebody to compare with."""
        return len(self.arms) > 1

    @property
    def follows_release(self) -> bool:
        """Whether the study is of registers, and its clock starts at release."""
        return self.is_register and str(self.bundle.study.get("index_event") or "release") == "release"

    @property
    def is_register(self) -> bool:
        """Whether the study builds its outcome from registers."""
        return str(self.bundle.study.get("kind", "register")) == "register"

    @property
    def is_programme(self) -> bool:
        """Whether the study is of a programme's own list of cases alone."""
        return str(self.bundle.study.get("kind", "register")) == "programme"

    @property
    def programme(self) -> Mapping[str, Any]:
        """The programme and what became of its indicators; empty for a study without one."""
        return self.bundle.study.get("programme") or {}

    @property
    def time_unit(self) -> str:
        """``"day"``, ``"week"`` or ``"month"``: the unit of the column `time`."""
        return str(self.bundle.study.get("time_unit", "day"))

    @property
    def horizon(self) -> float:
        """The time at which the risk is read, in the time unit."""
        return float(self.bundle.study["horizon"])

    @property
    def horizon_label(self) -> str:
        """The horizon for readers: ``24 måneder``."""
        return self.language.choose(self.bundle.study.get("horizon_label"))

    @property
    def min_cell(self) -> int:
        """Smallest number of persons that is shown; 0 or 1 when nothing is hidden."""
        return int(self.bundle.policy.get("min_cell", 0))

    @property
    def hides(self) -> bool:
        """Whether the policy hides anything."""
        return self.min_cell > 1

    @property
    def event(self) -> str:
        """The event with its horizon: ``ny kriminalitet inden for 24 måneder``."""
        if self.follows_release:
            label = self.language.text("risk.event_register")
        else:
            label = self.language.choose(self.bundle.study.get("event_label"))
        if self.is_register and not self.follows_release:
            return label  # an outcome's own label says within what time
        if self.horizon_label and self.horizon_label in label:
            return label
        return self.language.text("risk.within", event=label, horizon=self.horizon_label)

    def arm_label(self, name: str) -> str:
        """Return an arm's label: ``Pilotgruppe``.

        Parameters
        ----------
        name : str
            The arm's machine name, or ``"all"``.

        Returns
        -------
        str
            The label.
        """
        for arm in self.bundle.study.get("arms", ()):
            if str(arm["name"]) == name:
                return self.language.choose(arm.get("label")) or name
        return self.language.text("word.all") if name == "all" else name

    def arm_short(self, name: str) -> str:
        """Return an arm's label where there is little room.

        Parameters
        ----------
        name : str
            The arm's machine name.

        Returns
        -------
        str
            ``Pilot``; the label itself for arms that have no short one.
        """
        short = self.language.texts.get(f"arm_short.{name}") if self.compares else None
        return short or self.arm_label(name)

    def arm_phrase(self, name: str) -> str:
        """Return an arm as it stands in a sentence: ``i pilotgruppen``.

        Parameters
        ----------
        name : str
            The arm's machine name.

        Returns
        -------
        str
            The phrase.
        """
        if not self.compares:
            return self.language.text("arm_phrase.alone")
        own = self.language.texts.get(f"arm_phrase.{name}")
        return own or self.language.text("arm_phrase.other", label=self.arm_label(name))

    def rows(self, name: str, **where: object) -> list[dict[str, Any]]:
        """Return the rows of a table that fit, in the arms' order.

        Parameters
        ----------
        name : str
            The table.
        **where : object
            Column to value.

        Returns
        -------
        list of dict
            Empty when the bundle has no such table.
        """
        if not self.bundle.has(name):
            return []
        frame = self.in_order(self.bundle.table(name))
        conditions = [pl.col(column) == value for column, value in where.items()]
        return frame.filter(*conditions).to_dicts() if conditions else frame.to_dicts()

    def in_order(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Sort a table by arm, the reference first; rows of an arm keep their order.

        Parameters
        ----------
        frame : DataFrame
            A table with or without the column `arm`.

        Returns
        -------
        DataFrame
            The same rows.
        """
        if "arm" not in frame.columns:
            return frame
        place = {name: number for number, name in enumerate(self.arms)}
        rank = pl.col("arm").cast(pl.String).replace_strict(place, default=-1, return_dtype=pl.Int32)
        return frame.sort(rank, maintain_order=True)

    def is_hidden(self, row: Row, column: str) -> bool:
        """Say whether a released cell is suppressed.

        Parameters
        ----------
        row : mapping
            A row of a released table.
        column : str
            The column.

        Returns
        -------
        bool
            True for both kinds of suppression.
        """
        return row.get(f"{column}_status") in _HIDDEN

    def value(self, row: Row | None, column: str) -> float | None:
        """Return a released value, or None when there is none to show.

        Parameters
        ----------
        row : mapping or None
            A row of a released table.
        column : str
            The column.

        Returns
        -------
        float or None
            None when the row is missing, the cell is suppressed or it never had a value.
        """
        if row is None or row.get(column) is None or self.is_hidden(row, column):
            return None
        return float(row[column])

    def count(self, row: Row | None, column: str) -> str:
        """Write a number of persons, or the sign that stands for it.

        Parameters
        ----------
        row : mapping or None
            A row of a released table.
        column : str
            The column.

        Returns
        -------
        str
            ``1.234``, ``<5``, ``·``, ``–``, or nothing when there is no such row.
        """
        if row is not None and row.get(f"{column}_status") == "suppressed_primary":
            return f"<{self.min_cell}"
        return self.derived(row, column, self.language.number)

    def derived(self, row: Row | None, column: str, write: Callable[[float], str]) -> str:
        """Write a number computed from counts, or the sign that stands for it.

        Parameters
        ----------
        row : mapping or None
            A row of a released table.
        column : str
            The column.
        write : callable
            How to write the number.

        Returns
        -------
        str
            The number, ``·``, ``–``, or nothing when there is no such row.
        """
        if row is None:
            return ""
        if self.is_hidden(row, column):
            return self.language.text("word.dot")
        value = self.value(row, column)
        return self.language.text("word.no_value") if value is None else write(value)

    def interval(self, row: Row | None, write: Callable[[float], str]) -> str:
        """Write an interval: ``53,1 – 66,0 %``, ``−2,0 til 3,1``.

        Parameters
        ----------
        row : mapping or None
            A row with conf_low and conf_high.
        write : callable
            How to write a limit; a percent sign stands only once.

        Returns
        -------
        str
            The interval, or the sign that stands for it.
        """
        low, high = (self.derived(row, column, write) for column in ("conf_low", "conf_high"))
        if self.value(row, "conf_low") is None or self.value(row, "conf_high") is None:
            return low
        # a dash would read as a minus
        between = self.language.text("word.to") if _MINUS in low + high else "–"
        return f"{low.rstrip(_PERCENT)} {between} {high}"

    def _two_arms(self) -> tuple[str, str]:
        if len(self.arms) < 2:
            raise ReportError(f"The study has {len(self.arms)} arm(s); the report compares two.")
        return self.arms[0], self.arms[1]


def open_edition(bundle: Path | str | Bundle, language: str) -> Edition:
    """Open a bundle in a language.

    Parameters
    ----------
    bundle : Path, str or Bundle
        The bundle or its folder.
    language : {"da", "en"}
        The language's code.

    Returns
    -------
    Edition
        The edition.

    Raises
    ------
    ReportError
        When the bundle is not whole or evalkit does not write the language.
    """
    opened = bundle if isinstance(bundle, Bundle) else read_bundle(bundle)
    spoken = load_language(language)
    if len(opened.study.get("arms", ())) == 1:
        spoken = spoken.instead("alone")
    return Edition(opened, spoken.instead(str(opened.study.get("index_event") or "release")))
