"""The short way for Han characters gives what the long way gives."""

from __future__ import annotations

from engine.analysis.folding import CharacterFolds


class _LongWay(CharacterFolds):
    def __missing__(self, code: int) -> str:
        return self._work_out(code)


def test_every_han_character_folds_as_if_it_were_worked_out() -> None:
    characters = {ord("電"): "电", ord("裏"): "里", ord("着"): "著"}
    short, long = CharacterFolds(characters), _LongWay(characters)
    codes = range(0x4DF0, 0xA010)
    assert [short[code] for code in codes] == [long[code] for code in codes]
    assert (short[ord("電")], short[ord("开")]) == ("电", "开")
