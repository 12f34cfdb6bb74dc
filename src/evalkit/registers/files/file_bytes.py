"""A delivered file's bytes, unpacked, some at a time, and seen to be the file that it was when it was opened."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa

from evalkit.errors import LayoutError

__all__ = ["FileBytes", "find_bytes"]

Packing = Literal["gzip", "bz2", "zstd"]

_PACKINGS: dict[bytes, Packing] = {b"\x1f\x8b": "gzip", b"BZh": "bz2", b"\x28\xb5\x2f\xfd": "zstd"}
_OTHER_KINDS = {
    b"PK\x03\x04": ("a zip or Excel file", "Unpack it, or save the sheet as CSV."),
    b"\xd0\xcf\x11\xe0": ("an old Excel file", "Save the sheet as CSV."),
}


@dataclass(frozen=True, slots=True)
class FileBytes:
    """A file whose bytes can be read as often as is wanted.

    Parameters
    ----------
    path : Path
        Where it lies.
    layout : str
        Its layout, for the messages.
    n_bytes : int
        Its size when it was opened first.
    packing : {"gzip", "bz2", "zstd"}, optional
        What it is compressed by.
    """

    path: Path
    layout: str
    n_bytes: int
    packing: Packing | None = None

    def pieces(self, size: int, see: Callable[[bytes], object] | None = None) -> Generator[bytes, None, None]:
        """Read the file from its beginning.

        Parameters
        ----------
        size : int
            Bytes of a piece, at least 4.
        see : callable, optional
            Is shown every byte of the file as it lies on the disk, once and in order: a digest's ``update``.

        Yields
        ------
        bytes
            Unpacked; only the last piece is shorter than `size`.

        Raises
        ------
        LayoutError
            When the file is damaged, cannot be read, or does not have the size any more that it had.
        """
        try:
            with _SeenFile(self.path, see) as file:
                unpacked = pa.CompressedInputStream(file, self.packing) if self.packing else file
                while piece := unpacked.read(size):
                    yield piece
                n_now = os.fstat(file.fileno()).st_size
        except (OSError, pa.lib.ArrowException):
            raise self._damaged() from None
        if not self.n_bytes == file.n_read == n_now:
            raise self.changed()

    def refusal(self, what: str, hint: str) -> LayoutError:
        """Make the error that refuses the file.

        Parameters
        ----------
        what : str
            What is wrong, to be said after the file's name.
        hint : str
            What to do about it.

        Returns
        -------
        LayoutError
            To be raised.
        """
        return LayoutError(f"extract {self.layout}: {self.path.name}{what}.", hint=hint)

    def changed(self) -> LayoutError:
        """Make the error that says that the file is not the one any more that it was when it was opened.

        Returns
        -------
        LayoutError
            To be raised.
        """
        return self.refusal(
            " changed its size while it was read: is it still being written?",
            "Nothing of it was taken in; start again when it is complete.",
        )

    def _damaged(self) -> LayoutError:
        try:
            if self.path.stat().st_size != self.n_bytes:
                return self.changed()
        except OSError:
            return _unreadable(self)
        if self.packing is None:
            return _unreadable(self)
        return self.refusal(" is compressed, and it is cut off or damaged", "Fetch the file again.")


class _SeenFile(io.FileIO):
    """A file that shows what is read of it."""

    def __init__(self, path: Path, see: Callable[[bytes], object] | None) -> None:
        super().__init__(path)
        self._see = see
        self.n_read = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Read some bytes; all that are left when `size` is negative."""
        piece = super().read(-1 if size is None else size)
        self.n_read += len(piece)
        if self._see is not None:
            self._see(piece)
        return piece


def find_bytes(path: Path, layout: str) -> FileBytes:
    """Look at a file's first bytes.

    Parameters
    ----------
    path : Path
        An existing file.
    layout : str
        Its layout, for the messages.

    Returns
    -------
    FileBytes
        What can be read.

    Raises
    ------
    LayoutError
        When it cannot be read, or is of a kind that holds no text.
    """
    start = _first_bytes(path)
    try:
        found = FileBytes(path, layout, path.stat().st_size, _packing(start))
    except OSError:
        raise _unreadable(FileBytes(path, layout, 0)) from None
    for magic, (kind, hint) in _OTHER_KINDS.items():
        if start.startswith(magic):
            raise found.refusal(f" is {kind}, which cannot be read", hint)
    return found


def _packing(start: bytes) -> Packing | None:
    return next((packing for magic, packing in _PACKINGS.items() if start.startswith(magic)), None)


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4)
    except OSError:
        return b""


def _unreadable(file: FileBytes) -> LayoutError:
    return file.refusal(" cannot be read", "Check the file's permissions, and whether it is damaged.")
