"""List functions (clause 10.3.4.4) and ``sort`` (10.3.4.9). Positions count from 1, and from the end when negative."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key

from ..arithmetic import Undefined
from ..calls import Implementation, call_positional
from ..runtime import Run
from ..values import NUMBERS, Function, compare, equal, kind
from .conversion import whole

Number = int | Decimal
Items = list[object]


def numbers_of(run: Run, items: Items) -> list[Number]:
    """The items, which must all be numbers. Raises Undefined."""
    run.budget.spend(len(items))
    found: list[Number] = []
    for item in items:
        if not isinstance(item, int | Decimal) or isinstance(item, bool):
            raise Undefined("rules.bad_argument", "列表里应都是数")
        found.append(item)
    return found


def total(numbers: list[Number]) -> Decimal:
    """Their sum, in 34 digits."""
    result = Decimal(0)
    for number in numbers:
        result = NUMBERS.add(result, number)
    return result


def _contains(run: Run, items: Items, element: object) -> object:
    run.budget.spend(len(items))
    return any(equal(item, element) is True for item in items)


def _count(run: Run, items: Items) -> object:
    return Decimal(len(items))


def _extreme(sign: int) -> Implementation:
    def choose(run: Run, items: Items) -> object:
        run.budget.spend(len(items))
        best: object = None
        for item in items:
            order = compare(item, item if best is None else best)
            if order is None:
                raise Undefined("rules.bad_argument", "列表里的内容不能比较大小")
            if best is None or order * sign > 0:
                best = item
        return best

    return choose


def _sum(run: Run, items: Items) -> object:
    return total(numbers_of(run, items)) if items else None


def _mean(run: Run, items: Items) -> object:
    numbers = numbers_of(run, items)
    return NUMBERS.divide(total(numbers), Decimal(len(numbers))) if numbers else None


def _product(run: Run, items: Items) -> object:
    numbers = numbers_of(run, items)
    result = Decimal(1)
    for number in numbers:
        result = NUMBERS.multiply(result, number)
    return result if numbers else None


def _median(run: Run, items: Items) -> object:
    numbers = sorted(numbers_of(run, items))
    if not numbers:
        return None
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return NUMBERS.divide(NUMBERS.add(Decimal(numbers[middle - 1]), numbers[middle]), Decimal(2))


def _stddev(run: Run, items: Items) -> object:
    """Of a sample, so of at least two numbers."""
    numbers = numbers_of(run, items)
    if len(numbers) < 2:
        raise Undefined("rules.bad_argument", "标准差至少要两个数")
    mean = NUMBERS.divide(total(numbers), Decimal(len(numbers)))
    squares: list[Number] = [NUMBERS.power(NUMBERS.subtract(Decimal(number), mean), Decimal(2)) for number in numbers]
    return NUMBERS.sqrt(NUMBERS.divide(total(squares), Decimal(len(numbers) - 1)))


def _mode(run: Run, items: Items) -> object:
    counts: dict[Number, int] = {}
    for number in numbers_of(run, items):
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == most)


def _quantify(decides: bool) -> Implementation:
    def answer(run: Run, items: Items) -> object:
        run.budget.spend(len(items))
        if any(item is decides for item in items):
            return decides
        if all(item is (not decides) for item in items):
            return not decides
        if any(item is not None and not isinstance(item, bool) for item in items):
            raise Undefined("rules.bad_argument", "列表里应都是布尔值")
        return None

    return answer


def _sublist(run: Run, items: Items, start: Number, length: Number | None = None) -> object:
    begin = _index(items, start)
    if length is None:
        return items[begin:]
    count = whole(length, "长度")
    if count < 0 or begin + count > len(items):
        raise Undefined("rules.bad_argument", "长度超出列表")
    return items[begin : begin + count]


def _index(items: Items, position: Number, beyond: int = 0) -> int:
    """The index of a position; ``beyond`` positions after the last are allowed. Raises Undefined."""
    place = whole(position, "位置")
    if place == 0 or place > len(items) + beyond or place < -len(items):
        raise Undefined("rules.bad_argument", "位置不在列表之内")
    return place - 1 if place > 0 else len(items) + place


def _append(run: Run, items: Items, more: Items) -> object:
    return _made(run, [*items, *more])


def _made(run: Run, items: Items) -> Items:
    run.budget.spend(len(items))
    run.budget.check_size(len(items))
    return items


def _concatenate(run: Run, lists: list[Items]) -> object:
    run.budget.check_size(sum(map(len, lists)))
    return _made(run, [item for items in lists for item in items])


def _insert(run: Run, items: Items, position: Number, new: object) -> object:
    index = _index(items, position, 1)
    return _made(run, [*items[:index], new, *items[index:]])


def _remove(run: Run, items: Items, position: Number) -> object:
    index = _index(items, position)
    return _made(run, items[:index] + items[index + 1 :])


def _replace_at(run: Run, items: Items, position: Number, new: object) -> object:
    index = _index(items, position)
    return _made(run, [*items[:index], new, *items[index + 1 :]])


def _replace_where(run: Run, items: Items, match: Function, new: object) -> object:
    made: Items = []
    for item in items:
        if len(match.parameters) != 2:
            raise Undefined("rules.bad_argument", "匹配函数应有两个参数")
        met = call_positional(run, match, [item, new])
        if not isinstance(met, bool):
            raise Undefined("rules.bad_argument", "匹配函数应给出布尔值")
        made.append(new if met else item)
    return made


def _reverse(run: Run, items: Items) -> object:
    return _made(run, items[::-1])


def _index_of(run: Run, items: Items, match: object) -> object:
    run.budget.spend(len(items))
    return [Decimal(index) for index, item in enumerate(items, 1) if equal(item, match) is True]


def _distinct(run: Run, items: Items) -> object:
    found: Items = []
    seen: set[tuple[str, object]] = set()
    for item in items:
        key = (kind(item), item) if isinstance(item, str | bool | int | Decimal) else None
        if key is not None:
            run.budget.spend()
            if key in seen:
                continue
            seen.add(key)
        else:
            run.budget.spend(len(found) + 1)
            if any(equal(item, other) is True for other in found):
                continue
        found.append(item)
    return found


def _union(run: Run, lists: list[Items]) -> object:
    return _distinct(run, [item for items in lists for item in items])


def _flatten(run: Run, items: Items) -> object:
    flat: Items = []
    todo = items[::-1]
    while todo:
        run.budget.spend()
        item = todo.pop()
        if isinstance(item, list):
            todo.extend(reversed(item))
        else:
            flat.append(item)
    return flat


def _sort(run: Run, items: Items, precedes: Function | None = None) -> object:
    if precedes is None:
        return sorted(items, key=cmp_to_key(_natural(run)))
    if len(precedes.parameters) != 2:
        raise Undefined("rules.bad_argument", "排序函数应有两个参数")

    def order(left: object, right: object) -> int:
        if call_positional(run, precedes, [left, right]) is True:
            return -1
        return 1 if call_positional(run, precedes, [right, left]) is True else 0

    return sorted(items, key=cmp_to_key(order))


def _natural(run: Run) -> Callable[[object, object], int]:
    def order(left: object, right: object) -> int:
        run.budget.spend()
        found = compare(left, right)
        if found is None:
            raise Undefined("rules.bad_argument", "列表里的内容不能比较大小")
        return found

    return order


def _both(name: str, implementation: Implementation) -> list[tuple[str, str, Implementation]]:
    """A function of one list that may also be called with its items."""
    return [(name, "list: list", implementation), (name, "values...: any", implementation)]


SIGNATURES: list[tuple[str, str, Implementation]] = [
    ("list contains", "list: list, element: any", _contains),
    ("count", "list: list", _count),
    *_both("min", _extreme(-1)),
    *_both("max", _extreme(1)),
    *_both("sum", _sum),
    *_both("mean", _mean),
    *_both("product", _product),
    *_both("median", _median),
    *_both("stddev", _stddev),
    *_both("mode", _mode),
    *_both("all", _quantify(False)),
    *_both("any", _quantify(True)),
    ("sublist", "list: list, start position: number, length?: number", _sublist),
    ("append", "list: list, items...: any", _append),
    ("concatenate", "lists...: list", _concatenate),
    ("insert before", "list: list, position: number, newItem: any", _insert),
    ("remove", "list: list, position: number", _remove),
    ("list replace", "list: list, position: number, newItem: any", _replace_at),
    ("list replace", "list: list, match: function, newItem: any", _replace_where),
    ("reverse", "list: list", _reverse),
    ("index of", "list: list, match: any", _index_of),
    ("union", "lists...: list", _union),
    ("distinct values", "list: list", _distinct),
    ("flatten", "list: list", _flatten),
    ("sort", "list: list, precedes?: function", _sort),
]
