"""Draws have their distributions, and entropies and moments their formulas, also compiled."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nn
from autograd import CompilationError, Value, compiled, gradient
from nn import probability, softmax
from nn.probability import bernoulli, categorical, normal, uniform

COUNT = 20_000
# Of as many draws, one in a million is as far from the distribution as this (Massart, 1990).
DISTANCE = math.sqrt(math.log(2.0 / 1e-6) / (2.0 * COUNT))


def kolmogorov(draws: np.ndarray, distribution: Callable[[float], float]) -> float:
    """The largest distance between the share of draws up to a number and its probability."""
    expected = np.array([distribution(x) for x in np.sort(draws)])
    ends = np.arange(len(draws) + 1) / len(draws)
    return float(max(np.abs(ends[1:] - expected).max(), np.abs(ends[:-1] - expected).max()))


def by_batch(draw: Callable[[np.random.Generator], Any]) -> np.ndarray:
    generator = np.random.default_rng(0)
    found: np.ndarray = compiled(lambda x: 0.0 * x + draw(generator))(np.zeros(COUNT))
    return found


def phi(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


CONTINUOUS: dict[str, tuple[Callable[..., Any], Callable[[float], float]]] = {
    "uniform": (lambda g: uniform(-2.0, 3.0, g), lambda x: (x + 2.0) / 5.0),
    "normal": (lambda g: normal(0.0, 1.0, g), phi),
    "normal, elsewhere": (
        lambda g: normal(Value(5.0), Value(0.5), g),
        lambda x: phi((x - 5) / 0.5),
    ),
}


@pytest.mark.parametrize(("draw", "distribution"), CONTINUOUS.values(), ids=CONTINUOUS)
def test_draws_have_their_distribution(draw, distribution):
    draws = by_batch(draw)
    assert len(set(draws.tolist())) == COUNT, "drawn anew for every example"
    assert kolmogorov(draws, distribution) < DISTANCE
    assert kolmogorov(draws * 1.1, distribution) > DISTANCE, "which others have not"
    assert abs(np.corrcoef(draws[1:], draws[:-1])[0, 1]) < 5.0 / math.sqrt(COUNT)


def test_normal_tails_are_those_of_the_distribution():
    draws = np.abs(by_batch(lambda g: normal(0.0, 1.0, g)))
    for far in (2.0, 3.0):
        expected = math.erfc(far / math.sqrt(2.0)) * COUNT
        assert abs((draws > far).sum() - expected) < 5.0 * math.sqrt(expected)


@pytest.mark.parametrize("u", [0.0, 2.0**-53, 1.0 - 2.0**-53])
def test_normal_draws_of_the_outermost_even_numbers(u):
    class Fixed(np.random.Generator):
        def random(self) -> float:
            return u

    radius = math.sqrt(-2.0 * math.log1p(-u))
    expected = 1.0 + radius * math.cos(math.tau * u)
    assert normal(1.0, 1.0, Fixed(np.random.PCG64(0))).data == pytest.approx(expected, rel=1e-15)
    assert radius < 8.6


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
def test_bernoulli_is_one_with_its_probability(p):
    draws = by_batch(lambda g: bernoulli(p, g))
    assert set(draws.tolist()) <= {0.0, 1.0}
    assert abs(draws.sum() - p * COUNT) <= 5.0 * math.sqrt(COUNT * p * (1.0 - p))


@pytest.mark.parametrize(
    ("temperature", "top_k"), [(1.0, None), (0.5, None), (3.0, None), (1.0, 2), (2.0, 4)]
)
def test_categorical_draws_have_the_probabilities_of_softmax(temperature, top_k):
    logits, generator = [1.0, -math.inf, 0.5, 2.0, -1.0], np.random.default_rng(0)
    kept = sorted(range(5), key=lambda i: -logits[i])[:top_k]
    shares = {i: math.exp(logits[i] / temperature) for i in kept if logits[i] > -math.inf}
    draws = [categorical(logits, generator, temperature, top_k) for _ in range(4000)]
    assert set(draws) == set(shares)
    chi_squared = sum(
        (draws.count(i) - 4000 * share / sum(shares.values())) ** 2
        / (4000 * share / sum(shares.values()))
        for i, share in shares.items()
    )
    assert chi_squared < 35.0  # of at most 4 degrees of freedom: one in a million


def test_categorical_draws_of_values_and_of_arrays_are_those_of_numbers():
    logits = [0.0, 1.0, 2.0]
    found = [
        [categorical(given, generator) for _ in range(20)]
        for given in (logits, [Value(x) for x in logits], np.array(logits))
        for generator in [np.random.default_rng(0)]
    ]
    assert found[0] == found[1] == found[2]
    assert type(found[0][0]) is int
    assert len(set(found[0])) > 1


@pytest.mark.parametrize("temperature", [1e-3, 1e-300, 5e-324])
def test_of_a_low_temperature_only_the_likeliest_is_drawn(temperature):
    generator = np.random.default_rng(0)
    assert {categorical([1.0, 3.0, 2.0], generator, temperature) for _ in range(50)} == {1}


def test_of_equal_logits_the_first_are_kept():
    generator = np.random.default_rng(0)
    assert {categorical([1.0] * 5, generator, top_k=2) for _ in range(50)} == {0, 1}


@pytest.mark.parametrize("u", [0.0, 1.0 - 2.0**-53])
def test_a_class_of_probability_zero_is_never_drawn(u):
    class Fixed(np.random.Generator):
        def random(self) -> float:
            return u

    logits = [-math.inf, 0.0, 0.1, -1e6, -math.inf]
    assert categorical(logits, Fixed(np.random.PCG64(0))) == {0.0: 2}.get(u, 1)


def test_draws_have_the_derivatives_of_their_bounds_and_none_of_a_choice():
    low, high, mean, deviation, p = map(Value, (1.0, 3.0, 0.5, 2.0, 0.5))
    generator = np.random.default_rng(0)
    x = uniform(low, high, generator)
    share = (x.data - 1.0) / 2.0
    assert [g.data for g in gradient(x, [low, high])] == pytest.approx([1.0 - share, share])
    z = normal(mean, deviation, generator)
    assert [g.data for g in gradient(z, [mean, deviation])] == pytest.approx(
        [1.0, (z.data - 0.5) / 2.0]
    )
    assert gradient(bernoulli(p, generator), p).data == 0.0
    assert normal(0.0, 1.0, generator).kind == "constant"


# ------------------------------------------------------------------------------- entropies

P, Q = [0.5, 0.25, 0.25, 0.0], [0.1, 0.2, 0.3, 0.4]
ENTROPIES: dict[str, tuple[Callable[..., Any], float]] = {
    "entropy": (lambda p, q: probability.entropy(p), 1.5 * math.log(2.0)),
    "of what is sure": (lambda p, q: probability.entropy([0.0, 1.0]), 0.0),
    "cross-entropy": (
        lambda p, q: probability.cross_entropy(p, q),
        -0.5 * math.log(0.1) - 0.25 * math.log(0.2) - 0.25 * math.log(0.3),
    ),
    "divergence": (
        lambda p, q: probability.kl_divergence(p, q),
        -1.5 * math.log(2.0) - 0.5 * math.log(0.1) - 0.25 * math.log(0.2) - 0.25 * math.log(0.3),
    ),
    "of the same": (lambda p, q: probability.kl_divergence(q, q), 0.0),
    "of what cannot be": (lambda p, q: probability.kl_divergence(q, p), math.inf),
    "and its cost": (lambda p, q: probability.cross_entropy(q, p), math.inf),
}
each_entropy = pytest.mark.parametrize(("f", "expected"), ENTROPIES.values(), ids=ENTROPIES)


@each_entropy
def test_entropies_of_numbers_values_and_batches(f, expected):
    near = pytest.approx(expected, rel=1e-14, abs=1e-16)
    assert type(f(P, Q)) is float
    assert f(P, Q) == near
    assert float(f([Value(p) for p in P], [Value(q) for q in Q])) == near
    both = compiled(lambda p, q: f(p, q) + 0.0 * p[0])
    assert both(np.array([P, P]), np.array([Q, Q])) == pytest.approx([expected] * 2, rel=1e-14)


def test_a_probability_of_zero_has_the_derivative_zero():
    p = [Value(x) for x in (1.0, 0.0)]
    assert [g.data for g in gradient(probability.entropy(p), p)] == [-1.0, 0.0]
    q = [Value(x) for x in (0.5, 0.5)]
    slopes = gradient(probability.kl_divergence(p, q), [*p, *q])
    assert [g.data for g in slopes] == pytest.approx([1.0 + math.log(2.0), 0.0, -2.0, 0.0])


def test_cross_entropy_is_entropy_and_divergence_with_their_gradients():
    logits = [Value(x) for x in (0.3, -1.0, 2.0)]
    target = [0.2, 0.3, 0.5]
    q = softmax(logits)
    whole, part = probability.cross_entropy(target, q), probability.kl_divergence(target, q)
    assert whole.data == pytest.approx(part.data + probability.entropy(target), rel=1e-14)
    expected = [x.data - t for x, t in zip(q, target, strict=True)]
    for loss in (whole, part, nn.cross_entropy(logits, target)):
        assert [g.data for g in gradient(loss, logits)] == pytest.approx(expected, rel=1e-13)
    inside = compiled(lambda z: gradient(probability.kl_divergence(target, softmax(z)), z))
    found = inside(np.array([[z.data for z in logits]]))[0]
    assert found == pytest.approx(expected, rel=1e-12)


NO_DISTRIBUTIONS: dict[str, tuple[Any, type[Exception], str]] = {
    "counts": ([2.0, 3.0], ValueError, "sum to 5, and not to 1: divide counts by their sum"),
    "nearly one": ([0.5, 0.500002], ValueError, "sum to 1.000002, and not to 1"),
    "logits": ([-1.0, 2.0], ValueError, r"-1.0, which is no probability: .* nn.softmax"),
    "nothing": ([], ValueError, "of no probabilities"),
    "a number": (0.5, TypeError, "takes lists of probabilities, one for each class, not 0.5"),
}


@pytest.mark.parametrize(("p", "error", "message"), NO_DISTRIBUTIONS.values(), ids=NO_DISTRIBUTIONS)
def test_what_is_no_distribution_is_refused(p, error, message):
    calls = [
        lambda p: probability.entropy(p),
        lambda p: probability.cross_entropy(p, [0.5, 0.5]),
        lambda p: probability.kl_divergence([0.5, 0.5], p),
    ]
    for call in calls:
        with pytest.raises(error, match=message):
            call(p)
        if isinstance(p, list) and p:
            with pytest.raises(error, match=message):
                call([Value(x) for x in p])
            assert np.isnan(compiled(call)(np.array([p, p]))).all(), "where none can be raised"
    assert math.isnan(probability.entropy([math.nan, 1.0]))


def test_distributions_have_as_many_classes():
    with pytest.raises(ValueError, match="of 2 and of 3 classes"):
        probability.kl_divergence([0.5, 0.5], [0.2, 0.3, 0.5])


# --------------------------------------------------------------------------------- moments


def test_moments_are_those_of_numpy():
    xs = np.random.default_rng(0).normal(3.0, 2.0, 9)
    for given in (xs.tolist(), xs, [Value(x) for x in xs]):
        assert float(probability.mean(given)) == pytest.approx(xs.mean(), rel=1e-14)
        for sample in (False, True):
            found = probability.variance(given, sample)
            assert float(found) == pytest.approx(xs.var(ddof=sample), rel=1e-13)
            found = probability.standard_deviation(given, sample)
            assert float(found) == pytest.approx(xs.std(ddof=sample), rel=1e-13)
    batch = compiled(lambda x: [probability.variance(x, sample=True), probability.mean(x)])
    found = batch(np.array([xs, xs + 1.0]))
    assert np.array(found)[:, 0] == pytest.approx([xs.var(ddof=1)] * 2, rel=1e-12)


def test_gradient_of_a_variance():
    xs = [Value(x) for x in (1.0, 2.0, 6.0)]
    slopes = [g.data for g in gradient(probability.variance(xs), xs)]
    assert slopes == pytest.approx([2.0 / 3.0 * (x - 3.0) for x in (1.0, 2.0, 6.0)], rel=1e-14)


def test_moments_of_large_numbers_keep_their_digits():
    assert probability.variance([1e9 + 1.0, 1e9 + 2.0, 1e9 + 3.0], sample=True) == 1.0


# ---------------------------------------------------------------------------------- errors

G = np.random.default_rng(0)
ERRORS: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "a seed": (lambda: normal(0.0, 1.0, 0), TypeError, "draws from a generator"),  # type: ignore
    "bounds": (lambda: uniform(2.0, 1.0, G), ValueError, "from 2.0 to 1.0: the lower bound"),
    "deviation": (lambda: normal(0.0, -1.0, G), ValueError, "deviation -1.0: it must not be"),
    "no p": (lambda: bernoulli(math.nan, G), ValueError, "nan, which is not from 0 to 1"),
    "a NaN": (lambda: bernoulli(Value(math.nan), G), ValueError, "nan.*, which is not from 0 to 1"),
    "warm": (lambda: categorical([0.0], G, "x"), TypeError, "a number above 0, not 'x'"),  # type: ignore
    "how many": (lambda: probability.variance([1.0, 2.0], 2), TypeError, "True or False.* not 2"),  # type: ignore
    "p": (lambda: bernoulli(Value(1.5), G), ValueError, "1.5.*, which is not from 0 to 1"),
    "temperature": (lambda: categorical([0.0], G, 0.0), ValueError, "above 0, not 0.0.*top_k=1"),
    "below it": (lambda: categorical([0.0, 1.0], G, math.nan), ValueError, "above 0, not nan"),
    "top_k of none": (lambda: categorical([0.0, 1.0], G, top_k=0), ValueError, "from 1 to 2, .* 0"),
    "too many": (lambda: categorical([0.0, 1.0], G, top_k=3), ValueError, "from 1 to 2, .* not 3"),
    "half a class": (lambda: categorical([0.0], G, top_k=0.5), TypeError, "whole number"),  # type: ignore
    "no logits": (lambda: categorical([], G), ValueError, "of no logits"),
    "no number": (lambda: categorical([math.nan, 0.0], G), ValueError, "finite.*nan"),
    "no class": (lambda: categorical([-math.inf] * 2, G), ValueError, "finite.*-inf"),
    "one for sure": (lambda: categorical([math.inf, 0.0], G), ValueError, "finite.*inf"),
    "mean": (lambda: probability.mean([]), ValueError, r"mean\(\) of no numbers"),
    "a number": (lambda: probability.mean(3.0), TypeError, "takes a list of numbers, not 3.0"),  # type: ignore
    "a sample of one": (lambda: probability.variance([1.0], sample=True), ValueError, "two"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), ERRORS.values(), ids=ERRORS)
def test_errors_say_what_came_and_draw_nothing(call, error, message):
    before = G.bit_generator.state
    with pytest.raises(error, match=message):
        call()
    assert G.bit_generator.state == before


@pytest.mark.parametrize(
    ("draw", "right", "wrong"),
    [
        (lambda p, g: bernoulli(p, g), [0.0, 1.0], [1.5, -0.5, math.nan]),
        (lambda x, g: uniform(x, 1.0, g), [0.0, 1.0], [2.0, math.nan]),
        (lambda x, g: uniform(1.0, x, g), [1.0, 2.0], [0.5, math.nan]),
        (lambda x, g: normal(0.0, x, g), [0.0, 1.0], [-1.0, math.nan]),
    ],
)
def test_a_draw_of_nothing_is_nan_where_no_error_can_be_raised(draw, right, wrong):
    generator = np.random.default_rng(0)
    found = compiled(lambda x: draw(x, generator))(np.array([*right, *wrong]))
    assert np.isnan(found).tolist() == [False] * len(right) + [True] * len(wrong)


class Largest(np.random.Generator):
    """Draws the largest number below 1, and so do its compiled programs."""

    def random(self, *shape: Any, **settings: Any) -> Any:
        drawn = super().random(*shape, **settings)
        drawn = settings.get("out", drawn)
        if isinstance(drawn, np.ndarray):
            drawn[...] = 1.0 - 2.0**-53
            return drawn
        return 1.0 - 2.0**-53


@pytest.mark.parametrize(
    ("low", "high"), [(1.0, 1.0 + 2.0**-52), (1e16, 1e16 + 2.0), (-1e308, 1e308), (-1.0, 1.0)]
)
def test_the_upper_bound_is_not_drawn(low, high):
    largest = Largest(np.random.PCG64(0))
    assert low <= uniform(low, high, largest).data < high
    assert low <= uniform(Value(low), Value(high), largest).data < high
    between = compiled(lambda a, b: uniform(a, b, largest))(np.array([low]), np.array([high]))
    plain = compiled(lambda a: 0.0 * a + uniform(low, high, largest))(np.array([1.0]))
    assert low <= between[0] < high
    assert low <= plain[0] < high


def test_bounds_may_be_equal_and_far_apart():
    generator = np.random.default_rng(0)
    assert uniform(2.0, 2.0, generator).data == 2.0
    draws = [uniform(-1e308, 1e308, generator).data for _ in range(100)]
    assert -1e308 <= min(draws) < -5e307 < 5e307 < max(draws) < 1e308
    assert math.isnan(uniform(0.0, math.nan, generator).data)


def test_a_class_cannot_be_drawn_in_a_compiled_function():
    generator = np.random.default_rng(0)
    with pytest.raises(CompilationError, match="float"):
        compiled(lambda x: x[0] * categorical(x, generator))(np.zeros((2, 3)))


def test_its_names_do_not_hide_those_of_the_engine():
    names: dict[str, Any] = {}
    exec("from autograd import *\nfrom nn import *", names)
    import autograd

    assert names["uniform"] is autograd.uniform
    assert names["probability"] is probability
