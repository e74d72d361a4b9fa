"""One look per collaboration of a line-up: does it hold, would it fit, does something stand against it."""

from collections.abc import Sequence
from enum import StrEnum

from agency.errors import Refused
from campaigns.claims.derive import Row, Surroundings, collaboration_rows, holds
from campaigns.claims.obstacles import met
from campaigns.models import Clash, Collaboration

ENDED = {Collaboration.State.DECLINED, Collaboration.State.CANCELLED}


class Light(StrEnum):
    HOLDS = "holds"
    FREE = "free"
    TAKEN = "taken"
    CLASH = "clash"
    UNKNOWN = "unknown"
    NONE = "none"


def lights_of(collaborations: Sequence[Collaboration]) -> dict[int, Light]:
    """The light of each collaboration, by id. They were read with `with_everything`; one question to the database for all."""
    found: dict[int, Light] = {}
    rows: list[Row] = []
    asked_by: list[int] = []
    surroundings = {each.agency_id: Surroundings(each.agency_id) for each in collaborations}
    for each in collaborations:
        if holds(each):
            found[each.pk] = Light.HOLDS
        elif each.state in ENDED:
            found[each.pk] = Light.NONE
        else:
            try:
                asked = collaboration_rows(each, surroundings[each.agency_id], as_booked=True)
            except Refused:
                found[each.pk] = Light.UNKNOWN  # without a category nobody can say
                continue
            found[each.pk] = Light.FREE
            rows += asked
            asked_by += [each.pk] * len(asked)
    for meeting in met(rows):
        found[asked_by[meeting.line]] = Light.TAKEN
    open_clashes = Clash.objects.filter(collaboration__in=found, state=Clash.State.OPEN)
    return found | dict.fromkeys(open_clashes.values_list("collaboration_id", flat=True), Light.CLASH)
