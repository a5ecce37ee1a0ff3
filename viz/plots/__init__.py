"""Plots: of training and of what was learned, and of the mathematics that it rests on.

Every function gives a matplotlib figure of its own, or draws where `ax=` says, and touches none of
matplotlib's global state, so it works without a screen. With `theme=` it is light or dark; if that
is not said, light, or what suits the figure that `ax` is of. Colours come with a second mark
(dashes, markers, words), so that the plots can be read in greyscale.
"""

try:
    from viz.plots.course.activations import activation_functions
    from viz.plots.course.descent import optimizer_paths
    from viz.plots.course.distributions import distribution
    from viz.plots.course.functions import function_plot
    from viz.plots.course.landscape import hill
    from viz.plots.course.means import running_means
    from viz.plots.predicted.boundary import decision_boundary
    from viz.plots.predicted.confusion import confusion
    from viz.plots.predicted.digits import misread_digits
    from viz.plots.predicted.images import images
    from viz.plots.predicted.predictions import predictions
    from viz.plots.predicted.regression import regression_line
    from viz.plots.training.attention import attention_pattern
    from viz.plots.training.curves import training_curves
    from viz.plots.training.histograms import activation_histograms, gradient_histograms
    from viz.plots.training.rates import learning_rate_curve
    from viz.plots.training.weights import weight_images
except ModuleNotFoundError as error:
    if str(error.name).partition(".")[0] != "matplotlib":
        raise
    raise ModuleNotFoundError(
        "plots need matplotlib, which is not installed: pip install 'chainrule[plots]'",
        name="matplotlib",
    ) from error

__all__ = [
    "activation_functions",
    "activation_histograms",
    "attention_pattern",
    "confusion",
    "decision_boundary",
    "distribution",
    "function_plot",
    "gradient_histograms",
    "hill",
    "images",
    "learning_rate_curve",
    "misread_digits",
    "optimizer_paths",
    "predictions",
    "regression_line",
    "running_means",
    "training_curves",
    "weight_images",
]
