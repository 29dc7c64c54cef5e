"""Tells what a file is, by what stands in it; its name only settles what the content leaves open."""

from __future__ import annotations

import re
from enum import Enum

from bot.codes.importing.errors import UnknownFile
from bot.codes.importing.files import GivenFile, is_workbook
from storage.words import TermKind


class FileKind(Enum):
    """What a published file is, in words."""

    CM_ORDER = "ICD-10-CM order file"
    CM_CODES = "ICD-10-CM code list"
    CM_TABULAR = "ICD-10-CM tabular list"
    CM_INDEX = "ICD-10-CM Alphabetic Index"
    CM_EXTERNAL_INDEX = "ICD-10-CM external cause index"
    CM_NEOPLASM_TABLE = "ICD-10-CM neoplasm table"
    CM_DRUG_TABLE = "ICD-10-CM table of drugs"
    PCS_ORDER = "ICD-10-PCS order file"
    PCS_CODES = "ICD-10-PCS code list"
    HCPCS_TEXT = "HCPCS Level II file"
    HCPCS_WORKBOOK = "HCPCS Level II spreadsheet"
    CSV = "code list in CSV"
    ADDENDA = "addenda"


#: Files that add search terms to an edition, and which.
TERM_FILES = {
    FileKind.CM_INDEX: TermKind.INDEX,
    FileKind.CM_EXTERNAL_INDEX: TermKind.EXTERNAL_CAUSE_INDEX,
    FileKind.CM_NEOPLASM_TABLE: TermKind.NEOPLASM_TABLE,
    FileKind.CM_DRUG_TABLE: TermKind.DRUG_TABLE,
}
HEAD = 6_000
_ADDENDA = re.compile(r"addend(a|um)", re.IGNORECASE)
_XML = re.compile(r"^\s*(<\?xml|<!DOCTYPE|<ICD10CM)", re.IGNORECASE)
_ORDER = re.compile(r"^\d{5} ([0-9A-Z]{3,7}) {1,5}[01] ")
_CM_CODES = re.compile(r"^(?=[A-Z]{1,2}\d)[A-Z][0-9A-Z]{2,6}\s+\S")
_PCS_CODES = re.compile(r"^[0-9B-DF-HX][0-9A-HJ-NP-Z]{6}\s+\S")
_HCPCS = re.compile(r"^(?:[A-Z]\d{4}|[ A-Z0-9]{5})\d{5}[3478]")
_CSV = re.compile(r"^[\"']?code[\"']?\s*[,;\t]\s*[\"']?(title|description|long description)", re.IGNORECASE)


def recognise(given: GivenFile) -> FileKind:
    """What a file is.

    :raises UnknownFile: when it is nothing an import knows.
    """
    if is_workbook(given.data):
        return FileKind.ADDENDA if _ADDENDA.search(given.name) else FileKind.HCPCS_WORKBOOK
    head = given.text[:HEAD]
    if _XML.match(head):
        return _of_xml(given, head)
    if _ADDENDA.search(given.name):
        return FileKind.ADDENDA
    return _of_text(given, head)


def _of_xml(given: GivenFile, head: str) -> FileKind:
    if _ADDENDA.search(given.name) or re.search(r"<ICD10CM[^>]*addend", head, re.IGNORECASE):
        return FileKind.ADDENDA
    if "<ICD10CM.tabular" in head:
        return FileKind.CM_TABULAR
    if "<ICD10CM.index" in head:
        return _of_index(head)
    if "<!DOCTYPE" in head or "<!ENTITY" in head:
        raise UnknownFile(given.name, "line 1: it declares a document type, and entities in files are never read.")
    raise UnknownFile(given.name, "line 1: this XML is no ICD-10-CM tabular list, index or table.")


def _of_index(head: str) -> FileKind:
    heading = head.split("</indexHeading>", maxsplit=1)[0] if "<indexHeading>" in head else ""
    if "Substance" in heading:
        return FileKind.CM_DRUG_TABLE
    if "Neoplasm" in heading:
        return FileKind.CM_NEOPLASM_TABLE
    return FileKind.CM_EXTERNAL_INDEX if "EXTERNAL CAUSE" in head.upper() else FileKind.CM_INDEX


def _of_text(given: GivenFile, head: str) -> FileKind:
    first = next((line for line in head.splitlines() if line.strip()), "")
    if order := _ORDER.match(first):
        return FileKind.PCS_ORDER if "pcs" in given.name.lower() or not order[1][0].isalpha() else FileKind.CM_ORDER
    if _CSV.match(first):
        return FileKind.CSV
    if _HCPCS.match(first):
        return FileKind.HCPCS_TEXT
    if "pcs" in given.name.lower() and _PCS_CODES.match(first):
        return FileKind.PCS_CODES
    if _CM_CODES.match(first):
        return FileKind.CM_CODES
    raise UnknownFile(given.name, "line 1 is not the beginning of any code file.")
