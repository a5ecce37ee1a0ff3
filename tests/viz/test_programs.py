import re

import numpy as np
import pytest

from autograd import compiled, uniform
from autograd.compiler.errors import CompilationError
from nn import GPT, MLP, Parameter, cross_entropy, hinge
from tests.backends import needs_compiler
from viz import draw
from viz.graphs.compiled.programs import compose_program
from viz.graphs.picture import Picture
from viz.graphs.selection import TooManyNodesError
from viz.svg.texts.lines import lines

X, SIGNS, CLASSES = np.ones((5, 2)), np.ones(5), np.array([0, 1, 1, 0, 1])


def hinge_loss(hidden: int = 16):
    model = MLP(2, [hidden, 1], seed=0)

    @compiled
    def loss(x, y):
        return hinge(model(x), y)

    loss(X, SIGNS)
    return loss


def class_loss(*, whole: bool = True):
    model = MLP(2, [2, 2], "tanh", seed=0)
    f = compiled(lambda x, y: cross_entropy(model(x), y))
    f(X, CLASSES if whole else SIGNS)
    return f


def written_by_hand():
    w, b = Parameter(2.0, label="w"), Parameter(1.0, label="b")
    f = compiled(lambda x: (w * x[0] + b).tanh() * x[1] + x[0].exp())
    f(X)
    return f


def gpt_loss(layers: int):
    model = GPT("ab\n", context=3, width=4, heads=2, layers=layers, seed=0)
    f = compiled(lambda x, y: cross_entropy(model(x)[-1], y[-1]))
    f(np.zeros((4, 3), dtype=int), np.zeros((4, 3), dtype=int))
    return f


def without_arguments():
    w = Parameter(2.0, label="w")
    f = compiled(lambda: w * w + 1.0)
    f()
    return f


@needs_compiler
def test_machine_code_is_drawn_as_the_statements_that_it_has_in_common_with_numpy():
    w = Parameter(2.0, label="w")
    pictures = []
    for backend in ("numpy", "c"):
        f = compiled(lambda x: (w * x).tanh(), backend=backend)
        f(np.ones(5))
        pictures.append(draw(f).svg)
    assert pictures[0] == pictures[1]
    assert "tanh(multiply_1, out=result)" in pictures[1]


def in_group(picture: Picture, group: int) -> list[list[str]]:
    return [[line.text for line in lines(box)] for box in picture.boxes if box.group == group]


def code(picture: Picture, group: int) -> str:
    """The lines of the program that a frame shows, without how they are broken."""
    shown = " ".join(line.strip() for box in in_group(picture, group) for line in box)
    return re.sub(r"\s+", " ", shown)


def edges(picture: Picture, *marks: str) -> list[tuple[str, str]]:
    """Where edges with these marks lead from and to, by the first lines of the boxes."""
    first = [lines(box)[0].text.split("  #")[0] for box in picture.boxes]
    return [
        (first[edge.source], first[i])
        for i, box in enumerate(picture.boxes)
        for edge in box.edges
        if edge.marks == {*marks}
    ]


# ----------------------------------------------------------------------------- the scalars


def test_scalars_stand_on_the_left_as_they_were_written():
    picture = compose_program(hinge_loss())
    assert picture.groups[0] == "one example, as it is written"
    assert in_group(picture, 0) == [
        ["x", "2 numbers"],
        ["y", "1 number"],
        ["layers.0.neurons", "relu(w · x + b)", "× 16"],
        ["layers.1.neurons.0", "w · x + b"],
        ["multiply"],
        ["subtract"],
        ["relu"],
    ]


def test_few_neurons_are_drawn_one_by_one():
    names = [box[0] for box in in_group(compose_program(hinge_loss(hidden=2)), 0)]
    assert names[2:5] == ["layers.0.neurons.0", "layers.0.neurons.1", "layers.1.neurons.0"]


def test_neurons_that_a_person_wrote_out_are_found():
    assert in_group(compose_program(written_by_hand()), 0)[1] == ["neuron 0", "tanh(w · x + b)"]


