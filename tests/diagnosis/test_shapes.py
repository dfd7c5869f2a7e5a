"""Are lines of machines, people, notes and code told apart?"""

from __future__ import annotations

import pytest

from bot.diagnosis.shapes import Shape, is_program, shape_of


def shape(text: str, *, known: bool = False) -> Shape:
    at = text.find("502")
    return shape_of(text, at, at + 3, known)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("502 Bad Gateway", Shape.QUOTE),
        ("the login page shows a 502 since noon", Shape.PROSE),
        ("2026/11/03 08:14:55 [error] 502", Shape.MACHINE),
        ("main | ERROR | worker said 502", Shape.MACHINE),
        ("10:21:44 | WARNING | worker 98 said 502", Shape.MACHINE),
        ("requests.exceptions.HTTPError: 502 Server Error", Shape.MACHINE),
        ("HTTP/1.1 502 Bad Gateway", Shape.MACHINE),
        ("SoapFault: Bad Gateway 502 in /srv/client.php:12", Shape.MACHINE),
        ("worker 3 gave up, SoapFault: 502 Bad Gateway", Shape.MACHINE),
        ("DioException [bad response]: the response has a status code of 502", Shape.MACHINE),
        ('Hi all,\nI get this:\n{\n"status": 502,\n"title": "x",\n"id": "y"\n}\nany idea?', Shape.QUOTE),
        ("raise HTTPError: oh, then requests.HTTPError: 502", Shape.MACHINE),
        ("except requests.HTTPError: it says 502 to me", Shape.PROSE),
        ('Response: 502\n  File "/srv/app.js", line 161, in execute', Shape.MACHINE),
        ("Answer: 502\n    at Client.get (client.js:4:2)", Shape.MACHINE),
        ("they always answer with 502\n    at noon (and at night)", Shape.PROSE),
        ("// answers 502 when the upstream is away", Shape.COMMENT),
        ("# this gives a 502 to every visitor of the page", Shape.COMMENT),
        ("return web.Response(status=502)", Shape.CODE),
        ("if resp.status == 502:", Shape.CODE),
        ("raise HTTPException(502, 'no answer')", Shape.CODE),
        ("- [x] Fix 502 after restart", Shape.NOTE),
        ("*) Bugfix: nginx returned 502", Shape.NOTE),
        ("Symptoms: the page gives 502", Shape.NOTE),
        ("- the page that I opened this morning gave me a 502 and then it worked", Shape.NOTE),
        ("- Fixed a race\nthat gave a 502 sometimes", Shape.NOTE),
        ("[500, 502, 503]", Shape.LISTING),
        ("retry on 502 and 504 only", Shape.LISTING),
        ("500: one\n502: two\n503: three", Shape.LISTING),
        ("### 502 Bad Gateway\nCheck that the service runs", Shape.LABEL),
        ("It says 502 there:\n1. open the page\n2. log in", Shape.LABEL),
        ('if contains(line, "Error: 502 when reading") { again = true }', Shape.CODE),
        ("server:\n  a: 1,\n  b: [2],\nsays 502\n  c: 3,\n}", Shape.CODE),
        ("登录之后页面一直显示502", Shape.PROSE),
    ],
)
def test_shape_of_a_line(text: str, expected: Shape) -> None:
    """Each kind of line has its marks."""
    assert shape(text) is expected


def test_known_words_make_a_machine() -> None:
    """Where a machine's own words are known to stand, people's shapes do not matter, but code and notes do."""
    assert shape("the login page shows a 502 since noon", known=True) is Shape.MACHINE
    assert shape("[500, 502, 503]", known=True) is Shape.MACHINE
    assert shape("return web.Response(status=502)", known=True) is Shape.CODE


def test_only_the_neighbourhood_of_a_long_line_counts() -> None:
    """A code line far away on the same line does not matter."""
    assert shape("the page says 502 " + "again " * 300 + "{") is Shape.PROSE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{\n"status": 502,\n"detail": "x",\n"zone": "y"\n}', False),
        ("Request failed\nRetrying in 5s (attempt 3/5)\nwaiting (again)\ngiving up (at last)", False),
        ("if (failed)\nreturn (code)\nwhile (true)\n}", True),
    ],
)
def test_what_looks_like_a_program_is_told_from_one(text: str, expected: bool) -> None:
    """Lines of JSON are printed by programs, too, and an ordinary line may end with a remark in brackets."""
    assert is_program(text) is expected


def test_same_status_twice_is_no_list() -> None:
    """A line that repeats a status lists none; one with another status does."""
    line = "Invalid response: (502, {{'code': {}, 'message': 'Server error'}})"
    shapes = [shape(text) for text in (line.format(502), line.format(503))]
    assert shapes[0] is not Shape.LISTING
    assert shapes[1] is Shape.LISTING
