"""Does a conversation in a pipe survive what terminals and pipes do to it? Ends, interrupts, and hostile lines."""

from __future__ import annotations

import signal

from e2e.command import FENCE, Command
from e2e.servers import Nginx
from e2e.stage import SILENCE, Stage, raw

INTERRUPTED = 130
MEGABYTE = 1 << 20


def test_script_from_a_pipe_is_answered_in_plain_text(nginx: Nginx, command: Command) -> None:
    """Without --json a whole script runs to its end: choices by number, one line a check, no colours."""
    script = [FENCE, *nginx.page(nginx.dead).splitlines(), FENCE, "1", nginx.dead, "1", "still broken", "stop"]
    done = command.run("chat", stdin="\n".join(script).encode())
    assert (done.returncode, done.stderr) == (0, "")
    said = done.stdout
    assert "502 Bad Gateway from nginx" in said
    assert "  1 I am visiting it\n  2 It is my site" in said
    assert "✗ page: HTTP 502" in said
    assert "store.example.com is down" in said
    assert "Step 1: " in said
    assert "Step 2: " in said
    assert "Stopped." in said
    assert "\x1b" not in said


def test_end_of_input_is_a_quiet_end(command: Command) -> None:
    """The pipe ends in the middle, even inside an open fence: what was pasted is still read, and nothing is amiss."""
    done = command.run("chat", "--json", stdin=f"{FENCE}\n502 Bad Gateway\nnginx".encode())
    assert (done.returncode, done.stderr) == (0, "")
    assert '"reply": "recognised"' in done.stdout


def test_interrupt_during_a_check_is_one_sentence(stage: Stage, command: Command) -> None:
    """Ctrl-C while a site keeps the bot waiting ends everything at once, without a traceback."""
    url = stage.site("waiting", SILENCE)
    with command.chat() as talk:
        talk.send(url)
        assert [talk.hear()["reply"] for _ in range(2)] == ["link-only", "checking"]
        stage.wait_for_request("waiting")
        talk.process.send_signal(signal.SIGINT)
        code, error = talk.over()
    assert (code, error.strip()) == (INTERRUPTED, "Stopped.")


def test_interrupt_at_the_prompt_is_one_sentence(command: Command) -> None:
    """Ctrl-C while the bot waits for a line ends the same way."""
    with command.chat() as talk:
        talk.process.send_signal(signal.SIGINT)
        code, error = talk.over()
    assert (code, error.strip()) == (INTERRUPTED, "Stopped.")


def test_hostile_lines_are_answered(stage: Stage, command: Command) -> None:
    """Empty, binary, huge and senseless lines never end the conversation; the open question is asked again."""
    with command.chat() as talk:
        for line in (b"", b"\x00\xff\xfe\x80", "\x1b[2J\x1b]0;owned\x07 hello", "x" * MEGABYTE, FENCE + "\n" + FENCE):
            talk.say(line)
            assert talk.keys[-1] in ("restarted", "not-recognised"), line[:20]
            assert "\x1b" not in talk.text

        talk.paste("502 Bad Gateway", "nginx", *["<b>\x00" + "y" * 2000] * 200)
        assert talk.keys == ["recognised", "ask-role"]
        for line in ("99", "still-broken", "back"):
            talk.say(line)
            assert talk.keys[-1] == "ask-role", line
        talk.say("just visiting")
        assert talk.keys == ["ask-address"]

        talk.say("http://192.168.0.1/admin")
        assert talk.keys == ["checking", "address-refused", "ask-address"]
        assert "private" in talk.text
        talk.say("what?")
        assert talk.keys == ["address-not-read", "ask-address"]

        talk.say(stage.site("title", raw("200 OK", "<title>\x1b[31m@everyone [x](http://evil.test)</title>")))
        assert talk.keys == ["checking", "verdict"]
        assert "\x1b" not in talk.text
        assert "evil.test" not in talk.text
        talk.say("stop")
        assert talk.keys == ["ended"]
        assert talk.over() == (0, "")
