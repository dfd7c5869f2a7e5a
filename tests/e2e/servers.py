"""Which real servers are behind the conversations? nginx, HAProxy, Apache and Squid, each with its own faults.

They run in the foreground as children of the tests, with configurations of their own in a temporary folder; no service
of the machine is touched. A program that is missing skips its tests and names the Debian package that brings it.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme

from e2e.stage import HANG_UP, SILENCE, Stage

PLACES = "/usr/local/sbin:/usr/sbin:/usr/local/bin:/usr/bin"
STARTS_WITHIN_S = 10.0


class Program:
    """A server program that runs as our child until `stop`."""

    def __init__(self, binary: str, package: str, folder: Path, arguments: list[str], at: tuple[str, int]) -> None:
        path = shutil.which(binary, path=PLACES)
        if path is None:
            pytest.skip(f"{binary} IS MISSING, so this conversation is not tested: apt-get install {package}")
        self._log = folder / f"{binary}.output"
        with self._log.open("wb") as output:
            self._process = subprocess.Popen(
                [path, *arguments], stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder
            )
        self._wait_for(at)

    def _wait_for(self, at: tuple[str, int]) -> None:
        until = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < until and self._process.poll() is None:
            with suppress(OSError), socket.create_connection(at, 1):
                return
            time.sleep(0.02)
        self.stop()
        raise AssertionError(f"{self._process.args} did not start: {self._log.read_text()}")

    def stop(self) -> None:
        """End this one process (it ends its own children)."""
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Product:
    """One running product with its sites, on an address of its own."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage = stage
        self.folder = folder
        self.ip = stage.new_address()
        self.port = self._free_port()
        self.programs: list[Program] = []

    def _free_port(self) -> int:
        """Nobody else uses our address, so a port that is free now stays free."""
        with socket.socket() as probe:
            probe.bind((self.ip, 0))
            port: int = probe.getsockname()[1]
        self.stage.ports.add(port)
        return port

    def run(self, binary: str, package: str, *arguments: str) -> None:
        """Start the program."""
        self.programs.append(Program(binary, package, self.folder, list(arguments), (self.ip, self.port)))

    def write(self, name: str, text: str) -> Path:
        """Write a configuration file."""
        path = self.folder / name
        path.write_text(text)
        return path

    def site(self, name: str) -> str:
        """Let a name lead here; return the address of its front page."""
        return f"http://{self.stage.name(name, self.ip)}:{self.port}/"

    def page(self, url: str) -> str:
        """Return the text that a person copies from the page at one of our addresses."""
        parts = urlsplit(url)
        return visible(fetch((self.ip, self.port), parts.path or "/", parts.netloc))

    def stop(self) -> None:
        """End what was started."""
        for program in self.programs:
            program.stop()


