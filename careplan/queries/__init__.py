"""What to show: read-only selects, each shaped for one page."""
