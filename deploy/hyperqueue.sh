#!/bin/bash
# A sweep as a HyperQueue array, one shard per task:
#
#   SWEEP=sweep.yaml STORE=/shared/parts SHARDS=16 deploy/hyperqueue.sh
set -euo pipefail
exec hq submit --name vdlm --array "0-$((SHARDS - 1))" --cpus 1 -- \
  "${VDLM:-vdlm}" lab run "$SWEEP" --store "$STORE" --shards "$SHARDS" --threads 1
