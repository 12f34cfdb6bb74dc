"""Register extracts: layouts and their contracts, ingest, quarantine, delivery report."""

from evalkit.registers.check import check_extracts
from evalkit.registers.contracts.codes import Code, CodeList
from evalkit.registers.contracts.contract import Contract, layout_title, layouts, load_contract, staging_fingerprint
from evalkit.registers.contracts.extract import ExtractSpec, RuleChoice
from evalkit.registers.contracts.study_contract import contract_for
from evalkit.registers.deliveries.delivery import Delivery, holds_deliveries
from evalkit.registers.deliveries.seal import seal
from evalkit.registers.delivery_report import delivery_report, write_delivery_report
from evalkit.registers.evidence.trust import TrustDefinition
from evalkit.registers.evidence.weigh import Evidence, weigh
from evalkit.registers.ingest import ingest

__all__ = [
    "Code",
    "CodeList",
    "Contract",
    "Delivery",
    "Evidence",
    "ExtractSpec",
    "RuleChoice",
    "TrustDefinition",
    "check_extracts",
    "contract_for",
    "delivery_report",
    "holds_deliveries",
    "ingest",
    "layout_title",
    "layouts",
    "load_contract",
    "seal",
    "staging_fingerprint",
    "weigh",
    "write_delivery_report",
]
