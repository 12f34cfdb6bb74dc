"""A hundred and fifty people who do not exist in the Exit programme, with what must come of their targets."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from pathlib import Path

from evalkit.shipped import shipped

__all__ = ["EXTRACTS", "study_of_the_list", "write_extracts"]

EXTRACTS = ("exit_sag", "bfl", "kotre", "krsi", "handleplan", "planaktivitet")

_N_REFERRED, _N_ENROLLED, _N_COMPLETED = 150, 120, 84
_N_CHARGED, _N_OFFERED, _N_WORKING, _N_PLAN_GOES_ON = 6, 40, 30, 74


def study_of_the_list(extracts: Collection[str] = EXTRACTS) -> str:
    """Return the shipped study without the registers that follow people beyond the list of cases."""
    text = (shipped("reports") / "exit" / "study.toml").read_text(encoding="utf-8")
    text = text[: text.index("[[arm]]")] + text[text.index("[targets]") :]
    head, *blocks = text.replace("vintage = 2023-07-01", "vintage = 2016-01-01").split("[[extract]]\n")
    kept = [block for block in blocks if block.split('"')[1] in extracts]
    return "[[extract]]\n".join([head, *kept])


def write_extracts(folder: Path) -> None:
    """Write six extracts: enrolled in 2013, discharged after 200 days, and known until 2016."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "exit_sag.csv", _CASES, map(_case, range(_N_REFERRED)))
    charges = [f"exit{n:04};c{n};{_day(n, 50)};{_day(n, 60)};138080210;1" for n in range(_N_CHARGED)]
    # Of another kind than the programme's list, and after discharge: neither counts.
    charges += [f"exit{n:04};t{n};{_day(n, 50)};{_day(n, 60)};139080210;1" for n in range(20, 40)]
    charges += [f"exit{n:04};l{n};{_day(n, 300)};{_day(n, 300)};138080210;1" for n in range(40, 60)]
    _write(folder / "krsi.csv", "PNR;JOURNR;SIG_GER1DTO;SIG_SIGTDTO;SIG_GER9;SIG_INRMARK", charges)
    _write(folder / "bfl.csv", "PNR;AJO_JOB_START_DATO;AJO_JOB_SLUT_DATO;AJO_LOENTIMER", map(_job, range(_N_WORKING)))
    _write(folder / "kotre.csv", "PNR;UDD;ELEV3_VFRA;ELEV3_VTIL", [f"exit9999;2210;{_day(0, 0)};{_day(0, 90)}"])
    plans = [f"exit{n:04};p{n};kommune;{_day(n, 30)};" for n in range(_N_COMPLETED)]
    _write(folder / "handleplan.csv", "PNR;PLAN_ID;EJER;OPRETTET_DATO;AFSLUTTET_DATO", plans)
    _write(folder / "planaktivitet.csv", _ACTIVITIES, map(_activity, range(_N_COMPLETED)))


_CASES = (
    "PNR;SAG_ID;KOMMUNE;HENVIST_DATO;AFGOERELSE;INDSKREVET_DATO;UDSKREVET_DATO;UDSKRIVNING;LAB_TILBUD;"
    "LAB_TILBUD_SLUT_DATO;BANDE;ALVORLIG_PSYKISK_SYGDOM"
)
_ACTIVITIES = "PNR;PLAN_ID;AKTIVITET_ID;OMRAADE;PLANLAGT_DATO;BEGYNDT_DATO;SLUT_DATO;SLUT_AARSAG"


def _write(path: Path, header: str, rows: Iterable[str]) -> None:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def _day(number: int, days: int) -> str:
    """So many days after the person was enrolled."""
    return (date(2013, 1, 2) + timedelta(2 * number + days)).isoformat()


def _case(number: int) -> str:
    referred = _day(number, -1)
    if number >= _N_ENROLLED:
        return f"exit{number:04};s{number};101;{referred};afvist;;;;;;0;0"
    end = "gennemfoert" if number < _N_COMPLETED else "afbrudt_frivilligt"
    offer = f"1;{_day(number, 200)}" if number < _N_OFFERED else "0;"
    return (
        f"exit{number:04};s{number};101;{referred};indskrevet;{_day(number, 0)};{_day(number, 200)};{end};{offer};1;0"
    )


def _job(number: int) -> str:
    """Pay in the calendar month that holds the day three months after the offer."""
    ended = date.fromisoformat(_day(number, 200))
    year, month = divmod(ended.year * 12 + ended.month - 1 + 3, 12)
    first = date(year, month + 1, 1)
    return f"exit{number:04};{first.isoformat()};{(first + timedelta(27)).isoformat()};120"


def _activity(number: int) -> str:
    """Education that goes on after discharge, or that ended a week before it."""
    ends = "" if number < _N_PLAN_GOES_ON else _day(number, 193)
    why = "" if number < _N_PLAN_GOES_ON else "gennemfoert"
    return f"exit{number:04};p{number};a{number};uddannelse;{_day(number, 30)};{_day(number, 40)};{ends};{why}"
