"""Plots of training: curves, decision boundaries and a page of misread digits.

Every function gives a matplotlib figure of its own and touches none of matplotlib's global
state, so it works without a screen. Colours come with a second mark (dashes, markers), so that
the plots can be read in greyscale.
"""

try:
    from viz.plots.boundary import decision_boundary
    from viz.plots.confusion import confusion
    from viz.plots.curves import training_curves
    from viz.plots.digits import misread_digits
    from viz.plots.predictions import predictions
except ModuleNotFoundError as error:
    if str(error.name).partition(".")[0] != "matplotlib":
        raise
    raise ModuleNotFoundError(
        "plots need matplotlib, which is not installed: pip install 'chainrule[plots]'",
        name="matplotlib",
    ) from error

__all__ = ["confusion", "decision_boundary", "misread_digits", "predictions", "training_curves"]
