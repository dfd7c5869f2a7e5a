"""By which words does a text tell which of its addresses failed?

`ROLES` name the failed host themselves; the other patterns judge an address by what is before it or in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.diagnosis.addresses import HOST
from bot.diagnosis.alternatives import AnyOf
from bot.diagnosis.anchors import Guarded, Shelf


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


def _role(*patterns: str) -> Guarded:
    return Guarded("|".join(patterns))


def _before(*patterns: str) -> AnyOf:
    """These must come directly before the address."""
    return AnyOf.of(*(rf"(?:{pattern})\Z" for pattern in patterns), flags=re.IGNORECASE)


_ALONE = rf"(?<![./@-])(?<![^\W\u2e80-\uffef]){HOST}"
"""Scripts without spaces may come right before it: 无法访问此网站localhost."""

_SAYS = (
    r"(?:'s server ip address|'s DNS address| "
    r"(?:took too long to respond|refused to connect|"
    r"(?:is currently unable to|can'?t currently) handle|didn'?t send any data|redirected you too many|"
    r"unexpectedly closed|"
    r"normally uses encryption|uses an unsupported|sent an invalid|sent back an error|didn'?t accept|"
    r"is (?:currently )?unreachable|is taking too long|page can'?t be found|used cloudflare to restrict access))"
)
_CANNOT = (
    r"\s?(?:kann diese anfrage|ne parvient pas à traiter|ne peut pas traiter|no puede procesar esta|"
    r"não (?:consegue|pode) processar est[ae]|non (?:è (?:al momento )?in grado|riesce) |"
    r"kan (?:dit verzoek|deze aanvraag)|"
    r"nie może (?:teraz|obecnie) obsłużyć|(?:сейчас |в данный момент )?не может обработать|şu anda bu isteği|"
    r"目前无法处理|目前無法處理|当前无法处理|當前無法處理|では現在このリクエスト|에서 현재 이 요청을|"
    # refused
    r"hat die verbindung (?:abgelehnt|verweigert)|n['’]autorise pas la connexion|a refusé (?:la|de se) conne|"
    r"(?:ha rechazado|rechazó) la conexión|recusou (?:a|estabelecer) (?:conexão|ligação)|"
    r"ha (?:negato|rifiutato) la connessione|"
    r"heeft de verbinding geweigerd|odrzuciła? połączenie|не позволяет установить соединение|bağlanmayı reddetti|"
    r"拒绝连接|拒绝了我们的连接|拒絕連線|で接続が拒否|에서 연결을 거부|"
    # silent
    r"hat zu lange gebraucht|hat keine daten gesendet|a mis trop de temps à répondre|n['’]a envoyé aucune donnée|"
    r"(?:ha tardado|tardó) demasiado|demorou (?:muito|demasiado)|ha impiegato troppo tempo|reageert niet|"
    r"的响应时间过长|响应时间太长|未发送任何数据|花了太長的時間|未傳送任何資料|からの応答時間が|からデータが送信|"
    r"에서 응답하는 데 시간이|에서 전송한 데이터가|意外终止了连接|意外地?關閉了?連線|将您重定向的次数过多|"
    # Firefox
    r"(?:braucht zu lange, um|met trop de temps à|está (?:tardando demasiado|demorando muito)|sta impiegando troppo|"
    r"doet er te lang over|zbyt długo nie odpowiada|sunucu(?:suyla|suna) bağlantı kuramıyor|"
    r"のサーバーへの接続を確立でき|からの応答が時間切れ|服务器的连接|的服务器响应时间|的伺服器建立|에 있는 서버|"
    r"서버에 연결할 수 없))"
)
"""What browsers' own pages say after the host, in other languages ("is currently unable to handle this request")."""
_SAID = re.compile(_SAYS, re.IGNORECASE)
_SENTENCE = _role(_ALONE + _SAYS)
_LONGEST = 600
"""The most letters that a host has."""

