"""What scalers share: fitting, checks, and how one is written down and read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from nn.data.checks import matrix
from nn.data.errors import DataError
from nn.settings.habits import WithHabits

Array = NDArray[np.float64]


# What scikit-learn's scalers take, and what says the same here.
HERE = {
    "feature_range": "say low= and high=, as MinMaxScaler(-1, 1)",
    "copy": "what comes in is never changed; what goes out is another array",
    "clip": "what lies outside of the range stays outside; np.clip(scaled, low, high) moves it",
    "with_mean": "it always subtracts the mean",
    "with_std": "it always divides by the deviation",
}


class Scaler(WithHabits):
    """Learns from the training data how to shift and stretch each column, and does so.

    What is tested on must not be known beforehand, so a scaler is fitted on the training part and
    applied to the rest. A subclass names its arguments and what it learns, a number for each
    column, and computes.
    """

    _here = HERE
    arguments: ClassVar[tuple[str, ...]] = ()
    learned: ClassVar[tuple[str, ...]] = ()

    def fit(self, X: Any) -> Self:
        """Learn from the examples, shape (n, d), and give back the scaler.

        Raises:
            TypeError, ValueError: X is not a matrix of finite numbers. The scaler is then as it
                was before.
        """
        self._learn(matrix("X", X))
        return self

    def transform(self, X: Any) -> Array:
        """The examples, shape (n, d), scaled as was learned.

        Raises:
            TypeError, ValueError: X is not a matrix of finite numbers, has other columns than
                what was learned from, or one that is too far from it for float64; or nothing was
                learned yet.
        """
        return self._finite(self._scaled, self._checked("transform", X))

    def fit_transform(self, X: Any) -> Array:
        """Learn from the examples, and scale them."""
        return self.fit(X).transform(X)

    def inverse_transform(self, X: Any) -> Array:
        """What the examples were before they were scaled; the errors are those of transform."""
        return self._finite(self._unscaled, self._checked("inverse_transform", X))

    def to_dict(self) -> dict[str, Any]:
        """All that it is, in texts, numbers and lists, so that it can be kept as JSON."""
        self._check_fitted("to_dict")
        given = {name: getattr(self, name) for name in self.arguments}
        learned = {name: getattr(self, name).tolist() for name in self.learned}
        return {"scaler": type(self).__name__, **given, **learned}

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> Self:
        """The scaler that `to_dict` wrote down; called on `Scaler`, of any kind.

        Raises:
            DataError: it is not such a thing.

        >>> from nn import StandardScaler
        >>> scaler = StandardScaler().fit([[1.0], [3.0]])
        >>> scaler.to_dict()
        {'scaler': 'StandardScaler', 'mean_': [2.0], 'scale_': [1.0]}
        >>> Scaler.from_dict(scaler.to_dict()).transform([[4.0]]).tolist()
        [[2.0]]
        """
        kinds = {kind.__name__: kind for kind in (cls, *cls.__subclasses__()) if kind.learned}
        kind = kinds.get(str(state.get("scaler"))) if isinstance(state, Mapping) else None
        if kind is None:
            raise DataError(f"the scaler must be one of {', '.join(kinds)}, not {state!r:.200}")
        if state.keys() != {"scaler", *kind.arguments, *kind.learned}:
            raise DataError(
                f"a {kind.__name__} is described by {', '.join((*kind.arguments, *kind.learned))}, "
                f"not by {state!r:.200}"
            )
        try:
            return kind(**{name: state[name] for name in kind.arguments})._restored(state)
        except (TypeError, ValueError) as error:
            raise DataError(f"no {kind.__name__} is {state!r:.200}: {error}") from None

    def _restored(self, state: Mapping[str, Any]) -> Self:
        rows = matrix(f"({', '.join(self.learned)})", [state[name] for name in self.learned])
        for name, row in zip(self.learned, rows, strict=True):
            setattr(self, name, row)
        with np.errstate(over="ignore"):
            widths = self._widths()
        if not ((widths > 0.0) & np.isfinite(widths)).all():
            raise ValueError("columns must be divided by finite numbers above 0")
        return self

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={getattr(self, name)}" for name in self.arguments)
        return f"{type(self).__name__}({arguments})"

    def _learn(self, X: Array) -> None:
        raise NotImplementedError

    def _scaled(self, X: Array) -> Array:
        raise NotImplementedError

    def _unscaled(self, X: Array) -> Array:
        raise NotImplementedError

    def _widths(self) -> Array:
        """What each column is divided by."""
        raise NotImplementedError

    def _check_fitted(self, method: str) -> None:
        if not hasattr(self, self.learned[0]):
            raise ValueError(
                f"{type(self).__name__}.{method}() needs what fit(X) learns: "
                "call fit(X) with the training data first"
            )

    def _checked(self, method: str, X: Any) -> Array:
        self._check_fitted(method)
        array, expected = matrix("X", X), len(getattr(self, self.learned[0]))
        if array.shape[1] != expected:
            raise ValueError(
                f"X has {array.shape[1]} columns, and what fit() learned from had {expected}: "
                "give the same columns in the same order"
            )
        return array

    def _finite(self, compute: Callable[[Array], Array], X: Array) -> Array:
        """What is computed of the examples, if all of it is finite."""
        with np.errstate(over="ignore", invalid="ignore"):
            found = compute(X)
        for row, column in np.argwhere(~np.isfinite(found))[:1].tolist():
            learned = ", ".join(f"{name} {getattr(self, name)[column]}" for name in self.learned)
            raise ValueError(
                f"X has {X[row, column]} in row {row}, column {column}, which is too far from what "
                f"fit() learned, {learned}, to be a number in float64: look for an error in the "
                "data, or leave the column out"
            )
        return found
