"""Forty contacts of nobody, in twenty-four shapes, and documents that hold them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

_SURNAMES = "王李赵钱孙周吴郑冯陈褚卫"
_GIVEN = ("翀霄", "昶", "燚阳", "垚", "骉", "淼之", "鑫磊", "犇", "羴", "晟睿")
SHAPES = (
    "联系人：{name}，电话：{mobile}。",
    "请于9月5日前将总结报区质量办（联系人：{name}，{bare}）。",
    "（联系人：区市场监管局质量科 {name}；联系电话：（021）{bare}）",
    "联 系 人：{spread}\n电    话：0571-{bare}转12\n",
    "{mobile_spaced}（{name}）为值班手机。",
    "请与市质量办{name}（{mobile}）联系。",
    "材料发至{mail}，收件人请写明单位。联络员：{name}。",
    "电子邮箱：{mail_at}；经办人：{name}",
    "微信：{account}，联系人：{name}。",
    "{name}\t110105{identity}\t+86 {mobile_dashed}",
    "填报人：{name}　手机：{mobile_wide}",
    "完成后报{name}同志，{mobile}，逾期不候。",
    "手机：{mobile_dotted}（{name}）。",
    "手机：{mobile_spelt}，对接人：{name}。",
    "电话：{mobile_han}，值班人员：{name}。",
    "联系人：{nick}，电话：{bare_pieces}。",
    "联系人：\n{name}\n\n电话：\n\n{bare}\n",
    "\n姓名  办公电话\n{name}  {bare}\n",
    "\n| 联系人 | 电话 |\n|---|---|\n| {name} | {bare} |\n",
    "加微信{account}入群；报名请致电{bare}找{name}。",
    "邮箱：{mail_han}；{name}",
    "电话：0086-21-{bare}、{short}（{name}）",
    "收件人：{name}，护照号：E{bare}",
    "领队：{name}（{mobile_stars}），家庭住址：{home}。",
)
STAY = ("12345", "12315", "举报电话：021-61110003", "沪市监质〔2024〕99号", "副市长龚大伟")


@dataclass(frozen=True)
class Secret:
    """One contact: the words that stand in its document, and what of it no face may show."""

    words: str
    hidden: tuple[str, ...]


def secrets() -> list[Secret]:
    """All forty."""
    out = []
    for number in range(40):
        given = _GIVEN[number % len(_GIVEN)]
        name = _SURNAMES[number % len(_SURNAMES)] + given + ("" if len(given) > 1 else "宸")
        last = f"{7310 + number * 13:04d}"
        mobile, bare = f"1371{number:03d}{last}", f"61{number:02d}{last}"
        account, identity = f"wx_secret{number:02d}", f"19800101{number:03d}2"
        values = {
            "name": name,
            "spread": "　".join((name[0], name[1:])),
            "mobile": mobile,
            "mobile_spaced": f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}",
            "mobile_dashed": f"{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}",
            "mobile_wide": "".join(chr(ord(c) + 0xFEE0) for c in mobile),
            "bare": bare,
            "mail": f"secret{number}@example.gov.cn",
            "mail_at": f"secret{number} AT example DOT cn",
            "account": account,
            "identity": identity,
            "mobile_dotted": f"{mobile[:3]}.{mobile[3:7]}.{mobile[7:]}",
            "mobile_spelt": " ".join(mobile),
            "mobile_han": "".join("零一二三四五六七八九"[int(c)] for c in mobile),
            "mobile_stars": f"{mobile[:3]}****{last}",
            "nick": f"小{name[0]}",
            "bare_pieces": f"{bare[:4]} {bare[4:6]} {bare[6:]}",
            "mail_han": f"secret{number}艾特example点cn",
            "short": f"8{number:03d}31",
            "home": f"青浦区秘密路{number}弄9号",
        }
        shape = SHAPES[number % len(SHAPES)]
        kept = {
            "spread": (name, name[1:]),
            "mobile_wide": (mobile,),
            "mail": (f"secret{number}@",),
            "mail_at": (f"secret{number} AT",),
            "mobile_spelt": (mobile,),
            "mobile_han": (mobile,),
            "bare_pieces": (bare,),
            "mail_han": (f"secret{number}艾特",),
        }
        used = [key for key in values if "{" + key + "}" in shape]
        hidden = [form for key in used for form in (values[key], *kept.get(key, ()))]
        out.append(Secret(shape.format(**values), tuple(hidden)))
    return out


def write_documents(folder: Path) -> list[Path]:
    """Documents of five formats that hold all contacts between them, and what must stay."""
    import docx
    import openpyxl

    found = secrets()
    parts = [found[number::5] for number in range(5)]
    files = []
    for number, (suffix, part) in enumerate(zip((".txt", ".md", ".html", ".docx", ".xlsx"), parts, strict=True)):
        lines = _lines(number, part)
        path = folder / f"通知{number}{suffix}"
        if suffix == ".docx":
            document = docx.Document()
            for line in lines:
                document.add_paragraph(line)
            document.save(str(path))
        elif suffix == ".xlsx":
            book = openpyxl.Workbook()
            for line in lines:
                book.active.append(line.split("\t"))
            buffer = io.BytesIO()
            book.save(buffer)
            path.write_bytes(buffer.getvalue())
        elif suffix == ".html":
            body = "".join(f"<p>{line}</p>" for line in lines)
            path.write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
        else:
            path.write_text("\n".join(lines), encoding="utf-8")
        files.append(path)
    return files


def _lines(number: int, part: list[Secret]) -> list[str]:
    tasks = [
        f"（{n}）开展第{n}项质量宣传活动。各单位应于9月{n}日前完成，培训{n}00人。（区市场监管局）{secret.words}"
        for n, secret in enumerate(part, start=1)
    ]
    lines = [
        f"青浦区市场监督管理局关于开展{2020 + number}年质量月活动的通知",
        "沪市监质〔2024〕99号",
        "各有关单位：",
        "为贯彻落实《质量强国建设纲要》，副市长龚大伟部署，现将有关事项通知如下。",
        "一、活动安排",
        *tasks,
        "二、其他事项",
        "咨询请拨打12345、12315。举报电话：021-61110003。",
        "青浦区市场监督管理局",
        f"{2020 + number}年8月20日",
    ]
    return [piece for line in lines for piece in line.split("\n")]
