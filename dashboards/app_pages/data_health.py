"""Can these numbers be trusted today?"""

from __future__ import annotations

from dashboards.components import health, identity
from dashboards.components.current import get_desk
from dashboards.components.layout import heading
from dashboards.components.panels import panel, row, table_panel

desk = get_desk()
state = health.state_of(desk)
heading(desk, "data_health", health.sentence(desk, state), dated=False)
health.show_counts(desk, state)

table_panel(
    desk,
    "reconciliation",
    health.reconciliation(desk),
    title=desk.t("health.reconciliation"),
    when_empty=desk.t("health.none"),
    note=desk.t("health.reconciliation_note"),
)
table_panel(
    desk,
    "rule_removals",
    health.removals(desk),
    title=desk.t("health.removals"),
    when_empty=desk.t("health.none"),
    note=desk.t("health.removals_note"),
)
left, right = row(desk, 3, 2)
with left:
    table_panel(
        desk,
        "freshness",
        health.freshness(desk),
        title=desk.t("health.freshness"),
        when_empty=desk.t("health.none"),
        note=desk.t("health.freshness_note"),
    )
with right:
    reasons = health.quarantine_reasons(desk)
    table_panel(
        desk,
        "quarantine_reasons",
        reasons,
        title=desk.t("health.reasons"),
        when_empty=desk.t("health.none"),
        note=desk.t("health.quarantine_note"),
    )
landed = health.landed(desk)
panel(
    desk,
    "batches",
    health.landed_chart(desk, landed),
    health.batches(desk),
    title=desk.t("health.batches"),
    note=desk.t("health.batches_note"),
)
left, right = row(desk, 1, 1)
with left:
    table_panel(
        desk,
        "expectations",
        health.expectations(desk),
        title=desk.t("health.expectations"),
        when_empty=desk.t("health.none"),
        note=desk.t("health.expectations_note"),
    )
with right:
    table_panel(
        desk, "quarantine", health.quarantine(desk), title=desk.t("health.quarantine"), when_empty=desk.t("health.none")
    )
left, right = row(desk, 1, 1)
with left:
    table_panel(
        desk,
        "identity",
        identity.measures(desk),
        title=desk.t("identity.measures"),
        when_empty=desk.t("health.none"),
        note=desk.t("identity.measures_note"),
    )
with right:
    table_panel(
        desk,
        "identity_held_back",
        identity.held_back(desk),
        title=desk.t("identity.held_back"),
        when_empty=desk.t("health.none"),
        note=desk.t("identity.held_back_note"),
    )
table_panel(
    desk,
    "consents",
    identity.consents(desk),
    title=desk.t("identity.consents"),
    when_empty=desk.t("identity.no_consents"),
    note=desk.t("identity.consents_note"),
)
table_panel(desk, "snapshot", health.snapshot(desk), title=desk.t("health.snapshot"))
