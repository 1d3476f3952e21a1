"""What all fault tests share: a server of their own, requests, made-up reports, and a check of a base that trusts nothing of waqia's."""

import functools
import http.client
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONG = os.environ.get("WAQIA_LONG") == "1"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
BINARY = os.environ.get("WAQIA_BIN") or str(TARGET / ("release" if LONG else "debug") / "waqia")


def long(test):
    """A test that takes more than some seconds; only `run.py --long` runs it."""
    return unittest.skipUnless(LONG, "only with --long")(test)


class FaultCase(unittest.TestCase):
    """A case with a temporary folder of its own in `self.folder`."""

    maxDiff = 2000

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="waqia-fault-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def serve(self, *flags, **options):
        """A server that is gone when the test ends. Its base is `db` or a fresh one in the case's folder."""
        options.setdefault("db", self.folder / "test.db")
        server = Server(*flags, **options)
        self.addCleanup(server.kill)
        return server

    def figure(self, text):
        """Tells what was measured, in the output of the run."""
        print(f"    {self.id().split('.', 1)[-1]}: {text}", file=sys.stderr, flush=True)


class Server:
    """A running `waqia serve` on a free port of 127.0.0.1; a context manager."""

    def __init__(self, *flags, db=None, env=None, seeds="none", wait=60, prefix=()):
        self.folder = tempfile.mkdtemp(prefix="waqia-fault-") if db is None else None
        self.db = str(db or Path(self.folder) / "test.db")
        self.log_path = f"{tempfile.gettempdir()}/waqia-fault-{os.getpid()}-{time.monotonic_ns()}.log"
        self._log = open(self.log_path, "ab")
        listen = () if "--listen" in flags else ("--listen", "127.0.0.1:0")
        # `None`: the seeds that are built in.
        filled = () if seeds is None else ("--seeds", str(seeds))
        command = [*prefix, BINARY, "serve", *listen, "--database", self.db, *filled, *map(str, flags)]
        began = time.monotonic()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self._log, env={**os.environ, **(env or {})})
        self.pid = self.process.pid
        # The start is bounded: a server that hangs before it listens is ended, and its line stays empty.
        timer = threading.Timer(wait, self.process.kill)
        timer.start()
        line = self.process.stdout.readline().decode()
        timer.cancel()
        if "listening on" not in line:
            self.process.wait()
            raise RuntimeError(f"no start (exit code {self.process.returncode}): {self.log()[-1500:]}")
        self.port = int(line.strip().rsplit(":", 1)[1])
        self.start_seconds = time.monotonic() - began

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    # -- requests

    def get(self, path, headers=None, timeout=60, method="GET", body=None):
        """(status, headers with lower-case names, body)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def post(self, path, body, content_type="text/plain", headers=None, timeout=60):
        if isinstance(body, str):
            body = body.encode()
        return self.get(path, {"Content-Type": content_type, **(headers or {})}, timeout, "POST", body)

    def json(self, path, **options):
        status, _, body = self.get(path, **options)
        assert status == 200, f"{path}: {status} {body[:300]}"
        return json.loads(body)

    def raw(self, data, timeout=10):
        """What comes back for these bytes until the server closes or `timeout` passes."""
        back = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            try:
                connection.sendall(data)
                while chunk := connection.recv(65536):
                    back += chunk
            except OSError:
                pass
        return back

    def timed(self, path, **options):
        """(status or name of the failure, seconds)."""
        began = time.monotonic()
        try:
            status = self.get(path, **options)[0]
        except OSError as error:
            status = type(error).__name__
        except http.client.HTTPException as error:
            status = type(error).__name__
        return status, time.monotonic() - began

    # -- the process

    def _memory(self, name):
        for line in open(f"/proc/{self.pid}/status"):
            if line.startswith(name):
                return int(line.split()[1]) / 1024

    def rss(self):
        """Resident memory in MiB."""
        return self._memory("VmRSS")

    def hwm(self):
        """Highest resident memory in MiB since the start or `forget_hwm`."""
        return self._memory("VmHWM")

    def forget_hwm(self):
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def fds(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def cpu(self):
        """Seconds of processor time so far."""
        fields = open(f"/proc/{self.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def alive(self):
        return self.process.poll() is None

    def log(self):
        return Path(self.log_path).read_text(errors="replace")

    def term(self, timeout=60):
        """SIGTERM; (exit code, seconds). The exit code is None where it had to be killed."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            code = None
        return code, time.monotonic() - began

    def kill(self):
        if self.alive():
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self._log.close()
        if os.path.exists(self.log_path) and not os.environ.get("WAQIA_KEEP_LOGS"):
            self.last_log = self.log()
            os.remove(self.log_path)
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


def run(*arguments, timeout=300, **options):
    """Runs a sub-command: the finished process with `stdout` and `stderr` as text."""
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=timeout, **options)


# -- made-up reports

PLACES = "Peshawar Quetta Karachi Lahore Kabul Kandahar Herat Kunduz Kohat Bannu Hangu Multan Sukkur Srinagar Imphal".split()
ATTACKERS = ["Gunmen", "Militants", "Insurgents", "Unidentified attackers", "Armed men on motorcycles", "A group of militants"]
VICTIMS = ["policemen", "soldiers", "civilians", "labourers", "shopkeepers", "tribal elders", "guards", "teachers"]
ACTS = ["shot dead", "killed", "ambushed and killed"]
SPEAKERS = ["police officials", "a hospital doctor", "a government spokesman", "the district officer", "witnesses"]
FIRST = "Ahmed Ali Omar Hassan Noor Gul Zia Rashid Tariq Imran Bilal Usman Yusuf Salman Karim".split()
LAST = "Afridi Mehsud Wazir Bugti Marri Khattak Durrani Barakzai Shinwari Orakzai Yousafzai".split()


