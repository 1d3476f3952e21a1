//! What a request may do: extractors that refuse those who may not.

use super::local::{is_foreign_page, why_elsewhere};
use super::{Holder, Keyless, Peer, key_needed, limited};
use crate::api::problem::{Code, Problem};
use crate::api::{App, Shared, unavailable};
use crate::model::key::Scope;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::PoisonError;

/// Who writes without a key, in the history.
const NAMELESS: &str = "api";

/// The scope that a key must have for a request.
pub trait Needs: Send + Sync {
    /// The narrowest that will do.
    const SCOPE: Scope;
}

macro_rules! needs {
    ($($(#[$doc:meta])* $name:ident)*) => {
        $($(#[$doc])* #[derive(Clone, Copy, Debug)] pub struct $name; impl Needs for $name { const SCOPE: Scope = Scope::$name; })*
    };
}

needs! {
    /// Sending documents.
    Ingest
    /// Correcting what was read from them.
    Curate
    /// Looking after the base.
    Admin
}

/// Proof that the request may write what the scope `S` allows.
#[derive(Clone, Debug)]
pub struct MayWrite<S> {
    /// Who writes: the key's name, `api` without one.
    pub who: String,
    scope: PhantomData<S>,
}

impl<S: Needs> FromRequestParts<Shared> for MayWrite<S> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        let who = match parts.extensions.get::<Holder>() {
            Some(holder) => check_scope(holder, S::SCOPE)?,
            None => check_keyless(parts, app).await?,
        };
        Ok(Self { who, scope: PhantomData })
    }
}

fn check_scope(holder: &Holder, needed: Scope) -> Result<String, Problem> {
    if holder.scope().includes(needed) {
        return Ok(holder.name().to_owned());
    }
    let (needed, has) = (needed.name(), holder.scope().name());
    let problem = Problem::new(Code::MissingScope, format!("This needs a key of the scope \"{needed}\"; the key sent has \"{has}\"."));
    let challenge = format!("Bearer realm=\"waqia\", error=\"insufficient_scope\", scope=\"{needed}\"");
    Err(match HeaderValue::from_str(&challenge) {
        Ok(value) => problem.with_header(header::WWW_AUTHENTICATE, value),
        Err(_) => problem,
    })
}

async fn check_keyless(parts: &Parts, app: &App) -> Result<String, Problem> {
    if let Keyless::Nobody(why) = app.access.keyless {
        return Err(key_needed(why));
    }
    if app.access.keys.any(&app.store).await.map_err(unavailable)? {
        return Err(key_needed("Keys were made for this knowledge base, so that writing needs one."));
    }
    match why_elsewhere(parts) {
        Some(why) => Err(Problem::new(Code::WriteRefused, why)),
        None => Ok(NAMELESS.to_owned()),
    }
}

/// Proof that the request may use the engine.
#[derive(Clone, Copy, Debug)]
pub struct MayExtract;

impl FromRequestParts<Shared> for MayExtract {
    type Rejection = Problem;

    /// With a key, as often as the key allows. Without one, never for a page of another site; from this machine as often as one likes,
    /// from elsewhere within the limit of the address.
    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        if parts.extensions.get::<Holder>().is_some() {
            return Ok(Self);
        }
        let access = &app.access;
        if is_foreign_page(&parts.headers, app.public_url.as_deref(), access.on_loopback) {
            return Err(Problem::new(Code::CrossSite, "The request comes from a page of another site."));
        }
        if access.keyless == Keyless::FromThisMachine && why_elsewhere(parts).is_none() {
            return Ok(Self);
        }
        if access.anonymous_limit == 0 {
            return Err(key_needed("Texts are read here for holders of a key only."));
        }
        let address = parts.extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
        let mut addresses = access.anonymous.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = addresses.take(address, access.anonymous_limit, access.keys.elapsed());
        taken.map_err(|wait| limited("As many texts were read for this address as are in a minute without a key.", wait))?;
        Ok(Self)
    }
}
