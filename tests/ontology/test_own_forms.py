"""A site's own forms: read with everything, in a folder of their own, and again when they change."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

from ingest.pipeline import read_document
from kg.core.config import Settings
from kg.graph.rdf import Quad
from kg.graph.reference import reference_to_quads
from ontology.forms import load
from ontology.reference import load_reference, version_of

PAGE = """<html><body><h1>关于开展读书活动的通知</h1><div>
<p>各单位：</p><p>为推动阅读，现将有关事项通知如下，请认真执行。</p><p>扫码关注本栏目更多内容</p>
<p>一、各单位要组织读书活动，及时报送总结。</p></div></body></html>""".encode()
WORD = '[[form]]\nname = "web.furniture"\npattern = "{}"\nmatch = "start"\n'


def own(folder: Path, text: str) -> str:
    (folder / "forms").mkdir(parents=True, exist_ok=True)
    file = folder / "forms" / "a.toml"
    file.write_text(text, encoding="utf-8")
    stamp = 1_900_000_000 + len(text)
    os.utime(file, (stamp, stamp))
    return str(folder)


def text_of(setting: str) -> str:
    return read_document(PAGE, source="a.html", document_id="d-1", reference=load_reference(setting)).text


def test_a_form_of_the_site_is_read_by(tmp_path: Path) -> None:
    assert "扫码关注" in text_of("")
    setting = own(tmp_path, WORD.format("扫码关注"))
    assert "扫码关注" not in text_of(setting)
    assert "扫码关注" in text_of("")


def test_a_changed_form_is_read_again(tmp_path: Path) -> None:
    setting = own(tmp_path, WORD.format("没有这样的话"))
    first = load_reference(setting)
    assert "扫码关注" in text_of(setting)
    own(tmp_path, WORD.format("扫码关注"))
    second = load_reference(setting)
    assert second.version == version_of(setting) != first.version
    assert second.forms is not first.forms
    assert "扫码关注" not in text_of(setting)


def test_a_folder_may_hold_forms_alone_and_counts_once(tmp_path: Path) -> None:
    setting = own(
        tmp_path / "ontology", '[[form]]\nname = "label.unit"\nwords = ["承接专班"]\nexamples = ["承接专班"]\n'
    )
    assert load(f"{setting}:{setting}").words("label.unit").count("承接专班") == 1
    assert Settings.load(home=tmp_path, environ={}).ontology == setting


def test_forms_travel_to_other_processes(tmp_path: Path) -> None:
    forms = load(own(tmp_path, WORD.format("扫码关注")))
    copy = pickle.loads(pickle.dumps(forms))  # noqa: S301 - ours
    assert copy.pattern("web.furniture").pattern == forms.pattern("web.furniture").pattern
    assert load() is load("")


def test_a_county_that_the_site_describes_is_left_to_it(tmp_path: Path) -> None:
    file = tmp_path / "own.ttl"
    file.write_text(
        "@prefix pkg: <https://w3id.org/policykg/ontology#> . @prefix schema: <https://schema.org/> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @base <https://w3id.org/policykg/id/> .\n"
        '<place/浙江省嘉兴市嘉善县> a schema:AdministrativeArea ; skos:prefLabel "嘉善县"@zh ; pkg:placeLevel "区" ;'
        " schema:containedInPlace <place/浙江省嘉兴市> .\n",
        encoding="utf-8",
    )
    reference = load_reference(str(file))
    quads = [q for _, found in reference_to_quads(reference.files, reference.places) for q in found]

    def levels(place: str) -> list[Quad]:
        return [q for q in quads if q.subject.endswith(f"place/{place}") and q.predicate.endswith("placeLevel")]

    assert [getattr(q.object, "lexical", "") for q in levels("浙江省嘉兴市嘉善县")] == ["区"]
    assert len(levels("浙江省嘉兴市平湖市")) == 1
