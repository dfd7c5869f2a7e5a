"""What kind of line is it: written by a machine, quoted, told by a person, noted, a comment, code, or a list?"""

from __future__ import annotations

import re
from enum import Enum

from bot.diagnosis.alternatives import AnyOf
from bot.diagnosis.anchors import Present

_REACH = 600
"""How many letters of a line count, before and after the place in question."""
_LONG = 56
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,2}|[^\W\d_]{2,}")
"""A word, or two characters of a script without spaces."""


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


def _any(*patterns: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile("|".join(patterns), flags)


_MACHINE = AnyOf.of(
    # a time at the start of a line that is no heading
    r"^(?!#{1,6}\s)\W{0,4}(?:\d{4}[-/.]\d\d[-/.]\d\d[T ,]|\d{1,2}[-/.][A-Za-z]{3}[-/.]\d{4}|"
    r"\d\d:\d\d:\d\d|\d\d/\d\d/\d{4})",
    r"^\W{0,4}(?:[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d|[A-Z][a-z]{2} [A-Z][a-z]{2} \d)",
    # levels and fields of logs
    r"\[(?:error|warn(?:ing)?|crit|info|debug|notice|emerg|alert|ERROR|WARN)\b|\b(?:level|lvl)=|\| ?(?:error|warn|"
    r"info|debug|ERROR|WARN|WARNING|INFO|DEBUG) {0,4}\|",
    r"^\W{0,3}(?:ERROR|WARN(?:ING)?|FATAL|CRITICAL|INFO|DEBUG|Error|Warning|Exception|error)\b ?[:|\[]|^\[?(?:ERROR|"
    r"WARN)",
    r"(?:\b\w{1,40}=\S{1,80},? ){2}|\bHttpStatus=|^\{\"",
    r"\bcaused by: |\bException was thrown|^\s*at \S{1,200} ?\(|\bTraceback|^#\d{1,3} \S{1,200}\(\d{1,6}\): ",
    # what programs print
    r"\bcurl: \(\d|^fatal: |\berror: RPC|\bnpm (?:ERR!|error)|^[EWN]: |^Err:\d|\brpc error: code|"
    r"\bserver returned HTTP|\bURL returned error",
    r"\bstatus code does not indicate|\b[Rr]equest failed with status|\bremote server returned|"
    r"\bUnexpected (?:server )?response",
    r"\bHTTP response code: |\brequest sent, awaiting response|\bfor url: ?<?https?:|\b(?:GET|POST|PUT|PATCH|HEAD|"
    r"DELETE) https?://",
    r"\b(?:dial tcp|connect\(\) failed|recv\(\) failed|upstream (?:prematurely|timed|sent))|"
    r"\bwhile (?:connecting to|reading|SSL handshaking)",
    # protocol lines and marks of pages
    r"\bHTTP/[0-3](?:\.\d)?\"?,? [1-5]\d\d|^< |[Rr]ay I[Dd]\b|\bERR_[A-Z]{3}",
)
_FRAME = re.compile(r"\n\s*(?:File \"[^\"\n]{1,300}\", line |at (?:\S{1,200} ?\(|\S{1,200}:\d)|#0 )")
"""What is below the message of a stack trace."""
_EXCEPTION = re.compile(r"(?:Error|Exception|Fault)(?: ?\[[\w ]{1,24}\])?: ")
_ITS_NAME = re.compile(r"(?:[A-Za-z_]\w{0,40}\.){0,8}\w{0,40}")
_THROWN = ("new ", "raise ", "throw ", "except ", "catch (")
_CODE = AnyOf.of(
    r"(?:\{|;)\s*(?:(?://|#).{0,200})?$|^\s*[\])}],?;?\s*$|^\s*(?:async )?(?:def|class|function|fn|func|struct|"
    r"enum)\s+\w+\s*[(<:{]",
    r"^\s*(?:if|elif|else if|while|for|switch|catch|with|except|try|else)\b.{0,300}[:{]\s*(?:(?://|#).{0,200})?$",
    r"^\s*(?:if|for|while|switch)\b.{0,300}\)\s?\{",
    r"^\s*return\b.{0,300}[;)\]}\"']$|^\s*(?:import \w|from \w[\w.]{0,80} import)",
    r"^\s*(?:const|let|var|private|public|static|protected|final|readonly|export)\s+\w+.{0,200}[=({;]",
    r"^\s*(?:raise \w+\(|throw new|assert\b|case \d|echo [\"']|git commit|print\(|@\w+\()|^\s*(?:it|test|describe|"
    r"expect|context)\([\"'(\w]",
    r"\b(?:log|console|logger|logging|self|this|res|app|expect)\.\w{1,40}\(|\w\([^)\n]{0,60}\b(?:status|code|"
    r"return_code)\w{0,20}\s?[:=]\s?\d{3}",
    r"(?:===|!==|[=!]==?)\s*\d{3}\b|\.(?:status|send|sendStatus|json|Status)\(|\bHTTPStatus\.|\bHttpStatus\.|"
    r"\bhttp\.Status|\bXX\(\d{3}",
    r"\"(?:type|exception|shape|httpStatusCode|query)\"\s?:\s?[\[{\"\dt]|\bException\"\s?:|'\w{1,30}' => |=>\s*[{(]|"
    r"\$\w+->|<\?php|</?[A-Z]\w+",
    r"^\s*(?:\w+ )?(?:[a-z_]\w*|[A-Z]+_[A-Z_]+)(?:\.\w+){0,6}(?::\s?\w+)? ?= ?(?![=\s])[^=\n]{0,200}[\])}\"'\d]$",
    r"\{[^{}\n]{0,200}\w{1,30}\s?(?:=~?|!=)\s?\"[^{}\n]{0,200}\}|^\s*- (?:alert|expr|name|uses|run|code):|"
    r"<< ?['\"]?[A-Z]{3,}\b",
    r"\b\w{1,30}=[rbf][\"'].{0,200},\s*\w{1,30}=|^\s*[({\[]\s*[\"'].{0,200}\d{3}\s*[\])}],?\s*$",
)
_COMMENT = AnyOf.of(
    r"^\s*(?://|/\*|\*/|\*\s(?=[A-Z@a-z])|--\s|;;|\"\"\"|<!--|%\s|rem\b)", r"^\s*#\s?(?![#\s])(?=.{24,})", r"\s//\s"
)
_CHANGE = (
    r"bugfix|bug ?fix|fix(?:es|ed)?|feature|change[sd]?|added|removed|security|improve[ds]?|solved|done|merge|pr|"
    r"commit"
)
_HEAD = (
    rf"(?:{_CHANGE}|state|status|closed|note|why|result|task|issue|impact|symptoms?|cause|solution|reason|"
    rf"expected(?: result)?|actual|"
    r"failure indicators?|test|quiz|q|a|v?\d+\.\d+(?:\.\d+)?|故障|影响|原因|解决|方案|症状|"
    r"симптомы|причина|решение|проверка|рішення|"
    r"síntomas|causa|solución|ursache|lösung|problème)"
)
_NOTE = AnyOf.of(
    rf"^\s*(?:[-*+•]|\*\)|\d{{1,2}}[.)])?\s*(?:\[[xX /]\]|[✅✔☑🐛⚡✨🔧❌⚠🚨]|"
    rf"{_HEAD}\b\s*(?:\d{{1,4}})?\s*(?:\([^)]{{0,40}}\))?\s?[:：)]\s?)",
    r"^\s*\|.*\|\s*$",
    r"→.{0,12}\b5\d\d",
    flags=re.IGNORECASE,
)
_CHANGED = re.compile(rf"^\s*(?:[-*+•]|\*\))\s*(?:{_CHANGE})\b", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-*+•]|\d{1,2}[.)])\s")
_LABEL = re.compile(r"^\s*(?:#{1,6}\s|\d{1,2}[.)]\s|[-*+•]\s).{0,90}$|[:：]\s*$")
_THREE = re.compile(r"\d\d\d")
_LISTED = _any(
    r"(?<![\d.])[1-5]\d\d(?!\d)[^\n\d]{0,3}[,/|][^\n\d]{0,12}(?<![\d.])[1-5]\d\d(?!\d)",
    r"(?<!\d)[45]\d\d(?:->|→|\s?/\s?|\s?(?:and|or|und|et|и|、|和|または)\s?)[45]\d\d(?!\d)",
)
_REQUEST = re.compile(
    r"\bHTTP/[0-3](?:\.\d)?\"?,? [1-5]\d\d|"
    r"\d:\d\d(?:[.,]\d{1,6})? \| (?:ERROR|WARN|WARNING|CRITICAL) \|"
)
"""What a log says about one request or one moment: no listing, whatever is between its bars."""
_CHOICE = re.compile(r"(?:,|and|or) [a-d]\) ?\d{3}")
_ROW = _any(
    r"^\W{0,6}[1-5]\d\d\b[\"')\]]?\s?[:=,→|-].{0,80}$",
    r"^.{0,30}(?<![\w.:])[1-5]\d\d[\"']?\s?(?:[:=→|-]\s|\)|,$)",
    flags=re.MULTILINE,
)
_ITEM = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*•])\s", re.MULTILINE)
_CODED = re.compile(
    r"[{}\[\]();]\s*$|[\"'=:(){}\[\]\d].*,\s*$|^\s*[}\])]|^\s*[\w.-]{1,40}:\s?[\w\"'-]{1,40}$|"
    r"^\s*\w{1,30} ?= ?\S{1,60}$"
)
_REMARK = re.compile(r"^[ \t]{0,40}(?:#(?![#!]) ?|//|;;|/\*| \* |\"\"\"|<!--)")
_HERE = re.compile(r"<<-? ?['\"]?[A-Z]{3,}\b").search
"""A shell's own text follows."""
_LINES, _LINES_READ = 3, 40
_BRACED = re.compile(r"[{}\[\]();]\s*$|^\s*[}\])]|[\"'=:(){}\[\]\d].*,\s*$")
_ASIDE = re.compile(
    r"\w(?<!\bif)(?<!\bfor)(?<!\bwhile)(?<!\bswitch)(?<!\bcatch)(?<!\breturn)(?<!\belif) \([^()]{1,60}\)\s*$"
)
"""An ordinary line may end with a remark in brackets."""
_MEMBER = re.compile(r"^\s*\"[\w. -]{1,60}\"\s?: ")
"""A line of JSON: programs print it, too."""
_START = 4_000
_STATUS = re.compile(r"(?<!\d)[1-5]\d\d(?!\d)")
_ADVICE = _any(
    r"^\s*(?:\$ ?)?(?:sudo|docker|docker-compose|systemctl|kubectl|curl|tail|npm|nginx|journalctl|bash|cd|ls|pm2|"
    r"php|service|ps|netstat|lsof|ss)\s[\w-]",
    r"^\W{0,4}(?:check|verify|make sure|ensure|restart|increase|confirm|inspect|cause|solution|symptoms?|diagnosis|"
    r"fix|reason)",
    r"^\W{0,4}(?:проверь|проверить|убедитесь|перезапустите|попробуйте|причина|решение|рішення|проверка|симптомы|"
    r"смотрим)",
    r"^\W{0,4}(?:causa|solución|síntomas|verific|revis[ae]|reinicia|asegúrate|comprueb|vérifi|attendez|redémarre|"
    r"assurez|consultez)",
    r"^\W{0,4}(?:ursache|lösung|prüf|überprüf|stelle? sicher|sprawdź|upewnij|controlla)",
    r"^\W{0,4}(?:检查|确认|重启|查看|原因|解决|影响|確認|再起動|対処)",
    flags=re.IGNORECASE | re.MULTILINE,
)


