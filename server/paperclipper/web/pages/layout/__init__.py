"""What all pages share: template context, errors, forms, filters, redirects and the undo line."""
