"""Code shared by all routes: the request guard, problem details, ETags and strict JSON."""
