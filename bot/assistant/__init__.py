"""The assistant: free text that no menu matches becomes one typed command, answered from rows.

text → `interpreter` (or `language_model`, when it is unsure and one is configured) → a `commands.Command`
→ `answers`, by the same functions as the menus. No query and no fact comes from a model: a command names an
intent and slots and nothing else; who asks, and what they may see, is known from the chat.
"""
