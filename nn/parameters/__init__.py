"""Parameters: Values that are trained, and the vector in which their numbers lie."""