def test_random_numbers_come_from_outside_as_arguments_do():
    generator = np.random.default_rng(0)
    f = compiled(lambda x: x[0] * uniform(generator) + uniform(generator))
    f(X)
    picture = compose_program(f)
    assert in_group(picture, 0)[:2] == [["x", "2 numbers"], ["random", "2 numbers"]]
    assert ("random", "generator.random(out=random)") in edges(picture, "becomes")


def test_products_of_inputs_are_no_neurons():
    f = compiled(lambda A, b: [sum(a * c for a, c in zip(row, b, strict=True)) for row in A])
    f(np.ones((3, 2, 2)), np.ones((3, 2)))
    assert in_group(compose_program(f), 0)[2:] == [["multiply, add", "× 2"]]


def test_the_zero_that_a_sum_begins_with_is_no_bias():
    ws = [Parameter(1.0, label=f"w{i}") for i in range(2)]
    f = compiled(lambda x: sum(w * v for w, v in zip(ws, x, strict=True)))
    f(X)
    assert in_group(compose_program(f), 0)[1][1:] == ["w · x"]


def test_scalars_read_each_other_as_they_were_written():
    assert edges(compose_program(hinge_loss()))[:7] == [
        ("x", "layers.0.neurons"),
        ("layers.0.neurons", "layers.1.neurons.0"),
        ("y", "multiply"),
        ("layers.1.neurons.0", "multiply"),
        ("multiply", "subtract"),
        ("subtract", "relu"),
        ("x[...] = given_x", "dot(layer0_weights, x_and_1, out=layer0_dot)"),
    ]


# -------------------------------------------------------------------------------- programs


@pytest.mark.parametrize("make", [hinge_loss, class_loss, written_by_hand, without_arguments])
def test_every_line_of_the_program_is_shown_with_its_shapes(make):
    f = make()
    picture = compose_program(f)
    _, *functions = f.source.strip().split("\n\n\n")
    for group, function in enumerate(functions, 1):
        lines = [line.strip() for line in function.splitlines()[1:]]
        assert code(picture, group) == re.sub(r"\s+", " ", " ".join(lines))


def test_scalars_lead_to_the_matrices_that_they_became():
    assert edges(compose_program(hinge_loss()), "becomes") == [
        ("x", "x[...] = given_x"),
        ("y", "y[...] = given_y"),
        ("layers.0.neurons", "dot(layer0_weights, x_and_1, out=layer0_dot)"),
        ("layers.0.neurons", "relu(layer0_dot, out=layer0_relu)"),
        ("layers.1.neurons.0", "dot(layer1_weights, layer0_relu_and_1, out=layer1_dot)"),
        ("multiply", "multiply(y, layer1_dot, out=multiply_1)"),
        ("subtract", "subtract(1.0, multiply_1, out=subtract_1)"),
        ("relu", "relu(subtract_1, out=loss)"),
    ]


@pytest.mark.parametrize(
    "make", [hinge_loss, class_loss, written_by_hand, without_arguments, lambda: gpt_loss(1)]
)
def test_no_scalar_and_no_line_stands_alone(make):
    picture = compose_program(make())
    pairs = [
        (edge.source, i)
        for i, box in enumerate(picture.boxes)
        for edge in box.edges
        if edge.marks == {"becomes"}
    ]
    left = [i for i, box in enumerate(picture.boxes) if box.group == 0]
    right = [i for i, box in enumerate(picture.boxes) if box.group == 1]
    assert {a for a, _ in pairs} == {*left}
    assert {b for _, b in pairs} == {*right}


def test_arguments_that_are_indices_lead_to_where_they_are_brought():
    assert ("y", "indices[...] = given_y") in edges(compose_program(class_loss()), "becomes")


def test_large_arguments_lead_to_what_reads_them_where_they_are():
    model = MLP(80, [2], "tanh", seed=0)
    f = compiled(lambda x: model(x)[0])
    f(np.ones((3, 80)))
    ((_, line), *_) = edges(compose_program(f), "becomes")
    assert "given_x" in line


