//! Lists, filters, forms and sums over the seed documents.

use crate::support::{Server, shared};
use serde_json::Value;
use std::collections::BTreeSet;

/// The path of a URL of this server.
fn path_of(url: &str) -> &str {
    url.strip_prefix(&format!("http://{}", shared().address)).unwrap_or_else(|| panic!("{url} leads elsewhere"))
}

/// All rows, page by page; each page must keep its limit and the total must be right.
#[track_caller]
fn walk(list: &str, limit: usize) -> Vec<Value> {
    let separator = if list.contains('?') { '&' } else { '?' };
    let mut next = Some(format!("{list}{separator}limit={limit}"));
    let (mut rows, mut total) = (Vec::new(), None);
    while let Some(path) = next {
        let answer = shared().get(&path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let page = answer.json();
        let data = page["data"].as_array().unwrap();
        assert!(data.len() <= limit && (data.len() == limit || page["links"]["next"].is_null()), "{path}: {} rows", data.len());
        rows.extend(data.iter().cloned());
        total = page["meta"]["total"].as_u64();
        next = page["links"]["next"].as_str().map(|url| path_of(url).to_owned());
        let header = answer.header("link").map(|l| l.trim_start_matches('<').split('>').next().unwrap().to_owned());
        assert_eq!(header.as_deref().map(path_of), next.as_deref(), "the Link header says the same");
    }
    assert_eq!(Some(rows.len() as u64), total, "{list}");
    rows
}

fn ids(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["id"].as_str().unwrap()).collect()
}

fn total(path: &str) -> u64 {
    shared().json(path)["meta"]["total"].as_u64().unwrap()
}

/// Each row that the filter lets through must pass `holds`, and some must.
#[track_caller]
fn check_filter(query: &str, holds: impl Fn(&Value) -> bool) {
    let all = total("/v1/incidents?limit=1");
    let rows = walk(&format!("/v1/incidents?include=participants&{query}"), 100);
    assert!(!rows.is_empty() && (rows.len() as u64) < all, "{query}: {} of {all}", rows.len());
    for row in &rows {
        assert!(holds(row), "{query}: {row}");
    }
}

#[test]
fn pages_hold_every_row_once() {
    for list in [
        "/v1/incidents",
        "/v1/incidents?sort=-killed,date",
        "/v1/incidents?sort=updated",
        "/v1/actors?mentioned=true",
        "/v1/statements",
        "/v1/documents",
        "/v1/places",
        "/v1/figures",
    ] {
        // There are two figures.
        let rows = walk(list, if list == "/v1/figures" { 1 } else { 7 });
        let unique: BTreeSet<&str> = ids(&rows).into_iter().collect();
        assert!(rows.len() > 1 && unique.len() == rows.len(), "{list}: {} rows, {} ids", rows.len(), unique.len());
    }
    let hits = walk("/v1/search?q=killed&kind=document", 4);
    assert!(hits.len() > 5);
}

#[test]
fn filters_let_through_what_they_say() {
    check_filter("country=PK", |row| row["place"]["country"] == "PK");
    check_filter("country=pakistan,Afghanistan", |row| ["PK", "AF"].contains(&row["place"]["country"].as_str().unwrap()));
    check_filter("country=unknown", |row| row["place"].is_null() || row["place"]["country"].is_null());
    check_filter("type=explosion", |row| row["type"].as_str().unwrap().starts_with("explosion."));
    check_filter("type=explosion.bomb&type=attack.armed_assault", |row| ["explosion.bomb", "attack.armed_assault"].contains(&row["type"].as_str().unwrap()));
    check_filter("from=2007&to=2008-06", |row| ("2007-01-01".."2008-07-01").contains(&row["date"]["start"].as_str().unwrap()));
    check_filter("killed_min=10", |row| row["killed"]["best"].as_u64().or(row["killed"]["low"].as_u64()).unwrap() >= 10);
    check_filter("killed_max=3", |row| row["killed"]["best"].as_u64().or(row["killed"]["high"].as_u64()).unwrap() <= 3);
    check_filter("background=true", |row| row["background"] == true);
    check_filter("bbox=60,23,78,38", |row| (60.0..=78.0).contains(&row["place"]["longitude"].as_f64().unwrap()));
    check_filter("near=34.0,71.57&radius_km=60", |row| (row["place"]["latitude"].as_f64().unwrap() - 34.0).abs() < 1.0);
    check_filter("suicide=true", |row| row["attributes"].as_array().unwrap().contains(&"suicide".into()));
    check_filter("weapon=explosive", |row| row["weapons"].as_array().unwrap().iter().any(|w| w.as_str().unwrap().starts_with("explosive.")));
    check_filter("certainty=planned,threatened,hypothetical,denied", |row| !["reported", "alleged", "claimed"].contains(&row["certainty"].as_str().unwrap()));
    check_filter("q=mosque", |_| true);
}

