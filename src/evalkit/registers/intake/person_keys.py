"""Gives persons their keys at the door: whoever has been seen before keeps the key, in every register.

The pseudonyms that are known lie in memory as categories, so that a piece of a file costs what its own rows cost,
however many persons there are by then: about 200 MB for a million of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.errors import InternalError
from evalkit.warehouse import Warehouse

__all__ = ["PersonKeys"]


class PersonKeys:
    """The keys in ``vault.person``, to which new persons are added.

    Parameters
    ----------
    warehouse : Warehouse
        Where they are kept.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        # Polars forgets categories when no series has them any more, so one is kept.
        self._categories: pl.Series | None = None
        # The key of each category, by the category's number.
        self._keys: npt.NDArray[np.int64] = np.zeros(0, dtype=np.int64)

    def load(self) -> None:
        """Bring what the warehouse holds into memory, if it is not there yet."""
        if self._categories is None:
            self._categories = self._loaded()

    def places(self, pseudonyms: pl.Series) -> pl.Series:
        """Give persons numbers as they come, without asking the warehouse, so that another thread can do it.

        Parameters
        ----------
        pseudonyms : Series
            Text as it identifies persons; null for nobody.

        Returns
        -------
        Series
            Each person's number, UInt32; null for nobody.

        Raises
        ------
        InternalError
            When nothing was loaded.
        """
        if self._categories is None:
            raise InternalError("persons are numbered before those of the warehouse were loaded")
        return pseudonyms.cast(self._categories.dtype).to_physical().alias("person_key")

    def keys(self, pseudonyms: pl.Series, places: pl.Series) -> pl.Series:
        """Look up the persons' keys, and give keys to those who have none.

        Keys follow a hash of the pseudonyms, so that the order of the rows does not show in them.

        Parameters
        ----------
        pseudonyms : Series
            Text as it identifies persons; null for nobody.
        places : Series
            What :meth:`places` returned for them.

        Returns
        -------
        Series
            Keys, Int64; null for nobody.
        """
        n_known, n_now = self._keys.size, _next(places)
        if n_now > n_known:
            is_new = places >= n_known
            new = pl.DataFrame({"person_id": pseudonyms.filter(is_new), "place": places.filter(is_new)})
            self._add(new.unique("place"), n_now)
        return pl.Series("person_key", self._keys, dtype=pl.Int64).gather(places)

    @contextmanager
    def kept_together(self) -> Iterator[None]:
        """Forget what is in memory when what was added inside does not stay in the warehouse."""
        try:
            yield
        except BaseException:
            self._categories = None
            raise

    def _loaded(self) -> pl.Series:
        known = self._warehouse.fetch("SELECT person_id, person_key FROM vault.person")
        categories = pl.Series([], dtype=pl.Categorical(pl.Categories.random()))
        places = known.get_column("person_id").cast(categories.dtype).to_physical()
        self._keys = np.zeros(_next(places), dtype=np.int64)
        self._keys[places.to_numpy()] = known.get_column("person_key").to_numpy()
        return categories

    def _add(self, new: pl.DataFrame, n_now: int) -> None:
        if new.height != n_now - self._keys.size:
            raise InternalError("persons were numbered by somebody else at the same time")
        order = new.get_column("person_id").hash().arg_sort()
        n_last = int(self._keys.max(initial=0))
        keys = pl.int_range(n_last + 1, n_last + 1 + new.height, dtype=pl.Int64, eager=True).alias("person_key")
        keyed = new[order].with_columns(keys)
        with self._warehouse.rows("new_person", keyed):
            self._warehouse.execute("INSERT INTO vault.person SELECT person_id, person_key FROM new_person")
        self._keys = np.concatenate([self._keys, np.zeros(new.height, dtype=np.int64)])
        self._keys[keyed.get_column("place").to_numpy()] = keys.to_numpy()


def _next(places: pl.Series) -> int:
    """Return the number that comes after the last one."""
    last = places.max()
    return last + 1 if isinstance(last, int) else 0
