"""Ctrl-C at any line of a program, one after the other."""

import linecache
from pathlib import Path

from nn import training

FOLDER = str(Path(training.__file__).parent)


class Interrupter:
    """A tracing function that raises KeyboardInterrupt at one line of the training, counted."""

    def __init__(self, at, places=(FOLDER,)):
        self.at, self.lines, self.places = at, 0, places

    def __call__(self, frame, event, argument):
        return self.line if frame.f_code.co_filename.startswith(self.places) else None

    def line(self, frame, event, argument):
        begun = self.lines or frame.f_code.co_name == "begin"  # the first epoch
        if event == "line" and begun and not self.ends_a_block(frame):
            self.lines += 1
            if self.lines == self.at:
                raise KeyboardInterrupt
        return self.line

    @staticmethod
    def ends_a_block(frame):
        """Where a tracer can leave a block without its end, a lock for ever, and no signal can."""
        line = linecache.getline(frame.f_code.co_filename, frame.f_lineno)
        return line.lstrip().startswith("with ")
