"""Is the wrapping of a pasted text off, and nothing else?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.diagnosis.normalise import HEAD, TAIL, bound, normalise, squash


@pytest.mark.parametrize(
    ("raw", "flat"),
    [
        ("**502** `Bad Gateway`", "502 Bad Gateway"),
        ("> 502 Bad\n> Gateway", "502 Bad Gateway"),
        ("#> Error:\n#> ! 502 Bad Gateway", "Error: ! 502 Bad Gateway"),
        ("```text\n502 Bad Gateway\n```", "502 Bad Gateway"),
        ("\x1b[1;31m502 Bad\x1b[0m Gateway", "502 Bad Gateway"),
        ("[31m502[0m Bad Gateway", "502 Bad Gateway"),
        ("5\u200b02 Bad\u00a0Gate\u00adway", "502 Bad Gateway"),
        ("5\ufe0f\u20e30\ufe0f\u20e32\ufe0f\u20e3 again", "502 again"),
        ("５０２　Ｂａｄ　Ｇａｔｅｗａｙ", "502 Bad Gateway"),
        ("502 B\u0430d G\u0430t\u0435w\u0430y", "502 Bad Gateway"),
        ("502 Bäd", "502 Bäd"),
        ("&lt;h1&gt;502 Bad Gateway&lt;/h1&gt;", "502 Bad Gateway"),
        ("&amp;lt;b&amp;gt;502&amp;lt;/b&amp;gt;", "502"),
        ("<title>502 Bad Gateway</title><body><h1>502</h1></body>", "502 Bad Gateway 502"),
        ("<p>a</p><style>p { color: red }</style><script>let x = 502</script><!-- 404 -->b", "a b"),
        ("<!-- never closed <p>502</p>", "<!-- never closed 502"),
        ('{"error":"<h1>502 Bad Gateway<\\/h1>\\r\\n"}', '{"error":" 502 Bad Gateway "}'),
        ('{"error":"\\u0035\\u00302\\ud83d \\"x\\"\\tend"}', '{"error":"502 "x" end"}'),
        ('see C:\\nginx\\logs\\error.log and "\\n"', 'see C:\\nginx\\logs\\error.log and " "'),
        ("it’s “down” — again…", 'it\'s "down" - again...'),
        ("[shop](https://shop.example.com) fails", "shop (https://shop.example.com) fails"),
        ("<:sad:123456789012345678> <@!42> 502", "502"),
        ("ERR_CONNECTION_RESET and *1 connect()", "ERR_CONNECTION_RESET and *1 connect()"),
        ("Reason: a < b and c > d", "Reason: a < b and c > d"),
        ("", ""),
        ("必ず502。8MBが、502，3回", "必ず502. 8MBが、502, 3回"),
        ("خطای ۵۰۲, ٥٠٢, ५०२, ৫০২, ๕๐๒", "خطای 502, 502, 502, 502, 502"),
    ],
)
def test_wrapping_is_taken_off(raw: str, flat: str) -> None:
    """Each kind of wrapping disappears, and the words stay."""
    assert normalise(raw).flat == flat


def test_binary_gives_nothing() -> None:
    """What is no text is read as an empty one."""
    assert normalise("\x00\x01\x02\x7f502 Bad Gateway"[:6] * 20).flat == ""


@pytest.mark.parametrize(
    "raw",
    [
        b"\xff\xff 502 bad gateway",
        b"502 Bad Gateway \xff\xff",
        b"\xff502",
        "Ошибка шлюза 502 Bad Gateway".encode("cp1251"),
    ],
    ids=["before", "behind", "brief", "old-code-page"],
)
def test_broken_bytes_leave_a_text(raw: bytes) -> None:
    """A few bytes that are no letters, or words in an old code page, do not hide the error beside them."""
    assert "502" in normalise(raw.decode("utf-8", "replace")).flat


def test_tags_stay_in_markup() -> None:
    """Patterns that know HTML can still see the tags; a text without any is the same string."""
    page = normalise("<center><h1>502 Bad Gateway</h1></center>\n<hr><center>nginx</center>")
    assert page.markup == "<center><h1>502 Bad Gateway</h1></center> <hr><center>nginx</center>"
    assert page.flat == "502 Bad Gateway nginx"
    bare = normalise("502 Bad Gateway")
    assert bare.markup is bare.flat


def test_letters_tell_where_squashed_ones_stand() -> None:
    """Each letter and digit that squash keeps has its place in the readable text."""
    text = normalise("a 5-0-2 İstanbul!")
    assert len(text.letters) == len(squash(text.plain))
    assert "".join(text.plain[at] for at in text.letters[:4]) == "a502"


def test_overlong_text_keeps_head_and_tail() -> None:
    """Only the beginning and the end of a long text count; a text of the limit is left whole."""
    long = "h" * HEAD + "middle" + "t" * TAIL
    assert bound(long) == "h" * HEAD + "\n" + "t" * TAIL
    assert bound("x" * (HEAD + TAIL)) == "x" * (HEAD + TAIL)


def test_squash_makes_lookalikes_one() -> None:
    """Case, spaces, marks, and digits that look like letters do not matter."""
    assert squash("5O2 Bad-Gateway!") == squash("502 badgateway") == squash("S02 BAD GATEWAY")
    assert squash("502 Ошибка") == "so2ошибка"


def test_odd_lower_case_does_not_shift_parts() -> None:
    """Letters whose lower case is longer do not make the wrong part disappear."""
    assert normalise("<p>İ</p><!-- 404 -->502").flat == "İ 502"


@given(st.text(max_size=400))
def test_any_text_is_readable(raw: str) -> None:
    """No text makes it fail, and the results are free of what was to be taken off."""
    text = normalise(raw)
    assert "\u200b" not in text.plain
    assert text.flat == " ".join(text.plain.split())
