from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.analysis.normalizer import Normalizer
from engine.analysis.segmenter import Segmenter

REPOSITORY = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("京东京小仓", "京东/京小仓"),
        ("拼多多直通车", "拼多多/直通车"),
        ("直通車低價引流", "直通车/低价引流"),
        ("抖音小店体验分掉到四分以下怎么救", "抖音小店/体验/分掉/到/四分/以下/怎么/救"),
        ("優惠券叠加PLUS会员价", "优惠券/叠加/plus会员/价"),
        ("買家秀怎麼曬", "买家秀/怎么/晒"),
        ("帳戶被凍結", "账户/被/冻结"),
        ("Ｔ恤 打9.5折", "t恤/ /打/9.5/折"),
        ("他来到了网易杭研大厦", "他/来到/了/网易/杭研/大厦"),
        ("好评返现👍🏽,私聊\ud83d", "好评/返现/👍/🏽/,/私聊/�"),
    ],
)
def test_cuts_normalised_text_into_the_words_of_the_domain(
    normalizer: Normalizer, segmenter: Segmenter, text: str, words: str
) -> None:
    assert "/".join(segmenter.cut(normalizer.normalize(text))) == words


def test_without_the_model_unknown_names_stay_single_characters(segmenter: Segmenter) -> None:
    assert segmenter.lcut("网易杭研大厦", HMM=False) == ["网易", "杭", "研", "大厦"]


def test_cutting_for_search_adds_the_words_within_words(segmenter: Segmenter) -> None:
    assert segmenter.lcut_for_search("中国科学院计算所") == [
        "中国", "科学", "学院", "科学院", "中国科学院", "计算", "计算所",
    ]  # fmt: skip


def test_cutting_all_gives_every_word(segmenter: Segmenter) -> None:
    assert segmenter.lcut("低价引流ok", cut_all=True) == ["低价", "低价引流", "引流", "ok"]


def test_tokens_come_with_their_places(segmenter: Segmenter) -> None:
    assert list(segmenter.tokenize("京东京小仓")) == [("京东", 0, 2), ("京小仓", 2, 5)]
    assert list(segmenter.tokenize("科学院", mode="search")) == [
        ("科学", 0, 2), ("学院", 1, 3), ("科学院", 0, 3),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", " ", "\ud83d", "\x00", "\r\n", "," * 1000])
def test_text_without_words_is_harmless(segmenter: Segmenter, text: str) -> None:
    assert "".join(segmenter.cut(text)) == text


def test_threads_that_share_a_segmenter_cut_alike(segmenter: Segmenter) -> None:
    texts = [f"第{number}家京东店铺的直通车低价引流计划怎么搭" for number in range(400)]
    alone = [segmenter.lcut(text) for text in texts]
    with ThreadPoolExecutor(8) as threads:
        for _ in range(3):
            assert list(threads.map(segmenter.lcut, texts)) == alone


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("add_word", ("新词",)),
        ("del_word", ("京东",)),
        ("suggest_freq", ("新词", True)),
        ("load_userdict", ("words.txt",)),
        ("set_dictionary", ("dict.txt",)),
        ("initialize", ()),
        ("get_dict_file", ()),
        ("gen_pfdict", (None,)),
    ],
)
def test_words_cannot_be_changed_after_the_build(
    segmenter: Segmenter, method: str, arguments: tuple[object, ...]
) -> None:
    with pytest.raises(TypeError, match="put the word into lexicon/"):
        getattr(segmenter, method)(*arguments)


@pytest.mark.parametrize("table", ["FREQ", "total", "user_word_tag_tab"])
def test_the_tables_of_jieba_are_not_there(segmenter: Segmenter, table: str) -> None:
    with pytest.raises(TypeError, match="cannot be changed"):
        getattr(segmenter, table)


def test_opening_and_cutting_writes_no_log_and_no_cache(
    lexicon_folder: Path, tmp_path: Path
) -> None:
    program = (
        "import sys, pathlib\n"
        "from engine.analysis.segmenter import open_segmenter\n"
        "words = open_segmenter(pathlib.Path(sys.argv[1])).lcut_for_search('京东京小仓')\n"
        "import jieba\n"
        "assert words == ['京东', '京小仓'], words\n"
        "assert not jieba.dt.initialized\n"
    )
    environment = os.environ | {"TMPDIR": str(tmp_path), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-c", program, str(lexicon_folder)],
        cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_checking_whether_it_is_initialised_starts_nothing(
    segmenter: Segmenter, caplog: pytest.LogCaptureFixture
) -> None:
    before = set(Path(tempfile.gettempdir()).glob("jieba*"))
    with caplog.at_level(logging.DEBUG):
        segmenter.check_initialized()
    assert caplog.records == []
    assert set(Path(tempfile.gettempdir()).glob("jieba*")) == before
