"""The page that plays, and how it stands in a notebook."""
