"""Where a prison works by another model of collaboration than the person's own municipality."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from evalkit.config import Definition

__all__ = ["Agreement"]


class Agreement(Definition):
    """That a prison worked by another model than the first.

    Parameters
    ----------
    facility : str
        The prison's code, as in the register.
    model : {2, 3, 4}
        The model: the prison's municipality, a private provider, or the prison's own staff.
    start : date
        First day.
    end : date, optional
        The day after the last; absent while it goes on.
    """

    facility: str = Field(min_length=1)
    model: Literal[2, 3, 4]
    start: date
    end: date | None = None

    @model_validator(mode="after")
    def _is_forward(self) -> Self:
        if self.end is not None and self.start >= self.end:
            raise ValueError("start must lie before end")
        return self
