"""The measurements of bench_runs.sh: wrk against a server of its own, with and without a run."""

import http.client
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

BINARY = sys.argv[1]
PORT = 3181
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
SECONDS = 4
# A page from memory, and one that is made anew each time because it has a query.
PAGES = ["/meetups/29/", "/talks/?q=schluter"]
SPEC = """experiment: train
task: digits-mlp
optimizers: [adam, radam, ranger, sgd]
learning_rates: [0.01]
epochs: 1000
seeds: 40
"""


def ask(method, path, body=None, cookie=""):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    headers = {"host": "vdlm.example", "cookie": cookie, "content-type": "application/x-www-form-urlencoded"}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer, answer.read().decode()


def wait(done):
    while True:
        try:
            if done():
                return
        except OSError:
            pass
        time.sleep(0.01)


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 1e-3, "ms": 1.0, "s": 1e3}[unit]


def load(path):
    """Requests a second, and the 50th and 99th percentile of the latency in milliseconds."""
    command = ["wrk", "-t1", "-c16", f"-d{SECONDS}s", "--latency", "-H", "host: vdlm.example", f"http://127.0.0.1:{PORT}{path}"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in told:
        sys.exit(told)
    percentile = lambda name: milliseconds(re.search(rf"^\s+{name}%\s+(\S+)", told, re.MULTILINE).group(1))
    return float(re.search(r"Requests/sec:\s+([\d.]+)", told).group(1)), percentile(50), percentile(99)


def start_run():
    answer, _ = ask("POST", "/lab/runs/", urllib.parse.urlencode({"spec": SPEC}))
    run, cookie = answer.getheader("location"), answer.getheader("set-cookie").split(";")[0]
    wait(lambda: "Running on this server" in ask("GET", run)[1])
    return run, cookie


def stop_run(run, cookie):
    ask("POST", f"{run}stop", "", cookie)
    wait(lambda: "Stopped by" in ask("GET", run)[1])


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    folder = tempfile.mkdtemp(prefix="vdlm-bench-")
    content = pathlib.Path(__file__).parent.parent / "content"
    flags = ["--content", content, "--cache", folder, "--no-editing", "--lab-seconds", "1000000"]
    server = subprocess.Popen([BINARY, "serve", "--port", str(PORT), *flags], stderr=subprocess.DEVNULL)
    try:
        wait(lambda: ask("GET", "/healthz")[0].status == 200)
        # What articles miss is made before anything is measured.
        wait(lambda: "Running" not in ask("GET", "/lab/")[1] and "Waiting" not in ask("GET", "/lab/")[1])
        for path in PAGES:
            load(path)
            idle, busy, cores = [], [], []
            for _ in range(ROUNDS):
                idle.append(load(path))
                run = start_run()
                before, begin = processor_seconds(server.pid), time.perf_counter()
                time.sleep(1)
                cores.append((processor_seconds(server.pid) - before) / (time.perf_counter() - begin))
                busy.append(load(path))
                stop_run(*run)
            told = lambda rounds: "%9.0f a second, p50 %6.2f ms, p99 %6.2f ms" % tuple(map(statistics.median, zip(*rounds)))
            share = statistics.median(b[0] / a[0] for a, b in zip(idle, busy))
            print(f"{path}: median of {ROUNDS} rounds of {SECONDS} s on {os.cpu_count()} cores, 16 connections")
            print(f"  nothing runs  {told(idle)}")
            print(f"  a run on all  {told(busy)}  ({statistics.median(cores):.1f} cores busy before pages are asked for)")
            print(f"  requests kept {share:.0%}")
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
        shutil.rmtree(folder)


main()
