"""Where an extract lies: a file beside the study, or a data set inside an installed package."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path, PurePosixPath

from evalkit.errors import LayoutError
from evalkit.registers.contracts.extract import ExtractSpec

__all__ = ["file_digest", "locate"]

_PACKAGE = "package:"


def locate(spec: ExtractSpec, root: Path) -> tuple[Path, ...]:
    """Find an extract's files.

    Parameters
    ----------
    spec : ExtractSpec
        The extract.
    root : Path
        The folder that its paths are relative to.

    Returns
    -------
    tuple of Path
        Existing files, at least one; those of one pattern sorted by name, none twice.

    Raises
    ------
    LayoutError
        When one is not there, is not a file, or is inside a package that is not installed.
    """
    found = [path for given in spec.path for path in _matching(spec, given, root)]
    return tuple(dict.fromkeys(found))


def _matching(spec: ExtractSpec, given: str, root: Path) -> list[Path]:
    path = _in_package(spec, given) if given.startswith(_PACKAGE) else root / given
    if path.is_dir():
        raise LayoutError(
            f"extract {spec.layout}: {given} is a folder, not a file.",
            hint=f"Name the files in the study, for example {given}/*.csv.",
        )
    if path.is_file():
        return [path]
    several = sorted(one for one in root.glob(given) if one.is_file()) if _is_pattern(given) else []
    if not several:
        raise LayoutError(
            f"extract {spec.layout}: there is no file {given}.",
            hint="Check the path; it is relative to the study file.",
        )
    return several


def _is_pattern(given: str) -> bool:
    return ("*" in given or "?" in given) and not Path(given).is_absolute()


def file_digest(path: Path, layout: str) -> str:
    """Compute the digest that a delivered file is recognised by.

    Parameters
    ----------
    path : Path
        The file.
    layout : str
        The layout, for the message.

    Returns
    -------
    str
        SHA-256 of its bytes, 64 hexadecimal digits.

    Raises
    ------
    LayoutError
        When it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise LayoutError(
            f"extract {layout}: {path.name} cannot be read.", hint="Check the file's permissions and the disk."
        ) from None


def _in_package(spec: ExtractSpec, given: str) -> Path:
    package, _, inside = given.removeprefix(_PACKAGE).partition("/")
    parts = PurePosixPath(inside).parts
    if not package.isidentifier() or not parts or ".." in parts or parts[0] == "/":
        raise LayoutError(
            f"extract {spec.layout}: {given} does not name a file in a package.",
            hint="Write package:<package>/<path in the package>.",
        )
    # Finding a package does not import it; the packages that bring data sets take a second each to import.
    found = importlib.util.find_spec(package)
    folders = (found.submodule_search_locations if found else None) or []
    if not folders:
        raise LayoutError(
            f"extract {spec.layout}: the data set is in the package {package}, which is not installed.",
            hint=f"Run: pip install {package}",
        )
    return Path(next(iter(folders)), *parts)
