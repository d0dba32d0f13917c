"""The one document of a call: immutable, versioned, complete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from speechqa.core.accommodation import Accommodation
from speechqa.core.correction import CorrectedTurn
from speechqa.core.dialogue import Dialogue, RoleAssignment
from speechqa.core.finding import Evidence, Finding, Tally
from speechqa.core.incidents import ExcusedVerdict, Incident
from speechqa.core.recording import Recording
from speechqa.core.source import CallMetadata
from speechqa.core.stress import StressCurve
from speechqa.core.transcript import Transcript
from speechqa.core.value import Value

SCHEMA_VERSION = 1


class Signal(Value, frozen=True, kw_only=True):
    """Something about the call or the customer that is never scored against the agent.

    `value` is None when it could not be told.
    """

    value: bool | None
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""


class PartedSignal(Signal, frozen=True, kw_only=True):
    """A signal that has parts: those that were found, in the order in which they are quoted."""

    parts: tuple[str, ...] = ()


class Carp(PartedSignal, frozen=True, kw_only=True):
    """The steps an agent kept towards an upset customer: Control, Acknowledge, Refocus, Problem-solve.

    Attributes
    ----------
    in_order : bool or None
        Whether those that were kept come in that order; None where there was no occasion, or it is unknown.
    gaps_s : tuple of float or None
        Seconds from the complaint to the first step, and from each step to the next; None without times.
    """

    in_order: bool | None = None
    gaps_s: tuple[float | None, ...] = ()


OTHER_REASON: Final = "other"
"""The reason of a call whose words no list of reasons knows: found by it, but shown as no finding."""


class ContactReason(Value, frozen=True, kw_only=True):
    """What the customer calls about: the rubric's name of it, `other` where no list knows the words."""

    reason: str
    said: Evidence | None = None


Deed = Literal["call", "visit", "money", "goods", "word"]
"""What a promise is of: to ring, to come, to pay back, to deliver, to write."""


class Promise(Value, frozen=True, kw_only=True):
    """What somebody says will be done after the call, and the words that say by when; None where none do.

    `deed` is what is to be done, None where no phrase tells.
    """

    who: str
    what: Evidence
    when: Evidence | None = None
    deed: Deed | None = None


class PromiseNews(Value, frozen=True, kw_only=True):
    """What somebody says became of something awaited: `done` or not; `deed` is None where they name none.

    Which promise of an earlier call is meant, if any, only a customer's other calls can tell.
    """

    done: bool
    said: Evidence
    deed: Deed | None = None


class StageSign(Value, frozen=True, kw_only=True):
    """A sign of how near the customer is to leaving.

    Attributes
    ----------
    stage : int
        1 stays after all; 2 thawing: hurt, without a threat; 3 against us: decided, or looking at others;
        4 mainly elsewhere; 5 settled elsewhere.
    kind : str
        What was said: the name of the phrase list, or `churn_risk` for the signal of that name.
    """

    stage: int
    kind: str
    said: Evidence


Subject = Literal["product", "service", "staff", "billing", "delivery", "waiting", "policy"]
"""What a complaint is about."""


class ComplaintSubject(Value, frozen=True, kw_only=True):
    """What a complaint is about, and the words that tell."""

    about: Subject
    said: Evidence


class Cause(Value, frozen=True, kw_only=True):
    """Who gave cause for a complaint: how an agent behaved, or the organisation; with the words that tell."""

    by: Literal["agent", "organisation", "unknown"]
    said: tuple[Evidence, ...] = ()


class ChurnReason(Value, frozen=True, kw_only=True):
    """Why the customer may leave, and how near they are to it in this call.

    `stage` is the highest of this call's `stage_signs`, 2 to 5.
    """

    reason: Literal["product", "price", "indifference", "unknown"]
    stage: int
    said: tuple[Evidence, ...] = ()


CustomerType = Literal["angry", "demanding", "confused", "passive_aggressive", "manipulative"]


class TypeSign(Value, frozen=True, kw_only=True):
    """A sign of how the customer behaves in this call; it says nothing of the person."""

    kind: CustomerType
    said: Evidence


