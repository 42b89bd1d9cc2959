"""One thing, once, for programs; enrolment has its own operations below ``enrolment/``."""

from __future__ import annotations

from ninja import Router

from yizhantong.zones.onething.enrolment.api import router as enrolment

router = Router(tags=["onething"])
router.add_router("/enrolment", enrolment)
