"""Models to files and back, and to other libraries: safetensors, PyTorch, ONNX."""

from nn.exchange.conversion import ConversionError
from nn.exchange.errors import CheckpointError
from nn.exchange.loading import Checkpoint, load
from nn.exchange.onnx import to_onnx
from nn.exchange.saving import save
from nn.exchange.torch import to_torch

__all__ = [
    "Checkpoint",
    "CheckpointError",
    "ConversionError",
    "load",
    "save",
    "to_onnx",
    "to_torch",
]
