"""What a study holds its deliveries to: how far one may differ from the one before, and the registers from each other.

Every limit is a share of what may be wrong, so that a larger limit is always a milder one. Limits are held against what
the warehouse has stored of a delivery: they can change without a new read.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, Self, TypeAlias

from pydantic import Field, model_validator

from evalkit.config import Definition

__all__ = ["CheckChoice", "Limits", "RegisterLimits", "TrustDefinition", "Verdict"]


class Verdict(StrEnum):
    """What a comparison comes to."""

    AS_EXPECTED = "as expected"
    LOOK = "look"
    STOP = "stop"


class Limits(Definition):
    """How much of something may be wrong.

    Parameters
    ----------
    look : float
        A larger share than this stands in the delivery report as something to look at.
    stop : float
        A larger share than this stops the run; 1 lets everything pass.
    """

    look: float = Field(ge=0.0, le=1.0)
    stop: float = Field(ge=0.0, le=1.0)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.look > self.stop:
            raise ValueError("look is larger than stop")
        return self

    def verdict(self, share: float) -> Verdict:
        """Judge a share.

        Parameters
        ----------
        share : float
            How much is wrong.

        Returns
        -------
        Verdict
            The verdict.

        Examples
        --------
        >>> [str(Limits(look=0.05, stop=0.5).verdict(share)) for share in (0.05, 0.06, 0.6)]
        ['as expected', 'look', 'stop']
        """
        if share > self.stop:
            return Verdict.STOP
        return Verdict.LOOK if share > self.look else Verdict.AS_EXPECTED


class RegisterLimits(Definition):
    """What one register is held to.

    The defaults stop what no ordinary quarter does (half a year's rows are gone, a file came twice, a column is blank)
    and show what an ordinary quarter does now and then.

    Parameters
    ----------
    rows : Limits
        Difference of a year's rows from the delivery before, as a share of the larger count: a lost year is 1, a file
        that came twice is one half.
    missing : Limits
        Difference in the share of a year's rows that have no value in a column.
    codes : Limits
        Difference in a code's share of a year's values in a column.
    not_in_population : Limits
        Share of the register's persons who are not in the population register. A register can reach further back than
        the population register, and few of its persons need be there; that hardly any is means another keying.
    not_there_again : Limits
        Share of the persons of the delivery before who should be there again and are not.
    """

    rows: Limits = Limits(look=0.05, stop=0.4)
    missing: Limits = Limits(look=0.05, stop=0.5)
    codes: Limits = Limits(look=0.05, stop=0.3)
    not_in_population: Limits = Limits(look=0.1, stop=0.9)
    not_there_again: Limits = Limits(look=0.05, stop=0.5)


LimitName: TypeAlias = Literal["rows", "missing", "codes", "not_in_population", "not_there_again"]


class CheckChoice(Definition):
    """What a study decides about a rule across registers.

    Parameters
    ----------
    severity : {"warn", "fail"}, optional
        What happens when too many rows break it: it stands in the delivery report, or the run stops; the rule's own
        when absent.
    max_share : float, optional
        Most rows of a register that may break it; the rule's own when absent.
    """

    severity: Literal["warn", "fail"] | None = None
    max_share: float | None = Field(default=None, ge=0.0, le=1.0)


class TrustDefinition(RegisterLimits):
    """What a study holds all its registers to, and single ones.

    Parameters
    ----------
    rows, missing, codes, not_in_population, not_there_again : Limits
        As in :class:`RegisterLimits`, for all registers.
    layouts : dict of str to dict of str to Limits
        Layout to the limits that are its own.
    checks : dict of str to CheckChoice
        Rule of ``sql/checks`` to what the study decides about it.
    """

    layouts: dict[str, dict[LimitName, Limits]] = Field(default_factory=dict)
    checks: dict[str, CheckChoice] = Field(default_factory=dict)

    def of(self, layout: str) -> RegisterLimits:
        """Return what one register is held to.

        Parameters
        ----------
        layout : str
            Its layout.

        Returns
        -------
        RegisterLimits
            Its own limits where it has some, else those for all registers.
        """
        common = {name: getattr(self, name) for name in RegisterLimits.model_fields}
        return RegisterLimits.model_validate({**common, **self.layouts.get(layout, {})})
