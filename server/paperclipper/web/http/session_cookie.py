"""The session cookie of the personal page."""

from flask import Response, request

from paperclipper.services.access import libraries, sessions

_SESSION_SECONDS = int(sessions.SESSION_LIFETIME.total_seconds())


def set_session_cookie(response: Response, secret: str) -> None:
    """Give the browser the session's cookie. Its name tells servers on one machine apart: cookies ignore ports."""
    response.set_cookie(
        session_cookie_name(),
        secret,
        max_age=_SESSION_SECONDS,
        httponly=True,
        samesite="Lax",
        path="/",
        secure=request.is_secure,
    )


def delete_session_cookie(response: Response) -> None:
    """Take the cookie back."""
    response.delete_cookie(session_cookie_name(), path="/", httponly=True, samesite="Lax")


def session_cookie_name() -> str:
    """The session cookie of this installation."""
    return f"paperclipper-{libraries.instance_id()[:8]}"
