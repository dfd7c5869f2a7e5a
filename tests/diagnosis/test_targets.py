"""Is the address that failed found, and no other one?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.diagnosis.targets import beside_addresses, find_target, from_input


def host(text: str, error: str = "502", *, loose: bool = True, told: tuple[str, ...] = ()) -> str | None:
    """Find the host of a text whose error is where `error` is."""
    at = text.find(error)
    found = find_target(text, [at] if at >= 0 else [], loose=loose, told=told)
    return found.host if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # said to fail, whatever stands before it
        ("o frontend abre, o backend https://admin.example.org/ dá Error 502", "admin.example.org"),
        ("the site behind https://shop.example.org keeps returning 502", "shop.example.org"),
        ("via https://proxy.example.org: 502", None),
        # the front page of a place where people gather
        ("http://forum.example.org/ leads to an error page:\n\n502 Bad Gateway", "forum.example.org"),
        ("when I enter any page\nhttps://blog.example.org/, and so on\n\nthis appears:\n502", "blog.example.org"),
        ("I read https://docs.example.org/ first\n\n502", None),
        ("启动接口，报502错误。\n\nip地址是：203.0.113.7\n防火墙已经关闭了", "203.0.113.7"),
        ("报502错误。地址是:203.0.113.7", "203.0.113.7"),
        # a name whose end only looks Latin is not the one before it
        ("502 An error occurred during a connection to shop.example.\u0441\u043em.", None),
        # a page of one's own machine, where there is no other; with a tunnel it is what stands behind it
        ("I set up IIS: http://localhost/shop, and see\n\nHTTP Error 502.3 - Bad Gateway", "localhost"),
        ("ngrok says 502, my app is at http://localhost/shop", None),
        # where a page was found, and whose name the configuration gives: where there is no other address
        ("502 Bad Gateway\n\nsource: https://news.example.org/a?id=5", "news.example.org"),
        ("502 for https://shop.example.com/\nsource: https://docs.example.org/5xx", "shop.example.com"),
        ("502 Bad Gateway\nserver {\nlisten 80;\nserver_name boats.example.com;\n}", "boats.example.com"),
        ("tv.example.com.au does not work" + "\n[tv] loading" * 20 + "\nHTTP Error 502", "tv.example.com.au"),
        # one's own machine, where the browser or the program says so itself
        ("Unable to load the page: net::ERR_CONNECTION_RESET https://localhost:8443/login 502", "localhost"),
        ('http://127.0.0.1:8000/chat "HTTP/1.1 502 Bad Gateway"', "127.0.0.1"),
        ("the page is on a port of its own, the full url being 192.0.2.7:8080, and gives 502", "192.0.2.7"),
        # a request as a program writes its own
        ("502\n_header: 'POST /v1/chat HTTP/1.1\\r\\n' +\n  'Host: api.example.org\\r\\n'", "api.example.org"),
        ("beim Aufruf von bahnhof.expert erscheint Error 502", "bahnhof.expert"),
        ('502\n│ later: Get\n│ "https://objects.githubusercontent.com/x":\n│ EOF', "objects.githubusercontent.com"),
        ("https://shop.example.com/cart says 502", "shop.example.com"),
        ("xdaforums.com gives 502", "xdaforums.com"),
        ("502 on hxxps://shop[.]example[.]com", "shop.example.com"),
        ('502 upstream: "http://10.0.0.5:3000/", host: "shop.example.com"', "shop.example.com"),
        ('502 upstream: "http://10.0.0.5:3000/"', None),
        ("curl -x http://proxy.example:3128 https://api.example.com/v1\n502", "api.example.com"),
        ("502 for url 'https://api.example.com/v1'\nSee https://docs.example.org/errors", "api.example.com"),
        ("502\nmore information: https://learn.microsoft.com/x", None),
        ("502\n\nhttps://forum.example.com/t/12", None),
        ("https://forum.example.com gives 502", "forum.example.com"),
        ("502\n\nhttps://shop.example.com/", "shop.example.com"),
        ("502 in main.py, version 1.2.3, built with fly.io", None),
        ("502, my app listens on http://localhost:3000", None),
        ("GET http://localhost:3000/ 502", "localhost"),
        ('502 for this answer: {"Location": "https://blog.example.org/"}', None),
        ('a model of ours, always 502: api_base="http://localhost:11434"', "localhost"),
        ("部署后 502\n打开地址：http://localhost/admin", "localhost"),
        ("502\n打开地址：http://localhost/admin\n参考链接：https://docs.example.org/guides/x", "localhost"),
        ("502\n参考链接：https://docs.example.org/guides/x", None),
        ("502 is all that curling http://localhost/ gives", "localhost"),
        ("Pulling boats (registry.example.com/boats:beta)...\n502", "registry.example.com"),
        ("|app/web|Microsoft.Web/sites/sourcecontrols|502|", None),
        ("since the library https://pypi.org/project/x-storage/ is new:\n\n502 Bad Gateway", None),
        ("golang.org/x/net: sporadic 502", None),
        ("> status <- check.connection.test()\nHTTP error 502", None),
        ("Proxy Error, 502\nReason: DNS lookup failure for: backend7.example.com", None),
        ("Bad Gateway, 502\n\nthis comes when I access to http://localhost:51051", "localhost"),
        ("it is a 502 aka H13. https://devcenter.heroku.com/articles/error-codes", None),
        ("the metric (https://console.aws.amazon.com/cloudwatch/home) counts 502", None),
        ("502 as in this blog post (https://blog.example.com/502)", None),
        ("502\n+ provider registry.terraform.io/a/b v4.18.0", None),
        ("502 when I open api.shop.example.test (proxy / node:9874)", "api.shop.example.test"),
        (
            "10:41:58 AM: Url is https://discordapp.com/api/webhooks/x\n10:42:03 AM: answer: 502 Bad Gateway",
            "discordapp.com",
        ),
        ("502, as mentioned in https://shop.example.com/help/502", None),
        ("it gives 502, see [this](https://github.com/a/b/tree/main/c)", None),
        ("the [form](https://github.com/a/b/tree/main/c) example gives a 502", None),
        ("loadbalancing.googleapis.com/https/backend_request_count counts 502", None),
        ("shop.example.com/api/v2/cart:1 Failed to load resource: status of 502 ()", "shop.example.com"),
        ("https://a.example.com loads and serves the page, but https://b.example.com - gives 502", "b.example.com"),
        ("For documentation visit:\n https://rates.example.com/#docs\nHTTP error 502.", None),
        ("app.js:12 OPTIONS http://localhost:8000/rooms net::ERR_CONNECTION_REFUSED", "localhost"),
        ("trying to reach localhost:5000/tasks all the time, always this 502", "localhost"),
        ("502 on the server, it runs fine on localhost:5000", None),
        ("502, while the same worked on http://localhost:5000", None),
        ("first https://a.example, then https://b.example: both 502", "a.example"),
        ("502 bad gateway\nwww.example.com", "www.example.com"),
        ("shop.example.com is in the text" + " and so on" * 40 + "\n\n502", None),
        ("mail me at bob@example.com about the 502", None),
        ("502 https://example.com/search?q=cache:https://other.example/", "example.com"),
        ("502 at http://x.example:99999/", None),
        ("connect to module.py failed 502", None),
        ("ERROR __init__.py:158 answered 502", None),
        ("curl 203.0.113.9\n502 Bad Gateway", "203.0.113.9"),
        ("curl -s -k https://api.example.com/x\n502", "api.example.com"),
        ("request to https://api.example.com/x failed, reason: connect ETIMEDOUT 203.0.113.9:443", "api.example.com"),
        ("Opened the IP address 192.168.24.1 and it shows 502", "192.168.24.1"),
        ("La página 192.168.1.50:8096 ha rechazado la conexión", "192.168.1.50"),
        ("打开127.0.0.1就502", "127.0.0.1"),
        ("the call to localhost/api/cities fails with 502", "localhost"),
        ("then the browser on https://127.0.0.1:8080 -> 502", "127.0.0.1"),
        ('I go to "https://localhost" and get a 502', "localhost"),
        ("the part at http://localhost/login returns Bad Gateway, 502", "localhost"),
        ("502\n[GET] at [http://localhost:8080/gui/]", "localhost"),
        ("nothing but 502. It happens when POSTing to https://docs.example.org/docs/new", "docs.example.org"),
        ("The shop (https://www.cloudflare.com) was down:\n- HTTP code: 502", "www.cloudflare.com"),
        ("嗯… 无法访问此页面\n192.168.1.37 拒绝连接。", "192.168.1.37"),
        ("shop.example.com hat die Verbindung abgelehnt.", "shop.example.com"),
        ("Access denied | shop.example.com used Cloudflare to restrict access", "shop.example.com"),
        ("https://api.xxxx.com/v1 says 502", "api.xxxx.com"),
        ("Uploading pantry-tools-1.4.2.tar.gz\nHTTP Error 502", None),
        ("Connecting to localhost (localhost)|127.0.0.1|:80... connected.\n502 Bad Gateway", "localhost"),
        ("(10.0.0.8:1234/v1),get 502 every time", "10.0.0.8"),
        ("502 originService=https://10.0.0.8:8443 dest=https://shop.example.com/", "shop.example.com"),
        ("DEBUG: POST 502 http://localhost:9000/api/submit", "localhost"),
        ("base_url='http://localhost:8080/v1/'\n\nthe client raises 502", "localhost"),
        ("502 reading manifest 3.1 in registry.example.com/team/app: no", "registry.example.com"),
        ("status code 502\nhttps://wiki.example.org/", "wiki.example.org"),
        ("status code 502\nhttps://wiki.example.org/errors/why", None),
        ("502 here while curl http://10.0.0.8:54489/health répond.", None),
        ("https://gate.example.com/api?q= отвечает: 504", "gate.example.com"),
        ("https://a.example is hit by 502, https://b.example is ok", "a.example"),
        ("http://shop.example/index.json\n\ncan't be reached: connect ECONNREFUSED 203.0.113.8:80", "shop.example"),
        ("502 (gate.example.cfd:443)", "gate.example.cfd"),
        ("502 in balancer.kts:99", None),
        ("The push refers to a repository [10.0.10.8/library/tool]\n502", "10.0.10.8"),
        ("Error: initializing source docker://registry.example.com/team/app:1: 502", "registry.example.com"),
        ("no matter if via https://tools.example.org/x: 502", "tools.example.org"),
        ("502 via https://proxy.example.org/", None),
        ("the app under localhost/shop says 502", "localhost"),
        ("Download failed: https://github.com/example/tool/releases/x.gz\n502", "github.com"),
        ("mirror update over our http_proxy (10.0.0.8:8080): 502", None),
        ("访问https://shop.example.com/打不开，就是502", "shop.example.com"),
        ("Depuis hier d'hier intranet.example.fr renvoie une 502", "intranet.example.fr"),
        (
            'Error { kind: Status(502), url: Url { host: Some(Domain("index.example.rs")), port: None } }',
            "index.example.rs",
        ),
        ("There was a problem sending login to: https://app.example.com/Login\ngot 502", "app.example.com"),
        ("会社から https://docs.example.jp を開くと\n502 Bad Gateway", "docs.example.jp"),
        ("502 since http://localhost:3000 shows the page", None),
        ("pi@home:~ $ wget localhost\n502 Bad Gateway", "localhost"),
        ('curl -H "host: shop" 127.0.0.1:8080\n502 Bad Gateway', "127.0.0.1"),
        ("type : https://errors.example.org/502.html\nstatus : 502", None),
        ("HTTP error code: 502\nPlease report this on the support site at https://support.example.org/", None),
        ("status was: 502 Bad Gateway at fetch.pl line 12.", None),
        ("по https://n8n.example.org/ выдаёт 502, а curl localhost:5678 отвечает.", "n8n.example.org"),
        ("502 since 10.0.0.5 and version 1.2.3.4 are in use", None),
        ('10.0.0.5 - - [12/Apr/2024:12:00:33] "GET / HTTP/1.1" 502 9', None),
        ("502 Bad Gateway\nYour IP address: 203.0.113.6", None),
        ("ERR_NGROK_8012 the agent failed to reach the upstream web service at localhost:8080", None),
        ("ERROR: HTTP Error 502; please report this issue on https://yt.example/bug", None),
        ("$ youtube-dl http://www.youtube.com/watch?v=x\n502", "www.youtube.com"),
        ("Impossible de traiter cette demande via agenda.example.fr à l'heure actuelle. 502", "agenda.example.fr"),
        ("502 at it.notes.sync.run(NotesServerSyncTask.java:12)", None),
        ("https://a.example works, https://b.example gives 502", "b.example"),
        ("https://a.example works not at all: 502", "a.example"),
        ("502 behind the proxy, http://web.example:80 can be reached directly", None),
        ("http://10.0.0.5 → 200, and through nginx 502", None),
        ("直接访问 https://a.example 正常，走代理就502", None),
        (
            "[HPM] Error occurred while trying to proxy request /api/v1 from localhost:4010 to http://10.0.0.7:3000",
            "localhost",
        ),
        ("$ curl -sS -o client.p12 https://certs.example.com/client.p12\ncurl: (60) 502", "certs.example.com"),
        ("502 in Teapot.Kettle.Task.run/2", None),
        ("Collectresults.Run failed with 502", None),
        ("the shop is not reachable at https://shop.example.com/x since noon: 502", "shop.example.com"),
        ("it isn't available at https://shop.example.com/x: 502", "shop.example.com"),
        ("our shop responds at https://shop.example.com only with 502", "shop.example.com"),
        ("error log https://shop.example.com/admin 502", "shop.example.com"),
        ("status.example.com itself is down: 502", "status.example.com"),
        ("502 found on https://shop.example.com/x", "shop.example.com"),
        ("Www.Shop.example.com says 502", "www.shop.example.com"),
        ("Shop.Teapot.com says 502", "shop.teapot.com"),
        ("502 on each link, it seems to have happened before: https://git.example.com/tool/issues/51", None),
        ("opening https://git.example.com/tool/issues/51 gives 502", "git.example.com"),
        ("502 Bad Gateway\n\nwiki.example.jp がこれになるんですけど", "wiki.example.jp"),
        ("502 for shop.example.com only, blog.example.com is fine", "shop.example.com"),
        ("502 on shop.example.com, the backend itself answers on http://10.0.0.5:8080/health", "shop.example.com"),
        ("the editor gives 502, https://status.example.com is all green", None),
        ("the editor gives 502 https://status.example.com knows nothing of it", None),
        ("https://status.example.com gives 502", "status.example.com"),
        ("502 on shop.example.com. Logs: https://paste.example.net/raw/x", "shop.example.com"),
        ("502 bad gateway, runbook https://wiki.example.org/x , I'm on it", None),
        ("A stream that works is http://a.example/x\nbut http://b.example/x is 502", "b.example"),
        ("it loads http://a.example/x: 502. http://b.example/y from another address loads.", "a.example"),
        ("Redirected to: login.example.gov/acs\nBad Gateway 502", "login.example.gov"),
        (
            "https://a.example/slides.pdf\ngets\n502 Bad Gateway\nThe link is found in the wiki, https://b.example/w",
            "a.example",
        ),
        (
            "what comes back is a 502 response:\n\nhttps://cdn.example.net/a.png\n\non https://blog.example.org/how-to",
            "cdn.example.net",
        ),
        ("error pinging docker registry 10.0.0.9:5000: invalid status code 502", "10.0.0.9"),
        ("Host shop.example.com not found: 3(NXDOMAIN)", "shop.example.com"),
        ("** server can't find shop.example.com: SERVFAIL", "shop.example.com"),
        (" 3  19 ms  18 ms  18 ms  core1.example.net [203.0.113.5]\n502", None),
        ("[type] => https://errors.example.org/502.html\n[status] => 502", None),
        ("502 Bad Gateway\n\nhttps://github.com/example/tool/pull/7 looked like a mend", None),
        ("my picture (https://img.example.net/a.gif) broke it all: 502\n\nhttp://club.example/", "club.example"),
        ("fetch failed https://pkg.example.com/a.tgz\nError: 502 Bad Gateway", "pkg.example.com"),
        ('{"OriginStatus":502,"RequestHost":"shop.example.com","ServiceURL":"http://10.0.0.5:80"}', "shop.example.com"),
        ('"GET / HTTP/2.0" 502 11 "-" "-" 4 "shop@docker" "http://10.0.0.6:3000" 1ms', None),
        ("AH00957: HTTP: attempt to connect to 10.0.0.5:8000 (10.0.0.5) failed, 502", None),
        ('{"type":"https://errors.example.com/502.html","status":502}', None),
        ("shop.example.com이 502 에러", "shop.example.com"),
        ("這個網頁無法正常運作\nshop.example.com 目前無法處理這項要求。\nHTTP ERROR 502", "shop.example.com"),
        ("shop.example.com kann diese Anfrage momentan nicht verarbeiten. HTTP ERROR 502", "shop.example.com"),
        ("Retrying for source 'https://nuget.example.com/v3/index.json'.\n502 (Bad Gateway)", "nuget.example.com"),
        (
            "ERROR: HTTP error 502 while getting https://files.example/a.whl (from https://index.example/a/)",
            "files.example",
        ),
        ("Unable to find image 'registry.example.com/shop/web:1' locally\nunexpected: 502", "registry.example.com"),
        ("502\nvia: 1.1 d1.cdn.example (CDN)", None),
        ("HTTP 502\n\tat onResponse(CallAdapter.kt:104)", None),
        ("dns: lookup failed for fonts.example.com: deadline, 502", "fonts.example.com"),
        ("I access the console on http://localhost:3000 and get 502", "localhost"),
        ("With a client against http://127.0.0.1:8000/health I get 502", "127.0.0.1"),
        ("Uploading to my-repo: http://repo.example.com/a.jar\nstatus code: 502", "repo.example.com"),
        ("curl --proxy localhost:5566 http://www.example.com -I\nHTTP/1.0 502", "www.example.com"),
        ("URL: | http://wiki.example.com/x\n502", "wiki.example.com"),
        ("ProxyPass /shop http://10.0.0.5:80 max=20\nit answers 502", None),
        ("nginx.ingress.kubernetes.io/rewrite-target: / gives 502", None),
        ('ghcr.example.com/me/shop:latest "/start.sh" Up 2 hours, 502', None),
        ("fatal: [web1.example.com]: FAILED! status 502", None),
        ('<error xmlns:s="http://dav.example.org/ns"> 502', None),
        ("HTTP 502\nServer: edge1.example.com\nDate: x", None),
        ("HTTPS handshake to api.example.com (for #6) failed, 502", "api.example.com"),
        ("our Hass.io add-on shows 502", None),
        ("Error: 502\n    at ClientRequest._req.on (/srv/node_modules/ws/lib/WebSocket.js:650:26)", None),
        ("502, get help with this error (https://vendor.example/errors/x)", None),
        ("both end in 502:\nhttps://m.example/https://github.com/a/b/releases/latest/download/x.dat", "m.example"),
        ("wget says 502\n\nhttps://github.com/a/b/releases/download/v1/x.zip\n", "github.com"),
        ("502\n\nhttps://github.com/a/b/releases/tag/v1\n", None),
        ("this url doesn't work for me: https://www.youtube.com/watch?v=a\n\nHTTP 502", "www.youtube.com"),
        ("502 gateway timeout. The fork at https://b.example/ is doing ok", None),
        ("is clinic.sh down? I get 502", "clinic.sh"),
        ("is it down? 502, app.py is fine", None),
        ("heroku[router]: at=info code=H82 method=GET host=shop.example.com status=503", "shop.example.com"),
        ("502\n> CLI 20 (https://vendor.example/feedback)\nError!", None),
        ("GEThttps://shop.example.com/x\n[HTTP/1.1 502 Bad Gateway 9ms]", "shop.example.com"),
        (
            "3api.example.com/x Failed to load resource: status of 502\napi.example.com/x Failed to load: 502",
            "api.example.com",
        ),
        ("3d.example.com/x Failed to load resource: status of 502", "3d.example.com"),
        ("#0 client.php(9): SoapClient->__doRequest('<?xml...', 'https://adwords...') 502", None),
        ("opening https://shop.example.com... gives 502", "shop.example.com"),
        ("répond 502 Bad Gateway :\n\nhttps://a.tiles.example.com/12/2053.png", "a.tiles.example.com"),
        ("always 502 when I use reqwest to ask http://127.0.0.1:8000/health", "127.0.0.1"),
        ("wscat -c ws://localhost:7999/live\nerror: Unexpected server response: 502", "localhost"),
        ("curl --data-binary @$source https://shop.example.com/deploy\n502", "shop.example.com"),
        ('[x] - 502 502 - GET https shop.example.com "/web/" [Client 203.0.113.9]', "shop.example.com"),
        ("HttpRequestException: 连接尝试失败。 (shop.example.com:443)\n502", "shop.example.com"),
        ("203.0.113.9 can't currently handle this request.\nHTTP ERROR 502", "203.0.113.9"),
        ("Error 502\nlocalhost\nApache/2.4.54 (Win64)", "localhost"),
        ("<title>502</title>\n(view-source:https://shop.example.com/ , cut)", "shop.example.com"),
        ("HTTP/1.1 502 Bad Gateway\nSet-Cookie: a=b;Path=/;Domain=shop.example.com", "shop.example.com"),
        ("HTTP/2 502\ncontent-security-policy: default-src 'self' https://cdn.example.com 'unsafe-inline'", None),
        ("shop.example.com down? trouble publishing, 502 Bad Gateway", "shop.example.com"),
        ("my upstream goes down? 502", None),
        ("Connecting to shop.example.com (203.0.113.9:443)\nwget: TLS error from peer\n502", "shop.example.com"),
        ("502 Bad Gateway nginx\nLink: https://shop.example.com/cart", "shop.example.com"),
        ("I keep getting 502 bad gateway\nLink: <https://shop.example.com/>", "shop.example.com"),
        ("Destination: shop.example.com\nError 502 Bad Gateway", "shop.example.com"),
        ("my destination https://shop.example.com/cart gives 502", "shop.example.com"),
        ("nginx.service is down\n502 Bad Gateway nginx", None),
        ("main.rs is down, 502", None),
        ("https://shop.example.com/a\nHTTP/2 502\nset-cookie: a=b; domain=.example.com; HttpOnly", "shop.example.com"),
        ("HTTP/2 502\nlink: <https://cdn.example.com/a.css>; rel=preload", None),
        ('HTTP/2 502\nreport-to: {"endpoints":[{"url":"https://nel.example.com/x"}]}', None),
        ('502 from the rewrite { "destination": "https://old.example.com/api" }', None),
        ("502", None),
    ],
)
def test_failed_address_is_found(text: str, expected: str | None) -> None:
    """The role of an address decides; reading matter, upstreams, files and one's own machine are left out."""
    assert host(text) == expected


