"""The four models of collaboration between prisons and municipalities, as an exposure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Literal, Self

import polars as pl
from pydantic import Field, model_validator

from evalkit.config import Definition, Text
from evalkit.programmes.quotes import Quote, Source

__all__ = ["Agreement", "CollaborationModel", "CollaborationModels", "collaboration_models", "with_collaboration_model"]

ModelNumber = Literal[1, 2, 3, 4]


class CollaborationModel(Definition):
    """Who helps a prisoner to work.

    Parameters
    ----------
    number : {1, 2, 3, 4}
        The document's number.
    label : Text
        Who does it.
    rule : Text
        How it is told from residence, prison and agreements.
    quote : Quote
        The document's words.
    """

    number: ModelNumber
    label: Text
    rule: Text
    quote: Quote


class CollaborationModels(Definition):
    """All four, and what a reader of a comparison must know.

    Parameters
    ----------
    source : Source
        The document.
    caveat : Text
        Stands beside every comparison of them.
    models : tuple of CollaborationModel
        In the document's order.
    """

    source: Source
    caveat: Text
    models: tuple[CollaborationModel, ...] = Field(alias="model", min_length=4, max_length=4)


class Agreement(Definition):
    """That a prison worked by another model than the first.

    Parameters
    ----------
    facility : str
        The prison's code.
    model : {2, 3, 4}
        The model.
    start : date
        First day.
    end : date, optional
        The day after the last; absent while it goes on.
    """

    facility: str = Field(min_length=1)
    model: Literal[2, 3, 4]
    start: date
    end: date | None = None

    @model_validator(mode="after")
    def _is_forward(self) -> Self:
        if self.end is not None and self.start >= self.end:
            raise ValueError("start must lie before end")
        return self


def collaboration_models() -> CollaborationModels:
    """Return the four models.

    Returns
    -------
    CollaborationModels
        As the workshop of 2013 described them.
    """
    return CollaborationModels.from_toml(Path(str(files("evalkit.programmes") / "collaboration_models.toml")))


def with_collaboration_model(stays: pl.DataFrame, agreements: Sequence[Agreement]) -> pl.DataFrame:
    """Say for each stay by which model the person was helped, as far as is known when the stay begins.

    Parameters
    ----------
    stays : DataFrame
        municipality (of residence), facility, facility_municipality, start_date.
    agreements : sequence of Agreement
        Where another model than the first was agreed; of two for one day the first counts.

    Returns
    -------
    DataFrame
        With `collaboration_model` last: 1 without an agreement, and for model 2 where the prison lies in the person's
        own municipality.

    Examples
    --------
    >>> stays = pl.DataFrame({
    ...     "municipality": ["101", "316"], "facility": ["F1", "F1"], "facility_municipality": ["101", "101"],
    ...     "start_date": [date(2013, 1, 1), date(2013, 1, 1)],
    ... })
    >>> agreed = Agreement(facility="F1", model=2, start=date(2012, 1, 1))
    >>> with_collaboration_model(stays, [agreed]).to_series(-1).to_list()
    [1, 2]
    """
    day, at_home = pl.col("start_date"), pl.col("municipality") == pl.col("facility_municipality")
    model = pl.lit(1, pl.Int8)
    for one in reversed(agreements):
        holds = (pl.col("facility") == one.facility) & (day >= one.start)
        if one.end is not None:
            holds &= day < one.end
        if one.model == 2:
            holds &= ~at_home.fill_null(value=False)
        model = pl.when(holds).then(pl.lit(one.model, pl.Int8)).otherwise(model)
    return stays.with_columns(model.alias("collaboration_model"))
