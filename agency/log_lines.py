"""Log lines without anybody's words: what a person typed or is called must not outlive them in a log."""

import logging
import traceback
from types import TracebackType

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
# Their messages speak of programs, files and networks. All others may hold a value: a name in a row that could not be stored.
PLAIN_SPEAKING = (OSError, OperationalError, ImproperlyConfigured, ImportError)


def said(error: BaseException) -> str:
    """The error's class, with its message only where that cannot hold what people typed; a database's error with its code."""
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    if isinstance(error, PLAIN_SPEAKING):
        return f"{name}: {str(error).partition(chr(10))[0]}"
    diagnosis = getattr(getattr(error, "__cause__", None) or error, "diag", None)
    facts = [getattr(diagnosis, fact, None) for fact in ("sqlstate", "constraint_name")]
    return f"{name}: {' '.join(filter(None, facts))}" if any(facts) else name


class PlainLines(logging.Formatter):
    """Formats tracebacks as places in our code; the messages of errors are left out, and what Celery copies of them too."""

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - logging's own name
        _kind, error, _trace = ei
        lines: list[str] = []
        while error is not None:
            places = [
                f'  File "{at.filename}", line {at.lineno}, in {at.name}\n'
                for at in traceback.extract_tb(error.__traceback__)
            ]
            lines = ["".join(places) + said(error), *lines]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nthen\n".join(lines)

    def format(self, record: logging.LogRecord) -> str:
        # The text may have been made by a formatter of somebody else (the handler of mails to admins).
        record.exc_text = None
        context = record.args
        if record.exc_info and record.exc_info[1] and isinstance(context, dict) and "exc" in context:
            hidden = {"exc": said(record.exc_info[1]), "traceback": ""}
            record = logging.makeLogRecord(
                {**record.__dict__, "args": (), "msg": str(record.msg) % {**context, **hidden}}
            )
        text = super().format(record)
        record.exc_text = None
        return text
