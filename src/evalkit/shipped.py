"""Where the files that evalkit ships beside its code are found.

In the checkout they are top-level folders; in a wheel they lie in ``evalkit/_shipped``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

__all__ = ["shipped"]

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]


def shipped(folder: Literal["sql", "reports", "synthetic_data"]) -> Path:
    """Return the folder of shipped files, installed or in the checkout.

    Parameters
    ----------
    folder : {"sql", "reports", "synthetic_data"}
        The top-level folder's name.

    Returns
    -------
    Path
        An existing folder.
    """
    packaged = _PACKAGE / "_shipped" / folder
    return packaged if packaged.is_dir() else _CHECKOUT / folder
