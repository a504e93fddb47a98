"""What the API does: its routes, tokens and limits, its objects and their runs."""
