"""Finding and picking the people of a duo."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from agency.models import Agency
from influencers.models import Influencer


class DuoSearchForm(forms.Form):
    """A name, handle, niche or tag of somebody on the roster."""

    q = forms.CharField(label=gettext_lazy("Name or handle"), max_length=200, required=False)

    def found(self, duo: Influencer, most: int) -> list[Influencer]:
        """Creators that match and are not in the duo; nobody without a word to search by."""
        text = self.cleaned_data["q"].strip()
        if not text:
            return []
        others = Influencer.objects.filter(agency_id=duo.agency_id).exclude(pk=duo.pk).exclude(duos=duo)
        return list(others.matching(text).order_by("sort_name", "pk")[:most])


class MemberForm(forms.Form):
    """One creator of the agency who comes into the duo or leaves it."""

    member = forms.ModelChoiceField(queryset=Influencer.objects.none())
    is_leaving = forms.BooleanField(required=False)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member = self.fields["member"]
        assert isinstance(member, forms.ModelChoiceField)  # noqa: S101 - tells mypy what the class says
        member.queryset = Influencer.objects.filter(agency=agency)
