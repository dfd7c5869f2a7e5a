"""Are product codes read in every spelling?"""

from __future__ import annotations

import pytest

from bot.diagnosis.codes import Code, carried_status, codes


@pytest.mark.parametrize(
    ("text", "written", "key"),
    [
        ("error 0x80244021", "0x80244021", "80244021"),
        ("Windows Update error 80244021", "80244021", "80244021"),
        ("the scan says -2145107935", "-2145107935", "80244021"),
        ("agent result: 2149859361", "2149859361", "80244021"),
        ("80072EFE", "80072EFE", "80072efe"),
        ("searching for updates: 80010105", "80010105", "80010105"),
        ("net::ERR_CONNECTION_RESET", "ERR_CONNECTION_RESET", "err_connection_reset"),
        ("DNS_PROBE_FINISHED_NXDOMAIN", "DNS_PROBE_FINISHED_NXDOMAIN", "dns_probe_finished_nxdomain"),
        ("PR_END_OF_FILE_ERROR", "PR_END_OF_FILE_ERROR", "pr_end_of_file_error"),
        ("getaddrinfo EAI_AGAIN x", "EAI_AGAIN", "eai_again"),
        ("Code: FUNCTION_INVOCATION_TIMEOUT", "FUNCTION_INVOCATION_TIMEOUT", "function_invocation_timeout"),
        ("ROUTER_EXTERNAL_TARGET_ERROR", "ROUTER_EXTERNAL_TARGET_ERROR", "router_external_target_error"),
        ("BAD_GATEWAY Code: TOO_MANY_FILESYSTEM_CHECKS", "TOO_MANY_FILESYSTEM_CHECKS", "too_many_filesystem_checks"),
        ("bower EINVRES Request to https://example.com failed with 502", "EINVRES", "einvres"),
        ("ErrorInfo_s: `OriginTimeout`", "OriginTimeout", "origintimeout"),
        ("the balancer says LambdaInvalidResponse", "LambdaInvalidResponse", "lambdainvalidresponse"),
        ("at=error code=H12 desc", "H12", "h12"),
        ("Error R10 (Boot timeout)", "R10", "r10"),
        ("Error 1015 Ray ID: 12", "1015", "1015"),
        ("Error 54113", "54113", "54113"),
        ("Heroku shows an H14 error", "H14", "h14"),
        ("proxy[1] fra [error] [PC01] instance refused", "PC01", "pc01"),
        ("error code: 1001", "1001", "1001"),
        ('StatusCodeError: 403 - "error code: 1020"', "1020", "1020"),
        ("CloudflareError: 1020, Access Denied", "1020", "1020"),
        ("[cloudflare]: blocked this request (Code 1020 Detected)", "1020", "1020"),
        ("Argo Tunnel error, Error 1033", "1033", "1033"),
        ("WinHttpSendRequest returns 12002", "12002", "12002"),
        ("The ISA Server denied the URL. (12202)", "12202", "12202"),
        ("Handler iisnode Error Code0x8007000d", "0x8007000d", "8007000d"),
    ],
)
def test_code_is_read(text: str, written: str, key: str) -> None:
    """A code is returned as written and as the knowledge knows it."""
    assert [(code.written, code.key) for code in codes(text)] == [(written, key)]


def test_whole_spelling_of_a_code_counts() -> None:
    """Where a log writes a code with and without 0x, it is the same code, as the longer spelling has it."""
    found = codes("Windows Update: failed with hr = 80072ee2, error 0x80072ee2")
    assert {(code.written, code.key) for code in found} == {("0x80072ee2", "80072ee2")}


@pytest.mark.parametrize(
    "text",
    [
        "ticket number 80244021935",
        "we sold 80244021 of them in the whole of the last year, can you imagine",
        "AxiosError ERR_BAD_RESPONSE",
        '{"err_trace": "x", "status": 502}',
        "Error 1015 in the log of the game",
        "call 2149859361,5 or 1234567890",
        "-1234567890",
        "we had 12002 visitors and 12202 clicks",
        "WinHTTP listens on 10.0.0.1:12002",
        "the heroku app serves /v1/h12/x",
        "room H14",
    ],
)
def test_other_number_is_no_code(text: str) -> None:
    """Longer numbers, counts, other decimals and names that say nothing are left alone."""
    assert codes(text) == ()


def test_code_in_a_header_of_front_door_stands_for_no_update() -> None:
    """The same figures mean something else there: they are read, and name no entry."""
    assert codes("x-azure-externalerror: 0x80072ee2,OriginTimeout") == (Code("0x80072ee2", "", 23),)


def test_codes_keep_their_order() -> None:
    """The codes come in the order of the text, and know whether they are Windows Update's."""
    found = codes("ERR_TIMED_OUT then 0x80070057 then 0x80244022")
    assert [code.key for code in found] == ["err_timed_out", "80070057", "80244022"]
    assert [code.is_update for code in found] == [False, False, True]


@pytest.mark.parametrize(
    ("written", "status"),
    [("0x801901F7", 503), ("80190194", 404), ("-2145844745", 503), ("2149122449", 401), ("0x80190001", None)],
)
def test_downloader_code_carries_its_status(written: str, status: int | None) -> None:
    """The background downloader of Windows wraps an HTTP status in its code, in each of its spellings."""
    assert carried_status(written) == status


@pytest.mark.parametrize("written", ["0x80072EE2", "0x80244021", "ERR_TIMED_OUT", ""])
def test_other_code_carries_no_status(written: str) -> None:
    """Only the group 0x8019 is made so."""
    assert carried_status(written) is None
