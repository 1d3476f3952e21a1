use super::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Id and text of each document, or what is wrong.
fn read(bytes: &[u8], format: Format) -> Vec<Result<(String, String), String>> {
    of_bytes(bytes, format, "f").into_iter().map(|given| given.map(|a| (a.id.unwrap(), a.text)).map_err(|e| e.to_string())).collect()
}

fn ids(bytes: &[u8], format: Format) -> Vec<Result<String, String>> {
    read(bytes, format).into_iter().map(|one| one.map(|(id, _)| id)).collect()
}

fn ok(id: &str, text: &str) -> Result<(String, String), String> {
    Ok((id.to_owned(), text.to_owned()))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn lines_are_read_one_by_one() {
    let given = b"\xef\xbb\xbf{\"id\":\"a\",\"text\":\"x\"}\n\n{\"text\":\"y\"}\nbroken\n{\"id\":7,\"text\":\"last\"}";
    let got = ids(given, Format::NdJson);
    assert_eq!(got[0].as_deref(), Ok("a"));
    assert_eq!(got[1].as_deref(), Ok("f:3"));
    assert!(got[2].as_ref().is_err_and(|e| e.starts_with("f, line 4: ")), "{:?}", got[2]);
    assert_eq!(got[3].as_deref(), Ok("7"));
    assert_eq!(ids(&gzip(given), Format::NdJson), got, "packed or not");
}

#[test]
fn a_line_that_is_too_long_is_skipped_whole() {
    let mut text = vec![b'a'; MAX_DOCUMENT + 10];
    text.extend_from_slice(b"\n{\"id\":\"next\",\"text\":\"x\"}\n");
    let got = ids(&text, Format::NdJson);
    assert!(got[0].as_ref().is_err_and(|e| e.contains(&format!("{} bytes", MAX_DOCUMENT + 11))), "{:?}", got[0]);
    assert_eq!(got[1].as_deref(), Ok("next"));
    assert_eq!(got.len(), 2);
}

#[test]
fn texts_that_are_too_large_are_named() {
    let given = of_bytes(br#"{"id":"a","text":"four"}"#, Format::NdJson, "f");
    let given: Vec<Given> = not_too_large(given.into_iter(), 3).collect();
    assert_eq!(given[0].as_ref().unwrap_err().to_string(), "a: the text has 4 bytes, more than the 3 that --max-text allows");
}

#[test]
fn json_files_are_lines_an_array_or_one_document() {
    assert!(lines::starts_with_one(b"{\"id\":1,\"text\":\"x\"}\n{"));
    assert!(!lines::starts_with_one(b"{\n \"id\": 1\n}"));
    assert!(!lines::starts_with_one(b"[{\"text\":\"x\"}]\n"));
    assert!(!lines::starts_with_one(b""));
    let got = of_json(b" [ {\"text\":\"a, ]\\\"\"},\n{\"text\":3}, {\"id\":\"c\",\"text\":\"[{\"} ]\n");
    assert_eq!(got[0], ok("f#0", "a, ]\""));
    assert!(got[1].as_ref().is_err_and(|e| e.starts_with("f#1: ") && e.contains("expected a string")), "{:?}", got[1]);
    assert_eq!(got[2], ok("c", "[{"));
    assert_eq!(of_json(b"[]"), []);
    assert_eq!(of_json(b"{\n\"text\": \"a\"\n}"), [ok("f", "a")]);
    for (broken, problem) in [
        (&b"[{\"text\":\"a\"},"[..], "f, line 1: ends inside of the array"),
        (b"[{\"text\":\"a\"},\n]", "f, line 2: item 1 is missing between commas or brackets"),
        (b"[{\"text\":\"a\"}] x", "f, line 1: goes on after the end of the array"),
        (b"[}]", "f, line 1: closes a brace that was not opened"),
    ] {
        assert_eq!(of_json(broken).pop().unwrap(), Err(problem.to_owned()));
    }
}

/// As a stream, which `read::articles` does not make of JSON.
fn of_json(bytes: &[u8]) -> Vec<Result<(String, String), String>> {
    let mut all = Vec::new();
    let mut keep = |given: Given| {
        all.push(given.map(|a| (a.id.unwrap(), a.text)).map_err(|e| e.to_string()));
        ControlFlow::Continue(())
    };
    let _ = of_stream(&mut &bytes[..], Some(Format::Json), "f", &mut Sink::new(0, &mut keep));
    all
}

#[test]
fn entries_of_archives_are_read_like_files() {
    let archive = zipped(&[
        ("2024/a.txt", b"one"),
        ("2024/notes.pdf", b"%PDF"),
        ("README.md", b"not this"),
        ("__MACOSX/a.txt", b"nor this"),
        ("b.ndjson", b"{\"text\":\"two\"}\nbroken\n"),
        ("inner.zip", b"PK\x03\x04"),
        ("packed.txt", &gzip(b"x")),
        ("c.html", b"<html><body><p>three</p></body></html>"),
    ]);
    let got = read(&archive, Format::Zip);
    assert_eq!(got[0], ok("f/2024/a.txt", "one"));
    assert_eq!(got[1], ok("f/b.ndjson:1", "two"));
    assert!(got[2].as_ref().is_err_and(|e| e.starts_with("f/b.ndjson, line 2: ")), "{:?}", got[2]);
    let nested = |name: &str| Err(format!("f/{name}: is packed inside of an archive; unpack the archive first"));
    assert_eq!(got[3..5], [nested("inner.zip"), nested("packed.txt")]);
    assert_eq!(got[5], ok("f/c.html", "three"));
    assert_eq!(got.len(), 6);
    assert!(read(b"no archive at all", Format::Zip)[0].as_ref().is_err_and(|e| e.contains("is no zip archive")));
    let cut = read(&archive[..archive.len() / 2], Format::Zip);
    assert!(cut.iter().all(Result::is_err), "{cut:?}");
}

#[test]
fn bombs_are_not_unpacked() {
    let zeros = vec![b'a'; 32 << 20];
    let bomb = zipped(&[("bomb.txt", &zeros), ("after.txt", b"goes on")]);
    let got = read(&bomb, Format::Zip);
    assert!(got[0].as_ref().is_err_and(|e| e.contains("200 times its size")), "{:?}", got[0].as_ref().map(|_| ()));
    assert_eq!(got[1], ok("f/after.txt", "goes on"));
    let got = read(&gzip(&zeros), Format::NdJson);
    assert!(got[0].as_ref().is_err_and(|e| e.contains("200 times its size")));
    assert_eq!(got.len(), 1);
}

#[test]
fn entries_that_lie_over_each_other_are_refused() {
    // Words that do not pack, and a directory that names them a hundred times.
    let mut state = 1_u32;
    let mut letter = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        b'!' + (state >> 24) as u8 % 90
    };
    let words: Vec<u8> = (0..50_000).map(|_| letter()).collect();
    let archive = zipped(&[("aa.txt", &words)]);
    let at = |mark: &[u8]| archive.windows(4).rposition(|w| w == mark).unwrap();
    let (directory, end) = (at(b"PK\x01\x02"), at(b"PK\x05\x06"));
    let mut bomb = archive[..directory].to_vec();
    for n in 0..100 {
        let mut entry = archive[directory..end].to_vec();
        entry[46..48].copy_from_slice(&[b'a' + n / 26, b'a' + n % 26]);
        bomb.extend(entry);
    }
    let mut tail = archive[end..].to_vec();
    tail[8..12].copy_from_slice(&[100, 0, 100, 0]);
    tail[12..16].copy_from_slice(&u32::try_from(100 * (end - directory)).unwrap().to_le_bytes());
    bomb.extend(tail);
    let got = read(&bomb, Format::Zip);
    assert!(got[0].is_ok() && got.len() == 2, "{} documents", got.len());
    assert_eq!(got[1], Err("f: its entries lie over each other, which only a bomb needs".to_owned()));
}

fn record(kind: &str, content_type: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://example.org/{kind}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        content.len()
    );
    [head.as_bytes(), content, b"\r\n\r\n"].concat()
}

