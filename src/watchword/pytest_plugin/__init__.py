"""The pytest plugin: a contract's own tests beside the user's, and the user's exchanges judged.

Holds nothing itself: pytest imports this package in every session. `plugin` is what the entry point names.
"""
