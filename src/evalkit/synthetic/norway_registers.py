"""The Norwegian registers, written column by column as their owners deliver them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.synthetic.days import NEVER, Ints, date_column, day_number, month_number, year_number
from evalkit.synthetic.norway import NorwayTables
from evalkit.synthetic.norway_scenario import DOMAINS, EXIT_STATES, GROUNDS
from evalkit.synthetic.norway_services import UNDER_WAY
from evalkit.synthetic.norway_stays import EXITS
from evalkit.synthetic.plans import COMPLETED, INTERRUPTED

__all__ = ["NORWAY_LAYOUTS", "norway_frame"]

_NO_DATE = "000000"
_BENEFIT_A_MONTH_NOK = 14_500
_EXIT_CODES = dict(zip(EXIT_STATES, ("01", "11", "03", "04", "13", "14", "15", "16", "10", "17"), strict=True))
_WORDS = dict(zip(GROUNDS, ("varetekt", "dom", "dom", "botesoning"), strict=True))


def norway_frame(layout: str, tables: NorwayTables) -> pl.DataFrame:
    """Write one register.

    Parameters
    ----------
    layout : str
        One of :data:`NORWAY_LAYOUTS`.
    tables : NorwayTables
        What happened.

    Returns
    -------
    DataFrame
        The layout's columns in their order; missing values where the register is blank. Forms of the qualification
        programme come once a reporting year, that of the vintage as far as it is known.
    """
    return _WRITERS[layout](tables)


def _stays(tables: NorwayTables) -> pl.DataFrame:
    rows = tables.places.join(tables.stays, on="stay").sort("stay", "start")
    is_last = (pl.col("stay") != pl.col("stay").shift(-1)).fill_null(value=True)
    stop = pl.when(is_last).then("release").otherwise(pl.col("start").shift(-1))
    rows = rows.with_columns(stop=stop, exit=pl.when(is_last).then("exit").otherwise(pl.lit(len(EXITS), pl.Int64)))
    plan, who = tables.plan, rows["person"].to_numpy()
    is_remand = (rows["start"] < rows["sentence"]).to_numpy()
    ground = np.array(list(_WORDS.values()))[rows["ground"].to_numpy()]
    prison = rows["prison"].to_numpy()
    return pl.DataFrame(
        {
            "LOPENR": tables.pseudonym[who],
            "INNSETTELSE_ID": _numbered("I", rows["stay"]),
            "INNSATT_DATO": date_column(rows["start"].to_numpy()),
            "UTGANG_DATO": date_column(rows["stop"].to_numpy()),
            "GRUNNLAG": np.where(is_remand, "varetekt", ground),
            "UTGANG": np.array([*EXITS, "overforing", ""])[rows["exit"].to_numpy()],
            "FENGSEL": np.array(list(plan.prisons))[prison],
            "SIKKERHETSNIVA": np.array(list(plan.prisons.values()))[prison],
            "PLANLAGT_LOSLATELSE_DATO": date_column(np.where(is_remand, NEVER, rows["planned_release"].to_numpy())),
            "KOMMUNE_NR": np.array(list(plan.municipalities))[tables.home[who]],
        }
    )


def _forms(tables: NorwayTables) -> pl.DataFrame:
    forms = _by_year(tables)
    who, year = forms["person"].to_numpy(), forms["year"].to_numpy()
    begun, ended = forms["begun"].to_numpy(), forms["ended"].to_numpy()
    has_ended = forms["has_ended"].to_numpy()
    until = np.minimum(ended, day_number(tables.plan.calendar.vintage) - 1)
    months = {f"STMND_{month}": _paid(year, month, begun, until) for month in range(1, 13)}
    went_to = [np.where(has_ended, forms[name].to_numpy(), -1) for name in ("exit", "second_exit")]
    exits = {
        name: np.where((went_to[0] == place) | (went_to[1] == place), _EXIT_CODES[name], "00")
        for place, name in enumerate(EXIT_STATES)
    }
    n_months = sum((codes != "00").astype(np.int64) for codes in months.values())
    columns = {
        "KOMMUNE_NR": np.array(list(tables.plan.municipalities))[tables.home[who]],
        "VERSION": pl.Series(year % 100).cast(pl.String).str.zfill(2),
        "PERSON_FODSELSNR": tables.pseudonym[who],
        "KJONN": np.where(tables.is_woman[who], 2, 1),
        "REG_DATO": _six_digits(begun - 45),
        "VEDTAK_DATO": _six_digits(begun - 14),
        "BEGYNT_DATO": _six_digits(begun),
        **months,
        "KVP_STONAD": n_months * _BENEFIT_A_MONTH_NOK,
        "STATUS": np.where(has_ended, forms["status"].to_numpy(), UNDER_WAY),
        "AVSL_DATO": _six_digits(np.where(has_ended, ended, NEVER)),
    }
    main_income = np.array([*_EXIT_CODES.values(), ""])[went_to[0]]
    return pl.DataFrame(columns | exits | {"AVSL_VIKTIGSTE_INNTEKT": main_income})


def _states(tables: NorwayTables) -> pl.DataFrame:
    states = tables.states
    return pl.DataFrame(
        {
            "LOPENR": tables.pseudonym[states["person"].to_numpy()],
            "HOVEDSTATUS": states["state"],
            "FRA_DATO": date_column(states["start"].to_numpy()),
            "TIL_DATO": date_column(states["last"].to_numpy()),
        }
    )


def _plans(tables: NorwayTables) -> pl.DataFrame:
    plans = tables.plans.plans
    return pl.DataFrame(
        {
            "PNR": tables.pseudonym[plans["person"].to_numpy()],
            "PLAN_ID": _numbered("P", plans["plan"]),
            "EJER": np.where(plans["is_municipal"], "kommune", "kriminalforsorgen"),
            "OPRETTET_DATO": date_column(plans["created"].to_numpy()),
            "AFSLUTTET_DATO": date_column(plans["closed"].to_numpy()),
        }
    )


def _activities(tables: NorwayTables) -> pl.DataFrame:
    activities = tables.plans.activities
    end = activities["end"].to_numpy()
    return pl.DataFrame(
        {
            "PNR": tables.pseudonym[activities["person"].to_numpy()],
            "PLAN_ID": _numbered("P", activities["plan"]),
            "AKTIVITET_ID": _numbered("A", pl.Series(np.arange(1, activities.height + 1))),
            "OMRAADE": np.array(DOMAINS)[activities["domain"].to_numpy()],
            "PLANLAGT_DATO": date_column(activities["planned"].to_numpy()),
            "BEGYNDT_DATO": date_column(activities["begun"].to_numpy()),
            "SLUT_DATO": date_column(activities["ended"].to_numpy()),
            "SLUT_AARSAG": np.where(end == COMPLETED, "gennemfoert", np.where(end == INTERRUPTED, "afbrudt", "")),
        }
    )


def _by_year(tables: NorwayTables) -> pl.DataFrame:
    """Repeat a programme for each reporting year that it reaches before the vintage."""
    programmes = tables.programmes
    last_day = day_number(tables.plan.calendar.vintage) - 1
    ended = programmes["ended"].to_numpy()
    first = year_number(programmes["begun"].to_numpy())
    last = year_number(np.minimum(ended, last_day))
    place = np.repeat(np.arange(programmes.height), last - first + 1)
    number = np.arange(place.size) - np.searchsorted(place, place)
    year = first[place] + number
    has_ended = (ended[place] < NEVER) & (year == last[place])
    return programmes[place].with_columns(year=pl.Series(year), has_ended=pl.Series(has_ended))


def _paid(year: Ints, month: int, begun: Ints, until: Ints) -> npt.NDArray[np.str_]:
    """Write the month's number where the programme was under way in it."""
    number = (year - 1970) * 12 + month - 1
    is_paid = (number >= month_number(begun)) & (number <= month_number(until))
    return np.where(is_paid, f"{month:02}", "00")


def _six_digits(days: Ints) -> pl.Series:
    return date_column(days).dt.strftime("%d%m%y").fill_null(_NO_DATE)


def _numbered(letter: str, numbers: pl.Series) -> pl.Series:
    return pl.select(pl.lit(letter) + numbers.cast(pl.String).str.zfill(7)).to_series()


_WRITERS: Final[dict[str, Callable[[NorwayTables], pl.DataFrame]]] = {
    "kriminalomsorgen": _stays,
    "kvp_2024": _forms,
    "arbeidssoker": _states,
    "handleplan": _plans,
    "planaktivitet": _activities,
}

NORWAY_LAYOUTS: Final = tuple(_WRITERS)
"""The Norwegian layouts, in the order in which they are written."""
