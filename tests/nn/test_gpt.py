"""GPT: what it computes, what it looks at, and what it writes."""

import copy
import pickle

import numpy as np
import pytest

from autograd import Value, compiled, total
from nn import GPT, Vocabulary, cross_entropy, load, predict, save
from tests.backends import each_backend

SIZES = {"context": 5, "width": 8, "heads": 2, "layers": 2}
TEXT = [3, 1, 4, 1, 0]


@pytest.fixture(scope="module")
def model():
    return GPT(5, **SIZES)


def logits(model, symbols):
    return np.array([[z.data for z in row] for row in model(symbols)])


def loss(model):
    return lambda x, y: total([cross_entropy(z, t) for z, t in zip(model(x), y, strict=True)])


# ---------------------------------------------------------------------------- what it computes


def tensors(torch, model):
    return {
        name: torch.tensor(array, requires_grad=True) for name, array in model.state_dict().items()
    }


def in_torch(torch, p, symbols, sizes=SIZES):
    """The same formulas on tensors."""
    functional, width = torch.nn.functional, sizes["width"]
    mask = torch.full((len(symbols), len(symbols)), -torch.inf, dtype=torch.float64).triu(1)
    x = p["embedding.weights"][symbols] + p["positions.weights"][: len(symbols)]
    for i in range(sizes["layers"]):
        w = {name.removeprefix(f"blocks.{i}."): tensor for name, tensor in p.items()}
        h = functional.rms_norm(x, (width,), eps=1e-5)
        q, k, v = (
            (h @ w[f"attention.{name}.weights"].T).unflatten(1, (sizes["heads"], -1)).swapaxes(0, 1)
            for name in ("query", "key", "value")
        )
        weights = torch.softmax(q @ k.mT * q.shape[-1] ** -0.5 + mask, -1)
        x = x + (weights @ v).swapaxes(0, 1).flatten(1) @ w["attention.out.weights"].T
        h = functional.rms_norm(x, (width,), eps=1e-5)
        x = x + torch.relu(h @ w["mlp.widen.weights"].T) @ w["mlp.narrow.weights"].T
    return x @ p["unembedding.weights"].T


@each_backend
def test_logits_and_gradients_are_those_of_the_same_formulas_in_pytorch(model, backend):
    torch = pytest.importorskip("torch")
    p = tensors(torch, model)
    there = in_torch(torch, p, TEXT)
    np.testing.assert_allclose(logits(model, TEXT), there.detach(), rtol=1e-12, atol=1e-13)
    x, y = np.array([TEXT, TEXT[::-1]]), np.array([TEXT[::-1], TEXT])
    model.zero_grad()
    value = compiled(loss(model), backend=backend).mean(x, y)
    value.backward()
    expected = sum(
        torch.nn.functional.cross_entropy(
            in_torch(torch, p, a.tolist()), torch.tensor(b), reduction="sum"
        )
        for a, b in zip(x, y, strict=True)
    ) / len(x)
    expected.backward()
    assert value.data == pytest.approx(expected.item(), rel=1e-12)
    parts = [tensor.grad.numpy().ravel() for tensor in p.values()]
    gradient = [parameter.grad for parameter in model.parameters()]
    model.zero_grad()
    np.testing.assert_allclose(gradient, np.concatenate(parts), rtol=1e-11, atol=1e-12)


def test_no_position_looks_at_a_later_symbol(model):
    changed = [*TEXT[:3], 2, 2]
    before, after = logits(model, TEXT), logits(model, changed)
    assert before[:3].tolist() == after[:3].tolist()
    assert (before[3:] != after[3:]).all()


@pytest.mark.parametrize("count", range(1, 6))
def test_logits_of_a_part_are_those_of_the_beginning(model, count):
    assert logits(model, TEXT[:count]).tolist() == logits(model, TEXT)[:count].tolist()


def test_the_order_of_what_came_before_counts(model):
    assert not np.allclose(logits(model, [1, 3, 0])[-1], logits(model, [3, 1, 0])[-1])


