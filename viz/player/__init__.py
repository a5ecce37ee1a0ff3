"""Pictures that move: a computation step by step, a training as a film."""
