"""Makes the next item while the one before it is used."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TypeVar

__all__ = ["read_ahead"]

_Item = TypeVar("_Item")


def read_ahead(items: Generator[_Item, None, None]) -> Generator[_Item, None, None]:
    """Hand on the items of a generator that runs in a thread of its own, one item ahead.

    Parameters
    ----------
    items : generator
        Makes the items; none is None. It is closed when this ends, however it ends.

    Yields
    ------
    item
        In order.

    Examples
    --------
    >>> list(read_ahead(number for number in (1, 2, 3)))
    [1, 2, 3]
    """
    with closing(items), ThreadPoolExecutor(1) as thread:
        ahead = thread.submit(next, items, None)
        while (item := ahead.result()) is not None:
            ahead = thread.submit(next, items, None)
            yield item
