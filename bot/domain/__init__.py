"""The rules, with no input or output: codes, proxies, drafts, and what becomes of an import."""
