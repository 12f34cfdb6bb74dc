"""By when a decision must have fallen."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from evalkit.config import Definition

__all__ = ["DecisionDeadline"]


class DecisionDeadline(Definition):
    """By when a decision must have fallen. Exactly one of the three is given.

    Parameters
    ----------
    calendar_years : int, optional
        By 31 December of this many calendar years after the index year.
    months_after_follow_up, days_after_follow_up : int, optional
        By so long after the last day of follow-up.
    """

    calendar_years: int | None = Field(default=None, ge=0)
    months_after_follow_up: int | None = Field(default=None, ge=0)
    days_after_follow_up: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        given = (self.calendar_years, self.months_after_follow_up, self.days_after_follow_up)
        if sum(value is not None for value in given) != 1:
            raise ValueError("give one of calendar_years, months_after_follow_up and days_after_follow_up")
        return self
