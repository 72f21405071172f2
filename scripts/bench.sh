#!/usr/bin/env bash
# Measures what README claims of speed, on this machine, in one run: start to first answer, a page from memory, an edit to
# the changed page, stop, the experiment of the RAdam article, training beside what the machine's matrix product allows, and
# the step of each optimizer beside a bare loop over its arrays; where PyTorch is installed, the same by PyTorch.
# Nothing here passes or fails.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --locked --quiet
python3 scripts/bench.py target/release/vdlm
cargo bench --locked --quiet --bench training --bench optim
python3 benches/training.py
