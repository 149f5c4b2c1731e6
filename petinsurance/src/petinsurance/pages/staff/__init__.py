"""The staff console: find and see persons of each category, one module a category."""
