"""The image, compose.yaml and render.yaml are well formed, and start what is started everywhere else."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from config import run

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
RENDER: dict[str, Any] = yaml.safe_load((ROOT / "render.yaml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
MIGRATE = ["python", "manage.py", "migrate", "--noinput"]


def check(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "check_jsonschema", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("file", "schema"),
    [
        ("compose.yaml", ("--builtin-schema", "vendor.compose-spec")),
        ("render.yaml", ("--schemafile", "tests/deploy/render.schema.json")),
        (".github/workflows/ci.yml", ("--builtin-schema", "vendor.github-workflows")),
    ],
)
def test_a_file_is_as_its_schema_says(file: str, schema: tuple[str, str], tmp_path: Path) -> None:
    checked = check(*schema, file)
    assert checked.returncode == 0, checked.stdout
    broken = tmp_path / Path(file).name
    broken.write_text(re.sub(r"^(services|jobs):", r"\1s:", (ROOT / file).read_text(), flags=re.MULTILINE))
    assert check(*schema, str(broken)).returncode == 1


def commands() -> dict[str, list[str]]:
    """What each program of ours is started with, wherever."""
    found = {
        f"compose {name}": one["command"] for name, one in COMPOSE["services"].items() if "command" in one
    }
    del found["compose redis"]
    for service in RENDER["services"]:
        for key in ("dockerCommand", "preDeployCommand"):
            if key in service:
                found[f"render {service['name']} {key}"] = shlex.split(service[key])
    found |= {
        f"image {one}": json.loads(one) for one in re.findall(r"^CMD (\[.*\])", DOCKERFILE, re.MULTILINE)
    }
    return found


def test_every_program_is_started_by_its_one_name() -> None:
    for where, command in commands().items():
        assert command == MIGRATE or command[:3] == ["python", "-m", "config.run"], where
        assert command == MIGRATE or command[3] in run.PARTS, where
    assert {command[3] for command in commands().values() if command != MIGRATE} == set(run.PARTS)


@pytest.mark.parametrize("name", [name for name, one in COMPOSE["services"].items() if "healthcheck" in one])
def test_its_health_is_asked_by_the_same_name(name: str) -> None:
    asked = COMPOSE["services"][name]["healthcheck"]["test"]
    part = name.partition("-")[0]
    if part in run.PARTS:
        assert asked == ["CMD", "python", "-m", "config.run", "healthy", part]


def test_every_queue_has_one_kind_of_worker_and_there_is_one_beat() -> None:
    services = COMPOSE["services"]
    queues = [services[name]["command"][-1] for name in services if name.startswith("worker-")]
    assert sorted(",".join(queues).split(",")) == sorted(run.QUEUES)
    beats = [name for name, command in commands().items() if command[3] == "beat"]
    assert beats == ["compose beat", "render inspector-whatsapp-beat dockerCommand"]
    assert next(one for one in RENDER["services"] if one["name"].endswith("beat"))["numInstances"] == 1


def test_redis_keeps_what_it_has_and_throws_nothing_out() -> None:
    told = " ".join(COMPOSE["services"]["redis"]["command"])
    assert "--appendonly yes" in told
    assert "--maxmemory-policy noeviction" in told
    assert [one["maxmemoryPolicy"] for one in RENDER["services"] if one["type"] == "keyvalue"] == [
        "noeviction"
    ]


def test_nothing_of_ours_runs_as_root_or_may_write_where_its_code_is() -> None:
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["10001"]
    for name, service in COMPOSE["services"].items():
        if service.get("image") == "inspector-whatsapp":
            assert service["read_only"], name
            assert service["cap_drop"] == ["ALL"], name


def test_the_image_has_every_app_and_no_secret() -> None:
    taken = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    apps = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
    assert set(apps) <= set(taken)
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"
    assert not any(".env" in one and "nobody" not in one for one in taken)
    assert "--require-hashes" in DOCKERFILE
    asked = [one for service in RENDER["services"] for one in service.get("envVars", ())]
    extras = {one["value"] for one in asked if one.get("key") == "EXTRAS"}
    assert extras == {"bucket"}  # a disk there belongs to one service
    assert {f"requirements-{extra}.lock" for extra in extras} <= set(taken)


@pytest.mark.parametrize(
    "arguments", [[], ["nothing"], ["healthy"], ["healthy", "nothing"], ["healthy", "web", "x"]]
)
def test_a_part_that_is_none_is_answered_with_those_there_are(arguments: list[str]) -> None:
    assert run.main(arguments) == run.USAGE
