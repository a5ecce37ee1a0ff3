"""Chainrule's networks: neurons and layers made of Values, losses, optimizers, training."""

from typing import TYPE_CHECKING

from autograd import installation as installation
from autograd.origin import belongs_to_library
from nn.on_demand import on_demand

belongs_to_library(__name__)

if TYPE_CHECKING:  # What is asked for is imported then, from where it says here.
    from nn import probability as probability
    from nn.data import (
        Columns,
        DataError,
        Dataset,
        MinMaxScaler,
        StandardScaler,
        Table,
        Vocabulary,
        circles,
        digits,
        k_folds,
        moons,
        one_hot,
        read_csv,
        read_idx,
        read_mnist,
        spiral,
        split,
        windows,
        words,
        xor,
    )
    from nn.dropout import Dropout
    from nn.exchange import (
        Checkpoint,
        CheckpointError,
        ConversionError,
        load,
        save,
        to_onnx,
        to_torch,
    )
    from nn.functional import accuracy, log_softmax, softmax
    from nn.losses import (
        binary_cross_entropy,
        binary_cross_entropy_with_logits,
        categorical_cross_entropy,
        cross_entropy,
        hinge,
        huber,
        kl_divergence,
        mae,
        mse,
    )
    from nn.matrices import LayerJacobian, layer_jacobian
    from nn.mlp import MLP
    from nn.module import Module
    from nn.neuron import Layer, Neuron
    from nn.normalization import LayerNorm, RMSNorm
    from nn.optimizers import SGD, AdaGrad, Adam, AdamW, Optimizer, RMSProp
    from nn.optimizers.clipping import clip_by_norm, clip_by_value
    from nn.optimizers.schedules import (
        CosineDecay,
        ExponentialDecay,
        InverseTimeDecay,
        LinearDecay,
        StepDecay,
        WarmUp,
    )
    from nn.parameters.parameter import Parameter
    from nn.regularization import L1, L2
    from nn.sequential import Sequential
    from nn.training import (
        Checkpoints,
        Confusion,
        DivergenceError,
        EarlyStopping,
        Evaluation,
        History,
        InterruptionWarning,
        Linter,
        Progress,
        RateCurve,
        Scores,
        confusion_matrix,
        cross_validate,
        evaluate,
        fit,
        learning_rate_range,
        lint,
        predict,
    )
    from nn.transformer.attention import (
        MultiHeadAttention,
        causal_mask,
        scaled_dot_product_attention,
    )
    from nn.transformer.block import FeedForward, TransformerBlock
    from nn.transformer.embedding import Embedding, LearnedPositions, SinusoidalPositions
    from nn.transformer.gpt import GPT
    from nn.transformer.projection import Projection

else:
    __getattr__, __dir__ = on_demand(__name__)

__all__ = [
    "GPT",
    "L1",
    "L2",
    "MLP",
    "SGD",
    "AdaGrad",
    "Adam",
    "AdamW",
    "Checkpoint",
    "CheckpointError",
    "Checkpoints",
    "Columns",
    "Confusion",
    "ConversionError",
    "CosineDecay",
    "DataError",
    "Dataset",
    "DivergenceError",
    "Dropout",
    "EarlyStopping",
    "Embedding",
    "Evaluation",
    "ExponentialDecay",
    "FeedForward",
    "History",
    "InterruptionWarning",
    "InverseTimeDecay",
    "Layer",
    "LayerJacobian",
    "LayerNorm",
    "LearnedPositions",
    "LinearDecay",
    "Linter",
    "MinMaxScaler",
    "Module",
    "MultiHeadAttention",
    "Neuron",
    "Optimizer",
    "Parameter",
    "Progress",
    "Projection",
    "RMSNorm",
    "RMSProp",
    "RateCurve",
    "Scores",
    "Sequential",
    "SinusoidalPositions",
    "StandardScaler",
    "StepDecay",
    "Table",
    "TransformerBlock",
    "Vocabulary",
    "WarmUp",
    "accuracy",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "categorical_cross_entropy",
    "causal_mask",
    "circles",
    "clip_by_norm",
    "clip_by_value",
    "confusion_matrix",
    "cross_entropy",
    "cross_validate",
    "digits",
    "evaluate",
    "fit",
    "hinge",
    "huber",
    "k_folds",
    "kl_divergence",
    "layer_jacobian",
    "learning_rate_range",
    "lint",
    "load",
    "log_softmax",
    "mae",
    "moons",
    "mse",
    "one_hot",
    "predict",
    "probability",
    "read_csv",
    "read_idx",
    "read_mnist",
    "save",
    "scaled_dot_product_attention",
    "softmax",
    "spiral",
    "split",
    "to_onnx",
    "to_torch",
    "windows",
    "words",
    "xor",
]
