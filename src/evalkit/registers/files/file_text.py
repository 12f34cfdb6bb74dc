"""A delivered file's text as UTF-8, some at a time, whatever it is written in.

A file is UTF-8 when all of it is; when any of it is not, all of it is Windows-1252, which holds whatever Latin-1 can
print. Before the first letter beyond ASCII the two are the same, so nothing needs to be known; at that letter the rest
of the file is looked through, unless the letter itself settles it.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Literal

from evalkit.errors import LayoutError
from evalkit.registers.files.file_bytes import FileBytes

__all__ = ["Encoding", "FileText"]

Encoding = Literal["utf-8", "utf-16", "cp1252"]

_LOOK = 1024 * 1024


@dataclass
class FileText:
    """A file of text.

    Parameters
    ----------
    file : FileBytes
        Its bytes.
    encoding : {"utf-8", "utf-16", "cp1252"}, optional
        What it is written in; None as long as all that was read of it is ASCII.
    """

    file: FileBytes
    encoding: Encoding | None = None

    def pieces(self, size: int, see: Callable[[bytes], object] | None = None) -> Generator[bytes, None, None]:
        """Read the text from its beginning.

        Parameters
        ----------
        size : int
            Bytes of a piece as they are stored, at least 4.
        see : callable, optional
            Is shown every byte of the file as it lies on the disk.

        Yields
        ------
        bytes
            UTF-8 without a byte order mark. A piece may end inside a line, or inside a letter.

        Raises
        ------
        LayoutError
            When the file is damaged, or is no text.
        """
        decoder = None
        for number, delivered in enumerate(self.file.pieces(size, see)):
            piece = self._without_mark(delivered) if number == 0 else delivered
            if self.encoding != "utf-16" and b"\0" in piece:
                raise self._no_text()
            if decoder is None and not (piece.isascii() and self.encoding != "utf-16"):
                self.encoding = self.encoding or self._find_encoding(piece)
                decoder = codecs.getincrementaldecoder(self.encoding)()
            yield piece if decoder is None else self._as_utf8(decoder, piece)
        if decoder is not None and decoder.getstate()[0]:
            raise self.file.refusal(" is truncated: it ends inside a letter", "Fetch the file again.")

    def _without_mark(self, start: bytes) -> bytes:
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self.encoding = "utf-16"
        return start.removeprefix(codecs.BOM_UTF8)

    def _as_utf8(self, decoder: codecs.IncrementalDecoder, piece: bytes) -> bytes:
        try:
            text = decoder.decode(piece)
        except UnicodeDecodeError:
            raise self._undecodable() from None
        if self.encoding == "utf-8":
            return piece
        if self.encoding == "utf-16" and "\0" in text:
            raise self._no_text()
        return text.encode()

    def _find_encoding(self, piece: bytes) -> Encoding:
        """Tell the encoding from the first piece that has a letter beyond ASCII, and if need be from all others."""
        decoder = codecs.getincrementaldecoder("utf-8")()
        is_ascii = True
        try:
            decoder.decode(piece)
            decoder.reset()
            for other in self.file.pieces(_LOOK):
                is_ascii &= decoder.decode(other).isascii()
        except UnicodeDecodeError:
            return "cp1252"
        # Half a letter at the end is a cut if whole ones come before it; if not, it is the file's one Latin-1 letter.
        return "cp1252" if is_ascii and decoder.getstate()[0] else "utf-8"

    def _undecodable(self) -> LayoutError:
        if self.encoding == "cp1252":
            what = " is not a text file in UTF-8, Latin-1 or Windows-1252"
            return self.file.refusal(what, "Deliver it as UTF-8.")
        if self.encoding == "utf-16":
            return self.file.refusal(" says that it is UTF-16, and it is not", "Deliver it as UTF-8.")
        return self.file.refusal(
            " changed while it was read: is it still being written?",
            "Nothing of it was taken in; start again when it is complete.",
        )

    def _no_text(self) -> LayoutError:
        return self.file.refusal(
            " is not a text file",
            "Deliver CSV (UTF-8, UTF-16, Latin-1 or Windows-1252, also gzip, bzip2 or zstd) or Parquet.",
        )
