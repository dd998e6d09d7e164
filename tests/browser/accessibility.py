"""axe-core on an open page, and what Streamlit's own markup does against its rules that no page can mend (U4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

GRAVE = ("serious", "critical")
# Each violation with the selectors of its elements; an element of a known kind is passed over.
_RUN = """
async (known) => {
  const found = (await axe.run(document, {resultTypes: ['violations']})).violations
  return found.flatMap((one) => one.nodes.map((node) => {
    const element = document.querySelector(node.target.at(-1))
    const excused = known.some(([rule, within]) => rule === one.id && element?.closest(within))
    return {rule: one.id, impact: one.impact, target: node.target.join(' '), html: node.html, excused,
            why: [...node.any, ...node.all, ...node.none].map((check) => check.message).join('; ')}
  }))
}
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A violation that is not ours: the rule, a selector of the element or of one around it, and the reason."""

    rule: str
    within: str
    reason: str


KNOWN = (
    Known("list", '[data-testid="stSidebarNavItems"]', "Streamlit puts its sections as `div`s into the list of pages."),
    Known("listitem", '[data-testid="stSidebarNavItems"]', "The pages of a section then have a `div` as parent."),
)


def violations(tab: Page) -> list[str]:
    """Return what axe-core finds on a page that is serious or critical and not known, one line each."""
    tab.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = tab.evaluate(_RUN, [[one.rule, one.within] for one in KNOWN])
    return [
        f"{one['rule']} ({one['impact']}): {one['target']}: {one['html'][:200]}: {one['why'][:300]}"
        for one in found
        if one["impact"] in GRAVE and not one["excused"]
    ]
