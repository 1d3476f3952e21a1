"""Hostile requests, made from the server's own OpenAPI description: every operation, with values that fit, nearly fit, or never do."""

import json
from urllib.parse import quote

STRANGE = [
    "", " ", "\0", "\t", "\n", "\r\nX: y", "'", '"', "\\", "`", ";", "--", "/*", "' or 1=1 --", "%", "_", "*", "?", "[", "]", "(", ")", "(" * 10, "))))",
    "{", "}", "<script>alert(1)</script>", "${7*7}", "{{7*7}}", "../../etc/passwd", "null", "undefined", "true", "false", "NaN", "inf", "-inf", "1e309",
    "1e-400", "-0", "0", "-1", "1", "1.5", "+1", "٣", "１", "0x10", "1_000", "4294967295", "4294967296", "2147483648", "9223372036854775807",
    "9223372036854775808", "18446744073709551616", "9" * 400, "a" * 8192, "a" * 8193, "é" * 4000, "\u202e", "\u200b", "\ufeff", "\ufffe", "\U0010ffff",
    "e\u0301", "İ", "ß", "💥" * 100, "OR", "AND", "NOT", "NEAR(a b)", "a OR", "OR a", "a OR OR b", " OR ".join("abcdefgh" * 13), "-", "--a", "-a", "- a", '""',
    '"a', 'a"b"c', "a*", "*a", "**", "a* b* c* d*", "title:a", "^a", "a + b", '"a b"*', "“a”", ",", ",,", "a,b", ",a", "a,,b", ",".join("abcdefghij" * 30),
    "2023", "2023-02", "2023-02-30", "2023-13-01", "0000-00-00", "9999-12-31", "10000-01-01", "-0001-01-01", "2023-W01", "2023-01-01T00:00:00Z",
    "2023-01-01T25:00:00Z", "2023-01-01T00:00:00+99:99", "yesterday", "1970-01-01T00:00:00.123456789012Z", "1,2,3,4", "-180,-90,180,90", "180,90,-180,-90",
    "0,0,0,0", "nan,nan,nan,nan", "1e400,0,0,0", "170,-10,-170,10", "1,2,3", "1,2,3,4,5", "-181,0,0,0", "34,71", "90,180", "91,181", "0,0", "act_", "inc_",
    "gn:1", "gn:", ":", "waqia_x_y",
]  # fmt: skip
WORDS = ["killed", "police", "Peshawar", "-bomb", "mil*", "OR", '"two persons"', "the", "a*", "کابل", "3", "Khan's", "(x)", "a.b", "x:y"]
DAYS = ["2010-01-01", "2015", "2018-06", "1969-01-01", "2030-12-31", "2020-01-01T00:00:00Z", "0"]
ACCEPTS = ["text/csv", "application/geo+json", "application/x-ndjson", "*/*;q=0", "image/png", "application/json;q=0.1,text/csv;q=x", ";,;", "a" * 500]
ENCODINGS = ["gzip", "br", "zstd", "gzip;q=0", "*", "identity;q=0", "*;q=0", "gzip, br;q=0.5", "x"]
MEDIA_TYPES = ["text/plain", "application/json", "text/html", "text/markdown", "application/x-ndjson", "text/plain; charset=utf-16", "image/png", ""]
JUNK_QUERIES = ["nosuch=1", "=", "&&", "q", "limit", "%00=1", "LIMIT=1", "a" * 3000 + "=1", "q=a&q=b"]


