"""Two users, three groups, every face: nobody sees, counts, or hears of what is not theirs."""

from __future__ import annotations

import hashlib
import json
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.core.config import Settings
from kg.core.errors import EnvironmentProblem, NotAllowed, PolicyKGError, UsageError
from kg.core.rights import Rights
from kg.server import create_app
from kg.service import Service
from kg.service.reports import answer_file
from tests.server.client import running

pytestmark = pytest.mark.long

# each group's documents name things that no other names: an activity, a body, a policy, a number
TEXTS = {
    "民政": (
        "上海市金山区民政局关于开展2023年琥珀服务日活动的通知\n金民发〔2023〕71号\n各街镇：\n根据《琥珀服务纲要》，现通知如下。\n"
        "一、琥珀服务日\n开展琥珀服务日活动，服务71171171人。（区民政局、区琥珀中心）\n上海市金山区民政局\n2023年3月1日\n"
    ),
    "水务": (
        "上海市崇明区水务局关于开展2022年玛瑙清洁日活动的通知\n崇水发〔2022〕82号\n各街镇：\n根据《玛瑙整治规划》，现通知如下。\n"
        "一、玛瑙清洁日\n开展玛瑙清洁日活动，清理82282282处。（区水务局、区玛瑙中心）\n上海市崇明区水务局\n2022年3月1日\n"
    ),
    "公开": (
        "上海市青浦区市场监督管理局关于开展2024年珊瑚月活动的通知\n青珊发〔2024〕93号\n各街镇：\n根据《珊瑚强区纲要》，现通知如下。\n"
        "一、珊瑚开放日\n组织珊瑚开放日活动，开放93393393次。（区珊瑚中心）\n上海市青浦区市场监督管理局\n2024年9月1日\n"
    ),
}
WORDS = {
    "民政": ("琥珀", "金民发", "71171171", "民政.txt"),
    "水务": ("玛瑙", "崇水发", "82282282", "水务.txt"),
    "公开": ("珊瑚", "青珊发", "93393393", "公开.txt"),
}
USERS = {"zhang@x.cn": {"民政", "公开"}, "li@x.cn": {"水务", "公开"}}
TOKENS = {"张的令牌": "zhang@x.cn", "李的令牌": "li@x.cn"}


