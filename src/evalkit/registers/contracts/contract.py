"""What a register layout promises: columns, types, code lists, rules; read from ``sql/staging/<layout>.toml``."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self, TypeAlias

from pydantic import Field, model_validator

from evalkit.config import Definition, Text, parse, read_toml
from evalkit.errors import LayoutError
from evalkit.registers.contracts.codes import CodeList
from evalkit.shipped import shipped

__all__ = ["Column", "Contract", "Person", "Rule", "Severity", "Unpivot", "layout_title", "layouts", "load_contract"]


Severity: TypeAlias = Literal["warn", "quarantine", "fail"]


class Column(Definition):
    """A delivered column.

    Parameters
    ----------
    type : {"text", "code", "date", "integer", "number", "flag"}
        What its text is read as. A code is trimmed text in which ``2.0`` has become ``2``.
    required : bool
        The file must have it.
    filled : bool
        Every row must have a value in it; a row without one is quarantined.
    codes : str, optional
        The code list that its values must be in.
    unknown : {"fail", "quarantine"}
        What a value outside the code list does: stop the delivery, or set its row aside.
    aliases : tuple of str
        Other names that data owners deliver the column under. Case does not matter.
    strip_zeros : bool
        Leading zeros of a code carry no meaning.
    case : {"lower", "upper"}, optional
        The case that a code is brought to.
    yes, no : tuple of str
        For flags: the codes, in lower case, that mean yes and no. An empty `no` takes every other code as no.
    """

    type: Literal["text", "code", "date", "integer", "number", "flag"]
    required: bool = True
    filled: bool = False
    codes: str | None = None
    unknown: Literal["fail", "quarantine"] = "fail"
    aliases: tuple[str, ...] = ()
    strip_zeros: bool = False
    case: Literal["lower", "upper"] | None = None
    yes: tuple[str, ...] = ("1", "ja", "j", "yes", "y", "true")
    no: tuple[str, ...] = ("0", "nej", "n", "no", "false")


class Person(Definition):
    """Where the delivered pseudonym stands.

    Parameters
    ----------
    column : str
        The column.
    missing : tuple of str
        Values that mean that there is no pseudonym, besides a blank.
    or_row_number : bool
        A file without the column has one row a person, and the row's number stands in.
    """

    column: str
    missing: tuple[str, ...] = ("0",)
    or_row_number: bool = False


class Rule(Definition):
    """Something that must hold in every row.

    Parameters
    ----------
    name : str
        What is wrong with a row that breaks the rule: ``release_before_admission``.
    holds : str
        Boolean SQL over the layout's columns as typed; a row for which it is unknown keeps the rule.
    severity : {"warn", "quarantine", "fail"}
        What happens: the rows are counted and stay, are set aside, or the delivery stops.
    max_share : float, optional
        Most rows of a file that may break it before the delivery stops; the contract's limit when absent.
    text : Text
        The rule in words.
    """

    name: str
    holds: str
    severity: Severity = "quarantine"
    max_share: float | None = None
    text: Text


class Unpivot(Definition):
    """Columns that are one fact repeated: they become rows of a second table.

    Columns named after weeks or months become one row a run of equal cells, with ``start_date`` and ``stop_date``,
    half-open; a blank cell belongs to no run. Other columns become one row a cell, with ``name``.

    Parameters
    ----------
    into : str
        The second table in ``raw`` and ``staging``; its SELECT is ``sql/staging/<into>.sql``.
    columns : str
        Regular expression that the file's column names match, whatever their case; empty when the study names them
        as the extract's covariates.
    names : {"iso_week", "month", "text"}
        What a column's name says: ``Y_YYWW`` is the week beginning on a Monday, ``GRAD_YYYY_MM`` is a month, or it is
        a name and no more.
    type : {"code", "number"}
        What a cell is.
    codes : str, optional
        The code list that the cells must be in.
    required : bool
        The file must have such columns.
    """

    into: str
    columns: str = ""
    names: Literal["iso_week", "month", "text"] = "text"
    type: Literal["code", "number"] = "code"
    codes: str | None = None
    required: bool = True


class Contract(Definition):
    """The contract of one register layout.

    Parameters
    ----------
    title : Text
        The register's name for readers.
    source : str
        Where the layout is described.
    person : Person
        The delivered pseudonym.
    columns : mapping of str to Column
        The delivered columns in the order in which their rules are looked at.
    key : tuple of str
        Columns that no two rows share; the second such row is quarantined. Empty when rows may repeat.
    codes : mapping of str to CodeList
        Code lists by name.
    no_date : tuple of str
        ISO dates that mean "no date".
    scope : tuple of Rule
        At most one rule that says which rows are this study's at all; looked at before all others. A row outside is
        counted and not kept.
    rules : tuple of Rule
        Rules over the typed columns, looked at after the types.
    unpivot : tuple of Unpivot
        Columns that become rows.
    fixed_width : mapping of str to tuple of int
        First and last position of each column in a file without delimiters and header, counted from 1. Empty for
        all other files.
    line_length : int
        Positions of a whole line of such a file, when fields beyond the last column are left alone.
    workplaces : tuple of str
        Columns, in capitals and known to the layout or not, whose numbers are those of workplaces: ten digits that can
        look like a person's number.
    event_column : str, optional
        The flag whose yes-values the study gives as the extract's event codes.
    max_quarantined_share : float
        Most rows of a file of 20 rows or more that may break one rule before the delivery stops.
    may_be_empty : bool
        A file with a header and no rows is a delivery in which nothing happened, not a mistake.
    """

    title: Text
    source: str
    person: Person
    columns: dict[str, Column]
    key: tuple[str, ...] = ()
    codes: dict[str, CodeList] = Field(default_factory=dict)
    no_date: tuple[str, ...] = ("1599-12-31", "9999-12-31")
    scope: tuple[Rule, ...] = Field(default=(), max_length=1)
    rules: tuple[Rule, ...] = ()
    unpivot: tuple[Unpivot, ...] = ()
    fixed_width: dict[str, tuple[int, int]] = Field(default_factory=dict)
    line_length: int = 0
    workplaces: tuple[str, ...] = ()
    event_column: str | None = None
    max_quarantined_share: float = 0.05
    may_be_empty: bool = False

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        known = {self.person.column, *self.columns}
        named = {*self.key, *([self.event_column] if self.event_column else []), *self.fixed_width}
        if not named <= known:
            raise ValueError(f"columns are named that are not there: {', '.join(sorted(named - known))}")
        if self.person.column in self.workplaces:
            raise ValueError("the person's column is named as one of workplaces")
        lists = {column.codes for column in self.columns.values()} | {one.codes for one in self.unpivot}
        if not lists - {None} <= self.codes.keys():
            raise ValueError("a column names a code list that the contract does not have")
        return self

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables besides the layout's own that its columns become."""
        return tuple(one.into for one in self.unpivot)


