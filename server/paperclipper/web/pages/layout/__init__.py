"""Code shared by all pages: template context, errors, forms, filters, redirects and the undo line."""
