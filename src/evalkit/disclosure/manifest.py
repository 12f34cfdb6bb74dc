"""The manifest of a bundle: what is in it, where it comes from, and how it was checked."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import date

from evalkit.disclosure.names import looks_like_person
from evalkit.disclosure.policy import Policy
from evalkit.disclosure.released import Released, audit
from evalkit.errors import DisclosureError
from evalkit.results import Provenance

__all__ = ["SCHEMA", "manifest_text"]

SCHEMA = 1


def manifest_text(
    released: Sequence[Released],
    hashes: Mapping[str, str],
    *,
    study: Mapping[str, object],
    definitions: Mapping[str, object],
    provenance: Provenance,
) -> str:
    """Write the manifest as JSON.

    Keys are sorted, but those of `definitions`, whose order is the order of reading.

    Parameters
    ----------
    released : sequence of Released
        The tables, all checked against one policy.
    hashes : mapping of str to str
        File in the bundle to SHA-256.
    study, definitions : mapping of str to object
        What the report says about the study and its definitions.
    provenance : Provenance
        Where the bundle as a whole comes from.

    Returns
    -------
    str
        JSON, the same for the same input.

    Raises
    ------
    DisclosureError
        When a text is shaped like a person's number, or something is not JSON.
    """
    content = {
        "schema": SCHEMA,
        "study": study,
        "policy": _policy(released[0].policy),
        "provenance": _provenance(provenance),
        "tables": {one.name: _table(one, hashes) for one in released},
        "version": provenance.version,
    }
    ordered = {key: _plain(value) for key, value in content.items()}
    ordered["definitions"] = {str(key): _plain(value) for key, value in definitions.items()}
    _refuse_persons(study, definitions)
    return json.dumps(dict(sorted(ordered.items())), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _policy(policy: Policy) -> dict[str, object]:
    return {
        "name": policy.name,
        "fingerprint": policy.fingerprint,
        "min_cell": policy.min_cell,
        "already_public": policy.already_public,
        "zeros_are_disclosive": policy.zeros_are_disclosive,
        "decimals": policy.decimals,
        "title": policy.title.model_dump(),
        "statement": policy.statement.model_dump(),
    }


def _provenance(provenance: Provenance) -> dict[str, object]:
    return {
        "version": provenance.version,
        "vintage": provenance.vintage.isoformat(),
        "models": dict(provenance.models),
        "seed": provenance.seed,
    }


def _table(released: Released, hashes: Mapping[str, str]) -> dict[str, object]:
    cells = {key: value for key, value in dataclasses.asdict(audit(released)).items() if key != "name"}
    return {
        "rows": released.cells.height,
        "columns": {
            name: {"role": column.role.value, "counts": list(column.counts)} for name, column in released.roles.items()
        },
        "sha256": hashes[f"tables/{released.name}.parquet"],
        "csv_sha256": hashes[f"tables/{released.name}.csv"],
        "definition": released.provenance.definition,
        "models": dict(released.provenance.models),
        "audit": cells,
    }


def _plain(value: object) -> object:
    """Turn a value into what JSON knows; anything else is refused, because its text could change from run to run."""
    if isinstance(value, Mapping):
        return {key: _plain(value[key]) for key in sorted(value)}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    raise DisclosureError(f"manifest: a value of type {type(value).__name__} cannot be written as JSON.")


def _refuse_persons(study: Mapping[str, object], definitions: Mapping[str, object]) -> None:
    for name, part in (("study", study), ("definitions", definitions)):
        n_bad = sum(looks_like_person(text) for text in _texts(part))
        if n_bad:
            raise DisclosureError(f"manifest: {n_bad} texts of {name!r} hold something shaped like a person's number.")


def _texts(value: object) -> list[str]:
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []
