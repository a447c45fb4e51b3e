"""Replays the writes of a traced porterhouse up to random points and looks what the disk would hold then.

In: the binary, how many images, a seed. Out: a line of figures each for the real order of things and for a control
in which no sync ever happened (which must show damage, or the check would prove nothing).
What is durable: all that was synced before the cut. Of later writes a random part, torn at sectors of 512 bytes.
A reading counts as acknowledged from the log line that follows its commit on, an alert from its link on stdout.
Standard library only; started by scripts/power-cut.
"""

import http.server
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

SOURCES = 150
POSTS = 6
SECTOR = 512
FOLDER = "data"
NAMES = ("porterhouse.db", "porterhouse.db-wal", "porterhouse.db-journal")
CALLS = "openat,open,creat,pwrite64,pwritev,write,writev,ftruncate,fallocate,fsync,fdatasync,sync_file_range,rename,renameat,renameat2,unlink,unlinkat,close,lseek,dup,dup2"
WISH = "Hey @Mortons - can you meet me at newark airport with a porterhouse when I land in two hours? {}"
FILLER = "and we talked about it for a long while " * 12


class Feeds(http.server.BaseHTTPRequestHandler):
    """One feed a path; its posts name the source and their number."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        source = self.path.strip("/")
        if not source.startswith("s"):
            self.send_response(404)
            self.send_header("content-length", "0")
            self.end_headers()
            return
        date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())
        posts = "".join(
            f"<item><guid>{source}p{n}</guid><link>https://posts.example/{source}p{n}y</link><pubDate>{date}</pubDate><description>{text_of(source, n)}</description></item>"
            for n in range(POSTS)
        )
        body = f'<rss version="2.0"><channel><title>T</title>{posts}</channel></rss>'.encode()
        self.send_response(200)
        self.send_header("content-type", "application/rss+xml")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def text_of(source, n):
    token = f"{source}p{n}y"
    return WISH.format(token) if n == 0 else f"I love Morton's in Hackensack {token} {FILLER}"


def write_config(folder, port, sources):
    brand = '[[brand]]\nid = "mortons"\nname = "Morton\'s The Steakhouse"\naliases = ["Morton\'s", "Mortons"]\nhandles = ["@Mortons"]\n'
    entries = "".join(
        f'\n[[source]]\nid = "s{n}"\nengine = "feed"\nurl = "http://127.0.0.1:{port}/s{n}"\nevery = "1h"\n' for n in range(sources)
    )
    with open(os.path.join(folder, "sources.toml"), "w") as file:
        file.write(brand + entries)
    with open(os.path.join(folder, "porterhouse.toml"), "w") as file:
        file.write(
            '[fetch]\ncontact = "https://example.com/listening"\nper_host_pause = "0s"\nper_host_in_flight = 4\nallow_networks = ["127.0.0.0/8"]\n'
        )


def record(binary, folder):
    """Runs the service until every source is read and told of; the trace."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Feeds)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    write_config(folder, server.server_address[1], SOURCES)
    trace, said = os.path.join(folder, "trace"), os.path.join(folder, "said")
    environment = dict(os.environ, PORTERHOUSE_LOG="porterhouse=debug,warn", NO_COLOR="1")
    command = ["strace", "-f", "-xx", "-s", "1000000", "-e", "trace=" + CALLS, "-o", trace]
    command += [binary, "--config", folder, "--data", os.path.join(folder, "data"), "run"]
    with open(said, "wb") as out:
        child = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
        deadline = time.time() + 300
        while time.time() < deadline:
            text = open(said, errors="replace").read()
            if text.count("new items from") >= SOURCES and len(set(re.findall(r"s\d+p0y", text))) >= SOURCES:
                break
            if child.poll() is not None:
                sys.exit(f"power-cut: the service ended early:\n{text[-2000:]}")
            time.sleep(0.2)
        else:
            sys.exit("power-cut: the service did not finish in 300 s")
        time.sleep(1)
        pids = subprocess.run(["ps", "-o", "pid=", "--ppid", str(child.pid)], capture_output=True, text=True).stdout.split()
        for pid in pids:
            os.kill(int(pid), signal.SIGTERM)
        child.wait(30)
    server.shutdown()
    return trace


