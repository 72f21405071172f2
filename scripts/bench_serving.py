"""Serving speed beside nginx and beside hyper alone: the same bytes from memory, one thread on one core, wrk on another.

usage: bench_serving.py VDLM BARE_HYPER [ROUNDS]

Pages of 20 and 100 KB and the smallest there can be, of about 4 KB, plain and gzip, with every header of the live server. The contestants take turns, a second each; what is
shown are medians of the rounds. `nginx` is set up as deploy/nginx.conf has it, `nginx, open files` keeps files open between requests, which
misses changed ones for a while. Access logs are off everywhere.
"""

import http.client
import os
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

VDLM, BARE = sys.argv[1:3]
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 5
PORTS = {"vdlm": 3190, "nginx": 3191, "nginx, open files": 3192, "bare hyper": 3193}
SERVER_CORE, CLIENT_CORE = "0", "1"
HOST = "vdlm.example"
# Pages, and the kilobytes that each is asked to have: the first comes out as small as there can be.
PAGES = {"4 KB": 2, "20 KB": 20, "100 KB": 100}
# Bytes of a page without its text; so the smallest has these.
FRAME = 3000
# Written by hyper or nginx themselves.
OF_CONNECTION = {"date", "content-length", "connection", "server"}

NGINX = """
worker_processes 1; daemon off; pid {folder}/{port}.pid; error_log {folder}/{port}.log;
events {{ worker_connections 1024; }}
http {{
  types {{ text/html html; text/css css; text/javascript js; }}
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; {cache}
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{
    listen 127.0.0.1:{port}; root {folder}/www; index index.html; charset utf-8; charset_types text/css text/javascript;
    gzip_static on; gzip_vary on;
    {headers}
  }}
}}
"""


def get(port, path, coding=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"host": HOST, **({"accept-encoding": coding} if coding else {})})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (port, path, answer.status)
    assert answer.headers.get("content-encoding") == coding, (port, path, coding)
    return [(name.lower(), value) for name, value in answer.getheaders()], body


def start(command):
    return subprocess.Popen(["taskset", "-c", SERVER_CORE, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for(port):
    for _ in range(2000):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=5).connect()
            return
        except OSError:
            time.sleep(0.005)
    sys.exit(f"nothing listens at port {port}")


def write_page(content, kilobytes, beyond):
    """A page of text that comes out at a size; `beyond` is what the page has beside its text."""
    sentence = "The {} evening had {} talks about networks, {} people came, and the {} slides are kept here. "
    text, number = "", 0
    while len(text) < kilobytes * 1024 - beyond:
        text += sentence.format(number, number % 7, number * 37 % 211, number * 13 % 17) + ("\n\n" if number % 5 == 4 else "")
        number += 1
    pathlib.Path(content, f"pages/size-{kilobytes}.md").write_text(f"---\ntitle: Page of {kilobytes} KB\nsummary: A page.\n---\n\n{text}\n")


def write_files(folder, port, paths):
    """What vdlm answers, as files for nginx and for bare hyper."""
    for path in paths.values():
        headers, body = get(port, path)
        gzip_headers, gzip_body = get(port, path, "gzip")
        file = pathlib.Path(folder, "www" + path + ("index.html" if path.endswith("/") else ""))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        pathlib.Path(f"{file}.gz").write_bytes(gzip_body)
        for name, lines, bytes_ in [(path.strip("/"), headers, body), (path.strip("/") + ".gzip", gzip_headers, gzip_body)]:
            bare = pathlib.Path(folder, "bare", name.replace("/", "~"))
            bare.parent.mkdir(exist_ok=True)
            pathlib.Path(f"{bare}.body").write_bytes(bytes_)
            pathlib.Path(f"{bare}.head").write_text("\n".join(f"{n}: {v}" for n, v in lines if n not in OF_CONNECTION) + "\n")
    os.utime(folder)


def nginx(folder, port, cache, headers):
    # nginx writes these by itself.
    own = {"content-type", "etag", "vary", "content-encoding", "accept-ranges"} | OF_CONNECTION
    lines = "\n    ".join(f'add_header {name} "{value}" always;' for name, value in headers if name not in own)
    config = pathlib.Path(folder, f"nginx-{port}.conf")
    config.write_text(NGINX.format(folder=folder, port=port, cache=cache, headers=lines))
    return start(["nginx", "-c", str(config)])


def wrk(port, path, coding):
    command = ["taskset", "-c", CLIENT_CORE, "wrk", "-t1", "-c64", "-d1s", "--latency", "-H", f"Host: {HOST}"]
    command += ["-H", f"Accept-Encoding: {coding}"] if coding else []
    out = subprocess.run([*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in out and "Socket errors" not in out, out
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
    late, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", out).groups()
    return rate, float(late) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def table(paths, sizes):
    wide = max(map(len, PORTS))
    for name, path in paths.items():
        for coding in (None, "gzip"):
            seen = {who: [] for who in PORTS}
            for _ in range(ROUNDS):
                for who, port in PORTS.items():
                    seen[who].append(wrk(port, "/" + path.strip("/").replace("/", "~") if who == "bare hyper" else path, coding))
            rate = {who: statistics.median(rate for rate, _ in rounds) for who, rounds in seen.items()}
            late = {who: statistics.median(late for _, late in rounds) for who, rounds in seen.items()}
            print(f"{name} {coding or 'plain'} ({sizes[name, coding]:,} bytes)")
            for who in PORTS:
                ratio = statistics.median(ours / its for (ours, _), (its, _) in zip(seen["vdlm"], seen[who]))
                print(f"  {who:<{wide}}  {rate[who]:>9,.0f} requests/s   p99 {late[who]:6.2f} ms   vdlm is {ratio:.2f} of it")


def main():
    for program in ("nginx", "wrk", "taskset"):
        if not shutil.which(program):
            sys.exit(f"serving speed is not measured: {program} is not installed")
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    print(f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}; medians of {ROUNDS} rounds\n")
    with tempfile.TemporaryDirectory() as folder:
        content = f"{folder}/content"
        shutil.copytree("content", content)
        # nginx drops its rights and must still get in.
        os.chmod(folder, 0o755)
        paths = {name: f"/size-{kilobytes}/" for name, kilobytes in PAGES.items()}
        for kilobytes in PAGES.values():
            write_page(content, kilobytes, FRAME)
        environment = {"VDLM_LOG": "vdlm=warn"}
        os.environ.update(environment)
        serve = ["serve", "--content", content, "--cache", f"{folder}/cache", "--no-experiments", "--threads", "1"]
        servers = [start([VDLM, *serve, "--port", str(PORTS["vdlm"])])]
        try:
            wait_for(PORTS["vdlm"])
            write_files(folder, PORTS["vdlm"], paths)
            headers, _ = get(PORTS["vdlm"], "/")
            servers.append(nginx(folder, PORTS["nginx"], "open_file_cache off;", headers))
            servers.append(nginx(folder, PORTS["nginx, open files"], "open_file_cache max=1000 inactive=600s;", headers))
            servers.append(start([BARE, str(PORTS["bare hyper"]), f"{folder}/bare"]))
            for port in PORTS.values():
                wait_for(port)
            sizes = {(name, coding): len(get(PORTS["vdlm"], path, coding)[1]) for name, path in paths.items() for coding in (None, "gzip")}
            for name, path in paths.items():
                for who in ("nginx", "nginx, open files"):
                    for coding in (None, "gzip"):
                        assert len(get(PORTS[who], path, coding)[1]) == sizes[name, coding], (who, path)
            table(paths, sizes)
        finally:
            for server in servers:
                server.terminate()
                server.wait()


main()
