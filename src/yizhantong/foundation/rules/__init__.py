"""规则 Rules: FEEL of DMN 1.5."""

from .limits import FeelError, FeelSyntaxError, Limits, RuleLimitError
from .parser import parse, parse_unary

__all__ = ["FeelError", "FeelSyntaxError", "Limits", "RuleLimitError", "parse", "parse_unary"]
