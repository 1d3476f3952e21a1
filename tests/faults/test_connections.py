"""Slow, idle, many and malformed connections: the others are answered meanwhile, and every refusal says what is wrong."""

import atexit
import functools
import http.client
import json
import re
import resource
import socket
import tempfile
import threading
import time
from pathlib import Path

from common import FaultCase, check, copy_base, count, documents, ndjson, run

HOST = "Host: 127.0.0.1\r\n"
EXPORT = f"GET /v1/incidents?format=geojson HTTP/1.1\r\n{HOST}\r\n".encode()
EXTRACT = f"POST /v1/extract HTTP/1.1\r\n{HOST}Content-Type: text/plain\r\nContent-Length: 1000\r\n\r\nabc".encode()
UNDER_LIMIT = ("bash", "-c", 'ulimit -n 1024; exec "$0" "$@"')


def many_incidents(n):
    """Documents of 40 reports each, so that an export is larger than what kernels buffer."""
    reports = list(documents(n, seed=11))
    for i in range(0, n, 40):
        yield {"id": f"many-{i}", "text": "\n\n".join(report["text"] for report in reports[i : i + 40])}


@functools.cache
def large_base():
    """A base whose export is some 4 MB, made once for all tests."""
    folder = tempfile.TemporaryDirectory(prefix="waqia-fault-")
    atexit.register(folder.cleanup)
    source, db = Path(folder.name) / "many.ndjson", Path(folder.name) / "many.db"
    source.write_bytes(ndjson(many_incidents(3000)))
    done = run("ingest", "--database", db, source)
    assert done.returncode == 0, done.stderr[-800:]
    return db


