"""An ONNX graph while it is built: nodes and the constants that they read."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.packages import needed

OPSET, IR_VERSION = 18, 9  # what the runtimes of today read

Operand = str | float | np.ndarray[Any, Any]


class Graph:
    """Nodes, each with the name of its one result, in the order of their evaluation.

    Operands are names, or numbers and arrays, which become constants.

    >>> graph = Graph()
    >>> graph.node("Add", "x", 1.0)
    'add_1'
    """

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}
        self._onnx = needed("onnx", "onnx", "nn.to_onnx")

    def node(self, op: str, *operands: Operand, **attributes: Any) -> str:
        """The name of what an operator of ONNX gives for some operands."""
        inputs = [self._name(operand) for operand in operands]
        result = f"{op.lower()}_{len(self.nodes) + 1}"
        make = self._onnx.helper.make_node
        self.nodes.append(make(op, inputs, [result], **attributes))
        return result

    def _name(self, operand: Operand) -> str:
        if isinstance(operand, str):
            return operand
        array = np.ascontiguousarray(operand).reshape(np.shape(operand))
        return self.constant(f"constant_{len(self.constants) + 1}", array)

    def constant(self, name: str, array: np.ndarray[Any, Any]) -> str:
        """An array under a name of its own, such as a layer's weights."""
        self.constants[name] = self._onnx.numpy_helper.from_array(array, name)
        return name

    def serialized(self, inputs: dict[str, Any], output: str, shape: Any) -> bytes:
        """The whole as a file's bytes, all numbers in float64.

        Parameters:
            inputs: their shapes by name; an axis without a fixed length has a name instead.
            output: the name of what is given.
            shape: of that.
        """
        helper, double = self._onnx.helper, self._onnx.TensorProto.DOUBLE
        nodes = [*self.nodes, helper.make_node("Identity", [output], ["output"])]
        graph = helper.make_graph(
            nodes,
            "chainrule",
            [helper.make_tensor_value_info(name, double, given) for name, given in inputs.items()],
            [helper.make_tensor_value_info("output", double, shape)],
            [*self.constants.values()],
        )
        whole = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="chainrule",
        )
        content: bytes = whole.SerializeToString()
        return content


def valid(content: bytes) -> bool:
    """Whether the shapes in a file's bytes agree with each other."""
    onnx = needed("onnx", "onnx", "nn.to_onnx")
    try:
        onnx.checker.check_model(content, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError):
        return False
    return True
