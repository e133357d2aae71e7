"""Error pages."""


def render(status: int, title: str, detail: str) -> str:
    """A stand-in."""
    return f"{status} {title}: {detail}"