GUARDED = tuple(each for one in (_COMMENT, _CODE, _MACHINE, _NOTE) for each in one.guarded)


def _is_machines(line: str, present: Present) -> bool:
    return _names_exception(line) or _MACHINE.search(line, present)


def _names_exception(line: str) -> bool:
    """Does it name an exception that occurred, not one that code throws? (Its end is found first, then its start.)"""
    for found in _EXCEPTION.finditer(line):
        begin = found.start()
        while begin and (line[begin - 1].isalnum() or line[begin - 1] in "_."):
            begin -= 1
        if _ITS_NAME.fullmatch(line, begin, found.start()) and not line[:begin].endswith(_THROWN):
            return True
    return False


_PRINTED = re.compile(
    r"^\W{0,4}(?:\d{1,5}[: ] ?)?(?:[A-Za-z_]\w{0,40}[.:]{1,2}){0,8}\w{0,40}"
    r"(?:Error|Exception|Fault)(?: ?\[[\w ]{1,24}\])?: |request failed with status(?: code)?:? \d|"
    r"returned error: \d{3}|responded with a status of|"
    r"handshake status \d{3}|unexpected response code: \d|response code: \d{3}|does not indicate success|"
    r"remote server returned|^\W{0,3}(?:Error in \w+\(|Invoke-\w+ ?:)|curl: \(\d",
    re.IGNORECASE,
)
"""What a program printed, even if the line ends like code."""
_OWN_WORDS = re.compile(
    r"^[ \t]{0,40}(?:[-+] |//|#)?[ \t]{0,40}(?:expect|assert|raise|throw|new|return|if|elif|else|const|let|var|it|test|"
    r"describe|case|print|console|log|logger|when|catch|except)\b|"
    r"\b(?:to(?:Be|Equal|Throw|Match)\w{0,12}|assert\w{0,16}|raise|throw)\b|;[ \t]{0,8}$"
)
"""Words of a programmer."""

