"""In which words? Reply + language -> Message of blocks and choices, no markup."""

from bot.wording.message import Block, Label, Message, Span
from bot.wording.say import verdict_json, word

__all__ = ["Block", "Label", "Message", "Span", "verdict_json", "word"]
