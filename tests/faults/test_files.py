"""The file of the base: other programs' files, damage that is served or found, backups while others write, kills while copying."""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import threading
import time
import unittest

import common
from common import FaultCase, long

PAGE = 4096


def whole(db):
    """Closes a base's log into its file, so that the file alone is the base."""
    base = sqlite3.connect(db, timeout=30)
    base.execute("pragma wal_checkpoint(truncate)")
    base.close()
    for left in common.base_files(db)[1:]:
        left.unlink(missing_ok=True)
    return db


def ids(db, table, n, where="1"):
    base = sqlite3.connect(db)
    try:
        return [row[0] for row in base.execute(f"select uid from {table} where {where} order by uid limit {n}")]
    finally:
        base.close()


class Damage(FaultCase):
    """Flipped bits and empty pages in a stopped base: whatever a server then serves otherwise, `waqia check` finds."""

    def paths(self, db):
        """Most of what can be asked of a base."""
        lists = ["incidents?limit=1000&sort=date", "incidents?format=ndjson", "documents?limit=1000", "actors?limit=1000", "statements?limit=1000"]
        lists += ["places?limit=1000", "figures?limit=1000", "changes?limit=1000", "incidents?bbox=60,20,90,40&limit=1000", "search?q=killed&limit=100"]
        lists += [f"stats/{name}" for name in ("summary", "timeline", "map", "breakdown?by=country")]
        incidents, documents = ids(db, "incident", 40), ids(db, "document", 40)
        lists += [f"incidents/{one}" for one in incidents] + [f"incidents/{one}/evidence" for one in incidents[:20]]
        lists += [f"documents/{one}/text" for one in documents] + [f"documents/{one}/annotations" for one in documents[:20]]
        lists += [f"actors/{one}" for one in ids(db, "actor", 20, "known = 0")]
        return [f"/v1/{path}" for path in lists]

    def served(self, db, paths):
        """Status and body of each path; None where the server does not start."""
        try:
            server = common.Server(db=db)
        except RuntimeError:
            return None
        with server:
            answers = {}
            for path in paths:
                try:
                    status, _, body = server.get(path, timeout=30)
                except OSError as error:
                    status, body = type(error).__name__, b""
                answers[path] = (status, body.replace(b"127.0.0.1:%d" % server.port, b""))
            server.term()
            return answers

    def rounds(self, n, n_documents):
        pick = random.Random(9)
        base = whole(common.ingested(self.folder / "base.db", n_documents))
        paths, db = self.paths(base), self.folder / "rot.db"
        # What a start adds (the lexicon's actors are there, so nothing) is in the reference as well.
        common.copy_base(base, db)
        reference = self.served(db, paths)
        self.assertEqual({status for status, _ in reference.values()}, {200})
        common.copy_base(base, db)
        sound = common.run("check", "--database", db)
        self.assertEqual(sound.returncode, 0, sound.stdout + sound.stderr)
        original = base.read_bytes()
        n_found = n_wrong = n_found_wrong = n_no_start = 0
        for i in range(n):
            data = bytearray(original)
            if i % 2:
                page = pick.randrange(1, len(data) // PAGE)
                data[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)
            else:
                for _ in range(20):
                    data[pick.randrange(PAGE, len(data))] ^= 1 << pick.randrange(8)
            common.copy_base(base, db)
            db.write_bytes(data)
            told = common.run("check", "--database", db)
            self.assertIn(told.returncode, (0, 1), told.stderr[-500:])
            found = told.returncode == 1
            answers = self.served(db, paths)
            n_no_start += answers is None
            wrong = [p for p, answer in (answers or {}).items() if answer[0] in (200, 404) and answer != reference[p]]
            n_found, n_wrong, n_found_wrong = n_found + found, n_wrong + bool(wrong), n_found_wrong + (found and bool(wrong))
            self.assertFalse(wrong and not found, f"round {i}: {wrong[:3]} differ, and check says: {told.stdout[-300:]}")
        self.figure(f"{n} damaged bases: check found {n_found}; {n_wrong} served something else, {n_found_wrong} of them found; {n_no_start} did not start")

    def test_some_rounds(self):
        self.rounds(6, 30)

    @long
    def test_forty_rounds(self):
        self.rounds(40, 120)


class OtherFiles(FaultCase):
    """A file that is no base of this version is refused with what to do, and stays as it is."""

    def refused(self, db, *words):
        before = db.read_bytes() if db.is_file() else None
        with self.assertRaises(RuntimeError, msg=f"a server starts on {db}") as told:
            common.Server(db=db).kill()
        for word in words:
            self.assertIn(word, str(told.exception))
        if before is not None:
            self.assertEqual(db.read_bytes(), before, f"{db} was changed")
        for command in (["ingest", os.devnull], ["check"], ["backup", self.folder / "copy"]):
            done = common.run(command[0], "--database", db, *command[1:])
            self.assertNotEqual(done.returncode, 0)
            self.assertNotIn("panicked", done.stderr)
        if before is not None:
            self.assertEqual(db.read_bytes(), before, f"{db} was changed")

    def base(self, name, sql=None):
        db = self.folder / name
        if not (self.folder / "whole.db").exists():
            whole(common.ingested(self.folder / "whole.db", 3))
        shutil.copy(self.folder / "whole.db", db)
        if sql:
            connection = sqlite3.connect(db)
            connection.executescript(sql)
            connection.close()
        return db

    def test_files_of_others(self):
        other = self.folder / "other.db"
        connection = sqlite3.connect(other)
        connection.executescript("create table customer (id); create table document (id); create table base (only)")
        connection.close()
        self.refused(other, "another program's database", "nothing was changed")
        text = self.folder / "text.db"
        text.write_text("this is no database\n" * 1000)
        self.refused(text, "not an SQLite database")
        self.refused(self.folder, "is a folder")
        self.refused(self.folder / "no" / "such.db", "there is no folder")
        self.refused(self.base("theirs.db", "pragma application_id = 1196437808"), "another program's database")

    def test_other_versions_and_damage(self):
        newer = "insert into _sqlx_migrations values (9999, 'later', datetime(), 1, x'00', 1)"
        self.refused(self.base("newer.db", newer), "newer waqia", "use that version")
        self.refused(self.base("changed.db", "update _sqlx_migrations set checksum = x'00' where version = 3"), "migration 3", "waqia restore")
        self.refused(self.base("begun.db", "update _sqlx_migrations set success = 0 where version = 12"), "migration 12", "waqia restore")
        header = self.base("header.db")
        header.write_bytes(bytes(100) + header.read_bytes()[100:])
        self.refused(header, "header is damaged", "waqia restore")
        half = self.base("half.db")
        os.truncate(half, half.stat().st_size // 2 // PAGE * PAGE)
        self.assertNotEqual(common.run("check", "--database", half).returncode, 0, "half a base is no sound one")


class Backups(FaultCase):
    def check(self, db):
        done = common.run("check", "--database", db)
        self.assertEqual(done.returncode, 0, done.stdout[-800:] + done.stderr[-800:])
        self.assertEqual(common.check(db), [])

    def names(self, db):
        base = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
        try:
            return {row[0] for row in base.execute("select uid from document")}
        finally:
            base.close()

    def test_backup_while_four_clients_write(self):
        server = self.serve()
        stop, acknowledged = threading.Event(), []

        def write(number):
            for document in common.documents(10_000, seed=number):
                if stop.is_set():
                    return
                status, _, body = server.post("/v1/documents", json.dumps(document), "application/json")
                if status == 201:
                    acknowledged.append(json.loads(body)["document"])

        writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        [writer.start() for writer in writers]
        copies = []
        for number in range(3):
            time.sleep(1)
            before, to = set(acknowledged), self.folder / f"copy{number}.db"
            done = common.run("backup", "--database", server.db, to)
            self.assertEqual(done.returncode, 0, done.stderr)
            copies.append((before, to))
        stop.set()
        [writer.join() for writer in writers]
        self.assertTrue(acknowledged)
        refused = common.run("restore", "--database", server.db, copies[-1][1])
        self.assertEqual(refused.returncode, 1)
        self.assertIn("stop the server", refused.stderr)
        self.assertEqual(server.get("/v1/documents?limit=1")[0], 200, "the server goes on")
        server.term()
        for before, to in copies:
            self.check(to)
            self.assertLessEqual(before, self.names(to), "a document that was acknowledged before the backup is in it")
        # The last copy in place of the base: what is served is what was copied.
        done = common.run("restore", "--database", server.db, copies[-1][1])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.check(server.db)
        self.assertEqual(self.names(server.db), self.names(copies[-1][1]))
        again = self.serve(db=server.db)
        self.assertEqual(again.json("/v1/documents?limit=1")["meta"]["total"], len(self.names(server.db)))
        self.figure(f"{len(acknowledged)} documents acknowledged; copies have {[len(self.names(to)) for _, to in copies]}")

    def kills(self, n, n_documents):
        """kill -9 of `backup --force` and `restore` at many moments: base and target stay whole."""
        pick = random.Random(4)
        base = whole(common.ingested(self.folder / "base.db", n_documents))
        other = whole(common.ingested(self.folder / "other.db", 5, seed=2))
        copy, target = self.folder / "copy.db", self.folder / "target.db"
        n_base, n_other = common.count(base), common.count(other)
        for command in ("backup", "restore"):
            began = time.monotonic()
            to = self.folder / "timed.db"
            done = common.run("backup", "--database", base, to) if command == "backup" else common.run("restore", "--database", to, base)
            self.assertEqual(done.returncode, 0, done.stderr)
            seconds, ends = time.monotonic() - began, {"killed": 0, "done": 0}
            for _ in range(n):
                shutil.copy(other, copy)
                shutil.copy(other, target)
                arguments = ["backup", "--force", "--database", base, copy] if command == "backup" else ["restore", "--database", target, base]
                process = subprocess.Popen([common.BINARY, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(pick.random() * seconds * 1.1)
                ends["done" if process.poll() is not None else "killed"] += 1
                process.kill()
                process.wait()
                written = copy if command == "backup" else target
                self.assertEqual(common.check(written), [])
                self.assertIn(common.count(written), (n_base, n_other))
                self.assertEqual(common.count(base), n_base)
                for left in self.folder.glob("*.unfinished*"):
                    left.unlink()
                for left in self.folder.glob("target.db.before-restore-*"):
                    left.unlink()
            self.assertEqual(common.check(base), [])
            self.figure(f"{command}: {ends}, {seconds:.2f} s when left alone")

    def test_kills(self):
        self.kills(4, 20)

    @long
    def test_many_kills(self):
        self.kills(30, 1500)
