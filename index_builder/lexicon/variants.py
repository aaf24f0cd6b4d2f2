"""Which characters are one character written differently, beyond Traditional and Simplified?

Invariant: the characters of a group can be read alike, so that pinyin made from folded text stays
right, and no two different words differ by them alone. What fails that stays apart, though some
writers mix it:

    着 著    看着 (zhe) is 看著 in Taiwan, but 著名, 著作 and 专著 (zhu) are other words
    画 划    計畫 is 计划, but 画像 and 油画 are not 划像 and 油划
    炼 链    項鍊 is 项链 and 鍛鍊 is 锻炼: 鍊 goes where shops need it, and 炼 stays itself
    沈 沉, 彷 仿, 象 像, 做 作, 份 分, 他 她 它

Such pairs are a matter of the word, not of the character: lexicon/synonyms.txt is their place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# Current Simplified writing has both; editors and shoppers mix them. 劵 is read otherwise, but
# nobody who writes 优惠劵 means it.
_MIXED = "账帐 粘黏 唯惟 券劵 零〇 拼拚 复覆 借藉"

# Taiwan and Hong Kong write the second one: 瞭解, 項鍊, 店舖, 牴觸, 餽贈 ...
_REGIONAL = (
    "了瞭 链鍊 铺舖 只衹 抵牴 你妳 它牠 抬擡 台枱 妆粧 叙敍 卫衞 檐簷 痹痺 睾睪 粽糭 馈餽 "
    "侄姪 昵暱 污汚 焰燄"
)

# OpenCC knows these as second choices for what it simplifies.
_SECOND_CHOICES = "余馀 咨谘 巨钜 钟锺 面麺 线缐 尽侭 托讬 旋镟"

# Old and Japanese forms that turn up in goods, on menus and in place names.
_OLD = (
    "值値 青靑 清淸 柏栢 朵朶 碗椀 窗窻 煮煑 炮砲 碱硷 衔啣 膳饍 冰氷 暖煖 砖甎 窑窰 箸筯 "
    "模糢 胸胷 凳櫈 溪谿 炉鑪 岩嵒 薯藷 映暎 叠曡 睹覩 晰晳 吻脗 笺牋"
)

VARIANT_GROUPS: Sequence[str] = " ".join((_MIXED, _REGIONAL, _SECOND_CHOICES, _OLD)).split()
"""Groups of characters; all of a group fold to its first."""

RADICALS: Mapping[str, str] = dict(
    zip(
        "⺠⻄⻅⻆⻉⻋⻑⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻁⺩",
        "民西见角贝车长长门青页风飞食马骨鬼鱼鸟卤麦黄齐齿龙虎王",
        strict=True,
    )
)
"""Radical -> character, from the block CJK Radicals Supplement.

A PDF printed on a Mac gives ⻚⾯ for 页面: NFKC mends the Kangxi radical ⾯, but not ⻚.
"""
