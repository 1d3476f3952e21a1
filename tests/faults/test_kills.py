"""kill -9 at random moments: nothing acknowledged is lost, nothing is stored twice, the base is whole and goes on."""

import json
import random
import sqlite3
import subprocess
import threading
import time

from common import BINARY, LONG, FaultCase, Server, check, copy_base, count, documents, ndjson, run

# What may differ between two runs over the same documents.
TIMES = ("created_at", "updated_at", "revision")


def content(db):
    """What a base says, without the times of its changes."""
    base = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    try:
        incidents = {}
        for uid, doc in base.execute("select i.uid, d.doc from incident i join incident_doc d on d.id = i.id"):
            view = json.loads(doc)
            incidents[uid] = json.dumps({name: value for name, value in view.items() if name not in TIMES}, sort_keys=True)
        return {
            "documents": sorted(row[0] for row in base.execute("select uid from document")),
            "incidents": incidents,
            "actors": sorted(base.execute("select uid, name, type, known from actor")),
            "statements": sorted(base.execute("select uid, kind, content from statement")),
        }
    finally:
        base.close()


class Kills(FaultCase):
    n_rounds = 50 if LONG else 5

    def test_ingest_goes_on_where_it_was_killed(self):
        """An ingest that is killed again and again ends with the base of one that never was."""
        source = self.folder / "documents.ndjson"
        source.write_bytes(ndjson(documents(1500 if LONG else 600)))
        whole = self.folder / "whole.db"
        began = time.monotonic()
        self.assertEqual(run("ingest", "--database", whole, source).returncode, 0)
        seconds = time.monotonic() - began
        db, pick, killed, before = self.folder / "killed.db", random.Random(5), 0, 0
        for _ in range(self.n_rounds):
            process = subprocess.Popen([BINARY, "ingest", "--database", db, source], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(pick.uniform(0.1, 0.6 * seconds))
            killed += process.poll() is None
            process.kill()
            process.wait()
            copy = copy_base(db, self.folder / "copy.db")
            if not copy.exists() or not sqlite3.connect(copy).execute("select 1 from sqlite_master where name = 'evidence'").fetchone():
                continue
            self.assertEqual(check(copy), [])
            stored = count(copy)
            self.assertGreaterEqual(stored, before, "documents went back")
            before = stored
        done = run("ingest", "--database", db, source)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(check(db), [])
        self.assertEqual(content(db), content(whole))
        self.figure(f"{killed} kills of an ingest of {seconds:.1f} s")

    def test_no_acknowledged_document_is_lost_when_the_server_is_killed(self):
        db, pick = self.folder / "served.db", random.Random(21)
        todo, acknowledged, lock = list(documents(20_000, seed=3)), {}, threading.Lock()
        todo.reverse()
        for _ in range(self.n_rounds):
            server = Server(db=db)
            dead = threading.Event()
            clients = [threading.Thread(target=self.send, args=(server, size, todo, acknowledged, lock, dead)) for size in (1, 10, 1, 10)]
            for client in clients:
                client.start()
            time.sleep(pick.uniform(0.1, 1.5))
            server.process.kill()
            dead.set()
            for client in clients:
                client.join()
            server.kill()
            copy = copy_base(db, self.folder / "copy.db")
            self.assertEqual(check(copy), [])
            base = sqlite3.connect(copy)
            there = dict(base.execute("select d.uid, t.text from document d join document_text t on t.document_id = d.id"))
            base.close()
            lost = [uid for uid, text in acknowledged.items() if there.get(uid) != text]
            self.assertEqual(lost, [], f"{len(lost)} of {len(acknowledged)} acknowledged documents are gone or changed")
        self.assertGreater(len(acknowledged), 10 * self.n_rounds)
        checked = run("check", "--database", db)
        self.assertEqual(checked.returncode, 0, checked.stdout[-1500:])
        with Server(db=db) as server:
            self.assertEqual(server.post("/v1/documents", "Gunmen killed 3 policemen in Kabul on Monday.")[0], 201)
        self.figure(f"{self.n_rounds} kills, {len(acknowledged)} documents acknowledged")

    @staticmethod
    def send(server, size, todo, acknowledged, lock, dead):
        while not dead.is_set():
            with lock:
                batch = [todo.pop() for _ in range(size)]
            try:
                if size == 1:
                    status, _, body = server.post("/v1/documents", json.dumps(batch[0]), "application/json", timeout=30)
                    answers = [json.loads(body)] if status in (200, 201) else []
                else:
                    status, _, body = server.post("/v1/documents", ndjson(batch), "application/x-ndjson", timeout=30)
                    answers = json.loads(body)["data"] if status == 200 else []
            except Exception:  # the server was killed while it answered
                return
            with lock:
                for document, answer in zip(batch, answers):
                    if answer["document"]:
                        acknowledged[answer["document"]] = document["text"]

    def test_a_start_that_was_killed_is_made_up_for(self):
        """kill -9 in the first second of a fresh base: migrations, lexicon, seeds."""
        pick = random.Random(3)
        with Server(seeds=None, db=self.folder / "first.db") as server:
            seconds, wanted = server.start_seconds, server.json("/v1/documents?limit=1")["meta"]["total"]
        for number in range(self.n_rounds):
            db = self.folder / f"start-{number}.db"
            process = subprocess.Popen([BINARY, "serve", "--listen", "127.0.0.1:0", "--database", db, "--log", "error"], stdout=subprocess.DEVNULL)
            time.sleep(pick.uniform(0.005, 1.1 * seconds))
            process.kill()
            process.wait()
            with Server(seeds=None, db=db) as server:
                self.assertEqual(server.get("/readyz")[0], 200)
                self.assertEqual(server.json("/v1/documents?limit=1")["meta"]["total"], wanted)
                server.term()
            self.assertEqual(check(db), [])


class BulkKills(FaultCase):
    """Bulk ingests that are killed at random moments, 5 times (50 with --long)."""

    n_rounds = 50 if LONG else 5
    n_documents = 5000 if LONG else 500

    def sound(self, db):
        """`waqia check` trusts the base, and so do the questions of these tests."""
        self.assertEqual(check(db), [])
        checked = run("check", "--database", db)
        self.assertEqual(checked.returncode, 0, checked.stdout[-1500:])

    def whole(self, source):
        """The base of an ingest that nobody killed, and how long that took."""
        db, began = self.folder / "whole.db", time.monotonic()
        self.assertEqual(run("ingest", "--database", db, source, timeout=3000).returncode, 0)
        return db, time.monotonic() - began

    @staticmethod
    def jobs(db):
        base = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
        try:
            return base.execute("select state, n_done, n_new + n_existing, n_failed from job order by id").fetchall()
        finally:
            base.close()

    def test_a_bulk_ingest_by_command(self):
        source = self.folder / "documents.ndjson"
        source.write_bytes(ndjson(documents(self.n_documents, seed=7)))
        whole, seconds = self.whole(source)
        db, pick, killed, stored = self.folder / "killed.db", random.Random(11), 0, 0
        for _ in range(self.n_rounds):
            process = subprocess.Popen([BINARY, "ingest", "--database", db, source], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(pick.uniform(0.05, 0.4 * seconds))
            killed += process.poll() is None
            process.kill()
            process.wait()
            copy = copy_base(db, self.folder / "copy.db")
            if not copy.exists() or not sqlite3.connect(copy).execute("select 1 from sqlite_master where name = 'job_by_state'").fetchone():
                continue
            self.assertEqual(check(copy), [])
            now = count(copy)
            self.assertGreaterEqual(now, stored, "documents went back")
            stored = now
        done = run("ingest", "--database", db, source, timeout=3000)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.sound(db)
        self.assertEqual(content(db), content(whole))
        *earlier, last = self.jobs(db)
        self.assertEqual(last, ("done", self.n_documents, self.n_documents, 0))
        self.assertEqual({job[0] for job in earlier} - {"done"}, {"interrupted"} if killed else set())
        self.figure(f"{killed} kills of an ingest of {self.n_documents} documents that takes {seconds:.1f} s")

    def test_a_bulk_ingest_by_job(self):
        source = self.folder / "documents.ndjson"
        source.write_bytes(ndjson(documents(self.n_documents, seed=8)))
        whole, seconds = self.whole(source)
        db, pick, killed, before, url = self.folder / "killed.db", random.Random(12), 0, 0, None
        while killed < self.n_rounds:
            server = Server(db=db)
            try:
                if url is None or server.json(url)["state"] == "done":
                    # Acknowledged once the file is on the disk: from here on nothing of it may be lost.
                    headers = {"Prefer": "respond-async"}
                    status, answer, body = server.post("/v1/documents", source.read_bytes(), "application/x-ndjson", headers, timeout=300)
                    self.assertEqual(status, 202, body)
                    url, before = answer["location"], 0
                time.sleep(pick.uniform(0, 0.3 * seconds))
                server.process.kill()
                killed += 1
            finally:
                server.kill()
            copy = copy_base(db, self.folder / "copy.db")
            self.assertEqual(check(copy), [])
            state, n_done, *_ = self.jobs(copy)[-1]
            self.assertGreaterEqual(n_done, before, "the job went back")
            self.assertIn(state, ("waiting", "running", "done"))
            before = n_done
        with Server(db=db) as server:
            deadline = time.monotonic() + 60 + 10 * seconds
            while (job := server.json(url))["state"] in ("waiting", "running"):
                self.assertLess(time.monotonic(), deadline, job)
                time.sleep(0.1)
            self.assertEqual((job["state"], job["n_done"], job["n_failed"]), ("done", self.n_documents, 0))
            server.term()
        self.assertEqual({job[:3] for job in self.jobs(db)}, {("done", self.n_documents, self.n_documents)})
        self.assertFalse((self.folder / "killed.db.jobs").exists(), "what was sent is still there")
        self.sound(db)
        self.assertEqual(content(db), content(whole))
        self.figure(f"{killed} kills, {len(self.jobs(db))} jobs of {self.n_documents} documents, each {seconds:.1f} s by the command")
