import numpy as np
import pytest

from nn import Adam, History, RateCurve
from viz import plots

X = np.array([[0.0, 1.0], [1.0, 0.0]])
HUGE = 1.5e308
TOO_LARGE = {
    "decision_boundary": (lambda points: points[:, 0], X * HUGE, [0, 1]),
    "distribution": ([HUGE, -HUGE],),
    "function_plot": (lambda x: x, (-HUGE, HUGE)),
    "hill": (lambda x, y: x * y, (-HUGE, HUGE)),
    "optimizer_paths": (lambda x, y: x * x + y, (HUGE, 1.0), {"Adam": Adam}),
    "predictions": ([HUGE], [-HUGE]),
    "regression_line": (lambda points: points, [0.0, HUGE], [0.0, 1.5]),
    "running_means": ([HUGE, HUGE],),
}
STILL_DRAWN = {
    "activation_functions": (lambda x: x * 4e307,),
    "activation_histograms": (lambda xs: xs[0] * 1.0, [[HUGE], [-HUGE]]),
    "function_plot": (lambda x: x * 4e307,),
    "hill": (lambda x, y: (x + y) * 4e307,),
    "learning_rate_curve": (RateCurve(np.array([0.1, 1.0, 2.0]), np.array([HUGE, -HUGE, 1.0])),),
    "images": ([[HUGE, -HUGE, np.inf, 0.0]],),
    "misread_digits": ([[HUGE, -HUGE, np.inf, 0.0]], [1], [2]),
    "regression_line": (lambda points: points * 1e308, [-1.0, 1.0], [0.0, 1.5]),
    "training_curves": (History(loss=[HUGE, 1.0, -HUGE]),),
    "weight_images": ([[HUGE, -HUGE, 1.0, 0.0]],),
}


@pytest.mark.parametrize(("name", "arguments"), TOO_LARGE.items(), ids=TOO_LARGE)
def test_numbers_that_are_too_large_to_be_drawn_are_refused(name, arguments):
    with pytest.raises(ValueError, match="finite"):
        getattr(plots, name)(*arguments)


@pytest.mark.parametrize(("name", "arguments"), STILL_DRAWN.items(), ids=STILL_DRAWN)
def test_what_is_found_to_be_too_large_does_not_hide_the_rest(name, arguments):
    getattr(plots, name)(
        *arguments, **({"resolution": 10} if name == "hill" else {})
    ).draw_without_rendering()
