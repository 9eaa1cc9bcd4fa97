"""Files that hold several documents, in words of our own, and files that only look so."""

from __future__ import annotations

BODY = (
    "现将有关事项通知如下，请结合实际认真贯彻执行。\n"
    "一、开展{what}检查\n由{issuer}牵头，市直有关部门配合，6月底前完成。\n"
    "二、组织{what}培训\n由{issuer}负责，全年培训不少于3次，参训人员覆盖所有单位。\n"
)
LISTED = (
    "{n}.{issuer}关于做好{what}工作的通知（2031年{n}月8日）\n{number}各县（市、区）人民政府，市直各单位：\n"
    + BODY
    + "{issuer}\n2031年{n}月8日\n"
)
PLAIN = (
    "{issuer}关于做好{what}工作的通知\n{number}各县（市、区）人民政府，市直各单位：\n"
    + BODY
    + "{issuer}\n2031年{n}月8日\n"
)
LETTER = (
    "{issuer}文件\n{number}{issuer}关于做好{what}工作的通知\n各县（市、区）人民政府，市直各单位：\n"
    + BODY
    + "{issuer}\n2031年{n}月8日\n"
)
WHO = (
    ("岳阳市水务局", "岳水发〔2031〕5号\n", "防汛"),
    ("娄底市教育局", "娄教发〔2031〕12号\n", "校园食堂"),
    ("襄阳市司法局", "襄司发〔2031〕7号\n", "公证"),
    ("荆门市民政局", "荆民发〔2031〕9号\n", "养老服务"),
)


def documents(form: str, *, first: int = 1, of: int = 3, unnumbered: tuple[int, ...] = ()) -> str:
    """A file with `of` documents; those whose place is in `unnumbered` have no number of their own."""
    parts = (
        form.format(n=first + i, issuer=issuer, number="" if i in unnumbered else number, what=what)
        for i, (issuer, number, what) in enumerate(WHO[:of])
    )
    return "".join(parts)
