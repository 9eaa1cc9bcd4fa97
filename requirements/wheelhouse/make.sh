#!/usr/bin/env bash
# make.sh PYTHON FOLDER [SET...]: everything that a machine without a network needs to install policykg, in one folder.
# The sets are files of the lock beside this folder; run and extras (scans, login) unless others are named.
set -euo pipefail

python=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
folder=$2
shift 2
sets=("$@")
[ ${#sets[@]} -gt 0 ] || sets=(run extras)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
pip=("$python" -m pip --quiet --disable-pip-version-check)

rm -rf "$folder"
mkdir -p "$folder/wheels"
for set in "${sets[@]}"; do
  cp "$here/../$set.txt" "$folder/"
  # --no-deps: the lock names them all. No sources: they could not be built there.
  "${pip[@]}" download --require-hashes --no-deps --only-binary :all: -d "$folder/wheels" -r "$folder/$set.txt"
  if [ "$set" = models ]; then
    cp "$here/../torch.txt" "$folder/"
    # versions without hashes: with them pip wants one for torch too, which the lock leaves out
    grep -hoE '^[A-Za-z0-9_.-]+==[^ ;\\]+' "$here/../run.txt" "$here/../models.txt" >"$folder/versions"
    "${pip[@]}" download --only-binary :all: -d "$folder/wheels" -r "$folder/torch.txt" -c "$folder/versions"
    rm "$folder/versions"
  fi
done
"${pip[@]}" wheel --no-deps --no-build-isolation -w "$folder/wheels" "$here/../.."
cp "$here/install.sh" "$here/说明.md" "$folder/"
"$python" -c 'import platform, sys; print(f"{sys.version_info[0]}.{sys.version_info[1]} {sys.platform} {platform.machine()}")' >"$folder/machine"
(cd "$folder" && find . -type f ! -name SHA256SUMS | LC_ALL=C sort | xargs sha256sum >SHA256SUMS)
printf '安装包已备好：%s（%s，%s 个文件，用于 Python %s）。整个文件夹拷到目标机器后运行：bash install.sh\n' \
  "$folder" "$(du -sh "$folder" | cut -f1)" "$(find "$folder/wheels" -type f | wc -l)" "$(cat "$folder/machine")"