LINE = re.compile(r"^(\d+)\s+(.*)$")
UNFINISHED = re.compile(r"^(.*) <unfinished \.\.\.>$")
RESUMED = re.compile(r"^<\.\.\. \w+ resumed>(.*)$")
TEXT = r'"((?:\\x[0-9a-f]{2})*)"(?:\.\.\.)?'


def unhex(text):
    return bytes.fromhex(text.replace("\\x", ""))


def calls(trace):
    """The finished calls in the order in which they ended; a write counts from its beginning on."""
    waiting = {}
    with open(trace, errors="replace") as file:
        for line in file:
            found = LINE.match(line.rstrip("\n"))
            if not found:
                continue
            pid, rest = found.groups()
            if unfinished := UNFINISHED.match(rest):
                waiting[pid] = unfinished.group(1)
                continue
            if resumed := RESUMED.match(rest):
                rest = waiting.pop(pid, "") + resumed.group(1)
            yield rest


def events(trace):
    """What happened to the database's files and what was said: ('write', name, offset, bytes) and so on."""
    files = {}
    for call in calls(trace):
        result = re.search(r"\)\s+= (-?\d+)", call)
        if not result or int(result.group(1)) < 0:
            continue
        value = int(result.group(1))
        name = call.split("(", 1)[0]
        if name in ("openat", "open", "creat"):
            path = os.path.basename(unhex(re.search(TEXT, call).group(1)).decode(errors="replace"))
            if path in NAMES or path == FOLDER:
                files[value] = path
            else:
                files.pop(value, None)
            continue
        if name in ("unlink", "unlinkat", "rename", "renameat", "renameat2"):
            paths = [os.path.basename(unhex(t).decode(errors="replace")) for t in re.findall(TEXT, call)]
            if name.startswith("rename") and any(path in NAMES for path in paths):
                sys.exit("power-cut: a rename of the database is not modelled")
            if paths and paths[0] in NAMES:
                yield ("unlink", paths[0])
            continue
        fd = re.search(r"\((\d+)", call)
        if not fd:
            continue
        fd = int(fd.group(1))
        if name == "close":
            files.pop(fd, None)
        elif name == "write" and fd in (1, 2):
            yield ("said", unhex(re.search(TEXT, call).group(1)).decode(errors="replace"))
        elif files.get(fd) == FOLDER:
            if name in ("fsync", "fdatasync"):
                yield ("sync", FOLDER)
        elif fd in files:
            if name == "pwrite64":
                data = unhex(re.search(TEXT, call).group(1))
                offset = int(re.search(r", (\d+)\)\s+=", call).group(1))
                yield ("write", files[fd], offset, data[:value])
            elif name == "ftruncate":
                yield ("truncate", files[fd], int(re.search(r", (\d+)\)", call).group(1)))
            elif name in ("fsync", "fdatasync"):
                yield ("sync", files[fd])
            elif name not in ("lseek", "fallocate"):
                sys.exit(f"power-cut: {name} on the database is not modelled")


def put(content, offset, data):
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def apply(content, event, dice=None):
    """Applies a write or truncation; with dice, only some of its sectors."""
    if event[0] == "truncate":
        size = event[2]
        del content[size:]
        content.extend(bytes(size - len(content)))
        return
    _, _, offset, data = event
    if dice is None or dice.random() < 0.5:
        put(content, offset, data)
        return
    for at in range(0, len(data), SECTOR):
        if dice.random() < 0.5:
            put(content, offset + at, data[at : at + SECTOR])


