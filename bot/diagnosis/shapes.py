"""What kind of line is it: written by a machine, quoted, told by a person, noted, a comment, code, or a list?"""

from __future__ import annotations

import re
from enum import Enum

_QUOTE_LENGTH = 56

_MACHINE = re.compile(
    r"^\W{0,4}(?:\d{4}[-/.]\d\d[-/.]\d\d[T ,]|\d{1,2}[-/.][A-Za-z]{3}[-/.]\d{4}|[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d|\[?[A-Z][a-z]{2} [A-Z][a-z]{2} \d|\d\d:\d\d:\d\d|\d\d/\d\d/\d{4})|"
    r"\[(?:error|warn(?:ing)?|crit|info|debug|notice|emerg|alert)\]|\b(?:level|lvl)=|^\W{0,3}(?:ERROR|WARN(?:ING)?|FATAL|CRITICAL|INFO|DEBUG|Error|Warning|Exception|error)\b ?[:|\[]|"
    r"(?<!new )(?<!raise )(?<!throw )(?<!except )(?<!catch \()(?<![\w.])(?:[A-Za-z_]\w{0,60}\.){0,8}\w{0,60}(?:Error|Exception)(?:\[\w{1,20}\])?: |\bcaused by: |\bException was thrown|"
    r"^\s*at \S+ ?\(|\bcurl: \(\d|^fatal: |\berror: RPC|\bnpm (?:ERR!|error)|^[EWN]: |^Err:\d|\bTraceback|\bHTTP/[0-3](?:\.\d)?\"?,? [1-5]\d\d|^< |"
    r"\brpc error: code|\bserver returned HTTP|\bURL returned error|\bstatus code does not indicate|\bRequest failed with status|\bremote server returned|\bUnexpected (?:server )?response|"
    r"\bHTTP response code: |\brequest sent, awaiting response|\b(?:dial tcp|connect\(\) failed|recv\(\) failed|upstream (?:prematurely|timed|sent))|ray id|\bERR_[A-Z]{3}|\b(?:GET|POST|PUT|PATCH|HEAD|DELETE) https?://|"
    r"\bfor url: ?<?https?:|\bwhile (?:connecting to|reading|SSL handshaking)"
)
_CODE = re.compile(
    r"[{;]\s*(?://.{0,200}|#.{0,200})?$|[\])}],?\s*$(?<=\",)|^\s*(?:def|class|async|await|return|if|elif|else|for|while|try|except|raise|throw|import|from|assert|const|let|var|function|"
    r"case|func|fn|public|private|static|protected|test|it|describe|expect|print|echo|git|switch)\b[^\n]{0,300}[({:=;,\"'`]|^\s*(?:print|log|console|logger|logging|self|this|expect|test|it|res|app)\b[\w.]{0,60}\(|"
    r"\w\([^)\n]{0,60}\b(?:status|code|status_code|return_code)\w{0,20}\s?[:=]\s?\d{3}|\b(?:assert|===|!==)\s|[=!]==?\s*\d{3}\b|\.(?:status|send|sendStatus|json|Status|error|debug|warn|info|Printf)\(|"
    r"\bHTTPStatus\.|\bHttpStatus\.|\bhttp\.Status|\bXX\(\d{3}|\"(?:type|exception|shape|httpStatusCode|query|error_code)\"\s?:\s?[\[{\"\dt]|"
    r"^\s*(?:\w+ )?\w+(?:\.\w+){0,6}(?::\s?\w+)?\s*=\s*[^=\s].{0,200}$|match=r?[\"']|<\?php|^\s*[({\[]\s*[\"'].{0,200}\d{3}\s*[\])}],?\s*$|\bException\"\s?:|</?[A-Z]\w+|\bpm\.|=>\s*[{\d(]|\$\w+->"
)
_COMMENT = re.compile(
    r"^\s*(?://|/\*|\*/|\*\s(?=[A-Z@a-z])|--\s|;;|\"\"\"|<!--|%\s|rem\b)|^\s*#\s?(?![#\s])(?=.{24,})|\s//\s"
)
_NOTE = re.compile(
    r"^\s*(?:[-*+•]|\*\)|\d{1,2}[.)])?\s*(?:\[[xX /]\]|[✅✔☑🐛⚡✨🔧❌⚠🚨]|(?:bugfix|bug ?fix|fix(?:es|ed)?|feature|change[sd]?|added|removed|security|state|status|done|solved|closed|improve[ds]?|note|why|result|merge|"
    r"pr|commit|task|issue|impact|symptoms?|cause|solution|reason|expected(?: result)?|actual|failure indicators?|test|quiz|q|a|v?\d+\.\d+(?:\.\d+)?|"
    r"故障|影响|原因|解决|方案|症状|симптомы|причина|решение|проверка|рішення|síntomas|causa|solución|ursache|lösung|problème)\b\s*(?:\d{1,4})?\s*(?:\([^)]{0,40}\))?\s?[:：)]\s?)|^\s*\|.*\|\s*$|→.{0,12}\b5\d\d",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^\s*(?:#{1,6}\s|\d{1,2}[.)]\s|[-*+•]\s).{0,90}$|[:：]\s*$")
_LISTED = re.compile(
    r"(?<![\d.])[1-5]\d\d(?!\d)[^\n\d]{0,3}[,/|][^\n\d]{0,12}(?<![\d.])[1-5]\d\d(?!\d)|(?<!\d)[45]\d\d(?:->|→|\s?/\s?|\s?(?:and|or|und|et|и|、|和|または)\s?)[45]\d\d(?!\d)|(?:,|and|or) [a-d]\) ?\d{3}"
)
_ROW = re.compile(
    r"^\W{0,6}[1-5]\d\d\b[\"')\]]?\s?[:=,→|-].{0,80}$|^.{0,30}(?<![\w.:])[1-5]\d\d[\"']?\s?(?:[:=→|-]\s|\)|,$)",
    re.MULTILINE,
)
_ADVICE = re.compile(
    r"^\s*(?:\$ ?)?(?:sudo|docker|docker-compose|systemctl|kubectl|curl|tail|npm|nginx|journalctl|bash|cd|ls|pm2|php|service|ps|netstat|lsof|ss)\s[\w-]|"
    r"^\W{0,4}(?:check|verify|make sure|ensure|restart|increase|cause|solution|symptoms?|diagnosis|fix|reason|проверьте|причина|решение|рішення|проверка|симптомы|смотрим|causa|solución|síntomas|verificar|verifica|"
    r"vérifie[rz]?|attendez|ursache|lösung|prüfen|检查|原因|解决|影响)",
    re.IGNORECASE | re.MULTILINE,
)


class Shape(Enum):
    """Kinds of lines."""

    MACHINE = "machine"
    QUOTE = "quote"
    PROSE = "prose"
    LABEL = "label"
    NOTE = "note"
    COMMENT = "comment"
    CODE = "code"
    LISTING = "listing"


def shape_of(plain: str, start: int, end: int, known: bool) -> Shape:
    """Say what kind of line holds a place; `known`: a machine's own words stand there."""
    begin, stop = _line(plain, start)
    line = plain[begin:stop]
    if not known and (_LISTED.search(line) or len(_ROW.findall(_around(plain, start))) >= 3):
        return Shape.LISTING
    if _MACHINE.search(line) and not _COMMENT.match(line):
        return Shape.MACHINE
    for shape, pattern in ((Shape.COMMENT, _COMMENT), (Shape.CODE, _CODE), (Shape.NOTE, _NOTE)):
        if pattern.search(line):
            return shape
    if known:
        return Shape.MACHINE
    if _LABEL.search(line) and _ADVICE.search(plain, stop):
        return Shape.LABEL
    rest = line[: max(0, start - begin)] + line[max(0, end - begin) :]
    return Shape.QUOTE if len(rest) <= _QUOTE_LENGTH and len(re.findall(r"[^\W\d_]{2,}", rest)) <= 2 else Shape.PROSE


def _line(plain: str, at: int) -> tuple[int, int]:
    stop = plain.find("\n", at)
    return plain.rfind("\n", 0, at) + 1, stop if stop >= 0 else len(plain)


def _around(plain: str, at: int) -> str:
    """Return the line and four lines before and after it."""
    begin, stop = _line(plain, at)
    for _ in range(4):
        begin = plain.rfind("\n", 0, max(0, begin - 1)) + 1
        following = plain.find("\n", stop + 1)
        stop = following if following >= 0 else len(plain)
    return plain[begin:stop]
