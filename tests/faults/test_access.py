"""Who may write: every way that a request can look, and whether something was stored; keys that are wrong, revoked, used too often."""

import itertools
import json
import re
import sqlite3
import threading
import time

from common import FaultCase, count, run

TEXT = "Gunmen killed {} policemen in Kabul on 3 January 2012, officials said."
# 400 where the request is refused as such, before anybody asks who sends it.
NO = {400, 401, 403}

HOSTS = {
    "own": ["127.0.0.1:{port}"],
    "localhost": ["localhost"],
    "IPv6": ["[::1]:{port}"],
}
BAD_HOSTS = {
    "none": [],
    "two, the first good": ["127.0.0.1:{port}", "evil.example"],
    "two, the last good": ["evil.example", "127.0.0.1:{port}"],
    "the same twice": ["127.0.0.1:{port}", "127.0.0.1:{port}"],
    "another": ["evil.example"],
    "rebound": ["evil.example:{port}"],
    "after IPv6": ["[::1]evil.example"],
    "before a loopback address": ["127.0.0.1.evil.example"],
    "localhost with a dot": ["localhost."],
    "sub-domain of localhost": ["evil.localhost"],
    "user": ["localhost:80@evil.example"],
    "blank": ["127.0.0.1:80 evil"],
    "all addresses": ["0.0.0.0:{port}"],
    "number": ["2130706433"],
    "empty": [""],
    "no port after the colon": ["localhost:"],
    "port too large": ["localhost:65536"],
}
BAD_ORIGINS = {
    "another": ["http://evil.example"],
    "null": ["null"],
    "other port": ["http://127.0.0.1:1"],
    "https": ["https://127.0.0.1:{port}"],
    "no scheme": ["127.0.0.1:{port}"],
    "scheme twice": ["http://http://127.0.0.1:{port}"],
    "two": ["http://127.0.0.1:{port}", "http://evil.example"],
    "empty": [""],
}
FORWARDING = [
    ("Forwarded", "for=203.0.113.9"),
    ("X-Forwarded-For", "203.0.113.9"),
    ("X-Forwarded-Host", "kb.example.org"),
    ("X-Forwarded-Proto", "https"),
    ("X-Forwarded-Server", "proxy"),
    ("X-Real-IP", "203.0.113.9"),
    ("Via", "1.1 proxy"),
    ("True-Client-IP", "203.0.113.9"),
    ("CF-Connecting-IP", "203.0.113.9"),
    ("X-Client-IP", "203.0.113.9"),
    ("Fly-Client-IP", "203.0.113.9"),
    ("CDN-Loop", "x"),
    ("Tailscale-User-Login", "x"),
    ("Authorization", "Basic YTpi"),
]
BAD_SITES = ["cross-site", "same-site", "none, cross-site"]
BAD_TARGETS = ["http://evil.example/v1/documents", "http://localhost@evil.example/v1/documents", "http://[::1]evil.example/v1/documents"]


class Request:
    """One way to send a text; what is not named is as a program on this machine sends it."""

    def __init__(self, name, hosts=HOSTS["own"], origins=(), site=None, forwarding=(), version="1.1", target="/v1/documents", expect=NO):
        self.name, self.version, self.target, self.expect = name, version, target, expect
        self.headers = [("Host", h) for h in hosts] + [("Origin", o) for o in origins] + list(forwarding)
        if site is not None:
            self.headers.append(("Sec-Fetch-Site", site))

    def bytes(self, port, text, key=None):
        headers = [*self.headers, ("Content-Type", "text/plain"), ("Content-Length", str(len(text))), ("Connection", "close")]
        if key:
            headers = [(n, v) for n, v in headers if n != "Authorization"] + [("Authorization", f"Bearer {key}")]
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
        return f"POST {self.target} HTTP/{self.version}\r\n{lines}\r\n{text}".replace("{port}", str(port)).encode()


