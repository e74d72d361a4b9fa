"""The Celery application. Its settings and the whole beat schedule stand in `agency/settings.py`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.settings")

app = Celery("meso")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
