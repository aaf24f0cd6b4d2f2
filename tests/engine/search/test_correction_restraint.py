"""Which queries must be taken as they are: right ones, rare ones, foreign ones, quoted ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from spelling_index import Reader

GOLDEN = Path(__file__).resolve().parents[4] / "shared" / "golden"

RIGHT = """
    子账号权限 / 旗舰店 专营店 区别 / 天猫年费返还 / 商标受理期 / 国际直邮成本 / 店铺转让材料
    京东自营结算 / 京东快车出价 / 秒杀报名驳回 / plus会员价设置 / 风向标分数 / 仅退款申诉证据
    多多进宝佣金 / 百亿补贴供价 / 体验分四分 / 商品卡流量 / 达人私信话术 / 个体户保证金 / 更换法人
    收款码限额 / 打款验证失败 / 花呗手续费 / 直播间没人看 / 切片授权条款 / 违禁词替代 / 服装直播脚本
    找相似 / 详情页切图 / 运费模板 / 短视频封面点击率 / 直通车质量分 / 万相台预算 / 人群包定向
    淘宝客止损 / 发货超时豁免 / 快递停发 / 电子面单余额 / 退货丢件运费 / 千牛话术 / 响应率排班
    好评返现 / 催付短信 / 打假人索赔 / 虚假交易清零 / 七天无理由 / 极限词 / 反申诉 / 降权恢复
    买家 / 卖家 / 退款 / 保价 / 订单 / 快递公司 / 淘宝店主 / 商家工具 / ztc 扣费 / ylmf 人群 / 双11 / 1688
"""

NOT_IN_THE_CORPUS = """
    量子力学 / 比特币 / 手机壳 / 咖啡机 / 云南旅游 / 支付宝 红烧肉 / 淘宝 量子 / 京东 足球 / 客服 钢琴
    发货 火星 / 权利 / python / kubernetes / hello world / iphone / xyz / qwertyuiop / zz / q / 店铺 abc
    抖音 app / 物流 erp / 拼多多 sku / 天猫 ok / java 教程 / 123456
"""

NOTHING_ASKED = ["怎么", "的", "吗呢", "!!!", "", "   ", "zenme", "-保正金"]

QUOTED = ['"保正金"', "“保正金”", "「zhitongche」", '抖音 "小店保正金"']


def queries(table: str) -> list[str]:
    """Return the queries of `table`, which strokes separate."""
    return [query.strip() for line in table.strip().splitlines() for query in line.split(" / ")]


@pytest.mark.parametrize("query", queries(RIGHT))
def test_a_query_that_is_right_is_not_read_otherwise(reader: Reader, query: str) -> None:
    assert reader.readings(query) == ()


@pytest.mark.parametrize("query", queries(NOT_IN_THE_CORPUS))
def test_what_the_corpus_does_not_have_is_not_bent_into_what_it_has(
    reader: Reader, query: str
) -> None:
    assert reader.readings(query) == ()


@pytest.mark.parametrize("query", NOTHING_ASKED)
def test_nothing_is_made_of_stop_words(reader: Reader, query: str) -> None:
    assert reader.readings(query) == ()


@pytest.mark.parametrize("query", QUOTED)
def test_quoted_words_are_spelled_as_they_are_meant(reader: Reader, query: str) -> None:
    assert reader.readings(query) == ()


def test_golden_titles_are_never_corrected(reader: Reader) -> None:
    if not GOLDEN.is_dir():
        pytest.skip(f"{GOLDEN} is not there")
    lines = (GOLDEN / "topics.tsv").read_text("utf-8").splitlines()
    titles = [line.split("\t")[2] for line in lines]
    assert {title: reader.readings(title) for title in titles} == dict.fromkeys(titles, ())


GOLDEN_READINGS = {
    "zhitongche": "直通车",
    "抖音小店保正金": "抖音小店保证金",
    "千牛自动回付": "千牛自动回复",
    "天猫入住条件": "天猫入驻条件",
}


def test_of_the_golden_queries_only_misspelt_ones_are_read_otherwise(reader: Reader) -> None:
    if not GOLDEN.is_dir():
        pytest.skip(f"{GOLDEN} is not there")
    lines = (GOLDEN / "queries.jsonl").read_text("utf-8").splitlines()
    asked = [json.loads(line)["query"] for line in lines]
    read = {query: reading.text for query in asked if (reading := reader.best(query)) is not None}
    assert read == GOLDEN_READINGS