fn response(head: &str, body: &[u8]) -> Vec<u8> {
    record("response", "application/http; msgtype=response", &[b"HTTP/1.1 ", head.as_bytes(), b"\r\n\r\n", body].concat())
}

#[test]
fn records_of_crawls_are_read() {
    let page = b"<html><head><title>A title</title></head><body><p>Two men died.</p></body></html>";
    let records = [
        record("warcinfo", "application/warc-fields", b"software: x\r\n"),
        response("200 OK\r\nContent-Type: text/html", page),
        response("404 Not Found\r\nContent-Type: text/html", page),
        response("200 OK\r\nContent-Type: image/png", b"\x89PNG"),
        response("200 OK\r\nContent-Type: text/html; charset=windows-1252\r\nContent-Encoding: gzip", &gzip(b"<p>caf\xe9</p>")),
        response("200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked", b"4\r\nfour\r\n0\r\n\r\n"),
        response("200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: br", b"x"),
        record("conversion", "text/plain", b"plain words"),
    ];
    let whole: Vec<u8> = records.concat();
    let got = read(&whole, Format::Warc);
    assert_eq!(got[0], ok("f, record 2", "Two men died."));
    assert_eq!(got[1], ok("f, record 5", "café"));
    assert_eq!(got[2], ok("f, record 6", "four"));
    assert!(got[3].as_ref().is_err_and(|e| e.starts_with("f, record 7: ") && e.contains("\"br\"")), "{:?}", got[3]);
    assert_eq!(got[4], ok("f, record 8", "plain words"));
    assert_eq!(got.len(), 5);
    let first = of_bytes(&whole, Format::Warc, "f").remove(0).unwrap();
    assert_eq!((first.title.as_deref(), first.url.as_deref()), (Some("A title"), Some("http://example.org/response")));
    let packed: Vec<u8> = records.iter().flat_map(|r| gzip(r)).collect();
    assert_eq!(read(&packed, Format::Warc), got, "each record a member of its own");
}

