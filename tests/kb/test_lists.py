"""Are the lists strict about what they hold?"""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ValidationError

from bot.kb.lists import Names, Product, Service, Sign

PAGE = {"id": "shop", "name": "Shop", "page": "https://status.shop.example/", "certainty": "listed"}
SERVER = {"id": "gateway", "name": "Gateway", "role": "server"}


@pytest.mark.parametrize(
    ("shape", "document"),
    [
        (Service, {**PAGE, "domains": []}),
        (Service, {**PAGE, "domains": ["shop.example"], "certainty": "guessed"}),
        (Service, {**PAGE, "domains": ["shop.example"], "said": [" "]}),
        (Product, {**SERVER, "signs": []}),
        (Product, {**SERVER, "signs": [{"proves": "wrote", "body": "x"}], "role": "toaster"}),
        (Sign, {"proves": "wrote", "cookie": "x"}),
        (Names, {"machines": {"Not An Id": ["x"]}}),
        (Names, {"apps": [""]}),
        (Names, {"app": ["plex"]}),
    ],
)
def test_what_means_nothing_is_refused(shape: type[BaseModel], document: dict[str, object]) -> None:
    """Empty lists and names, unknown words and unknown keys are mistakes, not entries."""
    with pytest.raises(ValidationError):
        shape.model_validate(document)


def test_names_may_be_left_out() -> None:
    """Knowledge without names is whole; a service need not be called anything."""
    assert Names() == Names.model_validate({"machines": {}, "programs": [], "traces": [], "apps": []})
    assert Service.model_validate({**PAGE, "domains": ["shop.example"]}).said == ()