#[test]
fn names_aliases_and_ids_mean_the_same_actor() {
    let actor = &shared().json("/v1/actors?mentioned=true&known=true&limit=1")["data"][0];
    let (id, name) = (actor["id"].as_str().unwrap(), actor["name"].as_str().unwrap());
    let by_id = shared().json(&format!("/v1/incidents?actor={id}"));
    assert_eq!(by_id["meta"]["total"], actor["n_incidents"]);
    assert_eq!(by_id["meta"]["interpreted"]["actor"], serde_json::json!([{ "id": id, "name": name }]));
    let by_name = shared().json(&format!("/v1/incidents?actor={}", name.to_uppercase().replace(' ', "+")));
    assert_eq!(by_name["data"], by_id["data"]);
    assert_eq!(shared().json(&format!("/v1/actors/{id}/incidents"))["data"], by_id["data"]);
    let statements = shared().json(&format!("/v1/actors/{id}/statements"));
    assert_eq!(statements["meta"]["total"], actor["n_statements"]);
}

#[test]
fn values_that_mean_nothing_are_refused() {
    for (query, parameter, suggestion) in [
        ("country=Pakistn", "country", Some("Pakistan")),
        ("country=XX", "country", None),
        ("type=explosions", "type", Some("explosion")),
        ("type=suicide_bombing", "type", Some("explosion.suicide_bombing")),
        ("actor=Tehreek-i-Taliban+Pakistann", "actor", Some("Tehreek-i-Taliban Pakistan")),
        ("admin1=Balochistn", "admin1", Some("Balochistan")),
        ("place=Nowhere+at+all", "place", None),
        ("status=confirmd", "status", Some("confirmed")),
        ("source=No+such+paper", "source", None),
        ("document=doc_none", "document", None),
        ("from=yesterday", "from", None),
        ("bbox=1,2,3", "bbox", None),
        ("killed_min=-1", "killed_min", None),
        ("killed_min=3.5", "killed_min", None),
        ("background=perhaps", "background", None),
        ("sort=-deaths", "sort", None),
        ("fields=id,summery", "fields", Some("summary")),
        ("include=evidences", "include", Some("evidence")),
        ("format=xml", "format", None),
        ("limit=0", "limit", None),
        ("limit=1001", "limit", None),
        ("updated_since=soon", "updated_since", None),
    ] {
        let problem = shared().refused(&format!("/v1/incidents?{query}"), "invalid_parameter");
        assert_eq!(problem["errors"][0]["parameter"], parameter, "{query}: {problem}");
        assert_eq!(problem["errors"][0]["suggestion"].as_str(), suggestion, "{query}: {problem}");
    }
    let both = shared().refused("/v1/incidents?country=Pakistn&type=explosin", "invalid_parameter");
    assert_eq!(both["errors"].as_array().unwrap().len(), 2, "all faults are told at once");
}

#[test]
fn every_list_refuses_countries_that_there_are_not() {
    let api = shared().json("/openapi.json");
    let takes_country = |item: &Value| item["get"]["parameters"].as_array().is_some_and(|all| all.iter().any(|p| p["name"] == "country"));
    let paths: Vec<&String> = api["paths"].as_object().unwrap().iter().filter(|(_, item)| takes_country(item)).map(|(path, _)| path).collect();
    assert!(paths.len() >= 7, "{paths:?}");
    for path in paths {
        for code in ["XX", "zz", "P", "PKK"] {
            let needed = if path.ends_with("/breakdown") { "by=type&" } else { "" };
            let problem = shared().refused(&format!("{}?{needed}country={code}", path.replace("{id}", "afghan-taliban")), "invalid_parameter");
            let fault =
                problem["errors"].as_array().unwrap().iter().find(|fault| fault["parameter"] == "country").unwrap_or_else(|| panic!("{path}: {problem}"));
            assert!(fault["detail"].as_str().unwrap().contains("ISO 3166-1"), "{path}: {problem}");
        }
    }
}

