"""A bucket for photos: a server on this machine that speaks S3's protocol."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.config.test_settings import start
from tests.ports import free_port

KEYS = {"aws_access_key_id": "an-id", "aws_secret_access_key": "a-secret"}


@contextmanager
def bucket(name: str) -> Iterator[Any]:
    """A server with one bucket."""
    import boto3  # only where it is needed: both take a while
    from moto.moto_server.threaded_moto_server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    s3 = boto3.resource("s3", endpoint_url=address, region_name="us-east-1", **KEYS)
    try:
        yield s3.create_bucket(Bucket=name)
    finally:
        s3.meta.client.close()
        server.stop()


def storage(where: str, *, at: str) -> dict[str, Any]:
    """Where the settings have photos kept that name a bucket and a server."""
    started = start(
        "import json; print(json.dumps(s.STORAGES['default']))",
        MEDIA_STORAGE=where,
        AWS_ENDPOINT_URL_S3=at,
        AWS_DEFAULT_REGION="us-east-1",
        **{name.upper(): value for name, value in KEYS.items()},
    )
    found: dict[str, Any] = json.loads(started.stdout)
    return found
