"""Photos on a bucket of S3's kind, where MEDIA_STORAGE is s3://bucket/prefix.

Needs requirements-bucket.txt, so nobody imports this whose photos are in a folder.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from django.utils.functional import cached_property
from storages.backends.s3 import S3Storage

_ABSENT = ("NoSuchKey", "404")


class Bucket(S3Storage):  # type: ignore[misc]  # the library has no types
    """It fails as a folder does, by OSError, and nobody waits for it much longer than for one."""

    def get_default_settings(self) -> dict[str, Any]:
        defaults: dict[str, Any] = super().get_default_settings()
        return defaults | {
            "client_config": Config(
                connect_timeout=2,
                read_timeout=10,
                max_pool_connections=100,  # about as many threads send at once
                retries={"mode": "standard", "total_max_attempts": 2},
                # What only Amazon's own buckets know is asked of none.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
            "transfer_config": TransferConfig(use_threads=False),  # a photo has 5 MB at most
        }

    @cached_property
    def _client(self) -> Any:
        """One for all threads. The library makes one for each, which takes a quarter of a second."""
        return self.connection.meta.client

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        """All of it by one request, where the library asks three times."""
        with _as_of_a_folder(name):
            stored = self._client.get_object(Bucket=self.bucket_name, Key=self._normalize_name(name))
            return ContentFile(stored["Body"].read(), name=name)

    def _save(self, name: str, content: "File[bytes]") -> str:
        with _as_of_a_folder(name):
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        with _as_of_a_folder(name):
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _as_of_a_folder(name):
            return bool(super().exists(name))

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with _as_of_a_folder(name):
            folders, files = super().listdir(name)
            return folders, files


@contextmanager
def _as_of_a_folder(name: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        raise (FileNotFoundError(name) if code in _ABSENT else OSError(code)) from error
    except BotoCoreError as error:
        raise OSError(type(error).__name__) from error
