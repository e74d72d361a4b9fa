"""What left the site, as pages show it."""

from django.db.models import F, Func, IntegerField, QuerySet

from agency.models import Agency
from influencers.models import DataExport


def export_rows(agency: Agency) -> QuerySet[DataExport]:
    """The exports with `size`, how many creators were in each, newest first; the ids themselves are not read."""
    size = Func(F("influencer_ids"), function="cardinality", output_field=IntegerField())
    exports = DataExport.objects.filter(agency=agency).annotate(size=size)
    return exports.select_related("made_by").defer("influencer_ids").order_by("-pk")
