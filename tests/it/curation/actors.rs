//! Names, status, identity and relations of actors.

use super::{Desk, settled};
use serde_json::{Value, json};

const RAID: &str = "Fighters of the Lashkar-e-Khayal killed four policemen in Bannu on Tuesday, the group's spokesman Qari Zubair said.";
const AGAIN: &str = "The Khayal Brigade shot dead two soldiers in Tank on Thursday, the army said. Qari Zubair claimed the attack.";

/// A base in which a document names an organisation that the lexicon does not have, and the path of that actor.
fn desk() -> (Desk, String) {
    let desk = Desk::new();
    desk.tell(RAID, "2024-05-08", "Example Wire");
    let list = desk.server.json("/v1/actors?known=false&q=Khayal");
    let id = list["data"][0]["id"].as_str().unwrap_or_else(|| panic!("an actor: {list}")).to_owned();
    (desk, format!("/v1/actors/{id}"))
}

fn names(actor: &Value) -> Vec<(String, String)> {
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    actor["names"].as_array().unwrap().iter().map(|n| (text(&n["kind"]), text(&n["name"]))).collect()
}

#[test]
fn a_renamed_actor_is_called_so_everywhere_and_found_by_both_names() {
    let (desk, path) = desk();
    let before = desk.server.json(&path);
    let (now, rename) = desk.change(
        "PATCH",
        &path,
        &json!({"name": "Army of Khayal", "names": {"add": ["AoK", {"name": "Jaish-e-Khayal", "kind": "former"}]}, "reason": "what it calls itself"}),
    );
    assert_eq!(now["name"], "Army of Khayal");
    let all = names(&now);
    for (kind, name) in [("canonical", "Army of Khayal"), ("alias", before["name"].as_str().unwrap()), ("alias", "AoK"), ("former", "Jaish-e-Khayal")] {
        assert!(all.contains(&(kind.to_owned(), name.to_owned())), "{name}: {all:?}");
    }
    for name in ["Army of Khayal", "AoK", "Jaish-e-Khayal", before["name"].as_str().unwrap()] {
        let query = name.replace(' ', "%20");
        assert_eq!(desk.total(&format!("/v1/incidents?actor={query}")), 1, "{name}");
    }
    let incident = desk.server.json(&format!("/v1/incidents/{}", desk.only()));
    assert!(incident["participants"].as_array().unwrap().iter().any(|p| p["name"] == "Army of Khayal"), "{incident}");
    assert_eq!(desk.total("/v1/search?q=Army+of+Khayal&kind=actor"), 1);
    desk.refused("PATCH", &path, &json!({"name": "Army of Khayal", "reason": "x"}), "invalid_body");
    desk.refused("PATCH", &path, &json!({"names": {"remove": ["Army of Khayal"]}, "reason": "x"}), "invalid_body");
    desk.refused("PATCH", &path, &json!({"names": {"add": ["aok"]}, "reason": "x"}), "invalid_body");

    let (now, remove) = desk.change("PATCH", &path, &json!({"names": {"remove": ["AoK"]}, "reason": "that is another group"}));
    assert!(!names(&now).iter().any(|(_, name)| name == "AoK"));
    desk.undo(remove);
    desk.undo(rename);
    assert_eq!(settled(desk.server.json(&path)), settled(before), "undoing gives exactly the state before");
    desk.finish();
}