def documents(n, seed=1):
    """`n` different reports of invented attacks, as the API takes them."""
    pick = random.Random(seed)
    for i in range(n):
        killed, year, month, day = pick.randint(2, 40), pick.randint(1990, 2024), pick.randint(1, 12), pick.randint(1, 28)
        place = pick.choice(PLACES)
        text = (
            f"{place.upper()}: {pick.choice(ATTACKERS)} {pick.choice(ACTS)} {killed} {pick.choice(VICTIMS)} in {place} on {day}.{month}.{year}, "
            f"{pick.choice(SPEAKERS)} said. The attack left {pick.randint(1, 60)} people wounded. "
            f'"We are searching the area," {pick.choice(FIRST)} {pick.choice(LAST)}, who leads the inquiry {seed}-{i}, said. '
            "Nobody claimed responsibility."
        )
        yield {"id": f"made-up-{seed}-{i}", "text": text, "published": f"{year}-{month:02}-{day:02}", "source": "Invented Wire"}


def ndjson(many):
    return "".join(json.dumps(one) + "\n" for one in many).encode()


def ingested(path, n, seed=1):
    """Makes a base of `n` documents with `waqia ingest`."""
    source = Path(path).with_suffix(".ndjson")
    source.write_bytes(ndjson(documents(n, seed)))
    done = run("ingest", "--database", path, source)
    assert done.returncode == 0, done.stderr[-800:]
    source.unlink()
    return path


def base_files(path):
    """The base and the files that SQLite keeps beside it."""
    return [Path(f"{path}{ending}") for ending in ("", "-wal", "-shm")]


def copy_base(path, to):
    """A copy with its -wal: what a start after the end of the process would find."""
    for old in base_files(to):
        old.unlink(missing_ok=True)
    for ending in ("", "-wal"):
        if os.path.exists(f"{path}{ending}"):
            shutil.copy(f"{path}{ending}", f"{to}{ending}")
    return to


@functools.cache
def is_root():
    return os.geteuid() == 0


# -- what must hold of a base

NONE_OF = {
    "document without text": "select id from document where id not in (select document_id from document_text)",
    "document without extraction": "select id from document where id not in (select document_id from extraction)",
    "document without search": "select id from document where id not in (select entity_id from search_entry where kind = 'document')",
    "incident without search": "select id from incident where id not in (select entity_id from search_entry where kind = 'incident')",
    "search entry of nothing": "select id from search_entry where kind = 'document' and entity_id not in (select id from document) "
    "or kind = 'incident' and entity_id not in (select id from incident) or kind = 'statement' and entity_id not in (select id from statement) "
    "or kind = 'actor' and entity_id not in (select id from actor)",
    "incident without report": "select id from incident where id not in (select incident_id from report)",
    "incident with a wrong number of reports": "select i.id from incident i where i.n_reports <> (select count(*) from report r where r.incident_id = i.id)",
    "incident without view": "select id from incident where id not in (select id from incident_doc)",
    "incident missing in the R*Tree or there without coordinates": "select id from incident "
    "where (longitude is not null) <> (id in (select id from incident_rtree))",
    "R*Tree entry of nothing": "select r.id from incident_rtree r left join incident i on i.id = r.id where i.id is null",
    "report without evidence": "select id from report where id not in (select report_id from evidence)",
    "text stored twice": "select sha256 from document group by 1 having count(*) > 1",
    "report stored twice": "select document_id, idx from report group by 1, 2 having count(*) > 1",
    "evidence that is not in the text": "select e.id from evidence e join document_text t on t.document_id = e.document_id "
    "where substr(t.text, e.start + 1, e.end - e.start) <> e.text",
}


def check(db):
    """All that does not hold of a base; empty for a sound one."""
    faults = []
    base = sqlite3.connect(db, timeout=30)
    try:
        answer = [row[0] for row in base.execute("pragma integrity_check")]
        if answer != ["ok"]:
            faults.append(("integrity_check", answer[:3]))
        if broken := base.execute("pragma foreign_key_check").fetchall():
            faults.append(("foreign_key_check", len(broken)))
        try:
            base.execute("insert into search (search, rank) values ('integrity-check', 1)")
            base.rollback()
        except sqlite3.Error as error:
            faults.append(("full text", str(error)))
        for name, sql in NONE_OF.items():
            if rows := base.execute(sql).fetchall():
                faults.append((name, len(rows), rows[:2]))
        for name, column in (("country", "coalesce(country, '')"), ("type", "type")):
            kept = base.execute(f"select {name}, month, n_incidents, killed, injured from rollup_{name} where n_incidents <> 0 order by 1, 2").fetchall()
            summed = base.execute(
                f"select {column}, substr(day, 1, 7), count(*), sum(max(killed_key, 0)), sum(max(injured_key, 0)) from incident where shown = 1 "
                "group by 1, 2 order by 1, 2"
            ).fetchall()
            if kept != summed:
                faults.append((f"sums by {name}", len(kept), len(summed)))
    except sqlite3.Error as error:
        faults.append(("cannot be read", str(error)))
    finally:
        base.close()
    return faults


def count(db, table="document"):
    base = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    try:
        return base.execute(f"select count(*) from {table}").fetchone()[0]
    finally:
        base.close()
