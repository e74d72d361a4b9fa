"""Pages of short lists; long ones (the roster) page by cursor and fill the same component."""

from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)
PAGE_SIZE = 50


def page_of(request: HttpRequest, rows: QuerySet[M], size: int = PAGE_SIZE) -> "Page[M]":
    """The page that `?page=` asks for; the nearest one when there is no such page."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def pager_links(request: HttpRequest, page: "Page[Any]") -> dict[str, str]:
    """What `components/pager.html` needs: addresses that keep every filter; empty where there is nothing to go to."""

    def link(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return f"{request.path}?{query.urlencode()}"

    last = page.paginator.num_pages
    return {
        "first_url": link(1) if page.has_previous() else "",
        "previous_url": link(page.previous_page_number()) if page.has_previous() else "",
        "next_url": link(page.next_page_number()) if page.has_next() else "",
        "last_url": link(last) if page.has_next() else "",
    }