def one_fault_each():
    """All that is right, and each thing that can be wrong by itself."""
    for name, hosts in HOSTS.items():
        yield Request(f"Host {name}", hosts, expect={201})
    yield Request("own Origin", origins=["http://127.0.0.1:{port}"], site="same-origin", expect={201})
    yield Request("Sec-Fetch-Site none", site="none", expect={201})
    yield Request("whole URL as target", target="http://127.0.0.1:{port}/v1/documents", expect={201})
    for name, hosts in BAD_HOSTS.items():
        yield Request(f"Host {name}", hosts)
    for name, origins in BAD_ORIGINS.items():
        yield Request(f"Origin {name}", origins=origins)
    for site in BAD_SITES:
        yield Request(f"Sec-Fetch-Site {site}", site=site)
    for header in FORWARDING:
        yield Request(header[0], forwarding=[header])
    for target in BAD_TARGETS:
        yield Request(f"target {target}", target=target)
    # The defaults of nginx before 1.30: the address of the server as Host, nothing added.
    yield Request("HTTP/1.0", version="1.0")


def many_faults():
    """Every combination of some of them; right only where all are."""
    own = ["http://127.0.0.1:{port}"]
    hosts = [HOSTS["own"], HOSTS["localhost"], BAD_HOSTS["another"], BAD_HOSTS["after IPv6"], BAD_HOSTS["two, the first good"]]
    origins = [(), own, BAD_ORIGINS["another"], BAD_ORIGINS["null"]]
    sites = [None, "same-origin", "cross-site"]
    forwarding = [(), FORWARDING[1:2], FORWARDING[5:7]]
    targets = ["/v1/documents", BAD_TARGETS[0]]
    for host, origin, site, header, version, target in itertools.product(hosts, origins, sites, forwarding, ["1.1", "1.0"], targets):
        right_origin = not origin and host in hosts[:2] or origin is own and host is hosts[0]
        right = right_origin and site != "cross-site" and not header and version == "1.1" and target == targets[0]
        yield Request(f"{host} {origin} {site} {header} {version} {target}", host, origin, site, header, version, target, {201} if right else NO)


class Keyless(FaultCase):
    def check(self, server, requests, key=None):
        wrong = []
        before = count(server.db)
        for n, request in enumerate(requests):
            answer = server.raw(request.bytes(server.port, TEXT.format(n + 2), key))
            status = int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.") else answer[:40]
            after = count(server.db)
            if status not in request.expect or (after > before) != (status == 201):
                wrong.append(f"{request.name}: {status}, {after - before} stored, expected {request.expect}")
            before = after
        self.figure(f"{n + 1} requests, {len(wrong)} answered otherwise than they should be")
        self.assertEqual(wrong, [])

    def test_each_fault_alone_stops_a_write(self):
        self.check(self.serve(), one_fault_each())

    def test_faults_in_every_combination_stop_a_write(self):
        self.check(self.serve(), many_faults())

    def test_no_write_without_a_key_behind_a_public_url(self):
        server = self.serve("--public-url", "https://kb.example.org")
        requests = list(one_fault_each())
        for request in requests:
            request.expect = NO
        page = Request("own page", ["kb.example.org"], ["https://kb.example.org"], "same-origin", FORWARDING[1:2])
        self.check(server, [*requests, page])

    def test_no_write_without_a_key_on_an_address_that_others_reach(self):
        server = self.serve("--listen", "0.0.0.0:0")
        self.check(server, [Request("local")])
        self.assertIn("waqia keys create", server.log())

    def test_with_a_key_nothing_else_counts(self):
        server = self.serve()
        key = made(server.db, "any", "ingest")
        requests = list(one_fault_each())
        for request in requests:
            # A request without exactly one sound Host may be refused as such, whoever sends it.
            request.expect = {201, 400} if request.name.startswith(("Host", "target")) else {201}
        time.sleep(1.5)
        self.check(server, requests, key)

    def test_a_key_ends_writing_without_one_even_when_revoked(self):
        server = self.serve()
        self.check(server, [Request("before", expect={201})])
        made(server.db, "first", "ingest")
        time.sleep(1.5)
        self.check(server, [Request("with a key made", expect={401})])
        self.assertEqual(run("keys", "revoke", "first", "--database", server.db).returncode, 0)
        time.sleep(1.5)
        self.check(server, [Request("with it revoked", expect={401})])

    def test_pages_of_other_sites_do_not_use_the_engine(self):
        requests = list(one_fault_each())
        for request in requests:
            foreign = request.name.startswith(("Origin", "Sec-Fetch-Site")) and request.name != "Sec-Fetch-Site none"
            odd = request.name.startswith(("Host", "target"))
            request.expect = {403} if foreign else {200, 400} if odd else {200}
            request.target = request.target.replace("/v1/documents", "/v1/extract")
        rebound = Request("rebound page", BAD_HOSTS["rebound"], ["http://evil.example:{port}"], "same-origin", target="/v1/extract", expect={403})
        self.check(self.serve("--anonymous-limit", "1000"), [*requests, rebound])