#[test]
fn broken_crawls_end_with_what_is_wrong() {
    let good = response("200 OK\r\nContent-Type: text/plain", b"words");
    for (bytes, problem) in [
        (b"nonsense\r\n\r\n".to_vec(), "f, record 2: does not begin with WARC/1.0"),
        (b"WARC/1.0\r\nWARC-Type: response\r\n\r\n".to_vec(), "f, record 2: has no Content-Length"),
        (good[..good.len() - 6].to_vec(), "f, record 2: breaks off"),
        ([b"WARC/1.0\r\nX: ".to_vec(), vec![b'x'; 100_000]].concat(), "f, record 2: has a head of more than 65536 bytes"),
    ] {
        let got = read(&[good.clone(), bytes].concat(), Format::Warc);
        assert_eq!(got[0], ok("f, record 1", "words"));
        let last = got.last().unwrap();
        assert!(last.as_ref().is_err_and(|e| e.starts_with(problem)), "{last:?}");
    }
}

#[test]
fn items_of_rss_are_read() {
    let feed = r#"<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
        <title>Example &amp; Sons</title><link>http://example.org/</link><language>en-gb</language>
        <image><title>A logo</title></image>
        <item><title>Bomb kills two &amp;amp; wounds 3</title><link>http://example.org/1</link><pubDate>Mon, 05 Feb 2024 23:30:00 -0500</pubDate>
          <description>short</description><content:encoded><![CDATA[<p>Two men died in <b>Quetta</b>.</p>]]></content:encoded>
          <media:content><media:title>A picture</media:title></media:content></item>
        <item><title>Only a headline</title></item>
        <item><description>&lt;p&gt;A caf&amp;eacute; was hit&lt;/p&gt;</description><pubDate>yesterday</pubDate><source url="http://x">Wire</source></item>
        <item><link>http://example.org/4</link></item></channel></rss>"#;
    let got = of_bytes(feed.as_bytes(), Format::Feed, "f");
    let first = got[0].as_ref().unwrap();
    assert_eq!((first.title.as_deref(), first.text.as_str()), (Some("Bomb kills two & wounds 3"), "Two men died in Quetta."));
    assert_eq!((first.source.as_deref(), first.url.as_deref(), first.language.as_deref()), (Some("Example & Sons"), Some("http://example.org/1"), Some("en")));
    assert_eq!(first.published.unwrap().to_string(), "2024-02-05", "the day where the publisher was");
    assert_eq!(got[1].as_ref().unwrap().text, "Only a headline");
    let third = got[2].as_ref().unwrap();
    assert_eq!((third.text.as_str(), third.source.as_deref(), third.published, third.notes.len()), ("A café was hit", Some("Wire"), None, 1));
    assert_eq!(got[3].as_ref().unwrap_err().to_string(), "f, item 4: has neither text nor title");
    assert_eq!(got.len(), 4);
}

