"""Write released tables as one folder, whole or not at all."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from evalkit.disclosure.manifest import manifest_text
from evalkit.disclosure.names import forbidden_columns
from evalkit.disclosure.released import Released
from evalkit.errors import DisclosureError
from evalkit.results import Provenance

__all__ = ["write_bundle"]

_MANIFEST = "manifest.json"
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def write_bundle(
    folder: Path,
    released: Sequence[Released],
    *,
    study: Mapping[str, object],
    definitions: Mapping[str, object],
    provenance: Provenance,
) -> Path:
    """Write a release bundle: a Parquet and a CSV file for each table, and ``manifest.json``.

    The bundle is written beside its place and moved there when it is whole, so that a reader never sees half of one;
    a bundle that was there is replaced. The same input gives the same bytes.

    Parameters
    ----------
    folder : Path
        Where the bundle shall be.
    released : sequence of Released
        The tables, checked against one policy.
    study, definitions : mapping of str to object
        What the report says about the study and its definitions; JSON values and dates.
    provenance : Provenance
        Where the bundle as a whole comes from.

    Returns
    -------
    Path
        `folder`.

    Raises
    ------
    DisclosureError
        When something other than a released table is given, names clash, a file fails the last check, or the folder
        holds something else than a bundle or cannot be written.
    """
    folder = Path(folder)
    _check(folder, released)
    files = {path: content for one in released for path, content in _files(one).items()}
    hashes = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    text = manifest_text(released, hashes, study=study, definitions=definitions, provenance=provenance)
    files[_MANIFEST] = text.encode()
    try:
        _write(folder, files, released)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DisclosureError(f"{folder}: the bundle could not be written: {reason}.") from None
    return folder


def _check(folder: Path, released: Sequence[Released]) -> None:
    n_raw = sum(not isinstance(one, Released) for one in released)
    if n_raw:
        raise DisclosureError(f"{folder}: {n_raw} tables were not released.", hint="Call release() first.")
    if not released:
        raise DisclosureError(f"{folder}: there is nothing to write; a bundle needs at least one table.")
    twice = sorted(name for name, n in Counter(one.name for one in released).items() if n > 1)
    bad = sorted(one.name for one in released if not _NAME.fullmatch(one.name))
    if twice or bad:
        said = f"the name {twice[0]!r} is used twice" if twice else f"{bad[0]!r} cannot name a table"
        raise DisclosureError(f"{folder}: {said}.", hint="Use lower-case letters, digits and _, each name once.")
    if len({one.policy.fingerprint for one in released}) > 1:
        raise DisclosureError(f"{folder}: the tables were checked against different policies.")
    apart = sorted(one.name for one in released if one.apart_from & {other.name for other in released})
    if apart:
        raise DisclosureError(
            f"{folder}: {', '.join(apart)} and tables that share counts with them were checked one by one.",
            hint="Release the results of a study together, with release_all().",
        )
    if folder.exists() and not _is_replaceable(folder):
        raise DisclosureError(f"{folder}: this is not a bundle, so it is not replaced.", hint="Name another folder.")


def _is_replaceable(folder: Path) -> bool:
    return folder.is_dir() and ((folder / _MANIFEST).is_file() or not any(folder.iterdir()))


def _files(released: Released) -> dict[str, bytes]:
    parquet, csv = io.BytesIO(), io.BytesIO()
    # No statistics: the smallest and largest value of a column are not asked for by anyone.
    released.cells.write_parquet(parquet, compression="zstd", compression_level=3, statistics=False)
    released.cells.write_csv(csv, line_terminator="\n")
    return {
        f"tables/{released.name}.parquet": parquet.getvalue(),
        f"tables/{released.name}.csv": csv.getvalue(),
    }


def _write(folder: Path, files: Mapping[str, bytes], released: Sequence[Released]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        bundle = work / "new"
        (bundle / "tables").mkdir(parents=True)
        for path, content in sorted(files.items()):
            _write_file(bundle / path, content)
        _verify(bundle, files, released)
        _move(bundle, folder, aside=work / "old")
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _write_file(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _move(bundle: Path, folder: Path, *, aside: Path) -> None:
    """Put the new bundle where the old one was; a folder cannot be replaced in one step, so the old one steps aside."""
    if folder.exists():
        folder.replace(aside)
    try:
        bundle.replace(folder)
    except OSError:
        if aside.exists():
            aside.replace(folder)
        raise


def _verify(bundle: Path, files: Mapping[str, bytes], released: Sequence[Released]) -> None:
    """Read everything back: the right files, no person's columns, no more rows than the policy allows."""
    found = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    if found != set(files) or any((bundle / path).read_bytes() != content for path, content in files.items()):
        raise DisclosureError(f"{bundle.name}: the files written are not the files meant.")
    for one in released:
        frame = pl.read_parquet(bundle / "tables" / f"{one.name}.parquet")
        lines = pl.read_csv(bundle / "tables" / f"{one.name}.csv", infer_schema=False)
        bad = forbidden_columns([*frame.columns, *lines.columns])
        if bad:
            raise DisclosureError(f"{one.name}: {len(bad)} columns in the file are named like a person's key.")
        if max(frame.height, lines.height) > one.policy.max_rows:
            raise DisclosureError(f"{one.name}: the file has more rows than policy {one.policy.name!r} allows.")
