import os

import pytest

from autograd import Value, topological_order
from autograd.compiler.machine.compilers import NoMachineCodeError
from benchmarks import (
    chainrule_networks,
    compiling,
    compiling_c,
    eager,
    estimators,
    expression,
    networks,
    overhead,
    transformer,
)
from benchmarks.__main__ import main
from benchmarks.measuring import Apart, Finding, Times, quantity, race, show, show_times
from benchmarks.numpy_networks import numpy_network
from benchmarks.sums import Sums
from benchmarks.works import WORKS, Work
from nn import MLP


@pytest.fixture
def installed(monkeypatch):
    """The peers that are taken for installed: none, unless a test adds to it."""
    names: set[str] = set()
    for module in (networks, transformer):
        monkeypatch.setattr(module, "peer", names.__contains__)
    return names


@pytest.fixture
def compiler():
    """Skip where nothing makes machine code."""
    if chainrule_networks.MACHINE not in chainrule_networks.our_ways():
        pytest.skip("no C compiler")


@pytest.mark.parametrize("work", WORKS[:4], ids=str)
def test_ours_and_numpy_compute_the_same(work, installed):
    networks.check_equal(networks.contestants(work))


@pytest.mark.parametrize("work", WORKS, ids=str)
def test_a_network_called_machine_code_is_that(work, compiler):
    trained = compiling.contestant(work, Work.model, "c")
    trained.step()
    assert trained.loss.programs.latest.runs_as == "machine code"


@pytest.mark.parametrize("context", [1, 4])
def test_a_transformer_called_machine_code_is_that(context, compiler):
    trained = transformer.ours(context, *chainrule_networks.WAYS[chainrule_networks.MACHINE])
    trained.step()
    assert trained.loss.programs.latest.runs_as == "machine code"


@pytest.mark.parametrize("context", [1, 4])
def test_ours_computes_one_transformer_in_all_ways(context, installed):
    networks.check_equal(transformer.contestants(context))


@pytest.mark.parametrize("context", [1, 4])
def test_ours_and_pytorch_compute_the_same_transformer(context, installed):
    pytest.importorskip("torch")
    installed.add("torch")
    found = transformer.contestants(context)
    assert list(found) == [*chainrule_networks.our_ways(), "PyTorch"]
    networks.check_equal(found)


def test_a_contestant_that_computes_something_else_is_found(installed):
    work = WORKS[0]
    found = networks.contestants(work)
    x, y = work.data()
    matrices = [(w, b + 0.1) for w, b in networks._matrices(work)]
    found["wrong"] = numpy_network(work, matrices, x, y)
    with pytest.raises(AssertionError, match="wrong computes something else"):
        networks.check_equal(found)


def test_sums_and_mlp_are_the_same_network():
    x = [0.3, -0.7]
    values = [Sums(Value, (2, 16, 16, 1))(x), MLP(2, [16, 16, 1], seed=0)(x)]
    assert values[0].data == pytest.approx(values[1].data, rel=1e-12)


def test_sums_and_mlp_compile_to_the_same_steps():
    work = compiling.SMALL
    ways = [compiling.contestant(work, kind) for kind in (Work.model, compiling.sums)]
    networks.check_equal(dict(zip((networks.OURS, "sums"), ways, strict=True)))


def test_expression_of_the_readme():
    ways = {expression.COMPILED: expression.in_chainrule(), "eager": expression.in_values(Value)}
    expression.check_equal(ways)
    value, (in_a, in_b) = ways["eager"]()
    assert (round(value, 4), round(in_a, 4), round(in_b, 4)) == (24.7041, 138.8338, 645.5773)


def test_machine_code_is_to_be_behind_nobody():
    names = chainrule_networks.MACHINE, "jax.jit, synchronous"
    assert [networks._bound(work, *names) for work in WORKS] == [1.0, 1.0, 0.5, 0.5, 0.5]
    assert {networks._bound(work, names[0], "NumPy") for work in WORKS} == {1.0}
    assert networks._bound(WORKS[0], chainrule_networks.OURS, names[1]) == 0.6


def test_without_a_compiler_machine_code_is_no_contestant(installed, monkeypatch, capsys):
    def compiler():
        raise NoMachineCodeError("no C compiler")

    monkeypatch.setattr(chainrule_networks, "compiler", compiler)
    chainrule_networks.our_ways.cache_clear()
    try:
        assert list(networks.contestants(WORKS[0])) == [*list(chainrule_networks.WAYS)[:2], "NumPy"]
        assert "machine code is skipped: no C compiler" in capsys.readouterr().out
        assert compiling_c.run(rounds=1) == []
    finally:
        chainrule_networks.our_ways.cache_clear()


def test_a_transformer_of_every_context_is_held_to_a_bound(installed, monkeypatch):
    pytest.importorskip("torch")
    installed.add("torch")
    monkeypatch.setattr(transformer, "CONTEXTS", {2: 1.0, 3: 1.5})
    findings = [finding for c in (2, 3) for finding in transformer.against_peers(c, rounds=1)]
    assert [(finding.work[-1], finding.at_most) for finding in findings] == [
        *_bounds("2", 1.0),
        *_bounds("3", 1.5),
    ]


def _bounds(context, as_numpy_programs):
    backends = [chainrule_networks.WAYS[way][1] for way in chainrule_networks.our_ways()]
    return [(context, 0.5 if backend == "c" else as_numpy_programs) for backend in backends]


def test_a_compiled_sequence_is_compared_with_an_eager_one(monkeypatch):
    monkeypatch.setattr(transformer, "CONTEXTS", {})
    monkeypatch.setattr(transformer, "EAGERLY", 2)
    (finding,) = transformer.run(rounds=1)
    assert finding.at_least == 800
    assert finding.figure > 10


