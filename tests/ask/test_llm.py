"""The language-model seam: off by default, checked when on, silent when it fails. The service is a local one."""

from __future__ import annotations

import dataclasses
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kg.ask import ask
from kg.ask.library import Library
from kg.ask.llm import rephrase

ODD = "嗯那个质量开放日呼噜圈"


class Model:
    """What the local service says, and what it was asked."""

    def __init__(self) -> None:
        self.content = "{}"
        self.status = 200
        self.delay = 0.0
        self.location: str | None = None
        self.requests: list[dict] = []
        self.url = ""


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    monkeypatch.setenv("no_proxy", "*")
    state = Model()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.requests.append({"path": self.path, "body": body, "key": self.headers.get("Authorization")})
            time.sleep(state.delay)
            self.send_response(state.status)
            if state.location:
                self.send_header("Location", state.location)
            self.end_headers()
            said = {"choices": [{"message": {"role": "assistant", "content": state.content}}]}
            try:
                self.wfile.write(json.dumps(said).encode())
            except OSError:
                return  # the caller has gone: that is what the test of the time-out is about

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def settings(context, model):
    return dataclasses.replace(context.settings, llm_url=model.url, llm_model="small", llm_key="k", llm_seconds=1.0)


@pytest.fixture
def names(context):
    return Library(context)


@pytest.fixture
def connected(context, settings, monkeypatch):
    monkeypatch.setattr(context, "settings", settings)
    return context


def test_a_question_is_put_in_other_words_and_answered_by_the_rules(connected, model):
    model.content = json.dumps({"question": "哪些区开展过质量开放日，历年有何变化？"})
    answer = ask(ODD, context=connected)
    assert "崇明区" in answer.answer
    assert "经语言模型改写为“哪些区开展过质量开放日" in answer.interpretation
    (request,) = model.requests
    assert request["path"] == "/v1/chat/completions"
    assert request["key"] == "Bearer k"
    assert request["body"]["response_format"] == {"type": "json_object"}
    assert request["body"]["messages"][-1]["content"] == ODD


def test_it_is_not_asked_where_rules_have_a_plan(connected, model):
    ask("青浦区经委负责什么", context=connected)
    assert model.requests == []


def test_it_is_off_by_default(context, model):
    assert context.settings.llm_url == ""
    ask(ODD, context=context)
    assert model.requests == []


@pytest.mark.parametrize(
    "content",
    [
        "不是 JSON",
        "[]",
        '{"question": 3}',
        '{"question": "质量开放日由谁负责", "answer": "青浦区"}',
        '{"question": ""}',
        '{"question": "2024年质量开放日由谁负责"}',
        '{"question": "青浦区质量开放日由谁负责"}',
        '{"question": "上海市水务局负责质量开放日吗"}',
        json.dumps({"question": "质量" * 200}),
    ],
)
def test_what_is_not_allowed_is_dropped(content, settings, names, model):
    model.content = content
    assert rephrase(ODD, settings, names) is None
    assert len(model.requests) == 1


def test_a_failing_service_is_no_failure(connected, model):
    model.status = 500
    assert "语言模型" not in ask(ODD, context=connected).interpretation


def test_redirections_are_not_followed(settings, names, model):
    model.content = json.dumps({"question": "质量开放日由谁负责"})
    model.status, model.location = 307, f"{model.url}/elsewhere"
    assert rephrase(ODD, settings, names) is None
    assert len(model.requests) == 1


def test_a_slow_service_is_left(settings, names, model):
    model.delay = 1.0
    begun = time.perf_counter()
    assert rephrase(ODD, dataclasses.replace(settings, llm_seconds=0.2), names) is None
    assert time.perf_counter() - begun < 0.9


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/", "127.0.0.1", "http://"])
def test_only_http_addresses_are_called(url, settings, names):
    assert rephrase(ODD, dataclasses.replace(settings, llm_url=url), names) is None
