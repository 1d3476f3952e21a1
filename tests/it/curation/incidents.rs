//! Fields, status and evidence of incidents: set, kept through later reports, undone.

use super::{BOMB, Desk, settled};
use serde_json::{Value, json};

const LATER: &str = "The suicide bombing at a mosque in Peshawar on Monday killed 17 people, a hospital spokesman said on Wednesday.";

fn desk() -> (Desk, String, String) {
    let desk = Desk::new();
    let document = desk.tell(BOMB, "2023-01-31", "Example Wire");
    let path = format!("/v1/incidents/{}", desk.only());
    (desk, path, document)
}

#[test]
fn lists_sums_maps_and_search_follow_a_correction_and_its_undoing() {
    let (desk, path, _) = desk();
    let before = desk.server.json(&path);
    assert_eq!(desk.total("/v1/incidents?place=Peshawar"), 1);
    let patch = json!({
        "type": "explosion.ied", "date": "2023-01-29", "place": "Quetta", "site": "a bus station", "killed": {"low": 13, "best": 14, "high": 15},
        "injured": null, "weapons": ["explosive.vehicle_bomb"], "attributes": [], "certainty": "alleged", "evidence_grade": "contested",
        "summary": "A car bomb exploded at a bus station in Quetta.", "background": true, "reason": "a mix-up of two attacks"
    });
    let (now, correction) = desk.change("PATCH", &path, &patch);
    for member in ["type", "site", "killed", "injured", "weapons", "attributes", "certainty", "evidence_grade", "summary", "background"] {
        let is = if member == "site" { &now["place"]["site"] } else { &now[member] };
        assert_eq!(is, &patch[member], "{member}");
    }
    assert_eq!(now["date"], json!({"start": "2023-01-29", "end": "2023-01-29", "precision": "day"}));
    assert_eq!((&now["place"]["name"], &now["place"]["admin1"], &now["place"]["country"]), (&json!("Quetta"), &json!("Balochistan"), &json!("PK")));
    assert_eq!(now, desk.server.json(&path), "the answer is what reading gives");
    for (query, n) in [("place=Peshawar", 0), ("place=Quetta", 1), ("type=explosion.ied", 1), ("weapon=explosive.vehicle_bomb", 1), ("q=station", 1)] {
        assert_eq!(desk.total(&format!("/v1/incidents?{query}")), n, "{query}");
    }
    assert_eq!(desk.total("/v1/incidents?bbox=66,29,68,31"), 1, "the box around Quetta");
    assert_eq!(desk.server.json("/v1/stats/summary")["killed"], 14);
    assert_eq!(desk.server.json("/v1/search?q=station&kind=incident")["meta"]["total"], 1);

    let undone = desk.undo(correction);
    assert_eq!((&undone["undone"]["reason"], undone["changes"].as_array().unwrap().len()), (&json!("a slip"), 12), "{undone}");
    assert_eq!(settled(desk.server.json(&path)), settled(before), "undoing gives exactly the state before");
    assert_eq!((desk.total("/v1/incidents?place=Peshawar"), desk.total("/v1/incidents?q=station")), (1, 0));
    let again = desk.server.post(&format!("/v1/corrections/{correction}/undo"), "application/json", r#"{"reason": "x"}"#);
    assert_eq!(again.problem()["code"], "conflict");
    desk.finish();
}

#[test]
fn of_several_corrections_each_is_undone_by_itself() {
    let (desk, path, _) = desk();
    let machine = desk.server.json(&path);
    let killed = |value: &Value| value["killed"]["best"].clone();
    let (_, first) = desk.change("PATCH", &path, &json!({"killed": 13, "injured": 40, "reason": "first"}));
    let (now, second) = desk.change("PATCH", &path, &json!({"killed": 14, "reason": "second"}));
    assert_eq!((killed(&now), &now["injured"]["best"]), (json!(14), &json!(40)));
    desk.undo(first);
    let now = desk.server.json(&path);
    assert_eq!((killed(&now), &now["injured"]), (json!(14), &machine["injured"]), "the later one stays");
    let (_, third) = desk.change("PATCH", &path, &json!({"killed": 15, "reason": "third"}));
    desk.undo(third);
    assert_eq!(killed(&desk.server.json(&path)), 14);
    desk.undo(second);
    assert_eq!(settled(desk.server.json(&path)), settled(machine));
    let list = desk.server.json("/v1/corrections?undone=true");
    assert_eq!(list["meta"]["total"], 3);
    let parts = &list["data"][1]["changes"][0];
    assert_eq!((&parts["before"]["best"], &parts["after"]["best"], &parts["original"]["best"]), (&json!(13), &json!(14), &json!(12)), "{parts}");
    desk.finish();
}

#[test]
fn a_later_report_does_not_overwrite_a_correction_and_gives_a_review_item() {
    let (desk, path, _) = desk();
    let (_, correction) = desk.change("PATCH", &path, &json!({"killed": 15, "reason": "the hospital's list"}));
    assert!(desk.reviews().is_empty(), "what was known is no news");
    let later = desk.tell(LATER, "2023-02-01", "Example Daily");
    let now = desk.server.json(&path);
    assert_eq!((&now["n_reports"], &now["killed"]["best"]), (&json!(2), &json!(15)), "{now}");
    let reviews = desk.reviews();
    let [item] = &reviews[..] else { panic!("{reviews:#?}") };
    assert_eq!((&item["reason"], &item["field"], &item["document"]), (&json!("contradiction"), &json!("killed"), &json!(later)));
    assert_eq!((&item["corrected"]["best"], &item["said"]["best"], &item["correction"]), (&json!(15), &json!(17), &json!(correction)));
    assert_eq!(item["url"], path);

    let confirm = |id: &Value| desk.server.post(&format!("/v1/review/{}/confirm", id.as_str().unwrap()), "application/json", r#"{"reason": "checked"}"#);
    assert_eq!(confirm(&item["id"]).status, 200);
    assert_eq!(confirm(&item["id"]).problem()["code"], "conflict");
    assert!(desk.reviews().is_empty());
    assert_eq!(desk.total("/v1/review?status=closed&entity=incident"), 1);
    // The same said again by somebody else is looked at anew; a new correction closes it.
    desk.tell("Officials in Peshawar put the toll of the suicide bombing at the mosque on Monday at 17 killed.", "2023-02-02", "Example Post");
    assert_eq!(desk.reviews().len(), 1);
    desk.change("PATCH", &path, &json!({"killed": 17, "reason": "two sources now"}));
    assert!(desk.reviews().is_empty());
    desk.finish();
}

#[test]
fn a_rejected_incident_stays_rejected() {
    let (desk, path, _) = desk();
    let (now, correction) = desk.change("POST", &format!("{path}/reject"), &json!({"reason": "a drill"}));
    assert_eq!(now["status"], "rejected");
    assert_eq!((desk.total("/v1/incidents"), desk.total("/v1/incidents?status=rejected")), (0, 1));
    assert_eq!(desk.server.json("/v1/stats/summary")["killed"], 0);
    let later = desk.tell(LATER, "2023-02-01", "Example Daily");
    let now = desk.server.json(&path);
    assert_eq!((&now["status"], &now["n_reports"]), (&json!("rejected"), &json!(2)), "{now}");
    assert_eq!(desk.total("/v1/incidents"), 0);
    let reviews = desk.reviews();
    assert!(reviews.len() == 1 && reviews[0]["reason"] == "reported_again" && reviews[0]["document"] == json!(later), "{reviews:#?}");
    desk.undo(correction);
    assert_eq!((desk.total("/v1/incidents"), desk.reviews().len()), (1, 0));
    let actions = |name: &str| desk.server.json(&format!("{path}/history"))["data"].as_array().unwrap().iter().filter(|c| c["action"] == name).count();
    assert_eq!(actions("rejected"), 1);
    desk.finish();
}

#[test]
fn a_confirmed_incident_stays_confirmed() {
    let (desk, path, _) = desk();
    assert_eq!(desk.change("POST", &format!("{path}/confirm"), &json!({"reason": "seen by our reporter"})).0["status"], "confirmed");
    desk.tell(LATER, "2023-02-01", "Example Daily");
    assert_eq!(desk.server.json(&path)["status"], "confirmed");
    assert!(desk.reviews().is_empty());
    assert_eq!(desk.total("/v1/incidents?status=confirmed"), 1);
    desk.finish();
}

#[test]
fn participants_are_added_removed_and_given_other_roles() {
    let (desk, path, _) = desk();
    let before = desk.server.json(&path);
    let guards = json!({"name": "two guards", "role": "victim", "count": 2, "target_type": "security.police"});
    let add = json!({"participants": {"add": [{"actor": "TTP", "role": "suspected"}, guards]}, "reason": "x"});
    let (now, first) = desk.change("PATCH", &path, &add);
    let find = |now: &Value, role: &str, name: &str| now["participants"].as_array().unwrap().iter().any(|p| p["role"] == role && p["name"] == name);
    assert!(find(&now, "suspected", "Tehreek-i-Taliban Pakistan") && find(&now, "victim", "two guards"), "{now}");
    assert_eq!((desk.total("/v1/incidents?perpetrator=TTP"), desk.total("/v1/incidents?target_type=security.police")), (1, 1));
    let role = |role: &str| desk.server.json("/v1/actors/tehreek-i-taliban-pakistan")["roles"][role].clone();
    assert_eq!((role("suspected"), role("denier")), (json!(1), Value::Null));
    let (now, second) =
        desk.change("PATCH", &path, &json!({"participants": {"role": [{"actor": "TTP", "from": "suspected", "to": "denier"}]}, "reason": "it denied it"}));
    assert!(find(&now, "denier", "Tehreek-i-Taliban Pakistan") && !find(&now, "suspected", "Tehreek-i-Taliban Pakistan"));
    assert_eq!((role("suspected"), role("denier")), (Value::Null, json!(1)));
    let (now, third) = desk.change("PATCH", &path, &json!({"participants": {"remove": [{"actor": "TTP"}, {"name": "two guards"}]}, "reason": "x"}));
    assert_eq!(now["participants"], before["participants"]);
    for correction in [third, second, first] {
        desk.undo(correction);
    }
    assert_eq!(settled(desk.server.json(&path)), settled(before));
    desk.finish();
}

#[test]
fn a_point_within_a_place_keeps_the_place() {
    let (desk, path, _) = desk();
    let id = desk.server.json(&path)["place"]["id"].clone();
    let (now, _) = desk.change("PATCH", &path, &json!({"place": {"latitude": 34.02, "longitude": 71.5}, "reason": "the mosque itself"}));
    let place = &now["place"];
    assert_eq!((&place["id"], &place["latitude"], &place["longitude"], &place["precision"]), (&id, &json!(34.02), &json!(71.5), &json!("exact")));
    assert_eq!(desk.total("/v1/incidents?bbox=71.49,34.01,71.51,34.03"), 1);
    let (now, _) = desk.change("PATCH", &path, &json!({"place": null, "reason": "not known"}));
    assert_eq!((&now["place"], desk.total("/v1/incidents?place=Peshawar")), (&Value::Null, 0));
    desk.finish();
}

#[test]
fn evidence_is_added_and_removed_by_its_words() {
    let (desk, path, document) = desk();
    let before = desk.server.json(&path);
    let start = BOMB.find("a mosque").unwrap();
    let span = |text: &str| json!({"field": "site", "document": document, "start": start, "end": start + 8, "text": text});
    let problem = desk.refused("POST", &format!("{path}/evidence"), &json!({"add": [span("a market")], "reason": "x"}), "invalid_body");
    assert!(problem["errors"][0]["pointer"] == "/add/0/text" && problem["detail"].as_str().unwrap().contains("\"a mosque\""), "{problem}");
    for (member, value, pointer) in
        [("field", json!("colour"), "/add/0/field"), ("end", json!(100_000), "/add/0/start"), ("document", json!("doc_x"), "/add/0/document")]
    {
        let mut wrong = span("a mosque");
        wrong[member] = value;
        let problem = desk.refused("POST", &format!("{path}/evidence"), &json!({"add": [wrong], "reason": "x"}), "invalid_body");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    let (now, first) = desk.change("POST", &format!("{path}/evidence"), &json!({"add": [span("a mosque")], "reason": "x"}));
    let of = |now: &Value, field: &str| now["evidence"].as_array().unwrap().iter().filter(|e| e["field"] == field).cloned().collect::<Vec<_>>();
    let added = of(&now, "site").pop().unwrap();
    assert_eq!((&added["text"], &added["rule"]), (&json!("a mosque"), &json!("curator")));
    let marked = |rule: &str| desk.server.json(&format!("/v1/documents/{document}/annotations")).to_string().matches(rule).count();
    assert_eq!(marked("curator"), 1, "it is marked in the document");
    desk.refused("POST", &format!("{path}/evidence"), &json!({"add": [span("a mosque")], "reason": "x"}), "invalid_body");

    let machine = of(&now, "killed").remove(0);
    let remove = json!({"field": "killed", "document": document, "start": machine["start"], "end": machine["end"], "text": machine["text"]});
    let (now, second) = desk.change("POST", &format!("{path}/evidence"), &json!({"remove": [remove, span("a mosque")], "reason": "x"}));
    assert!(of(&now, "site").len() < of(&desk.server.json(&path), "site").len() + 1 && !of(&now, "killed").contains(&machine), "{now}");
    let history = desk.server.json(&format!("{path}/history"));
    let last = history["data"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["before"]["evidence"].as_array().unwrap().len(), 2, "{last}");
    desk.undo(second);
    desk.undo(first);
    assert_eq!(settled(desk.server.json(&path)), settled(before));
    assert_eq!(marked("curator"), 0);
    desk.finish();
}
