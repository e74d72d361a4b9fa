"""Sessions that hold a word of an erased person: their messages and whatever else names them go."""

import re

from django.contrib.sessions.models import Session

from influencers.protection.words import PersonWords


def delete_sessions_with(words: PersonWords) -> int:
    """Ends every session whose content names the person; returns how many. Who is affected logs in again.

    Sessions are few (a user has one for each browser) and are kept encoded, so each is read.
    """
    named = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words.spellings), re.IGNORECASE)
    found = [session.pk for session in Session.objects.iterator() if named.search(content(session))]
    return Session.objects.filter(pk__in=found).delete()[0]


def content(session: Session) -> str:
    """What pages put into the session; who is logged in is not looked at."""
    return " ".join(str(value) for key, value in session.get_decoded().items() if not key.startswith("_auth"))
