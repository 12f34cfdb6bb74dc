"""What counts as reoffending, when it happened, and how long we wait for the decision."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import Field

from evalkit.config import Definition, Explanation, Text

__all__ = ["OutcomeDefinition", "load_outcome"]


class TrafficFines(Definition):
    """Small traffic fines that do not count as reoffending.

    Parameters
    ----------
    limit_dkk : float
        Fines under this amount do not count.
    limit_dkk_before : float
        The limit for decisions before `from_year`.
    from_year : int
        First calendar year of `limit_dkk`.
    """

    limit_dkk: float
    limit_dkk_before: float
    from_year: int


class OutcomeDefinition(Definition):
    """A definition of reoffending.

    Offence date and decision lag are one setting: an offence counts when it was committed in
    ``(index date, index date + follow_up_months]`` *and* was found guilty in the index year or one of the next
    `decision_calendar_years` years. One is never used without the other.

    Parameters
    ----------
    name : str
        Machine name of the preset.
    label : Text
        The event, for readers.
    event : {"guilty_decision"}
        What must have happened.
    event_date : {"offence_date"}
        Which date dates it; the decision's date stands in where the charge is missing.
    follow_up_months : int
        Planned follow-up.
    decision_calendar_years : int
        Calendar years after the index year in which decisions are looked for.
    not_guilty_codes, fine_codes : tuple of str
        Decision codes (``AFG_AFGTYPKO``) that are not a finding of guilt, and those that are fines.
    traffic_fines : TrafficFines
        Traffic fines under a limit do not count.
    explanation : Explanation
        The definition in plain words.
    """

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    label: Text
    event: Literal["guilty_decision"]
    event_date: Literal["offence_date"]
    follow_up_months: int = Field(ge=1)
    decision_calendar_years: int = Field(ge=0)
    not_guilty_codes: tuple[str, ...]
    fine_codes: tuple[str, ...]
    traffic_fines: TrafficFines
    explanation: Explanation

    @property
    def horizon_days(self) -> int:
        """Days of the longest possible follow-up window, the time at which the risk is read."""
        return max(_days_in_months(start, self.follow_up_months) for start in range(48))


def load_outcome(name: str) -> OutcomeDefinition:
    """Load a shipped preset.

    Parameters
    ----------
    name : str
        The preset's name, ``"dst_two_year"``.

    Returns
    -------
    OutcomeDefinition
        The definition.

    Raises
    ------
    ConfigError
        When there is no such preset.
    """
    return OutcomeDefinition.from_toml(Path(str(files("evalkit.outcomes") / "presets" / f"{name}.toml")))


def _days_in_months(start: int, months: int) -> int:
    """Days of the months after the `start`-th month of a leap-year cycle."""
    first, last = (date(2000 + month // 12, month % 12 + 1, 1) for month in (start, start + months))
    return (last - first).days