#[test]
fn a_merged_actor_leads_to_the_other_with_all_it_did() {
    let (desk, path) = desk();
    desk.tell(AGAIN, "2024-05-10", "Example Daily");
    let other = desk.server.json("/v1/actors?known=false&q=Brigade")["data"][0]["id"].as_str().expect("the brigade is an actor").to_owned();
    let id = path.rsplit('/').next().unwrap().to_owned();
    let before = [&id, &other].map(|id| settled(desk.server.json(&format!("/v1/actors/{id}"))));
    assert_eq!(desk.total(&format!("/v1/incidents?actor={id}")), 1);

    let (now, correction) = desk.change("POST", &format!("/v1/actors/{other}/merge"), &json!({"into": id, "reason": "one group, two names"}));
    assert_eq!((&now["id"], &now["n_incidents"], &now["n_documents"]), (&json!(id), &json!(2), &json!(2)), "{now}");
    assert_eq!(desk.server.get(&format!("/v1/actors/{other}")).header("location"), Some(path.as_str()));
    for asked in [&id, &other] {
        assert_eq!(desk.total(&format!("/v1/incidents?actor={asked}")), 2, "{asked}");
    }
    assert_eq!(desk.total("/v1/incidents?actor=Khayal%20Brigade"), 2, "its names are names of the other");
    let parties = desk.server.json("/v1/incidents?include=participants");
    assert!(!parties.to_string().contains(&format!("\"actor\":\"{other}\"")), "{parties}");
    assert_eq!(desk.total("/v1/actors?known=false&q=Brigade"), 0);
    desk.refused("POST", &format!("{path}/merge"), &json!({"into": id, "reason": "x"}), "invalid_body");
    desk.refused("POST", &format!("{path}/merge"), &json!({"into": other, "reason": "x"}), "invalid_body");

    // A document that names the merged one names the other.
    desk.tell("The Khayal Brigade shot dead three soldiers in Kohat on Monday, the army said.", "2024-06-04", "Example Post");
    assert_eq!(desk.total(&format!("/v1/incidents?actor={id}")), 3);
    desk.undo(correction);
    for (id, before) in [&id, &other].into_iter().zip(before) {
        let now = settled(desk.server.json(&format!("/v1/actors/{id}")));
        for member in ["name", "status", "merged_into", "names", "titles", "relations"] {
            assert_eq!(now[member], before[member], "{id} {member}");
        }
    }
    assert_eq!(desk.total(&format!("/v1/incidents?actor={id}")), 1);
    assert_eq!(desk.total(&format!("/v1/incidents?actor={other}")), 2);
    desk.finish();
}

#[test]
fn actors_are_related_with_dates_and_reason() {
    let (desk, path) = desk();
    let before = settled(desk.server.json(&path));
    let body = json!({"relation": "splinter_of", "object": "TTP", "valid_from": "2014-08", "valid_to": "2015", "reason": "its own announcement"});
    let (now, correction) = desk.change("POST", &format!("{path}/relations"), &body);
    let relation = now["relations"].as_array().unwrap().iter().find(|r| r["relation"] == "splinter_of").unwrap().clone();
    assert_eq!(
        (&relation["object"]["id"], &relation["valid_from"], &relation["valid_to"], &relation["document"]),
        (&json!("tehreek-i-taliban-pakistan"), &json!("2014-08"), &json!("2015"), &Value::Null)
    );
    for (member, value) in [("relation", "cousin_of"), ("object", "Nobody At All"), ("valid_from", "2016"), ("valid_to", "soon")] {
        let mut wrong = body.clone();
        wrong[member] = json!(value);
        let problem = desk.refused("POST", &format!("{path}/relations"), &wrong, "invalid_body");
        assert_eq!(problem["errors"][0]["pointer"], format!("/{member}"), "{problem}");
    }
    desk.undo(correction);
    assert_eq!(settled(desk.server.json(&path)), before);
    desk.finish();
}

#[test]
fn a_rejected_actor_is_left_out_and_a_confirmed_one_stays() {
    let (desk, path) = desk();
    let listed = || desk.total("/v1/actors?known=false&q=Khayal");
    let n = listed();
    let (now, correction) = desk.change("POST", &format!("{path}/reject"), &json!({"reason": "a newspaper's name for several"}));
    assert_eq!((&now["status"], listed()), (&json!("rejected"), n - 1));
    desk.undo(correction);
    assert_eq!((desk.server.json(&path)["status"].clone(), listed()), (json!("machine"), n));
    assert_eq!(desk.change("POST", &format!("{path}/confirm"), &json!({"reason": "x"})).0["status"], "confirmed");
    let history = desk.server.json(&format!("/v1/corrections?entity=actor&of={}", path.rsplit('/').next().unwrap()));
    assert_eq!(history["meta"]["total"], 2);
    desk.finish();
}

#[test]
fn a_name_that_was_taken_away_does_not_come_back() {
    let (desk, path) = desk();
    desk.change("PATCH", &path, &json!({"names": {"add": ["Khayal Brigade"]}, "reason": "x"}));
    desk.change("PATCH", &path, &json!({"names": {"remove": ["Khayal Brigade"]}, "reason": "another group"}));
    desk.tell(AGAIN, "2024-05-10", "Example Daily");
    let now = desk.server.json(&path);
    assert!(!names(&now).iter().any(|(_, name)| name == "Khayal Brigade"), "{now}");
    desk.finish();
}
