"""Settings: environment beats file beats default. The documentation lists them from here.

Names in the environment carry the prefix `POLICYKG_`; a `policykg.toml` in the home folder may hold the same
names in lower case without the prefix. Plain dataclass and `tomllib`: a settings library costs 0.2 s at each
start of the command (docs/decisions/0002).
"""

from __future__ import annotations

import dataclasses
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.core.errors import UsageError
from kg.core.ids import DEFAULT_BASE


def _setting(default: Any, help_: str) -> Any:  # a field with its help text
    return field(default=default, metadata={"help": help_})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a site may set."""

    home: Path = _setting(Path("indexes"), "索引所在文件夹")
    ontology: str = _setting("", "自有本体文件（.ttl）或其文件夹，多个用 : 分隔；与内置数据一起参与识别")
    base_iri: str = _setting(DEFAULT_BASE, "实体 IRI 的前缀")
    embedder: str = _setting("default", "向量模型：default 为内置静态模型，或 sentence-transformers 模型的名称或路径")
    workers: int = _setting(1, "入库时并行的进程数")
    max_file_mb: int = _setting(100, "单个文件大小上限（MB）")
    lock_seconds: float = _setting(30.0, "等待另一写入进程的秒数")
    query_seconds: float = _setting(20.0, "一次 SPARQL 查询的时限（秒）")
    query_rows: int = _setting(100_000, "一次 SPARQL 查询返回的行数上限")
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
        return cls(**{name: _convert(name, known[name].default, value) for name, value in values.items()})


def _convert(name: str, default: Any, value: Any) -> Any:
    try:
        return type(default)(value) if not isinstance(default, Path) else Path(value)
    except (TypeError, ValueError) as error:
        raise UsageError(f"设置 {name} 的值“{value}”无效，应为 {type(default).__name__}") from error
