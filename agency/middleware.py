"""Redirects as htmx understands them."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect, HttpResponseLocation


class HtmxRedirectMiddleware:
    """Turns a redirect into HX-Location, and one to the login page into HX-Redirect, so that no login form lands in a table."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        htmx = getattr(request, "htmx", None)
        if htmx and response.status_code in {301, 302, 303}:
            response = self.redirect(request, response)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def redirect(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        target = response["Location"]
        login = resolve_url(settings.LOGIN_URL)
        if urlsplit(target).path == login:
            page = getattr(request, "htmx", None) and request.htmx.current_url_abs_path  # type: ignore[attr-defined]
            answer: HttpResponse = HttpResponseClientRedirect(f"{login}?{urlencode({'next': page or '/'})}")
        else:
            answer = HttpResponseLocation(target)
        answer.cookies = response.cookies
        return answer
