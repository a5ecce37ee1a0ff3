"""Compiled functions as pictures: scalars beside the lines they became."""