#[test]
fn parameters_that_do_not_go_together_are_refused() {
    for query in [
        "from=2024&to=2023",
        "killed_min=5&killed_max=4",
        "near=34,71",
        "radius_km=5",
        "sort=date,-date",
        "format=csv&fields=id",
        "format=geojson&include=evidence",
    ] {
        shared().refused(&format!("/v1/incidents?{query}"), "conflicting_parameters");
    }
    shared().refused("/v1/actors/afghan-taliban/incidents?actor=ttp", "conflicting_parameters");
    shared().refused("/v1/incidents?limit=5&limit=6", "repeated_parameter");
}

#[test]
fn a_cursor_belongs_to_its_list() {
    let next = shared().json("/v1/incidents?limit=3")["links"]["next"].as_str().unwrap().to_owned();
    let cursor = next.split("cursor=").nth(1).unwrap();
    shared().refused(&format!("/v1/incidents?country=PK&cursor={cursor}"), "invalid_cursor");
    shared().refused(&format!("/v1/incidents?sort=killed&cursor={cursor}"), "invalid_cursor");
    shared().refused(&format!("/v1/statements?cursor={cursor}"), "invalid_cursor");
    shared().refused(&format!("/v1/incidents?cursor={}x", &cursor[..cursor.len() - 4]), "invalid_cursor");
    assert_eq!(shared().get(&format!("/v1/incidents?limit=9&count=none&cursor={cursor}")).status, 200);
}

#[test]
fn lists_come_in_the_order_asked_for() {
    let days: Vec<String> = walk("/v1/incidents", 100).iter().map(|r| r["date"]["start"].as_str().unwrap_or("").to_owned()).collect();
    assert!(days.is_sorted_by(|a, b| a >= b), "{days:?}");
    let killed: Vec<i64> = walk("/v1/incidents?sort=-killed", 100).iter().map(|r| r["killed"]["best"].as_i64().unwrap_or(-1)).collect();
    assert!(killed.first() > Some(&20) && killed.iter().filter(|k| **k >= 0).is_sorted_by(|a, b| a >= b), "{killed:?}");
}

#[test]
fn members_can_be_chosen_and_embedded() {
    let row = &shared().json("/v1/incidents?limit=1&fields=id,type&count=none")["data"][0];
    assert_eq!(row.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "type"]);
    let plain = &shared().json("/v1/incidents?limit=1&count=none");
    assert!(plain["meta"].get("total").is_none());
    assert!(plain["data"][0].get("participants").is_none());
    let full = &shared().json("/v1/incidents?limit=1&include=participants,reports,evidence")["data"][0];
    for member in ["participants", "reports", "evidence"] {
        assert!(full[member].is_array(), "{member}");
    }
}

