"""Gradients in a drawing beside numeric ones."""
