"""What becomes of templates at Meta: judged by its reviewers, or changed by somebody in its Manager."""

from inspector_whatsapp.simulator.config import Json
from inspector_whatsapp.simulator.templates import Template
from inspector_whatsapp.simulator.world import World

WISHES = ("status", "body", "buttons", "category", "coming_category", "quality", "delete")
DETAILS = ("name", "language", "reason", "rejection_info", "other_info", "quietly")


class NotAChange(ValueError):
    """No such change can be made; the message tells why."""


def approve(world: World, template: Template) -> None:
    """The reviewers are quick here."""
    _judge(world, template, {"status": "APPROVED"}, quietly=False)


def change(world: World, template: Template, wish: Json) -> None:
    """Do to a template what `wish` says, and send Meta's webhooks of it; none when it says `quietly`.

    status (with reason, rejection_info, other_info), body, buttons (titles), category, coming_category (what
    Meta will call it in a day), quality, delete. Raises `NotAChange`.
    """
    if unknown := set(wish) - {*WISHES, *DETAILS}:
        raise NotAChange(f"a template has no {', '.join(sorted(unknown))}")
    quietly = bool(wish.get("quietly"))
    with world.lock:
        if "body" in wish or "buttons" in wish:
            _edit(world, template, wish, quietly=quietly)
        if "category" in wish or "coming_category" in wish:
            _recategorise(world, template, wish, quietly=quietly)
        if "quality" in wish:
            before, template.quality = template.quality, str(wish["quality"]).upper()
            scores = {"previous_quality_score": before, "new_quality_score": template.quality}
            _announce(world, "message_template_quality_update", template, scores, quietly=quietly)
        if "status" in wish:
            _judge(world, template, wish, quietly=quietly)
        if wish.get("delete"):
            world.templates.delete(name=template.name, number=template.id)
            _judge(world, template, {"status": "DELETED"}, quietly=quietly)


def _judge(world: World, template: Template, wish: Json, *, quietly: bool) -> None:
    event = str(wish["status"]).upper()
    if event in ("REINSTATED", "UNARCHIVED"):
        template.status = "APPROVED"
    elif event != "FLAGGED":
        template.status = event
    template.reason = str(wish.get("reason") or "NONE")
    more: Json = {key: wish[key] for key in ("rejection_info", "other_info") if key in wish}
    # Meta says the reason of a pause elsewhere, and leaves this one empty.
    reason = None if event == "PAUSED" else template.reason
    value: Json = {"event": event, "reason": reason, "message_template_category": template.category, **more}
    _announce(world, "message_template_status_update", template, value, quietly=quietly)


def _edit(world: World, template: Template, wish: Json, *, quietly: bool) -> None:
    parts: dict[str, Json] = {str(part.get("type", "")).upper(): part for part in template.components}
    if "body" in wish:
        parts["BODY"] = {**parts.get("BODY", {}), "type": "BODY", "text": str(wish["body"])}
    if "buttons" in wish:
        buttons = [{"type": "QUICK_REPLY", "text": str(title)} for title in wish["buttons"]]
        parts["BUTTONS"] = {"type": "BUTTONS", "buttons": buttons}
    template.components = list(parts.values())
    value = {"message_template_element": parts["BODY"]["text"]}  # of quick replies Meta says nothing
    _announce(world, "message_template_components_update", template, value, quietly=quietly)


def _recategorise(world: World, template: Template, wish: Json, *, quietly: bool) -> None:
    if "coming_category" in wish:
        ahead = {"correct_category": str(wish["coming_category"]).upper(), "new_category": template.category}
        _announce(world, "template_category_update", template, ahead, quietly=quietly)
        return
    before, template.category = template.category, str(wish["category"]).upper()
    value = {"previous_category": before, "new_category": template.category}
    _announce(world, "template_category_update", template, value, quietly=quietly)


def _announce(world: World, field: str, template: Template, value: Json, *, quietly: bool) -> None:
    if quietly:
        return
    about: Json = {
        "message_template_id": int(template.id),
        "message_template_name": template.name,
        "message_template_language": template.language.replace("_", "-"),
    }
    world.announce(field, {**about, **value})
