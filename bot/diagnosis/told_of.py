"""What does a sentence say about the address in it: that somebody opened it, that it fails, that it works?

The expressions are matched against what is directly before or after the address.
"""

from __future__ import annotations

import re

MEANT = re.compile(
    r"(?:\b(?:load|reach(?:ed|ing)?|opens?|opened|opening|visit(?:ed|ing)?|access(?:ed|ing)?|browsed?|calls?(?: to)?|"
    r"(?:(?<!it )go|goes|went|navigated?) to|(?:url|link) (?:is|being|was)|"
    r"access to|(?:connection|page|site|panel|interface|console|dashboard|ui|browser)(?: \w{2,12})? (?:on|at)|"
    r"load at|under|seite|adresse|aufruf von|auf|página|page|pagina|dirección|adres|strona|на|страниц\w{0,2}|"
    r"адрес\w{0,3})\s(?:de |von |di )?"
    r"(?:the (?:\w{1,12} )?|das |die |la |le |l')?(?:ip )?(?:address |addr )?[\"'`(]?|"
    r"(?:打开|開啟|访问|訪問|进入|登录|登入|输入)(?:了|地址|网址)?\s?|(?:地址|网址)(?:是|为)?\s?[:：]\s?)\Z",
    re.IGNORECASE,
)
"""Before a machine's number: somebody tried to open it."""
FAILING = re.compile(
    r" Failed to load resource\b|"
    r"[\"'`)\]>*]{0,3} (?:itself |still |again |page |site |just |is |now ){0,3}"
    r"(?:(?:does(?:n.?t| not)|won.?t|will not|isn.?t|not) "
    r"(?:(?:work|load|open|respond|connect)(?:ing)?|reachable|accessible|available)|"
    r"stopped working|(?:keeps |is )failing)\b|"
    r"[\"'`)\]>*]{0,3} (?:не (?:работает|открывается|грузится|доступен)|"
    r"(?:funktioniert|lädt|geht|öffnet) (?:sich )?nicht|"
    r"ne (?:marche|fonctionne|charge|répond|s.ouvre) (?:pas|plus)|no (?:funciona|carga|abre|responde)|"
    r"não (?:funciona|abre|carrega|responde)|non (?:funziona|si apre|si carica|risponde)|nie (?:działa|otwiera|ładuje)|"
    r"werkt niet|laadt niet|çalışmıyor|açılmıyor|не (?:працює|відкривається)|nefunguje|fungerar inte|virker ikke)|"
    r"[\"'`)\]>*]{0,3}\s?(?:打不开|打不開|无法访问|無法訪問|进不去|访问不了|挂了|に繋がら|につなが|が開け|が見れ|"
    r"에 접속이 안|이 안 열)|"
    r"[\"'`)\]>]{0,2} [\"']?HTTP/\d(?:\.\d)? 50[234]\b|"
    r"(?:/\S{0,80})?\s?(?:进入|打开|就|显示|报|也|都|一直|全是|返回|提示|频繁|经常|出现|[:=-]|→|=>|->|is|gives|says|shows){0,3}\W{0,3}502|"
    r"[\"'`)\]>*,]{0,3} (?:(?:just|only|still|always|now|also|itself|is|was|keeps|kept|currently|constantly) ){0,3}"
    r"(?:return(?:s|ed|ing)?|answer(?:s|ed|ing)?|respond(?:s|ed|ing)?|report(?:s|ed|ing)?|throw(?:s|ing)?|"
    r"giv(?:es?|ing)|gave|say(?:s|ing)|show(?:s|ed|ing)?|serv(?:es?|ing)|is|was)"
    r"(?: (?:with|me|us|an?|the|only|just|http|status|error|code)){0,4}\W{1,4}"
    r"(?:50[234]\b|bad gateway|down\b(?! the)|offline|unreachable)|"
    r"[\"'`)\]>*,），]{0,3} ?(?:i )?(?:get|gets|got|getting) (?:an? |the )?(?:http |error )?(?:502|bad gateway)|"
    r"[\"'`)\]>*]{0,3}\s{1,2}(?:gets|gives|says|shows|leads (?:\w{1,12} ){0,3}to)(?: an?)?\s"
    r"(?:http )?(?:error )?(?:50[234]\b|bad gateway)|"
    r"[\"'`)\]>*]{0,3}(?:,? since\b| (?:is (?:hit|affected|the one)|hangs)|\s{1,3}can(?:'?t|not) be "
    r"(?:reached|opened|loaded))|"
    r"[\"'`)\]>*]{0,3} (?:отвечает|возвращает|выдает|выдаёт|да[её]т|показывает|antwortet mit|liefert|gibt|zeigt|"
    r"répond|renvoie|donne|affiche|responde|devuelve|da|muestra|retorna|dá|mostra|risponde|restituisce|dà|"
    r"zwraca|daje|pokazuje|wyświetla|geeft|toont|döndürüyor|veriyor|gösteriyor)"
    r"(?: (?:con|com|avec|nur|mit|une?|un|una|um|uma|ein|einen|een|только|ошибк\w|код|fehler|erreur|error|erro|errore))"
    r"{0,3}\W{1,4}(?:50[234]\b|bad gateway)|"
    r"[\"'`)\]>*]{0,3}\s?(?:が|は|も)[^\n]{0,20}(?:になる|になり|出る|出ます|落ちて|開けな|開かな|見れな|502)|"
    r"[\"'`)\]>*]{0,3}\s?(?:を開|にアクセス|에 (?:접속|들어)|을 열|를 열|adresin[ei]|sitesin[ei])",
    re.IGNORECASE,
)
"""After it: it is the failed one."""
FETCHED = re.compile(r"(?:^|\s)(?:curl|wget|httpie?|docker (?:push|pull|login)|telnet)\b[^\n]{0,100}?\s[\"']?\Z")
"""Before a machine's number: a command requests it."""
WORKING = re.compile(
    r"[\s\"'`)\]>*,:(（]{0,4}(?:from another \w{2,12} |on the same \w{2,12} )?"
    r"(?:(?:itself|directly|alone|still|also|always|just|seems to|page|url|site)\s){0,2}"
    r"(?:works?\b(?! (?:not|only sometimes|never))|worked\b|"
    r"(?:loads?|opens?)(?: (?:fine|ok)\b| and (?:serves|shows|works)\b|(?=[.,;)]|$))|"
    r"(?:is|are) (?:still |all )?doing (?:ok|okay|fine|well|great)\b|"
    r"(?:is|are|was) (?:all |completely |perfectly )?(?:fine|ok|okay|up|reachable|working|accessible|good|green)\b|"
    r"(?:still )?(?:claims?|says|shows|reports?|pretends?)(?: that)? (?:all|every|no|everything)\b|"
    r"(?:is|are) answered\b|(?:shows?|opens?|serves?) the (?:right |whole )?(?:page|site|app)\b|"
    r"(?:returns?|gives?|answers?|status:?) 200\b|# ?200|→ ?200|responds? (?:fine|normally|with 200)|"
    r"can be (?:opened|reached|accessed)|"
    r"(?:is|are) (?:正常|可以)|(?:直接)?(?:能|可以)(?:正常)?(?:访问|打开|返回)|"
    r"(?:访问|一切|都|就)?(?:正常|没问题|没有问题)|是(?:可以|正常)的|"
    r"отвечает(?! (?:50|ошибк))(?!:)|responds?(?! with (?:50|an? err))(?=[.,;)]|$)|"
    r"работает(?! (?:плохо|через раз))|открывается|доступен|funktioniert(?! nicht)|geht(?! nicht)|läuft|"
    r"(?:répond|antwortet|responde|risponde)(?=[.,;)]|$)|funciona(?! mal)|fonctionne(?! (?:pas|plus))|"
    r"marche(?! (?:pas|plus))|funziona|działa|çalışıyor|werkt(?! niet))",
    re.IGNORECASE,
)
"""After an address: it is another one, which does not fail."""
