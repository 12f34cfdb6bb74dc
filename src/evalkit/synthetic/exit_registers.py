"""The Exit programme's own extracts, written column by column as the programme delivers them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import polars as pl

from evalkit.synthetic.days import date_column
from evalkit.synthetic.exit_cases import ExitTables
from evalkit.synthetic.exit_courses import CRITERIA
from evalkit.synthetic.exit_measurements import BLANK, OCCASIONS
from evalkit.synthetic.exit_scenario import COMPASS, DECISIONS, DISCHARGES
from evalkit.synthetic.plans import COMPLETED, INTERRUPTED
from evalkit.synthetic.world import World

__all__ = ["EXIT_LAYOUTS", "exit_frame"]

_CASE_DAYS = (
    "referred", "visited", "enrolled", "guidance", "outro", "discharged", "followed_until", "offer_ended",
)  # fmt: skip


def exit_frame(layout: str, world: World, tables: ExitTables) -> pl.DataFrame:
    """Write one extract of the programme.

    Parameters
    ----------
    layout : str
        One of :data:`EXIT_LAYOUTS`. Contacts and plans take the place of those of the world, which belong to another
        programme.
    world : World
        Persons.
    tables : ExitTables
        What happened in the programme.

    Returns
    -------
    DataFrame
        The layout's columns in their order; missing values where nothing was written down.
    """
    return _WRITERS[layout](world, tables)


def _cases(world: World, tables: ExitTables) -> pl.DataFrame:
    cases = tables.cases
    codes = np.array(world.scenario.municipality_codes)
    days = {name: date_column(cases[name].to_numpy()) for name in _CASE_DAYS}
    columns = {
        "PNR": world.people.pseudonym[cases["person"].to_numpy()],
        "SAG_ID": _numbered("S", cases["case"]),
        "KOMMUNE": codes[cases["home"].to_numpy()],
        "HENVIST_DATO": days["referred"],
        "VISITATION_DATO": days["visited"],
        "AFGOERELSE": np.array([*DECISIONS, ""])[cases["decision"].to_numpy()],
        "INDSKREVET_DATO": days["enrolled"],
        "VEJLEDNING_DATO": days["guidance"],
        "OUTRO_DATO": days["outro"],
        "UDSKREVET_DATO": days["discharged"],
        "UDSKRIVNING": np.array([*DISCHARGES, "doed", ""])[cases["reason"].to_numpy()],
        "OPFOELGNING_SLUT_DATO": days["followed_until"],
        "LAB_TILBUD": cases["has_offer"].cast(pl.Int64),
        "LAB_TILBUD_SLUT_DATO": days["offer_ended"],
        "NEC_NIVEAU": cases["level"].replace(0, None),
    }
    answers = {name: _answers(cases[name]) for name in CRITERIA}
    return pl.DataFrame(columns | answers | {"BETALINGSTILSAGN": _answers(cases["funded"])})


def _compass(world: World, tables: ExitTables) -> pl.DataFrame:
    compass = tables.compass
    return pl.DataFrame(
        {
            "PNR": world.people.pseudonym[compass["person"].to_numpy()],
            "MAALT_DATO": date_column(compass["day"].to_numpy()),
            "ANLEDNING": np.array(OCCASIONS)[compass["occasion"].to_numpy()],
            "DIMENSION": np.array(COMPASS)[compass["dimension"].to_numpy()],
            "SCORE": compass["score"].replace(BLANK, None),
        }
    )


def _psychology(world: World, tables: ExitTables) -> pl.DataFrame:
    forms = tables.psychology
    return pl.DataFrame(
        {
            "PNR": world.people.pseudonym[forms["person"].to_numpy()],
            "MAALT_DATO": date_column(forms["day"].to_numpy()),
            "SKEMA": np.where(forms["theme"] > 0, "tema", "test"),
            "TEMA_NR": forms["theme"].replace(0, None),
            "TIDSPUNKT": np.where(forms["is_after"], "efter", "foer"),
            "SCORE": forms["score"],
        }
    )


def _contacts(world: World, tables: ExitTables) -> pl.DataFrame:
    contacts = tables.contacts
    return pl.DataFrame(
        {
            "PNR": world.people.pseudonym[contacts["person"].to_numpy()],
            "KONTAKT_DATO": date_column(contacts["day"].to_numpy()),
            "KONTAKT_ART": contacts["kind"],
            "FREMMOEDT": _answers(contacts["attended"]),
        }
    )


def _plans(world: World, tables: ExitTables) -> pl.DataFrame:
    plans = tables.plans.plans
    return pl.DataFrame(
        {
            "PNR": world.people.pseudonym[plans["person"].to_numpy()],
            "PLAN_ID": _numbered("E", plans["plan"]),
            "EJER": np.where(plans["is_municipal"], "kommune", "kriminalforsorgen"),
            "OPRETTET_DATO": date_column(plans["created"].to_numpy()),
            "AFSLUTTET_DATO": date_column(plans["closed"].to_numpy()),
            "UNDERSKREVET_DATO": date_column(plans["signed"].to_numpy()),
        }
    )


def _activities(world: World, tables: ExitTables) -> pl.DataFrame:
    activities = tables.plans.activities
    domains = np.array(list(world.scenario.plans.domains))
    end = activities["end"].to_numpy()
    return pl.DataFrame(
        {
            "PNR": world.people.pseudonym[activities["person"].to_numpy()],
            "PLAN_ID": _numbered("E", activities["plan"]),
            "AKTIVITET_ID": _numbered("A", pl.Series(np.arange(1, activities.height + 1))),
            "OMRAADE": domains[activities["domain"].to_numpy()],
            "PLANLAGT_DATO": date_column(activities["planned"].to_numpy()),
            "BEGYNDT_DATO": date_column(activities["begun"].to_numpy()),
            "SLUT_DATO": date_column(activities["ended"].to_numpy()),
            "SLUT_AARSAG": np.where(end == COMPLETED, "gennemfoert", np.where(end == INTERRUPTED, "afbrudt", "")),
        }
    )


def _answers(column: pl.Series) -> pl.Series:
    return column.replace(-1, None)


def _numbered(letter: str, numbers: pl.Series) -> pl.Series:
    return pl.select(pl.lit(letter) + numbers.cast(pl.String).str.zfill(7)).to_series()


_WRITERS: Final[dict[str, Callable[[World, ExitTables], pl.DataFrame]]] = {
    "exit_sag": _cases,
    "forandringskompas": _compass,
    "tilvaerelsespsykologi": _psychology,
    "kontakt": _contacts,
    "handleplan": _plans,
    "planaktivitet": _activities,
}

EXIT_LAYOUTS: Final = tuple(_WRITERS)
"""The programme's layouts, in the order in which they are written."""
