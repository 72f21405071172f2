#!/bin/bash
# A sweep by GNU parallel, on this machine or on those of a file of hosts (--sshloginfile):
#
#   SWEEP=sweep.yaml STORE=/shared/parts SHARDS=16 deploy/parallel.sh [FLAGS OF parallel]
set -euo pipefail
exec parallel "$@" "${VDLM:-vdlm}" lab run "$SWEEP" --store "$STORE" --shard "{}/$SHARDS" --threads 1 \
  ::: $(seq "$SHARDS")
