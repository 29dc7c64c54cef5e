"""Single messages that a guard is known to get wrong: each shows what is hidden, and what stays to be worked with."""

from __future__ import annotations

import pytest

from bot.privacy.guard import Guard

REDACTED = [
    ("Delgado's chart is locked", "[NAME]'s chart is locked"),
    ("Whitlock, T has no op note", "[NAME] has no op note"),
    ("parent of Amara Nwosu called", "parent of [NAME] called"),
    ("parent of Tyler, Gwen Halvorsen, is here", "parent of [NAME], is here"),
    ("MRN ending in 9203", "MRN ending in [MRN]"),
    ("med rec no. 07-71-92 shows male", "med rec no. [MRN] shows male"),
    ("medi-cal id 91234567A inactive", "medi-cal id [MEMBER_ID] inactive"),
    ("Aetna ID W2345 67890 not found", "Aetna ID [MEMBER_ID] not found"),
    ("ser# BLH774219 not in the log", "ser# [DEVICE] not in the log"),
    ("license RN 554821 on the form", "license [LICENSE] on the form"),
    ("DOD 3/2/2026 but still inpatient", "DOD [DATE] but still inpatient"),
    ("LOS 4/2 to 4/9", "LOS [DATE] to [DATE]"),
    ("DOB yr 1931", "DOB yr [DOB]"),
    ("born 4th of July 1931", "born [DOB]"),
    ("send it to r.hollis88 at yahoo.com", "send it to [EMAIL]"),
    ("mail to RR 2 Box 118", "mail to [ADDRESS]"),
    ("call 419 555 0142 or +44 20 7946 0958", "call [PHONE] or [PHONE]"),
    ("call <tel:5552013344|555-201-3344> back", "call [PHONE] back"),
    ("<mailto:j.smith@example.net|j.smith@example.net> wants it", "[EMAIL] wants it"),
    ("４１２-５５-７８１０ on the form", "[SSN] on the form"),
    ("412\u201155\u20117810 pasted from Word", "[SSN] pasted from Word"),
    ("S\u200bSN 412-55-7810", "S\u200bSN [SSN]"),
    ("Małgorzata Wiśniewska's file", "[NAME]'s file"),
    ("jose\u0301 mun\u0303oz dispo is wrong", "[NAME] dispo is wrong"),
    ("王小明 chart", "[NAME] chart"),
    ("wife Maria signed", "wife [NAME] signed"),
    ("pt U.Q. in ICU", "pt [INITIALS] in ICU"),
    ("employer listed as Dunmore Foods", "employer listed as [NAME]"),
    ("92 y/o with hip fx", "[AGE90] with hip fx"),
    ("John and Jane Doe have merged charts", "[NAME] and [NAME] have merged charts"),
    ("R&amp;D query for Ms Abebe", "R&amp;D query for [NAME]"),
]

ORDINARY = [
    "Crohn's disease vs Whipple procedure, S52.501A with I10",
    "DRG 871 vs 872, CPT 99223-26, NDC 00002-8215-01, NPI 1234567893, LOINC 718-7",
    "RR-2F7KQ, rv-1042, FL-CDFGH and roi-7mn4p are mine",
    "due 1/23/2026, effective 10/1/2026, audit 6/1/2026 to 6/30/2026",
    "shift 0700-1930, room 412 bed 2, 5 North Tele",
    "Dr. Okonkwo and surgeon Patel have not signed; Stein MD has",
    "thanks Keisha, ask Tom in CDI, Brenda from registration is fixing it",
    "Brenda Castillo should see this",
    "<@U012AB3CD> in <#C02AB3CD4|coding-questions>: <https://www.cms.gov/icd10m|manual>",
    "call 1-800-555-0199 about $14,220.18",
    "89 y/o and 90+ on the list, 90 day global, over 95 days",
    "no names or MRNs here, the SSN field is blank",
    "Texas is 15 business days",
]


@pytest.mark.parametrize(("text", "redacted"), REDACTED)
def test_a_specialist_sees_the_identifier_replaced_and_the_rest_kept(guard: Guard, text: str, redacted: str) -> None:
    assert guard.redact(text, guard.scan(text)) == redacted


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_work_is_not_held_up(guard: Guard, text: str) -> None:
    assert guard.redact(text, guard.scan(text)) == text