class Nginx(Product):
    """nginx in front of upstreams that are dead, slow, or fixable, and sites that work."""

    def __init__(self, stage: Stage, folder: Path, authority: trustme.CA) -> None:
        super().__init__(stage, folder)
        self.tls_port = self._free_port()
        stage.answer("slow", SILENCE)
        self.dead, self.slow, self.mended = self.site("store"), self.site("slow"), self.site("mended")
        self.fine = self.site("fine")
        self.expired = self._certified(authority, "expired", not_before=_days(-40), not_after=_days(-10))
        self.secure = self._certified(authority, "secure", not_before=_days(-1), not_after=_days(60))
        behind = f"{stage.ip}:{stage.port}"
        proxied = "".join(
            f"server {{ listen {self.ip}:{self.port}; server_name {name}.example.com; location / {{ {rules} }} }}\n"
            for name, rules in {
                "store": f"proxy_pass http://{stage.dead};",
                "slow": f"proxy_pass http://{behind}; proxy_set_header Host $host; proxy_read_timeout 200ms;",
                "mended": f"proxy_pass http://{behind}; proxy_set_header Host $host;",
                "fine": "default_type text/html; return 200 '<title>Fine</title><h1>All is well</h1>';",
            }.items()
        )
        certified = "".join(
            f"server {{ listen {self.ip}:{self.tls_port} ssl; server_name {name}.example.com; "
            f"ssl_certificate {name}.pem; ssl_certificate_key {name}.pem; return 200 fine; }}\n"
            for name in ("expired", "secure")
        )
        folders = "".join(f"{kind}_temp_path {kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        config = f"""
            daemon off; master_process off; pid nginx.pid; error_log stderr;
            events {{ worker_connections 64; }}
            http {{ access_log off; {folders}
            {proxied} {certified} }}
        """
        self.write("nginx.conf", config)
        self.run("nginx", "nginx-light", "-p", f"{folder}/", "-c", "nginx.conf", "-e", "stderr")

    def _certified(self, authority: trustme.CA, name: str, **times: object) -> str:
        host = self.stage.name(name, self.ip)
        authority.issue_cert(host, **times).private_key_and_cert_chain_pem.write_to_path(self.folder / f"{name}.pem")
        return f"https://{host}:{self.tls_port}/"


class Haproxy(Product):
    """HAProxy without any server behind it, before one in HTTP/2 alone, and for visitors with a certificate alone."""

    def __init__(self, stage: Stage, folder: Path, authority: trustme.CA) -> None:
        super().__init__(stage, folder)
        self.empty = self.site("tickets")
        modern, members = stage.name("modern", self.ip), stage.name("members", self.ip)
        modern_port, members_port = self._free_port(), self._free_port()
        self.modern, self.members = f"https://{modern}:{modern_port}/", f"https://{members}:{members_port}/"
        authority.issue_cert(modern, members).private_key_and_cert_chain_pem.write_to_path(folder / "both.pem")
        authority.cert_pem.write_to_path(folder / "authority.pem")
        config = f"""
defaults
    mode http
    timeout connect 1s
    timeout client 5s
    timeout server 1s
frontend web
    bind {self.ip}:{self.port}
    default_backend nothing
backend nothing
frontend modern
    bind {self.ip}:{modern_port} ssl crt {folder}/both.pem alpn h2 proto h2
    http-request return status 200
frontend members
    bind {self.ip}:{members_port} ssl crt {folder}/both.pem ca-file {folder}/authority.pem verify required
    http-request return status 200
"""
        self.run("haproxy", "haproxy", "-db", "-f", str(self.write("haproxy.cfg", config)))


class Apache(Product):
    """Apache as a proxy before an upstream that hangs up, and before one that refuses."""

    MODULES = Path("/usr/lib/apache2/modules")

    def __init__(self, stage: Stage, folder: Path) -> None:
        super().__init__(stage, folder)
        stage.answer("wiki", HANG_UP)
        self.hangs_up, self.refused = self.site("wiki"), self.site("forum")
        modules = ("mpm_event", "authz_core", "proxy", "proxy_http")
        loaded = "".join(f"LoadModule {name}_module {self.MODULES}/mod_{name}.so\n" for name in modules)
        hosts = "".join(
            f"<VirtualHost {self.ip}:{self.port}>\nServerName {name}.example.com\nProxyPreserveHost On\n"
            f"ProxyPass / http://{behind}/ retry=0\n</VirtualHost>\n"
            for name, behind in {"wiki": f"{stage.ip}:{stage.port}", "forum": stage.dead}.items()
        )
        config = f"""
ServerRoot {folder}
DefaultRuntimeDir {folder}
PidFile {folder}/apache.pid
ErrorLog /dev/stderr
ServerName {self.ip}
StartServers 1
{"User www-data" if os.geteuid() == 0 else ""}
{loaded}
Listen {self.ip}:{self.port}
{hosts}
"""
        self.run("apache2", "apache2", "-f", str(self.write("apache.conf", config)), "-DFOREGROUND")


class Squid(Product):
    """An office's Squid, which cannot reach a site that is well."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        super().__init__(stage, folder)
        folder.chmod(0o777)  # Squid gives up being root
        self.write("hosts", f"{stage.dead.partition(':')[0]} news.example.com\n")
        config = f"""
http_port {self.ip}:{self.port}
pid_filename none
cache_log {folder}/cache.log
access_log none
cache deny all
cache_mem 8 MB
memory_pools off
http_access allow all
hosts_file {folder}/hosts
visible_hostname proxy.office.test
dns_nameservers {stage.ip}
netdb_filename none
pinger_enable off
shutdown_lifetime 0 seconds
coredump_dir {folder}
"""
        # A name of its own: else it would share memory with a Squid of this machine, or with what one left behind.
        name = f"office{self.port}"
        self.run("squid", "squid", "-N", "-n", name, "-f", str(self.write("squid.conf", config)))

    def page(self, url: str) -> str:
        """Return the text that somebody in that office gets to see."""
        return visible(fetch((self.ip, self.port), url, urlsplit(url).netloc))


def _days(number: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=number)


def fetch(at: tuple[str, int], target: str, host: str) -> str:
    """Return the page that a server really sends, whatever its status."""
    connection = http.client.HTTPConnection(*at, timeout=5)
    try:
        connection.request("GET", target, headers={"Host": host})
        return connection.getresponse().read().decode("utf-8", "replace")
    finally:
        connection.close()


class _Visible(HTMLParser):
    UNSEEN = frozenset({"title", "style", "script"})
    INLINE = frozenset({"a", "b", "i", "em", "strong", "span", "code"})

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._unseen += tag in self.UNSEEN
        self._break_at(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in self.UNSEEN
        self._break_at(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.seen.append(data.replace("\n", " "))

    def _break_at(self, tag: str) -> None:
        if tag not in self.INLINE:
            self.seen.append("\n")


def visible(html: str) -> str:
    """Return the text of a page without its markup, a block a line."""
    parser = _Visible()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.seen).split("\n"))
    return "\n".join(line for line in lines if line)
