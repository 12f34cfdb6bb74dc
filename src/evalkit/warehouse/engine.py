"""The DuckDB engine: the only place that opens a database."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import duckdb
import polars as pl

from evalkit.errors import InternalError, ModelError

__all__ = ["KEY_VARIABLE", "MACROS_FINGERPRINT", "Warehouse", "can_encrypt", "open_warehouse"]

KEY_VARIABLE = "EVALKIT_WAREHOUSE_KEY"
"""The environment variable with the key that warehouse files are encrypted with."""

_SCHEMAS = ("vault", "delivered", "quarantine", "typed", "staging", "core", "analysis", "meta")

# The two macros that every engine must bring; tests/sql/test_macros.py holds their meaning.
_MACROS = (
    """
    CREATE OR REPLACE MACRO main.age_in_years(birth, on_date) AS
        extract('year' FROM on_date) - extract('year' FROM birth)
        - CASE
            WHEN extract('month' FROM on_date) * 100 + extract('day' FROM on_date)
                < extract('month' FROM birth) * 100 + extract('day' FROM birth) THEN 1
            ELSE 0
        END
    """,
    """
    CREATE OR REPLACE MACRO main.add_months(from_date, n) AS
        CAST(from_date + to_months(CAST(n AS INTEGER)) AS DATE)
    """,
)


MACROS_FINGERPRINT = hashlib.sha256("".join(_MACROS).encode()).hexdigest()[:12]
"""Changes when a macro does, so that every model is built anew."""


class Warehouse:
    """An open warehouse.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        The open connection; :func:`open_warehouse` makes it.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def execute(self, sql: str, parameters: Mapping[str, object] | None = None) -> None:
        """Run one statement.

        Parameters
        ----------
        sql : str
            The statement; values stand as ``$name``.
        parameters : mapping, optional
            Values by name.

        Raises
        ------
        ModelError
            When the database refuses; its own text is left out because it can hold values.
        """
        with _no_values():
            self.connection.execute(sql, dict(parameters) if parameters else None)

    def change(self, sql: str, parameters: Mapping[str, object] | None = None) -> int:
        """Run one statement that inserts, updates or deletes rows.

        Parameters
        ----------
        sql : str
            The statement; values stand as ``$name``.
        parameters : mapping, optional
            Values by name.

        Returns
        -------
        int
            How many rows it changed.

        Raises
        ------
        ModelError
            When the database refuses.
        """
        with _no_values():
            changed = self.connection.execute(sql, dict(parameters) if parameters else None).fetchall()
        return int(changed[0][0]) if changed else 0

    @contextlib.contextmanager
    def rows(self, name: str, frame: pl.DataFrame) -> Iterator[None]:
        """Let statements read a frame as a table, without copying it.

        Parameters
        ----------
        name : str
            The table's name.
        frame : DataFrame
            The rows.
        """
        held = _Held(frame)
        self.connection.register(name, held)
        try:
            yield
        except BaseException:
            # In a transaction that went wrong the name is gone with it, and asking for that is an error of its own.
            with contextlib.suppress(duckdb.Error):
                self.connection.unregister(name)
            raise
        finally:
            held.frame = None
        self.connection.unregister(name)

    def fetch(self, sql: str, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
        """Run one query and fetch its rows.

        Parameters
        ----------
        sql : str
            The query; values stand as ``$name``.
        parameters : mapping, optional
            Values by name.

        Returns
        -------
        DataFrame
            All rows.

        Raises
        ------
        ModelError
            When the database refuses.
        """
        with _no_values():
            relation = self.connection.sql(sql, params=dict(parameters) if parameters else None)
            return pl.DataFrame(relation.to_arrow_table())

    def table(self, name: str) -> pl.DataFrame:
        """Fetch a whole table.

        Parameters
        ----------
        name : str
            Schema and table, ``"analysis.status"``.

        Returns
        -------
        DataFrame
            All rows.

        Raises
        ------
        ModelError
            When there is no such table.
        """
        schema, table = name.split(".")
        return self.fetch(f'SELECT * FROM "{schema}"."{table}"')  # noqa: S608 - identifiers

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all that is done inside, or none of it."""
        self.execute("BEGIN TRANSACTION")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.execute("COMMIT")

    def has_table(self, name: str) -> bool:
        """Tell whether a table exists.

        Parameters
        ----------
        name : str
            Schema and table, ``"core.person"``.

        Returns
        -------
        bool
            True when it does.
        """
        schema, table = name.split(".")
        found = self.fetch(
            "SELECT 1 AS one FROM duckdb_tables() WHERE schema_name = $schema AND table_name = $table",
            {"schema": schema, "table": table},
        )
        return found.height > 0

    def copy_to(self, path: Path, *, without: Collection[str]) -> None:
        """Copy all tables to a new file, which then holds nothing of what is left out.

        Parameters
        ----------
        path : Path
            The new file.
        without : collection of str
            Schemas that are left out.

        Raises
        ------
        ModelError
            When the file cannot be written.
        """
        tables = self.fetch(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal ORDER BY ALL"
        ).rows()
        with open_warehouse(path):
            pass
        key = os.environ.get(KEY_VARIABLE, "").replace("'", "''")
        option = f" (ENCRYPTION_KEY '{key}')" if key else ""
        name = str(path).replace("'", "''")
        self.execute(f"ATTACH '{name}' AS copy{option}")
        try:
            for schema, table in tables:
                if schema not in without:
                    whole = f'"{schema}"."{table}"'
                    self.execute(f"CREATE TABLE copy.{whole} AS SELECT * FROM {whole}")  # noqa: S608 - identifiers
        finally:
            self.execute("DETACH copy")

    def count(self, name: str) -> int:
        """Count a table's rows.

        Parameters
        ----------
        name : str
            Schema and table.

        Returns
        -------
        int
            The number of rows.
        """
        schema, table = name.split(".")
        return int(self.fetch(f'SELECT count(*) AS n FROM "{schema}"."{table}"').item())  # noqa: S608 - identifiers


class _Held:
    """A frame that can be let go: DuckDB keeps what was registered until the transaction ends, however large it is."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame: pl.DataFrame | None = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        if self.frame is None:
            raise InternalError("rows are read after they were let go")
        table = self.frame.to_arrow(compat_level=pl.CompatLevel.newest())
        return table.__arrow_c_stream__(requested_schema)


@contextlib.contextmanager
def open_warehouse(path: Path | None = None, *, threads: int | None = None) -> Iterator[Warehouse]:
    """Open a warehouse file, or one in memory.

    Parameters
    ----------
    path : Path, optional
        The file; it is made, readable by its owner only, when it is not there. None keeps all in memory.
    threads : int, optional
        Most threads to use; DuckDB's own choice when None.

    Yields
    ------
    Warehouse
        The open warehouse.

    Raises
    ------
    ModelError
        When the file cannot be opened, most often because another run has it open; or when a key is given in
        ``EVALKIT_WAREHOUSE_KEY`` and this DuckDB cannot write encrypted files.
    """
    connection = _connect(path)
    try:
        connection.execute("SET autoinstall_known_extensions = false")
        connection.execute("SET autoload_known_extensions = false")
        # What a command prints is its own. In Jupyter DuckDB refuses the setting, and prints nothing there.
        with contextlib.suppress(duckdb.InvalidInputException):
            connection.execute("SET enable_progress_bar = false")
        # Row order must not hang on threads: same inputs, same bytes.
        connection.execute("SET preserve_insertion_order = true")
        if threads is not None:
            connection.execute("SET threads = $n", {"n": threads})
        for schema in _SCHEMAS:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        for macro in _MACROS:
            connection.execute(macro)
        yield Warehouse(connection)
    finally:
        connection.close()


def _connect(path: Path | None) -> duckdb.DuckDBPyConnection:
    if path is None:
        return duckdb.connect(":memory:")  # noqa: TID251 - this is the place
    # DuckDB keeps its log and what spills beside the file with common rights, so the folder is the owner's alone.
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        connection = _encrypted(path, key) if (key := os.environ.get(KEY_VARIABLE)) else _plain(path)
    except duckdb.Error:
        raise ModelError(
            f"{path.name}: the warehouse cannot be opened.",
            hint="Is another run using it? Otherwise delete the file; the next run builds it anew.",
        ) from None
    path.chmod(0o600)
    return connection


def _plain(path: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(path))  # noqa: TID251 - this is the place


def _encrypted(path: Path, key: str) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")  # noqa: TID251 - this is the place
    if not can_encrypt(connection):
        raise ModelError(
            f"{path.name}: {KEY_VARIABLE} is set, but this DuckDB cannot write encrypted files.",
            hint="Install DuckDB's extension httpfs, or unset the variable and encrypt the disk.",
        )
    file, secret = (text.replace("'", "''") for text in (str(path), key))
    connection.execute(f"ATTACH '{file}' AS warehouse (ENCRYPTION_KEY '{secret}')")
    connection.execute("USE warehouse")
    return connection


def can_encrypt(connection: duckdb.DuckDBPyConnection | None = None) -> bool:
    """Tell whether this DuckDB can write encrypted files: it needs the extension httpfs for that.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection, optional
        Where to load the extension; a passing one when None.

    Returns
    -------
    bool
        True when the extension is on this machine. Nothing is fetched.
    """
    try:
        (connection or duckdb.connect(":memory:")).execute("LOAD httpfs")  # noqa: TID251 - this is the place
    except duckdb.Error:
        return False
    return True


@contextlib.contextmanager
def _no_values() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise ModelError(f"The database refused a statement ({type(error).__name__}).") from None