ROLES: tuple[tuple[int, Guarded], ...] = (
    # Cloudflare's pages: the link to its help, the diagram, the title
    (95, _role(rf"\butm_campaign={HOST}")),
    (85, _role(rf"\bcloudflare\s+(?:working|error)\s+{HOST}\s+host\s+(?:working|error)\b")),
    (85, _role(rf"{HOST} \| 5\d\d:")),
    (85, _role(rf"\bwebsite \({HOST}\)")),
    (84, _role(_ALONE + _CANNOT)),
    (84, _role(rf"\bcette demande via {HOST}")),
    # fields of logs, traces and requests
    (90, _role(rf"(?<!\w)host[\"']?(?:: ?|=)[\"']{HOST}[\"']")),
    (90, _role(rf"\bat=(?:error|info|warning)\b.{{0,300}}?\bhost={HOST}")),
    (88, _role(rf"ConnectionPool\(host=[\"']{HOST}[\"']")),
    (92, _role(rf"\"RequestHost\": ?\"{HOST}\"")),
    (90, _role(rf"\b(?:GET|HEAD|POST|PUT|PATCH|DELETE) https? {HOST} \"/")),
    (78, _role(rf"\bHttpRequestException: [^\n]{{1,300}}? \({HOST}(?=:\d)")),
    (88, _role(rf"\bhost: Some\((?:Domain\()?\"{HOST}\"")),
    (92, _role(rf"\bto proxy request \S{{1,300}} from {HOST} to https?://")),
    (90, _role(rf"\brequest to (?:https?|wss?)://{HOST}[^\s]{{0,300}} failed, reason:")),
    (
        86,
        _role(
            rf"\bcurl (?:(?:-[a-z]{{0,5}}o|--output) \S{{1,200}} |"
            rf"--?(?!-?(?:x|proxy|preproxy|noproxy) )[a-z-]{{1,20}} ){{0,6}}"
            rf"[\"']?(?:https?://)?{HOST}(?=[\s/\"'?]|$)"
        ),
    ),
    (85, _role(rf"(?:^|\n)(?:> | {{0,8}}[\"'])?host: ?{HOST}(?=[\s\\\\\"'])")),
    (80, _role(rf"\bserver: {HOST}(?=, request:)")),
    (80, _role(rf"\bconnecting to {HOST} \((?=[^()\n]{{1,260}}\)(?:\||\s))")),
    (80, _role(rf"\bproxy's certificate for {HOST}(?=\s)")),
    # the registry in front of the name of an image
    (
        74,
        _role(
            rf"\b(?:image|pulling from|pull(?:ing)?(?: image| repository)?|manifest for|trying to pull|"
            rf"push refers to (?:a )?repository|initializing source|reading manifest \S{{1,90}} in) [\"'`\[]?"
            rf"(?:[\w.-]{{1,60}} \()?"
            rf"(?:docker://)?{HOST}(?=/[\w.-]{{1,80}}(?:[/:@]|\b))"
        ),
    ),
    # sentences of servers, browsers and programs
    (88, _role(rf"\bserver at {HOST} port \d")),
    (84, _role(rf"\berror [45]\d\d\s{{1,3}}{HOST}\s{{1,3}}(?:\S[^\n]{{0,40}}\s)?apache/\d")),
    (12, _role(rf"\bset-cookie: [^\n]{{0,300}}?\bdomain=\.?{HOST}(?=[;\s]|$)")),
    (
        72,
        _role(
            rf"(?:^|[\s,;(]){HOST}(?<!\.service)(?<!\.socket)(?<!\.timer)(?<!\.conf)(?<!\.rs)(?<!\.sh)(?<!\.target)"
            r"(?: is| seems)? (?:still |currently |again )?(?:down|offline)(?=\?|$|[.!,;)\n])"
        ),
    ),
    (74, _role(rf"(?:^|[\s,;(])is {HOST} (?:still |also |really )?(?:down|offline|dead|broken|unreachable)\b")),
    (84, _role(rf"\bhost {HOST} not found:")),
    (84, _role(rf"\bserver can't find {HOST}:")),
    (82, _SENTENCE),
    # Firefox in other languages
    (
        82,
        _role(
            r"\b(?:verbindung (?:zu dem|zum) server unter|der server unter|serveur à l['’]adresse|"
            r"conexión con el servidor(?: en)?|conexão com o servidor|connessione con il server|"
            rf"verbinding maken met de server op|połączenia z serwerem|соединение с сервером) {HOST}(?=[\s,;(.\"']|$)"
        ),
    ),
    (
        78,
        _role(
            r"(?<!attempt to )\b(?:connect|connection to|getaddrinfo|response from|could not resolve host:?|"
            r"dial tcp: lookup|lookup failed for|handshake to|resolve|pinging(?: docker)? registry)"
            rf" (?:E[A-Z_]+ )?{HOST}(?=[\s,:;)\"']|$)"
        ),
    ),
    (
        76,
        _role(
            r"(?<!attempt to )\b(?:information from|impersonating|typo in|access to|continue to|(?:connect|"
            r"connection) to(?: the server)?(?: at)?|"
            rf"server at|unknown domain:|(?:open the|this) page|the server|can'?t find the server at) [\"']?{HOST}"
            r"(?=[\s,;(.\"']|$)"
        ),
    ),
)
"""How surely (of 100) the host in such a place is the one that failed."""
SHELF = Shelf.of(role for _, role in ROLES)
LOOKED_UP = frozenset(at for at, (_, role) in enumerate(ROLES) if "getaddrinfo" in role.source)
"""In these a number may replace a name that the text has elsewhere."""


