"""How a page says no without losing what was typed."""

from django import forms

from agency.errors import Refused


def tell(form: forms.BaseForm, refusal: Refused) -> int:
    """Put the sentence on top of the form; the answer's status is 409."""
    form.add_error(None, str(refusal))
    return 409
