"""The contract of an extract: its layout's, with what the study decides."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from evalkit.config import parse, read_toml
from evalkit.errors import ConfigError
from evalkit.registers.contracts.codes import CodeList
from evalkit.registers.contracts.contract import Contract, Rule, load_contract
from evalkit.registers.contracts.extract import ExtractSpec, RuleChoice

__all__ = ["contract_for"]


def contract_for(spec: ExtractSpec, root: Path) -> Contract:
    """Read the contract of an extract's layout, with the study's own code lists, rules and event codes.

    Parameters
    ----------
    spec : ExtractSpec
        The extract.
    root : Path
        The folder that its paths are relative to.

    Returns
    -------
    Contract
        The contract.

    Raises
    ------
    LayoutError
        When there is no such layout.
    ConfigError
        When the contract is wrong, or the extract names a code list, rule or column that the layout does not have.
    """
    contract = load_contract(spec.layout)
    _refuse_unknown(spec, "code_lists", spec.code_lists.keys(), contract.codes.keys())
    _refuse_unknown(spec, "rules", spec.rules.keys(), {rule.name for rule in contract.rules})
    _refuse_unknown(spec, "values", spec.values.keys(), contract.columns.keys() - {contract.person.column})
    codes = {name: _code_list(root / path) for name, path in spec.code_lists.items()}
    changes: dict[str, object] = {
        "codes": {**contract.codes, **codes},
        "rules": tuple(_decided(rule, spec.rules.get(rule.name)) for rule in contract.rules),
    }
    if contract.event_column is not None:
        event = contract.columns[contract.event_column]
        decided = event.model_copy(update={"yes": spec.event_codes, "no": spec.censored_codes})
        changes["columns"] = {**contract.columns, contract.event_column: decided}
    return contract.model_copy(update=changes)


def _code_list(path: Path) -> CodeList:
    return parse(CodeList, read_toml(path), source=path)


def _decided(rule: Rule, choice: RuleChoice | None) -> Rule:
    if choice is None:
        return rule
    said = {name: value for name, value in choice if value is not None}
    return rule.model_copy(update=said)


def _refuse_unknown(spec: ExtractSpec, key: str, named: Collection[str], known: Collection[str]) -> None:
    unknown = sorted(set(named) - set(known))
    if unknown:
        raise ConfigError(
            f"extract {spec.layout}: {key}: the layout has no {', '.join(unknown)}.",
            hint=f"It has {', '.join(sorted(known)) or 'none'}.",
        )