class Client:
    """A connection that sends and reads as little as it is told, and knows when the server ended it."""

    def __init__(self, server, request, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect(("127.0.0.1", server.port))
        self.socket.sendall(request)
        self.socket.setblocking(False)
        self.answer, self.n_read, self.ended = b"", 0, False

    def read(self, n):
        try:
            got = self.socket.recv(n)
            self.ended |= not got
            self.n_read += len(got)
            self.answer = (self.answer + got)[:4096]
        except BlockingIOError:
            pass
        except OSError:
            self.ended = True

    def send(self, data):
        try:
            self.socket.send(data)
        except BlockingIOError:
            pass
        except OSError:
            self.ended = True

    def is_gone(self):
        """Whether the server has ended it, for one who never reads: the kernel knows."""
        port = f":{self.socket.getsockname()[1]:04X}"
        for line in open("/proc/net/tcp").readlines()[1:]:
            fields = line.split()
            if fields[1].endswith(port) and fields[3] == "01":
                return False
        return True

    def close(self):
        self.socket.close()


def allow_files(n):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < n:
        resource.setrlimit(resource.RLIMIT_NOFILE, (n, max(n, hard)))


class SlowClients(FaultCase):
    def server(self):
        return self.serve(db=copy_base(large_base(), self.folder / "many.db"))

    def test_slow_clients_are_ended_and_patient_ones_are_not(self):
        server = self.server()
        clients = {
            "reads 1 kB/s": Client(server, EXPORT, 4096),
            "never reads": Client(server, EXPORT, 4096),
            "dribbles its headers": Client(server, f"GET /healthz HTTP/1.1\r\n{HOST}".encode()),
            "dribbles its body": Client(server, EXTRACT),
            "sends no more of its body": Client(server, EXTRACT),
        }
        mobile = Client(server, EXPORT, 16_384)
        began, ended = time.monotonic(), {}
        while (seconds := time.monotonic() - began) < 45 and len(ended) < len(clients):
            for name, client in clients.items():
                if name in ended:
                    continue
                if name == "never reads":
                    client.ended = client.is_gone()
                else:
                    client.read(1000)
                if name.startswith("dribbles"):
                    client.send(b"a")
                if client.ended:
                    ended[name] = round(seconds, 1)
            for _ in range(16):
                mobile.read(1500)
            time.sleep(1)
        self.figure(f"ended after seconds: {ended}; 24 kB/s read {mobile.n_read // 1000} kB")
        for name, client in clients.items():
            self.assertIn(name, ended)
            self.assertLess(ended[name], 35, name)
            if "read" not in name:
                self.assertIn(b"application/problem+json", client.answer, name)
                self.assertIn(b'"request_timeout"', client.answer, name)
            client.close()
        self.assertFalse(mobile.ended and mobile.n_read < 300_000, "a client at 24 kB/s is slow and not too slow")
        mobile.close()
        self.assertEqual(server.timed("/v1/incidents?limit=1")[0], 200)

    def test_slow_readers_keep_nobody_from_being_answered(self):
        """256 exports that are read at 64 bytes a second; as many requests may be worked on at once."""
        allow_files(4096)
        server = self.server()
        readers = [Client(server, EXPORT, 2048) for _ in range(256)]
        slowest, statuses, back = 0, set(), None
        began = time.monotonic()
        while (seconds := time.monotonic() - began) < 60 and back is None:
            for reader in readers:
                reader.read(64)
            for path in ("/v1/incidents?limit=1", "/v1/codes", "/healthz", "/readyz"):
                status, took = server.timed(path)
                # At first all 256 are requests whose answers have not begun: a quick 503 is right then.
                if seconds > 5:
                    statuses.add(status)
                slowest = max(slowest, took)
            if seconds > 5 and server.timed("/v1/incidents?format=csv")[0] == 200:
                back = seconds
            time.sleep(1)
        self.figure(f"small answers within {slowest:.2f} s: {statuses}; an export again after {back and round(back)} s; {server.rss():.0f} MiB")
        self.assertEqual(statuses, {200})
        self.assertLess(slowest, 3)
        self.assertIsNotNone(back, "the places of slow readers come back")
        for reader in readers:
            reader.close()


class ManyConnections(FaultCase):
    def test_idle_connections_lock_nobody_out(self):
        """2,000 idle connections where 1,024 may be open."""
        allow_files(8192)
        server = self.serve()
        idle = []
        for i in range(2000):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", server.port))
            idle.append(client)
            if i % 100 == 99:
                time.sleep(0.02)
        time.sleep(0.5)
        times = [server.timed(path, timeout=20) for path in ("/healthz", "/readyz", "/v1/incidents?limit=1", "/v1/codes", "/healthz")]
        self.figure(f"meanwhile (status, s): {[(status, round(seconds, 3)) for status, seconds in times]}; {server.fds()} files")
        for status, seconds in times:
            self.assertEqual(status, 200)
            self.assertLess(seconds, 1)
        for client in idle:
            client.close()

    def test_half_requests_that_come_again_and_again_lock_nobody_out(self):
        """1,100 clients that send half a request and connect anew when they are cut off."""
        allow_files(8192)
        server = self.serve()
        stop = threading.Event()

        def hog():
            while not stop.is_set():
                try:
                    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
                        client.sendall(b"GET / HTTP/1.1\r\n")
                        client.settimeout(5)
                        client.recv(10)
                        time.sleep(0.5)
                except OSError:
                    time.sleep(0.2)

        threading.stack_size(256 * 1024)
        hogs = [threading.Thread(target=hog, daemon=True) for _ in range(1100)]
        for one in hogs:
            one.start()
        time.sleep(3)
        times = [server.timed("/healthz", timeout=20) for _ in range(5)]
        stop.set()
        self.figure(f"meanwhile (status, s): {[(status, round(seconds, 2)) for status, seconds in times]}")
        self.assertEqual({status for status, _ in times}, {200})
        self.assertLess(sorted(seconds for _, seconds in times)[2], 2, "the median")

    def test_connections_leave_descriptors_for_the_base(self):
        """1,024 files may be open, as many shells have it; the connections must not take them all."""
        allow_files(4096)
        server = self.serve(prefix=UNDER_LIMIT)
        clients = []
        for _ in range(1100):
            client = socket.socket()
            client.settimeout(5)
            client.connect(("127.0.0.1", server.port))
            client.sendall(f"GET /healthz HTTP/1.1\r\n{HOST}\r\n".encode())
            clients.append(client)
        time.sleep(1)
        wrote = server.post("/v1/documents", "Gunmen killed three policemen in Peshawar on Monday.", timeout=20)[0]
        read = [server.timed("/v1/incidents", timeout=20)[0] for _ in range(5)]
        self.figure(f"write {wrote}, reads {read}, {server.fds()} files open")
        self.assertEqual((wrote, read), (201, [200] * 5))
        self.assertLess(server.fds(), 1000)
        self.assertIn("fewer connections than asked for", server.log())
        self.assertNotIn("could not accept", server.log())
        for client in clients:
            client.close()
        self.assertEqual(server.term()[0], 0)


class Malformed(FaultCase):
    @staticmethod
    def last(answers):
        """Status and head of the last answer, and its body."""
        starts = [found.start() for found in re.finditer(rb"HTTP/1\.1 \d\d\d ", answers)]
        head, _, body = answers[starts[-1] if starts else 0 :].partition(b"\r\n\r\n")
        return int(head.split(b" ")[1]) if head.startswith(b"HTTP/1.1 ") else None, head.lower(), body

    def test_every_refusal_has_a_problem(self):
        server = self.serve()
        get, close = "GET /healthz HTTP/1.1\r\n", "Connection: close\r\n\r\n"
        requests = {
            "header of 66 kB": (f"{get}{HOST}X: {'a' * 66_000}\r\n{close}", 431),
            "header of 1 MB": (f"{get}{HOST}X: {'a' * 1_000_000}\r\n{close}", 431),
            "200 headers": (get + HOST + "".join(f"X-{i}: a\r\n" for i in range(200)) + close, 431),
            "target of 65.6 kB": (f"GET /v1/incidents?q={'a' * 65_600} HTTP/1.1\r\n{HOST}{close}", 431),
            "target of 1 MB": (f"GET /v1/incidents?q={'a' * 1_000_000} HTTP/1.1\r\n{HOST}{close}", 431),
            "no Host": (f"{get}{close}", 400),
            "two Hosts": (f"{get}Host: a\r\nHost: b\r\n{close}", 400),
            "a Host that is none": (f'{get}Host: evil.example/a?b="<x>\r\n{close}', 400),
            "a Host with a tail": (f"{get}Host: [::1]evil.example\r\n{close}", 400),
            "a target of another host": (f"GET http://evil.example/healthz HTTP/1.1\r\n{HOST}{close}", 400),
            "a name for a proxy": (f"CONNECT evil.example:80 HTTP/1.1\r\n{HOST}\r\n", 400),
            "HTTP/9.9": (f"GET / HTTP/9.9\r\n{HOST}\r\n", 400),
            "HTTP/2": ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 400),
            "a folded header": (f"{get}{HOST}X: a\r\n b\r\n{close}", 400),
            "a space before a colon": (f"{get}{HOST}X : a\r\n{close}", 400),
            "NUL in a header": (f"{get}{HOST}X: a\0b\r\n{close}", 400),
            "markup in the target": (f'GET /v1/incidents?q=<script>"x" HTTP/1.1\r\n{HOST}{close}', 400),
            "two lengths": (f"POST /v1/extract HTTP/1.1\r\n{HOST}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhelloX", 400),
            "length of +5": (f"POST /v1/extract HTTP/1.1\r\n{HOST}Content-Length: +5\r\n\r\nhello", 400),
            "unknown coding": (f"POST /v1/extract HTTP/1.1\r\n{HOST}Transfer-Encoding: xchunked\r\n\r\nhello", 400),
            "unknown method": (f"BREW /v1/incidents HTTP/1.1\r\n{HOST}{close}", 405),
            "TRACE": (f"TRACE / HTTP/1.1\r\n{HOST}{close}", 405),
            "half a head": (f"{get}{HOST}X-a: ", 408),
        }
        wrong = {}
        for name, (request, status) in requests.items():
            got, head, body = self.last(server.raw(request.encode("latin-1"), timeout=25))
            problem = b"application/problem+json" in head and json.loads(body)["status"] == status
            if got != status or not problem:
                wrong[name] = (got, head[:60], body[:60])
        self.assertEqual(wrong, {})
        self.assertEqual(self.last(server.raw(f"{get}{HOST}X: {'a' * 60_000}\r\n{close}".encode()))[0], 200, "a header of 60 kB")
        self.assertEqual(server.get("/healthz")[0], 200)

    def test_a_refusal_does_not_spoil_the_next_request(self):
        """The next request on a connection whose last body was not read is answered, or the client is told that there is no next one."""
        server = self.serve()
        small, large = b"x" * 100, b"x" * ((16 << 20) + 1)
        refusals = [
            ("type", "/v1/extract", small, {"Content-Type": "image/png"}),
            ("charset", "/v1/extract", small, {"Content-Type": "text/plain; charset=utf-16"}),
            ("other site", "/v1/documents", small, {"Content-Type": "text/plain", "Origin": "http://evil.example"}),
            ("path", "/v1/nothing", small, {"Content-Type": "text/plain"}),
            ("method", "/v1/incidents", small, {"Content-Type": "text/plain"}),
            ("query", "/v1/extract?codebook=x", small, {"Content-Type": "text/plain"}),
            ("size", "/v1/extract", large, {"Content-Type": "text/plain"}),
            ("size, small type", "/v1/nothing", large, {"Content-Type": "text/plain"}),
        ]
        wrong = {}
        for name, path, body, headers in refusals:
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=15)
            try:
                connection.request("POST", path, body, headers)
                first = connection.getresponse()
                first.read()
                if first.status < 400:
                    wrong[name] = first.status
                # http.client opens a new connection where the answer said `Connection: close`.
                time.sleep(0.05)
                connection.request("GET", "/healthz")
                second = connection.getresponse()
                second.read()
                if second.status != 200:
                    wrong[name] = second.status
            except (OSError, http.client.HTTPException) as error:
                wrong[name] = type(error).__name__
            finally:
                connection.close()
        self.assertEqual(wrong, {})


