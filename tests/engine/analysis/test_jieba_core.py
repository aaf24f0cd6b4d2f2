"""Stock jieba must not notice that our engine entered it without its model's table."""

from __future__ import annotations

import subprocess
import sys


def run(code: str) -> str:
    """Run `code` in a process of its own: what was imported cannot be taken back."""
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return result.stdout.strip()


def test_the_engine_does_not_load_the_emission_table() -> None:
    code = "import sys, engine.analysis.segmenter; print('jieba.finalseg.prob_emit' in sys.modules)"
    assert run(code) == "False"


def test_stock_jieba_cuts_unknown_words_in_the_same_process() -> None:
    code = (
        "import engine.analysis.segmenter, jieba; jieba.setLogLevel(60)\n"
        "print('/'.join(jieba.cut('他来到了网易杭研大厦')))"
    )
    # 杭研 is in no dictionary: only the hidden Markov model joins it.
    assert run(code) == "他/来到/了/网易/杭研/大厦"


def test_the_table_is_there_for_whoever_asks_for_it() -> None:
    code = (
        "import engine.analysis.segmenter, jieba.finalseg\n"
        "print(len(jieba.finalseg.emit_P), type(jieba.finalseg).__name__,"
        " hasattr(jieba.finalseg, 'nothing'))"
    )
    assert run(code) == "4 module False"


def test_a_process_that_had_jieba_before_keeps_it() -> None:
    code = (
        "import jieba.finalseg as before, engine.analysis.segmenter, jieba.finalseg\n"
        "print(before is jieba.finalseg, len(before.start_P))"
    )
    assert run(code) == "True 4"
