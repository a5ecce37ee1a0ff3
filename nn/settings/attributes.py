"""What modules and optimizers hold is found in their `vars()`, so it has to be there."""

from __future__ import annotations


def refuse_slots(cls: type, lost: str) -> None:
    """Raise for a class that keeps attributes in slots, where nobody looks for them.

    Parameters:
        lost: what would happen to them, for the message.

    Raises:
        TypeError: it, or one that it extends, has names in `__slots__`.

    >>> class Pair:
    ...     __slots__ = ("first", "second")
    >>> refuse_slots(Pair, "saved")
    Traceback (most recent call last):
    ...
    TypeError: Pair has __slots__ ('first', 'second'): what is in a slot would not be saved, ...
    """
    for base in cls.__mro__:
        slots = vars(base).get("__slots__", ())
        names = (slots,) if isinstance(slots, str) else tuple(slots)
        names = tuple(name for name in names if name not in ("__dict__", "__weakref__"))
        if names:
            raise TypeError(
                f"{base.__name__} has __slots__ {names!r:.80}: what is in a slot would not be "
                f"{lost}, without a word. Leave __slots__ out: then it is an attribute as others"
            )
