"""Every sentence that the chat shows: functions of their values and of the person's language.

They are marked for gettext by how they are said: ``t("…")`` and ``t.many("…", "…", n)``.
"""