def made(db, name, scope, *more):
    done = run("keys", "create", "--name", name, "--scope", scope, "--database", db, *more)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class Keys(FaultCase):
    def send(self, server, key, n=0, path="/v1/documents"):
        return server.post(path, TEXT.format(n + 2), headers={"Authorization": f"Bearer {key}"})

    def wait_for(self, server, key, status):
        """Seconds until a key gets that answer."""
        began = time.monotonic()
        while (got := self.send(server, key)[0]) not in status:
            self.assertLess(time.monotonic() - began, 5, f"still {got}")
            time.sleep(0.05)
        return time.monotonic() - began

    def test_keys_are_made_and_revoked_while_serving(self):
        server = self.serve()
        self.assertEqual(self.send(server, "waqia_00000000_00000000000000000000000000000000")[0], 401)
        key = made(server.db, "feed", "ingest")
        self.assertRegex(key, r"^waqia_[0-9a-z]{8}_[0-9a-z]{32}$")
        taken = self.wait_for(server, key, {200, 201})
        self.assertEqual(run("keys", "revoke", "feed", "--database", server.db).returncode, 0)
        refused = self.wait_for(server, key, {401})
        self.assertLess(max(taken, refused), 2.5)
        self.figure(f"taken after {taken:.2f} s, refused after {refused:.2f} s")
        for file in (server.db, server.db + "-wal"):
            with open(file, "rb") as bytes_of_file:
                self.assertNotIn(key[15:].encode(), bytes_of_file.read(), "the secret is not stored")
        self.assertNotIn(key[15:], server.log())

    def test_expired_keys_are_refused(self):
        server = self.serve()
        key = made(server.db, "old", "admin", "--expires", "2999-12-31")
        self.assertEqual(self.send(server, key)[0], 201)
        base = sqlite3.connect(server.db)
        base.execute("update api_key set expires_at = '2020-01-01T00:00:00Z'")
        base.commit()
        base.close()
        self.wait_for(server, key, {401})
        past = run("keys", "create", "--name", "x", "--scope", "ingest", "--expires", "2020-01-01", "--database", server.db)
        self.assertEqual(past.returncode, 1)
        self.assertIn("past", past.stderr)

    def test_a_wrong_key_is_refused_on_every_path(self):
        server = self.serve()
        key = made(server.db, "right", "admin")
        self.assertEqual(self.send(server, key)[0], 201)
        other_end = "0" if key[-1] != "0" else "1"
        wrong = ["Bearer", "Bearer ", "Bearer x", f"Bearer {key[:-1]}", f"Bearer {key[:-1]}{other_end}", f"Bearer {key.upper()}"]
        wrong += [f"Bearer {key} {key}", f"Bearer waqia_00000000_{key[15:]}", f"Token {key}", key, "Bearer ' or 1=1 --"]
        paths = server.json("/openapi.json")["paths"]
        asked = [("GET", page) for page in ("/", "/docs", "/web/docs.js", "/v1/nothing", "/favicon.ico")]
        asked += [(method.upper(), re.sub(r"\{.*?\}", "x", path)) for path, item in paths.items() for method in item if method in ("get", "post")]
        self.assertGreater(len(asked), 30)
        for method, path in asked:
            if path == "/healthz":
                continue
            for authorization in wrong:
                status, headers, body = server.get(path, {"Authorization": authorization, "If-None-Match": "*"}, method=method)
                self.assertEqual((status, json.loads(body)["code"]), (401, "unauthorized"), f"{method} {path} {authorization}")
                self.assertIn("Bearer", headers["www-authenticate"])
        self.assertEqual(server.get("/healthz", {"Authorization": "Bearer x"})[0], 200)
        self.figure(f"{len(asked)} paths, {len(wrong)} wrong keys each")

    def test_a_key_used_too_often_is_told_to_wait(self):
        server = self.serve()
        key = made(server.db, "slow", "ingest", "--per-minute", "20")
        answers = [self.send(server, key, n) for n in range(25)]
        statuses = [status for status, _, _ in answers]
        self.assertEqual(statuses[:20], [201] * 20)
        limited = [answer for answer in answers[20:] if answer[0] == 429]
        self.assertTrue(limited, statuses)
        _, headers, body = limited[-1]
        self.assertEqual(json.loads(body)["code"], "rate_limited")
        wait = int(headers["retry-after"])
        self.assertTrue(1 <= wait <= 3, wait)
        time.sleep(wait)
        self.assertEqual(self.send(server, key, 99)[0], 201)
        self.assertEqual(server.get("/v1/incidents")[0], 200, "reading without it is not limited")

    def test_texts_without_a_key_are_limited_behind_a_proxy(self):
        server = self.serve("--public-url", "https://kb.example.org", "--anonymous-limit", "3")
        answers = [server.post("/v1/extract", TEXT.format(n)) for n in range(5)]
        self.assertEqual([status for status, _, _ in answers], [200, 200, 200, 429, 429])
        self.assertGreaterEqual(int(answers[-1][1]["retry-after"]), 1)
        key = made(server.db, "x", "ingest")
        self.assertEqual(self.send(server, key, path="/v1/extract")[0], 200, "a key has its own limit")
        local = self.serve("--anonymous-limit", "3", db=self.folder / "local.db")
        self.assertEqual([local.post("/v1/extract", TEXT.format(n))[0] for n in range(8)], [200] * 8)
        closed = self.serve("--anonymous-limit", "0", "--listen", "0.0.0.0:0", db=self.folder / "closed.db")
        self.assertEqual(closed.post("/v1/extract", TEXT.format(1))[0], 401)

    def test_guessing_costs_little(self):
        server = self.serve()
        key = made(server.db, "aim", "admin")
        unknown, known = f"waqia_zzzzzzzz_{key[15:]}", f"{key[:15]}{'0' * 32}"
        for name, guess in (("unknown", unknown), ("known", known)):
            before = server.cpu()
            got = [self.send(server, guess)[0] for _ in range(400)]
            spent = server.cpu() - before
            self.figure(f"400 guesses, public part {name}: {spent:.2f} s of processor time, {got.count(401)} × 401")
            self.assertTrue(set(got) <= {401, 429}, set(got))
            # Some hashes, not hundreds: 400 would take some ten seconds.
            self.assertLess(spent, 3.0)

    def test_the_first_use_by_many_at_once(self):
        server = self.serve()
        key = made(server.db, "many", "ingest")
        got = []
        threads = [threading.Thread(target=lambda n=n: got.append(self.send(server, key, n)[0])) for n in range(30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(set(got), {201})

    def test_the_last_use_is_noted_once_a_minute(self):
        server = self.serve()
        key = made(server.db, "noted", "ingest")
        self.assertEqual(self.send(server, key)[0], 201)
        time.sleep(1)
        listed = json.loads(run("keys", "list", "--json", "--database", server.db).stdout)
        self.assertIsNotNone(listed[0]["last_used_at"])
        base = sqlite3.connect(f"file:{server.db}?mode=ro", uri=True)
        self.addCleanup(base.close)
        version = base.execute("pragma data_version").fetchone()
        for _ in range(20):
            self.assertEqual(self.send(server, key, path="/v1/extract")[0], 200)
        self.assertEqual(base.execute("pragma data_version").fetchone(), version, "nothing was written")