FIREFOX = (
    "Es konnte keine Verbindung zum Server unter nas.example.org:8080 hergestellt werden.",
    "Firefox ne peut établir de connexion avec le serveur à l'adresse nas.example.org:8080.",
    "Firefox no puede establecer una conexión con el servidor en nas.example.org:8080.",
    "O Firefox não conseguiu estabelecer uma conexão com o servidor nas.example.org:8080.",
    "Firefox non può stabilire una connessione con il server nas.example.org:8080.",
    "Firefox kan geen verbinding maken met de server op nas.example.org:8080.",
    "Firefox nie może nawiązać połączenia z serwerem nas.example.org:8080.",
    "Firefox не может установить соединение с сервером nas.example.org:8080.",
    "Firefox, nas.example.org:8080 sunucusuna bağlantı kuramıyor.",
    "Firefox 无法建立到 nas.example.org:8080 服务器的连接。",
    "nas.example.org:8080 のサーバーへの接続を確立できませんでした。",
    "Firefox가 nas.example.org:8080에 있는 서버와 연결할 수 없습니다.",
    "位于 nas.example.org:8080 的服务器响应时间过长。",
    "无法访问此网站nas.example.org:8080 拒绝了我们的连接请求。",
)


@pytest.mark.parametrize("page", FIREFOX)
def test_browsers_page_names_its_host_in_every_language(page: str) -> None:
    """What a browser says in the reader's own language names the host that it did not reach."""
    found = find_target(page, [], loose=True)
    assert found is not None
    assert (found.host, found.url) == ("nas.example.org", "https://nas.example.org:8080")


