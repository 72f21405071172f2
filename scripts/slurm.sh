#!/usr/bin/env bash
# Tries a sweep through a SLURM of one node: starts one in a temporary folder, runs deploy/slurm.sbatch as an array of
# eight on a small experiment, joins the parts, and compares the result with one run. Needs root, and installs
# Debian's slurm-wlm if it is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v slurmctld > /dev/null || apt-get install -y --no-install-recommends slurm-wlm > /dev/null
cargo build --release --locked --quiet
program=$PWD/target/release/vdlm
node=$(hostname -s)
folder=$(mktemp -d)
chmod 755 "$folder"
stop() {
  for daemon in slurmd slurmctld munged; do
    [ -f "$folder/$daemon.pid" ] && kill "$(cat "$folder/$daemon.pid")" 2> /dev/null || true
  done
  rm -rf "$folder"
}
trap stop EXIT

dd if=/dev/urandom of="$folder/munge.key" bs=128 count=1 status=none
chmod 400 "$folder/munge.key"
munged --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" --pid-file="$folder/munged.pid" \
  --log-file="$folder/munged.log" --seed-file="$folder/munged.seed"

# One node with all cores of this machine. cgroups are not at hand in a container, so processes are found in /proc.
cat > "$folder/slurm.conf" << EOF
ClusterName=one
SlurmctldHost=$node(127.0.0.1)
AuthInfo=socket=$folder/munge.socket
SlurmUser=root
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SlurmdParameters=config_overrides
SlurmctldPort=16817
SlurmdPort=16818
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
NodeName=$node NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=main Nodes=$node Default=YES State=UP
EOF
mkdir -p "$folder/state" "$folder/spool"
export SLURM_CONF=$folder/slurm.conf
slurmctld
slurmd
for _ in $(seq 50); do
  sinfo --noheader --format=%T 2> /dev/null | grep -q idle && break
  sleep 0.2
done
sinfo

cat > "$folder/sweep.yaml" << 'EOF'
title: Three optimizers at four rates
experiment: train
task: digits-mlp
optimizers: [sgd: {momentum: 0.9}, adam, radam]
learning_rates: [0.1, 0.03, 0.01, 0.003]
epochs: 5
seeds: 4
EOF
"$program" lab plan "$folder/sweep.yaml" | tail -3
export VDLM="$program" SWEEP="$folder/sweep.yaml" STORE="$folder/parts" VDLM_CONTENT="$PWD/content"
sbatch --wait --array=0-7 --output="$folder/array-%a.log" deploy/slurm.sbatch
tail -qn 1 "$folder"/array-*.log
mkdir -p "$folder/joined" "$folder/single"
ln -s "$PWD/content/data" "$folder/joined/data"
ln -s "$PWD/content/data" "$folder/single/data"
"$program" lab join "$folder/sweep.yaml" --store "$folder/parts" --content "$folder/joined"
"$program" lab run "$folder/sweep.yaml" --content "$folder/single"
# Times and machines do not reproduce and stand on a line of their own.
for result in "$folder"/joined/results/*.json; do
  diff <(grep -v '"measured"' "$result") <(grep -v '"measured"' "$folder/single/results/$(basename "$result")")
done
echo "the joined result and that of one run are the same, but for the times"
