"""The greeting, the help, and the commands of Telegram's menu."""
