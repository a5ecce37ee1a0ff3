"""Multilayer perceptrons as scikit-learn's users know them: its names, its conventions, its tools.

`import nn` does not import this: it needs scikit-learn.
"""

try:
    import sklearn as sklearn
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "nn.estimators are scikit-learn's kind of models, and it is not installed: "
        "pip install 'chainrule[sklearn]'"
    ) from error

from nn.estimators.classifier import MLPClassifier
from nn.estimators.regressor import MLPRegressor

__all__ = ["MLPClassifier", "MLPRegressor"]
