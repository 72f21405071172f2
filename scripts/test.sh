#!/usr/bin/env bash
# Installs what the tests need and runs all of them: format, lints, unit and integration tests, the facts of the archive
# where they are beside the repository, and the browser and accessibility tests. Ends with "N passed, N failed".
#
#   scripts/test.sh            everything
#   scripts/test.sh rust       without the browser
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
part=${1:-all}
log=$(mktemp)
passed=0
failed=0

# Runs a step that either holds or not, and counts it as one.
step() {
  local name=$1
  shift
  echo "── $name"
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $name"; fi
}

# Runs a step that counts its own tests; $2 and $3 are the words before which the counts stand.
counted() {
  local name=$1
  shift
  echo "── $name"
  "$@" 2>&1 | tee "$log"
  local status=${PIPESTATUS[0]} ok bad
  ok=$(grep -oE '[0-9]+ passed' "$log" | awk '{n += $1} END {print n + 0}')
  bad=$(grep -oE '[0-9]+ failed' "$log" | awk '{n += $1} END {print n + 0}')
  # A step that ends badly without naming a failed test (it did not build, say) has failed all the same.
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; echo "FAILED: $name"; fi
  passed=$((passed + ok))
  failed=$((failed + bad))
}

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

install() {
  command -v "$1" >/dev/null && return
  shift
  [ -n "${updated:-}" ] || { as_root apt-get update -qq && updated=1; }
  DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

facts() {
  python3 -m venv target/facts >/dev/null && target/facts/bin/pip install -q pyyaml || return 1
  target/debug/vdlm serve --port 3179 --no-experiments 2>/dev/null &
  local server=$! status
  for _ in $(seq 100); do
    (exec 3<>/dev/tcp/127.0.0.1/3179) 2>/dev/null && break
    sleep 0.1
  done
  target/facts/bin/python ../shared/tools/facts_on_site.py http://127.0.0.1:3179
  status=$?
  kill "$server" && wait "$server"
  return "$status"
}

browser() {
  install chromium chromium fonts-dejavu-core || return 1
  install npm npm || return 1
  # The browser is Debian's; npm's package would fetch one of its own.
  (cd tests/browser && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --silent && npx playwright test)
}

install cc build-essential
step "format" cargo fmt --check
step "lints" cargo clippy --locked --all-targets --quiet -- -D warnings
# Builds target/debug/vdlm too, which the steps after it use.
counted "unit and integration tests" cargo test --locked --quiet --no-fail-fast
step "no problems in the content" target/debug/vdlm check
if [ -f ../shared/tools/facts_on_site.py ]; then
  install python3 python3 python3-venv
  step "every fact of the archive is on the site" facts
fi
if [ "$part" != rust ]; then
  counted "browser and accessibility" browser
fi

rm -f "$log"
echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
