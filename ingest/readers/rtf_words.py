"""The control words of rich text: which groups hold no words, what others print, code pages of fonts."""

from __future__ import annotations

# Groups that hold no words of the document.
GONE = frozenset(
    b"fonttbl colortbl stylesheet info pict themedata colorschememapping datastore latentstyles listtable "
    b"listoverridetable rsidtbl generator xmlnstbl mmathPr fldinst objdata objclass annotation atnid atnauthor "
    b"atnref atndate atnicn bkmkstart bkmkend filetbl revtbl pgptbl shppict nonshppict sp pn template "
    b"passwordhash wgrffmtfilter docvar comment".split()
)
FRAMES = frozenset([b"header", b"footer", b"headerr", b"headerl", b"footerr", b"footerl"])
KEPT_STARRED = frozenset([b"shptxt", b"shpinst", b"fldrslt", b"footnote", b"headerf", b"footerf"])
PLAIN = {
    b"tab": " ", b"line": "\n", b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“",
    b"rdblquote": "”", b"bullet": "•", b"emspace": " ", b"enspace": " ", b"qmspace": " ",
}  # fmt: skip
CHARSETS = {
    0: "cp1252", 2: "symbol", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs",
    161: "cp1253", 162: "cp1254", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250",
}  # fmt: skip
ROWS = frozenset([b"trowd", b"cellx", b"clmrg", b"clvmrg"])
