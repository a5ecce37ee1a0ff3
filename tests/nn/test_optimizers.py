import pytest

from autograd import Value
from nn import MLP, SGD, Adam, Optimizer, Parameter

START = [1.0, -2.0, 0.5]


def bowl(a, b, c):
    """A function with a minimum, steep in one direction and flat in another."""
    return a * a + 10.0 * (b + 0.5 * a) ** 2 + 0.01 * (c - 1.0) ** 4


SETTINGS = [
    ("SGD", {}),
    ("SGD", {"momentum": 0.9}),
    ("SGD", {"momentum": 0.5, "nesterov": True}),
    ("Adam", {}),
    ("Adam", {"betas": (0.5, 0.9), "epsilon": 1e-4}),
]


@pytest.mark.parametrize("plain", [False, True], ids=["parameters", "values"])
@pytest.mark.parametrize(("name", "settings"), SETTINGS)
def test_steps_agree_with_pytorch(name, settings, plain):
    torch = pytest.importorskip("torch")
    ours = [Value(x) if plain else Parameter(x) for x in START]
    theirs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in START]
    optimizer = {"SGD": SGD, "Adam": Adam}[name](ours, learning_rate=0.02, **settings)
    named = {"eps" if key == "epsilon" else key: x for key, x in settings.items()}
    reference = getattr(torch.optim, name)(theirs, lr=0.02, **named)
    for _ in range(50):
        for step, parameters in ((optimizer, ours), (reference, theirs)):
            step.zero_grad()
            bowl(*parameters).backward()
            step.step()
        assert [p.data for p in ours] == pytest.approx([t.item() for t in theirs], rel=1e-12)


@pytest.mark.parametrize("make", [SGD, Adam, lambda ps: SGD(ps, momentum=0.9, nesterov=True)])
def test_the_learning_rate_may_change_between_steps(make):
    def first_steps(rates):
        w = Parameter(1.0)
        optimizer = make([w])
        for rate in rates:
            optimizer.learning_rate = rate
            optimizer.zero_grad()
            (w * w).backward()
            optimizer.step()
            yield w.data

    slow, fast = list(first_steps([0.1, 0.1])), list(first_steps([0.1, 0.2]))
    assert slow[0] == fast[0]
    assert slow[0] - fast[1] == pytest.approx(2 * (slow[0] - slow[1]))


def test_an_optimizer_of_some_parameters_leaves_the_others_alone():
    model = MLP(2, [3, 1], seed=0)
    last = model.layers[1].parameters()
    before = [p.data for p in model.layers[0].parameters()]
    optimizer = SGD(last, learning_rate=0.1)
    model([1.0, 2.0]).backward()
    bias = last[-1].data
    optimizer.step()
    optimizer.zero_grad()
    assert [p.data for p in model.layers[0].parameters()] == before
    assert last[-1].data == bias - 0.1
    assert not any(p.has_grad for p in last)
    assert any(p.has_grad for p in model.layers[0].parameters())


def test_two_optimizers_may_share_parameters():
    a, b, c = (Parameter(1.0) for _ in range(3))
    first, second = SGD([a, b], learning_rate=0.1), SGD([b, c], learning_rate=1.0)
    (a + b + c).backward()
    first.step()
    second.step()
    first.step()
    assert [p.data for p in (a, b, c)] == pytest.approx([0.8, -0.2, 0.0])


def test_parameters_changed_by_hand_are_seen():
    w = Parameter(1.0)
    optimizer = SGD([w], learning_rate=0.1)
    (w * w).backward()
    w.data, w.grad = 5.0, 10.0
    optimizer.step()
    assert w.data == 4.0


def test_an_optimizer_of_ones_own_is_one_formula():
    class SignDescent(Optimizer):
        def change(self, gradient):
            return self.rate * (1.0 * (gradient < 0) - (gradient > 0))

    a, b = Parameter(1.0), Parameter(1.0)
    optimizer = SignDescent([a, b], learning_rate=0.25)
    (a * 100.0 - b * 0.001).backward()
    optimizer.step()
    assert (a.data, b.data) == (0.75, 1.25)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: SGD([]),
            ValueError,
            "there are no parameters to optimize: .* Module .* Parameters, and not plain Values",
        ),
        (lambda: SGD(MLP(2, [1])), TypeError, r"such as model.parameters\(\), not MLP\(2 -> 1,"),
        (lambda: Adam(Parameter(1.0)), TypeError, r"takes a list of parameters, .*, not Parameter"),
        (
            lambda: SGD([Parameter(1.0)], 0.0),
            ValueError,
            "must be above 0 and finite, not 0.0",
        ),
        (
            lambda: Adam([Parameter(1.0)], float("nan")),
            ValueError,
            "above 0 and finite, not nan",
        ),
        (
            lambda: SGD([Parameter(1.0)], momentum=1.0),
            ValueError,
            "momentum goes from 0 to below 1",
        ),
        (lambda: SGD([Parameter(1.0)], nesterov=True), ValueError, "needs a momentum above 0"),
        (lambda: Adam([Parameter(1.0)], betas=(1.0, 0.9)), ValueError, "betas go from 0"),
        (lambda: SGD([1.0]), TypeError, "only Parameters and leaf Values"),
        (
            lambda: Optimizer([Parameter(1.0)], 0.1).step(),
            NotImplementedError,
            r"Optimizer must define change\(gradient\)",
        ),
    ],
)
def test_errors_say_what_is_wrong(make, error, message):
    with pytest.raises(error, match=message):
        make()
