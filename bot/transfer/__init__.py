"""The core: what a transfer is, from the code that somebody sent to the profile in ixBrowser.

No Telegram, no HTTP and no SQL here; the other packages meet the core at ``ports``.
"""
