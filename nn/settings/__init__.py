"""What settings may be: counts, ranges, seeds, and names from elsewhere."""
