"""The HTTP interface. Each view parses the request, calls one service and builds the response.

This package contains no SQL and no Whoosh code.
"""
