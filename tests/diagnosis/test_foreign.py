"""Are the codes of mail servers, devices, databases and exited programs told apart from statuses?"""

from __future__ import annotations

import pytest

from bot.diagnosis.foreign import is_foreign
from bot.diagnosis.identify import identify
from bot.kb.model import KnowledgeBase


@pytest.mark.parametrize(
    ("before", "after", "foreign"),
    [
        ("smtp said ", " not implemented", True),
        ("smtplib.SMTPResponseException: (", ", b'5.5.1 Unrecognized')", True),
        ("smtp behind nginx said ", "", False),
        ("the /rank command of my bot says ", "", False),
        ("this command ends with upstream error ", "", False),
        ("the command said ", "", True),
        ("the page said ", "", False),
        ("the dishwasher shows error code ", "", True),
        ("Fehlercode ", " an der Waschmaschine", True),
        ("プリンタのエラー ", "", True),
        ("the printer's web page says error ", "", False),
        ("the process exited with code ", "", True),
        ("npm exited with status ", "", True),
        ("we exit here. error code ", "", False),
        ("ERROR ", " (HY000): lost connection", True),
        ("Error ", " (Bad Gateway)", False),
        ("AssertionError: ", " != 200", True),
        ('{"code":', ',"message":"balance not enough"}', True),
        ('{"code":', ',"message":"upstream is away"}', False),
        ("error ", ": Invalid PIN", True),
        ("ERROR -1 ", " Couldn't connect to TWS.", True),
        ("返回错误码", "、密码错误", False),
        ("Server replied: ", " access restriction or permission denied", True),
        ("the game prints ", ": API Services rejected request with error.", True),
        ("ERR ", " too many connections from your network", True),
        ("Net::FTPPermError: ", " Command not implemented", True),
        ("+CMS ERROR: ", "", True),
        ("the e-bike shows ", " since today", True),
        ("my calculator says ", "", True),
        ("maquina de cartão com erro ", "", True),
        ("curl: (19) RETR response: ", "", True),
        ("make: *** [all] Error ", "", True),
        ("collect2: error: ld returned ", "", True),
        ("error: ", " undefined references", True),
        ("ERROR ", ": cursor already open", True),
        ("VoIP call failed with ", "", True),
        ("asterisk behind nginx: ", "", False),
        ("SIP/2.0 ", " Bad Gateway", True),
        ("a cell says Err:", "", True),
        ("our wsErr:", "", False),
        ("Excel error ", "", True),
        ("error ", " in my spreadsheet", True),
        ("since noon we get ", " when we export to excel", False),
        ("after moving off sqlite I get ", "", False),
        ("the e-bike shop says ", "", False),
        ("Excel online, the page says ", " bad gateway", False),
        ("PostgreSQL: SQLSTATE ", "", True),
        ("standard error ", "", True),
        ("Health checks failed: ", "", False),
        ("the job finished with ", " again", False),
        ("how do I make the error ", " go away", False),
        ("since noon in excel we get ", " in excel online", False),
        ("bug #", " error in login", True),
        ("compile finished with ", " errors", True),
        ("", " errors, 12 warnings", True),
        ("", " errors found", True),
        ("", " errors since noon", False),
        ("error ", " at line 12 of tea.tex", True),
        (":irc.example.net ", " nick :Can't change mode for other users", True),
        (":irc.example.net ", " nick :You may not do this", True),
        ('{ "title" : "Invalid", "status" : ', ', "detail" : "none"', False),
        ("the nginx log, line ", " error", False),
    ],
)
def test_code_of_something_else_is_told(before: str, after: str, foreign: bool) -> None:
    """What is around the number tells whose it is; words of the web keep it a status."""
    assert is_foreign(before, after) is foreign


@pytest.mark.parametrize(
    "text",
    [
        "my heat pump shows error 502 since this morning, what can I do?",
        "ERROR 502 (HY000): Lost connection, again and again",
        "our deploy always stops: process exited with code 502",
        "the standard error 502 of that fit is too big, what can I do?",
    ],
)
def test_code_of_something_else_is_no_status(text: str, kb: KnowledgeBase) -> None:
    """Nobody is bothered, though "error 502" is there."""
    found = identify(kb, text)
    assert not found.speak
    assert found.match is None or found.match.status != 502
