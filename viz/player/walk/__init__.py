"""A forward and a backward pass as steps, in words and numbers."""
