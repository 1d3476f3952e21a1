//! The description fits the program: valid, complete, and every documented parameter is one.

use crate::support::shared;
use serde_json::Value;
use std::collections::BTreeSet;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn operations(api: &Value) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                all.push((method.to_uppercase(), path.clone(), operation.clone()));
            }
        }
    }
    all
}

fn parameters(operation: &Value, place: &str) -> BTreeSet<String> {
    let all = operation["parameters"].as_array().cloned().unwrap_or_default();
    all.iter().filter(|p| p["in"] == place).map(|p| p["name"].as_str().unwrap().to_owned()).collect()
}

/// A path with something in its places.
fn filled(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect::<Vec<_>>().join("/")
}

#[test]
fn documented_parameters_are_exactly_the_accepted_ones() {
    let api = shared().json("/openapi.json");
    for (method, path, operation) in operations(&api) {
        let answer = shared().send(&method, &format!("{}?no_such_parameter_=1", filled(&path)), &[("content-type", "text/plain")], b"x");
        let problem = answer.problem();
        assert_eq!(problem["code"], "unknown_parameter", "{method} {path}: {problem}");
        let allowed = problem["errors"][0]["allowed"].as_array().cloned().unwrap_or_default();
        let accepted: BTreeSet<String> = allowed.iter().map(|v| v.as_str().unwrap().to_owned()).collect();
        assert_eq!(accepted, parameters(&operation, "query"), "{method} {path}");
    }
}

#[test]
fn path_parameters_are_described() {
    for (method, path, operation) in operations(&shared().json("/openapi.json")) {
        let named: BTreeSet<String> = path.split('/').filter_map(|p| p.strip_prefix('{')?.strip_suffix('}').map(str::to_owned)).collect();
        assert_eq!(named, parameters(&operation, "path"), "{method} {path}");
    }
}

#[test]
fn everything_has_words() {
    let api = shared().json("/openapi.json");
    let tags: BTreeSet<&str> = api["tags"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&api) {
        let words = |v: &Value| v.as_str().is_some_and(|s| s.len() > 3);
        assert!(words(&operation["summary"]), "{method} {path} has no summary");
        assert!(operation["tags"].as_array().is_some_and(|t| t.len() == 1 && tags.contains(t[0].as_str().unwrap())), "{method} {path} has no known tag");
        assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{path}: the operation id is not unique");
        for parameter in operation["parameters"].as_array().cloned().unwrap_or_default() {
            assert!(words(&parameter["description"]), "{method} {path}: {} has no description", parameter["name"]);
        }
        assert!(operation["responses"]["default"].is_object(), "{method} {path}: failures are not described");
    }
    for (name, schema) in api["components"]["schemas"].as_object().unwrap() {
        for (member, schema) in schema["properties"].as_object().cloned().unwrap_or_default() {
            let described = words_of(&schema);
            assert!(described, "{name}.{member} has no description");
        }
    }
}

fn words_of(schema: &Value) -> bool {
    schema["description"].as_str().is_some_and(|s| s.len() > 3) || schema["oneOf"].as_array().is_some_and(|all| all.iter().any(words_of))
}

#[test]
fn every_reference_leads_somewhere() {
    let api = shared().json("/openapi.json");
    let mut open = vec![&api];
    let mut n_references = 0;
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(reference)) = members.get("$ref") {
                    n_references += 1;
                    let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leads outside"));
                    assert!(api.pointer(pointer).is_some(), "{reference} leads nowhere");
                }
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    assert!(n_references > 10);
}
