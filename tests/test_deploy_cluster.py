"""Do the files for Kubernetes and Grafana speak of commands, settings and metrics that exist?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from bot.cli import command
from bot.settings import PREFIX
from bot.settings.model import Settings

DEPLOY = Path(__file__).parents[1] / "deploy"
OBJECTS = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text()))
DEPLOYMENTS = [each for each in OBJECTS if each["kind"] == "Deployment"]
DASHBOARD = json.loads((DEPLOY / "grafana" / "fiveohtwo.json").read_text())
METRIC = re.compile(r"\b(?:fiveohtwo|process)_[a-z_]+\b")


def only(kind: str) -> dict[str, Any]:
    """Return the one object of a kind."""
    (found,) = [each for each in OBJECTS if each["kind"] == kind]
    return found


def container(deployment: dict[str, Any]) -> dict[str, Any]:
    """Return the one container of a deployment."""
    (found,) = deployment["spec"]["template"]["spec"]["containers"]
    return found


def settings() -> Iterator[str]:
    """Return the names of all settings that the file gives."""
    yield from only("Secret")["stringData"]
    for deployment in DEPLOYMENTS:
        yield from (each["name"] for each in container(deployment)["env"])


def test_cluster_gives_settings_that_exist() -> None:
    """A name that nobody reads would be set in vain."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {"XDG_DATA_HOME"}
    assert set(settings()) <= known


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda each: each["metadata"]["name"])
def test_pod_asks_after_the_process_that_it_runs(
    deployment: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both probes ask for the container's own process, and say no where there is none; only one asks whether it lives."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    here = container(deployment)
    (process,) = here["args"]
    assert process in command.commands
    asked = [here[probe]["exec"]["command"] for probe in ("livenessProbe", "readinessProbe")]
    for line in asked:
        done = CliRunner().invoke(command, line[1:], prog_name="fiveohtwo")
        assert (line[0], done.exit_code) == ("fiveohtwo", 1)
        assert f"/{process}.heartbeat" in done.output
    assert ["--alive" in line for line in asked] == [True, False]


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda each: each["metadata"]["name"])
def test_pod_is_locked_in(deployment: dict[str, Any]) -> None:
    """It runs as the image's own user, which is not root, and writes nowhere but where it keeps its data."""
    image = re.search(
        r"^RUN useradd --system --uid (\d+) .*--home-dir (\S+)", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE
    )
    assert image is not None
    pod, here = deployment["spec"]["template"]["spec"], container(deployment)
    assert pod["securityContext"]["runAsUser"] == int(image[1]) > 0
    assert not pod["automountServiceAccountToken"]
    assert here["securityContext"]["readOnlyRootFilesystem"]
    assert here["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert {each["mountPath"] for each in here["volumeMounts"]} == {image[2], "/tmp"}
    (data,) = [each["value"] for each in here["env"] if each["name"] == "XDG_DATA_HOME"]
    assert f"{data}/fiveohtwo" == image[2]


def test_one_bot_runs_at_a_time() -> None:
    """The old bot leaves before the new one logs in; watchers wait for a database that several may use."""
    bot, watcher = DEPLOYMENTS
    assert (bot["spec"]["replicas"], bot["spec"]["strategy"]) == (1, {"type": "Recreate"})
    assert watcher["spec"]["replicas"] == 0


def test_network_of_the_pods_is_the_internet_alone() -> None:
    """The second lock leaves out what the guard refuses: networks that are private."""
    policy = only("NetworkPolicy")["spec"]
    assert policy["policyTypes"] == ["Egress"]
    left_out = {
        net for rule in policy["egress"] for to in rule["to"] for net in to.get("ipBlock", {}).get("except", ())
    }
    assert {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"} <= left_out
    for deployment in DEPLOYMENTS:
        assert policy["podSelector"]["matchLabels"].items() <= deployment["metadata"]["labels"].items()


def test_dashboard_shows_every_metric_that_there_is_and_no_other() -> None:
    """The README lists the metrics, and its list is compared with running processes."""
    listed = set(re.findall(r"^\| `(fiveohtwo_[a-z_]+)`", (DEPLOY / "README.md").read_text(), re.MULTILINE))
    shown = {
        name for panel in DASHBOARD["panels"] for each in panel["targets"] for name in METRIC.findall(each["expr"])
    }
    assert shown - {"process_resident_memory_bytes"} == listed
    assert DASHBOARD["templating"]["list"][0]["query"]["query"] == "label_values(fiveohtwo_able, job)"
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
