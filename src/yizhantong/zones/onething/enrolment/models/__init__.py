"""What enrolment keeps: seasons with schools and catchments, registers to compare with, what was handed in, who got which place."""

from yizhantong.zones.onething.enrolment.models.applications import Child, Intake
from yizhantong.zones.onething.enrolment.models.places import Batch, Placement
from yizhantong.zones.onething.enrolment.models.registers import (
    HouseholdEntry,
    InsuranceEntry,
    PermitEntry,
    PropertyEntry,
    PupilEntry,
    VaccinationEntry,
)
from yizhantong.zones.onething.enrolment.models.seasons import Catchment, School, Season

__all__ = [
    "Batch",
    "Catchment",
    "Child",
    "HouseholdEntry",
    "InsuranceEntry",
    "Intake",
    "PermitEntry",
    "Placement",
    "PropertyEntry",
    "PupilEntry",
    "School",
    "Season",
    "VaccinationEntry",
]  # fmt: skip
