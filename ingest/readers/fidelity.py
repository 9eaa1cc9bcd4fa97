"""What a file holds that did not come into the text, or came in another way than it was written: said, by part.

A reader notes each with a reason of `Why`; what follows from a reason (is it a notice, does it count as not read) is
decided here, once for all formats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum

from kg.core.model import Loss, Notice


class Why(StrEnum):
    """Why a part is not in the text as it stands in the file; the words are those that people read."""

    PICTURE = "图片中的文字未识别"
    LARGE_PICTURE = "图片较大，其中的文字未识别，请对照原件"
    CHART = "图表中的文字和数字未读入，请对照原件"
    EMBEDDED = "嵌入的文件未打开，请另存为单独的文件后入库"
    FOREIGN = "引入的部分无法读取，请在原软件中把它复制到正文后重新入库"
    NO_RESULT = "公式没有保存计算结果，请用 Excel 或 WPS 打开并保存后重新入库"
    UNMAPPED = "字体没有文字编码，无法读出，请对照原件或改用原始的 Word 文件"
    UNMAPPED_READ = "字体没有文字编码，由图片识别而来，可能有错字，请对照原件"
    FIELD = "域的内容没有保存为文字，请在 Word 中改为普通文字（选中后按 Ctrl+Shift+F9）并保存后重新入库"
    NUMBERING = "自动编号没有读入，请另存为 .docx 后重新入库"
    UNDECODED = "字节已损坏，无法解码"
    NO_TEXT = "没有文字（可能是扫描件），未读入"
    RECOGNISED = "文字由图片识别而来，可能有错字"
    BAD_PART = "这一部分已损坏，未读入，请用原软件打开并重新保存后重试"
    TOO_MANY = "超出读取上限，未读入，请拆分后重试"
    ATTACHMENT = "附件未打开，请另存为单独的文件后入库"
    HIDDEN = "已设为隐藏，不读入"
    INVISIBLE = "看不见的文字（隐形、与底色相同或在页面之外），不读入"
    COMMENT = "批注不是正文，不读入"
    REPEATED = "每页重复，或只有页码，不作为正文"
    ANNOTATION = "签章和注释不是正文，不读入"
    SLANTED = "斜排或竖排在页边的文字（水印、印章），不读入"
    FORM = "表单中填写的内容未读入，请打印成新的 PDF 后入库"
    FRAME = "网页中嵌入的另一页面未读入，请打开该页面另存后入库"
    SCRIPTED = "正文可能由脚本载入，不在网页文件中；请在浏览器中打开网页，待正文显示后复制到 Word 中保存后入库"
    PAGED = "网页只是全文的一页，请打开其余各页（或单页、全文显示）另存后一并入库"
    MEDIA = "音频、视频中的内容未读入"
    PLACEHOLDER = "提示填写的文字（单击此处输入），不读入"
    SPEAKER = "演讲者备注不是正文，不读入"
    REVISION = "有修订痕迹，按接受全部修订后的文字读入"
    NOTE_MARK = "注释序号，不作为正文的数字"


_MAY_HOLD_FACTS = frozenset(
    (
        Why.LARGE_PICTURE,
        Why.CHART,
        Why.EMBEDDED,
        Why.FOREIGN,
        Why.NO_RESULT,
        Why.UNMAPPED,
        Why.BAD_PART,
        Why.TOO_MANY,
        Why.ATTACHMENT,
        Why.FORM,
        Why.NUMBERING,
        Why.FIELD,
        Why.FRAME,
        Why.SCRIPTED,
        Why.PAGED,
    )
)
_READ = frozenset([Why.RECOGNISED, Why.REVISION, Why.NOTE_MARK, Why.UNMAPPED_READ])
_TOLD = frozenset([Why.REVISION, Why.UNMAPPED_READ])  # read, and still to be known; others have notices of their own


class Losses:
    """Counts parts while a file is read."""

    def __init__(self) -> None:
        self._found: Counter[tuple[str, Why]] = Counter()

    def add(self, part: str, why: Why, count: int = 1) -> None:
        """Note `count` more of a part (图片, 公式, 第 3 页)."""
        if count > 0:
            self._found[part, why] += count

    def add_pages(self, numbers: Sequence[int], why: Why) -> None:
        """Note pages (from 1, ascending) as one part: 第 1、3–5 页."""
        if numbers:
            self.add(f"第 {page_ranges(numbers)} 页", why, len(numbers))

    def include(self, losses: Iterable[Loss]) -> None:
        """Note what the reader of a part inside this file noted."""
        for loss in losses:
            self.add(loss.part, Why(loss.reason), loss.count)

    def losses(self) -> tuple[Loss, ...]:
        """All that was noted, in the order in which each was first met."""
        return tuple(Loss(part, count, str(why)) for (part, why), count in self._found.items())


def page_ranges(numbers: Iterable[int]) -> str:
    """1、3–5: ascending page numbers for people."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def is_unread(loss: Loss) -> bool:
    """Whether the words are not in the text; the others were read in a way that should be known."""
    return loss.reason not in _READ


def losses_to_notices(losses: Iterable[Loss]) -> list[Notice]:
    """A notice for each part that may hold facts, or that was read otherwise than it stands there."""
    out = []
    for loss in losses:
        if loss.reason == Why.NO_TEXT:
            out.append(Notice("pages-without-text", f"{loss.part}没有文字（可能是扫描件），其内容未读入"))
        elif loss.reason == Why.RECOGNISED:
            out.append(Notice("pages-recognised", f"{loss.part}的文字由图片识别而来，可能有错字，引用前请对照原件"))
        elif loss.reason in _MAY_HOLD_FACTS:
            out.append(Notice("not-read", f"{loss.part} {loss.count} 处未读入：{loss.reason}"))
        elif loss.reason in _TOLD:
            out.append(Notice("read-with-care", f"{loss.part} {loss.count} 处：{loss.reason}"))
    return out
