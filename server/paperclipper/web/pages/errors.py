"""An error as a page: what is, and the way back."""

from flask import render_template


def render(status: int, title: str, detail: str) -> str:
    """The page for an error that ends a request."""
    return render_template("error.html", status=status, title=title, detail=detail)
