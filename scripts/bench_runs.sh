#!/usr/bin/env bash
# Measures whether pages suffer from runs of the lab: requests a second and latencies of a page while nothing is run, and while a run keeps
# every core busy, in turns and several rounds. Needs wrk. Nothing here passes or fails.
# Measure on a machine that does nothing else: Linux shares cores between sessions first (autogroup), and where others are busy, a run uses
# up the share of the session that serves.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --locked --quiet
python3 scripts/bench_runs.py "${CARGO_TARGET_DIR:-target}/release/vdlm"