#[test]
fn the_list_has_four_forms() {
    let n = total("/v1/incidents?country=PK&limit=1") as usize;
    let csv = shared().get("/v1/incidents?country=PK&format=csv");
    assert!(csv.header("content-type").unwrap().starts_with("text/csv"));
    let mut reader = csv::Reader::from_reader(&csv.body[..]);
    assert_eq!(reader.records().map(|r| r.unwrap()).filter(|r| &r[5] == "PK").count(), n);
    let lines = shared().send("GET", "/v1/incidents?country=PK", &[("accept", "application/x-ndjson")], b"");
    let ids: BTreeSet<String> = lines.text().lines().map(|l| serde_json::from_str::<Value>(l).unwrap()["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), n);
    let geo = shared().send("GET", "/v1/incidents?country=PK", &[("accept", "application/geo+json")], b"");
    assert_eq!(geo.header("content-type"), Some("application/geo+json"));
    let features = geo.json()["features"].as_array().unwrap().clone();
    assert_eq!(features.len(), n);
    assert!(features.iter().any(|f| f["geometry"]["coordinates"][0].as_f64().is_some_and(|lon| (60.0..78.0).contains(&lon))));
    let problem = shared().send("GET", "/v1/incidents", &[("accept", "image/png")], b"").problem();
    assert_eq!(problem["code"], "not_acceptable");
    let page = shared().get("/v1/incidents?format=csv&limit=2");
    assert_eq!(page.text().lines().count(), 3);
    assert!(page.header("link").unwrap().contains("format=csv"));
}

#[test]
fn every_field_leads_to_its_words() {
    for incident in walk("/v1/incidents?certainty=reported,alleged,claimed,planned,threatened,hypothetical,denied", 100).iter().take(20) {
        let id = incident["id"].as_str().unwrap();
        let detail = shared().json(&format!("/v1/incidents/{id}"));
        assert_eq!(detail["type"], incident["type"]);
        assert_eq!(detail["reports"].as_array().unwrap().len() as u64, incident["n_reports"].as_u64().unwrap());
        let evidence = shared().json(&format!("/v1/incidents/{id}/evidence"));
        let evidence = evidence["data"].as_array().unwrap();
        assert!(!evidence.is_empty(), "{id}");
        for piece in evidence {
            let text: Vec<char> = shared().get(&format!("/v1/documents/{}/text", piece["document"].as_str().unwrap())).text().chars().collect();
            for span in [piece, &piece["sentence"]] {
                let words: String = text[span["start"].as_u64().unwrap() as usize..span["end"].as_u64().unwrap() as usize].iter().collect();
                assert_eq!(words, span["text"].as_str().unwrap(), "{id} {}", piece["field"]);
            }
        }
        let history = shared().json(&format!("/v1/incidents/{id}/history"));
        assert_eq!(history["data"][0]["action"], "created");
    }
}

#[test]
fn annotations_point_at_their_words() {
    let id = shared().json("/v1/documents?limit=1")["data"][0]["id"].as_str().unwrap().to_owned();
    let text: Vec<char> = shared().get(&format!("/v1/documents/{id}/text")).text().chars().collect();
    let page = shared().json(&format!("/v1/documents/{id}/annotations"));
    let items = page["items"].as_array().unwrap();
    assert!(items.len() > 5);
    for item in items {
        let [position, quote] = &item["target"]["selector"].as_array().unwrap()[..] else { panic!("{item}") };
        let (start, end) = (position["start"].as_u64().unwrap() as usize, position["end"].as_u64().unwrap() as usize);
        let around = format!("{}{}{}", quote["prefix"].as_str().unwrap(), quote["exact"].as_str().unwrap(), quote["suffix"].as_str().unwrap());
        let there: String = text[start.saturating_sub(32)..(end + 32).min(text.len())].iter().collect();
        assert_eq!(around, there);
    }
}

#[test]
fn sums_agree_with_the_list() {
    for filter in ["", "country=PK&type=explosion", "from=2007&to=2009", "background=false&suicide=true"] {
        let n = total(&format!("/v1/incidents?limit=1&{filter}"));
        let summary = shared().json(&format!("/v1/stats/summary?{filter}"));
        assert_eq!(summary["n_incidents"], n, "{filter}");
        for path in [
            "timeline?interval=day",
            "timeline?interval=week",
            "timeline",
            "timeline?interval=year",
            "breakdown?by=country&limit=1000",
            "breakdown?by=type&limit=1000",
        ] {
            let separator = if path.contains('?') { '&' } else { '?' };
            let sums = shared().json(&format!("/v1/stats/{path}{separator}{filter}"));
            let add = |member: &str| sums["data"].as_array().unwrap().iter().map(|b| b[member].as_u64().unwrap()).sum::<u64>();
            assert_eq!((add("n_incidents"), add("killed")), (n, summary["killed"].as_u64().unwrap()), "{path} {filter}");
        }
        let map = shared().json(&format!("/v1/stats/map?{filter}"));
        let n_points = map["id"].as_array().unwrap().len() as u64;
        assert_eq!(n_points + map["n_without_place"].as_u64().unwrap(), n, "{filter}");
        for column in ["day", "longitude", "latitude", "type", "killed", "precision"] {
            assert_eq!(map[column].as_array().unwrap().len() as u64, n_points, "{column}");
        }
    }
    shared().refused("/v1/stats/breakdown", "invalid_parameter");
}

/// The words that `part` of a search hit marks.
fn marked(part: &Value) -> Vec<String> {
    let text: Vec<char> = part["text"].as_str().unwrap().chars().collect();
    assert!(!text.iter().any(|c| ('\u{E000}'..='\u{F8FF}').contains(c)), "{part}: the marks are taken out");
    let word = |hit: &Value| text[hit[0].as_u64().unwrap() as usize..hit[1].as_u64().unwrap() as usize].iter().collect::<String>();
    part["hits"].as_array().unwrap().iter().map(word).collect()
}

#[test]
fn search_marks_what_it_found() {
    for sort in ["newest", "relevance"] {
        let hits = walk(&format!("/v1/search?q=mosque&sort={sort}"), 20);
        let (mut n_titles, mut n_snippets) = (0, 0);
        for hit in &hits {
            // What matches stands in the title, or in the words below it, or in both.
            let (title, snippet) = (marked(&hit["title"]), marked(&hit["snippet"]));
            assert!(!title.is_empty() || !snippet.is_empty(), "{hit}");
            for word in title.iter().chain(&snippet) {
                assert!(["mosque", "mosques"].contains(&word.to_lowercase().as_str()), "{word}: {hit}");
            }
            n_titles += usize::from(!title.is_empty());
            n_snippets += usize::from(!snippet.is_empty());
        }
        assert!(n_titles > 0 && n_snippets > 1, "{n_titles} of {} hits have one in the title, {n_snippets} in the snippet", hits.len());
    }
    for kind in ["document", "incident", "actor", "statement"] {
        for hit in walk(&format!("/v1/search?q=Pakistan+OR+police&kind={kind}"), 50).iter().take(5) {
            assert_eq!(hit["kind"], kind);
            assert_eq!(shared().get(hit["url"].as_str().unwrap()).status, 200, "{hit}");
        }
    }
    shared().refused("/v1/search", "invalid_parameter");
    shared().refused("/v1/search?q=%21%21", "invalid_parameter");
}

/// What the index could not find in reasonable time is refused wherever words are looked for.
#[test]
fn searches_are_bounded() {
    let cases = [("killed+OR+".repeat(97), "more than 32"), ("bomb*+".repeat(9), "more than 8"), ("blast+a*".to_owned(), "at least 2 letters")];
    for (q, limit) in cases {
        for path in ["incidents", "documents", "actors", "statements", "search", "stats/summary", "stats/timeline", "stats/map", "stats/breakdown"] {
            let problem = shared().refused(&format!("/v1/{path}?q={q}&{}", if path == "stats/breakdown" { "by=country" } else { "" }), "invalid_parameter");
            assert_eq!(problem["errors"][0]["parameter"], "q");
            assert!(problem["detail"].as_str().unwrap().contains(limit), "{problem}");
        }
    }
}

#[test]
fn ids_that_are_not_there_are_not_found() {
    for kind in ["incidents", "actors", "statements", "documents", "places"] {
        shared().refused(&format!("/v1/{kind}/none_such"), "not_found");
    }
    for path in ["incidents/x/evidence", "incidents/x/history", "documents/x/text", "documents/x/annotations", "actors/x/incidents", "actors/x/network"] {
        shared().refused(&format!("/v1/{path}"), "not_found");
    }
}

#[test]
fn texts_are_stored_once() {
    let server = Server::start(&["--seeds", "none"]);
    let before = server.get("/v1/incidents");
    assert_eq!(before.json()["meta"]["total"], 0);
    let text = "KABUL, Jan. 3, 2012 – A suicide bomber killed 14 people at a market in Kunduz on Monday, police said.";
    let first = server.post("/v1/documents?title=A+market", "text/plain", text);
    assert_eq!(first.status, 201, "{}", first.text());
    let location = first.header("location").unwrap();
    let document = server.json(location);
    assert_eq!((document["title"].as_str(), document["published"].as_str()), (Some("A market"), Some("2012-01-03")));
    assert_eq!(server.get(&format!("{location}/text")).text(), text);
    let again = server.post("/v1/documents", "application/json", serde_json::json!({ "text": text }).to_string());
    assert_eq!((again.status, again.json()["status"].as_str()), (200, Some("existing")));
    let tag = before.header("etag").unwrap();
    let after = server.send("GET", "/v1/incidents", &[("if-none-match", tag)], b"");
    assert_eq!(after.status, 200, "the tag of the empty base holds no longer");
    assert_eq!(after.json()["data"][0]["type"], "explosion.suicide_bombing");
    let now = after.header("etag").unwrap();
    assert_eq!(server.send("GET", "/v1/incidents", &[("if-none-match", now)], b"").status, 304);
}

#[test]
fn many_texts_are_told_one_by_one() {
    let server = Server::start(&["--seeds", "none"]);
    let lines = "{\"id\":\"a\",\"text\":\"Gunmen shot dead two policemen in Swat on 3 May 2010.\"}\nbroken\n\n{\"id\":\"b\",\"text\":\"\"}\n{\"id\":\"c\",\"text\":\"Gunmen shot dead two policemen in Swat on 3 May 2010.\"}\n";
    let done = server.post("/v1/documents", "application/x-ndjson", lines).json();
    let told: Vec<(u64, &str)> = done["data"].as_array().unwrap().iter().map(|d| (d["line"].as_u64().unwrap(), d["status"].as_str().unwrap())).collect();
    assert_eq!(told, [(1, "stored"), (2, "failed"), (4, "failed"), (5, "existing")]);
    assert_eq!((&done["n_stored"], &done["n_existing"], &done["n_failed"]), (&1.into(), &1.into(), &2.into()));
    let many = "{\"text\":\"x\"}\n".repeat(501);
    assert_eq!(server.post("/v1/documents", "application/x-ndjson", many).problem()["code"], "invalid_body");
    assert_eq!(server.post("/v1/documents", "text/plain", "  ").problem()["code"], "invalid_body");
    let page = "<html><head><title>Blast in Quetta</title></head><body><nav>Home</nav><article><p>A bomb killed 9 people in Quetta on 2 November 2021.</p></article></body></html>";
    let stored = server.post("/v1/documents", "text/html", page).json();
    let document = server.json(stored["url"].as_str().unwrap());
    assert_eq!(document["title"], "Blast in Quetta");
    let text = server.get(&format!("{}/text", stored["url"].as_str().unwrap())).text();
    assert!(text.contains("A bomb killed 9 people") && !text.contains('<'), "{text}");
}

#[test]
fn only_this_machine_may_write() {
    let server = Server::start(&["--seeds", "none"]);
    for headers in [
        [("content-type", "text/plain"), ("origin", "http://evil.example")],
        [("content-type", "text/plain"), ("host", "evil.example")],
        [("content-type", "text/plain"), ("sec-fetch-site", "cross-site")],
    ] {
        assert_eq!(server.send("POST", "/v1/documents", &headers, b"x").problem()["code"], "write_refused", "{headers:?}");
    }
    let open = Server::start(&["--seeds", "none", "--listen", "0.0.0.0:0"]);
    let local = Server::on(open.address.port());
    let refused = local.post("/v1/documents", "text/plain", "x");
    assert_eq!(refused.problem()["code"], "unauthorized");
    assert_eq!(refused.header("www-authenticate"), Some("Bearer realm=\"waqia\""));
    assert_eq!(local.post("/v1/extract", "text/plain", "x").status, 200, "reading is open");
}

#[test]
fn the_log_of_changes_can_be_followed() {
    let mut since = "0".to_owned();
    let mut n = 0;
    loop {
        let page = shared().json(&format!("/v1/changes?limit=1000&since={since}"));
        let data = page["data"].as_array().unwrap();
        if data.is_empty() {
            break;
        }
        n += data.iter().filter(|c| c["entity"] == "incident" && c["action"] == "created").count() as u64;
        since = data.last().unwrap()["number"].to_string();
    }
    assert_eq!(n, total("/v1/incidents?limit=1&certainty=reported,alleged,claimed,denied,planned,threatened,hypothetical"));
}

#[test]
fn pages_and_their_files_are_served() {
    for path in ["/", "/docs"] {
        let page = shared().get(path);
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
        for name in page.text().split('"').filter(|part| part.starts_with("/web/")) {
            assert_eq!(shared().get(name).status, 200, "{name} of {path}");
        }
        let tag = page.header("etag").unwrap();
        assert_eq!(shared().send("GET", path, &[("if-none-match", tag)], b"").status, 304);
    }
    shared().refused("/web/none.js", "not_found");
}
