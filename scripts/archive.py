"""The measurements of bench.sh on invented archives: building beside Hugo, starting and editing at 10,000 events.

Arguments: the binary, the generator (examples/synthetic), and sizes if not 75, 1,000 and 10,000. Each program runs on two cores and writes into a
new folder, but where it says again; they take turns. Seconds are medians of the turns, memory is the largest resident set of the process, as the kernel counted it.
Files are kept in memory where the system has a folder for that (/dev/shm, or the one in TMPDIR), so that the programs are measured and not the disk.
"""

import http.client
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

BINARY, GENERATOR = (os.path.abspath(path) for path in sys.argv[1:3])
SIZES = [int(size) for size in sys.argv[3:]] or [75, 1000, 10000]
AS_OF = "2026-11-23"
PORT = 3181
EDITS = 15
# What Hugo's site has not either: these are off but where everything is on.
OFF = ["--no-compress", "--no-cards", "--no-search", "--no-data"]
# Hugo with a page of each event, person and venue, and with the same pages as ours: talks and topics too.
HUGOS = {"hugo": "hugo", "hugo, same pages": "hugo-same"}
ALL = "vdlm, everything on"
# The same over the export before, after an edit of one meetup.
AGAIN = "vdlm, all of it again"


def memory_folder():
    """A folder in memory with room for the largest archive, or none."""
    folder = os.environ.get("TMPDIR", "/dev/shm")
    return folder if os.path.isdir(folder) and shutil.disk_usage(folder).free > 8e9 else None


def turns(size):
    return 9 if size < 500 else 5 if size < 5000 else 3


def run(command, **settings):
    """Seconds and megabytes of a process that must succeed."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, **settings)
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command} ended with {process.returncode}")
    return took, usage.ru_maxrss / 1024


def files(folder):
    found = [entry for entry in pathlib.Path(folder).rglob("*") if entry.is_file()]
    return len(found), sum(entry.stat().st_size for entry in found) / 1e6


def commands(folder, out):
    """The programs that are compared, by name."""
    # A site that does not know its address has no sitemap, and Hugo writes one.
    ours = [BINARY, "build", out, "--content", f"{folder}/content", "--as-of", AS_OF, "--base-url", "https://example.org/", "--links", "rooted"]
    found = {"vdlm": [*ours, *OFF], ALL: ours, AGAIN: ours}
    if shutil.which("hugo"):
        for name, source in HUGOS.items():
            found[name] = ["hugo", "--quiet", "--ignoreCache", "--source", f"{folder}/{source}", "--destination", out]
    return found


def build(folder, size):
    """Builds in turns; gives medians by name and prints them."""
    out = f"{folder}/out"
    measured = {}
    written = {}
    for turn in range(turns(size)):
        for name, command in commands(folder, out).items():
            if name == AGAIN:
                file, text, _ = of_meetup(f"{folder}/content", size, f"Turn number {turn}")
                file.write_text(text)
            elif os.path.exists(out):
                shutil.rmtree(out)
            measured.setdefault(name, []).append(run(command))
            written[name] = files(out) if name not in written else written[name]
        shutil.rmtree(out)
    found = {}
    for name, times in measured.items():
        seconds, memory = (statistics.median(column) for column in zip(*times))
        count, megabytes = written[name]
        found[name] = (seconds, memory)
        print(f"{size:>6} events  {name:<21} {seconds:7.3f} s  {memory:7.0f} MB of memory  {count:>7} files, {megabytes:6.1f} MB")
    return found


def compare(found):
    """Hugo's time and memory in ours."""
    for size, programs in found.items():
        if "hugo" not in programs:
            print("hugo is not installed: nothing to compare with")
            return
        (ours, memory), (whole, _), (again, _) = (programs[name] for name in ["vdlm", ALL, AGAIN])
        for name in HUGOS:
            other, other_memory = programs[name]
            print(f"{size:>6} events  {name} takes {other / ours:.1f} × the time, {other_memory / memory:.1f} × the memory;"
                  f" {other / whole:.1f} × with everything on, {other / again:.1f} × over the export before")
    for small, large in zip(list(found), list(found)[1:]):
        growth = found[large]["vdlm"][0] / found[small]["vdlm"][0]
        print(f"{large} events take {growth:.1f} × the time of {small}, which are {large / small:.1f} × as many")


