"""Would the answer to a quick question change anything?"""

from __future__ import annotations

from collections.abc import Collection
from itertools import product

from bot.diagnosis.facts import ANSWERS, Facts
from bot.diagnosis.verdict import judge
from bot.kb.model import KnowledgeBase, Question


def decides(kb: KnowledgeBase, facts: Facts, question: Question, others: Collection[Question]) -> bool:
    """Tell whether the verdict can depend on the answer, whatever the answers to the remaining questions.

    At most two others: three answers each, and as many verdicts for each of those.
    """
    for said in product((None, *ANSWERS), repeat=len(others)):
        told = {f"answer.{other}": answer for other, answer in zip(others, said, strict=True) if answer is not None}
        answered = ({**facts, **told, f"answer.{question}": answer} for answer in ANSWERS)
        if len({judge(kb, known).cause for known in (*answered, {**facts, **told})}) > 1:
            return True
    return False
