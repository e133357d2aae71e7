"""The session cookie for the HTML pages."""

from flask import Response, request

from paperclipper.services.access import libraries, sessions

_SESSION_SECONDS = int(sessions.SESSION_LIFETIME.total_seconds())


def set_session_cookie(response: Response, secret: str) -> None:
    """Set the session cookie."""
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
    """Delete the session cookie."""
    response.delete_cookie(session_cookie_name(), path="/", httponly=True, samesite="Lax")


def session_cookie_name() -> str:
    """Return the cookie's name. It includes the server's id, because all ports of a host share cookies:
    several servers on one machine would otherwise overwrite each other's.
    """
    return f"paperclipper-{libraries.instance_id()[:8]}"
