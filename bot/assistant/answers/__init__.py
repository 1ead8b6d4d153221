"""What a command leads to, from rows found under the person's own rights.

Nothing is written here: whatever writes begins its flow, with what is known among its answers, and the flow
asks for a yes. Commands carry no user: whose rows they are is the server's to say.
"""

from typing import assert_never

from bot.assistant.answers import changing, looking, offering, schedule, service, visiting
from bot.assistant.commands import Command, Intent
from bot.assistant.context import NOTHING, Context
from bot.assistant.outcomes import Outcome
from bot.scripts import Person


def outcome(command: Command, *, person: Person, context: Context = NOTHING, words: str = "") -> Outcome:
    """A flow to begin, or an answer. words: what was said, by which a greeting is told from thanks."""
    slots = command.slots
    match command.intent:
        case Intent.SEARCH_PROPERTIES:
            return looking.search(slots, words, person=person)
        case Intent.MORE_RESULTS:
            return looking.more(context)
        case Intent.PROPERTY_DETAILS:
            return _details(command, person=person, context=context, words=words)
        case Intent.CHECK_AVAILABILITY:
            return looking.available(command, person=person, context=context)
        case Intent.LIST_SLOTS:
            return visiting.times(command, person=person, context=context)
        case Intent.BOOK_INSPECTION:
            return visiting.book(command, person=person, context=context, words=words)
        case Intent.RESCHEDULE_INSPECTION:
            return changing.move(slots, person=person, context=context)
        case Intent.CANCEL_INSPECTION:
            return changing.cancel(slots, person=person, context=context)
        case Intent.MY_INSPECTIONS:
            return schedule.mine(slots, person=person, context=context)
        case Intent.INSPECTION_REPORT:
            return schedule.report(slots, person=person, context=context)
        case Intent.SUBMIT_REPORT:
            return schedule.submit(slots, person=person, context=context)
        case Intent.CONTACT_AGENT:
            return service.agent(command, person=person, context=context)
        case Intent.CREATE_ALERT:
            return looking.alert(slots, words, person=person)
        case Intent.MY_LISTINGS:
            return offering.mine(slots, person=person, context=context, words=words)
        case Intent.ADD_LISTING:
            return offering.add(slots, person=person)
        case Intent.UPDATE_LISTING:
            return offering.change(slots, person=person, context=context)
        case Intent.MY_ACCOUNT:
            return service.account(words, person=person)
        case Intent.PAYMENT_QUERY:
            return service.payment()
        case Intent.REPORT_PROBLEM:
            return service.problem(slots, person=person, context=context)
        case Intent.HUMAN_HANDOFF:
            return service.human()
        case Intent.HELP:
            return service.help(words)
        case Intent.SMALLTALK:
            return service.smalltalk(words, person=person)
        case Intent.CONFIRM:
            return _agreed(person, context)
        case Intent.DENY:
            return service.nothing_done() if context.pending is not None else service.nothing_pending()
        case Intent.OUT_OF_SCOPE:
            return service.out_of_scope(person=person)
        case Intent.UNSAFE_REQUEST:
            return service.unsafe(person=person)
        case _:
            assert_never(command.intent)


def _details(command: Command, *, person: Person, context: Context, words: str) -> Outcome:
    """Of a property; "where is it?" after an inspection was shown is about that."""
    said = command.slots.keys()
    if not said and context.focus_property is None and context.focus_inspection is not None:
        return schedule.mine({"inspection_ref": context.focus_inspection}, person=person, context=context)
    return looking.details(command, person=person, context=context, words=words)


def _agreed(person: Person, context: Context) -> Outcome:
    """A yes to what was asked begins what it was asked of: the flow asks for its own yes before it writes."""
    pending = context.pending
    if pending is None or pending.intent in (Intent.CONFIRM, Intent.DENY):
        return service.nothing_pending()
    return outcome(Command(pending.intent, pending.slots), person=person, context=context)