class Disk:
    """Files as they surely are, and what was done to them since."""

    def __init__(self, syncs):
        self.syncs, self.sure, self.later = syncs, {}, {}

    def take(self, event):
        name = event[1]
        if event[0] == "sync":
            if self.syncs:
                self.flush_names() if name == FOLDER else self.flush(name)
        else:
            self.later.setdefault(name, []).append(event)

    def flush(self, name):
        for event in self.later.pop(name, []):
            if event[0] == "unlink":
                self.sure.pop(name, None)
            else:
                apply(self.sure.setdefault(name, bytearray()), event)

    def flush_names(self):
        """The folder was synced: what was removed stays removed."""
        for name, events in self.later.items():
            removed = [at for at, event in enumerate(events) if event[0] == "unlink"]
            if removed:
                self.sure.pop(name, None)
                del events[: removed[-1] + 1]

    def image(self, dice):
        """One of the many states that a cut may leave."""
        image = {name: bytearray(content) for name, content in self.sure.items()}
        for name, events in self.later.items():
            for event in events:
                if dice.random() < 0.5:
                    continue
                if event[0] == "unlink":
                    image.pop(name, None)
                else:
                    apply(image.setdefault(name, bytearray()), event, dice)
        return image


def look(binary, image, wanted, config, folder):
    """Opens an image with the real store, then looks for damage and for what is missing."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name, content in image.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)
    command = [binary, "--config", config, "--data", folder, "crawl", "--once"]
    opened = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if opened.returncode != 0:
        return "corrupt", opened.stderr.strip()
    database = sqlite3.connect(os.path.join(folder, "porterhouse.db"))
    try:
        verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            return "corrupt", verdict
        items = {row[0] for row in database.execute("SELECT own_id FROM items")}
        alerts = " ".join(row[0] for row in database.execute("SELECT alert_json FROM outbox"))
    except sqlite3.DatabaseError as error:
        return "corrupt", str(error)
    finally:
        database.close()
    sources, told = wanted
    missing = [f"{source}p{n}" for source in sources for n in range(POSTS) if f"{source}p{n}" not in items]
    missing += [token for token in told if token not in alerts]
    return ("lost", " ".join(missing[:5])) if missing else ("good", "")


def run(binary, happened, images, seed, syncs, config, folder):
    dice = random.Random(seed)
    cuts = sorted(dice.randrange(len(happened)) for _ in range(images))
    disk, sources, told, counts, first = Disk(syncs), set(), set(), {"good": 0, "corrupt": 0, "lost": 0}, ""
    at = 0
    for cut in cuts:
        while at <= cut:
            event = happened[at]
            at += 1
            if event[0] == "said":
                sources.update(re.findall(r"new items from (s\d+)", event[1]))
                told.update(re.findall(r"s\d+p0y", event[1]))
            else:
                disk.take(event)
        verdict, why = look(binary, disk.image(dice), (sources, told), config, folder)
        counts[verdict] += 1
        if verdict != "good" and not first:
            first = f"cut at {cut}: {verdict}: {why}"
    return counts, first


def main():
    binary, images, seed = os.path.abspath(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    with tempfile.TemporaryDirectory() as folder:
        trace = record(binary, folder)
        happened = list(events(trace))
        n_syncs = sum(event[0] == "sync" for event in happened)
        n_writes = sum(event[0] == "write" for event in happened)
        print(f"traced {n_writes} writes, {n_syncs} syncs, {SOURCES} readings, {SOURCES} alerts; seed {seed}")
        quiet = os.path.join(folder, "quiet")
        os.makedirs(quiet)
        write_config(quiet, 9, 0)
        disk = os.path.join(folder, "disk")
        counts, first = run(binary, happened, images, seed, True, quiet, disk)
        print(f"power cuts    images {images}  corrupt {counts['corrupt']}  acknowledged but lost {counts['lost']}  {first}")
        control, _ = run(binary, happened, max(images // 10, 10), seed, False, quiet, disk)
        n_control = sum(control.values())
        print(f"without syncs images {n_control}  corrupt {control['corrupt']}  acknowledged but lost {control['lost']}  (the control: must not be 0 and 0)")
        bad = counts["corrupt"] + counts["lost"] > 0
        blind = control["corrupt"] + control["lost"] == 0
        sys.exit(1 if bad or blind else 0)


main()
