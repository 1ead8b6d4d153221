"""What somebody wants, told by a small trained model: how likely each intent is.

`data/utterances.jsonl` is what it learns from, `training.py` how, `model.npz` what came of it.
"""

from bot.assistant.intents.model import NotTheModel, scores

__all__ = ["NotTheModel", "scores"]
