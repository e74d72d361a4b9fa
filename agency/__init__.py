"""The project package and base app: settings, people, agencies, brands, and who may see what."""

from agency.celery import app as celery_app

__all__ = ["celery_app"]