class Signals(Value, frozen=True, kw_only=True):
    """All signals of a call.

    `form_demanded_to_cancel` says that a form, a fax, a letter or a visit was asked for; whether it may be is
    not judged. `promises` is None when it could not be told whether any were made, `promise_news`,
    `stage_signs`, `complaint_subjects`, `customer_type_signs`, `compensation_sums` and `contact_reason` when
    what the parties say is not known. `cause` is None where nobody is known to complain, `churn_reason` where
    nobody is known to be leaving. `customer_type` names the kinds of `customer_type_signs`.
    """

    complaint: Signal = Signal(value=None)
    churn_risk: Signal = Signal(value=None)
    public_or_legal_threat: Signal = Signal(value=None)
    satisfaction_expressed: Signal = Signal(value=None)
    form_demanded_to_cancel: Signal = Signal(value=None)
    customer_type: tuple[str, ...] = ()
    promises: tuple[Promise, ...] | None = None
    promise_news: tuple[PromiseNews, ...] | None = None
    stage_signs: tuple[StageSign, ...] | None = None
    manager_request: Signal = Signal(value=None)
    compensation_asked: Signal = Signal(value=None)
    compensation_offered: Signal = Signal(value=None)
    not_in_authority: Signal = Signal(value=None)
    silent_dissatisfaction: Signal = Signal(value=None)
    courtesy_under_provocation: Signal = Signal(value=None)
    complaint_subjects: tuple[ComplaintSubject, ...] | None = None
    cause: Cause | None = None
    churn_reason: ChurnReason | None = None
    compensation_sums: tuple[Evidence, ...] | None = None
    customer_type_signs: tuple[TypeSign, ...] | None = None
    contact_reason: ContactReason | None = None
    carp: Carp = Carp(value=None)
    chunking: Signal = Signal(value=None)
    feel_felt_found: PartedSignal = PartedSignal(value=None)
    humour: Signal = Signal(value=None)


class ListenTo(Value, frozen=True, kw_only=True):
    """A place a supervisor should listen to, and why; a larger `weight` comes first."""

    reason: str
    weight: int
    start: float | None = None


class Provenance(Value, frozen=True, kw_only=True):
    """What made the document. `run_id` and `created_at` alone differ between two runs on the same input.

    `settings` are all settings by name, `input_digest` the digest of what else the call was analysed from:
    the words' source, the manifest's row, where the parties lie; None where the call is in no batch.
    `diarizer` names what told parties on one channel apart, None where none was needed or there was none.
    `embeddings` names the model that found by meaning what phrases do not, None without one.
    `judged_with` is the version of speechqa that judged, where that is not the one that heard the call.
    `act_model` names the model that told speech acts, with the SHA-256 of its file; `turn_model` and
    `verdict_model` those that read turns and verdicts a second time, None where the rubric goes by its rules
    alone. `incidents_digest` is the SHA-256 over the `incidents` of the document, None without any.
    `judging_code` is the SHA-256 of the code that judged: two states of one version differ in it.
    """

    speechqa: str
    rubric: str
    rubric_digest: str
    settings_digest: str
    model_digest: str | None
    profile: str
    run_id: str
    created_at: str
    settings: Mapping[str, str | int | float | bool | None] = msgspec.field(default_factory=dict)
    input_digest: str | None = None
    diarizer: str | None = None
    judged_with: str | None = None
    act_model: str | None = None
    turn_model: str | None = None
    verdict_model: str | None = None
    embeddings: str | None = None
    judging_code: str | None = None
    incidents_digest: str | None = None


class CallAnalysis(Value, frozen=True, kw_only=True, tag_field="status", tag="done"):
    """Everything known about one analysed call.

    `duration` is in seconds, as the recording or the transcript says. `uncorrected_roles` are the roles as
    they were found, where a person has corrected them since. `corrected_turns` are the turns whose words a
    person has corrected, with what the machine heard. `accommodation` is None where it is turned off and for
    a transcript alone. `incidents` are those of the organisation that a file told of near the call's time,
    `excused` the verdicts they made not applicable, each with what it would have been.
    """

    call_id: str
    path: str | None
    provenance: Provenance
    schema_version: int = SCHEMA_VERSION
    metadata: CallMetadata = CallMetadata()
    recording: Recording | None = None
    transcript: Transcript | None = None
    roles: Mapping[str, RoleAssignment] = msgspec.field(default_factory=dict)
    uncorrected_roles: Mapping[str, RoleAssignment] = msgspec.field(default_factory=dict)
    corrected_turns: tuple[CorrectedTurn, ...] = ()
    duration: float | None = None
    dialogue: Dialogue | None = None
    stress: Mapping[str, StressCurve] = msgspec.field(default_factory=dict)
    accommodation: Accommodation | None = None
    findings: tuple[Finding, ...] = ()
    signals: Signals = Signals()
    scores: Mapping[str, Tally] = msgspec.field(default_factory=dict)
    listen_to: tuple[ListenTo, ...] = ()
    notices: tuple[str, ...] = ()
    incidents: tuple[Incident, ...] = ()
    excused: tuple[ExcusedVerdict, ...] = ()


class Failure(Value, frozen=True, kw_only=True):
    """Why a call could not be analysed, in the words of the error's class."""

    type: str
    message: str
    hint: str | None = None


class FailedCall(Value, frozen=True, kw_only=True, tag_field="status", tag="failed"):
    """The document of a call that could not be analysed."""

    call_id: str
    path: str | None
    error: Failure
    schema_version: int = SCHEMA_VERSION
    metadata: CallMetadata = CallMetadata()


Document = CallAnalysis | FailedCall
