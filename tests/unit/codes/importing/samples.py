"""Small files of our own in the shapes the publishers use."""

from __future__ import annotations

import io
import zipfile

from bot.codes.importing.files import GivenFile


def given(name: str, text: str | bytes, inside: str = "") -> GivenFile:
    return GivenFile(name, inside, text if isinstance(text, bytes) else text.encode())


def order_line(number: int, code: str, flag: int | str, title: str) -> str:
    return f"{number:05} {code:<7} {flag} {title[:60]:<60} {title}\n"


ORDER = "".join(
    order_line(at, *row)
    for at, row in enumerate(
        (
            ("R05", 0, "Cough"),
            ("R0581", 1, "Cough of the morning"),
            ("R0582", 1, "Cough of the evening"),
            ("S022", 0, "Fracture of nasal bones"),
            ("S022XXA", 1, "Fracture of nasal bones, initial encounter for closed fracture"),
            ("S022XXD", 1, "Fracture of nasal bones, subsequent encounter for fracture with routine healing"),
        ),
        start=1,
    )
)

PCS_ORDER = "".join(
    order_line(at, *row)
    for at, row in enumerate(
        (
            ("0DT", 0, "Gastrointestinal System, Resection"),
            ("0DTJ0ZZ", 1, "Resection of Appendix, Open Approach"),
            ("0DTJ4ZZ", 1, "Resection of Appendix, Percutaneous Endoscopic Approach"),
        ),
        start=1,
    )
)

TABULAR = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular><version>2027</version><chapter><name>10</name><desc>Diseases of the nose (R05-S02)</desc>
<section id="R05-R05"><desc>Cough</desc>
<diag><name>R05</name><desc>Cough</desc><excludes1><note>barking of a seal (S02.2-)</note></excludes1>
<diag><name>R05.8</name><desc>Other specified cough</desc>
<diag><name>R05.81</name><desc>Cough of the morning</desc><inclusionTerm><note>Dawn cough</note></inclusionTerm></diag>
<diag><name>R05.82</name><desc>Cough of the evening</desc></diag></diag></diag></section>
<section id="S02"><desc>Nose</desc><diag><name>S02</name><desc>Fracture</desc>
<sevenChrDef><extension char="A">initial encounter for closed fracture</extension>
<extension char="D">subsequent encounter for fracture with routine healing</extension></sevenChrDef>
<diag><name>S02.2</name><desc>Fracture of nasal bones</desc></diag></diag></section></chapter></ICD10CM.tabular>"""

INDEX = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index><version>2027</version><title>ICD-10-CM INDEX TO DISEASES and INJURIES</title>
<letter><title>B</title>
<mainTerm><title>Bark, barking<nemod>(like a seal)</nemod></title><see>Cough, evening</see></mainTerm>
<mainTerm><title>Broken</title><term level="1"><title>nose</title><seeAlso>Fracture, nasal</seeAlso></term>
<term level="1"><title>heart</title><see>Nowhere</see></term></mainTerm></letter>
<letter><title>C</title><mainTerm><title>Cough<nemod>(affected)</nemod></title><code>R05.8-</code>
<term level="1"><title>evening</title><code>R05.82</code></term>
<term level="1"><title>round and round</title><see>Circle</see></term></mainTerm>
<mainTerm><title>Circle</title><see>Cough, round and round</see></mainTerm></letter>
<letter><title>F</title><mainTerm><title>Fracture</title><term level="1"><title>nasal<nemod>(bones)</nemod></title><code>S02.2-</code></term>
<term level="1"><title>of the moon</title><code>Q99.999</code></term></mainTerm></letter></ICD10CM.index>"""

DRUGS = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index><version>2027</version><indexHeading><head col="1">Substance</head><head col="2">Poisoning Accidental (unintentional)</head>
<head col="3">Adverse effect</head></indexHeading><letter><title>M</title>
<mainTerm><title>Moonshine</title><cell col="2">R05.81</cell><cell col="3">--</cell></mainTerm>
<mainTerm><title>White lightning</title><see>Moonshine</see></mainTerm></letter></ICD10CM.index>"""

NEOPLASMS = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index><version>2027</version><indexHeading><head col="1">Neoplasm</head><head col="2">Malignant Primary</head>
<head col="3">Benign</head></indexHeading><letter><title>N</title><mainTerm><title>Neoplasm, neoplastic</title>
<term level="1"><title>nose</title><cell col="2">R05.81</cell><cell col="3">R05.8-</cell>
<term level="2"><title>tip</title><see>Neoplasm, nose</see></term></term></mainTerm></letter></ICD10CM.index>"""

CSV = "code,title,valid_from,valid_to\n90001,House call of an hour,2026-01-01,\n90002,House call of two hours,2026-01-01,2026-06-30\n"


def hcpcs_line(code: str, sequence: int, kind: str, long: str, short: str = "", added: str = "", ends: str = "") -> str:
    """One record of 320 characters."""
    body = f"{code:>5}{sequence:05}{kind}{long:<80}{short:<28}"
    return f"{body:<268}{added:<8}{'':<8}{ends:<8}{'':<28}\n"


HCPCS = (
    hcpcs_line("A0001", 10, "3", "Wooden crutch, with a handle that", "Wooden crutch", "20200101")
    + hcpcs_line("A0001", 20, "4", "glows in the dark")
    + hcpcs_line("A0002", 10, "3", "Paper wheelchair", "Paper wheelchair", "20200101", "20260331")
    + hcpcs_line("ZZ", 10, "7", "On a Tuesday", "Tuesday")
)


def zipped(**files: str) -> bytes:
    """A zip of files; two underscores stand for a dot."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in files.items():
            target.writestr(f"folder/{name.replace('__', '.')}", text)
    return packed.getvalue()
