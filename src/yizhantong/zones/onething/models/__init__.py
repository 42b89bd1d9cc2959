"""What the zone keeps: facts of its ledgers; each module one matter."""

from yizhantong.zones.onething.enrolment.models import (
    Batch,
    Catchment,
    Child,
    HouseholdEntry,
    InsuranceEntry,
    Intake,
    PermitEntry,
    Placement,
    PropertyEntry,
    PupilEntry,
    School,
    Season,
    VaccinationEntry,
)
from yizhantong.zones.onething.models.cosigning import Cosignature
from yizhantong.zones.onething.models.facts import Acceptance, Closing, Package
from yizhantong.zones.onething.models.packages import PackagePart

__all__ = [
    "Acceptance",
    "Batch",
    "Catchment",
    "Child",
    "Closing",
    "Cosignature",
    "HouseholdEntry",
    "InsuranceEntry",
    "Intake",
    "Package",
    "PackagePart",
    "PermitEntry",
    "Placement",
    "PropertyEntry",
    "PupilEntry",
    "School",
    "Season",
    "VaccinationEntry",
]