#[test]
fn entries_of_atom_are_read() {
    let feed = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Agency</title>
        <entry><title type="html">A &lt;b&gt;raid&lt;/b&gt;</title><link rel="self" href="http://e/self"/><link href="http://e/1?a=1&amp;b=2"/>
          <published>2023-01-02T03:04:05Z</published><updated>2023-01-09T00:00:00Z</updated>
          <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Three &lt; four</p><p>men.</p></div></content></entry>
        <entry><title>Plain</title><content>5 &lt; 6 died</content><updated>2023-02-01</updated>
          <source><title>Other agency</title><updated>2001-01-01T00:00:00Z</updated></source></entry></feed>"#;
    let got: Vec<Article> = of_bytes(feed.as_bytes(), Format::Feed, "f").into_iter().map(Result::unwrap).collect();
    assert_eq!((got[0].title.as_deref(), got[0].url.as_deref()), (Some("A raid"), Some("http://e/1?a=1&b=2")));
    assert_eq!(got[0].published.unwrap().to_string(), "2023-01-02");
    assert_eq!(got[0].text.split_whitespace().collect::<Vec<_>>().join(" "), "Three < four men.");
    assert_eq!((got[1].text.as_str(), got[1].source.as_deref()), ("5 < 6 died", Some("Other agency")));
    assert_eq!(got[1].published.unwrap().to_string(), "2023-02-01");
    assert_eq!(got.len(), 2);
}

#[test]
fn broken_feeds_end_with_what_is_wrong() {
    assert_eq!(ids(b"<html><p>x</p></html>", Format::Feed), [Err("f: is no RSS or Atom feed: its first element is <html>".to_owned())]);
    let cut = ids(b"<rss><channel><item><title>a</title></item><item><title>b", Format::Feed);
    assert_eq!(cut[0].as_deref(), Ok("f, item 1"));
    assert!(cut[1].as_ref().is_err_and(|e| e.starts_with("f, item 2: ")), "{cut:?}");
    let mut endless = b"<rss><channel><item><title>".to_vec();
    endless.resize(MAX_DOCUMENT + 100, b'x');
    assert!(ids(&endless, Format::Feed)[0].as_ref().is_err_and(|e| e.contains("more than 67108864 bytes")));
    // Entities that refer to each other are not looked up.
    let laughs = b"<!DOCTYPE rss [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><rss><channel><item><title>&b;</title></item></channel></rss>";
    assert!(read(laughs, Format::Feed)[0].is_ok());
}

#[test]
fn streams_are_told_by_their_beginning() {
    for (beginning, format) in [
        (&b" {\"text\":\"x\"}"[..], Format::NdJson),
        (b"[{\"text\":\"x\"}]", Format::Json),
        (b"[Kabul] Two men died", Format::Plain),
        (b"<?xml version=\"1.0\"?>\n<rss version=\"2.0\">", Format::Feed),
        (b"<!DOCTYPE html><html>", Format::Html),
        (b"<3", Format::Plain),
        (b"WARC/1.0\r\n", Format::Warc),
        (b"PK\x03\x04", Format::Zip),
        (b"", Format::Plain),
    ] {
        assert_eq!(format_of(beginning), format, "{}", String::from_utf8_lossy(beginning));
    }
}

#[test]
fn what_an_earlier_run_had_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.zip");
    std::fs::write(&path, zipped(&[("a.txt", b"one"), ("b.ndjson", b"{\"text\":\"two\"}\nbroken\n{\"text\":\"four\"}"), ("c.txt", b"five")])).unwrap();
    let all: Vec<Given> = Documents::of_spool(File::open(&path).unwrap(), Format::Zip, "f".to_owned(), 0).collect();
    assert_eq!(all.len(), 5);
    for n in 0..=6 {
        let rest: Vec<Given> = Documents::of_spool(File::open(&path).unwrap(), Format::Zip, "f".to_owned(), n).collect();
        assert_eq!(rest, all[all.len().min(n as usize)..]);
    }
    let missing: Vec<Given> = Documents::of_files(vec![path.with_extension("none"), path]).collect();
    assert!(missing[0].as_ref().is_err_and(|e| e.problem.starts_with("cannot be read")));
    assert_eq!(missing.len(), 6);
}
