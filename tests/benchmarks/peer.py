"""What a bot on a well-kept library does with a webhook: pywa's asynchronous half on FastAPI.

It checks the signature, reads the JSON, calls a handler that keeps nothing. Started by uvicorn with two
workers in the environment `.local/bench`, which has none of ours.
"""

import json
import os
from pathlib import Path

from fastapi import FastAPI
from pywa_async import WhatsApp, types
from pywa_async.handlers import MessageHandler

TEXT = json.loads((Path(__file__).parent.parent / "payloads" / "text.json").read_bytes())
# Of the number that the bodies are for: it leaves others alone.
NUMBER = TEXT["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"]


async def hear(_: WhatsApp, message: types.Message) -> None:
    """Keep nothing."""


application = FastAPI()
whatsapp = WhatsApp(
    phone_id=NUMBER,
    token=os.environ["WHATSAPP_ACCESS_TOKEN"],
    server=application,
    verify_token=os.environ["WHATSAPP_VERIFY_TOKEN"],
    app_secret=os.environ["WHATSAPP_APP_SECRET"],
    webhook_endpoint="/webhooks/whatsapp",
    validate_updates=True,
)
whatsapp.add_handlers(MessageHandler(hear))