def test_many_sequences_are_computed_at_once(model):
    X = np.array([TEXT, TEXT[::-1]])
    expected = [logits(model, row.tolist()) for row in X]
    np.testing.assert_allclose(model.logits(X), expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(predict(model, X), expected, rtol=1e-12, atol=1e-14)


def test_symbols_may_be_values_and_numpys_numbers(model):
    expected = logits(model, TEXT).tolist()
    for symbols in ([Value(s) for s in TEXT], np.array(TEXT), [float(s) for s in TEXT]):
        assert logits(model, symbols).tolist() == expected


# ------------------------------------------------------------------------- what it is made of


def test_the_same_seed_gives_the_same_numbers():
    states = [GPT(5, **SIZES, seed=seed).state_dict() for seed in (0, 0, 1)]
    same = [all((states[0][name] == other[name]).all() for name in other) for other in states]
    assert same == [True, True, False]


def test_parameters_are_called_by_what_they_do(model):
    names = list(model.state_dict())
    assert names[:3] == [
        "embedding.weights",
        "positions.weights",
        "blocks.0.attention.query.weights",
    ]
    assert names[-3:] == [
        "blocks.1.mlp.widen.weights",
        "blocks.1.mlp.narrow.weights",
        "unembedding.weights",
    ]
    assert model.blocks[1].attention.key.weights[2][3].label == "blocks.1.attention.key.weights.2.3"


def test_arguments_are_kept_so_that_it_can_be_made_again():
    for symbols in (5, "abcde", "abcdecade", Vocabulary("edcba")):
        model = GPT(symbols, **SIZES)
        arguments = {name: getattr(model, name) for name in ("symbols", *SIZES)}
        assert arguments == {"symbols": 5 if symbols == 5 else "abcde", **SIZES}
        assert GPT(**arguments).state_dict().keys() == model.state_dict().keys()
        assert repr(model) == "GPT(5 symbols, context=5, width=8, heads=2, layers=2)"


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_copies_write_the_same(copied):
    model = GPT("abcde", context=3, width=4, heads=1)
    written = model.generate("abc", 3)
    assert copied(model).generate("abc", 3) == written


@pytest.mark.parametrize("symbols", [5, "abcde"])
def test_a_saved_model_comes_back_with_its_vocabulary(symbols, tmp_path):
    model = GPT(symbols, context=3, width=4, heads=1, seed=3)
    save(model, tmp_path / "model.safetensors")
    loaded = load(tmp_path / "model.safetensors").model
    assert loaded.vocabulary == model.vocabulary
    prompt = [0, 1] if symbols == 5 else "ab"
    assert loaded.generate(prompt, 9) == model.generate(prompt, 9)


# ------------------------------------------------------------------------- what it looks at


def test_patterns_are_shares_of_what_each_position_sees(model):
    patterns = model.patterns(TEXT)
    assert patterns.shape == (2, 2, 5, 5)
    np.testing.assert_allclose(patterns.sum(axis=-1), 1.0, rtol=1e-14)
    assert (np.triu(patterns, 1) == 0.0).all()
    assert (patterns[..., 4, :] > 0.0).all()
    assert all(p.grad == 0.0 for p in model.parameters())


# --------------------------------------------------------------------------- what it writes


def greedy(model, prompt, count):
    text = list(prompt)
    for _ in range(count):
        text.append(int(logits(model, text[-model.context :])[-1].argmax()))
    return text[len(prompt) :]


@pytest.mark.parametrize("prompt", [[3], [3, 1, 4, 1], [0, 1, 2, 3, 4, 3, 2, 1]])
def test_almost_without_temperature_the_likeliest_symbol_comes_next(model, prompt):
    expected = greedy(model, prompt, 8)
    assert model.generate(prompt, 8, temperature=1e-300) == expected
    assert model.generate(prompt, 8, top_k=1, seed=None) == expected


def test_of_a_long_text_only_the_last_symbols_count(model):
    written = model.generate(TEXT, 6, seed=1)
    assert model.generate([2, 2, 2, *TEXT], 6, seed=1) == written


def test_what_is_written_depends_on_the_seed(model):
    first, same, other = (model.generate([3], 30, seed=seed) for seed in (0, 0, 1))
    assert len(first) == 30
    assert first == same
    assert first != other
    random = np.random.default_rng(0)
    parts = model.generate([3], 10, seed=random)
    assert [*parts, *model.generate([3, *parts], 20, seed=random)] == first


@pytest.mark.parametrize(("temperature", "top_k"), [(1.0, None), (0.5, None), (2.0, 3)])
def test_symbols_come_as_often_as_they_are_likely(temperature, top_k):
    model = GPT(5, context=1, width=4, heads=1)
    scores = logits(model, [3])[0] / temperature
    scores[np.argsort(-scores)[top_k or 5 :]] = -np.inf
    shares = np.exp(scores - scores.max())
    random = np.random.default_rng(0)
    drawn = [
        model.generate([3], 1, temperature=temperature, top_k=top_k, seed=random)[0]
        for _ in range(500)
    ]
    counts = np.bincount(drawn, minlength=5)
    np.testing.assert_allclose(counts / 500, shares / shares.sum(), atol=0.06)
    assert (counts[shares == 0.0] == 0).all()


def test_a_model_that_writes_is_not_in_training():
    class Noisy(GPT):
        """In training all its logits are the same."""

        def __call__(self, symbols):
            factor = 0.0 if self.training else 1.0
            return [[factor * z for z in row] for row in super().__call__(symbols)]

    model, noisy = (kind(5, context=2, width=4, heads=1) for kind in (GPT, Noisy))
    assert noisy.generate([1], 20) == model.generate([1], 20)
    assert noisy.training


def test_text_goes_on_as_text():
    model = GPT(Vocabulary("to be, or not"), **SIZES)
    written = model.generate("to b", 12)
    assert isinstance(written, str)
    prompt = model.vocabulary.encode("to b").tolist()
    assert model.vocabulary.encode(written).tolist() == model.generate(prompt, 12)


# ------------------------------------------------------------------------ what is refused

REFUSED = {
    "an unknown symbol": (lambda m: m([0, 1, 5]), ValueError, "5 at position 2 .* from 0 to 4"),
    "a symbol below 0": (lambda m: m([-1]), ValueError, "-1 at position 0"),
    "half a symbol": (lambda m: m([Value(0.5)]), ValueError, "0.5 at position 0"),
    "no number": (lambda m: m([float("nan")]), ValueError, "nan at position 0"),
    "nothing": (lambda m: m([]), ValueError, "at least one symbol"),
    "a long text": (
        lambda m: m([0] * 6), ValueError, r"GPT\(5 .*\) sees 5 symbols at a time, 6 came"),
    "a long text in a batch": (
        lambda m: m.logits(np.zeros((2, 6), int)), ValueError, "sees 5 symbols at a time, 6 came"),
    "an unknown symbol in a batch": (
        lambda m: m.logits(np.array([[0, 1], [0, 9]])), IndexError, "9, not one of 0 to 4"),
    "text": (lambda m: m("abc"), TypeError, "not the text 'abc': encode it first"),
    "a batch": (lambda m: m([[0, 1]]), TypeError, r"predict\(model, X\) takes many"),
    "a single number": (lambda m: m(3), TypeError, "a list of symbols is needed, not 3"),
    "no prompt": (lambda m: m.generate([], 3), ValueError, "at least one symbol"),
    "an unknown symbol in a prompt": (
        lambda m: m.generate([0] * 8 + [7], 3), ValueError, "7 at position 8"),
    "text without characters": (
        lambda m: m.generate("ab", 3), TypeError, "knows numbers and no characters"),
    "a character that is unknown": (
        lambda m: GPT("abc", **SIZES).generate("abd", 3), ValueError, "'d' at place 2"),
    "no count": (lambda m: m.generate([0], 0), ValueError, "count must be a whole number from 1"),
    "no temperature": (
        lambda m: m.generate([0], 1, temperature=0.0), ValueError, "temperature .* above 0"),
    "a temperature in words": (
        lambda m: m.generate([0], 1, temperature="x"), TypeError, "a number above 0, not 'x'"),
    "of no symbols": (
        lambda m: m.generate([0], 1, top_k=0), ValueError, "top_k must be from 1 to 5"),
    "a width that heads do not share": (
        lambda m: GPT(5, width=6, heads=4), ValueError, "the width 6 is no multiple of 4 heads"),
    "no layers": (lambda m: GPT(5, layers=0), ValueError, "layers must be a whole number from 1"),
}  # fmt: skip


@pytest.mark.parametrize(("wrong", "kind", "message"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_fit_is_refused(model, wrong, kind, message):
    with pytest.raises(kind, match=message):
        wrong(model)


def test_a_model_without_numbers_writes_nothing(model):
    broken = copy.deepcopy(model)
    broken.unembedding.weights[2][0].data = float("nan")
    with pytest.raises(ValueError, match="logits that are finite"):
        broken.generate([0], 3)