class Stopping(FaultCase):
    def test_sigterm_ends_in_time_and_keeps_what_was_acknowledged(self):
        """With four writers, readers, an export that nobody reads, idle and half-open connections."""
        db = copy_base(large_base(), self.folder / "stop.db")
        server = self.serve("--shutdown-timeout", "8s", db=db)
        before, acknowledged, lock, stop = count(db), [], threading.Lock(), threading.Event()

        def write(seed):
            for document in documents(5000, seed):
                if stop.is_set():
                    return
                try:
                    status, _, body = server.post("/v1/documents", json.dumps(document), "application/json", timeout=20)
                except (OSError, http.client.HTTPException):
                    return
                if status == 201:
                    with lock:
                        acknowledged.append(json.loads(body)["document"])

        def read():
            while not stop.is_set():
                try:
                    server.get("/v1/incidents?limit=200", timeout=20)
                except (OSError, http.client.HTTPException):
                    return

        threads = [threading.Thread(target=write, args=(seed,)) for seed in range(31, 35)] + [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        others = [Client(server, EXPORT, 4096), Client(server, b""), Client(server, b"GET / HTTP/1.1\r\nHo"), Client(server, EXTRACT)]
        time.sleep(3)
        code, seconds = server.term(30)
        stop.set()
        for thread in threads:
            thread.join()
        for client in others:
            client.close()
        self.figure(f"exit code {code} after {seconds:.1f} s, {len(acknowledged)} documents acknowledged")
        self.assertEqual(code, 0)
        self.assertLess(seconds, 10)
        self.assertGreater(len(acknowledged), 10)
        self.assertGreaterEqual(count(db), before + len(set(acknowledged)))
        self.assertEqual(check(db), [])
        again = self.serve(db=db)
        for document in acknowledged[-50:]:
            self.assertEqual(again.get(f"/v1/documents/{document}")[0], 200)