def layouts() -> tuple[str, ...]:
    """Name the layouts that evalkit knows.

    Returns
    -------
    tuple of str
        Sorted: one for each contract in ``sql/staging``.
    """
    return tuple(sorted(path.stem for path in _folder().glob("*.toml")))


def layout_title(layout: str) -> Text:
    """Name a layout for readers.

    Parameters
    ----------
    layout : str
        The layout's name.

    Returns
    -------
    Text
        The register's name.

    Raises
    ------
    LayoutError, ConfigError
        As :func:`load_contract`.
    """
    return load_contract(layout).title


def load_contract(layout: str) -> Contract:
    """Read a layout's contract.

    Parameters
    ----------
    layout : str
        The layout's name.

    Returns
    -------
    Contract
        The contract.

    Raises
    ------
    LayoutError
        When there is no such layout.
    ConfigError
        When its contract is wrong.
    """
    if layout not in layouts():
        raise LayoutError(f"extract {layout}: there is no such layout.", hint=f"Known layouts: {', '.join(layouts())}.")
    path = _folder() / f"{layout}.toml"
    return parse(Contract, read_toml(path), source=path)


def staging_sql(table: str) -> str:
    """Read the SELECT that makes a staging table.

    Parameters
    ----------
    table : str
        The table's name.

    Returns
    -------
    str
        One SELECT.
    """
    return (_folder() / f"{table}.sql").read_text(encoding="utf-8")


def staging_fingerprint(table: str) -> str:
    """Fingerprint the SELECT that makes a staging table.

    Parameters
    ----------
    table : str
        The table, with or without its schema.

    Returns
    -------
    str
        Twelve hexadecimal digits.
    """
    return hashlib.sha256(staging_sql(table.removeprefix("staging.")).encode()).hexdigest()[:12]


def typed_columns(contract: Contract) -> Mapping[str, Column]:
    """Return the columns that are typed: all but the pseudonym.

    Parameters
    ----------
    contract : Contract
        The contract.

    Returns
    -------
    mapping of str to Column
        In contract order.
    """
    return {name: column for name, column in contract.columns.items() if name != contract.person.column}


def _folder() -> Path:
    return shipped("sql") / "staging"
