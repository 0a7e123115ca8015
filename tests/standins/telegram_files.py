"""Files of the pretend Telegram: asked for by their id, and then fetched by their path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.standins.telegram_checks import Params, Refusal
from tests.standins.telegram_state import Json


class FileMethods:
    """``content`` is what people have sent, by the path that the bot is given."""

    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}
        self.table: dict[str, Callable[[Params], Any]] = {"getfile": self._get_file}

    def keep(self, name: str, content: bytes) -> str:
        """Keep a file; its id."""
        file_id = f"file-{len(self.content)}"
        self.content[f"documents/{file_id}/{name}"] = content
        return file_id

    def _get_file(self, params: Params) -> Json:
        for path, content in self.content.items():
            if path.split("/")[1] == params.get("file_id"):
                file_id = params["file_id"]
                size = {"file_id": file_id, "file_unique_id": f"unique-{file_id}", "file_size": len(content)}
                return {**size, "file_path": path}
        raise Refusal(400, "Bad Request: invalid file_id")
