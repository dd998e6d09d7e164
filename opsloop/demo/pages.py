"""The site's pages and the links that lead to them: landing pages, paths through the site, utm parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

import numpy as np
import polars as pl

from opsloop.demo.campaigns import ADS, newsletter_of
from opsloop.demo.company import CATEGORIES, CHANNEL, CHANNELS, PRODUCTS, SITE
from opsloop.demo.plan import DAY, Floats, Ints, Plan, pick
from opsloop.demo.visits import INQUIRY, SIGN_UP

HOME, COLLECTION, ITEM, BLOG, PLAIN = range(5)
FIXED = (
    ("/pages/about", "About us"),
    ("/pages/wholesale", "Wholesale"),
    ("/cart", "Cart"),
    ("/checkout", "Checkout"),
    ("/checkout/thank-you", "Thank you"),
    ("/account/login", "Log in"),
    ("/account/register", "Register"),
)
# Which kind of page each kind of channel leads to: home, collection, product, blog, about us.
LANDINGS = {
    "direct": (0.6, 0.16, 0.18, 0.04, 0.02),
    "search": (0.24, 0.1, 0.26, 0.38, 0.02),
    "paid": (0.08, 0.34, 0.56, 0.02, 0.0),
    "social": (0.2, 0.14, 0.36, 0.28, 0.02),
    "assistant": (0.1, 0.1, 0.22, 0.56, 0.02),
    "referral": (0.2, 0.12, 0.28, 0.38, 0.02),
    "private": (0.12, 0.36, 0.48, 0.04, 0.0),
    "email": (0.1, 0.4, 0.42, 0.08, 0.0),
}


@dataclass(slots=True)
class Pages:
    """All pages with path and title; positions of each kind; what links carry."""

    paths: list[str]
    titles: list[str]
    begins: tuple[int, int, int, int, int]
    published: Ints
    tags: list[tuple[str, str, str, str]] = field(default_factory=list)

    def at(self, path: str) -> int:
        """The position of a path."""
        return self.paths.index(path)


def make_pages(plan: Plan, content: pl.DataFrame) -> Pages:
    """Home, collections, products, articles and the rest, with the tags of every campaign."""
    paths, titles = ["/"], ["云雾茶舍 Yunwu Tea"]
    begins = [0, 1]
    paths += [f"/collections/{name}" for name in CATEGORIES]
    titles += [name.replace("-", " ").title() for name in CATEGORIES]
    begins.append(len(paths))
    paths += [f"/products/{item.slug}" for item in PRODUCTS]
    titles += [item.title for item in PRODUCTS]
    begins.append(len(paths))
    paths += [f"/blog/{slug}" for slug in content["slug"]]
    titles += content["title"].to_list()
    begins.append(len(paths))
    paths += [path for path, _ in FIXED]
    titles += [title for _, title in FIXED]
    tags = [
        (CHANNELS[CHANNEL[ad.platform]].source, CHANNELS[CHANNEL[ad.platform]].medium, ad.campaign, ad.ad_id)
        for ad in ADS
    ]
    tags += [("mailchimp", "email", name, "") for name in newsletter_of(plan, np.array([0]))[1]]
    tags += [
        ("wecom", "private", "wecom-friend", ""),
        ("wecom", "private", "wecom-moments", ""),
        ("wechat_mp", "social", "mp-article", ""),
        ("xiaohongshu", "influencer", "kol-tea", ""),
        ("steepclub", "affiliate", "steepclub", ""),
        ("chatgpt.com", "", "", ""),
    ]
    return Pages(paths, titles, (begins[0], begins[1], begins[2], begins[3], begins[4]), content["at"].to_numpy(), tags)


def _draw(pages: Pages, start: Ints, kind: Ints, rng: np.random.Generator) -> Ints:
    """A page of each wanted kind; articles only once published, the newer ones more often."""
    size = len(kind)
    _, collection, item, blog, plain = pages.begins
    known = np.maximum(np.searchsorted(pages.published, start), 1)
    article = blog + known - 1 - np.floor(known * rng.random(size) ** 1.6).astype(np.int64)
    popular = pick(rng, 1 / (1 + np.arange(len(PRODUCTS))) ** 0.5, size)
    options = np.stack(
        [
            np.zeros(size, np.int64),
            collection + rng.integers(0, len(CATEGORIES), size),
            item + popular,
            np.maximum(article, blog),
            np.full(size, plain),
        ],
        axis=1,
    )
    return np.take_along_axis(options, kind[:, None], axis=1)[:, 0]


def land(plan: Plan, pages: Pages, sessions: pl.DataFrame) -> pl.DataFrame:
    """Add to each session its landing page and the tag (utm parameters) that its link carries, −1 without."""
    rng = plan.rng("landing")
    channel, start = sessions["channel"].to_numpy(), sessions["start"].to_numpy()
    size = len(channel)
    shares: Floats = np.cumsum([LANDINGS[item.kind] for item in CHANNELS], axis=1)
    kind = (shares[channel] < rng.random(size)[:, None] * shares[channel][:, -1:]).sum(axis=1)
    landing = _draw(pages, start, kind, rng)
    asks = (sessions["depth"].to_numpy() == INQUIRY) & (rng.random(size) < 0.5)
    landing = np.where(asks, pages.at("/pages/wholesale"), landing)
    newsletter, names = newsletter_of(plan, start // DAY)
    base = len(ADS) + len(names)
    tag = sessions["ad"].to_numpy().copy()
    tag = np.where(channel == CHANNEL["email"], len(ADS) + newsletter, tag)
    tag = np.where(channel == CHANNEL["wecom"], base + (rng.random(size) < 0.3), tag)
    for offset, name in enumerate(("wechat_article", "influencer", "affiliate", "chatgpt")):
        tag = np.where(channel == CHANNEL[name], base + 2 + offset, tag)
    return sessions.with_columns(landing=pl.Series(landing), tag=pl.Series(tag))


def page_of_slot(
    pages: Pages, sessions: pl.DataFrame, session: Ints, slot: Ints, within: Ints, rng: np.random.Generator
) -> Ints:
    """The page of each event, by its slot in the session (see `web`)."""
    size = len(session)
    landing = sessions["landing"].to_numpy()[session]
    more = _draw(pages, sessions["start"].to_numpy()[session], pick(rng, (0.3, 0.35, 0.0, 0.3, 0.05), size), rng)
    first = sessions["product"].to_numpy()[session]
    other = rng.integers(0, len(PRODUCTS), len(sessions) * 8).reshape(-1, 8)[session, np.minimum(within // 2, 7)]
    item = pages.begins[ITEM] + np.where(within < 2, first, other)
    joins = sessions["auth"].to_numpy()[session] == SIGN_UP
    account = np.where(joins, pages.at("/account/register"), pages.at("/account/login"))
    fixed = [pages.at(path) for path in ("/cart", "/checkout", "/pages/wholesale", "/checkout/thank-you")]
    choices = [landing, landing, more, account, item, *[np.full(size, value) for value in fixed]]
    return np.choose(slot, choices).astype(np.int64)


def landing_links(pages: Pages, landing: Ints, tag: Ints) -> tuple[list[str], Ints]:
    """The distinct links behind landings and, for each landing, the position of its own."""
    keys, position = np.unique(landing * (len(pages.tags) + 1) + tag + 1, return_inverse=True)
    links = []
    for key in keys:
        page, number = divmod(int(key), len(pages.tags) + 1)
        links.append(SITE + pages.paths[page] + ("" if number == 0 else "?" + query(pages.tags[number - 1])))
    return links, position.astype(np.int64)


def query(tag: tuple[str, str, str, str]) -> str:
    """A tag as utm parameters; what is empty is left out."""
    names = ("utm_source", "utm_medium", "utm_campaign", "utm_content")
    return "&".join(f"{name}={quote(value)}" for name, value in zip(names, tag, strict=True) if value)
