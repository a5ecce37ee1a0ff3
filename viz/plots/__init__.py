"""Plots: of training and of what was learned, and of the mathematics that it rests on.

Every function gives a matplotlib figure of its own, or draws where `ax=` says, and touches none of
matplotlib's global state, so it works without a screen. Colours come with a second mark (dashes,
markers, words), so that the plots can be read in greyscale.
"""

try:
    from viz.plots.predicted.boundary import decision_boundary
    from viz.plots.predicted.confusion import confusion
    from viz.plots.predicted.digits import misread_digits
    from viz.plots.predicted.predictions import predictions
    from viz.plots.training.curves import training_curves
except ModuleNotFoundError as error:
    if str(error.name).partition(".")[0] != "matplotlib":
        raise
    raise ModuleNotFoundError(
        "plots need matplotlib, which is not installed: pip install 'chainrule[plots]'",
        name="matplotlib",
    ) from error

__all__ = ["confusion", "decision_boundary", "misread_digits", "predictions", "training_curves"]
