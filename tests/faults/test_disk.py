"""Disks that are full or read-only, bases that others lock, files that go while the server has them open."""

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import time
import unittest

from common import FaultCase, base_files, check, count, documents, ingested, is_root, ndjson, run


def problem(body):
    return json.loads(body)["code"]


class OnSmallDisk(FaultCase):
    """With a tmpfs of its own, which takes root."""

    def setUp(self):
        if not is_root():
            self.skipTest("mounting a tmpfs takes root")
        super().setUp()
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        self.mount("-t", "tmpfs", "-o", "size=60m", "tmpfs")
        self.addCleanup(subprocess.run, ["umount", "-l", self.disk], check=False)

    def mount(self, *options):
        done = subprocess.run(["mount", *options, self.disk], capture_output=True, text=True)
        if done.returncode:
            self.skipTest(f"mount {' '.join(options)} does not work here: {done.stderr.strip()}")

    def fill(self, server):
        """Posts reports until not even one more fits; the number acknowledged and what refused them."""
        reports, stored = documents(10_000), 0
        for size in (50, 1):
            # What a failed batch of fifty took before it failed is room for single reports.
            for _ in range(400):
                batch = [next(reports) for _ in range(size)]
                status, headers, body = server.post("/v1/documents", ndjson(batch), "application/x-ndjson")
                if status != 200:
                    break
                stored += json.loads(body)["n_stored"]
            self.assertNotEqual(status, 200, "the disk was never full")
        return stored, (status, headers, body)

    def test_a_full_disk_is_told_and_writing_goes_on_when_there_is_space(self):
        ballast = self.disk / "ballast"
        server = self.serve(db=self.disk / "test.db")
        room = shutil.disk_usage(self.disk).free
        ballast.write_bytes(bytes(room - 12_000_000))
        stored, (status, headers, body) = self.fill(server)
        self.assertEqual((status, problem(body)), (507, "insufficient_storage"))
        self.assertIn("retry-after", headers)
        self.assertIn("disk", json.loads(body)["detail"])
        for path in ("/healthz", "/v1/incidents?limit=1", "/v1/search?q=killed", "/v1/incidents?format=csv"):
            self.assertEqual(server.get(path)[0], 200, f"{path} on a full disk")
        status, _, body = server.get("/readyz")
        self.assertEqual((status, problem(body)), (503, "not_ready"))
        self.assertEqual(json.loads(body)["checks"], {"database": "ok", "lexicon": "ok", "migrations": "ok", "writing": "failed: the disk is full"})

        ballast.unlink()
        for n, report in enumerate(documents(5, seed=2)):
            status, _, body = server.post("/v1/documents", json.dumps(report), "application/json")
            self.assertEqual(status, 201, f"report {n} after space was freed: {body[:300]}")
            stored += 1
        self.assertEqual(server.json("/readyz")["checks"]["writing"], "ok")
        code, seconds = server.term()
        self.assertEqual(code, 0)
        self.assertEqual(count(self.disk / "test.db"), stored, "acknowledged and stored")
        self.assertEqual(check(self.disk / "test.db"), [])
        self.figure(f"{stored} reports acknowledged and there; stopped in {seconds:.1f} s")

    def test_a_probe_alone_sees_a_full_disk(self):
        server = self.serve(db=self.disk / "test.db")
        self.assertEqual(server.get("/readyz")[0], 200)
        # What the start wrote leaves room in the log, in which writing goes on.
        with contextlib.closing(sqlite3.connect(server.db)) as other:
            self.assertEqual(other.execute("pragma wal_checkpoint(truncate)").fetchone()[0], 0)
        with contextlib.suppress(OSError), open(self.disk / "ballast", "wb") as ballast:
            while True:
                ballast.write(bytes(1 << 16))
                ballast.flush()
        end = time.monotonic() + 20
        # The log may have room for some small writes yet.
        while (status := server.get("/readyz")[0]) == 200 and time.monotonic() < end:
            time.sleep(1.05)
        self.assertEqual(status, 503)
        (self.disk / "ballast").unlink()
        self.assertEqual(server.get("/readyz")[0], 200)

    def test_a_read_only_file_system_is_refused_in_words(self):
        ingested(self.disk / "test.db", 5)
        self.mount("-o", "remount,ro")
        for command in ("serve", "ingest"):
            arguments = ["--listen", "127.0.0.1:0"] if command == "serve" else [__file__]
            done = run(command, "--database", self.disk / "test.db", *arguments)
            self.assertNotEqual(done.returncode, 0, command)
            self.assertIn("cannot", done.stderr, command)
        self.mount("-o", "remount,rw")
        self.assertEqual(check(self.disk / "test.db"), [])


    def test_a_backup_that_does_not_fit_leaves_nothing(self):
        server = self.serve()
        reports = documents(400)
        self.assertEqual(server.post("/v1/documents", ndjson([next(reports) for _ in range(400)]), "application/x-ndjson")[0], 200)
        (self.disk / "ballast").write_bytes(bytes(shutil.disk_usage(self.disk).free - 1_000_000))
        done = run("backup", "--database", server.db, self.disk / "copy.db")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("full", done.stderr)
        self.assertEqual([path.name for path in self.disk.iterdir()], ["ballast"])
        (self.disk / "ballast").unlink()
        self.assertEqual(run("backup", "--database", server.db, self.disk / "copy.db").returncode, 0)
        self.assertEqual(count(self.disk / "copy.db"), 400)
        self.assertEqual(check(self.disk / "copy.db"), [])


