//! Kind, speaker and words of statements.

use super::{Desk, settled};
use serde_json::{Value, json};

const TEXT: &str = "A roadside bomb killed four soldiers near Bannu on Tuesday. \"We will find the killers,\" said Nasir Khan, a spokesman for the police.";

fn desk() -> (Desk, String) {
    let desk = Desk::new();
    desk.tell(TEXT, "2024-05-08", "Example Wire");
    let list = desk.server.json("/v1/statements");
    let id = list["data"].as_array().unwrap().iter().find(|s| s["content"].as_str().unwrap().contains("find the killers")).unwrap_or_else(|| panic!("{list}"))
        ["id"]
        .clone();
    (desk, format!("/v1/statements/{}", id.as_str().unwrap()))
}

fn span(words: &str) -> Value {
    let start = TEXT.find(words).unwrap();
    json!({"start": start, "end": start + words.len(), "text": words})
}

#[test]
fn a_statement_gets_another_kind_speaker_and_content_and_gets_them_back() {
    let (desk, path) = desk();
    let before = desk.server.json(&path);
    let mut speaker = span("the police");
    speaker["actor"] = json!("TTP");
    let patch = json!({"kind": "threat", "speaker": speaker, "content": [span("find the killers")], "reason": "misread"});
    let (now, first) = desk.change("PATCH", &path, &patch);
    assert_eq!((&now["kind"], &now["content"], &now["speaker"]["text"]), (&json!("threat"), &json!("find the killers"), &json!("the police")), "{now}");
    assert_eq!(now["speaker"]["actor"]["id"], "tehreek-i-taliban-pakistan");
    assert_eq!((desk.total("/v1/statements?kind=threat"), desk.total("/v1/statements?speaker=TTP")), (1, 1));
    assert_eq!(desk.server.json("/v1/actors/tehreek-i-taliban-pakistan")["n_statements"], 1);
    let (now, second) = desk.change("PATCH", &path, &json!({"speaker": null, "reason": "nobody is named"}));
    assert_eq!((&now["speaker"], &now["kind"]), (&Value::Null, &json!("threat")));
    desk.undo(second);
    assert_eq!(desk.server.json(&path)["speaker"]["text"], "the police");
    desk.undo(first);
    assert_eq!(settled(desk.server.json(&path)), settled(before));
    desk.finish();
}

#[test]
fn wrong_changes_of_statements_are_told() {
    let (desk, path) = desk();
    let before = desk.server.json(&path);
    let mut misplaced = span("find the killers");
    misplaced["start"] = json!(3);
    let cases = [
        (json!({"kind": "gossip", "reason": "x"}), "/kind"),
        (json!({"mode": "direct", "reason": "x"}), "/mode"),
        (json!({"content": [], "reason": "x"}), "/content"),
        (json!({"content": [misplaced], "reason": "x"}), "/content/0/text"),
        (json!({"content": [span("the killers"), span("We will")], "reason": "x"}), "/content/1/start"),
        (json!({"speaker": {}, "reason": "x"}), "/speaker"),
        (json!({"speaker": {"actor": "Nobody At All"}, "reason": "x"}), "/speaker/actor"),
        (json!({"reason": "x"}), ""),
    ];
    for (patch, pointer) in cases {
        let problem = desk.refused("PATCH", &path, &patch, "invalid_body");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    assert_eq!(desk.server.json(&path), before);
    desk.finish();
}

#[test]
fn a_rejected_statement_is_left_out_of_lists_and_search() {
    let (desk, path) = desk();
    let n = desk.total("/v1/statements");
    let hits = || desk.total("/v1/search?q=killers&kind=statement");
    assert_eq!(hits(), 1);
    let (now, correction) = desk.change("POST", &format!("{path}/reject"), &json!({"reason": "not said"}));
    assert_eq!((&now["status"], desk.total("/v1/statements"), hits()), (&json!("rejected"), n - 1, 0));
    desk.undo(correction);
    assert_eq!((desk.total("/v1/statements"), hits()), (n, 1));
    assert_eq!(desk.change("POST", &format!("{path}/confirm"), &json!({"reason": "x"})).0["status"], "confirmed");
    desk.finish();
}
