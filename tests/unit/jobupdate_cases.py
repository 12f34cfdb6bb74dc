"""287 people who do not exist, referred to JobUpdate as its status of 28 February 2013 counts them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

__all__ = ["write_cases"]

# Published: 287 referred, of whom 174, 52 and 22 have finished. How many of the 22 died is not published: here 6.
_ENDS = [("positivt", "")] * 174 + [("uden_resultat", "")] * 52
_ENDS += [("andet", "doedsfald")] * 6 + [("andet", "udeblevet_orlov")] * 9 + [("andet", "andet")] * 7
_ENDS += [("", "")] * 39
_N_TRANSFER_INCOME, _N_RETURNERS, _N_MATCH_GROUP = 244, 201, 270  # 85.0, 70.0 and 94.1 per cent of 287


def write_cases(path: Path, *, also_after: date | None = None) -> None:
    """Write the extract, one row a referral; with `also_after`, one more person referred on that day."""
    lines = ["PNR;HENVIST_DATO;FÆNGSEL;AFSLUTTET_DATO;UDFALD;ANDET_ÅRSAG;MATCHGRUPPE;OVERFØRSELSINDKOMST;GENGANGER"]
    for number, (end, why) in enumerate(_ENDS):
        referred = date(2011, 1, 3) + timedelta(2 * number)
        ended = "" if not end else (referred + timedelta(120)).isoformat()
        flags = ";".join(str(int(number < limit)) for limit in (_N_TRANSFER_INCOME, _N_RETURNERS))
        group = 2 + number % 2 if number < _N_MATCH_GROUP else 1
        lines.append(f"synthetic{number:04};{referred.isoformat()};F12;{ended};{end};{why};{group};{flags}")
    if also_after:
        lines.append(f"synthetic9999;{also_after.isoformat()};F12;;;;2;1;1")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
