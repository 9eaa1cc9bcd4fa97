"""A language model may put a question that the rules do not understand in other words; off unless configured.

It sees the question alone, and gives back a question, which is checked and goes through the same rules. It never
sees documents and never writes facts. `POLICYKG_LLM_URL` is the base of an OpenAI-compatible service; nothing else
is called, redirections are not followed, and any failure means: no other wording.
"""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import msgspec

from kg.ask.library import Library
from kg.ask.reading import read

_LOG = logging.getLogger(__name__)
_LONGEST_REPLY = 65_536  # bytes
_LONGEST_QUESTION = 200
_INSTRUCTION = (
    "你把关于公文的中文问题改写成一句更规范的问题，不回答问题，不增加问题中没有的年份、地区、单位、文件和数字。"
    "可用的问法：哪些区开展过某活动，历年有何变化；某活动由哪些单位负责；某单位负责哪些活动；某文件由谁何时印发、"
    "依据什么；某项数字是多少；某地某年的活动主题是什么。无法改写时 question 为空字符串。"
    '只输出 JSON：{"question": "改写后的问题"}'
)


class Rephrased(msgspec.Struct, forbid_unknown_fields=True):
    """All that a model may say."""

    question: str


class _Message(msgspec.Struct):
    content: str


class _Choice(msgspec.Struct):
    message: _Message


class _Completion(msgspec.Struct):
    choices: list[_Choice]


def rephrase(question: str, settings: Any, library: Library) -> str | None:
    """The question in other words; None when no model is configured, it fails, or what it says is not allowed."""
    url = str(getattr(settings, "llm_url", "") or "").rstrip("/")
    if not re.match(r"https?://[^\s/]", url):
        return None
    try:
        reply = _ask(url, question, settings)
        content = msgspec.json.decode(reply, type=_Completion).choices[0].message.content
        said = msgspec.json.decode(content, type=Rephrased).question.strip()
    except (OSError, ValueError, IndexError, msgspec.MsgspecError) as error:
        _LOG.warning("语言模型没有给出可用的改写：%s", type(error).__name__)
        return None
    return said if _allowed(said, question, library) else None


def _ask(url: str, question: str, settings: Any) -> bytes:
    """POST to `<url>/chat/completions`. Raises `OSError` (also for a status that is no success, or a time-out)."""
    import http.client
    import urllib.request

    class NoRedirect(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    body = {
        "model": settings.llm_model or "default",
        "temperature": 0,
        "response_format": {"type": "json_object"},
        "messages": [{"role": "system", "content": _INSTRUCTION}, {"role": "user", "content": question}],
    }
    headers = {"Content-Type": "application/json"}
    if settings.llm_key:
        headers["Authorization"] = f"Bearer {settings.llm_key}"
    target = url if url.endswith("/chat/completions") else f"{url}/chat/completions"
    request = urllib.request.Request(target, json.dumps(body).encode(), headers)  # noqa: S310  http(s) only, see above
    opener = urllib.request.build_opener(NoRedirect())
    try:
        with opener.open(request, timeout=settings.llm_seconds) as response:
            return bytes(response.read(_LONGEST_REPLY))
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error


def _allowed(said: str, question: str, library: Library) -> bool:
    """One short line that names nothing which the question does not name."""
    if not said or len(said) > _LONGEST_QUESTION or "\n" in said or said == question:
        return False
    new, old = read(said, library), read(question, library)
    if set(re.findall(r"\d+", said)) - set(re.findall(r"\d+", question)) - {str(year) for year in old.years}:
        return False
    if not set(new.places) <= set(old.places):
        return False
    for kind in ("body", "title", "policy", "number"):
        if not {str(span.value) for span in new.of(kind)} <= {str(span.value) for span in old.of(kind)}:
            return False
    return True
