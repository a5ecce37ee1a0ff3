"""A training as a film, and while it goes on."""
