"""Stays in custody once more, slowly: one person's custody records, in lists and loops.

Written from the prose of the definition (evalkit.cohorts.stays and the grain comments of the custody models).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tests.property.reference_records import Custody, Spell

__all__ = ["DEFAULT_STAYS", "StayRules", "stays_of"]

AT_HOME = {"HJEM", "9050"}
INSIDE_STILL = {"5", "7"}  # straight to serving, deprivation of liberty upheld


@dataclass(frozen=True)
class StayRules:
    """The study's choices about stays."""

    merge_gap_days: int = 1
    rearrest: str = "same_stay"
    arrest_is_stay: bool = False
    home_detention: str = "custody"
    longest_bridge_days: int = 730


DEFAULT_STAYS = StayRules()


@dataclass
class Piece:
    """Custody under one case up to a release, or as far as the case tells."""

    first: Custody
    last: Custody
    stop: date | None = None
    ended: str | None = None

    @property
    def start(self) -> date:
        return self.first.admission

    @property
    def is_released(self) -> bool:
        return self.last.release is not None and self.last.release_code not in INSIDE_STILL

    @property
    def last_inside(self) -> date:
        return self.last.release or self.last.admission


def stays_of(events: Sequence[Custody], rules: StayRules) -> list[Spell]:
    """Join a person's custody records to stays."""
    kept = [event for event in events if rules.arrest_is_stay or event.code not in {"1", "2"}]
    pieces = sorted(_pieces(kept, rules), key=_place)
    for number, piece in enumerate(pieces):
        _end(piece, pieces[number + 1 :], rules)
    groups: list[list[Piece]] = []
    for piece in pieces:
        if rules.home_detention == "liberty" and piece.last.facility in AT_HOME:
            continue
        if groups and not _begins_anew(piece, [one for group in groups for one in group], rules):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return [_stay(group) for group in groups]


def _pieces(events: Sequence[Custody], rules: StayRules) -> list[Piece]:
    """Cut each case after every release, where releases began to be registered, and where prison becomes home."""
    found = []
    for journal in {event.journal for event in events}:
        own = [event for event in events if event.journal == journal]
        own.sort(key=_turn)
        begun = own[0]
        for event, following in zip(own, [*own[1:], None], strict=True):
            if following is None or event.release or _turns(event, following, rules):
                found.append(Piece(begun, event))
                begun = following or event
    return found


def _turn(event: Custody) -> tuple[object, ...]:
    going_on = event.release_code in INSIDE_STILL
    return event.admission, event.release or date.min, _rank(event), going_on, event.has_release_dates


def _turns(event: Custody, following: Custody, rules: StayRules) -> bool:
    goes_home = (event.facility in AT_HOME) != (following.facility in AT_HOME)
    return event.has_release_dates != following.has_release_dates or (rules.home_detention == "liberty" and goes_home)


def _rank(event: Custody) -> tuple[str, bool, str, bool]:
    """Say which of several events on the same days counts as the last."""
    return event.code, _is_parole(event), event.facility, event.serves_fine


def _is_parole(event: Custody) -> bool:
    return event.parole_expiry is not None or event.release_code == "10"


def _place(piece: Piece) -> tuple[object, ...]:
    """Order by the start; of pieces that begin on one day the unclosed one comes first, then the one that goes on."""
    arrested = piece.first.code in {"1", "2", "3"}
    return (
        piece.start,
        piece.last.release or date.min,
        piece.is_released,
        _rank(piece.last),
        arrested,
        piece.last.journal,
    )


def _end(piece: Piece, later: Sequence[Piece], rules: StayRules) -> None:
    """Say when a piece ends and how; what is not closed goes on to the next time inside, if that is not too far."""
    if piece.is_released:
        piece.stop, piece.ended = piece.last.release, _ending(piece.last)
        return
    seen = [
        (max(one.start, piece.last_inside), one)
        for one in later
        if one.last.release is None or one.last.release >= piece.last_inside
    ]
    following = min((day for day, _ in seen), default=None)
    is_near = following is not None and (following - piece.last_inside).days <= rules.longest_bridge_days
    piece.ended = "unknown_end"
    if following and is_near and piece.last.has_release_dates:
        piece.stop = following
        at_home = [one for day, one in seen if day == following and one.last.facility in AT_HOME]
        if at_home and rules.home_detention == "liberty":
            piece.ended = "to_home"
    elif piece.last.release:
        piece.stop = piece.last.release
    elif piece.last.has_release_dates and following is None:
        piece.stop = date.max  # goes on
    else:
        piece.stop = piece.last_inside + timedelta(1)


def _begins_anew(piece: Piece, before: Sequence[Piece], rules: StayRules) -> bool:
    reached = max(one.stop or date.max for one in before)
    if reached == date.max:
        return False
    if (piece.start - reached).days > rules.merge_gap_days:
        return True
    at_liberty = all(one.is_released for one in before if one.stop == reached)
    is_arrest = piece.first.code in {"1", "2", "3"}
    return rules.rearrest == "new_stay" and is_arrest and at_liberty and piece.start >= reached


def _stay(group: Sequence[Piece]) -> Spell:
    """Read off a stay's last piece what it was."""
    last = max(enumerate(group), key=lambda one: (one[1].stop, one[1].start, _rank(one[1].last), one[0]))[1]
    stop = None if last.stop == date.max else last.stop
    return Spell(min(one.start for one in group), stop, _kind(last.last), last.ended if stop else None)


def _kind(event: Custody) -> str:
    if event.serves_fine:
        return "fine"
    if event.facility in AT_HOME:
        return "home"
    return {"1": "arrest", "2": "arrest", "3": "remand"}.get(event.code, "serving")


def _ending(event: Custody) -> str:
    kind = _kind(event)
    if kind != "serving":
        return {"remand": "remand_end", "arrest": "arrest_end"}.get(kind, kind)
    return "parole" if _is_parole(event) else "full_term"
