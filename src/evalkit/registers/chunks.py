"""An extract's text as UTF-8 bytes in pieces, however it is compressed and encoded. Memory holds one piece."""

from __future__ import annotations

import bz2
import codecs
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal

from evalkit.errors import LayoutError

__all__ = ["Encoding", "is_compressed", "is_parquet", "text_chunks"]

Encoding = Literal["utf-8", "cp1252"]

_PIECE = 8 * 1024 * 1024
_GZIP, _BZIP2 = b"\x1f\x8b", b"BZh"
_BOM = codecs.BOM_UTF8
_NOT_CSV = {
    b"PK\x03\x04": ("a zip or Excel file", "Unpack it, or save the sheet as CSV."),
    b"\xd0\xcf\x11\xe0": ("an old Excel file", "Save the sheet as CSV."),
    b"\x28\xb5\x2f\xfd": ("a zstd file", "Unpack it first."),
    b"\xff\xfe": ("UTF-16 text", "Save it as UTF-8."),
    b"\xfe\xff": ("UTF-16 text", "Save it as UTF-8."),
}


def is_parquet(path: Path) -> bool:
    """Tell whether a file says that it is Parquet.

    Parameters
    ----------
    path : Path
        An existing file.

    Returns
    -------
    bool
        True when it begins as Parquet does.
    """
    return _first_bytes(path) == b"PAR1"


def is_compressed(path: Path) -> bool:
    """Tell whether a file is compressed by gzip or bzip2.

    Parameters
    ----------
    path : Path
        An existing file.

    Returns
    -------
    bool
        True when it begins as such files do.
    """
    return _first_bytes(path).startswith((_GZIP, _BZIP2))


def text_chunks(path: Path, encoding: Encoding, *, layout: str) -> Iterator[bytes]:
    """Read a file as UTF-8 text, piece by piece.

    Parameters
    ----------
    path : Path
        A text file, or one compressed by gzip or bzip2.
    encoding : {"utf-8", "cp1252"}
        What its text is written in. Windows-1252 holds all that Latin-1 can print.
    layout : str
        The layout, for the messages.

    Yields
    ------
    bytes
        UTF-8 without a byte order mark. A piece may end inside a line, or inside a character.

    Raises
    ------
    LayoutError
        When the file is of another kind, damaged, or holds bytes that no text has.
    UnicodeDecodeError
        When it is not in this encoding.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    first = True
    for piece in _pieces(path, layout):
        if b"\0" in piece:
            raise _not_text(path, layout)
        text = decoder.decode(piece)
        useful = text.encode() if encoding == "cp1252" else piece
        yield useful.removeprefix(_BOM) if first else useful
        first = False
    decoder.decode(b"", final=True)


def _pieces(path: Path, layout: str) -> Iterator[bytes]:
    try:
        with _open(path, layout) as file:
            while piece := file.read(_PIECE):
                yield piece
    except (EOFError, zlib.error):
        raise LayoutError(
            f"extract {layout}: {path.name} is compressed, and it is cut off or damaged.",
            hint="Fetch the file again.",
        ) from None
    except OSError:
        raise LayoutError(
            f"extract {layout}: {path.name} cannot be read.",
            hint="Check the file's permissions, and whether it is damaged.",
        ) from None


def _open(path: Path, layout: str) -> gzip.GzipFile | bz2.BZ2File | BinaryIO:
    start = _first_bytes(path)
    if start.startswith(_GZIP):
        return gzip.open(path, "rb")
    if start.startswith(_BZIP2):
        return bz2.open(path, "rb")
    for magic, (kind, hint) in _NOT_CSV.items():
        if start.startswith(magic):
            raise LayoutError(f"extract {layout}: {path.name} is {kind}, which cannot be read.", hint=hint)
    return path.open("rb")


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4)
    except OSError:
        return b""


def _not_text(path: Path, layout: str) -> LayoutError:
    return LayoutError(
        f"extract {layout}: {path.name} is not a text file.",
        hint="Deliver CSV (UTF-8, Latin-1 or Windows-1252, also gzip or bzip2) or Parquet.",
    )
