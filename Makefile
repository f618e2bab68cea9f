# Two commands do everything: `make demo` and `make test`. Both set up .venv first,
# and again only when requirements.txt has changed.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
RUN := .venv/bin/python -m

DEMO := runs/demo
PEOPLE := runs/people
# A person never seen in training, and the pose of another picture of another one.
SOURCE = $(shell ls $(PEOPLE)/bounding_box_test | head -n 1)
TARGET = $(shell ls $(PEOPLE)/bounding_box_test | tail -n 1)

.PHONY: demo test lint setup clean_demo

setup: .venv/requirements.installed

.venv/requirements.installed: requirements.txt
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
	cp requirements.txt $@

# The main job end to end, on drawn people: data, training, evaluation on people never
# seen, export, one picture, and a report. Stopped and started again, it goes on.
demo: setup $(PEOPLE).png
	$(RUN) keras_posegan.train --flagfile=flags/demo.flags --run_dir=$(DEMO)
	$(RUN) keras_posegan.evaluate --run_dir=$(DEMO)
	rm -rf $(DEMO)/posegan
	$(RUN) export.saved_model --run_dir=$(DEMO) --export_dir=$(DEMO)/posegan
	$(RUN) keras_posegan.generate --run_dir=$(DEMO) --overwrite \
	    --source=$(PEOPLE)/bounding_box_test/$(SOURCE) \
	    --source_keypoints=$(PEOPLE)/market-annotation-test.csv \
	    --target_keypoints=$(PEOPLE)/market-annotation-test.csv:$(TARGET) \
	    --output=$(DEMO)/generated.png
	$(RUN) tools.synthesize_motion --motion=turn --output=$(DEMO)/turn.json
	$(RUN) keras_posegan.animate --run_dir=$(DEMO) --overwrite --strip --scale=2 \
	    --source=$(PEOPLE)/bounding_box_test/$(SOURCE) \
	    --source_keypoints=$(PEOPLE)/market-annotation-test.csv \
	    --poses=$(DEMO)/turn.json --output=$(DEMO)/moving.webp
	$(RUN) tools.report --run_dir=$(DEMO)
	@echo
	@echo "Look at $(DEMO)/report.html"

# The contact sheet is written last: where it stands, the people are complete.
$(PEOPLE).png: | .venv/requirements.installed
	@mkdir -p $(@D)
	$(RUN) tools.synthesize_people --output_dir=$(PEOPLE) --test_identities=10 \
	    --contact_sheet=$@

clean_demo:
	rm -rf $(DEMO) $(PEOPLE) $(PEOPLE).png

test: setup
	$(RUN) pytest

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
