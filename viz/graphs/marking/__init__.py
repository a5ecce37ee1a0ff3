"""What is to be seen of boxes: results, what is stale or not finite, and paths."""
