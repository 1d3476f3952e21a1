//! Changes that are not made: nothing of them is stored, and the answer says what to do.

use super::{BOMB, Desk};
use serde_json::{Value, json};
use std::process::Command;

fn desk() -> (Desk, String) {
    let desk = Desk::new();
    desk.tell(BOMB, "2023-01-31", "Example Wire");
    let path = format!("/v1/incidents/{}", desk.only());
    (desk, path)
}

#[test]
fn a_stale_revision_is_refused_with_the_tag_of_the_state_now() {
    let (desk, path) = desk();
    let seen = desk.etag(&path);
    desk.change("PATCH", &path, &json!({"killed": 13, "reason": "the hospital's list"}));
    let now = desk.server.get(&path);
    for header in [seen.as_str(), "\"1\"", "\"abc\"", "\"x\", \"2.y\""] {
        let answer = desk.server.send("PATCH", &path, &[("if-match", header), ("content-type", "application/json")], b"{\"killed\": 99, \"reason\": \"x\"}");
        assert_eq!((answer.status, answer.problem()["code"].as_str()), (412, Some("stale")), "{header}");
        assert_eq!(answer.header("etag"), now.header("etag"), "{header}");
    }
    assert_eq!(desk.server.json(&path), now.json(), "nothing changed");
    // A document elsewhere makes nothing stale: the tag differs in its second part only.
    desk.tell("Gunmen shot dead a judge in Quetta on Thursday, police said.", "2023-06-02", "Example Wire");
    let answer = desk.server.send(
        "PATCH",
        &path,
        &[("if-match", now.header("etag").unwrap()), ("content-type", "application/json")],
        b"{\"killed\": 14, \"reason\": \"x\"}",
    );
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("etag"), desk.server.get(&path).header("etag"), "the answer has the tag that reading has");
    desk.finish();
}

#[test]
fn without_if_match_nothing_is_changed() {
    let (desk, path) = desk();
    let before = desk.server.json(&path);
    for (method, below, body) in [
        ("PATCH", "", json!({"killed": 13, "reason": "x"})),
        ("POST", "/confirm", json!({"reason": "x"})),
        ("POST", "/reject", json!({"reason": "x"})),
        ("POST", "/evidence", json!({"reason": "x"})),
    ] {
        let answer = desk.server.send(method, &format!("{path}{below}"), &[("content-type", "application/json")], body.to_string().as_bytes());
        assert_eq!((answer.status, answer.problem()["code"].as_str()), (428, Some("precondition_required")), "{method} {below}");
    }
    assert_eq!(desk.server.json(&path), before);
    desk.finish();
}

#[test]
fn a_key_needs_the_scope() {
    let (desk, path) = desk();
    let key = |name: &str, scope: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_waqia"))
            .args(["keys", "create", "--name", name, "--scope", scope, "--database"])
            .arg(desk.server.base())
            .env_clear()
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let (feed, curator) = (key("feed", "ingest"), key("desk", "curate"));
    // What the server knows of the keys may be a second old.
    std::thread::sleep(std::time::Duration::from_millis(1200));
    let tag = desk.etag(&path);
    let send = |key: Option<&str>| {
        let bearer = key.map(|key| format!("Bearer {key}")).unwrap_or_default();
        let mut headers = vec![("if-match", tag.as_str()), ("content-type", "application/json")];
        headers.extend(key.map(|_| ("authorization", bearer.as_str())));
        desk.server.send("PATCH", &path, &headers, b"{\"killed\": 13, \"reason\": \"the hospital's list\"}")
    };
    assert_eq!(send(None).problem()["code"], "unauthorized");
    assert_eq!(send(Some(&feed)).problem()["code"], "missing_scope");
    assert_eq!(send(Some(&curator)).status, 200);
    let made = desk.server.json("/v1/corrections?who=desk");
    assert_eq!((&made["meta"]["total"], &made["data"][0]["reason"]), (&json!(1), &json!("the hospital's list")));
    let history = desk.server.json(&format!("{path}/history"));
    let last = history["data"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["who"], &last["why"]), (&json!("desk"), &json!("the hospital's list")), "{last}");
    assert_eq!((&last["before"]["killed"]["best"], &last["after"]["killed"]["best"]), (&json!(12), &json!(13)), "{last}");
    desk.finish();
}

