"""The four models of collaboration between prisons and municipalities, as their document describes them."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import Field

from evalkit.config import Definition, Text
from evalkit.programmes.quotes import Quote, Source

__all__ = ["CollaborationModel", "CollaborationModels", "collaboration_models"]

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


def collaboration_models() -> CollaborationModels:
    """Return the four models.

    Returns
    -------
    CollaborationModels
        As the workshop of 2013 described them.
    """
    return CollaborationModels.from_toml(Path(str(files("evalkit.programmes") / "collaboration_models.toml")))
