"""Scheduling: scalar nodes -> groups of like nodes -> array instructions."""

from autograd.compiler.scheduling.schedule import scheduled

__all__ = ["scheduled"]
