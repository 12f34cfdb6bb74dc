"""The registers: what happened, written column by column as the register owners deliver it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from evalkit.synthetic.contacts import UNKNOWN
from evalkit.synthetic.courts import FINE_CODES
from evalkit.synthetic.custody_rows import custody_frame
from evalkit.synthetic.days import NEVER, Bools, Ints, date_column, day_number, year_number
from evalkit.synthetic.offence_codes import nine_digits, seven_digits
from evalkit.synthetic.offers import DISCHARGE_REASONS
from evalkit.synthetic.plans import COMPLETED, INTERRUPTED
from evalkit.synthetic.population import home_on, settled_on
from evalkit.synthetic.world import World

__all__ = ["LAYOUTS", "register_frame"]

_NO_SENTENCE = 9000
_LAST_DAY_OF_ALL = day_number(date(9999, 12, 31))


def register_frame(layout: str, rng: np.random.Generator, world: World) -> pl.DataFrame:
    """Write one register.

    Parameters
    ----------
    layout : str
        One of :data:`LAYOUTS`.
    rng : Generator
        Source of chance, for what only the register knows (prisons, countries).
    world : World
        What happened.

    Returns
    -------
    DataFrame
        The layout's columns in their order; missing values where the register is blank.
    """
    return _WRITERS[layout](rng, world)


def _krsi(_: np.random.Generator, world: World) -> pl.DataFrame:
    people, scenario = world.people, world.scenario
    charged = world.cases.filter(~pl.col("is_charge_missing"))
    person, charge = charged["person"].to_numpy(), charged["charge"].to_numpy()
    codes = np.array(scenario.municipality_codes)
    group = charged["group"].to_numpy()
    return pl.DataFrame(
        {
            "PNR": people.pseudonym[person],
            "JOURNR": charged["journal"],
            "SIG_GER1DTO": date_column(charged["offence"].to_numpy()),
            "SIG_GER2DTO": date_column(charged["offence_end"].to_numpy()),
            "SIG_SIGTDTO": date_column(charge),
            "SIG_GER7": seven_digits(group, year_number(charge)),
            "SIG_GER9": nine_digits(group),
            "SIG_ADRKOM": np.where(people.is_registered[person], codes[home_on(people, person, charge)], ""),
            "SIG_INRMARK": np.ones(charged.height, np.int64),
        }
    )


def _kraf(_: np.random.Generator, world: World) -> pl.DataFrame:
    decided = world.cases.filter(pl.col("decision") < NEVER)
    first = decided.with_columns(pl.lit(NEVER, pl.Int64).alias("appeal"))
    second = decided.filter(pl.col("second_decision") < NEVER).with_columns(
        decision=pl.col("second_decision"), code=pl.col("second_code")
    )
    rows = pl.concat([first, second]).sort("person", "decision", "journal")
    code, group = rows["code"].to_numpy(), rows["group"].to_numpy()
    decision = rows["decision"].to_numpy()
    fined = np.isin(code, (*FINE_CODES, 86)) & (rows["fine"].to_numpy() > 0)
    return pl.DataFrame(
        {
            "PNR": world.people.pseudonym[rows["person"].to_numpy()],
            "JOURNR": rows["journal"],
            "AFG_AFGOEDTO": date_column(decision),
            "AFG_AFGTYPKO": code,
            "AFG_GER7": seven_digits(group, year_number(decision)),
            "AFG_GER9": nine_digits(group),
            "AFG_UBSTRFLG": _sentence(rows["unsuspended"].to_numpy(), np.isin(code, (1, 6, 86, 88))),
            "AFG_BSTRFLGD": _sentence(rows["suspended"].to_numpy(), np.isin(code, (4, 6, 81))),
            "AFG_BOEDEBLB": pl.select(pl.when(pl.Series(fined)).then(rows["fine"])).to_series(),
            "AFG_ANKEDTO": date_column(rows["appeal"].to_numpy()),
            "AFG_INRMARK": np.ones(rows.height, np.int64),
        }
    )


def _sentence(days: Ints, has_one: Bools) -> Ints:
    # 0 says that the length is not stated, 9000 that there is no such sentence.
    return np.where(has_one, np.maximum(days, 0), _NO_SENTENCE)


def _bef(_: np.random.Generator, world: World) -> pl.DataFrame:
    people, calendar = world.people, world.scenario.calendar
    codes = np.array(world.scenario.municipality_codes)
    years = np.arange(calendar.register_start.year - 1, calendar.vintage.year)
    reference = np.array([np.datetime64(f"{year}-12-31", "D") for year in years]).astype(np.int64)
    person, place = np.divmod(np.arange(people.size * years.size), years.size)
    day = reference[place]
    abroad = (people.out[person] <= day) & (people.back[person] > day)
    here = people.is_registered[person] & ~abroad & (people.death[person] > day)
    person, day = person[here], day[here]
    return pl.DataFrame(
        {
            "PNR": people.pseudonym[person],
            "FOED_DAG": date_column(people.birth[person]),
            "KOEN": np.where(people.is_woman[person], 2, 1),
            "KOM": codes[home_on(people, person, day)],
            "CIVST": np.array(["U", "G", "F"])[people.civil_status[person]],
            "IE_TYPE": people.origin[person],
            "REFERENCETID": date_column(day),
            "BOP_VFRA": date_column(settled_on(people, person, day)),
        }
    )


def _dod(_: np.random.Generator, world: World) -> pl.DataFrame:
    people = world.people
    dead = np.flatnonzero((people.death < day_number(world.scenario.calendar.vintage)) & people.is_registered)
    return pl.DataFrame({"PNR": people.pseudonym[dead], "DODDATO": date_column(people.death[dead])})


def _vnds(rng: np.random.Generator, world: World) -> pl.DataFrame:
    people = world.people
    out, back = np.flatnonzero(people.out < NEVER), np.flatnonzero(people.back < NEVER)
    person = np.concatenate([out, back])
    day = np.concatenate([people.out[out], people.back[back]])
    country = np.array([5120, 5110, 5180, 5154, 5170, 5130, 5162])[rng.integers(0, 7, people.size)]
    order = np.lexsort([day, person])
    return pl.DataFrame(
        {
            "PNR": people.pseudonym[person[order]],
            "HAEND_DATO": date_column(day[order]),
            "INDUD_KODE": np.array(["U"] * out.size + ["I"] * back.size)[order],
            "INDUD_LAND": country[person[order]],
        }
    )


def _dream(_: np.random.Generator, world: World) -> pl.DataFrame:
    people, weeks = world.people, world.weeks
    known = np.flatnonzero(people.is_registered)
    birth_month = people.birth.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    columns = {
        "PNR": pl.Series(people.pseudonym[known]),
        "FOEDDT": date_column(birth_month[known]),
        "KON": pl.Series(np.where(people.is_woman[known], 2, 1)),
    }
    codes = {name: pl.Series(week[known]) for name, week in zip(weeks.column_names, weeks.code, strict=True)}
    return pl.DataFrame(columns | codes).with_columns(pl.col(list(codes)).replace(0, None))


def _bfl(_: np.random.Generator, world: World) -> pl.DataFrame:
    jobs = world.jobs
    return pl.DataFrame(
        {
            "PNR": world.people.pseudonym[jobs["person"].to_numpy()],
            "AJO_JOB_START_DATO": date_column(jobs["start"].to_numpy()),
            "AJO_JOB_SLUT_DATO": date_column(jobs["last_day"].to_numpy()),
            "AJO_LOENTIMER": jobs["hours"],
            "AJO_FULDTID_BESKAEFTIGET": (jobs["hours"] / 160.33).round(2),
            "AJO_SMALT_LOENBELOEB": jobs["wage"],
            "AJO_BRANCHE07": jobs["industry"],
        }
    )


def _udda(rng: np.random.Generator, world: World) -> pl.DataFrame:
    people = world.people
    vintage = day_number(world.scenario.calendar.vintage)
    known = np.flatnonzero(people.is_registered)
    further = np.array(["20", "35", "40"])[np.searchsorted([0.15, 0.92], rng.random(people.size))]
    highest = np.where(people.has_education, further, "10")
    # Basic school at 16, the rest at 20.
    completed = np.minimum(people.birth + np.where(people.has_education, 20, 16) * 365, vintage - 200)
    current = world.education.filter(pl.col("stop") >= NEVER).unique("person", keep="first", maintain_order=True)
    frame = pl.DataFrame(
        {
            "person": known,
            "PNR": people.pseudonym[known],
            "HFAUDD": highest[known],
            "HF_VFRA": date_column(completed[known]),
        }
    )
    attends = pl.DataFrame(
        {"person": current["person"], "UDD": current["programme"], "IG_VFRA": date_column(current["start"].to_numpy())}
    )
    return frame.join(attends, on="person", how="left", maintain_order="left").drop("person")


def _kotre(_: np.random.Generator, world: World) -> pl.DataFrame:
    spells = world.education
    stop = spells["stop"].to_numpy()
    completed = spells["completed"].to_numpy() & (stop < NEVER)
    # ELEV3_VTIL is the last day; of the enrolments that go on, half are blank and half say 9999-12-31.
    is_dated = (stop >= NEVER) & (spells["person"].to_numpy() % 2 == 1)
    last = np.where(stop < NEVER, stop - 1, np.where(is_dated, _LAST_DAY_OF_ALL, NEVER))
    return pl.DataFrame(
        {
            "PNR": world.people.pseudonym[spells["person"].to_numpy()],
            "UDD": spells["programme"],
            "AUDD": np.where(completed, spells["programme"].cast(pl.String), ""),
            "UDEL": np.where(spells["programme"] == 5190, "51", ""),
            "ELEV3_VFRA": date_column(spells["start"].to_numpy()),
            "ELEV3_VTIL": date_column(last),
            "TILG_ART": np.ones(spells.height, np.int64),
            "AFG_ART": np.where(stop >= NEVER, "", np.where(completed, "1", "2")),
        }
    )


def _tilbud(_: np.random.Generator, world: World) -> pl.DataFrame:
    offers = world.offers
    codes = np.array(world.scenario.municipality_codes)
    reasons = np.array([*DISCHARGE_REASONS, ""])
    return pl.DataFrame(
        {
            "PNR": world.people.pseudonym[offers["person"].to_numpy()],
            "KOMMUNE": codes[offers["home"].to_numpy()],
            "TILBUDT_DATO": date_column(offers["offered"].to_numpy()),
            "SVAR": np.where(offers["accepts"], "ja", "nej"),
            "INDSKREVET_DATO": date_column(offers["enrolled"].to_numpy()),
            "UDSKREVET_DATO": date_column(offers["discharged"].to_numpy()),
            "UDSKREVET_AARSAG": reasons[offers["reason"].to_numpy()],
        }
    )


def _handleplan(_: np.random.Generator, world: World) -> pl.DataFrame:
    plans = world.plans.plans
    return pl.DataFrame(
        {
            "PNR": world.people.pseudonym[plans["person"].to_numpy()],
            "PLAN_ID": _numbered("P", plans["plan"]),
            "EJER": np.where(plans["is_municipal"], "kommune", "kriminalforsorgen"),
            "OPRETTET_DATO": date_column(plans["created"].to_numpy()),
            "AFSLUTTET_DATO": date_column(plans["closed"].to_numpy()),
            "UNDERSKREVET_DATO": date_column(plans["signed"].to_numpy()),
        }
    )


def _planaktivitet(_: np.random.Generator, world: World) -> pl.DataFrame:
    activities = world.plans.activities
    domains = np.array(list(world.scenario.plans.domains))
    end = activities["end"].to_numpy()
    reason = np.where(end == COMPLETED, "gennemfoert", np.where(end == INTERRUPTED, "afbrudt", ""))
    return pl.DataFrame(
        {
            "PNR": world.people.pseudonym[activities["person"].to_numpy()],
            "PLAN_ID": _numbered("P", activities["plan"]),
            "AKTIVITET_ID": _numbered("A", pl.Series(np.arange(1, activities.height + 1))),
            "OMRAADE": domains[activities["domain"].to_numpy()],
            "PLANLAGT_DATO": date_column(activities["planned"].to_numpy()),
            "BEGYNDT_DATO": date_column(activities["begun"].to_numpy()),
            "SLUT_DATO": date_column(activities["ended"].to_numpy()),
            "SLUT_AARSAG": reason,
        }
    )


def _kontakt(_: np.random.Generator, world: World) -> pl.DataFrame:
    contacts = world.contacts
    return pl.DataFrame(
        {
            "PNR": world.people.pseudonym[contacts["person"].to_numpy()],
            "KONTAKT_DATO": date_column(contacts["day"].to_numpy()),
            "KONTAKT_ART": contacts["kind"],
            "FREMMOEDT": contacts["attended"].replace(UNKNOWN, None),
        }
    )


def _numbered(letter: str, numbers: pl.Series) -> pl.Series:
    return pl.select(pl.lit(letter) + numbers.cast(pl.String).str.zfill(7)).to_series()


_WRITERS: Final[dict[str, Callable[[np.random.Generator, World], pl.DataFrame]]] = {
    "krin": custody_frame,
    "krsi": _krsi,
    "kraf": _kraf,
    "bef": _bef,
    "dod": _dod,
    "vnds": _vnds,
    "dream": _dream,
    "bfl": _bfl,
    "udda": _udda,
    "kotre": _kotre,
    "tilbud": _tilbud,
    "handleplan": _handleplan,
    "planaktivitet": _planaktivitet,
    "kontakt": _kontakt,
}

LAYOUTS: Final = tuple(_WRITERS)
"""The register layouts, in the order in which they are written."""
