"""One line a log record, readable in a terminal or as JSON; control characters are escaped."""

import logging

import structlog


def formatter(style: str = "console") -> logging.Formatter:
    """Return the formatter of the given style, "console" or "json"."""
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _one_line,
        ],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )


def _one_line(_logger: object, _name: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """Escape what could forge a second line (reliability.md 66e)."""
    event["event"] = "".join(c if c.isprintable() else repr(c)[1:-1] for c in str(event["event"]))
    return event
