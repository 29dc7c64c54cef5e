"""What each type of request asks for: an authorization, the minimum necessary, a line in the accounting of disclosures.

Settings, not legal advice: verify them with your privacy counsel.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storage.words import AuthorizationStatus, RequestType, Sensitive

SOURCE = "45 CFR 164.502(b), 164.506, 164.508, 164.512, 164.524, 164.528; verify with your privacy counsel"


class Accounting(StrEnum):
    """Whether a disclosure goes into the accounting a patient may ask for (45 CFR 164.528)."""

    YES = "yes"
    NO = "no"
    UNDER_WAIVER = "under_waiver"


@dataclass(frozen=True, slots=True)
class TypeRule:
    """What a type of request asks for. ``waiver``: a board's waiver may stand in for the authorization."""

    authorization: bool
    minimum_necessary: bool
    accounting: Accounting
    waiver: bool = False


_PERMITTED = TypeRule(authorization=False, minimum_necessary=True, accounting=Accounting.YES)
_PAYMENT = TypeRule(authorization=False, minimum_necessary=True, accounting=Accounting.NO)
_AUTHORIZED = TypeRule(authorization=True, minimum_necessary=False, accounting=Accounting.NO)
_ACCESS = TypeRule(authorization=False, minimum_necessary=False, accounting=Accounting.NO)

TYPE_RULES: dict[RequestType, TypeRule] = {
    RequestType.PATIENT_ACCESS: _ACCESS,
    RequestType.PATIENT_DIRECTED_THIRD_PARTY: _ACCESS,
    RequestType.CONTINUITY_OF_CARE: _ACCESS,
    RequestType.PAYER_REQUEST: _PAYMENT,
    RequestType.PAYER_ADR: _PAYMENT,
    RequestType.PULL_LIST: _PAYMENT,
    RequestType.BUSINESS_OFFICE: _PAYMENT,
    RequestType.ATTORNEY: _AUTHORIZED,
    RequestType.DISABILITY_SSA: _AUTHORIZED,
    RequestType.LIFE_INSURANCE: _AUTHORIZED,
    RequestType.SUBPOENA: _PERMITTED,
    RequestType.COURT_ORDER: TypeRule(authorization=False, minimum_necessary=False, accounting=Accounting.YES),
    RequestType.WORKERS_COMP: _PERMITTED,
    RequestType.PUBLIC_HEALTH: _PERMITTED,
    RequestType.LAW_ENFORCEMENT: _PERMITTED,
    RequestType.HEALTH_OVERSIGHT: _PERMITTED,
    RequestType.CORONER: _PERMITTED,
    RequestType.RESEARCH: TypeRule(
        authorization=True, minimum_necessary=True, accounting=Accounting.UNDER_WAIVER, waiver=True
    ),
}

#: Content that needs an authorization of its own. A minor, a VIP and an employee are who it is about, not what it says.
NEEDS_OWN_AUTHORIZATION = frozenset(Sensitive) - {Sensitive.MINOR, Sensitive.VIP, Sensitive.EMPLOYEE}


def accounting_demanded(request_type: RequestType, authorization: AuthorizationStatus) -> bool:
    """Whether a disclosure must go into the accounting: never with an authorization, else as its type says."""
    if authorization is AuthorizationStatus.VALID:
        return False
    rule = TYPE_RULES[request_type].accounting
    return rule is Accounting.YES or (rule is Accounting.UNDER_WAIVER and authorization is AuthorizationStatus.WAIVER)


def accounting_by_type(request_type: RequestType) -> bool | None:
    """What the type alone says of the accounting; None where somebody must answer."""
    return {Accounting.YES: True, Accounting.NO: False}.get(TYPE_RULES[request_type].accounting)


def starting_authorization(request_type: RequestType) -> AuthorizationStatus:
    """Where the authorization of a new request stands before anybody looked."""
    needed = TYPE_RULES[request_type].authorization
    return AuthorizationStatus.UNCHECKED if needed else AuthorizationStatus.NOT_REQUIRED
