"""Plots of what a model says, beside what is right."""
