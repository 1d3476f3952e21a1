//! What hostile or broken clients send: a clear problem or a record, never a panic, never a 500.

use crate::lexicon::lexicon;
use crate::support::{Answer, Server, shared};
use waqia::extract::{Input, Options, extract};

/// Sends a text in each form that texts may come in; each must give a record or a problem below 500.
#[track_caller]
fn check_text(name: &str, text: &str) {
    check_text_at(shared(), name, text);
}

#[track_caller]
fn check_text_at(server: &Server, name: &str, text: &str) {
    let json = serde_json::json!({ "text": text, "title": text.chars().take(50).collect::<String>() }).to_string();
    for (content_type, body) in [("text/plain", text.to_owned()), ("application/json", json)] {
        let answer = server.post("/v1/extract", content_type, body);
        match answer.status {
            200 => check_record(name, text, &answer),
            400..500 => drop(answer.problem()),
            // Out of time is a clear answer to a text of unheard-of length.
            503 if text.len() > 200_000 => assert_eq!(answer.problem()["code"], "timeout", "{name}"),
            status => panic!("{name} as {content_type}: {status} {}", answer.text()),
        }
    }
}

/// Every span of the record repeats the words that stand there.
#[track_caller]
fn check_record(name: &str, text: &str, answer: &Answer) {
    let chars: Vec<char> = text.chars().collect();
    let record = answer.json();
    let mut open = vec![&record];
    while let Some(value) = open.pop() {
        if let (Some(start), Some(end), Some(words)) = (value["start"].as_u64(), value["end"].as_u64(), value["text"].as_str())
            && value.get("code").is_none()
        {
            let there: String = chars.get(start as usize..end as usize).unwrap_or_else(|| panic!("{name}: {start}..{end}")).iter().collect();
            assert_eq!(there, words, "{name} at {start}..{end}");
        }
        match value {
            serde_json::Value::Object(members) => open.extend(members.values()),
            serde_json::Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
}

const REPORT: &str = "Gunmen killed three policemen in Peshawar on Monday, officials said.";

#[test]
fn odd_texts() {
    check_text("empty", "");
    check_text("blank", " \t\n\u{a0}\u{2003}\r\n ");
    check_text("one character", "a");
    check_text("right to left", "پشاور میں مسجد میں دھماکہ، درجنوں ہلاک۔ \u{202e}backwards\u{202c}");
    check_text("html", "<html><script>alert(1)</script><p onclick=x>Gunmen killed three policemen in <b>Peshawar</b>.</p>");
    check_text("emoji around spans", &format!("💥{}💥 👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿 “{REPORT}” 💀", REPORT.replace(' ', " 🔥 ")));
    check_text("combining marks", &format!("{}{}", "e\u{301}\u{323}".repeat(2000), REPORT));
    check_text("zero width", &REPORT.chars().flat_map(|c| [c, '\u{200b}', '\u{feff}']).collect::<String>());
    check_text("controls", &(1..32u8).map(char::from).chain(['\u{7f}', '\u{85}', '\u{2028}', '\u{fffd}', '\u{10ffff}']).collect::<String>());
    check_text("capitals", &REPORT.to_uppercase());
    check_text("quotes never closed", &"\"“‘'«".repeat(5000));
    check_text("brackets", &"([{<".repeat(20_000));
    check_text("digits", &"1234567890,".repeat(10_000));
    check_text("dates", &"January 30th 2023-02-31 99/99/9999 Monday last week 12-13-14 ".repeat(500));
    check_text("numbers too large", "99999999999999999999 people were killed and at least 18446744073709551616 hurt in 32767-01-01.");
    check_text("sql", "'; drop table incident; -- killed 3 in Kabul");
}

#[test]
fn large_texts() {
    let server = Server::start(&["--request-timeout", "8s", "--extract-jobs", "8", "--seeds", "none"]);
    check_text_at(&server, "one letter, 10 MB", &"a".repeat(10 << 20));
    check_text_at(&server, "one line of 1 MB", &format!("{REPORT} ").repeat(15_000));
    check_text_at(&server, "line breaks, 2 MB", &"\n".repeat(2 << 20));
    check_text_at(&server, "names, 1 MB", &"Tehreek-i-Taliban Pakistan (TTP) ".repeat(30_000));
}

#[test]
fn claims_take_time_in_proportion_to_their_number() {
    // Processor time of this thread: what else the machine does is not counted.
    let spent = || {
        std::thread::yield_now();
        let account = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        account.split(' ').next()?.parse::<u64>().ok()
    };
    let time = |sentence: &str, n: usize| {
        let text = sentence.repeat(n);
        let before = spent()?;
        let record = extract(&Input { id: "claims", text: &text, ..Input::default() }, lexicon(), &Options::default());
        assert!(record.statements.len() + record.incidents.len() >= n / 100, "{sentence}");
        Some(spent()?.saturating_sub(before).max(1))
    };
    for sentence in ["The TTP claimed the attack. ", "Police blamed the TTP for the attacks. "] {
        // The best of some runs: the first one also warms up.
        let Some(few) = (0..3).filter_map(|_| time(sentence, 5_000)).min() else { return };
        let Some(many) = time(sentence, 40_000) else { return };
        assert!(many < few * 8 * 2, "{sentence}: {few} ns for 5,000, {many} for 40,000");
    }
}

#[test]
fn broken_bodies() {
    let check = |content_type: &str, body: &[u8], code: &str| {
        let problem = shared().post("/v1/extract", content_type, body).problem();
        assert_eq!(problem["code"], code, "{content_type} {:?}: {problem}", String::from_utf8_lossy(&body[..body.len().min(60)]));
        problem
    };
    check("text/plain", b"\xff\xfe\x00", "invalid_encoding");
    check("text/plain", b"a\0b", "invalid_encoding");
    check("application/json", b"", "invalid_json");
    check("application/json", b"{", "invalid_json");
    check("application/json", b"nothing", "invalid_json");
    check("application/json", b"{\"text\":\"\xff\"}", "invalid_encoding");
    check("application/json", br#"{"text":"\ud800"}"#, "invalid_json");
    check("application/json", br#"{"text":"a\u0000b"}"#, "invalid_body");
    check("application/json", br#"{"text":"a"}{"text":"b"}"#, "invalid_json");
    check("application/json", br#"{"text":["a"]}"#, "invalid_body");
    check("application/json", br#"{"text":null}"#, "invalid_body");
    check("application/json", br#"{"text":"x","published":20230203}"#, "invalid_body");
    check("application/json", br#"{"text":"x","published":"2023-02-30"}"#, "invalid_body");
    check("application/json", br#"{"text":"x","id":{}}"#, "invalid_body");
    check("application/json", br#"[{"text":"x"}]"#, "invalid_body");
    check("application/json", br#"{"title":"no text"}"#, "invalid_body");
    check("application/json", "[".repeat(1 << 20).as_bytes(), "invalid_body");
    check("application/json", format!("{{\"text\":{}", "[".repeat(1 << 20)).as_bytes(), "invalid_body");
    check("application/x-www-form-urlencoded", b"text=x", "unsupported_media_type");
    check("image/png", b"\x89PNG", "unsupported_media_type");
    check("text/plain; charset=utf-16", b"x", "unsupported_media_type");
    check("", b"x", "unsupported_media_type");
    // Members that are not known are skipped, whatever is in them.
    let deep = format!("{{\"more\":{}1{},\"text\":\"x\"}}", "[".repeat(5000), "]".repeat(5000));
    assert_eq!(shared().post("/v1/extract", "application/json", deep).status, 200);
    let problem = check("application/json", br#"{"text":"x","published":"soon"}"#, "invalid_body");
    assert_eq!(problem["errors"][0]["pointer"], "/published");
}

#[test]
fn broken_queries() {
    for (query, code) in [
        ("title=%", "invalid_parameter"),
        ("title=%zz", "invalid_parameter"),
        ("title=%ff", "invalid_parameter"),
        ("title=%00", "invalid_parameter"),
        ("title=", "invalid_parameter"),
        ("published=tomorrow", "invalid_parameter"),
        ("published=2023-2-3", "invalid_parameter"),
        ("published=2023-02-03T00:00:00Z", "invalid_parameter"),
        ("published=-9999-01-01", "invalid_parameter"),
        ("published=2023-01-01&published=2023-01-02", "repeated_parameter"),
        ("title[]=x", "unknown_parameter"),
        ("%ff=x", "invalid_parameter"),
        ("=x", "unknown_parameter"),
        ("'or 1=1", "unknown_parameter"),
    ] {
        let query = query.replace(' ', "%20");
        let problem = shared().post(&format!("/v1/extract?{query}"), "text/plain", "x").problem();
        assert_eq!(problem["code"], code, "{query}: {problem}");
    }
    let long = format!("/v1/extract?title={}", "a".repeat(20_000));
    assert_eq!(shared().post(&long, "text/plain", "x").problem()["code"], "invalid_parameter");
}

/// SQL, markup, controls and numbers out of range in every documented parameter of every GET: an answer or a refusal, never a failure.
#[test]
fn hostile_values_in_every_parameter() {
    let values = [
        "' or 1=1 --",
        "'; drop table incident; --",
        "\" union select * from api_key --",
        "1 OR 1=1",
        "%_*?[a-z]",
        "NEAR(a b) AND (",
        "\"unclosed",
        "* OR *",
        "<script>alert(1)</script>",
        "../../../etc/passwd",
        "\u{202e}\u{200b}\u{feff}",
        "💥",
        "\r\nSet-Cookie: a=b",
        "-1",
        "0",
        "99999999999999999999",
        "1e309",
        "NaN",
        "0x10",
        "true",
        "null",
        "[]",
        "{}",
        ",,,",
        " ",
        "9999-12-31",
        "0000-00-00",
        "-9999-01-01",
        "2023-02-30",
    ];
    let long = "a".repeat(9000);
    let api = shared().json("/openapi.json");
    let mut n_sent = 0;
    for (path, item) in api["paths"].as_object().unwrap() {
        let Some(operation) = item.get("get") else { continue };
        for parameter in operation["parameters"].as_array().cloned().unwrap_or_default() {
            let name = parameter["name"].as_str().unwrap();
            for value in values.into_iter().chain([long.as_str()]) {
                let encoded = percent(value);
                let target = match parameter["in"].as_str() {
                    Some("path") => path.replace(&format!("{{{name}}}"), &encoded),
                    _ => format!("{}?{name}={encoded}", path.replace("{id}", "x")),
                };
                let answer = shared().get(&target);
                match answer.status {
                    200 => {}
                    400..500 => drop(answer.problem()),
                    status => panic!("{target:.200}: {status} {}", answer.text()),
                }
                assert!(answer.header("set-cookie").is_none());
                n_sent += 1;
            }
        }
    }
    assert!(n_sent > 1000, "{n_sent}");
    assert_eq!(shared().get("/readyz").status, 200);
    assert!(shared().json("/v1/incidents?limit=1")["meta"]["total"].as_u64() > Some(0), "nothing was dropped");
}

fn percent(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[test]
fn broken_paths() {
    for path in [
        "/v1/codes/%ff",
        "/v1/codes/%00",
        "/v1/codes/..%2f..%2fetc%2fpasswd",
        "/v1/codes/%F0%9F%92%A5",
        "/v1/codes/'%20or%201=1",
        "//",
        "/v1//codes",
        "/web/../Cargo.toml",
        "/web/%2e%2e/Cargo.toml",
    ] {
        let problem = shared().get(path).problem();
        assert!(["not_found", "invalid_path"].contains(&problem["code"].as_str().unwrap()), "{path}: {problem}");
    }
    let long = format!("/v1/codes/{}", "a".repeat(5000));
    shared().refused(&long, "not_found");
}

/// What is no HTTP is refused in the form of all other problems, and the connection is closed.
#[test]
fn broken_requests() {
    for (name, request) in [
        ("TLS", &b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n"[..]),
        ("no version", b"GET /\r\n\r\n"),
        ("another version", b"GET / HTTP/9.9\r\nHost: x\r\n\r\n"),
        ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"),
        ("a line break in a header", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n"),
        ("a folded header", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n"),
        ("a space before a colon", b"GET /healthz HTTP/1.1\r\nHost : x\r\n\r\n"),
        ("NUL in a header", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n"),
        ("two lengths", b"POST /v1/extract HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        ("a length that is no number", b"POST /v1/extract HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\nab"),
        ("an unknown coding", b"POST /v1/extract HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\nab"),
        ("space in the target", b"GET /v1/codes /etc HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("markup in the target", b"GET /v1/codes?<script> HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("after a good one", b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET\r\n\r\n"),
    ] {
        let bytes = shared().raw(request);
        let last = bytes.windows(10).rposition(|w| w == b"HTTP/1.1 4").unwrap_or_else(|| panic!("{name}: no answer"));
        let answer = Answer::read(&bytes[last..]).unwrap();
        assert_eq!(answer.problem()["code"], "invalid_request", "{name}");
        assert_eq!(answer.header("connection"), Some("close"), "{name}");
    }
    assert_eq!(shared().get("/healthz").status, 200, "the server lives");
}

#[test]
fn headers_cannot_be_smuggled_into_answers() {
    let answer = shared().send("GET", "/v1/codes", &[("host", "evil.example/path?x"), ("x-request-id", "a\tb")], b"");
    assert!(!answer.text().contains("evil.example"));
    let answer = shared().get("/v1/codes/x%0d%0aSet-Cookie:%20a=b");
    assert!(answer.header("set-cookie").is_none());
    drop(answer.problem());
}
