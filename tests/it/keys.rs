//! Keys from making to revoking: on the command line, in the base, and before a route that needs a scope.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::post;
use clap::Parser;
use serde_json::Value;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use tower::ServiceExt;
use waqia::api::Shared;
use waqia::api::auth::{Admin, Curate, Ingest, MayWrite, Needs, layer, token};
use waqia::api::problem::Problem;
use waqia::clock::Clock;
use waqia::config::ServerConfig;
use waqia::model::key::{NewKey, Scope};
use waqia::server;

fn waqia(arguments: &[&str], base: &Path) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_waqia")).args(arguments).arg("--database").arg(base).env_clear().output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[track_caller]
fn check_refused(arguments: &[&str], base: &Path, expect: &str) {
    let (code, out, err) = waqia(arguments, base);
    assert!(code != Some(0) && out.is_empty() && err.contains(expect), "{arguments:?}: {code:?} {out} {err}");
}

#[test]
fn keys_are_made_listed_and_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("test.db");
    check_refused(&["keys", "list"], &base, "there is no base");
    check_refused(&["keys", "revoke", "x"], &base, "there is no base");
    assert!(!base.exists(), "nothing was made");

    let (code, key, err) = waqia(&["keys", "create", "--name", "feed", "--scope", "ingest", "--per-minute", "30", "--expires", "2999-12-31"], &base);
    assert_eq!(code, Some(0), "{err}");
    let key = key.trim_end();
    assert!(token::public_part(key).is_some(), "{key}");
    assert!(err.contains("\"feed\"") && !err.contains(key), "{err}");
    check_refused(&["keys", "create", "--name", "feed", "--scope", "admin"], &base, "choose another name");

    let (_, out, _) = waqia(&["keys", "list", "--json"], &base);
    let listed: Value = serde_json::from_str(&out).unwrap();
    let one = &listed[0];
    assert_eq!((&one["name"], &one["scope"], &one["state"], &one["per_minute"]), (&"feed".into(), &"ingest".into(), &"active".into(), &30.into()));
    assert_eq!((&one["expires_at"], &one["last_used_at"], &one["revoked_at"]), (&"3000-01-01T00:00:00Z".into(), &Value::Null, &Value::Null));
    assert!(!out.contains(&key[15..]) && !out.contains("argon2"), "{out}");

    let (code, out, err) = waqia(&["keys", "revoke", "feed"], &base);
    assert_eq!((code, out.trim_end()), (Some(0), "revoked the key \"feed\""), "{err}");
    check_refused(&["keys", "revoke", "feed"], &base, "was revoked before");
    check_refused(&["keys", "revoke", "other"], &base, "there is no key \"other\"");
    check_refused(&["keys", "create", "--name", "feed", "--scope", "ingest"], &base, "choose another name");
    let (_, table, _) = waqia(&["keys", "list"], &base);
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines.len() == 2 && lines[0].starts_with("NAME") && lines[1].contains("revoked") && lines[1].contains(&key[..14]), "{table}");
}

#[test]
fn wrong_wishes_for_keys_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("test.db");
    check_refused(&["keys", "create", "--name", "x"], &base, "--scope");
    check_refused(&["keys", "create", "--name", "x", "--scope", "root"], &base, "ingest, curate, admin");
    check_refused(&["keys", "create", "--name", "a\"b", "--scope", "ingest"], &base, "letters, digits");
    check_refused(&["keys", "create", "--name", "x", "--scope", "ingest", "--per-minute", "0"], &base, "--per-minute");
    check_refused(&["keys", "create", "--name", "x", "--scope", "ingest", "--expires", "soon"], &base, "--expires");
    check_refused(&["keys", "create", "--name", "x", "--scope", "ingest", "--expires", "2020-01-01"], &base, "is past");
    assert!(!base.exists(), "nothing was made");
}

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    config: ServerConfig,
}

/// A service with a route for each scope, over a base of its own.
struct Service {
    app: Shared,
    router: Router,
    _folder: tempfile::TempDir,
}

async fn needs<S: Needs>(may: MayWrite<S>) -> Result<String, Problem> {
    Ok(may.who)
}

impl Service {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().join("test.db");
        let config = Flags::try_parse_from(["waqia", "--seeds", "none", "--database", base.to_str().unwrap()]).unwrap().config;
        let app = server::open(&config, SocketAddr::from(([127, 0, 0, 1], 8000)), Clock::System).await.unwrap();
        let router = Router::new()
            .route("/ingest", post(needs::<Ingest>))
            .route("/curate", post(needs::<Curate>))
            .route("/admin", post(needs::<Admin>))
            .with_state(app.clone())
            .layer(from_fn_with_state(app.clone(), layer));
        Self { app, router, _folder: folder }
    }

    async fn key(&self, name: &str, scope: Scope) -> String {
        let key = token::generate().unwrap();
        let public_part = token::public_part(&key).unwrap().to_owned();
        let new = NewKey { name: name.to_owned(), public_part, hash: token::hash(&key).unwrap(), scope, per_minute: None, expires_at: None };
        self.app.store.add_key(&new, Clock::System.now()).await.unwrap();
        key
    }

    async fn post(&self, path: &str, key: &str) -> Response {
        let request = Request::post(path).header(header::AUTHORIZATION, format!("Bearer {key}")).body(Body::empty()).unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }
}

#[tokio::test]
async fn each_scope_includes_those_before_it() {
    let service = Service::new().await;
    for (n, scope) in Scope::ALL.into_iter().enumerate() {
        let key = service.key(scope.name(), scope).await;
        // What is known of the keys may be a second old.
        tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
        for (needed_n, needed) in Scope::ALL.into_iter().enumerate() {
            let response = service.post(&format!("/{}", needed.name()), &key).await;
            let expect = if needed_n <= n { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(response.status(), expect, "{scope:?} where {needed:?} is needed");
            if expect == StatusCode::FORBIDDEN {
                let challenge = format!("Bearer realm=\"waqia\", error=\"insufficient_scope\", scope=\"{}\"", needed.name());
                assert_eq!(response.headers()[header::WWW_AUTHENTICATE], challenge.as_str());
                let problem = response.extensions().get::<Problem>().unwrap();
                assert!(problem.code.name() == "missing_scope" && problem.detail.contains(&format!("\"{}\"", needed.name())), "{problem:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_request_whose_origin_is_not_known_does_not_write() {
    let service = Service::new().await;
    // The accept loop has not told where the connection comes from.
    let request = Request::post("/ingest").header(header::HOST, "localhost").body(Body::empty()).unwrap();
    let response = service.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
}

#[test]
fn the_description_tells_of_keys() {
    let api = crate::support::shared().json("/openapi.json");
    let scheme = &api["components"]["securitySchemes"]["key"];
    assert_eq!((&scheme["type"], &scheme["scheme"]), (&"http".into(), &"bearer".into()));
    let mut n_with = 0;
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let writes = method != "get";
            assert_eq!(operation.get("security").is_some(), writes, "{method} {path}");
            for status in ["401", "403", "429"].into_iter().filter(|_| writes) {
                n_with += 1;
                assert!(operation["responses"][status]["description"].as_str().is_some_and(|d| d.len() > 20), "{method} {path} {status}");
            }
        }
    }
    assert!(n_with >= 6);
    assert_eq!(api["paths"]["/v1/documents"]["post"]["security"][1]["key"], serde_json::json!(["ingest"]));
}
