"""The way back: dotted names that the layers below call without importing them, in the order given here."""

CONSOLE_FINDERS = (
    "bot.admin.finding.chats",
    "inspector_whatsapp.console.finding.platform",
    "inspector_whatsapp.console.finding.messages",
)
CHANGE_LISTENERS = (
    "notifications.plan.on_change",
    "linking.rules.on_change",
    "bot.inbox.on_change",
    "bot.handover.on_change",
    "inspector_whatsapp.sharing.on_change",
    "inspector_whatsapp.gateway.on_change",
    "inspector_whatsapp.inspections.offers.on_change",
    "inspector_whatsapp.enquiries.on_change",
)
# Hear of every newer row of Inspector's, a call at a time: see sync.Applied.
SYNC_LISTENERS = ("inspector_whatsapp.gateway.rows.on_rows",)
CHANNELS = {
    "whatsapp": "notifications.channels.whatsapp.WhatsApp",
    "email": "notifications.channels.email.Email",
    "inspector": "inspector_whatsapp.gateway.backend.Backend",
    "webhook": "inspector_whatsapp.gateway.webhooks.Webhooks",
}
KINDS = (
    "notifications.kinds.inspections",
    "notifications.kinds.requests",
    "notifications.kinds.deciding",
    "notifications.kinds.assignments",
    "notifications.kinds.reports",
    "notifications.kinds.reminders",
    "notifications.kinds.listings",
    "notifications.kinds.saved",
    "notifications.kinds.interest",
    "notifications.kinds.waiting",
    "notifications.kinds.given_away",
    "notifications.kinds.enquiries",
    "notifications.kinds.lateness",
    "notifications.kinds.safety",
    "notifications.kinds.asks",
    "notifications.kinds.searches",
    "notifications.kinds.regular",
    "notifications.kinds.together",
    "notifications.kinds.broadcasts",
    "notifications.kinds.templates",
    "notifications.kinds.retold",
    "notifications.kinds.incidents",
    "linking.kinds",
)
# What the staff may have done to many rows at once, by jobs: see jobs.Work.
JOBS = ("inspector_whatsapp.jobs.messages", "linking.jobs", "notifications.broadcasts.writing")
RETENTION = (
    "bot.retention.rules",
    "linking.retention.rules",
    "notifications.retention.rules",
    "inspector_whatsapp.retention.rules",
    "inspector_whatsapp.console.access.retention.rules",
)
# What each app keeps of people; what hangs on a row goes before it.
ERASERS = (
    "bot.privacy.kept",
    "linking.privacy.kept",
    "notifications.privacy.kept",
    "inspector_whatsapp.privacy.platform.kept",
)
FIGURES = ("inspector_whatsapp.figures.platform.count", "bot.figures.count")
# What Prometheus is told.
METRICS = ("inspector_whatsapp.metrics.platform.metrics", "bot.metrics.metrics")
CONSOLE_TILES = (
    "inspector_whatsapp.console.home.messages.tiles",
    "inspector_whatsapp.console.home.inspections.tiles",
    "inspector_whatsapp.console.home.running.tiles",
    "bot.tiles.tiles",
    "linking.tiles.tiles",
    "notifications.tiles.tiles",
)
HEALTH_CHECKS = ("inspector_whatsapp.health.checks", "bot.health.checks")
# What a worker looks at every few seconds, in this order: the admins are told last of what was found.
WATCHES = ("inspector_whatsapp.watching.processes", "bot.watching.look", "notifications.alarms.tell")
