"""The one path: tune, validate, report; the only place where wings meet."""