def hosts(number: int, text: str) -> Iterator[re.Match[str]]:
    """Find the places of one role; where the host comes first, what is said about it is looked for first."""
    pattern, end = ROLES[number][1].pattern, 0
    if pattern is not _SENTENCE.pattern:
        yield from pattern.finditer(text)
        return
    for said in _SAID.finditer(text):
        if found := pattern.search(text, max(end, said.start() - _LONGEST), said.end()):
            yield found
        end = said.end()


WANTED = _before(
    r"\b(?:for url|for uri|url|uri|get|post|put|patch|head|options|reading|fetch(?:ing)?|"
    r"(?:fetch|download|upload) failed|failed to fetch|failed for|(?:for|remote) source|getting|querying|"
    r"endpoint|websocket connection to|request to|to ask|"
    r"download(?:ing)?|transferring|unable to access|request(?:ed|ing)?|"
    r"connection to|retrieving|resolve|(?:open|opening|opened)|visit(?:ing|ed)?|clone|accessing|loading|load|"
    r"navigat(?:e|ed|ing) to|redirect(?:ed|s|ing)? to|from|err:\d{1,5}|ign:\d{1,5})[\s:=>(|│\[\]\"'`<~]{1,6}",
    r"\bbad gateway'?[ :=>(|\[\]\"'`<~]{1,6}\n?",
    r"\b(?:50[234]|bad gateway)(?: \w{2,12}){0,2} ?:\s{1,4}",
    r"\b(?:50[234]s?|bad gateway|error|errors?)[\"')]? (?:for|on|at|against|with)"
    r"(?: the (?:url|site|page|host|domain))?:?[ \"'`(<]{1,3}",
    r"\b(?:post|putt?|patch|gett?|delet)ing (?:(?:to|from|against) )?[\"'`<]{0,2}",
    r"\[(?:get|post|put|patch|head|delete)\] at \[",
    r"\b(?:get|post|put|patch|head|delete) [1-5]\d\d ",
    r"\b(?:base_?url|api_?base)\W{1,4}",
    r"(?<!参考)(?<!參考)(?<!相关)(?<!相關)(?<!文档)(?<!帮助)(?<!教程)(?<!原文)(?:地址|网址|網址|链接|連結)[:：]\s{0,2}",
    r"\b(?:url|uri|endpoint) is:? [\"'`<(]{0,2}",
    r"\b(?:net::)?err_[a-z_]{3,50}(?: at| for)?[ :=(]{1,3}[\"'`<]{0,2}",
    r"\bview-source:",
    r"\bsending (?:\w{1,12} ){0,2}to:?\s[\"'`<]{0,2}",
    r"\b(?:url|link|address|page|site|website) (?:does ?n.t|does not|wo ?n.t|is ?n.t|never|stopped|no longer)\b"
    r"[^\n.:]{0,30}:\s{1,3}[\"'`<(]{0,2}",
    r"\b(?:curl(?:ing|ed|s)?|wget|wscat|websocat|youtube-dl|yt-dlp|aria2c|httpie|git clone)\b[^\n]{0,100}\s[\"']?",
    r"\b(?:against|uploading to [\w-]{1,60}:|(?:open|access|visit|load|reach|log ?in|sign ?in)\w{0,3}\b[^\n]{0,40}?"
    r"\s(?:at|on|under|via))\s[\"'`<]{0,2}",
)
"""Somebody or something asked for the address that follows."""
UNWANTED = _before(
    # the other end of a proxy, and its settings
    r"\bupstream: ?\"?",
    r"\"[\w.-]{1,80}@\w{1,30}\" \"",
    r"\"(?:ServiceAddr|ServiceURL)\": ?\"",
    r"(?:^|[\n{,])\s{0,8}[\"']?to[\"']?: ?\"?",
    # the name of a kind of problem (RFC 9457)
    r"(?:^|[\n{,])[\s\"']{0,6}\[?type[\"'\]]? ?(?::|=>) ?[\"']?",
    r"\b(?:proxy_pass|proxypass(?:reverse|match)?(?:\s\S{1,80})?|reverse_proxy|fastcgi_pass|"
    r"uwsgi_pass|backend|"
    r"(?:that|which|it|one) works(?: is)?|working (?:url|link|one|address)(?: is)?|"
    r"target:|listen(?:s|ing) (?:on|at):?|runs? (?:on|at)|running (?:on|at)|"
    r"(?:works?|worked|runs|ran) (?:just )?(?:fine |well |ok |okay |great |perfectly )?(?:on|at|with|in))\s+\"?",
    r"\boriginservice[=:] ?\"?",
    r"(?:-x|--proxy|proxy[=:]?|(?<!if )(?<!access )(?<!accessed )(?<!reached )(?<!both )(?<!opened )"
    r"via(?:: ?\d\.\d)?|mirror:|behind|origin:|wss?_origin)\s*[\"']?",
    r"\bhttps?_proxy \(",
    r"[\"']location[\"'] ?: ?[\"']",
    # what a page may load, where browsers report to, and where a rewrite leads
    r"(?:^|\n)(?:< )?(?:content-security-policy|report-to|reporting-endpoints|nel)[\"']?: [^\n]{0,600}",
    r"\bHTTP/[0-3](?:\.\d)? [45]\d\d\b[^\n]{0,40}\n(?:(?:< )?[\w-]{1,40}: [^\n]{0,300}\n){0,30}(?:< )?link: <",
    r"[\"']destination[\"']: ?[\"']",
    # whose words these are, and where names are looked up
    r"(?:^|\n)\W{0,4}server: ?",
    r"\b(?:fatal|ok|changed|unreachable): \[",
    r"\bxmlns(?::\w{1,20})?=\"",
    r"\blogs?(?:\]\(|(?: (?:are|is))?(?: here)?: |(?: (?:are|is))? here )",
    r"\d ms {1,4}(?:[\w.-]{3,200} \[)?",
    # where the visitor came from, and what the browser calls itself
    r"\breferr?er: ?\"?",
    r"\s--?referer[ =][\"']?",
    r"\" \d{3} (?:\d+|-) \"",
    r"\+",
    # reading matter
    r"\b(?:see|docs?|documentation(?: visit)?|guide|readme|read|refer to|"
    r"more (?:information|details|info)(?: here)?(?: check)?|"
    r"for more information (?:check|visit)|learn more|reported (?:at|in|here|to)|"
    r"report(?: it| this(?: issue)?| bugs| issues| problems)?(?: (?:at|to|on)|\b[^\n.]{0,50}? at)|issue|"
    r"discussion|thread|related|ref|(?<!for )(?<!remote )(?<![$@])(?<!view-)(?<!\n)source|screenshot|image|video|"
    r"similar to|according to|"
    r"mentioned (?:in|at|here)|"
    r"discussed (?:in|at)|bugs? can be reported at|runbook|"
    r"the link (?:is |was )?(?:in|on|at|on top of)|(?:put|uploaded?|posted|shared)\b[^\n.:]{0,40} here|"
    r"troubleshoot[a-z]*|lire|(?<!d')(?<!d’)hier|siehe|voir|смотри|см\.)[\s:,(\[<\"']{1,4}",
    r"\bserved from ",
    r"[+*-] provider ",
    r"\breason: dns lookup failure for:? ",
    r"\b(?:blog ?posts?|articles?|tutorials?|threads?|tickets?|metrics?) ?\(",
    r"\b(?:get|more|find|need|for) (?:help|info\w{0,8}|details|support)\b[^\n.()]{0,40}\(",
)
"""The address that follows is another one."""
DOUBTED = _before(
    r"(?<!not )(?<!n.t )(?<!longer )\b(?:answers|responds|reachable|available) (?:fine |directly |itself )?"
    r"(?:on|at)\s+\"?",
    r"\b(?:server_?name|serveralias)\s+\"?",
    r"\brule\W{1,4}Host(?:SNI)?[:(] ?[`\"']?",
    r"\nsource: ?",
    r"\b(?:is|was|be|link) found (?:in|on|at|under)(?: the \w{2,20})?[\s:,(\[<\"']{1,4}",
)
"""The address that follows is another one, if there is another one."""
GUARDED = (*SHELF.expressions, *WANTED.guarded, *UNWANTED.guarded, *DOUBTED.guarded)
INSIDE = re.compile(r"[?&][^\s\"'<>]{0,119}\Z")
"""The address that follows is part of another one."""