class Maker:
    """Makes one request after another. `known` are values that the base holds, by parameter name; `random` decides everything."""

    def __init__(self, description, known, texts, random):
        self.known, self.texts, self.random = known, texts, random
        self.operations = [
            (method.upper(), path, operation.get("parameters", [])) for path, item in description["paths"].items() for method, operation in item.items()
        ]

    def request(self):
        """(method, target, headers, body or None)."""
        random = self.random
        method, path, parameters = random.choice(self.operations)
        mild, query = random.random() < 0.5, []
        for parameter in parameters:
            name, schema = parameter["name"], parameter.get("schema") or {}
            if parameter["in"] == "path":
                path = path.replace("{%s}" % name, self.encoded(self.value(name, schema, mild), mild) or "x")
            elif parameter["in"] == "query" and random.random() < min(0.9, 2.2 / len(parameters)):
                n = random.choice((1, 1, 1, 2, 4)) if schema.get("type") == "array" else 1
                values = [self.encoded(self.value(name, schema, mild), mild) for _ in range(n)]
                query.append(f"{name}=" + (",".join(values) if random.random() < 0.7 else f"&{name}=".join(values)))
        if random.random() < 0.04:
            query.append(random.choice(JUNK_QUERIES))
        target = (path + ("?" + "&".join(query) if query else ""))[:60_000]
        headers, body = self.headers(), None
        if method in ("POST", "PATCH", "PUT"):
            headers["Content-Type"] = random.choice(MEDIA_TYPES)
            body = self.body(headers["Content-Type"])
        return method, target, headers, body

    def value(self, name, schema, mild):
        random, kind = self.random, schema.get("type")
        allowed = schema.get("enum") or (schema.get("items") or {}).get("enum")
        die = random.random() * (0.55 if mild else 1)
        if die < 0.5 and allowed:
            return random.choice(allowed)
        if die < 0.5 and self.known.get(name):
            return random.choice(self.known[name])
        if die < 0.6:
            if kind == "boolean":
                return random.choice(("true", "false", "1", "yes"))
            if kind in ("integer", "number"):
                return str(random.choice((0, 1, 2, 3, 5, 10, 50, 100, 999, 1000, 1001, -1, 2**31, 0.5, 1e-9)))
            if name in ("from", "to", "published", "updated_since", "since"):
                return random.choice(DAYS)
            if name == "bbox":
                west, south = random.uniform(-180, 170), random.uniform(-90, 80)
                return f"{west:.3f},{south:.3f},{west + random.uniform(0, 40):.3f},{south + random.uniform(0, 40):.3f}"
            if name == "q":
                return " ".join(random.choice(WORDS) for _ in range(random.randint(1, 12)))
        if die < 0.9:
            return random.choice(STRANGE)
        return "".join(self.character() for _ in range(random.choice((1, 3, 10, 60))))

    def character(self):
        low, high = self.random.choice(((1, 127), (1, 127), (128, 0x7FF), (0x800, 0xD7FF), (0x10000, 0x10FFFF)))
        return chr(self.random.randint(low, high))

    def encoded(self, value, mild):
        die = self.random.random()
        if mild or die < 0.93:
            return quote(value, safe="")
        if die < 0.96:
            return "".join("%%%02x" % self.random.randrange(256) for _ in range(self.random.randint(1, 8)))
        if die < 0.98:
            return quote(value, safe="")[:-1] + "%"
        return "".join(c for c in value if 32 < ord(c) < 127 and c != "#")

    def headers(self):
        random, headers = self.random, {}
        if random.random() < 0.2:
            headers["Accept"] = random.choice(ACCEPTS)
        if random.random() < 0.3:
            headers["Accept-Encoding"] = random.choice(ENCODINGS)
        if random.random() < 0.05:
            headers["If-None-Match"] = random.choice(("*", '"x"', 'W/"', '"', ","))
        if random.random() < 0.02:
            headers["Content-Encoding"] = random.choice(("gzip", "zstd", "x", "identity"))
        return headers

    def body(self, media_type):
        random, text = self.random, self.random.choice(self.texts)[:1500]
        if "json" in media_type:
            members = {"text": text}
            for name in ("id", "title", "published", "source", "url", "language", "facts", "fictional", "more"):
                if random.random() < 0.2:
                    members[name] = random.choice((None, 1, -1.5, True, [], {}, random.choice(STRANGE), "2020-01-01"))
            text = json.dumps(members)
            if "ndjson" in media_type:
                text = "\n".join(random.choice((text, text, "", "{}", "[]", "x")) for _ in range(random.randint(1, 4)))
        body = bytearray(text.encode("utf-8", "surrogatepass"))
        if random.random() < 0.25:
            for _ in range(random.randint(1, 5)):
                if body:
                    body[random.randrange(len(body))] = random.randrange(256)
        if random.random() < 0.1:
            del body[random.randrange(len(body) + 1) :]
        return bytes(body)
