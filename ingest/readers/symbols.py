"""Characters of symbol fonts as the marks that they print: a check box of Wingdings is □ or ☑.

Fonts: Wingdings, Wingdings 2, Symbol (the tables of Unicode's archive, VENDORS/ADOBE/symbol.txt and
L2/11-052). Only marks that change the meaning of a text are listed: boxes, ticks, arrows, signs of mathematics.
"""

from __future__ import annotations

_WINGDINGS = {
    0x6C: "●", 0x6D: "○", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "□", 0x72: "□", 0x75: "◆", 0x77: "◆",
    0x78: "☒", 0xA1: "○", 0xA8: "□", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "→",
    **{0x81 + n: chr(0x2460 + n) for n in range(10)},  # ① to ⑩
    **{0x8C + n: chr(0x2776 + n) for n in range(10)},  # ❶ to ❿
}  # fmt: skip
_WINGDINGS_2 = {
    0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x55: "⊗",
    0x2A: "□", 0x30: "□", 0x35: "□", 0xA3: "□", 0xA2: "■", 0x98: "●", 0x99: "○",
    **{0x6A + n: chr(0x2460 + n) for n in range(10)},
}  # fmt: skip
_SYMBOL = {
    0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB3: "≥",
    0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xB7: "·", 0xBC: "…", 0xD6: "√", 0xE5: "∑", 0xD7: "·",
    0x61: "α", 0x62: "β", 0x67: "γ", 0x64: "δ", 0x65: "ε", 0x71: "θ", 0x6C: "λ", 0x6D: "μ", 0x70: "π", 0x72: "ρ",
    0x73: "σ", 0x74: "τ", 0x66: "φ", 0x77: "ω", 0x44: "Δ", 0x53: "Σ", 0x57: "Ω", 0x25: "%",
}  # fmt: skip
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}
_PRIVATE = range(0xF000, 0xF100)  # where the characters of symbol fonts are kept
UNKNOWN = "▯"  # a mark stands here that is not known


def is_symbol_font(font: str | None) -> bool:
    """Whether the characters of a font are marks, whatever letters stand in the file."""
    name = (font or "").strip().lower()
    return name in _FONTS or name.startswith(("wingdings", "webdings", "marlett"))


def symbol(font: str | None, code: int) -> str:
    """The mark of a character of a symbol font.

    symbol("Wingdings 2", 0xF052)  # ☑
    """
    if code >= 0x100 and code not in _PRIVATE:
        return chr(code)  # no symbol font has it: another font shows it
    low = code - _PRIVATE.start if code in _PRIVATE else code
    name = (font or "").strip().lower()
    if low in _FONTS.get(name, {}):
        return _FONTS[name][low]
    if low <= ord("@") and (name == "symbol" or low == ord(" ")):
        return chr(low)  # digits and points look as in any font
    return UNKNOWN if code in _PRIVATE or is_symbol_font(font) else chr(code)


def symbols(font: str | None, words: str) -> str:
    """Words that are set in a symbol font."""
    return "".join(symbol(font, ord(char)) for char in words)
