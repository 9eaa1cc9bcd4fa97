"""数据 without a browser: jobs, what came of them, the parts of the page."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from kg.core.errors import Locked, NotBuilt
from kg.ui import jobs as jobs_module
from kg.ui.data import local_time
from kg.ui.jobs import Jobs
from kg.ui.working import details, summary

STATUS = {
    "home": "/库",
    "documents": 1,
    "passages": 3,
    "generation": 7,
    "created": "2031-01-01T00:00:00+00:00",
    "pending": True,
    "stale": ["ontology"],
    "entries": {"quads": 12},
    "last_run": {"command": "ingest", "started": "2031-01-01T00:00:00+00:00", "finished": None},
    "bytes": 2**21,
}


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    """Jobs of this test alone."""
    mine = Jobs()
    for name in ("kg.ui.data", "kg.ui.working"):
        monkeypatch.setattr(f"{name}.jobs", lambda: mine)
    yield mine
    if mine.latest is not None:
        finished(mine)


def finished(jobs: Jobs) -> jobs_module.Job:
    assert jobs.latest is not None
    for _ in range(500):
        if not jobs.latest.running:
            return jobs.latest
        time.sleep(0.01)
    pytest.fail("the job did not end")


def test_one_job_at_a_time_and_its_progress_is_seen(jobs: Jobs):
    go = threading.Event()

    def work(progress: Any) -> dict[str, Any]:
        progress(0, 4, "零")
        progress(1, 4, "甲")
        go.wait(5)
        return {"documents": 4}

    assert jobs.start("rebuild", "重建", work)
    assert not jobs.start("check", "核对", work)
    for _ in range(500):
        if jobs.latest and jobs.latest.done:
            break
        time.sleep(0.01)
    assert jobs.latest
    assert (jobs.latest.share, jobs.latest.label, jobs.latest.running) == (0.25, "甲", True)
    assert list(jobs.latest.before) == ["零"]
    go.set()
    assert finished(jobs).result == {"documents": 4}
    assert jobs.start("rebuild", "重建", work)


def test_a_job_that_fails_says_why(jobs: Jobs, caplog: pytest.LogCaptureFixture):
    def locked(_: Any) -> dict[str, Any]:
        raise Locked("正在写入", home="x")

    def broken(_: Any) -> dict[str, Any]:
        raise RuntimeError("坏了")

    jobs.start("upload", "入库", locked)
    assert finished(jobs).error == "正在写入"
    jobs.start("upload", "入库", broken)
    assert "RuntimeError" in str(finished(jobs).error)
    assert "坏了" in caplog.text


def test_an_upload_answers_for_each_file():
    files = [
        {"name": "a.txt", "outcome": "added", "reason": "", "document_id": "d-1"},
        {"name": "b.png", "outcome": "failed", "reason": "不支持", "document_id": None},
    ]
    assert summary("upload", {"files": files}) == (False, "新增 1、失败 1")
    columns, rows = details("upload", {"files": files})
    assert columns == ["文件", "结果", "原因"]
    assert rows == [["a.txt", "新增", ""], ["b.png", "失败", "不支持"]]


def test_reading_again_lists_what_was_refused():
    result = {
        "added": 0,
        "updated": 1,
        "unchanged": 4,
        "skipped": [],
        "failed": [{"source": "/x/a.txt", "reason": "无"}],
    }
    assert summary("again", result) == (False, "更新 1、未变 4、失败 1")
    assert details("again", result)[1] == [["a.txt", "失败", "无"]]


def test_removal_check_and_rebuild_are_told():
    removed = {"removed": [{"id": "d-1", "title": "题", "source": "/x/a.txt"}], "files": 1}
    assert summary("remove", removed)[1] == "已移除 1 份文档，删除上传的文件 1 个"
    assert details("remove", removed)[1] == [["题", "a.txt"]]
    assert summary("check", {"ok": True, "problems": []}) == (True, "一切一致")
    assert summary("check", {"ok": False, "problems": [{"where": "图", "message": "缺"}]})[0] is False
    assert details("check", {"problems": [{"where": "图", "message": "缺"}]})[1] == [["图", "缺"]]
    assert summary("rebuild", {"documents": 5})[1] == "完成，5 份文档"


def test_an_empty_home_can_take_files_in(fake: Any, open_page: Any, tmp_path: Any, jobs: Jobs):
    empty = NotBuilt(tmp_path)
    fake(generation=empty, documents=empty, notices=empty, formats=[".txt"])
    page = open_page("data")
    assert not page.exception
    assert page.button(key="take-in").disabled
    assert any("zip 压缩包当作文件夹" in item.value for item in page.caption)
    assert "还没有文档" in open_page("data", part="移除").info[0].value
    assert "没有质量提示" in open_page("data", part="质量提示").info[0].value


def test_the_result_of_a_job_shows_where_it_was_begun(fake: Any, open_page: Any, jobs: Jobs):
    fake(formats=[".txt"], notices=[], status=STATUS)
    jobs.start("check", "核对", lambda _: {"ok": False, "problems": [{"where": "图", "message": "<缺>"}]})
    finished(jobs)
    page = open_page("data", part="索引与核对")
    assert "发现 1 个问题" in page.warning[0].value
    assert page.dataframe[0].value["问题"].tolist() == ["<缺>"]
    assert not open_page("data").warning


def test_facts_of_the_index_warn_and_offer_work(fake: Any, open_page: Any, jobs: Jobs):
    service = fake(status=STATUS, check={"ok": True, "problems": []}, ingest_again={}, rebuild={"documents": 1})
    page = open_page("data", part="索引与核对")
    assert [metric.value for metric in page.metric] == ["1", "3", "第 7 代", "2.0 MB"]
    assert len(page.warning) == 2
    assert "本体已变" in page.warning[1].value
    assert page.dataframe[0].value["项目"].tolist() == ["索引文件夹", "生成时间", "最近一次写入", "图中的陈述"]
    page.button(key="start-check").click().run()
    assert finished(jobs).result == service.check()


def test_notices_narrow_by_kind(fake: Any, open_page: Any, jobs: Jobs):
    def notice(code: str) -> dict[str, Any]:
        where = {"document_id": "d-1", "title": "题", "source": "/a.txt", "quote": None, "start": None, "end": None}
        return {"code": code, "message": f"说明 {code}", **where}

    fake(notices=[notice("missing-date"), notice("new-code")])
    page = open_page("data", part="质量提示")
    assert page.selectbox(key="code").options == ["缺成文日期（1）", "new-code（1）"]
    assert page.dataframe[0].value["种类"].tolist() == ["缺成文日期", "new-code"]
    page.selectbox(key="code").select("new-code").run()
    assert page.dataframe[0].value["提示"].tolist() == ["说明 new-code"]


def test_times_are_local():
    assert local_time(None) is None
    assert len(str(local_time("2031-01-01T00:00:00+00:00"))) == len("2031-01-01 00:00:00")
