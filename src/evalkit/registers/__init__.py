"""Register extracts: layouts and their contracts, ingest, quarantine, delivery report."""

from evalkit.registers.check import check_extracts
from evalkit.registers.codes import Code, CodeList
from evalkit.registers.contract import Contract, layout_title, layouts, load_contract, staging_fingerprint
from evalkit.registers.delivery import Delivery, holds_deliveries
from evalkit.registers.delivery_report import delivery_report, write_delivery_report
from evalkit.registers.evidence import Evidence, weigh
from evalkit.registers.extract import ExtractSpec, RuleChoice
from evalkit.registers.ingest import ingest
from evalkit.registers.seal import seal
from evalkit.registers.study_contract import contract_for
from evalkit.registers.trust import TrustDefinition

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
