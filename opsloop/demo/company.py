"""Who the demo company is: its settings, brands, products and the channels through which people find it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

HOST = "www.yunwutea.example"
SITE = f"https://{HOST}"
OWN_BRANDS = ("Yunwu Tea", "云雾茶舍")
COMPETITORS = ("Shanye Tea", "Mingquan", "岚生茶")
SOURCES = (
    "ga4 search_console google_ads meta_ads ocean_engine hubspot shopify social listening mailchimp wecom qualtrics "
    "wordpress company"
).split()


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to the site: what the web sees of it, how many of each region come by it, and what it truly adds."""

    name: str
    source: str
    medium: str
    referrer: str
    china: float
    abroad: float
    effect: float
    kind: str = "other"


# source and medium are set where links carry utm parameters; the others are known by their referrer only.
CHANNELS = (
    Channel("direct", "", "", "", 15, 14, 0.0, "direct"),
    Channel("baidu_organic", "", "", "https://www.baidu.com/", 13, 0.2, 0.05, "search"),
    Channel("google_organic", "", "", "https://www.google.com/", 1.5, 22, 0.06, "search"),
    Channel("bing_organic", "", "", "https://www.bing.com/", 2, 4, 0.05, "search"),
    Channel("sogou_organic", "", "", "https://www.sogou.com/", 2, 0, 0.04, "search"),
    Channel("google_ads", "google", "cpc", "https://www.google.com/", 0, 15, 0.07, "paid"),
    Channel("meta_ads", "facebook", "paid_social", "https://l.facebook.com/", 0, 14, 0.045, "paid"),
    Channel("ocean_engine", "oceanengine", "paid_social", "", 17, 0, 0.05, "paid"),
    Channel("influencer", "xiaohongshu", "influencer", "https://www.xiaohongshu.com/", 4, 0, 0.09, "social"),
    Channel("xiaohongshu", "", "", "https://www.xiaohongshu.com/", 10, 0.3, 0.06, "social"),
    Channel("weibo", "", "", "https://weibo.com/", 4, 0, 0.02, "social"),
    Channel("zhihu", "", "", "https://www.zhihu.com/", 4, 0, 0.03, "social"),
    Channel("douyin", "", "", "https://www.douyin.com/", 5, 0, 0.03, "social"),
    Channel("wechat_article", "wechat_mp", "social", "https://mp.weixin.qq.com/", 6, 0.2, 0.07, "social"),
    Channel("instagram", "", "", "https://l.instagram.com/", 0, 8, 0.04, "social"),
    Channel("youtube", "", "", "https://www.youtube.com/", 0, 4, 0.03, "social"),
    Channel("reddit", "", "", "https://www.reddit.com/", 0, 3, 0.03, "social"),
    Channel("pinterest", "", "", "https://www.pinterest.com/", 0, 2.5, 0.02, "social"),
    Channel("doubao", "", "", "https://www.doubao.com/", 3, 0, 0.07, "assistant"),
    Channel("deepseek", "", "", "https://chat.deepseek.com/", 1.6, 0.3, 0.07, "assistant"),
    Channel("chatgpt", "chatgpt.com", "", "https://chatgpt.com/", 0.2, 4.5, 0.08, "assistant"),
    Channel("perplexity", "", "", "https://www.perplexity.ai/", 0, 1.5, 0.08, "assistant"),
    Channel("tea_blog", "", "", "https://teajournal.example/", 0.4, 2.5, 0.05, "referral"),
    Channel("affiliate", "steepclub", "affiliate", "https://steepclub.example/", 0.5, 2, 0.06, "referral"),
    Channel("wecom", "wecom", "private", "", 2.0, 0, 0.14, "private"),
    Channel("email", "mailchimp", "email", "", 0.0, 0.0, 0.08, "email"),
)
CHANNEL = {channel.name: index for index, channel in enumerate(CHANNELS)}


@dataclass(frozen=True, slots=True)
class Product:
    """One thing on sale; money in CNY."""

    product_id: str
    slug: str
    title: str
    category: str
    price: float
    cost: float


_LINES = (
    (
        "green-tea",
        ("West Lake Longjing:龙井", "Biluochun:碧螺春", "Anji White:安吉白茶", "Yunwu Mist:云雾绿茶"),
        128,
        0.42,
    ),
    ("black-tea", ("Keemun:祁门红茶", "Jin Jun Mei:金骏眉", "Dian Hong:滇红", "Lapsang:正山小种"), 118, 0.4),
    (
        "oolong",
        ("Tieguanyin:铁观音", "Da Hong Pao:大红袍", "Oriental Beauty:东方美人", "Phoenix Dancong:凤凰单丛"),
        148,
        0.43,
    ),
    ("pu-erh", ("Raw Cake:生普饼", "Ripe Brick:熟普砖", "Mini Tuo:小沱茶"), 168, 0.38),
    ("white-tea", ("Silver Needle:白毫银针", "White Peony:白牡丹", "Aged Shou Mei:老寿眉"), 178, 0.41),
    ("scented", ("Jasmine Pearls:茉莉龙珠", "Osmanthus Oolong:桂花乌龙", "Rose Black:玫瑰红茶"), 88, 0.36),
    (
        "teaware",
        ("Gaiwan:盖碗", "Yixing Pot:紫砂壶", "Glass Pitcher:公道杯", "Travel Set:旅行茶具", "Tea Tray:茶盘"),
        238,
        0.5,
    ),
    (
        "gift",
        ("Spring Gift Box:春礼盒", "Mid-Autumn Box:中秋礼盒", "New Year Box:新年礼盒", "Tasting Flight:品鉴装"),
        298,
        0.47,
    ),
)


def _products() -> tuple[Product, ...]:
    found: list[Product] = []
    for category, names, base, cost in _LINES:
        for index, name in enumerate(names):
            english, chinese = name.split(":")
            price = float(round(base * (0.72 + 0.22 * index)))
            slug = english.lower().replace(" ", "-")
            number = f"82{len(found) + 1:04d}"
            found.append(Product(number, slug, f"{chinese} {english}", category, price, round(price * cost, 2)))
    return tuple(found)


PRODUCTS = _products()
CATEGORIES = tuple(line[0] for line in _LINES)


def demo_settings() -> dict[str, Any]:
    """The content of `opsloop.yaml` for the demo company."""
    return {
        "version": 1,
        "company": {"name": "Yunwu Tea", "name_zh": "云雾茶舍"},
        "time_zone": "Asia/Shanghai",
        "currency": "CNY",
        "week_start": "monday",
        "fiscal_year_start": 1,
        "as_of": None,
        "default_range": {"last_weeks": 12},
        "sources": list(SOURCES),
        "own_brands": list(OWN_BRANDS),
        "competitor_brands": list(COMPETITORS),
        "conversion_events": ["purchase", "generate_lead"],
        "channel_rules": [
            {"channel": "influencer", "channel_class": "paid", "medium_pattern": "influencer"},
            {"channel": "wecom", "channel_class": "private", "source_pattern": "wecom", "medium_pattern": "private"},
        ],
        "funnels": [
            {
                "name": "purchase",
                "label_en": "Visit to purchase",
                "label_zh": "从访问到购买",
                "steps": ["page_view", "view_item", "add_to_cart", "begin_checkout", "purchase"],
                "window_days": 7,
            },
            {
                "name": "lead",
                "label_en": "Visit to wholesale inquiry",
                "label_zh": "从访问到批发询盘",
                "steps": ["page_view", "scroll", "generate_lead"],
                "window_days": 30,
            },
        ],
        "attribution": {"default_model": "last", "lookback_days": 30},
        "minimum_sample": 30,
    }
