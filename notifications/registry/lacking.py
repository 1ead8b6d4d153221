"""What Meta lacks of the templates that the code declares."""

import logging

from inspector_whatsapp.cloud_api.errors import CloudError
from notifications.models import MessageTemplate
from notifications.registry.declaring import says
from notifications.registry.submitting import SUBMITTABLE, CannotSubmit, submit
from notifications.registry.syncing import compare, sync
from notifications.templates import TEMPLATES, Template

logger = logging.getLogger(__name__)


def version_of(template: Template) -> MessageTemplate:
    """The version that says what the code declares: there is one once they were compared."""
    versions = MessageTemplate.objects.filter(name=template.name, language=template.language)
    return next(row for row in versions if says(row, template))


def submit_lacking() -> int:
    """Submit what Meta does not have; how many it took. What it refused says so in its `reason`.

    Raises CloudError when Meta's list cannot be read. Not to be called in a transaction.
    """
    compare()
    taken = 0
    for row in map(version_of, TEMPLATES):
        if row.status in SUBMITTABLE:
            try:
                submit(row)
            except (CloudError, CannotSubmit) as error:
                logger.warning("template %s was not submitted: %s", row, error)
            else:
                taken += 1
    sync()  # some are approved at once
    return taken
