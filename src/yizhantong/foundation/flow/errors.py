"""How a flow is refused."""

from __future__ import annotations


class FlowError(ValueError):
    """A flow, its document or its marking is wrong.

    ``code`` is stable (``flow.duplicate_code`` …); ``sentence`` is Chinese and says what is wrong and what to do; ``path`` says
    where, from the root of the document (``$.children[1].branches[0].node``), empty where no place in a tree is meant.
    """

    def __init__(self, code: str, sentence: str, path: str = "") -> None:
        super().__init__(f"{path}：{sentence}" if path else sentence)
        self.code = code
        self.sentence = sentence
        self.path = path
