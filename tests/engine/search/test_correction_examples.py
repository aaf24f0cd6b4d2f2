"""What sellers type, what they meant, and the article that they get then (topics 1 to 60)."""

from __future__ import annotations

import pytest
from spelling_index import Reader

from engine.search.requests import Tier

PINYIN = """
    daotu                      盗图                   3
    daotu shensu               盗图申诉               3
    taobao店铺cengji           淘宝店铺层级           2
    taobao店pu层级             淘宝店铺层级           2
    zizhanghao quanxian        子账号权限             4
    qijiandian zhuanmaidian    旗舰店专卖店           6
    tianmao ruzhu              天猫入驻               8
    jiesuan zhouqi             结算周期               11
    jingdongkuaiche            京东快车               12
    miaosha baoming            秒杀报名               13
    huiyuanjia                 会员价                 14
    fengxiangbiao              风向标                 15
    pinduoduo保zheng金         拼多多保证金           16
    bzj 退店                   保证金 退店            16
    jintuikuan                 仅退款                 17
    duoduojinbao               多多进宝               18
    baiyibutie                 百亿补贴               20
    shangpinka liuliang        商品卡流量             22
    抖音精选lianmeng           抖音精选联盟           23
    chuchuang                  橱窗                   25
    faren                      法人                   26
    shou kuan ma               收款码                 27
    huabei fenqi               花呗分期               30
    qiepian shouquan           切片授权               32
    weijinci                   违禁词                 33
    zhibojiaoben               直播脚本               34
    首页推荐liuliang           首页推荐流量           36
    xiangqingye zhuangxiu      详情页装修             38
    yunfei moban               运费模板               39
    短视频封mian               短视频封面             40
    zhitongche                 直通车                 41
    zhi tong che               直通车                 41
    dijiayinliu                低价引流               41
    直tong车低价引流           直通车低价引流         41
    zhitongche koufei          直通车扣费             42
    zhiliangfen                质量分                 42
    wanxiangtai yusuan         万相台预算             43
    yinlimofang                引力魔方               44
    taobaoke yongjin           淘宝客佣金             45
    fahuo chaoshi              发货超时               46
    dianzi miandan             电子面单               48
    tuihuo ruku                退货入库               49
    yijiandaifa yuncang        一件代发云仓           50
    qianniu zidonghuifu        千牛自动回复           51
    haoping fanxian            好评返现               53
    cuifu duanxin              催付短信               54
    zhiyedajia                 职业打假               55
    xujiajiaoyi                虚假交易               56
    guanggaofa jixianci        广告法极限词           58
    zscq                       知识产权               59
    jiangquan                  降权                   60
"""

CORRECTED = """
    子账号全限                 子账号权限             4
    天猫年费达标反还           天猫年费达标返还       7
    天猫商标受力期             天猫商标受理期         8
    天猫入住条件               天猫入驻条件           8
    保税仓备获                 保税仓备货             9
    店铺转让过护               店铺转让过户           10
    京东自营结算周其           京东自营结算周期       11
    京东快车关建词             京东快车关键词         12
    秒杀报名薄回               秒杀报名驳回           13
    拼多多宝正金               拼多多保证金           16
    仅退款伸诉                 仅退款申诉             17
    多多进宝拥金               多多进宝佣金           18
    百亿补帖报名               百亿补贴报名           20
    体验芬掉了                 体验分掉了             21
    精选连盟                   精选联盟               23
    抖音小店保正金             抖音小店保证金         24
    个体护保证金               个体户保证金           24
    抖音厨窗                   抖音橱窗               25
    支付宝跟换法人             支付宝更换法人         26
    支付宝现额                 支付宝限额             27
    打款验正失败               打款验证失败           29
    花贝分期                   花呗分期               30
    切片授全                   切片授权               32
    违进词                     违禁词                 33
    直播脚笨模板               直播脚本模板           34
    祥情页装修                 详情页装修             38
    运费摸板                   运费模板               39
    直通车低价饮流             直通车低价引流         41
    万象台预算                 万相台预算             43
    引力磨方                   引力魔方               44
    发货超实                   发货超时               46
    快递停法地区               快递停发地区           47
    一件代法                   一件代发               50
    千牛自动回付               千牛自动回复           51
    千妞自动回复               千牛自动回复           51
    响应律                     响应率                 52
    崔付短信                   催付短信               54
    职业打嫁索赔               职业打假索赔           55
    虚架交易扣分               虚假交易扣分           56
    广告法级限词               广告法极限词           58
    知识产全投诉               知识产权投诉           59
    店铺将权                   店铺降权               60
    taobo                      taobao                 1
    alipya 限额                alipay 限额            27
    douyn 橱窗                 douyin 橱窗            25
    zhifbao                    支付宝                 27
    qiannu 自动回复            千牛 自动回复          51
    zhitogche                  直通车                 41
    zitongce                   直通车                 41
"""

BEST = 25
"""Some of these words stand in many articles; that theirs is among the best ones says enough here."""


def rows(table: str) -> list[tuple[str, str, str]]:
    """Return what is typed, what is meant, and the id; two spaces separate."""
    lines = (line.split("  ") for line in table.strip().splitlines())
    return [(typed, meant, number) for typed, meant, number in (_filled(line) for line in lines)]


def _filled(cells: list[str]) -> list[str]:
    return [cell.strip() for cell in cells if cell.strip()]


@pytest.mark.parametrize(("typed", "meant", "article_id"), rows(PINYIN))
def test_pinyin_is_read_as_the_words_it_spells(
    reader: Reader, typed: str, meant: str, article_id: str
) -> None:
    reading = reader.best(typed)
    assert reading is not None
    assert (reading.text, reading.tier) == (meant, Tier.PINYIN)
    assert article_id in reader.hits(reading.text, BEST)


@pytest.mark.parametrize(("typed", "meant", "article_id"), rows(CORRECTED))
def test_a_misspelt_query_is_corrected_to_words_of_the_corpus(
    reader: Reader, typed: str, meant: str, article_id: str
) -> None:
    reading = reader.best(typed)
    assert reading is not None
    assert (reading.text, reading.tier) == (meant, Tier.CORRECTED)
    assert article_id in reader.hits(reading.text, BEST)
