"""What `draw` cannot do it says before it draws, also of arguments that would have no effect."""

import math

import numpy as np
import pytest

from autograd import AnomalyError, CompilationError, Value, compiled, detect_anomaly
from nn import MLP
from viz import draw

WRONG = [
    ({"theme": []}, ValueError, r"theme=\[\]: it is one of 'light'"),
    ({"theme": "blue"}, ValueError, "theme='blue'"),
    ({"depth": "a"}, TypeError, "depth='a': it is a number of edges"),
    ({"depth": 1.5}, TypeError, "depth=1.5"),
    ({"depth": math.nan}, TypeError, "depth=nan"),
    ({"depth": True}, TypeError, "depth=True"),
    ({"depth": -3}, ValueError, "depth=-3"),
    ({"max_nodes": "a"}, TypeError, "max_nodes='a': it is a number of nodes"),
    ({"max_nodes": math.nan}, TypeError, "max_nodes=nan"),
    ({"max_nodes": False}, TypeError, "max_nodes=False"),
    ({"max_nodes": 0}, ValueError, "max_nodes=0"),
]


def anomaly():
    with detect_anomaly(), pytest.raises(AnomalyError) as raised:
        Value(0.0).log()
    return raised.value


def program():
    w = Value(2.0, label="w")
    f = compiled(lambda x: (w * x).tanh())
    f([1.0, 2.0])
    return f


DRAWN = {"a value": lambda: Value(2.0), "an anomaly": anomaly, "a program": program}


@pytest.mark.parametrize(("given", "error", "said"), WRONG)
@pytest.mark.parametrize("make", DRAWN.values(), ids=DRAWN)
def test_a_wrong_argument_is_named_whatever_is_drawn(make, given, error, said):
    with pytest.raises(error, match=said):
        draw(make(), **given)


WITHOUT_EFFECT = [
    *[
        (program, {name: given}, "draw the Values that the function gives")
        for name, given in [
            ("direction", "TB"),
            ("detail", "layers"),
            ("color_by", "gradient"),
            ("partials", True),
            ("highlight", Value(1.0)),
            ("depth", 2),
            ("max_nodes", 3),
        ]
    ],
    *[
        (anomaly, {name: given}, "draw error.node")
        for name, given in [
            ("detail", "layers"),
            ("highlight", Value(1.0)),
            ("depth", 2),
            ("max_nodes", 3),
        ]
    ],
    (lambda: MLP(1, [1]), {"partials": True}, "call the module, and draw that"),
    (lambda: MLP(1, [1]), {"color_by": "gradient"}, "call the module, and draw that"),
]


@pytest.mark.parametrize(("make", "given", "way_out"), WITHOUT_EFFECT)
def test_an_argument_without_effect_is_an_error_with_the_way_out(make, given, way_out):
    (name,) = given
    with pytest.raises(TypeError, match=f"{name}= has no effect on an? .*{way_out}"):
        draw(make(), **given)


def test_numbers_of_numpy_and_infinity_are_numbers_of_nodes():
    x = Value(2.0)
    assert draw(x.exp(), depth=np.int64(1), max_nodes=math.inf).nodes == 2


def test_a_program_of_plain_numbers_says_how_there_is_one_to_be_drawn():
    double = compiled(lambda x: x * 2.0)
    double(1.0)
    with pytest.raises(CompilationError, match="call it on several examples at once"):
        draw(double)
