//! Incidents that are made one, and incidents that are made two.

use super::{BOMB, Desk, settled};
use serde_json::{Value, json};

/// Two bombings of one town in one week, which nothing tells apart but days and numbers.
const OTHER: &str = "A suicide bomber killed 5 people at a checkpost in Peshawar on Friday, police said.";
const LATER: &str = "The suicide bombing at a mosque in Peshawar on Monday killed 17 people, a hospital spokesman said on Wednesday.";
const LATEST: &str = "Fifteen people died when a suicide bomber struck the mosque in Peshawar on Monday, rescue workers said.";

fn ids(desk: &Desk) -> Vec<String> {
    let list = desk.server.json("/v1/incidents?sort=date");
    list["data"].as_array().unwrap().iter().map(|i| i["id"].as_str().unwrap().to_owned()).collect()
}

fn documents(incident: &Value) -> Vec<String> {
    let mut all: Vec<String> = incident["reports"].as_array().unwrap().iter().map(|r| r["document"]["id"].as_str().unwrap().to_owned()).collect();
    all.sort();
    all
}

#[test]
fn two_incidents_are_made_one_and_two_again() {
    let desk = Desk::new();
    desk.tell(BOMB, "2023-01-31", "Example Wire");
    desk.tell(OTHER, "2023-02-04", "Example Wire");
    let [one, other] = &ids(&desk)[..] else { panic!("two incidents") };
    let before = [one, other].map(|id| settled(desk.server.json(&format!("/v1/incidents/{id}"))));
    let killed = desk.server.json("/v1/stats/summary")["killed"].clone();

    let (now, correction) = desk.change("POST", &format!("/v1/incidents/{one}/merge"), &json!({"incident": other, "reason": "a wrong day in one of them"}));
    let heir = now["id"].as_str().unwrap();
    let gone = if heir == one { other } else { one };
    assert_eq!((&now["n_reports"], &now["merged_from"]), (&json!(2), &json!([gone])));
    assert_eq!(ids(&desk), [heir]);
    let moved = desk.server.get(&format!("/v1/incidents/{gone}"));
    assert_eq!((moved.status, moved.header("location")), (308, Some(format!("/v1/incidents/{heir}").as_str())));
    let changes = desk.server.json(&format!("/v1/incidents/{gone}/history"));
    assert!(
        changes["data"]
            .as_array()
            .unwrap()
            .iter()
            .any(|c| c["action"] == "merged" && c["successor"] == json!(heir) && c["why"] == "a wrong day in one of them"),
        "{changes}"
    );
    // A change of the one that is gone leads on.
    let answer = desk.server.send(
        "PATCH",
        &format!("/v1/incidents/{gone}"),
        &[("if-match", "*"), ("content-type", "application/json")],
        b"{\"killed\": 1, \"reason\": \"x\"}",
    );
    assert_eq!((answer.status, answer.header("location")), (308, Some(format!("/v1/incidents/{heir}").as_str())));

    desk.undo(correction);
    assert_eq!(ids(&desk).len(), 2);
    let after: Vec<Value> = ids(&desk).iter().map(|id| desk.server.json(&format!("/v1/incidents/{id}"))).collect();
    for before in before {
        let now = after.iter().find(|now| documents(now) == documents(&before)).expect("an incident of these reports");
        for member in ["date", "killed", "place", "status", "n_reports", "participants", "reports", "evidence"] {
            assert_eq!(now[member], before[member], "{member}");
        }
    }
    assert_eq!(desk.server.json("/v1/stats/summary")["killed"], killed);
    desk.finish();
}

