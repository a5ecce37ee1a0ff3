"""The picture of the steps, and the data that the player shows on it."""

import json
import re
from xml.etree import ElementTree

import pytest

from autograd import Value, dot
from nn import MLP, hinge
from viz import steps
from viz.player.steps import Steps
from viz.svg.dot import write
from viz.svg.texts.labels import data_line, grad_line

SVG = "{http://www.w3.org/2000/svg}"


def neuron() -> Value:
    x, w, b = Value(2.0, label="x"), Value(-3.0, label="w"), Value(6.5, label="b")
    return (w * x + b).tanh() * x


def network() -> Value:
    return hinge(MLP(2, [3, 1], seed=0)([0.5, -0.5]), -1.0)


def texts(walk: Steps) -> dict[tuple[str, str], str]:
    """The text of each role in each node of the picture."""
    groups = ElementTree.fromstring(walk.svg).iter(f"{SVG}g")
    return {
        (group.get("id", ""), text.get("class", "").split()[0]): text.text or ""
        for group in groups
        if (group.get("id") or "").startswith("n")
        for text in group.iter(f"{SVG}text")
    }


def played(walk: Steps) -> dict[tuple[str, str], str]:
    """The texts after the last frame, as the script sets them."""
    shown = {(node, role): text for node, role, text in walk.data["begin"]}
    for frame in walk.data["frames"]:
        shown |= {(node, role): text for node, role, text in frame["set"]}
    return shown


def close_numbers() -> Value:
    return Value(65000.0, label="a") + Value(1e-4, label="b")


def stale() -> Value:
    x = Value(2.0, label="x")
    loss = (x * x).tanh()
    x.data = 3.0
    return loss


@pytest.mark.parametrize("graph", [neuron, network, close_numbers, stale])
def test_the_picture_has_the_texts_of_the_last_frame(graph):
    walk = steps(graph())
    in_picture, last = texts(walk), played(walk)
    assert last.items() <= in_picture.items()
    numbers = {key for key in in_picture if key[1] in ("data", "grad")}
    assert {role for _, role in numbers - last.keys()} == {"data"}  # of leaves, which stay


def test_numbers_have_as_many_digits_as_tell_them_apart():
    first, *_ = steps(close_numbers())
    assert first.rule == "L = a + b = 65000 + 0.0001 = 65000.0001"


def test_numbers_that_were_changed_since_are_stale_in_the_picture():
    walk = steps(stale())
    assert sorted(set(played(walk).values()) & set(texts(walk).values())) == [
        "data 0.999329 (stale)",
        "data 4 (stale)",
        "grad 0.00134095 (stale)",
        "grad 0.0053638 (stale)",
        "grad 1",
    ]


@pytest.mark.parametrize("graph", [neuron, network])
def test_the_last_frame_shows_what_backward_computes(graph):
    loss = graph()
    walk = steps(loss)
    loss.backward()
    last = played(walk)
    ids = {key[0] for key in last}
    assert sorted(last[n, "grad"] for n in ids) == sorted(
        grad_line(c.node.grad) for c in {c.node: c for s in walk for c in s.changes}.values()
    )
    root = walk[-1].count  # the first backward frame is at the root
    at = walk.data["frames"][len(walk) - root]["at"]
    assert (last[at, "data"], last[at, "grad"]) == (data_line(loss.data), "grad 1")


def ends(walk: Steps) -> dict[str, tuple[str, str]]:
    """From where to where each edge of the picture leads."""
    found = re.findall(r"(n\d+) -> (n\d+) \[.*?id=(e\d+)", write(walk.picture).source)
    return {edge: (source, target) for source, target, edge in found}


@pytest.mark.parametrize("graph", [neuron, network])
def test_a_frame_lights_the_node_at_work_and_the_edges_of_the_step(graph):
    walk = steps(graph())
    nodes, leads = walk.data["nodes"], ends(walk)
    for step, frame in zip(walk, walk.data["frames"], strict=True):
        operands = nodes[frame["at"]]["operands"]
        assert [nodes[n]["name"] for n in operands] == [walk.names[x] for x in step.node.operands]
        lit = step.places if step.phase == "backward" else range(len(operands))
        assert [leads[edge] for edge in frame["edges"]] == [
            (operands[place], frame["at"]) for place in lit
        ]


