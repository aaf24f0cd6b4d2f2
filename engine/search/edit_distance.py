"""How many slips of the finger lie between two words?

Invariant: a distance is symmetric, and 0 for equal words alone.
"""

from __future__ import annotations


def edit_distance(left: str, right: str) -> int:
    """Return how many letters to change, add, drop or swap with the next make `left` `right`.

    Damerau 1964 in the form called optimal string alignment: no letter is touched twice.
    """
    before: list[int] = []
    above = list(range(len(right) + 1))
    for row, letter in enumerate(left, start=1):
        current = [row]
        for column, other in enumerate(right, start=1):
            cost = min(
                above[column] + 1,
                current[column - 1] + 1,
                above[column - 1] + (letter != other),
            )
            swapped = row > 1 and column > 1 and left[row - 2] == other
            if swapped and letter == right[column - 2]:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, above = above, current
    return above[-1]
