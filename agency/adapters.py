"""How allauth is bent to our rules: nobody signs up without an invitation."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Sign-up is closed; an account is made by accepting an invitation (`agency.services.accept_invitation`)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