def test_a_frame_asks_for_the_number_that_appears_without_saying_it():
    for frame in steps(network()).data["frames"]:
        ask = frame["ask"]
        assert ask["question"].endswith("?")
        assert frame["rule"].startswith(ask["question"].split(", ", 1)[-1][:-1])
        assert frame["rule"].splitlines()[0].endswith(f"= {ask['answer']}")


def test_a_question_says_of_which_neuron_it_is():
    asked = [frame["ask"]["question"] for frame in steps(network()).data["frames"]]
    assert asked[0].startswith("In layers.0.neurons.0, v1 = weights.0 * 0.5 + ")
    assert "In layers.1.neurons.0, weights.0.grad: 0 + dL/dv7 * v2?" in asked


def test_a_backward_frame_has_a_line_for_each_edge_or_for_each_number():
    x = Value(0.5, label="x")
    for loss in (dot([x] * 20, [2.0] * 20), network(), x * x.step(), (x * x).step() * x):
        for frame in steps(loss).data["frames"]:
            if frame["phase"] == "backward":
                assert len(frame["rule"].splitlines()) == len(frame["edges"] or frame["set"])


def test_labels_are_those_at_the_time_of_the_call():
    x = Value(2.0, label="x")
    walk = steps(x * x)
    x.label = "another"
    assert "another" not in walk.page + json.dumps(walk.data)
    assert walk.data["nodes"]["n0"]["name"] == "x"


def test_a_frame_says_what_comes_out_in_words_that_are_read_aloud():
    said = [frame["say"] for frame in steps(neuron()).data["frames"]]
    assert said[0] == "forward: v1 is w times x is minus 6."
    assert said[6] == "backward: x.grad is 0.462117."
    first = next(step for step in steps(network()) if step.within and step.phase == "backward")
    assert first.sentence == "weights.0.grad is 0.367175, weights.1.grad is 0.0244459, and 5 more"


def test_who_listens_hears_what_was_there_before():
    x = Value(3.0, label="x")
    x.grad = -2.0
    assert steps(x.exp())[-1].sentence.endswith(
        "x.grad is 18.0855 with minus 2 that was there before"
    )


def test_before_the_first_frame_operations_have_no_numbers_and_leaves_no_gradients():
    data = steps(neuron()).data
    at_first = {(data["nodes"][node]["name"], role): text for node, role, text in data["begin"]}
    assert at_first["v1", "data"] == "data ?"
    assert at_first["x", "grad"] == at_first["v1", "grad"] == "grad —"
    assert ("x", "data") not in at_first


def test_neurons_are_units_and_frames_say_which_they_are_in():
    data = steps(network()).data
    assert data["units"][-1] == "layers.1.neurons.0"
    named = {data["units"][f["unit"]] for f in data["frames"] if f["unit"] >= 0}
    assert named == set(data["units"])
    assert any(frame["unit"] == -1 for frame in data["frames"])


def test_boxes_have_room_for_the_widest_text_that_will_stand_in_them():
    x = Value(1.0, label="x")
    walk = steps(x * 0.876544 + x * 0.123456)
    changes = [change for step in walk for change in step.changes if change.node is x]
    assert [grad_line(change.after) for change in changes] == ["grad 0.123456", "grad 1"]
    [box] = [box for box in walk.picture.boxes if box.value is x]
    assert box.room == len("grad 0.123456")


def test_hostile_labels_are_text():
    hostile = ["</script><script>alert(1)</script>", "&lt;", '"];', "\\N", "\ud800\x00", "-->"]
    walk = steps(dot([Value(1.0, label=text) for text in hostile], [1.0] * len(hostile)))
    assert "<script" not in walk.svg
    json.dumps(walk.data, allow_nan=False).encode("ascii")
    names = [node["name"] for node in walk.data["nodes"].values()]
    assert names[:5] == [*hostile[:4], "\ufffd\ufffd"]
