from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.core.config import Settings
from kg.server import create_app
from kg.service import Service
from tests.server.client import Client, running

PLAN = """# 崇明区2021年质量宣传方案

一、举办质量论坛。（区市场监管局）

二、开展质量开放日活动。（区市场监管局、区教育局）
"""
NOTE = """# 金山区2022年质量月活动通知

一、举办质量开放日活动。（区市场监管局）
"""


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two documents, for reading."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "方案.md").write_text(PLAN, encoding="utf-8")
    (folder / "通知.md").write_text(NOTE, encoding="utf-8")
    service = Service(Settings(home=folder / "home"))
    assert service.ingest([folder / "方案.md", folder / "通知.md"])["failed"] == []
    service.close()
    return folder / "home"


@pytest.fixture(scope="module")
def service(served: Path) -> Iterator[Service]:
    service = Service(Settings(home=served, query_seconds=30.0))
    yield service
    service.close()


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[Client]:
    with running(create_app(service)) as client:
        yield client
