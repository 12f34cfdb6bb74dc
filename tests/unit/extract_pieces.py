"""Reads extracts whole, for tests that make small ones."""

from __future__ import annotations

import gzip
from collections.abc import Collection
from pathlib import Path

import polars as pl

from evalkit.registers.contracts.contract import Column, Contract, Person
from evalkit.registers.files.piece import ExtractFile, Piece

__all__ = ["contract_of", "read_pieces", "read_rows", "unpack"]

_DATA = Path(__file__).parent / "data" / "sas"


def read_pieces(file: ExtractFile, codes: Collection[str] = ()) -> list[Piece]:
    """Read all columns, each under its own name."""
    return list(file.pieces({name: position for position, name in enumerate(file.names)}, codes=codes))


def read_rows(file: ExtractFile, codes: Collection[str] = ()) -> pl.DataFrame:
    """Read all rows as one frame, and see that they are numbered from 1 and as many as the file says."""
    pieces = read_pieces(file, codes)
    numbers = [number for piece in pieces for number in piece.numbers]
    assert numbers == list(range(1, file.n_rows() + 1))
    return pl.concat([piece.rows for piece in pieces])


def unpack(name: str, folder: Path) -> Path:
    """Unpack a SAS file."""
    path = folder / f"{name}.sas7bdat"
    path.write_bytes(gzip.decompress((_DATA / f"{name}.sas7bdat.gz").read_bytes()))
    return path


def contract_of(places: dict[str, tuple[int, int]] | None = None, filled: Collection[str] = ()) -> Contract:
    """Make a contract of text columns; the pseudonym is PNR."""
    columns = {name: Column(type="text", filled=name in filled) for name in places or {"PNR": (1, 1)}}
    return Contract.model_validate(
        {
            "title": {"da": "prøve", "en": "trial"},
            "source": "none",
            "person": Person(column="PNR"),
            "columns": columns,
            "fixed_width": places or {},
        }
    )
