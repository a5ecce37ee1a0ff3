"""Multilayer perceptrons as scikit-learn's users know them: its names, its conventions, its tools.

`import nn` does not import this: it needs scikit-learn.
"""

from nn.packages import needed

needed("sklearn", "sklearn", "nn.estimators")  # before the files below import it

from nn.estimators.classifier import MLPClassifier  # noqa: E402
from nn.estimators.regressor import MLPRegressor  # noqa: E402

__all__ = ["MLPClassifier", "MLPRegressor"]
