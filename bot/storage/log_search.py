"""Looking for rows of the import log: by who imported or gave, by profile, by what a code's mask shows."""

from __future__ import annotations

from sqlalchemy import Index, func, literal_column

from bot.storage.tables import GIVEN, imports

# What one person has imported of what another gave.
Index("ix_imports_handed", imports.c.user_id, imports.c.given_by, imports.c.id, sqlite_where=GIVEN,
      postgresql_where=GIVEN)  # fmt: skip
#: The last four digits of a code, which its mask shows.
LAST_DIGITS = func.substr(imports.c.code_mask, literal_column("14"))
Index("ix_imports_last_digits", LAST_DIGITS, imports.c.id)
