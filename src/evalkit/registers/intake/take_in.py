"""Takes one register in: rows piece by piece, typed into the delivery's tables, and set aside where they do not fit."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass

import polars as pl

from evalkit.errors import DeliveryError
from evalkit.registers.contracts.contract import Contract, Unpivot
from evalkit.registers.contracts.extract import ExtractSpec
from evalkit.registers.deliveries.delivery import DeliveredFile
from evalkit.registers.files.piece import MalformedRow, Piece
from evalkit.registers.files.read_ahead import read_ahead
from evalkit.registers.intake.checked_pieces import checked_pieces
from evalkit.registers.intake.header_check import FileAtHand, RegisterAtHand
from evalkit.registers.intake.person_keys import PersonKeys
from evalkit.registers.sql_text import literal, quoted
from evalkit.registers.typed.cells import named_cells, runs
from evalkit.registers.typed.rule_book import DUPLICATE_KEY, MALFORMED, Check, rule_book
from evalkit.registers.typed.typing_sql import (
    cells_table_sql,
    insert_rows_sql,
    rows_table_sql,
    rows_view_sql,
    typed_cell,
)
from evalkit.warehouse import Warehouse

__all__ = ["drop_tables", "take_in_files"]


def take_in_files(
    warehouse: Warehouse, register: RegisterAtHand, number: int, persons: PersonKeys
) -> tuple[DeliveredFile, ...]:
    """Read a register's files into the tables of a delivery.

    Parameters
    ----------
    warehouse : Warehouse
        Where ``delivered``, ``vault`` and ``quarantine`` are; inside a transaction.
    register : RegisterAtHand
        The register.
    number : int
        The delivery's number.
    persons : PersonKeys
        The keys of persons.

    Returns
    -------
    tuple of DeliveredFile
        One a file, in order.

    Raises
    ------
    DeliveryError
        When a file is damaged, changes while it is read, holds national identity numbers, or its rows do not add up.
    """
    contract = register.contract
    names, layout = _delivered_names(register), register.spec.layout
    persons.load()
    warehouse.execute(rows_table_sql(_rows_table(layout, number), contract, names))
    warehouse.execute(rows_view_sql(_table(layout, number), _rows_table(layout, number), contract, names))
    for unpivot in contract.unpivot:
        table = _table(unpivot.into, number)
        warehouse.execute(cells_table_sql(table, dated=unpivot.names != "text", numeric=unpivot.type == "number"))
    taken: list[DeliveredFile] = []
    for place, file in enumerate(register.files, start=1):
        one = _FileIntake(warehouse, register, number, place, file, persons, names).run()
        twin = next((known.name for known in taken if _is_same(register.spec, known, one)), None)
        taken.append(one if twin is None else _undo(warehouse, register, number, place, one, twin))
    return tuple(taken)


def _is_same(spec: ExtractSpec, known: DeliveredFile, one: DeliveredFile) -> bool:
    """Tell whether two files have the same rows: the same bytes, and what their names say is the same too."""
    return known.sha256 == one.sha256 and spec.values_of(known.name) == spec.values_of(one.name)


def drop_tables(warehouse: Warehouse, contract: Contract, layout: str, number: int) -> None:
    """Drop the tables of a delivery and what was set aside of it.

    Parameters
    ----------
    warehouse : Warehouse
        Where they are.
    contract : Contract
        The layout's contract.
    layout : str
        The layout.
    number : int
        The delivery's number.
    """
    # In a warehouse from before columns without a value were left out, this is no view but the rows themselves.
    kind = "TABLE" if warehouse.has_table(f"delivered.{layout}_{number}") else "VIEW"
    warehouse.execute(f"DROP {kind} IF EXISTS {_table(layout, number)}")
    warehouse.execute(f"DROP TABLE IF EXISTS {_rows_table(layout, number)}")
    for table in contract.tables:
        warehouse.execute(f"DROP TABLE IF EXISTS {_table(table, number)}")
    for table in ("quarantine.row", "vault.set_aside"):
        warehouse.execute(f"DELETE FROM {table} WHERE delivery = $number", {"number": number})  # noqa: S608 - our names


def _table(table: str, number: int) -> str:
    return f"delivered.{quoted(f'{table}_{number}')}"


def _rows_table(layout: str, number: int) -> str:
    """Name the table of the columns that were delivered; the view over it has all of the layout."""
    return _table(f"{layout}_rows", number)


def _delivered_names(register: RegisterAtHand) -> frozenset[str]:
    return frozenset(name for file in register.files for name in file.matching.declared)


@dataclass
class _FileIntake:
    """One file on its way in."""

    warehouse: Warehouse
    register: RegisterAtHand
    number: int
    place: int
    file: FileAtHand
    persons: PersonKeys
    names: frozenset[str]
    n_read: int = 0
    n_malformed: int = 0
    n_inserted: int = 0

    def run(self) -> DeliveredFile:
        contract, matching = self.register.contract, self.file.matching
        checks = rule_book(contract, matching)
        n_bytes, modified = self.file.reader.path.stat().st_size, self.file.reader.path.stat().st_mtime_ns
        # The next piece is read and looked at while this one is stored.
        for piece, texts in read_ahead(self._prepared()):
            self._take(piece, texts, checks)
        rules = self._count_rules(checks)
        n_delivered = self.file.reader.n_rows()
        n_out_of_scope = self.n_read - self.n_inserted
        done = DeliveredFile(
            name=self.file.reader.path.name,
            sha256=self.file.reader.digest(),
            n_bytes=n_bytes,
            modified_ns=modified,
            n_delivered=n_delivered,
            n_staged=self._n_staged(),
            n_quarantined=sum(rules.values()),
            n_out_of_scope=n_out_of_scope,
            rules=rules,
            warnings=self._count_warnings(checks),
            extra_columns=tuple(matching.extra),
        )
        _require_sum(self.register.spec.layout, done)
        return done

    @property
    def _rows_table(self) -> str:
        return _rows_table(self.register.spec.layout, self.number)

    def _prepared(self) -> Generator[tuple[Piece, pl.DataFrame], None, None]:
        with closing(checked_pieces(self.register, self.file)) as pieces:
            for piece in pieces:
                yield piece, self._texts(piece)

    def _texts(self, piece: Piece) -> pl.DataFrame:
        """Keep the layout's columns, the row numbers, and with the pseudonyms the persons' places."""
        person = self.register.contract.person
        texts = piece.rows.select(list(self.file.matching.declared))
        if person.column in texts.columns:
            pseudonyms = texts.get_column(person.column).str.strip_chars(" ")
        else:  # only where the row number may stand for the person
            pseudonyms = piece.numbers.cast(pl.String)
        pseudonyms = pseudonyms.set(pseudonyms.is_in(["", *person.missing]), None).alias(person.column)
        return texts.with_columns(pseudonyms, piece.numbers.alias("_row"), self.persons.places(pseudonyms))

    def _take(self, piece: Piece, texts: pl.DataFrame, checks: Sequence[Check]) -> None:
        self.n_read += piece.rows.height
        self.n_malformed += len(piece.malformed)
        self._set_aside_malformed(piece.malformed)
        if piece.rows.is_empty():
            return
        contract, matching = self.register.contract, self.file.matching
        span = {"file": self.place, "first": int(piece.numbers[0]), "last": int(piece.numbers[-1])}
        keys = self.persons.keys(texts.get_column(contract.person.column), texts.get_column("person_key"))
        with self.warehouse.rows("piece", texts.drop(contract.person.column).with_columns(keys)):
            insert = insert_rows_sql(self._rows_table, contract, self.names, matching, checks)
            self.n_inserted += self.warehouse.change(insert, {"file": self.place})
        if contract.key:
            self._mark_duplicates(span)
        for one in contract.unpivot:
            self._take_cells(piece, one, span)
        self._set_aside(piece, span)

    def _mark_duplicates(self, span: dict[str, int]) -> None:
        """Mark rows whose key an earlier row has, of this piece or of what was taken in before it."""
        contract, table = self.register.contract, self._rows_table
        keys = ["person_key" if name == contract.person.column else quoted(name) for name in contract.key]
        listed, same = ", ".join(keys), " AND ".join(f"earlier.{key} IS NOT DISTINCT FROM here.{key}" for key in keys)
        here = f"SELECT _row, {listed} FROM {table} WHERE {_IN_SPAN} AND _rule IS NULL"  # noqa: S608 - identifiers
        self.warehouse.execute(
            f"UPDATE {table} SET _rule = {literal(DUPLICATE_KEY)} WHERE {_IN_SPAN} AND _row IN ("  # noqa: S608 - identifiers
            f"SELECT _row FROM (SELECT _row, row_number() OVER (PARTITION BY {listed} ORDER BY _row) AS nth "
            f"FROM ({here})) WHERE nth > 1 UNION ALL "
            f"SELECT _row FROM ({here}) AS here SEMI JOIN (SELECT {listed} FROM {table} "
            f"WHERE _rule IS NULL AND (_file < $file OR _row < $first)) AS earlier ON {same})",
            span,
        )

    def _take_cells(self, piece: Piece, one: Unpivot, span: dict[str, int]) -> None:
        columns = list(self.file.matching.unpivoted[one.into])
        if not columns:
            return
        dated, numeric = one.names != "text", one.type == "number"
        cells = piece.rows.select(columns)
        frame = runs(cells, piece.numbers, one.names) if dated else named_cells(cells, piece.numbers)
        # A code that was read as a number has nothing about it to clean.
        is_text = frame.schema["cell"] == pl.String
        value = typed_cell("trim(cells.cell)", numeric=numeric) if is_text else "CAST(cells.cell AS VARCHAR)"
        when = ["cells.start_date", "cells.stop_date"] if dated else ["cells.name"]
        with self.warehouse.rows("cells", frame):
            if numeric:
                self.warehouse.execute(
                    f"UPDATE {self._rows_table} AS typed SET _rule = bad.name || '_not_a_number' FROM ("  # noqa: S608 - identifiers
                    f"SELECT _row, min(name) AS name FROM cells WHERE {value} IS NULL GROUP BY _row) AS bad "
                    "WHERE typed._row = bad._row AND typed._rule IS NULL AND typed._file = $file "
                    "AND typed._row BETWEEN $first AND $last",
                    span,
                )
            self.warehouse.execute(
                f"INSERT INTO {_table(one.into, self.number)} "  # noqa: S608 - identifiers and our own SQL
                f"SELECT $file, cells._row, typed.person_key, {', '.join(when)}, {value} FROM cells "
                f"JOIN (SELECT _row, person_key FROM {self._rows_table} WHERE {_IN_SPAN} AND _rule IS NULL) AS typed "
                "ON typed._row = cells._row",
                span,
            )

    def _set_aside(self, piece: Piece, span: dict[str, int]) -> None:
        broken = self.warehouse.fetch(
            f"SELECT _row, _rule FROM {self._rows_table} WHERE {_IN_SPAN} AND _rule IS NOT NULL ORDER BY _row",  # noqa: S608 - identifiers
            span,
        )
        if broken.is_empty():
            return
        texts = pl.DataFrame({"_row": piece.numbers, "text": _as_json(piece.rows)}).join(
            broken, on="_row", how="inner", maintain_order="right"
        )
        self._write_aside(texts)

    def _set_aside_malformed(self, malformed: Sequence[MalformedRow]) -> None:
        if malformed:
            rows = [(one.number, one.text, MALFORMED) for one in malformed]
            self._write_aside(pl.DataFrame(rows, schema=["_row", "text", "_rule"], orient="row"))

    def _write_aside(self, rows: pl.DataFrame) -> None:
        which = {"delivery": self.number, "number": self.place}
        named = {**which, "layout": self.register.spec.layout, "file": self.file.reader.path.name}
        with self.warehouse.rows("aside", rows):
            self.warehouse.execute(
                "INSERT INTO quarantine.row SELECT $delivery, $layout, $number, $file, _row, _rule FROM aside", named
            )
            self.warehouse.execute(
                "INSERT INTO vault.set_aside SELECT $delivery, $number, _row, text FROM aside", which
            )

    def _count_rules(self, checks: Sequence[Check]) -> dict[str, int]:
        found = self.warehouse.fetch(
            f"SELECT _rule, count(*) AS n FROM {self._rows_table} "  # noqa: S608 - an identifier
            "WHERE _file = $file AND _rule IS NOT NULL GROUP BY _rule",
            {"file": self.place},
        )
        counts = dict(found.iter_rows())
        malformed = {MALFORMED: self.n_malformed} if self.n_malformed else {}
        return malformed | {check.name: counts[check.name] for check in checks if check.name in counts}

    def _count_warnings(self, checks: Sequence[Check]) -> dict[str, int]:
        warning = [check for check in checks if check.kind == "warn"]
        if not warning:
            return {}
        counts = ", ".join(f"count(*) FILTER (WHERE {check.broken})" for check in warning)
        found = self.warehouse.fetch(
            f"SELECT {counts} FROM {_table(self.register.spec.layout, self.number)} "  # noqa: S608 - identifiers
            "WHERE _file = $file AND _rule IS NULL",
            {"file": self.place},
        ).row(0)
        return {check.name: n for check, n in zip(warning, found, strict=True) if n}

    def _n_staged(self) -> int:
        return int(
            self.warehouse.fetch(
                f"SELECT count(*) AS n FROM {self._rows_table} WHERE _file = $file AND _rule IS NULL",  # noqa: S608 - an identifier
                {"file": self.place},
            ).item()
        )


_IN_SPAN = "_file = $file AND _row BETWEEN $first AND $last"


def _as_json(rows: pl.DataFrame) -> pl.Series:
    return rows.select(pl.struct(pl.all()).struct.json_encode()).to_series()


def _require_sum(layout: str, done: DeliveredFile) -> None:
    if done.n_delivered == done.n_staged + done.n_quarantined + done.n_out_of_scope:
        return
    raise DeliveryError(
        f"extract {layout}: {done.name}: {done.n_delivered} rows delivered, {done.n_staged} staged, "
        f"{done.n_quarantined} quarantined and {done.n_out_of_scope} out of scope, which does not add up.",
        hint="Is the file still being written? Otherwise this is a bug in evalkit; please report it.",
    )


def _undo(
    warehouse: Warehouse, register: RegisterAtHand, number: int, place: int, done: DeliveredFile, twin: str
) -> DeliveredFile:
    """Take a file out again whose bytes another file of the delivery has."""
    tables = (_table(table, number) for table in register.contract.tables)
    for table in (_rows_table(register.spec.layout, number), *tables):
        warehouse.execute(f"DELETE FROM {table} WHERE _file = $file", {"file": place})  # noqa: S608 - an identifier
    for table in ("quarantine.row", "vault.set_aside"):
        warehouse.execute(
            f"DELETE FROM {table} WHERE delivery = $number AND file_number = $file",  # noqa: S608 - our own names
            {"number": number, "file": place},
        )
    return DeliveredFile(done.name, done.sha256, done.n_bytes, done.modified_ns, 0, 0, 0, same_as=twin)
