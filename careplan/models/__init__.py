"""Tables and relationships, by noun."""

from careplan.models.access import AuditEvent, AuditEventPatient, AuditSeal, KioskCode, LoginAttempt, LoginSession
from careplan.models.content import ContentVersion
from careplan.models.licences import Licence
from careplan.models.needs import Activity, AreaLevel, Goal, NeedsAssessment
from careplan.models.people import (
    Account,
    CareTeamMember,
    Identifier,
    Membership,
    Patient,
    Person,
    Practitioner,
    Provider,
    Share,
    Unit,
)
from careplan.models.plans import Appointment, CarePlan, Chapter, PlanEvent, PlanRevision, TemplateDecision
from careplan.models.questionnaires import (
    CallNotice,
    Draft,
    DraftAnswer,
    QuestionnaireRequest,
    QuestionnaireResponse,
    ResponseAnswer,
    Score,
    Transcript,
    TranscriptReading,
)
from careplan.models.summaries import TreatmentSummary, TreatmentSummaryDraft
from careplan.models.tasks import Absence, Flag, OutboxMessage, Task

__all__ = [
    "Absence",
    "Account",
    "Activity",
    "Appointment",
    "AreaLevel",
    "AuditEvent",
    "AuditEventPatient",
    "AuditSeal",
    "CallNotice",
    "CarePlan",
    "CareTeamMember",
    "Chapter",
    "ContentVersion",
    "Draft",
    "DraftAnswer",
    "Flag",
    "Goal",
    "Identifier",
    "KioskCode",
    "Licence",
    "LoginAttempt",
    "LoginSession",
    "Membership",
    "NeedsAssessment",
    "OutboxMessage",
    "Patient",
    "Person",
    "PlanEvent",
    "PlanRevision",
    "Practitioner",
    "Provider",
    "QuestionnaireRequest",
    "QuestionnaireResponse",
    "ResponseAnswer",
    "Score",
    "Share",
    "Task",
    "TemplateDecision",
    "Transcript",
    "TranscriptReading",
    "TreatmentSummary",
    "TreatmentSummaryDraft",
    "Unit",
]