def told(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def write_rights(home: Path, folder: Path, **more: str) -> None:
    groups = {
        "民政": f'folders = ["{folder}/民政"]',
        "水务": 'tags = ["水"]',
        "公开": f'folders = ["{folder}/公开"]',
        **more,
    }
    lines = [f'[groups."{name}"]\n{text}' for name, text in groups.items()]
    lines.append('[tags]\n"水" = ["*/水务/*"]')
    readers = {"*": ["公开"], **{name: sorted(groups) for name, groups in USERS.items()}, "chief@x.cn": ["全部"]}
    lines.append(
        "[readers]\n" + "\n".join(f'"{name}" = {json.dumps(own, ensure_ascii=False)}' for name, own in readers.items())
    )
    for token, name in TOKENS.items():
        digest = hashlib.sha256(token.encode()).hexdigest()
        own = json.dumps(sorted(USERS[name]), ensure_ascii=False)
        lines.append(f'[[tokens]]\nname = "{name}"\nsha256 = "{digest}"\ngroups = {own}')
    (home / "rights.toml").write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rights")
    for group, text in TEXTS.items():
        (folder / group).mkdir()
        (folder / group / f"{group}.txt").write_text(text, encoding="utf-8")
    (folder / "home").mkdir()
    write_rights(folder / "home", folder)
    return folder


@pytest.fixture(scope="module")
def service(folder: Path) -> Iterator[Service]:
    made = Service(Settings(home=folder / "home", file_seconds=0, server_token="全部的令牌"))  # noqa: S106
    assert made.ingest([folder / group for group in TEXTS])["added"] == 3
    yield made
    made.close()


def of(service: Service, user: str) -> Service:
    rights = Rights.load(service.settings.home)
    assert rights is not None
    return service.seen_by(rights.of_reader(user))


def _faces(seen: Service, ids: list[str], folder: Path) -> Iterator[tuple[str, str]]:
    """What every face says; what is asked for may come back, so it is never one of the words looked for."""
    for name, call in {
        "documents": seen.documents,
        "topics": seen.topics,
        "evolution": seen.evolution,
        "basis": seen.basis,
        "agencies": seen.agencies,
        "picture": lambda: seen.agency_picture(everything=True),
        "assignments": seen.assignments,
        "notices": seen.notices,
        "status": seen.status,
        "counterparts": seen.counterparts,
        "generation": seen.generation,
    }.items():
        yield name, told(call())
    for ident in ids:
        for name, one in {
            "document": seen.document,
            "text": seen.text,
            "reading": seen.reading,
            "highlights": seen.highlights,
            "related": seen.related_documents,
            "basis of": lambda ident: seen.basis(document=ident),
            "context": lambda ident: seen.passage_context(ident, 0, 40),
            "original": seen.original,
            "similar": lambda ident: seen.similar_passages(ident, 0, 40),
            "counterparts of": seen.counterparts,
        }.items():
            try:
                yield name, told(one(ident))
            except PolicyKGError as error:
                yield f"{name} (refused)", error.message
    for words in ("活动", "通知 街镇", "日", "上海市", "局"):
        yield "search", told(seen.search(words, top=50))
        yield "facets", told(seen.search_facets(words))
    for question in (
        "开展过哪些活动？",
        "有哪些单位负责活动？",
        "各区开展过什么日活动",
        "哪些文件引用了政策？",
        "2022年有什么活动",
        "共服务多少人",
    ):
        answer = seen.ask(question)
        yield "ask", told(answer)
        yield "file", answer_file(seen, answer, "md").decode()
    for query in (
        "SELECT * { ?s ?p ?o }",
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        "SELECT (COUNT(*) AS ?n) { ?d a pkg:Document }",
    ):
        yield "sparql", told(seen.sparql(query))
    for saved in seen.saved_queries():
        yield f"saved {saved['name']}", told(seen.sparql(seen.saved_query(saved["name"])))
    for what, format_ in (("graph", "nq"), ("agencies", "graphml")):
        seen.export(what, format_, folder / "out")
        yield "export", (folder / "out").read_text(encoding="utf-8")
    for name in ("某某局", "某某日", "d-0000"):
        for call in (seen.agency, seen.evolution, seen.document):
            try:
                yield "unknown", told(call(name))
            except PolicyKGError as error:
                yield "unknown", error.message


@pytest.mark.parametrize("user", [*USERS, "nobody@x.cn"])
def test_every_face_tells_of_ones_own_alone(service: Service, folder: Path, tmp_path: Path, user: str) -> None:
    groups = USERS.get(user, {"公开"})
    seen = of(service, user)
    ids = [item["id"] for item in service.documents()]
    assert len(ids) == 3
    alien = [word for group in TEXTS.keys() - groups for word in WORDS[group]]
    heard = {}
    for face, text in _faces(seen, ids, tmp_path):
        if found := [word for word in alien if word in text]:
            heard[face] = found
    assert heard == {}
    assert len(seen.documents()) == len(groups)
    assert seen.generation()["documents"] == len(groups)
    assert seen.sparql("SELECT (COUNT(?d) AS ?n) { ?d a pkg:Document }")["rows"] == [[len(groups)]]
    everything = "".join(text for _, text in _faces(seen, ids, tmp_path))
    assert [word for group in groups for word in WORDS[group] if word not in everything] == []


def test_others_documents_are_as_unknown_as_those_that_are_not_held(service: Service) -> None:
    (alien,) = (item["id"] for item in service.documents() if "水务" in item["source"])
    seen = of(service, "zhang@x.cn")
    messages = []
    for name in (alien, "d-" + "0" * 20):
        with pytest.raises(UsageError) as refused:
            seen.document(name)
        messages.append(refused.value.message.replace(name, "…"))
    assert messages[0].partition("。")[0] == messages[1].partition("。")[0]
    assert alien not in messages[1]


@pytest.mark.parametrize(
    ("word", "nowhere"),
    [
        ("玛瑙清洁日", "砗磲清洁日"),
        ("《玛瑙整治规划》", "《砗磲整治规划》"),
        ("82282282", "82282283"),
        ("玛瑙", "砗磲"),
    ],
)
def test_what_is_anothers_is_told_of_as_if_it_were_nowhere(service: Service, word: str, nowhere: str) -> None:
    seen = of(service, "zhang@x.cn")
    (own,) = (item["id"] for item in seen.documents() if "民政" in item["source"])
    asked = (
        "{}由谁负责？",
        "哪些文件提到{}？",
        "有多少份文件引用了{}？",
        "崇明区{}有哪些活动？",
        "除了{}还有哪些活动？",
    )
    faces = {
        **{form: lambda w, form=form: seen.ask(form.format(w)) for form in asked},
        "after": lambda w: seen.ask("那2022年呢？", previous=f"{w}由谁负责？"),
        "facets": seen.search_facets,
        "note": seen.search_note,
        "agency of a search": lambda w: seen.search("活动", agency=w),
        "theme of a search": lambda w: seen.search("活动", theme=w),
        "document": seen.document,
        "original": seen.original,
        "compare": lambda w: seen.compare(own, w),
        "related": seen.related_documents,
        "counterparts": seen.counterparts,
        "evolution": seen.evolution,
        "basis of a document": lambda w: seen.basis(document=w),
        "basis of a policy": lambda w: seen.basis(policy=w),
        "agency": seen.agency,
        "path": lambda w: seen.agency_path("上海市金山区民政局", w),
        "picture": lambda w: seen.agency_picture(centre=w),
        "assignments": lambda w: seen.assignments(name=w),
        "tasks": lambda w: seen.tasks(words=w),
        "literals": lambda w: seen.sparql(f'SELECT ?s {{ ?s ?p ?o FILTER(CONTAINS(STR(?o), "{w}")) }}'),
    }

    def heard(call: Any, asked: str) -> str:
        try:
            answer = call(asked)
        except PolicyKGError as error:
            answer = [type(error).__name__, error.message]
        if isinstance(answer, dict):
            answer.pop("elapsed_ms", None)
        return told(answer).replace(asked, "…").replace(asked.strip("《》"), "…")

    assert {name for name, call in faces.items() if heard(call, word) != heard(call, nowhere)} == set()


def test_who_may_see_all_sees_all_and_nothing_of_the_house_is_for_the_others(service: Service, tmp_path: Path) -> None:
    assert of(service, "chief@x.cn") is service
    seen = of(service, "li@x.cn")
    for call in (
        seen.rebuild,
        seen.check,
        seen.audit,
        lambda: seen.backup(tmp_path / "b.zip"),
        lambda: seen.remove(["x"]),
        lambda: seen.original(seen.documents()[0]["id"]),  # with its contacts, and with the other parts of its file
    ):
        with pytest.raises(NotAllowed):
            call()
    with pytest.raises(NotAllowed):
        seen.staying().ingest([tmp_path])
    with pytest.raises(NotAllowed):
        seen.with_contacts().rebuild()


def test_the_server_goes_by_the_token(service: Service) -> None:
    ids = [item["id"] for item in service.documents()]
    quoted = urllib.parse.quote
    paths = [
        "/api/documents",
        "/api/agencies",
        "/api/series",
        "/api/status",
        "/api/export/graph",
        f"/api/search?q={quote_all('活动')}&top=50",
        f"/api/ask?q={quote_all('开展过哪些活动？')}",
        "/sparql?query=" + quoted("SELECT * { GRAPH ?g { ?s ?p ?o } }"),
        *(f"/api/documents/{name}{tail}" for name in ids for tail in ("", "/text")),
    ]
    with running(create_app(service)) as client:
        assert client("/api/documents").status == 401
        assert client("/api/documents", headers=bearer("一个错的令牌")).status == 401
        assert len(client("/api/documents", headers=bearer("全部的令牌")).json()) == 3
        tags = set()
        for token, user in TOKENS.items():
            own = client("/api/documents", headers=bearer(token))
            assert len(own.json()) == 2
            assert own.headers["x-total-count"] == "2"
            tags.add(own.headers["etag"])
            alien = [w for group in TEXTS.keys() - USERS[user] for w in WORDS[group]]
            assert client("/metrics", headers=bearer(token)).status == 403
            for path in paths:
                reply = client(path, headers=bearer(token))
                assert reply.status in (200, 404), path
                assert [word for word in alien if word in reply.text] == [], path
        assert len(tags) == 2, "an answer of one must not stand for that of another"
    assert "zhang@x.cn" in {entry["actor"] for entry in service.audit() if entry["action"] == "export"}


def quote_all(text: str) -> str:
    return urllib.parse.quote(text, safe="")


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": b"Bearer ".decode() + token.encode().decode("latin-1")}


def test_documents_that_come_go_and_move_follow_their_folder(service: Service, folder: Path, tmp_path: Path) -> None:
    del service
    home = tmp_path / "home"
    home.mkdir()
    for group, text in TEXTS.items():
        (tmp_path / group).mkdir()
        (tmp_path / group / f"{group}.txt").write_text(text, encoding="utf-8")
    write_rights(home, tmp_path)
    own = Service(Settings(home=home, file_seconds=0, embedder="none"))
    own.ingest([tmp_path / "公开"])
    assert len(of(own, "zhang@x.cn").documents()) == 1
    own.ingest([tmp_path / "民政", tmp_path / "水务"])
    assert len(of(own, "zhang@x.cn").documents()) == 2
    (tmp_path / "民政" / "民政.txt").rename(tmp_path / "水务" / "民政.txt")
    own.sync(tmp_path / "水务")
    assert len(of(own, "zhang@x.cn").documents()) == 1
    assert not of(own, "zhang@x.cn").sparql("SELECT ?x { ?x dcterms:title ?t FILTER(CONTAINS(?t, '琥珀')) }")["rows"]
    assert len(of(own, "li@x.cn").documents()) == 3
    own.remove([str(tmp_path / "公开" / "公开.txt")])
    assert of(own, "zhang@x.cn").documents() == []
    write_rights(home, tmp_path, 财政="folders = []")  # other rights: nothing is shown until indexes are of these
    with pytest.raises(EnvironmentProblem, match="重建索引"):
        of(own, "zhang@x.cn").documents()
    own.rebuild()
    assert len(of(own, "li@x.cn").documents()) == 2
    (home / "rights.toml").write_text("[readers]\n'a' = ['没有的组']", encoding="utf-8")
    with pytest.raises(UsageError, match="没有定义"):
        Rights.load(home)
    own.close()


def test_what_people_stated_is_for_those_who_have_what_it_is_of(service: Service, folder: Path) -> None:
    del folder
    body = service.document("水务.txt")["issuers"][0]["name"]
    done = service.correct(
        [
            {"action": "correct", "document": "民政.txt", "path": "document", "values": {"theme": "琥珀主题"}},
            {"action": "other-name", "kind": "body", "name": body, "other": "玛瑙老局"},
        ]
    )
    service.keep_question("琥珀服务日活动由谁负责？")
    zhang, li = of(service, "zhang@x.cn"), of(service, "li@x.cn")
    labels = "SELECT ?n WHERE { ?b skos:altLabel ?n }"
    assert len(service.corrections()) == 2
    for seen, kind, others in ((zhang, "document", "水务"), (li, "body", "民政")):
        assert [each["kind"] for each in seen.corrections()] == [kind]
        assert seen.kept_questions() == []
        assert seen.overview()["reviewed"] == 1
        shown = told([seen.corrections(), seen.review_queue(), seen.overview(), seen.tasks(), seen.gold()])
        shown += told(seen.sparql(labels))
        assert not [word for word in WORDS[others] if word in shown]
        for refused in (
            lambda seen=seen: seen.correct([]),
            lambda seen=seen: seen.undo_correction(done["corrections"][0]["id"]),
            lambda seen=seen: seen.publish_corrections(),
            lambda seen=seen: seen.keep_question("有哪些活动？"),
        ):
            with pytest.raises(NotAllowed):
                refused()
    assert "玛瑙老局" in told(li.sparql(labels))
    for each in done["corrections"]:
        service.undo_correction(each["id"])
    assert zhang.corrections() == li.corrections() == []