def get(path, connection):
    # A host that is not this machine's, so that the page is the one visitors get.
    connection.request("GET", path, headers={"host": "vdlm.example"})
    return connection.getresponse().read()


def start(content, cache):
    begin = time.perf_counter()
    command = [BINARY, "serve", "--port", str(PORT), "--content", content, "--cache", cache, "--no-experiments", "--as-of", AS_OF]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while True:
        try:
            get("/", http.client.HTTPConnection("127.0.0.1", PORT, timeout=20))
            return server, time.perf_counter() - begin
        except OSError:
            time.sleep(0.001)


def resident(server):
    """Kilobytes of memory that are the process's own; what it maps of its file does not count."""
    # When a page is up, what reading has left is still to be given back.
    time.sleep(1)
    lines = pathlib.Path(f"/proc/{server.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))


def stop(server):
    server.send_signal(signal.SIGTERM)
    server.wait()


def of_meetup(content, size, word):
    """Another title of a meetup: its file, the new text, and the page that shows it."""
    number = size // 2
    file = pathlib.Path(content, f"meetups/{number:05}.yaml")
    lines = [f"title: {word}" if line.startswith(("time:", "title:")) else line for line in file.read_text().splitlines()]
    return file, "\n".join(lines) + "\n", f"/meetups/{number}/"


def of_talk(content, size, word):
    """Another title of a talk, which its agenda repeats, and so another address."""
    number = size // 2 + 1
    file = pathlib.Path(content, f"meetups/{number:05}.yaml")
    text = file.read_text()
    title = next(line.partition("- title: ")[2] for line in text.splitlines() if line.startswith("  - title: "))
    return file, text.replace(title, word), f"/meetups/{number}/"


def of_text(content, size, word):
    """A word more at the end of an article."""
    file = min(pathlib.Path(content, "hot-topics").glob("*.md"))
    return file, file.read_text() + f"\n{word}\n", f"/hot-topics/{file.stem}/"


def of_meetups(content, size, word):
    """A meetup more, which concerns all others: the page is that of the one before it, which links to it."""
    turn = int(word.split()[-1])
    number = size + turn + 1
    file = pathlib.Path(content, f"meetups/{number:05}.yaml")
    return file, f"number: {number}\ndate: 2027-01-{turn + 1:02}\ntopic: {word}\n", f"/meetups/{number - 1}/"


EDITED = {"a meetup's title": of_meetup, "a talk's title": of_talk, "an article's text": of_text, "a meetup more": of_meetups}


def edit(make, content, size, word):
    """Time from the write of a file to the first answer that shows it."""
    file, text, path = make(content, size, word)
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    get("/", connection)
    begin = time.perf_counter()
    file.write_text(text)
    while word.encode() not in get(path, connection):
        pass
    return time.perf_counter() - begin


def serve(folder, size):
    """Start, memory and edits of a server; gives its memory in kilobytes and the bytes of the content."""
    content, cache = f"{folder}/content", f"{folder}/cache"
    server, took = start(content, cache)
    memory, text = resident(server), files(content)[1] * 1e6
    print(f"{size:>6} events  start to the first page {took:.3f} s")
    for what, make in EDITED.items():
        edits = [edit(make, content, size, f"Edit number {n}") * 1000 for n in range(EDITS)]
        print(f"{size:>6} events  save of {what} to the page that shows it {statistics.median(edits):.1f} ms, worst {max(edits):.1f} ms of {EDITS}")
    after = resident(server)
    stop(server)
    print(f"{size:>6} events  {memory / 1024:.0f} MB of memory, after the edits {after / 1024:.0f} MB")
    return memory, text


def main():
    # The machine's first two cores, for all that is measured here.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    found, served = {}, {}
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        for size in SIZES:
            subprocess.run([GENERATOR, str(size), f"{folder}/{size}"], check=True)
        for size in SIZES:
            found[size] = build(f"{folder}/{size}", size)
        compare(found)
        for size in SIZES:
            served[size] = serve(f"{folder}/{size}", size)
    small, large = SIZES[0], SIZES[-1]
    if small < large:
        memory = (served[large][0] - served[small][0]) * 1024 / (large - small)
        text = (served[large][1] - served[small][1]) / (large - small)
        print(f"an event more takes {memory:.0f} bytes of memory, of which {text:.0f} are its text and that of what belongs to it")


main()
