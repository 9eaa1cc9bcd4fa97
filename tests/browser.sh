#!/usr/bin/env bash
# What the tests need of the system: Debian's chromium, a font with Chinese characters, LibreOffice, which makes
# the .doc, .pdf and .html of the tests as offices do (20 s to install, 86 MB), and Virtuoso, an endpoint for the graph
# (5 s, 40 MB).
set -euo pipefail

missing=()
command -v chromium >/dev/null || missing+=(chromium)
# fontconfig comes with chromium; before that no font can be listed anyway
if ! command -v fc-list >/dev/null || [ -z "$(fc-list :lang=zh family)" ]; then
  missing+=(fonts-wqy-microhei)
fi
command -v soffice >/dev/null || missing+=(libreoffice-writer-nogui)
command -v virtuoso-t >/dev/null && command -v isql-vt >/dev/null || missing+=(virtuoso-opensource-7-bin)
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "测试缺少：${missing[*]}。请由管理员安装（Debian：apt-get install ${missing[*]}），再运行 make test" >&2
  exit 2
fi
echo "正在安装测试所需：${missing[*]} …" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "安装 ${missing[*]} 失败，原因见上" >&2
  exit 2
fi