#[test]
fn corrections_follow_an_incident_into_another() {
    let desk = Desk::new();
    desk.tell(BOMB, "2023-01-31", "Example Wire");
    desk.tell(LATER, "2023-02-01", "Example Daily");
    desk.tell(OTHER, "2023-02-04", "Example Wire");
    let all = ids(&desk);
    let small = all.iter().find(|id| desk.server.json(&format!("/v1/incidents/{id}"))["n_reports"] == 1).unwrap();
    let large = all.iter().find(|id| *id != small).unwrap();
    desk.change("PATCH", &format!("/v1/incidents/{small}"), &json!({"killed": 6, "site": "a checkpost", "reason": "the police list"}));
    let (now, _) = desk.change("POST", &format!("/v1/incidents/{small}/merge"), &json!({"incident": large, "reason": "one attack"}));
    assert_eq!((&now["id"], &now["killed"]["best"], &now["place"]["site"]), (&json!(large), &json!(6), &json!("a checkpost")));
    assert!(!desk.reviews().is_empty(), "the reports of the other say otherwise");
    let (now, _) = desk.change("PATCH", &format!("/v1/incidents/{large}"), &json!({"killed": 18, "reason": "of both"}));
    assert_eq!(now["killed"]["best"], 18);
    desk.finish();
}

#[test]
fn a_split_stays_split_after_a_later_report() {
    let desk = Desk::new();
    let first = desk.tell(BOMB, "2023-01-31", "Example Wire");
    let second = desk.tell(LATER, "2023-02-01", "Example Daily");
    let id = desk.only();
    let path = format!("/v1/incidents/{id}");
    let (now, correction) = desk.change("POST", &format!("{path}/split"), &json!({"reports": [{"document": second}], "reason": "two mosques"}));
    let both = now["data"].as_array().unwrap();
    assert_eq!((documents(&both[0]), documents(&both[1])), (vec![first.clone()], vec![second.clone()]));
    assert_eq!((ids(&desk).len(), desk.server.json("/v1/stats/summary")["killed"].clone()), (2, json!(29)));
    desk.tell(LATEST, "2023-02-02", "Example Post");
    let now: Vec<Vec<String>> = ids(&desk).iter().map(|id| documents(&desk.server.json(&format!("/v1/incidents/{id}")))).collect();
    assert_eq!(now.iter().flatten().count(), 3);
    assert!(!now.iter().any(|d| d.contains(&first) && d.contains(&second)), "{now:?}");
    desk.undo(correction);
    assert_eq!(ids(&desk).len(), 1);
    assert_eq!(desk.server.json(&format!("/v1/incidents/{}", desk.only()))["n_reports"], 3);
    desk.finish();
}

#[test]
fn the_later_of_two_contrary_decisions_holds() {
    let desk = Desk::new();
    desk.tell(BOMB, "2023-01-31", "Example Wire");
    let second = desk.tell(LATER, "2023-02-01", "Example Daily");
    let id = desk.only();
    let (now, _) = desk.change("POST", &format!("/v1/incidents/{id}/split"), &json!({"reports": [{"document": second, "index": 0}], "reason": "two mosques"}));
    let other = now["data"].as_array().unwrap().iter().map(|i| i["id"].as_str().unwrap()).find(|other| *other != id).unwrap().to_owned();
    let (_, merged) = desk.change("POST", &format!("/v1/incidents/{id}/merge"), &json!({"incident": other, "reason": "one mosque after all"}));
    assert_eq!(ids(&desk).len(), 1);
    desk.undo(merged);
    assert_eq!(ids(&desk).len(), 2, "the split holds again");
    desk.finish();
}

#[test]
fn wrong_merges_and_splits_are_told() {
    let desk = Desk::new();
    let first = desk.tell(BOMB, "2023-01-31", "Example Wire");
    let id = desk.only();
    let path = format!("/v1/incidents/{id}");
    let pointer = |below: &str, body: Value| desk.refused("POST", &format!("{path}/{below}"), &body, "invalid_body")["errors"][0]["pointer"].clone();
    assert_eq!(pointer("merge", json!({"incident": id, "reason": "x"})), "/incident");
    assert_eq!(pointer("merge", json!({"incident": "inc_x", "reason": "x"})), "/incident");
    assert_eq!(pointer("split", json!({"reports": [], "reason": "x"})), "/reports");
    assert_eq!(pointer("split", json!({"reports": [{"document": first}], "reason": "x"})), "/reports");
    assert_eq!(pointer("split", json!({"reports": [{"document": "doc_x"}], "reason": "x"})), "/reports/0");
    assert_eq!(desk.total("/v1/corrections"), 0);
    desk.finish();
}