#[track_caller]
fn check(desk: &Desk, path: &str, patch: Value, pointer: &str, says: &str) -> Value {
    let problem = desk.refused("PATCH", path, &patch, "invalid_body");
    let fault = problem["errors"].as_array().unwrap().iter().find(|e| e["pointer"] == pointer).unwrap_or_else(|| panic!("{pointer}: {problem}")).clone();
    assert!(fault["detail"].as_str().unwrap().contains(says), "{says}: {fault}");
    fault
}

#[test]
fn wrong_values_are_told_with_what_is_allowed() {
    let (desk, path) = desk();
    let before = desk.server.json(&path);
    let allows = |fault: &Value, code: &str| assert!(fault["allowed"].as_array().unwrap().contains(&json!(code)), "{code}: {fault}");
    let fault = check(&desk, &path, json!({"type": "explosion.suicide_bomb", "reason": "x"}), "/type", "is not a code of /v1/codes/incident_types");
    allows(&fault, "explosion.suicide_bombing");
    assert_eq!(fault["suggestion"], "explosion.suicide_bombing");
    allows(&check(&desk, &path, json!({"colour": "red", "reason": "x"}), "/colour", "not a member"), "killed");
    allows(&check(&desk, &path, json!({"certainty": null, "reason": "x"}), "/certainty", "cannot be taken away"), "alleged");
    check(&desk, &path, json!({"weapons": ["explosive.nothing"], "reason": "x"}), "/weapons/0", "weapon_kinds");
    check(&desk, &path, json!({"weapons": "firearm", "reason": "x"}), "/weapons", "array");
    check(&desk, &path, json!({"killed": -3, "reason": "x"}), "/killed", "whole number");
    check(&desk, &path, json!({"killed": {"low": 20}, "reason": "x"}), "/killed", "none is above the next");
    check(&desk, &path, json!({"date": "Monday", "reason": "x"}), "/date", "2023-01-30");
    check(&desk, &path, json!({"place": "Nowhere-on-Sea", "reason": "x"}), "/place", "gazetteer");
    check(&desk, &path, json!({"place": {"latitude": 34.0}, "reason": "x"}), "/place", "without the other");
    check(&desk, &path, json!({"place": {"latitude": 134.0, "longitude": 0}, "reason": "x"}), "/place", "outside the world");
    check(&desk, &path, json!({"background": "no", "reason": "x"}), "/background", "true nor false");
    check(&desk, &path, json!({"summary": " ", "reason": "x"}), "/summary", "text");
    check(&desk, &path, json!({"participants": [], "reason": "x"}), "/participants", "`add`");
    let fault =
        check(&desk, &path, json!({"participants": {"remove": [{"name": "nobody"}]}, "reason": "x"}), "/participants/remove/0", "none of the participants");
    assert!(!fault["allowed"].as_array().unwrap().is_empty());
    check(&desk, &path, json!({"participants": {"add": [{"name": "two men"}]}, "reason": "x"}), "/participants/add/0/role", "cannot be taken away");
    check(&desk, &path, json!({"killed": 13}), "", "no `reason`");
    check(&desk, &path, json!({"killed": 13, "reason": " "}), "/reason", "blank");
    check(&desk, &path, json!({"reason": "x"}), "", "nothing would change");
    // One right member beside a wrong one: nothing is applied in part.
    let problem = desk.refused("PATCH", &path, &json!({"killed": 40, "type": "x", "date": "y", "reason": "x"}), "invalid_body");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 2, "{problem}");
    assert_eq!(desk.server.json(&path), before);
    assert_eq!(desk.total("/v1/corrections"), 0);
    let answer =
        desk.server.send("PATCH", "/v1/incidents/inc_0000000000000000", &[("if-match", "*"), ("content-type", "application/json")], b"{\"reason\": \"x\"}");
    assert_eq!(answer.problem()["code"], "not_found");
    desk.finish();
}

#[test]
fn bodies_of_other_types_are_refused() {
    let (desk, path) = desk();
    let tag = desk.etag(&path);
    let answer = desk.server.send("PATCH", &path, &[("if-match", &tag), ("content-type", "application/json-patch+json")], b"[]");
    assert_eq!(answer.problem()["code"], "unsupported_media_type");
    let answer = desk.server.send("PATCH", &path, &[("if-match", &tag), ("content-type", "application/json")], b"[]");
    assert_eq!(answer.problem()["code"], "invalid_body");
    let answer =
        desk.server.send("PATCH", &path, &[("if-match", &tag), ("content-type", "application/merge-patch+json")], b"{\"killed\": 13, \"reason\": \"x\"}");
    assert_eq!(answer.status, 200, "{}", answer.text());
    desk.finish();
}
