"""Can these numbers be trusted today?"""

from __future__ import annotations

from functools import partial

from dashboards.components import faces, health, identity
from dashboards.components.current import get_desk
from dashboards.components.layout import heading
from dashboards.components.panels import panel, row, table_panel

desk = get_desk()
state = health.state_of(desk)
heading(desk, "data_health", health.sentence(desk, state), dated=False)
health.show_counts(desk, state)
refused = faces.refused(desk.workspace)
if refused.height:
    health.table(desk, "refused_files", refused)

table = partial(health.table, desk)
table("reconciliation", health.reconciliation(desk))
table("removals", health.removals(desk))
left, right = row(desk, 3, 2)
with left:
    table("freshness", health.freshness(desk))
with right:
    table("reasons", health.quarantine_reasons(desk), whole=partial(health.quarantine_reasons, desk, None))
landed = health.landed(desk)
panel(
    desk,
    "batches",
    health.landed_chart(desk, landed),
    health.batches(desk),
    title=desk.t("health.batches"),
    note=desk.t("health.batches_note"),
    whole=partial(health.batches, desk, None),
)
left, right = row(desk, 1, 1)
with left:
    table("expectations", health.expectations(desk), whole=partial(health.expectations, desk, None))
with right:
    table("quarantine", health.quarantine(desk), whole=partial(health.quarantine, desk, None))
left, right = row(desk, 1, 1)
with left:
    table("measures", identity.measures(desk), words="identity")
with right:
    table("held_back", identity.held_back(desk), words="identity", whole=partial(identity.held_back, desk, None))
table("consents", identity.consents(desk), words="identity", when_empty="identity.no_consents")
table_panel(desk, "snapshot", health.snapshot(desk), title=desk.t("health.snapshot"))
