"""The arithmetic of the oracle: a formula over values, and the value at a rank."""

import ast
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any


def quantile(ranked: list[int], at: float) -> float | None:
    """The value at a rank of sorted values, between the two that stand around it."""
    if not ranked:
        return None
    rank = Fraction(str(at)) * (len(ranked) - 1)
    below = ranked[math.floor(rank)]
    return float(below + (ranked[math.ceil(rank)] - below) * (rank - math.floor(rank)))


def evaluate(node: ast.AST, value: Callable[[str], Any], length: int) -> Any:
    """A formula's tree over the values of its codes; days() is `length`. Null where a part is, and by 0."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return value(node.id)
    if isinstance(node, ast.Call):
        return length
    if isinstance(node, ast.UnaryOp):
        inner = evaluate(node.operand, value, length)
        return None if inner is None else -inner
    left, right = evaluate(node.left, value, length), evaluate(node.right, value, length)
    if left is None or right is None:
        return None
    if isinstance(node.op, ast.Div):
        return left / right if right else None
    return {ast.Add: left + right, ast.Sub: left - right, ast.Mult: left * right}[type(node.op)]
