"""The picture of a project that a lead has to become: six pieces, and what else is wanted to work on it. Pure."""

from __future__ import annotations

from tracker.leads.models import Lead
from tracker.leads.unnamed import is_unnamed

PIECES = ("owner", "designer", "contractor", "area", "materials", "dates")
"""The pieces that the score card counts (its criterion `puzzle`), in the order in which they are asked for."""
BESIDE = ("name", "place", "address", "kind", "value", "evidence", "responsible")
"""What else is wanted, though it is no piece."""
ROLES = {
    "owner": frozenset({"owner", "agent_builder"}),
    "designer": frozenset({"concept_designer", "design_institute", "interior_designer"}),
    "contractor": frozenset({"main_contractor", "fitout_contractor"}),
}
"""In which roles a firm is such a piece."""


def known_pieces(lead: Lead) -> set[str]:
    """Those of PIECES that are known. The lead's `parties` and `categories` must be loaded."""
    roles = {row.role for row in lead.parties}
    known = {piece for piece, fitting in ROLES.items() if roles & fitting}
    facts = {
        "owner": lead.developer_id,
        "area": lead.area,
        "materials": lead.categories,
        "dates": lead.starts_on or lead.finishes_on,
    }
    return known | {piece for piece, value in facts.items() if value}


def missing_pieces(lead: Lead) -> list[str]:
    """Those of PIECES and BESIDE that are not known yet, in their order."""
    beside = {
        "name": not is_unnamed(lead.name),
        "place": lead.latitude is not None,
        "address": lead.address,
        "kind": lead.kind,
        "value": lead.value,
        "evidence": not lead.owes_evidence,
        "responsible": lead.owner_id,
    }
    known = known_pieces(lead) | {name for name, value in beside.items() if value}
    return [name for name in (*PIECES, *BESIDE) if name not in known]