_SAID = (
    (Shape.MACHINE, lambda line, _present: bool(_PRINTED.search(line)) and not _OWN_WORDS.search(line)),
    (Shape.COMMENT, _COMMENT.search),
    (Shape.CODE, _CODE.search),
    (Shape.MACHINE, _is_machines),
    (Shape.NOTE, _NOTE.search),
)


def shape_of(plain: str, start: int, end: int, known: bool, present: Present = None) -> Shape:
    """Say what kind of line holds a place; `known`: a machine's own words are there."""
    begin, stop = _line(plain, start)
    begin, stop = max(begin, start - _REACH), max(min(stop, end + _REACH), start)
    line = plain[begin:stop]
    if (
        not known
        and _THREE.search(line)
        and not _REQUEST.search(line)
        and (_is_listed(line) or _is_row(plain, line, start))
    ):
        return Shape.LISTING
    shape = next((shape for shape, says in _SAID if says(line, present)), None)
    if shape is None and _CHANGED.match(_paragraph(plain, begin)):
        shape = Shape.NOTE
    if shape or known:
        return shape or Shape.MACHINE
    return _told(plain, begin, stop, line[: start - begin] + line[max(0, end - begin) :])


def _told(plain: str, begin: int, stop: int, rest: str) -> Shape:
    """Tell the shapes of people's lines apart; `rest`: the line without the place itself."""
    line = plain[begin:stop]
    if _BULLET.match(line) and stop - begin > _LONG:
        return Shape.NOTE
    if _LABEL.search(line) and (_ADVICE.search(plain, stop) or len(_ITEM.findall(plain, stop)) >= 2):
        return Shape.LABEL
    is_brief = len(_WORD.findall(rest)) <= 2
    if is_brief and _FRAME.match(plain, stop):
        return Shape.MACHINE
    if _is_coded(plain):
        return Shape.CODE
    return Shape.QUOTE if is_brief else Shape.PROSE


