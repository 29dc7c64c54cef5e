"""Requests for release of information, their history, and the disclosures that came of them."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import (
    FAR_FUTURE,
    Base,
    BigId,
    CatalogueText,
    CleanText,
    Digest,
    GuardedText,
    Reference,
    Slug,
    UtcDateTime,
    Word,
    Words,
)
from storage.indexes import partial_index
from storage.words import (
    AuthorizationStatus,
    DeliveryMethod,
    ExtensionReason,
    PendReason,
    Priority,
    Purpose,
    RequestState,
    RequestType,
    Sensitive,
)

_OPEN = "state NOT IN ('delivered', 'closed', 'denied', 'cancelled', 'returned_to_requester')"
#: Requests whose clock runs, as a literal condition: a bound parameter would keep PostgreSQL from using the partial indexes.
OPEN = sa.text(_OPEN)


class RoiRequest(Base):
    """A request to release information from a record.

    Deadlines are dates in the facility's legal zone, computed by a named rule of a named version from ``received_on``, ``letter_on``, ``letter_due_on`` and
    ``authorization_valid_on``; ``extend_by`` is the last day on which that rule lets it be extended, ``promised_on`` what the extension letter says.
    ``remind_at`` is when the clock looks at it again. ``external_key`` is the keyed hash of the EHR's own key.
    """

    __tablename__ = "roi_requests"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "reference"),
        sa.UniqueConstraint("workspace_id", "external_key"),
        partial_index("ix_roi_requests_remind", _OPEN, "workspace_id", "remind_at", "id"),
        partial_index("ix_roi_requests_due", _OPEN, "workspace_id", "effective_due_on", "id"),
        sa.Index("ix_roi_requests_owner", "workspace_id", "owner_id", "state"),
        sa.Index("ix_roi_requests_record", "workspace_id", "record_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    reference: Mapped[str] = mapped_column(Reference)
    record_id: Mapped[int | None] = mapped_column(sa.ForeignKey("records.id"))
    type: Mapped[RequestType] = mapped_column(Word(RequestType))
    requester_type: Mapped[str | None] = mapped_column(Slug)
    purpose: Mapped[Purpose | None] = mapped_column(Word(Purpose))
    purpose_note: Mapped[CleanText | None] = mapped_column(GuardedText)
    facility: Mapped[str | None] = mapped_column(Slug)
    legal_state: Mapped[str | None] = mapped_column(Slug)
    state: Mapped[RequestState] = mapped_column(Word(RequestState))
    resumes_to: Mapped[RequestState | None] = mapped_column(Word(RequestState))
    pend_reason: Mapped[PendReason | None] = mapped_column(Word(PendReason))
    received_on: Mapped[date] = mapped_column(sa.Date)
    letter_on: Mapped[date | None] = mapped_column(sa.Date)
    letter_due_on: Mapped[date | None] = mapped_column(sa.Date)
    due_rule: Mapped[str] = mapped_column(Slug)
    due_rule_version: Mapped[str] = mapped_column(Slug)
    due_source: Mapped[str] = mapped_column(CatalogueText)
    due_verified: Mapped[bool] = mapped_column(sa.Boolean)
    due_on: Mapped[date] = mapped_column(sa.Date)
    effective_due_on: Mapped[date] = mapped_column(sa.Date)
    internal_target_on: Mapped[date | None] = mapped_column(sa.Date)
    extend_by: Mapped[date | None] = mapped_column(sa.Date)
    extended: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    extended_on: Mapped[date | None] = mapped_column(sa.Date)
    extension_reason: Mapped[ExtensionReason | None] = mapped_column(Word(ExtensionReason))
    promised_on: Mapped[date | None] = mapped_column(sa.Date)
    authorization: Mapped[AuthorizationStatus] = mapped_column(Word(AuthorizationStatus))
    authorization_valid_on: Mapped[date | None] = mapped_column(sa.Date)
    authorization_expires_on: Mapped[date | None] = mapped_column(sa.Date)
    sensitive: Mapped[tuple[Sensitive, ...]] = mapped_column(Words(Sensitive), default=())
    sensitive_authorized: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    accounting_required: Mapped[bool | None] = mapped_column(sa.Boolean)
    delivery_method: Mapped[DeliveryMethod | None] = mapped_column(Word(DeliveryMethod))
    priority: Mapped[Priority] = mapped_column(Word(Priority))
    pages: Mapped[int | None] = mapped_column(sa.Integer)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    prepared_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    checked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remind_at: Mapped[datetime] = mapped_column(UtcDateTime, default=FAR_FUTURE)
    external_key: Mapped[str | None] = mapped_column(Digest)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RequestHistory(Base):
    """One step of a request."""

    __tablename__ = "request_history"
    __table_args__ = (sa.Index("ix_request_history_request", "workspace_id", "request_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("roi_requests.id"))
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    from_state: Mapped[RequestState | None] = mapped_column(Word(RequestState))
    to_state: Mapped[RequestState] = mapped_column(Word(RequestState))
    reason: Mapped[PendReason | None] = mapped_column(Word(PendReason))
    note: Mapped[CleanText | None] = mapped_column(GuardedText)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Disclosure(Base):
    """One line of the accounting of disclosures: when, to what kind of recipient, what, why. Kept six years (45 CFR 164.528)."""

    __tablename__ = "disclosures"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "request_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    record_id: Mapped[int | None] = mapped_column(sa.ForeignKey("records.id"), index=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("roi_requests.id"))
    type: Mapped[RequestType] = mapped_column(Word(RequestType))
    purpose: Mapped[Purpose | None] = mapped_column(Word(Purpose))
    recipient_type: Mapped[str | None] = mapped_column(Slug)
    delivery_method: Mapped[DeliveryMethod | None] = mapped_column(Word(DeliveryMethod))
    pages: Mapped[int | None] = mapped_column(sa.Integer)
    disclosed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disclosed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))


class DueRuleVersion(Base):
    """The rules of deadlines as they stood at one time, whole. ``number`` counts what admins changed here, from 1; 0 is what the program brought along.

    Requests name the ``version`` they were reckoned by, so a version is never changed or removed. ``reckon_after`` is set while open requests are reckoned
    anew by it: the key of the last one done, None when there is nothing to do.
    """

    __tablename__ = "due_rule_versions"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "version"),
        partial_index("ix_due_rule_versions_number", "number > 0", "workspace_id", "number", unique=True),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    version: Mapped[str] = mapped_column(Slug)
    document: Mapped[str] = mapped_column(CatalogueText)
    rule_id: Mapped[str | None] = mapped_column(Slug)
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    why: Mapped[CleanText | None] = mapped_column(GuardedText)
    reckon_after: Mapped[int | None] = mapped_column(BigId)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