ELSEWHERE = _any(
    r"(?:^|\.)(?:w3\.org|mozilla\.org|haxx\.se|stackoverflow\.com|stackexchange\.com|serverfault\.com|"
    r"superuser\.com)$",
    r"(?:^|\.)(?:wikipedia\.org|readthedocs\.io|youtube\.com|youtu\.be|imgur\.com|ibb\.co|prnt\.sc|gyazo\.com)$",
    r"(?:^|\.)(?:discordapp\.(?:com|net)|githubusercontent\.com|pastebin\.com|hastebin\.com|mclo\.gs|zendesk\.com)$",
    r"(?:^|\.)(?:kubernetes\.io|k8s\.io|nodejs\.org|rfc-editor\.org|ietf\.org|httpstatuses\.com|station\.railway\.com|edgesuite\.net|t\.me|discord\.gg)$",
    r"^(?:learn|docs|go|support|technet|msdn|aka)\.(?:microsoft\.com|ms)$",
    r"^(?:support|docs|developers?|help)\.(?:google|apple|github|docker|cloudflare|aws\.amazon|vercel|heroku)\.com$",
    r"^schemas\.|^(?:www\.)?cloudflare\.com$",
    r"^devcenter\.heroku\.com$|(?:^|\.)console\.(?:aws\.amazon|amazonaws-us-gov|cloud\.google)\.com$",
    r"^golang\.org$|^aws\.amazon\.com$|^(?:loadbalancing|monitoring|logging)\.googleapis\.com$",
    r"^(?:status|paste|dpaste|runbooks?)\.|(?:^|\.)(?:statuspage\.io|downdetector\.[a-z]{2,3}|isitdownrightnow\.com)$",
    r"^(?:localhost|127\.[\d.]+|0\.0\.0\.0|::1)$",
)
"""Hosts that are named for other reasons, unless somebody requested them: documentation, pictures, one's machine."""
THREAD = _any(
    r"/(?:issues|pull|discussions|merge_requests)/\d+(?:[/?#]|$)",
    r"^https://github\.com/[^/]+/[^/]+/(?:tree|blob)/",
    r"/(?:t|threads?|topic)/[\w-]{3,80}[./]\d+",
)
"""Addresses of a discussion about it: never the failed one, unless somebody opened it."""
PAPER_HOST = _any(r"^(?:docs?|help|support|developers?|learn|wiki|kb|community|forums?|blog|bugs?|issues?)\.")
GATHERING = _any(r"^(?:wiki|community|forums?|blog)\.")
"""The front pages of these are no help to anybody."""
PAPER = _any(
    r"[^/]/(?:issues|pull|pulls|blob|tree|commit|discussions|releases(?!/(?:latest/)?download/)|styleguide|docs?|"
    r"documentation|guides?|help|support|"
    r"questions|blog|faq|readme|feedback)(?:/|$|\.)",
    r"\.(?:png|jpe?g|gif|webp|mp4|pdf|md)(?:$|[?#])",
    r"^https?://(?:www\.)?(?:pypi\.org/project|npmjs\.com/package|crates\.io/crates|hub\.docker\.com/r)/",
    r"^https?://(?:gist\.)?github\.com/(?!(?:[^/\s]{1,100}/){2}(?:releases/(?:latest/)?download|archive|raw)/)",
)
"""Addresses that look like reading matter: they count only on the line of the error."""
