# แผนที่สังคม / Social Map. `make help` lists what can be made.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv/bin

# A full set of boundaries lying beside the project is loaded at the first start; make demo BOUNDARIES=file.gpkg loads
# another one, then or later.
BESIDE := $(wildcard ../shared/boundaries/tha_admin.gpkg)

.PHONY: help setup demo serve test lint types proof bench uninstall

help:  ## รายการคำสั่ง / This list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */  make \1\t/' | expand -t 20

setup:  ## ติดตั้งสิ่งที่ขาด / Install what is missing
	@.ci/setup

demo:  ## ติดตั้ง วาดแผนที่ทุกจังหวัด และเปิดให้ดู / Set up, draw the maps of all provinces, serve them
	@.ci/setup
	@$(if $(BESIDE),BOUNDARIES="$(BESIDE)") exec $(VENV)/socialmap demo $(if $(BOUNDARIES),--boundaries "$(BOUNDARIES)")

serve:  ## เปิดแผนที่ที่มีอยู่ / Serve what is loaded
	@.ci/setup
	@exec $(VENV)/socialmap serve

test:  ## ติดตั้งและทดสอบทุกชนิด / Set up and run the tests, browser included
	@.ci/setup --tests
	@$(MAKE) --no-print-directory lint
	$(VENV)/pytest -rs -n 2 --dist loadfile

lint:  ## ตรวจรูปแบบโค้ด / Check style and the imports between rings
	$(VENV)/ruff check .
	$(VENV)/lint-imports

types:  ## ตรวจชนิดข้อมูล / Check types
	$(VENV)/mypy

proof:  ## ทดสอบระยะยาว ทั้งประเทศ / The long tests: whole country, a million points, load
	@.ci/setup --tests
	$(VENV)/pytest -rs -m proof
	HYPOTHESIS_PROFILE=searching $(VENV)/pytest -rs -m "hypothesis and not proof and not bench"

bench:  ## วัดความเร็วและขนาด / Measure speed and size, print ratios
	@.ci/setup --tests
	$(VENV)/pytest -rs -s -m bench

uninstall:  ## ลบสิ่งที่ติดตั้งในโฟลเดอร์นี้ / Remove what was made in this folder
	@.ci/uninstall
