"""Which secrets are recognisable by their own shape?"""

from __future__ import annotations

from bot.diagnosis.anchors import Guarded

SHAPES: tuple[tuple[str, Guarded], ...] = (
    ("jwe", Guarded(r"\beyJ[\w-]{8,2048}\.[\w-]{0,1024}\.[\w-]{4,64}\.[\w-]{2,8192}\.[\w-]{16,64}", 0)),
    ("jwt", Guarded(r"\beyJ[A-Za-z0-9_-]{8,4096}\.eyJ[A-Za-z0-9_-]{4,4096}\.[A-Za-z0-9_-]{4,1024}", 0)),
    (
        "discord-token",
        Guarded(r"(?<![\w-])[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,45}(?![\w-])", 0),
    ),
    (
        "discord-webhook",
        Guarded(r"(?P<kept>discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/\d{5,25}/)(?P<secret>[\w-]{20,128})", 0),
    ),
    (
        "webhook",
        Guarded(
            r"(?P<kept>(?:hooks\.slack\.com/(?:services|workflows|triggers)|\.webhook\.office\.com/webhookb2|"
            r"hooks\.zapier\.com/hooks/catch)/)(?P<secret>[\w/@=.-]{8,400})",
            0,
        ),
    ),
    ("github-token", Guarded(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})", 0)),
    ("gitlab-token", Guarded(r"\bgl(?:pat|rt|dt|ptt|cbt|ft|soat|agent|imt|ffct)-[\w-]{20,64}", 0)),
    ("slack-token", Guarded(r"\bx(?:ox[abeposr]|app)-[A-Za-z0-9-]{10,255}", 0)),
    ("stripe-key", Guarded(r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,255}", 0)),
    ("aws-key", Guarded(r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b", 0)),
    ("google-key", Guarded(r"\b(?:AIza[\w-]{35}|GOCSPX-[\w-]{20,40}|ya29\.[\w-]{20,2048})", 0)),
    ("openai-key", Guarded(r"\bsk-(?:[a-z]{2,8}-)?[A-Za-z0-9_-]{20,255}", 0)),
    ("sendgrid-key", Guarded(r"\bSG\.[\w-]{16,32}\.[\w-]{16,64}", 0)),
    ("huggingface-token", Guarded(r"\bhf_[A-Za-z0-9]{30,64}\b", 0)),
    ("shopify-token", Guarded(r"\bshp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}\b", 0)),
    ("digitalocean-token", Guarded(r"\bdo[opr]_v1_[a-f0-9]{64}\b", 0)),
    ("docker-token", Guarded(r"\bdckr_[po]at_[\w-]{20,64}", 0)),
    ("vault-token", Guarded(r"\bhv[sbr]\.[\w-]{20,512}", 0)),
    ("webhook-secret", Guarded(r"\bwhsec_[A-Za-z0-9+/=]{20,128}", 0)),
    ("app-token", Guarded(r"\b(?:lin_(?:api|oauth)_|ntn_|figd_)[\w-]{20,128}", 0)),
    ("npm-token", Guarded(r"\bnpm_[A-Za-z0-9]{36}\b", 0)),
    ("pypi-token", Guarded(r"\bpypi-[\w-]{50,255}", 0)),
    ("telegram-token", Guarded(r"(?<![\w:])(?:bot)?\d{8,10}:[A-Za-z0-9_-]{35}(?![\w-])", 0)),
    ("tunnel-token", Guarded(r"\beyJhIjoi[A-Za-z0-9+/_-]{16,1024}={0,2}", 0)),
    ("tailscale-key", Guarded(r"\btskey-[a-z]{3,12}-[\w-]{10,128}", 0)),
    ("supabase-token", Guarded(r"\bsbp_[a-f0-9]{40}\b", 0)),
    ("groq-key", Guarded(r"\bgsk_[A-Za-z0-9]{20,64}\b", 0)),
    ("heroku-key", Guarded(r"\bHRKU-[\w-]{20,128}", 0)),
    ("netlify-token", Guarded(r"\bnfp_[A-Za-z0-9]{30,64}\b", 0)),
    ("square-token", Guarded(r"\bsq0(?:atp|csp)-[\w-]{20,64}", 0)),
    ("fly-token", Guarded(r"\bfm[12][ar]?_lJ[A-Za-z0-9+/=_,-]{8,4096}", 0)),
    ("discord-token", Guarded(r"(?<![\w.])mfa\.[\w-]{60,128}(?![\w-])", 0)),
)
"""The kind of a secret, and what one looks like."""
