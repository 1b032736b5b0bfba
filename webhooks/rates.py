"""How often somebody may ask: limits stand on single views, and each is checked by its own view."""

from __future__ import annotations

from flask_limiter import Limiter


class Rates(Limiter):
    """Flask-Limiter without its look before every request for limits of applications and
    blueprints, of which there are none here: it was a fifth of what a public list costs."""

    def _check_request_limit(
        self, callable_name: str | None = None, in_middleware: bool = True
    ) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)
