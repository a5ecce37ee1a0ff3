"""What other libraries call the settings of optimizers, and what is said here instead."""

from __future__ import annotations

_DECAY = (
    "for decay by the gradient fit takes penalty=L2(weights=w / 2) where weight_decay is w, and "
    "so does a loop with loss + L2(weights=w / 2)(model); for decay of its own there is AdamW"
)
_NORM = "give clipping=clip_by_norm(bound)"

HERE = {
    "lr": "say learning_rate=",
    "params": "say parameters=, or give them first",
    "model": "give its parameters: model.parameters()",
    "schedule": "give it as learning_rate=",
    "scheduler": "give a schedule, such as CosineDecay(0.1, 1000), as learning_rate=",
    "lr_decay": "give learning_rate=InverseTimeDecay(first, decay)",
    "weight_decay": _DECAY,
    "eps": "say epsilon=",
    "beta1": "say betas=(beta1, beta2)",
    "beta2": "say betas=(beta1, beta2)",
    "beta_1": "say betas=(beta1, beta2)",
    "beta_2": "say betas=(beta1, beta2)",
    "alpha": "say decay= to RMSProp",
    "rho": "say decay= to RMSProp",
    "clipnorm": _NORM,
    "global_clipnorm": _NORM,
    "max_norm": _NORM,
    "clipvalue": "give clipping=clip_by_value(bound)",
}

CLIPPING = dict.fromkeys(
    ("max_norm", "norm", "clipnorm", "clip_value", "value", "clipvalue", "max_value"), "bound"
)

SCHEDULES = {
    **dict.fromkeys(
        ("lr", "lr0", "base_lr", "initial_lr", "learning_rate", "initial_learning_rate"), "first"
    ),
    **dict.fromkeys(("gamma", "decay_rate"), "factor"),
    "step_size": "every",
    **dict.fromkeys(
        ("T_max", "decay_steps", "total_iters", "total_steps", "warmup_steps", "num_warmup_steps"),
        "steps",
    ),
    **dict.fromkeys(("eta_min", "end_lr", "final_lr", "min_lr"), "last"),
    "optimizer": "give the schedule to the optimizer, as learning_rate=",
}