def test_the_way_back_is_a_frame_of_its_own_in_its_order():
    picture = compose_program(hinge_loss())
    assert picture.groups[1:] == ["a batch, as it runs", "and its gradients"]
    back = edges(picture)[-6:]
    assert back[0][0] == "relu(subtract_1, out=loss)"
    assert back[0][1].startswith("not_equal(loss, 0.0")
    assert [b for _, b in back[:-1]] == [a for a, _ in back[1:]]


def test_results_without_a_gradient_have_no_way_back():
    f = compiled(lambda x: [x[0].exp(), x[1]])
    f(X)
    assert compose_program(f).groups == ["one example, as it is written", "a batch, as it runs"]


# -------------------------------------------------------------------------------- too much


def test_of_a_long_program_the_way_back_is_left_out_and_the_caption_says_so():
    picture = compose_program(gpt_loss(1))
    assert len(picture.groups) == 2
    assert "lines of the backward pass are left out: print(result.source)" in picture.caption


def test_too_long_a_program_is_refused_with_advice():
    f = gpt_loss(4)
    with pytest.raises(TooManyNodesError, match=rf"print\({f.name}.source\) shows them all"):
        draw(f)


def test_wide_layers_are_as_quick_to_read_as_narrow_ones():
    narrow, wide = (compose_program(hinge_loss(hidden=n)) for n in (8, 64))
    assert len(narrow.boxes) == len(wide.boxes)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: compiled(lambda x: x), "has no program yet: call it first, which compiles it"),
        (lambda: compiled(lambda x: x, backend="eager"), 'has no program: it runs with backend="e'),
        (lambda: called_with_a_number(), "was last called with plain numbers, not batches"),
    ],
)
def test_without_a_program_there_is_nothing_to_draw(make, message):
    with pytest.raises(CompilationError, match=message):
        draw(make())


def called_with_a_number():
    f = compiled(lambda x: x * 2.0)
    f(3.0)
    return f


# ----------------------------------------------------------------------------- the drawing


@pytest.mark.parametrize(
    "make",
    [hinge_loss, class_loss, written_by_hand, without_arguments, lambda: gpt_loss(1)],
)
def test_scalars_are_drawn_on_the_left_of_the_program(make):
    svg = draw(make()).svg
    frames = {
        number: float(x)
        for number, x in re.findall(r'id="clust(\d)".*?d="M ?([-\d.]+),', svg, re.DOTALL)
    }
    assert frames["1"] < frames["2"]


OUTSIDE = """() => [...document.querySelectorAll(".node")].flatMap(node => {
  const box = node.querySelector("path, polygon, ellipse").getBBox();
  return [...node.querySelectorAll("text")].filter(text => {
    const own = text.getBBox();
    return own.x < box.x || own.x + own.width > box.x + box.width ||
      own.y < box.y - 1 || own.y + own.height > box.y + box.height + 1;
  }).map(text => text.textContent);
})"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_line_has_room_in_its_box(page, tmp_path, theme):
    drawing = draw(class_loss(), theme=theme)
    page.goto(drawing.save(tmp_path / "program.svg").as_uri())
    assert page.evaluate(OUTSIDE) == []
    assert page.locator("text.code").count() > 20


def test_hovering_on_an_edge_tells_what_flows_there():
    hovers = {edge.hover for box in compose_program(hinge_loss()).boxes for edge in box.edges}
    assert {"layers.0.neurons → layer0_dot", "layer0_relu", "to layer0_relu"} <= hovers


def test_names_are_text_whatever_they_are():
    nasty = '<script>alert("&")</script>\\N'
    w = Parameter(1.0, label=nasty)
    f = compiled(lambda x: (w * x).tanh())
    f(np.ones(3))
    assert "<script" not in draw(f).svg


def test_the_program_stays_as_it_was():
    f = hinge_loss()
    source, program = f.source, f.program
    draw(f)
    assert f.source == source
    assert f.program is program


def test_a_program_is_read_downwards():
    assert "rankdir=TB" in draw(written_by_hand()).dot


def test_the_summary_of_a_program_counts_its_steps():
    svg = draw(written_by_hand()).svg
    assert "<title>program of " in svg
    assert "result </title>" not in svg
