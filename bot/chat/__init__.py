"""All that is known of Telegram: who may speak, what was said, and what the chat shows."""

import os

# Otherwise python-telegram-bot warns at every flood control that its times will be timedeltas one day.
os.environ.setdefault("PTB_TIMEDELTA", "true")
