"""Tables and relationships, by noun."""

from careplan.models.access import (
    AuditEvent,
    AuditEventPatient,
    AuditSeal,
    Block,
    BlockOpening,
    KioskCode,
    LoginAttempt,
    LoginSession,
)
from careplan.models.asked import FormPause
from careplan.models.content import ContentDraft, ContentVersion, Publication
from careplan.models.documents import Document
from careplan.models.handovers import Handover
from careplan.models.kept import KeptPage
from careplan.models.licences import Licence
from careplan.models.messages import Letter, Message, Thread, ThreadRead, UnsentMessage
from careplan.models.needs import Activity, AreaLevel, Goal, NeedsAssessment
from careplan.models.offers import PlanOffer
from careplan.models.own import ActivityReport, ContactWish, OwnEvent, PatientNote
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
    ShareInvitation,
    Unit,
)
from careplan.models.plans import (
    Appointment,
    CarePlan,
    Chapter,
    PlanEvent,
    PlanRead,
    PlanRevision,
    StoredChapter,
    TemplateDecision,
)
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
from careplan.models.rehabilitation import RecordedCode, Referral, RehabilitationAnswer, RehabilitationRevision
from careplan.models.rules import RuleTrial, RuleVersion
from careplan.models.summaries import TreatmentSummary, TreatmentSummaryDraft
from careplan.models.tasks import Absence, Alarm, Flag, OutboxMessage, Task

__all__ = [
    "Absence",
    "Account",
    "Activity",
    "ActivityReport",
    "Alarm",
    "Appointment",
    "AreaLevel",
    "AuditEvent",
    "AuditEventPatient",
    "AuditSeal",
    "Block",
    "BlockOpening",
    "CallNotice",
    "CarePlan",
    "CareTeamMember",
    "Chapter",
    "ContactWish",
    "ContentDraft",
    "ContentVersion",
    "Document",
    "Draft",
    "DraftAnswer",
    "Flag",
    "FormPause",
    "Goal",
    "Handover",
    "Identifier",
    "KeptPage",
    "KioskCode",
    "Letter",
    "Licence",
    "LoginAttempt",
    "LoginSession",
    "Membership",
    "Message",
    "NeedsAssessment",
    "OutboxMessage",
    "OwnEvent",
    "Patient",
    "PatientNote",
    "Person",
    "PlanEvent",
    "PlanRead",
    "PlanOffer",
    "PlanRevision",
    "Practitioner",
    "Provider",
    "Publication",
    "QuestionnaireRequest",
    "QuestionnaireResponse",
    "RecordedCode",
    "Referral",
    "RehabilitationAnswer",
    "RehabilitationRevision",
    "ResponseAnswer",
    "RuleTrial",
    "RuleVersion",
    "Score",
    "Share",
    "ShareInvitation",
    "StoredChapter",
    "Task",
    "TemplateDecision",
    "Thread",
    "ThreadRead",
    "Transcript",
    "TranscriptReading",
    "TreatmentSummary",
    "TreatmentSummaryDraft",
    "Unit",
    "UnsentMessage",
]
