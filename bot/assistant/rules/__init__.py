"""What words tell of an intent for sure, or nearly so. Where they tell nothing the model is asked alone."""

from bot.assistant.commands import Intent
from bot.assistant.rules import homes, people, talk, visits
from inspector_whatsapp.models import Role

STRONG = 5.0  # the weight from which a rule decides beside the model

RULES = (*talk.RULES, *visits.RULES, *homes.RULES, *people.RULES)


def told(words: str, *, role: Role, names_one: bool) -> dict[Intent, float]:
    """How much the words tell of each intent they tell of: the weightiest of its rules."""
    found: dict[Intent, float] = {}
    for rule in RULES:
        if rule.weight > found.get(rule.intent, 0) and rule.tells(words, role=role, names_one=names_one):
            found[rule.intent] = rule.weight
    return found