class BecomesReadOnly(FaultCase):
    """A file system that the kernel makes read-only after a fault of the disk, with the base open; takes root and a loop device."""

    def setUp(self):
        if not is_root():
            self.skipTest("mounting a file system takes root")
        super().setUp()
        image, self.disk = self.folder / "image", self.folder / "disk"
        image.write_bytes(bytes(64 << 20))
        self.disk.mkdir()
        for command in (["mkfs.ext4", "-q", image], ["mount", "-o", "loop,errors=remount-ro", image, self.disk]):
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                self.skipTest(f"{command[0]} does not work here: {done.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", self.disk], check=False)

    def test_reading_goes_on_and_writing_is_refused_in_words(self):
        server = self.serve(db=self.disk / "test.db")
        self.assertEqual(server.post("/v1/documents", "Gunmen killed 3 policemen in Kabul on 2 May 2011.")[0], 201)
        self.assertEqual(server.get("/readyz")[0], 200)
        done = subprocess.run(["mount", "-o", "remount,abort", self.disk], capture_output=True, text=True)
        if done.returncode and not os.statvfs(self.disk).f_flag & os.ST_RDONLY:
            self.skipTest(f"the file system cannot be made read-only here: {done.stderr.strip()}")
        status, _, body = server.post("/v1/documents", "Gunmen killed 4 policemen in Kabul on 3 May 2011.")
        # The write that the fault hits sees an error of the disk, later ones a file system that is read-only.
        self.assertEqual(status, 503, body[:300])
        self.assertIn(problem(body), ("not_ready", "read_only"))
        status, _, body = server.post("/v1/documents", "Gunmen killed 4 policemen in Kabul on 3 May 2011.")
        self.assertEqual((status, problem(body)), (503, "read_only"), body[:300])
        status, _, body = server.get("/readyz")
        self.assertEqual(status, 503)
        self.assertIn("failed", json.loads(body)["checks"]["writing"])
        self.assertEqual(len(server.json("/v1/documents")["data"]), 1, "reading goes on")
        self.assertEqual(server.term()[0], 0)


class Locked(FaultCase):
    def test_another_process_that_writes_for_long_is_told(self):
        server = self.serve()
        self.assertEqual(server.post("/v1/documents", "Gunmen killed 3 policemen in Kabul on 2 May 2011.")[0], 201)
        other = sqlite3.connect(server.db, isolation_level=None)
        other.execute("begin immediate")
        began = time.monotonic()
        ready = server.json("/readyz")
        self.assertEqual(ready.get("checks", {}).get("writing"), "busy", "somebody who writes is no failure")
        status, headers, body = server.post("/v1/documents", "Gunmen killed 4 policemen in Kabul on 3 May 2011.")
        self.assertEqual((status, problem(body)), (503, "overloaded"))
        self.assertIn("retry-after", headers)
        self.assertEqual(server.get("/v1/incidents?limit=1")[0], 200)
        while time.monotonic() < began + 10.5:
            time.sleep(0.1)
        status, _, body = server.get("/readyz")
        self.assertEqual((status, json.loads(body)["checks"]["writing"]), (503, "failed: another process keeps the base locked"))
        other.execute("rollback")
        other.close()
        self.assertEqual(server.post("/v1/documents", "Gunmen killed 4 policemen in Kabul on 3 May 2011.")[0], 201)
        self.assertEqual(server.json("/readyz")["checks"]["writing"], "ok")


class Gone(FaultCase):
    """A file that is deleted or replaced lives on for those who have it open, and what they write is lost."""

    def lose(self, what, act):
        server = self.serve()
        self.assertEqual(server.post("/v1/documents", "Gunmen killed 3 policemen in Kabul on 2 May 2011.")[0], 201)
        act([str(path) for path in base_files(server.db)])
        for text in ("Gunmen killed 4 policemen in Kabul on 3 May 2011.", "Gunmen killed 5 policemen in Herat on 4 May 2011."):
            status, _, body = server.post("/v1/documents", text)
            self.assertEqual((status, problem(body)), (503, "not_ready"), what)
        status, _, body = server.get("/readyz")
        self.assertEqual(status, 503, what)
        self.assertIn("deleted or replaced", json.loads(body)["checks"]["database"])
        self.assertEqual(server.get("/v1/incidents?limit=1")[0], 200, "reading goes on")
        self.assertEqual(server.log().count("ERROR"), 1, server.log())
        self.assertEqual(server.term()[0], 0)
        server.kill()

    def test_the_file_is_deleted(self):
        self.lose("deleted", lambda files: os.remove(files[0]))

    def test_the_file_is_replaced(self):
        def replace(files):
            shutil.copy(files[0], files[0] + ".new")
            os.rename(files[0] + ".new", files[0])

        self.lose("replaced", replace)

    def test_the_log_is_deleted(self):
        self.lose("-wal deleted", lambda files: os.remove(files[1]))

    def test_the_shared_memory_is_deleted(self):
        self.lose("-shm deleted", lambda files: os.remove(files[2]))


if __name__ == "__main__":
    unittest.main()
