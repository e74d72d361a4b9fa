"""Everything that changes campaigns and bookings. Nothing else writes claims or moves a state."""

from campaigns.services.absences import record_unavailability, remove_unavailability
from campaigns.services.briefs import record_client_brief
from campaigns.services.campaigns import create_campaign, update_campaign
from campaigns.services.clashes import accept_clash
from campaigns.services.clauses import add_clause, remove_clause, update_clause
from campaigns.services.collaborations import (
    add_to_line_up,
    move_collaboration,
    moves_from,
    shift_collaboration,
    update_collaboration,
)
from campaigns.services.deliverables import add_deliverable, drop_deliverable, update_deliverable
from campaigns.services.line_up import add_many_to_line_up

__all__ = [
    "accept_clash",
    "add_clause",
    "add_deliverable",
    "add_many_to_line_up",
    "add_to_line_up",
    "create_campaign",
    "drop_deliverable",
    "move_collaboration",
    "moves_from",
    "record_client_brief",
    "record_unavailability",
    "remove_clause",
    "remove_unavailability",
    "shift_collaboration",
    "update_campaign",
    "update_clause",
    "update_collaboration",
    "update_deliverable",
]
