"""What this machine has for evalkit: looked at, nothing changed and nothing fetched."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from evalkit.warehouse import KEY_VARIABLE, can_encrypt

__all__ = ["Finding", "diagnose"]

_LIBRARIES = (
    "duckdb",
    "polars",
    "pyarrow",
    "numpy",
    "scipy",
    "statsmodels",
    "lifelines",
    "matplotlib",
    "pypandoc-binary",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Parameters
    ----------
    name : str
        What.
    good : bool
        Whether evalkit can work with it as it is.
    text : str
        What was found, and what to do when it is not good.
    """

    name: str
    good: bool
    text: str


def diagnose(folder: Path) -> tuple[Finding, ...]:
    """Look at the machine.

    Parameters
    ----------
    folder : Path
        Where results are to go.

    Returns
    -------
    tuple of Finding
        In a fixed order.
    """
    looks: tuple[Callable[[], Finding], ...] = (_python, _evalkit, *(_library(name) for name in _LIBRARIES))
    return (*(look() for look in looks), _quarto(), _encryption(), _folder(folder), _space(folder))


def _python() -> Finding:
    return Finding("Python", sys.version_info >= (3, 11), f"{platform.python_version()} on {platform.system()}")


def _evalkit() -> Finding:
    return Finding("evalkit", good=True, text=version("evalkit"))


def _library(name: str) -> Callable[[], Finding]:
    def look() -> Finding:
        try:
            return Finding(name, good=True, text=version(name))
        except PackageNotFoundError:
            return Finding(name, good=False, text=f"not installed. Run: pip install {name}")

    return look


def _quarto() -> Finding:
    if shutil.which("quarto"):
        return Finding("Quarto", good=True, text="on PATH: it renders the reports")
    return Finding("Quarto", good=True, text="not on PATH: the built-in engine renders the reports")


def _encryption() -> Finding:
    able, wanted = can_encrypt(), bool(os.environ.get(KEY_VARIABLE))
    if able:
        used = "and it is" if wanted else f"set {KEY_VARIABLE} to use it"
        return Finding("encrypted warehouse", good=True, text=f"DuckDB can write encrypted files; {used}")
    text = "this DuckDB cannot write encrypted files: its extension httpfs is not here"
    return Finding(
        "encrypted warehouse",
        not wanted,
        f"{text}. Encrypt the disk" if not wanted else f"{text}, but {KEY_VARIABLE} is set",
    )


def _folder(folder: Path) -> Finding:
    existing = next(one for one in (folder.resolve(), *folder.resolve().parents) if one.exists())
    able = existing.is_dir() and os.access(existing, os.W_OK)
    return Finding(
        "output folder", able, "can be written" if able else f"{existing.name or existing}: no right to write there"
    )


def _space(folder: Path) -> Finding:
    existing = next(one for one in (folder.resolve(), *folder.resolve().parents) if one.exists())
    free = shutil.disk_usage(existing).free / 1e9
    return Finding("free disk space", free > 2, f"{free:.0f} GB; a warehouse takes about as much as the extracts")
