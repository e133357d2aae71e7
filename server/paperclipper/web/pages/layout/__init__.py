"""What all pages share: the shell, errors, forms, filters, redirects, the undo line."""
