"""Plots of the mathematics: functions and their derivatives, descents, random draws."""
