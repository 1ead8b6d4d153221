"""`python -m inspector_whatsapp.simulator`: the simulator without Django, as the tests start it."""

import argparse
import json
from pathlib import Path

from inspector_whatsapp.simulator.config import Config
from inspector_whatsapp.simulator.server import run


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser(prog="python -m inspector_whatsapp.simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--webhook", required=True)
    parser.add_argument("--web", default="")
    parser.add_argument("--app-secret", required=True)
    parser.add_argument("--access-token", required=True)
    parser.add_argument("--verify-token", required=True)
    parser.add_argument("--phone-number-id", required=True)
    parser.add_argument("--phone-number", required=True)
    parser.add_argument("--business-account-id", required=True)
    parser.add_argument("--ledger", type=Path)
    parser.add_argument("--market", type=Path, help="JSON: what the stand-in for Inspector starts from")
    parser.add_argument("--issuer", default="")
    parser.add_argument("--audience", default="")
    parser.add_argument("--webhook-secret", default="")
    parser.add_argument("--api-token", default="")
    given = parser.parse_args()
    run(
        Config(
            host=given.host,
            smtp_host=given.host,
            port=given.port,
            smtp_port=given.smtp_port,
            webhook=given.webhook,
            web=given.web,
            app_secret=given.app_secret.split(",")[0].strip(),
            access_token=given.access_token,
            verify_token=given.verify_token,
            phone_number_id=given.phone_number_id,
            phone_number=given.phone_number,
            business_account_id=given.business_account_id,
            ledger=given.ledger,
            market=json.loads(given.market.read_text()) if given.market else {},
            issuer=given.issuer,
            audience=given.audience,
            webhook_secret=given.webhook_secret,
            api_token=given.api_token,
        )
    )


if __name__ == "__main__":
    main()
