"""What all routes share: the request guard, problem details, ETags, strict JSON."""
