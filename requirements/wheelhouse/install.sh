#!/usr/bin/env bash
# 在不联网的机器上安装 policykg。用法：bash install.sh [虚拟环境所在文件夹，默认 ./policykg]
set -euo pipefail

target=${1:-$PWD/policykg}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PYTHON=${PYTHON:-python3}
refuse() { echo "未能安装：$1" >&2; exit 2; }

command -v "$PYTHON" >/dev/null || refuse "没有找到 $PYTHON。请先安装 Python $(cut -d' ' -f1 "$here/machine")，或用 PYTHON=python的路径 指定"
made=$(cat "$here/machine")
this=$("$PYTHON" -c 'import platform, sys; print(f"{sys.version_info[0]}.{sys.version_info[1]} {sys.platform} {platform.machine()}")')
[ "$made" = "$this" ] || refuse "安装包用于 Python $made，本机是 Python $this。请换用同版本的 Python（PYTHON=路径），或在同样的机器上重新备包"
(cd "$here" && sha256sum --quiet -c SHA256SUMS >&2) || refuse "有文件缺失或损坏（见上），请重新拷贝"

"$PYTHON" -m venv "$target" || refuse "无法建立虚拟环境 $target；Debian、Ubuntu 请先安装 python3-venv"
# --isolated：不受本机 pip 设置影响；--no-index：只用本文件夹中的文件
pip=("$target/bin/python" -m pip --isolated --quiet --disable-pip-version-check install --no-index --no-deps --find-links "$here/wheels")
for lock in "$here"/*.txt; do
  case $lock in
    */torch.txt) "${pip[@]}" -r "$lock" ;;
    *) "${pip[@]}" --require-hashes -r "$lock" ;;
  esac
done
"${pip[@]}" "$here"/wheels/policykg-*.whl
"$target/bin/python" -m pip --isolated --disable-pip-version-check check >&2
printf '已安装到 %s。试一试：%s/bin/policykg demo\n' "$target" "$target"
