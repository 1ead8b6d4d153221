"""A question as one WhatsApp message: buttons, a list, or numbered text."""

from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bot.questions import Form, Option, Prompt
from bot.questions.base import Shown, ShownOption
from bot.questions.choices import MORE
from bot.said import answer_id, start_id
from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.words import Reader, Words, join, put, say, spoken

MENU = "menu"


def render(
    prompt: Prompt, *, question: str, reader: Reader, first: Sequence[Words] = (), token: str = ""
) -> tuple[cloud.Message, Shown]:
    """The message, and what a digit or a label will be read against.

    question: `flow.name`, or MENU, whose options are flows. first: sentences that come before. token: what a
    form's answer brings back.
    """
    with spoken(reader.language):
        if prompt.form is not None:
            return _form(prompt, prompt.form, question, reader, first, token)
        return _render(prompt, question, reader, first)


def _render(
    prompt: Prompt, question: str, reader: Reader, first: Sequence[Words]
) -> tuple[cloud.Message, Shown]:
    options = list(prompt.options)
    if prompt.has_more:
        options.append(Option(MORE, say(_("More")), also=("next", "show more")))
    text = "\n\n".join(filter(None, (put(words, reader) for words in (*first, prompt.words))))
    options.sort(key=lambda option: (option.quiet, option.card is None))  # a digit means a line
    seen = [option for option in options if not option.quiet]
    shown = Shown(
        question, tuple(_shown(question, option, reader) for option in options), prompt.page, len(seen)
    )
    cards = [f"{place}. {put(option.card, reader)}" for place, option in enumerate(seen, 1) if option.card]
    text = "\n\n".join([*([text] if text else []), *cards])
    seen = [option for option in seen if not option.card]
    titles = [put(option.title, reader) for option in seen]
    notes = [put(option.description, reader) if option.description else "" for option in seen]
    ids = [_id(question, option) for option in seen]
    photo = cloud.Media(file=prompt.photo) if prompt.photo else None
    lines = [
        "\n".join(map(_line, range(len(cards) + 1, len(cards) + len(seen) + 1), titles, notes)),
        _typed([option for option in options if option.quiet], reader),
    ]
    below = "\n\n".join(filter(None, lines))
    if not seen:
        return _plain("\n\n".join(filter(None, [text, below])), photo), shown
    if _fit_buttons(titles, ids):
        body = cloud.clip(text, limits.INTERACTIVE_BODY - len(below) - 2)
        buttons = tuple(cloud.Button(id, title) for id, title in zip(ids, titles, strict=True))
        return cloud.Buttons("\n\n".join([body, below]), buttons, header=photo), shown
    body = cloud.clip(text, limits.LIST_BODY - len(below) - 2)
    rows = tuple(
        cloud.Row(
            id, cloud.clip(title, limits.ROW_TITLE), cloud.clip(_note(title, note), limits.ROW_DESCRIPTION)
        )
        for id, title, note in zip(ids, titles, notes, strict=True)
    )
    label = cloud.clip(put(say(_("Choose")), reader), limits.LIST_BUTTON)
    return cloud.List("\n\n".join([body, below]), label, rows), shown


def _form(
    prompt: Prompt, form: Form, question: str, reader: Reader, first: Sequence[Words], token: str
) -> tuple[cloud.Message, Shown]:
    """A form; what else could be chosen has no lines, and can be typed."""
    text = "\n\n".join(put(words, reader) for words in (*first, prompt.words))
    message = cloud.Form(
        body=cloud.clip(text, limits.INTERACTIVE_BODY),
        label=cloud.clip(put(form.label, reader), limits.FLOW_LABEL),
        flow_id=settings.WHATSAPP_BOOKING_FLOW_ID,
        token=token,
        screen=form.screen,
        data=form.data,
    )
    return message, Shown(question, tuple(_shown(question, each, reader) for each in prompt.options), lines=0)


def _shown(question: str, option: Option, reader: Reader) -> ShownOption:
    note = put(option.description, reader) if option.description else ""
    labels = (put(option.title, reader), *([note] if note else []), *option.also)
    return ShownOption(option.value, labels, _id(question, option))


def _typed(options: Sequence[Option], reader: Reader) -> str:
    """The line that names what can be typed besides: "Or type: *photos*, *alert* (to hear of new ones)"."""
    if not options:
        return ""
    words = [
        say("*{title}* ({note})", title=option.title, note=option.description)
        if option.description
        else say("*{title}*", title=option.title)
        for option in options
    ]
    return put(say(_("Or type: {words}"), words=join(*words, separator=", ")), reader)


def _plain(text: str, photo: cloud.Media | None) -> cloud.Message:
    if photo is not None:
        return cloud.Image(photo, cloud.clip(text, limits.CAPTION))
    return cloud.Text(cloud.clip(text, limits.TEXT_BODY))


def _fit_buttons(titles: Sequence[str], ids: Sequence[str]) -> bool:
    return (
        len(titles) <= limits.BUTTONS
        and all(len(title) <= limits.BUTTON_TITLE for title in titles)
        and len(set(titles)) == len(titles)
        and all(len(id) <= limits.BUTTON_ID for id in ids)
    )


def _line(place: int, title: str, note: str) -> str:
    return f"{place}. {title} – {note}" if note else f"{place}. {title}"


def _note(title: str, note: str) -> str:
    """A row's second line; a title that is cut in the row stands there in full."""
    return note if len(title) <= limits.ROW_TITLE else f"{title} {note}".strip()


def _id(question: str, option: Option) -> str:
    if option.starts is not None:
        return start_id(*option.starts)
    if question == MENU:
        flow, _colon, argument = option.value.partition(":")
        return start_id(flow, argument)
    flow, _dot, name = question.partition(".")
    return answer_id(flow, name, option.value)


def narrowed(prompt: Prompt, options: Sequence[Option]) -> Prompt:
    """The same question, offering only what may have been meant."""
    prompt = replace(prompt, form=None, page=0)
    if len(options) == 1:
        only = replace(options[0], also=(*options[0].also, "yes", "yeah", "ok"))
        return replace(prompt, words=say(_("Did you mean this?")), options=(only,), has_more=False)
    return replace(prompt, words=say(_("Did you mean one of these?")), options=tuple(options), has_more=False)
