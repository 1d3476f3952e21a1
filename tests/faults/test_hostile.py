"""Generated hostile requests over every operation: no 5xx, no failure without a problem body, no growing memory."""

import collections
import http.client
import multiprocessing
import random
import subprocess
import unittest

from common import LONG, ROOT, FaultCase, check, documents, ndjson
from hostile import Maker


def known_values(server):
    """Values that the base holds, by the names of the parameters that take them."""
    rows = {name: server.json(f"/v1/{name}?limit=100")["data"] for name in ("incidents", "actors", "documents", "statements", "places")}
    rows["actors"] += server.json("/v1/actors?mentioned=true&limit=100")["data"]
    ids = {name: [row["id"] for row in many] for name, many in rows.items()}
    names = [row["name"] for row in rows["actors"]]
    places = [row["place"]["name"] for row in rows["incidents"] if row["place"]]
    return {
        "id": [one for many in ids.values() for one in many],
        "country": ["PK", "IN", "AF", "Pakistan", "india"],
        "actor": ids["actors"] + names,
        "perpetrator": ids["actors"] + names,
        "speaker": ids["actors"],
        "type": [row["type"] for row in rows["incidents"]] + ["attack", "explosion"],
        "place": ids["places"] + places,
        "parent": ids["places"],
        "document": ids["documents"],
        "incident": ids["incidents"],
        "source": ["Invented Wire", "Waqia seed collection"],
        "by": ["country", "type", "actor", "year"],
        "list": ["incident_types", "countries", "codebooks"],
        "code": ["not_found", "internal"],
        "codebook": ["acled", "gtd", "attacks", "all"],
    }


def work(port, seed, n, description, known, out):
    """Sends `n` requests one after another and reports what they were answered with."""
    pick = random.Random(seed)
    maker = Maker(description, known, [one["text"] for one in documents(50, seed)], pick)
    statuses, faults, connection = collections.Counter(), [], None
    for _ in range(n):
        method, target, headers, body = maker.request()
        for attempt in (1, 2):
            fresh = connection is None
            if fresh:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                # The client's own checks would keep the strangest targets back.
                connection._validate_path = lambda _: None
                connection._encode_request = lambda text: text.encode("latin-1", "replace")
            try:
                connection.request(method, target, body=body, headers=headers)
                answer = connection.getresponse()
                status, media_type, told = answer.status, answer.getheader("content-type"), answer.read()
                if answer.will_close:
                    connection.close()
                    connection = None
                break
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                connection = None
                status, media_type, told = type(error).__name__, None, str(error).encode()
                # A server may close a kept connection at any time; only a fresh one must answer.
                if fresh:
                    break
        statuses[status] += 1
        bad = not isinstance(status, int) or status >= 500 or (status >= 400 and media_type != "application/problem+json")
        if bad and len(faults) < 20:
            faults.append((status, method, target[:300], headers, told[:200]))
    out.put((statuses, faults))


class Hostile(FaultCase):
    n_requests = 200_000 if LONG else 2_000

    def test_generated_requests_get_answers(self):
        server = self.serve("--log", "warn", "--anonymous-limit", "1000000", seeds=None)
        self.assertEqual(server.post("/v1/documents", ndjson(documents(400)), "application/x-ndjson")[0], 200)
        description, known = server.json("/openapi.json"), known_values(server)
        statuses, faults, rss = collections.Counter(), [], []
        # In rounds, so that memory can be compared between them.
        n_rounds, n_workers = 10, 4
        for number in range(n_rounds):
            out, n = multiprocessing.Queue(), self.n_requests // n_rounds // n_workers
            workers = [
                multiprocessing.Process(target=work, args=(server.port, 100 * number + k, n, description, known, out)) for k in range(n_workers)
            ]
            for worker in workers:
                worker.start()
            for _ in workers:
                told = out.get(timeout=3000)
                statuses += told[0]
                faults += told[1]
            for worker in workers:
                worker.join()
            rss.append(server.rss())
        self.figure(f"{sum(statuses.values())} requests: {dict(sorted(statuses.items(), key=str))}; RSS by round, MiB: {[round(m) for m in rss]}")
        self.assertEqual(faults, [])
        self.assertNotIn("panicked", server.log())
        # The first rounds fill caches and pools; after them nothing may grow with the number of requests.
        self.assertLess(rss[-1], 1.25 * rss[n_rounds // 2] + 16)
        self.assertEqual(server.term()[0], 0)
        self.assertEqual(check(server.db), [])


@unittest.skipUnless(LONG, "only with --long")
class Schemathesis(FaultCase):
    """The OpenAPI description against the server, by schemathesis; `./test --long` installs it into target/schemathesis."""

    def test_no_server_errors(self):
        program = ROOT / "target" / "schemathesis" / "bin" / "st"
        if not program.exists():
            self.skipTest(f"{program} is not there: ./test --long installs it")
        server = self.serve("--log", "warn", "--anonymous-limit", "1000000", seeds=None)
        checks = "not_a_server_error,content_type_conformance,status_code_conformance"
        base = f"http://127.0.0.1:{server.port}"
        done = subprocess.run(
            [program, "run", f"{base}/openapi.json", "--url", base, "--checks", checks, "--max-examples", "60", "--seed", "1", "--continue-on-failure", "--no-color"],
            capture_output=True, text=True, timeout=1800, cwd=self.folder,
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stdout[-6000:] + done.stderr[-2000:])
        self.assertTrue(server.alive())
        self.assertNotIn("panicked", server.log())