def _is_coded(plain: str) -> bool:
    """Does most of the text look like code or data?"""
    lines = [line for line in plain[:_START].split("\n") if line.strip() and not _MEMBER.match(line)]
    return len(lines) >= 4 and sum(bool(_CODED.search(line)) for line in lines) >= len(lines) / 2


def is_program(plain: str, present: Present = None) -> bool:
    """Is most of the text a program's code or comments, and none of it what a machine has printed?"""
    lines = [line for line in plain[:_START].split("\n") if line.strip()][:_LINES_READ]
    if any(map(_HERE, lines)):
        return True
    lines = [line for line in lines if not _MEMBER.match(line)]
    if len(lines) < _LINES:
        return False
    remarks = [bool(_REMARK.match(line)) for line in lines]
    coded = 0 if all(remarks) else sum(_is_program_line(line, present) for line in lines)
    if max(coded, sum(remarks)) < 0.6 * len(lines):
        return False
    return not any(_is_machines(line, present) for line, remark in zip(lines, remarks, strict=True) if not remark)


def _is_program_line(line: str, present: Present) -> bool:
    return bool(_BRACED.search(line) and not _ASIDE.search(line)) or _CODE.search(line, present)


def _is_listed(line: str) -> bool:
    """Does the line list several statuses?"""
    if len(set(_THREE.findall(line))) > 1 and _LISTED.search(line):
        return True
    return ") " in line and bool(_CHOICE.search(line))


def _is_row(plain: str, line: str, at: int) -> bool:
    """Is the line one of several that list statuses?"""
    if not _ROW.search(line):
        return False
    rows = {number for row in _ROW.findall(_around(plain, at)) for number in _STATUS.findall(row)[:1]}
    return len(rows) >= 2


def _line(plain: str, at: int) -> tuple[int, int]:
    stop = plain.find("\n", at)
    return plain.rfind("\n", 0, at) + 1, stop if stop >= 0 else len(plain)


def _paragraph(plain: str, begin: int) -> str:
    """Return the start of the paragraph that a line belongs to."""
    start = plain.rfind("\n\n", 0, begin)
    return plain[start + 2 if start >= 0 else 0 :][:_LONG]


def _around(plain: str, at: int) -> str:
    """Return the line and four lines before and after it."""
    begin, stop = _line(plain, at)
    for _ in range(4):
        begin = plain.rfind("\n", 0, max(0, begin - 1)) + 1
        following = plain.find("\n", stop + 1)
        stop = following if following >= 0 else len(plain)
    return plain[begin:stop][: 8 * _REACH]
