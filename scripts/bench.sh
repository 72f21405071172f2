#!/usr/bin/env bash
# Measures the measurements in docs/contributors.md, on this machine, in one run: start to first answer, a page from memory, serving beside nginx and hyper alone, an edit to
# the changed page, stop, the experiment of the RAdam article, training beside what the machine's matrix product allows, and
# the step of each optimizer beside a bare loop over its arrays; where PyTorch is installed, the same by PyTorch; an invented archive of up to 10,000
# events built beside Hugo, where that is installed, and edited.
# Nothing here passes or fails.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --locked --quiet --bins --examples
python3 scripts/bench.py target/release/vdlm
python3 scripts/bench_serving.py target/release/vdlm target/release/examples/bare_hyper
python3 scripts/archive.py target/release/vdlm target/release/examples/synthetic
cargo bench --locked --quiet --bench training --bench optim
python3 benches/training.py
