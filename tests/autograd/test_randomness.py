import random

import numpy as np
import pytest

from autograd import compiled, uniform


def test_a_draw_is_a_constant_and_the_generator_goes_on():
    ours, numpys = np.random.default_rng(3), np.random.default_rng(3)
    draws = [uniform(ours) for _ in range(3)]
    assert [u.data for u in draws] == [numpys.random() for _ in range(3)]
    assert {u.kind for u in draws} == {"constant"}


@pytest.mark.parametrize(
    "wrong", [0, None, random, random.Random(0), np.random.RandomState(0)], ids=repr
)
@pytest.mark.parametrize("way", [lambda f: f, compiled], ids=["eager", "compiled"])
def test_only_numpys_generator_is_drawn_from(wrong, way):
    with pytest.raises(TypeError, match="draws from a generator that was made before, such as"):
        way(lambda x: x * uniform(wrong))(1.0)
