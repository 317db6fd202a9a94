"""What somebody of a department would do for a kind of proof in a phase, and which picture would show it."""

from __future__ import annotations

from random import Random

TALKS = (("office_visit", 22), ("call", 26), ("message", 14), ("meeting", 14), ("site_visit", 24))
PHASE_ACTS: dict[str, tuple[tuple[str, int], ...]] = {
    "qualify": (("site_visit", 40), ("progress_photo", 10), ("office_visit", 20), ("call", 20), ("message", 10)),
    "map": (*TALKS, ("executive_visit", 8), ("hospitality", 3), ("reference_tour", 6)),
    "specify": (*TALKS, ("design_presentation", 20), ("technical_exchange", 20), ("sample_delivery", 16)),
    "shortlist": (*TALKS, ("sample_delivery", 20), ("mockup", 14), ("factory_tour", 8), ("technical_exchange", 8)),
    "bid": (("call", 26), ("office_visit", 18), ("quotation", 26), ("internal_review", 14), ("meeting", 16)),
    "contract": (("negotiation", 44), ("call", 20), ("office_visit", 16), ("executive_visit", 8), ("meeting", 12)),
    "deliver": (("delivery_check", 36), ("site_visit", 28), ("call", 12), ("training", 8), ("complaint_handling", 10)),
    "settle": (("reconciliation", 36), ("call", 22), ("office_visit", 18), ("complaint_handling", 12), ("message", 6)),
}  # fmt: skip
BY_EVIDENCE: dict[str, tuple[str, ...]] = {
    "photo": ("site_visit", "progress_photo"),
    "contact": ("office_visit", "meeting"),
    "quote": ("quotation",),
    "note": ("call", "office_visit", "internal_review", "message"),
    "sample": ("sample_delivery",),
}
DOCUMENTS: dict[str, tuple[str, ...]] = {
    "qualify": ("office_visit", "meeting"),
    "map": ("meeting", "office_visit"),
    "specify": ("design_presentation", "technical_exchange"),
    "shortlist": ("technical_exchange", "meeting"),
    "bid": ("bid_submission", "quotation"),
    "contract": ("contract_signing", "negotiation"),
    "deliver": ("delivery_check",),
    "settle": ("reconciliation",),
}
PHOTOS: dict[str, tuple[str, ...]] = {
    "shortlist": ("sample_sealing", "mockup"),
    "deliver": ("delivery_check", "site_visit"),
    "settle": ("site_visit", "complaint_handling"),
}
PAPER_OF: dict[str, dict[str, str]] = {  # which drawn paper shows a proof of this kind, by phase
    "document": {"specify": "drawing", "contract": "contract", "deliver": "receipt"},
    "quote": {},
    "sample": {},
}
PICTURED = frozenset({"site_visit", "progress_photo", "mockup", "delivery_check", "complaint_handling", "training"})


def act_for(random: Random, phase: str, evidence: str | None) -> str:
    """The kind of activity with which somebody gives this kind of evidence (None: no particular one)."""
    if evidence is None:
        kinds, weights = zip(*PHASE_ACTS[phase], strict=True)
        return str(random.choices(kinds, weights)[0])
    if evidence == "document":
        return random.choice(DOCUMENTS[phase])
    if evidence == "photo" and phase in PHOTOS:
        return random.choice(PHOTOS[phase])
    if evidence == "sample" and phase in ("shortlist", "bid", "contract"):
        return "sample_sealing"
    return random.choice(BY_EVIDENCE[evidence])


def paper_for(evidence: str, phase: str) -> str:
    """The drawn paper (see `paper_pictures.PAPERS`) of a proof that is no site photo."""
    return PAPER_OF[evidence].get(phase, evidence)
