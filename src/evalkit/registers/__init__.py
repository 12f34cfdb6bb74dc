"""Register extracts: layouts and their contracts, ingest, quarantine, delivery report."""

from evalkit.registers.check import check_extracts
from evalkit.registers.codes import Code, CodeList
from evalkit.registers.contract import Contract, layout_title, layouts, load_contract
from evalkit.registers.delivery import Delivery
from evalkit.registers.delivery_report import delivery_report, write_delivery_report
from evalkit.registers.extract import ExtractSpec
from evalkit.registers.ingest import ingest

__all__ = [
    "Code",
    "CodeList",
    "Contract",
    "Delivery",
    "ExtractSpec",
    "check_extracts",
    "delivery_report",
    "ingest",
    "layout_title",
    "layouts",
    "load_contract",
    "write_delivery_report",
]
