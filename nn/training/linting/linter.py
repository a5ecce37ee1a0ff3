"""`lint` looks at a model with its loss and data, and `Linter` does so while it trains."""

from __future__ import annotations

from contextvars import copy_context
from typing import Any

import numpy as np

from nn.losses import cross_entropy
from nn.training import checks
from nn.training.callbacks.watching import warn_of
from nn.training.examples import Examples
from nn.training.linting.checks import check_all, unchecked
from nn.training.linting.findings import Findings
from nn.training.linting.forgetting import Held, accumulated, held_by
from nn.training.linting.observation import Observation, nothing_drawn, observe
from nn.training.progress import Progress
from nn.training.running import Loss, Model


def lint(model: Model, X: Any, y: Any = None, loss: Loss = cross_entropy) -> Findings:
    """Look for what is known to go wrong: of a model, its loss and its data, as they are now.

    It looks at the scalar graphs of some examples, of many at a sample of at most 256, of large
    graphs at 20, and finds: inputs that are not scaled, targets out of reach, parameters that no
    loss depends on, dead relus, saturated neurons, gradients that vanish or explode from layer to
    layer, and gradients that were not forgotten. Nothing changes: no number, gradient, mode or
    random state.

    What it does not find may be wrong all the same. Of neurons it says nothing on fewer than 20
    examples, of gradients nothing but between layers of one class that all has to go through,
    and of `zero_grad()` nothing when it looks at a sample only, when dropout drew in training, or
    when a penalty was added to the loss. What it saw too little for is printed. That `zero_grad()`
    was forgotten is a question: a factor of the loss and batches that are to add up look the same.

    Parameters:
        model, X, y, loss: as in `fit`. To find a forgotten `zero_grad()` call it after
            `backward()`, with the examples of that.

    Returns:
        The findings, each with a number and a remedy; `print` shows them.

    Raises:
        ValueError, TypeError: something does not fit, as the message says.

    >>> from nn import MLP, moons
    >>> data = moons(40)
    >>> print(lint(MLP(2, [8, 2], seed=0), data.X, data.y))
    no findings, on 40 examples
    >>> print(lint(MLP(2, [8, 2], seed=0), 1000 * data.X, data.y))
    1 finding, on 40 examples:
    - inputs that are not scaled in X: 2 of 2 columns are large: the root mean square of X[:, 0] is
      976.4, and of a standardised one 1. Scale them: scaler = StandardScaler().fit(X), and
      scaler.transform(X) everywhere
    """
    data = _checked("lint", model, X, y, loss)
    seen = copy_context().run(observe, model, loss, data, sums=True)
    return _findings(seen, loss, None)


def _checked(function: str, model: Any, X: Any, y: Any, loss: Any) -> Examples:
    checks.functions(model, loss)
    checks.targets_too(function, X, y)
    with nothing_drawn(model):
        data: Examples = copy_context().run(checks.tried_alone, model, loss, X, y)
    return data


def _findings(seen: Observation, loss: Any, before: Held | None) -> Findings:
    with np.errstate(all="ignore"):
        found = [*accumulated(seen, before), *check_all(seen, loss)]
    return Findings(found, len(seen.losses), seen.of, unchecked(seen))


class Linter:
    """A callback of `fit` that warns, once of each, of what `lint` finds.

    It looks before the first step and after the epochs 1, 4, 16, 64 and so on, because a look
    takes some tenths of a second, and seconds where the graph of an example is large.

    In a loop of your own, let it `look` at each step, after `backward()` and before `step()`.

    Between its looks it sees nothing, and what `lint` does not see it does not see either; that
    `fit` forgets gradients it takes for granted.

    Attributes:
        findings: what it found when it last looked; None before.

    >>> from nn import MLP, fit, moons
    >>> data, linter = moons(40), Linter()
    >>> history = fit(MLP(2, [8, 2], seed=0), data.X, data.y, callbacks=[linter], progress=False)
    >>> linter.findings
    no findings, on 40 examples
    """

    def __init__(self) -> None:
        self.findings: Findings | None = None
        self._said: set[tuple[str, str]] = set()
        self._looks = 0
        self._held: Held = {}

    def __call__(self, progress: Progress) -> None:
        if progress.event == "begin":
            self._looks, self._said = 0, set()
            self._see(progress)
        elif progress.event == "epoch":
            self._looks += 1
            if _is_power(4, self._looks):
                self._see(progress)

    def look(self, model: Model, X: Any, y: Any = None, loss: Loss = cross_entropy) -> None:
        """Look at a step of a loop of your own, and warn of what is new.

        It asks also whether `zero_grad()` was forgotten, if it can look at the whole batch: at 256
        examples at most, at fewer of large graphs, and without dropout. `findings` says if it
        could not. Where batches are to add up, each looks like one whose gradients were kept.
        Called at every step it looks at the steps 1, 2, 4, 8 and so on, and otherwise does nothing
        but remember the gradients.

        Parameters:
            model, X, y, loss: as in `fit`; X and y are the batch of the last `backward()`.

        Raises:
            ValueError, TypeError: something does not fit, as the message says.

        Warns:
            RuntimeWarning: a finding.
        """
        self._looks += 1
        if _is_power(2, self._looks):
            data = _checked("look", model, X, y, loss)
            seen = copy_context().run(observe, model, loss, data, sums=True)
            self._tell(_findings(seen, loss, self._held))
            self._held = held_by(seen)
        elif _is_power(2, self._looks + 1):
            self._held = {parameter: parameter.grad for parameter in self._held}

    def _see(self, progress: Progress) -> None:
        loss = progress.loss_function
        seen = observe(progress.model, loss, progress.examples)
        # The gradients are those of the last batch, and `fit` forgets them before the next.
        with np.errstate(all="ignore"):
            found = [*check_all(seen, loss)]
        self._tell(Findings(found, len(seen.losses), seen.of, unchecked(seen)))

    def _tell(self, findings: Findings) -> None:
        self.findings = findings
        for finding in findings:
            kind = (finding.check, finding.where)
            if kind not in self._said:
                self._said.add(kind)
                warn_of(str(finding))

    def __repr__(self) -> str:
        return "Linter()"


def _is_power(base: int, count: int) -> bool:
    while count % base == 0:
        count //= base
    return count == 1