def test_the_eager_sequence_has_the_compiled_loss():
    alone, trained = transformer.eagerly(3), transformer.ours(3)
    trained.x, trained.y = alone.x, alone.y
    assert alone.step() == pytest.approx(trained.step(), rel=1e-12)
    assert alone.parameters() == pytest.approx(trained.parameters(), rel=1e-12)


def test_compiling_a_transformer_is_timed_at_every_context(monkeypatch):
    monkeypatch.setattr(transformer, "CONTEXTS", {2: 1.0, 3: 1.5})
    *findings, growth = compiling.transformer_times(1)
    assert [finding.compared for finding in findings] == ["sequences of 2", "sequences of 3"]
    assert all(0.0 < finding.figure < 10.0 for finding in findings)
    assert (growth.work, growth.compared) == ("compile causal transformer, 3 / 2", "for each node")


def test_making_machine_code_is_timed_with_a_cache_of_its_own(compiler, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/nowhere")
    seconds = compiling_c.seconds_by_cache(compiling.contestant, compiling.SMALL, Work.model, "c")
    assert [0.0 < time < 60.0 for time in seconds] == [True] * 3
    assert os.environ["XDG_CACHE_HOME"] == "/nowhere"


def test_estimators_are_compared_with_scikit_learns_in_time_and_accuracy(monkeypatch):
    monkeypatch.setattr(estimators, "SHAPES", [estimators.Shape((2,), 600)])
    monkeypatch.setattr(estimators, "PROBLEMS", estimators.PROBLEMS[1:2])
    monkeypatch.setattr(estimators, "EPOCHS", [1])
    epoch, fit, accuracy = estimators.run(rounds=1)
    assert (epoch.at_most, fit.at_most, accuracy.at_most) == (0.7, float("inf"), 2.0)
    assert epoch.work == "digits, 64-2-10, batches of 600"
    assert accuracy.work == "iris"


def test_eager_step_runs_in_a_process_of_its_own():
    apart = Apart(eager.contestant, eager.MLP)
    assert apart.step() == pytest.approx(eager.contestant(eager.SUMS).step(), rel=1e-12)
    assert 0.0 < apart.seconds_per_step(2) < 10.0


def test_graphs_that_are_measured_have_as_many_nodes_as_they_say():
    assert len(topological_order(eager.graph(1000))) == 1001


def test_race_counts_every_round_of_quick_steps():
    times = race({"one": lambda: None, "two": lambda: sum(range(100))}, rounds=3)
    assert {name: len(rounds) for name, rounds in times.seconds.items()} == {"one": 3, "two": 3}
    assert times.ratio("two", "one") == pytest.approx(1 / times.ratio("one", "two"))


def test_times_are_compared_within_the_rounds_that_both_ran_in():
    times = Times({"quick": {0: 1.0, 1: 2.0, 2: 4.0}, "slow": {0: 3.0, 2: 8.0}})
    assert times.ratio("slow", "quick") == 2.5  # of 3 and 2
    assert times.difference("slow", "quick") == 3.0  # of 2 and 4


@pytest.mark.parametrize("backend", ["numpy", "c"])
@pytest.mark.parametrize(("work", "at_most"), overhead.AT_MOST, ids=str)
def test_the_program_alone_computes_the_gradient(work, at_most, backend, request):
    if backend == "c":
        request.getfixturevalue("compiler")
    trained = compiling.contestant(work, Work.model, backend)
    _, gradient = trained.loss.value_and_gradient(trained.x, trained.y)
    runner = trained.loss.programs.latest.runner
    runner.gradient.fill(float("nan"))
    overhead.program_alone(trained)()
    assert runner.gradient.tolist() == gradient.tolist()


def test_the_python_around_a_program_is_the_step_less_the_program(monkeypatch):
    def race(ways, rounds):
        for step in ways.values():
            step()
        return Times({name: {0: 0.5 if name == overhead.PROGRAM else 0.75} for name in ways})

    monkeypatch.setattr(overhead, "race", race)
    monkeypatch.setattr(overhead, "our_ways", lambda: [chainrule_networks.OURS])
    findings = overhead.run(rounds=1)
    assert [(finding.figure, finding.unit) for finding in findings] == [(0.25, "s")] * 2
    assert [finding.at_most for finding in findings] == [7e-6, 12e-6]


def test_machine_code_is_held_to_what_is_written_by_hand(compiler):
    findings = overhead.alone(rounds=1)
    assert [finding.work for finding in findings] == [str(work) for work, _ in overhead.BY_HAND]
    assert all(
        1.0 < f.at_most / s < 1.5 for f, (_, s) in zip(findings, overhead.BY_HAND, strict=True)
    )


def test_tables_say_what_holds(capsys):
    findings = [
        Finding("a", "b", 0.5, at_most=0.6),
        Finding("a", "c", 4.0, at_least=5.0),
        Finding("a", "d", 0.002, unit="s"),
    ]
    show("title", findings)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in lines[-3:]] == ["holds", "MISSED", "ms"]
    show_times("work", race({"only": lambda: None}, rounds=1), "only")
    assert "1.00" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [(2.0, "s", "2 s"), (0.0123, "s", "12.3 ms"), (4e-7, "s", "0.4 us"), (0.25, "x", "0.25 x")],
)
def test_quantities(number, unit, text):
    assert quantity(number, unit) == text


def test_unknown_subject_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["speed"])
    assert "no subject speed" in capsys.readouterr().err
