"""The embedded queue: Celery's calls as files of a folder, each there whole or not at all.

Kombu's own transport opens a file under its final name before it writes: a worker that reads it in between
finds nothing in it and ends.
"""

import os
import time
import uuid
from pathlib import Path

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: dict, **kwargs: object) -> None:
        """Write beside the readers' sight, then give the name that they look for: oldest first."""
        folder, key = Path(self.data_folder_out), uuid.uuid4()
        draft = folder / f".{key}"
        try:
            draft.write_text(dumps(payload))
            os.replace(draft, folder / f"{time.monotonic_ns():020}_{key}.{queue}.msg")
        except OSError as error:
            raise ChannelError(f"a call cannot be written to {folder}") from error


class Transport(filesystem.Transport):
    Channel = Channel
