"""What a voice note says, written down by a service that speaks OpenAI's `POST /audio/transcriptions`.

OpenAI's own, or one of one's own (faster-whisper, LocalAI, vLLM): TRANSCRIPTION_URL says where. It hears the
note and nothing about who sent it.
"""

import json
import logging
import time
from collections.abc import Callable
from typing import Any, Final

import requests
from django.conf import settings

from bot.said import holds_code
from inspector_whatsapp import incidents
from inspector_whatsapp.cloud_api import events, media
from inspector_whatsapp.cloud_api.errors import CloudError
from notifications.meta import client

logger = logging.getLogger(__name__)

LONGEST: Final = 1024 * 1024  # bytes: WhatsApp records some five minutes in them
CONNECT, READ = 3, 20  # seconds
MOST: Final = 64 * 1024  # bytes of an answer
# Names and words that a model which was taught elsewhere writes as others.
PROMPT: Final = "Lekki, Yaba, Ajah, Ikeja, Wuse, Gwarinpa, naira, duplex, self contain, abeg, PR-1042"
_ENDINGS: Final = {"audio/aac": "aac", "audio/amr": "amr", "audio/mpeg": "mp3", "audio/mp4": "m4a"}
_KEY: Final = "transcription"


class NotTranscribed(Exception):
    """Nothing came that can be used; the words say why, for a log and for admins, without what was said.

    ours: it will not work by itself again, such as with a wrong key.
    """

    def __init__(self, why: str, *, ours: bool = False) -> None:
        super().__init__(why)
        self.ours = ours


def find_out(keep: Callable[[Any], None], *, sent: events.MediaSent) -> None:
    """Fetch a note from Meta and have it written down; what is kept is the text, or why there is none."""
    try:
        text = transcribed(client().media(sent.media_id, sha256=sent.sha256, most=LONGEST), sent.mime or "")
    except media.TooLarge:
        keep({"why": "too_long"})
    except (media.MediaRefused, media.MediaGone, CloudError) as error:
        logger.info("a voice note could not be fetched: %s", type(error).__name__)
        keep({"why": "not_fetched"})
    except NotTranscribed as error:
        logger.warning("a voice note was not written down: %s", error)
        if error.ours:
            sentence = f"{settings.TRANSCRIPTION_URL} takes no voice notes: {error}."
            incidents.report("transcription_fails", key=_KEY, sentence=sentence)
        keep({"why": "not_written_down"})
    else:
        incidents.close("transcription_fails", key=_KEY)
        keep({"why": "code"} if holds_code(text) else {"text": text})  # a code is kept nowhere


def transcribed(note: bytes, mime: str) -> str:
    """The words of a note; empty where there are none. Raises NotTranscribed."""
    kind = mime.partition(";")[0].strip()
    name = f"note.{_ENDINGS.get(kind, 'ogg')}"
    try:
        with requests.post(
            f"{settings.TRANSCRIPTION_URL}/audio/transcriptions",
            files={"file": (name, note, kind if kind in _ENDINGS else "audio/ogg")},
            data={"model": settings.TRANSCRIPTION_MODEL, "response_format": "json", "prompt": PROMPT},
            headers=_headers(),
            timeout=(CONNECT, READ),
            allow_redirects=False,
            stream=True,
        ) as answer:
            if answer.status_code != requests.codes.ok:
                busy = answer.status_code >= 500 or answer.status_code == requests.codes.too_many
                raise NotTranscribed(f"it answered {answer.status_code}", ours=not busy)
            return _text(_read(answer))
    except requests.RequestException as error:  # its words may quote a key
        raise NotTranscribed(f"the call failed ({type(error).__name__})") from None


def _headers() -> dict[str, str]:
    key = settings.TRANSCRIPTION_API_KEY
    return {"Authorization": f"Bearer {key}"} if key else {}


def _read(answer: requests.Response) -> bytes:
    """The whole answer, however it trickles in, but not for longer than READ."""
    until, found = time.monotonic() + READ, b""
    for piece in answer.iter_content(8192):
        found += piece
        if len(found) > MOST:
            raise NotTranscribed("it answered too much", ours=True)
        if time.monotonic() > until:
            raise NotTranscribed(f"no whole answer within {READ} seconds")
    return found


def _text(answer: bytes) -> str:
    try:
        match json.loads(answer):
            case {"text": str(text)}:
                return " ".join(text.split())
    except ValueError:
        pass
    raise NotTranscribed("its answer has no text", ours=True)
