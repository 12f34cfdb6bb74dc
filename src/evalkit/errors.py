"""Errors: what a person may meet, each with a stable exit code.

::

    EvalkitError
    ├─ UserError                 shown as one line, without a traceback
    │  ├─ ConfigError            10  a study, preset, policy or scenario file is wrong
    │  ├─ DeliveryError          11  a register extract is wrong
    │  │  ├─ LayoutError             a file, a column or the file's shape
    │  │  └─ ContractError           rows broke a rule that fails the delivery
    │  ├─ DefinitionError        12  an impossible or ambiguous cohort, outcome or indicator
    │  ├─ ModelError             13  an SQL model
    │  ├─ EstimationError        14  a number that cannot be estimated from these data
    │  ├─ DisclosureError        15  the door stays shut
    │  │  └─ UnclassifiedColumnError
    │  └─ ReportError            16  the report could not be rendered
    └─ InternalError             70  a bug in evalkit

Messages say what, where, how many and what to do. They carry names and counts, never a person's value.
"""

from __future__ import annotations

__all__ = [
    "ConfigError",
    "ContractError",
    "DefinitionError",
    "DeliveryError",
    "DisclosureError",
    "EstimationError",
    "EvalkitError",
    "InternalError",
    "LayoutError",
    "ModelError",
    "ReportError",
    "UnclassifiedColumnError",
    "UserError",
]


class EvalkitError(Exception):
    """Base of every error that evalkit raises on purpose."""

    exit_code: int = 70


class UserError(EvalkitError):
    """Something the user can put right; shown as one line.

    Parameters
    ----------
    message : str
        What is wrong, where, and how many. Never a person's value.
    hint : str, optional
        What to do about it.
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def __str__(self) -> str:
        message = str(self.args[0])
        return f"{message} {self.hint}" if self.hint else message


class ConfigError(UserError):
    """A study, preset, policy or scenario file is wrong."""

    exit_code = 10


class DeliveryError(UserError):
    """A register extract is wrong."""

    exit_code = 11


class LayoutError(DeliveryError):
    """A file, a column or the shape of a file is not what the layout says."""


class ContractError(DeliveryError):
    """Rows broke a rule that fails the whole delivery."""


class DefinitionError(UserError):
    """A cohort, outcome or indicator definition is impossible or ambiguous."""

    exit_code = 12


class ModelError(UserError):
    """An SQL model is missing, circular or broken."""

    exit_code = 13


class EstimationError(UserError):
    """A number cannot be estimated from these data."""

    exit_code = 14


class DisclosureError(UserError):
    """A result may not leave the secure zone as it is."""

    exit_code = 15


class UnclassifiedColumnError(DisclosureError):
    """A result has a column without a role, so it cannot be checked."""


class ReportError(UserError):
    """The report could not be rendered."""

    exit_code = 16


class InternalError(EvalkitError):
    """A bug in evalkit; please report it."""