def test_bare_names_count_only_beside_an_error() -> None:
    """Without a known error only full addresses are taken."""
    assert host("shop.example.com 502", loose=False) is None
    assert host("https://shop.example.com/ please", "nothing", loose=False) == "shop.example.com"


def test_wording_names_the_address() -> None:
    """What the error's own wording gives as the address wins over other addresses."""
    assert host("https://a.example/ 502", told=("shop.example.com.", "not an address")) == "shop.example.com"


def test_address_is_clean() -> None:
    """User information and secret query values never leave the text."""
    found = find_target("502 at https://u:p@shop.example.com/a?token=abcd1234", [0], loose=True)
    assert found is not None
    assert found.url == "https://shop.example.com/a?token=<token>"


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("shop.example.com", "https://shop.example.com"),
        (" <https://shop.example.com/login> ", "https://shop.example.com/login"),
        ("shop[.]example[.]com/login", "https://shop.example.com/login"),
        ("it is shop.example.com, I think", "https://shop.example.com"),
        ("try http://999.9.9.9/ or http://shop.example.com:8080/x", "http://shop.example.com:8080/x"),
        ("[link](https://shop.example.com)", "https://shop.example.com"),
        ("no idea", None),
        ("", None),
    ],
)
def test_answer_is_read(given: str, url: str | None) -> None:
    """People give an address bare, in brackets, defanged or inside a sentence."""
    found = from_input(given)
    assert (found.url if found else None) == url


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("https://a.example/502 https://b.example/", []),
        ("look: https://a.example/502", ["look:"]),
        ("502 Bad Gateway", None),
        ("https://a.example/ " * 1_000, None),
        ("", None),
    ],
    ids=["addresses", "remark", "no address", "long", "empty"],
)
def test_words_beside_addresses_are_told(text: str, beside: list[str] | None) -> None:
    """What is said beside addresses is nothing, some words, or the whole of a text that holds no address."""
    assert beside_addresses(text) == beside


@given(st.text(max_size=300), st.lists(st.integers(0, 300), max_size=5))
def test_any_text_is_searched(text: str, places: list[int]) -> None:
    """No text makes it fail, and a found address is absolute."""
    found = find_target(text, places, loose=True)
    assert found is None or "://" in found.url
    answer = from_input(text)
    assert answer is None or "://" in answer.url
