"""Judgement calls: fields of a definition that another careful person could have set otherwise.

Each stands where the field is, with what it decides and why the default is what it is, so that a page, a report's
definitions box or ``evalkit explain`` can list them without knowing them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evalkit.config import Definition, Text

__all__ = ["Judgement", "JudgementCall", "judgement_calls"]


@dataclass(frozen=True)
class Judgement:
    """What a field decides, and why its default is what it is; written in the field's ``Annotated``.

    Parameters
    ----------
    label : Text
        What is decided, for readers.
    reason : Text
        Why the default was chosen.
    """

    label: Text
    reason: Text


@dataclass(frozen=True)
class JudgementCall:
    """One judgement call as a definition makes it.

    Parameters
    ----------
    field : str
        The field's name, which is the key in the study file.
    judgement : Judgement
        What it decides, and why.
    value, default : object
        What this definition says, and what it would say if nobody had chosen.
    """

    field: str
    judgement: Judgement
    value: object
    default: object

    @property
    def is_default(self) -> bool:
        """Whether nobody has chosen otherwise."""
        return self.value == self.default


def judgement_calls(definition: Definition) -> Iterator[JudgementCall]:
    """List a definition's judgement calls.

    Parameters
    ----------
    definition : Definition
        Any definition; fields without a judgement are left out.

    Yields
    ------
    JudgementCall
        In the order of the fields.
    """
    for name, field in type(definition).model_fields.items():
        for judgement in field.metadata:
            if isinstance(judgement, Judgement):
                default = field.get_default(call_default_factory=True)
                yield JudgementCall(name, judgement, getattr(definition, name), default)
