//! From texts to stored incidents, on real files.

use super::base::Base;
use jiff::Timestamp;
use std::sync::{Arc, OnceLock};
use waqia::ingest::{Outcome, Settings, seed};
use waqia::lexicon::Lexicon;
use waqia::store::filter::IncidentFilter;

pub fn lexicon() -> Arc<Lexicon> {
    static LEXICON: OnceLock<Arc<Lexicon>> = OnceLock::new();
    Arc::clone(LEXICON.get_or_init(|| Arc::new(Lexicon::embedded().unwrap())))
}

pub fn now() -> Timestamp {
    "2024-05-01T10:00:00Z".parse().unwrap()
}

#[tokio::test]
async fn an_empty_base_is_filled_once() {
    let base = Base::new().await;
    assert!(seed::lexicon(&base.store, &lexicon(), now()).await.unwrap());
    assert!(!seed::lexicon(&base.store, &lexicon(), now()).await.unwrap(), "the same lexicon is not stored twice");
    let settings = Settings::new(now(), "seeds");
    let first = seed::fill(&base.store, lexicon(), None, &settings).await.unwrap();
    assert!(first.len() >= 6);
    for one in &first {
        assert!(matches!(one.outcome, Outcome::Stored { .. }), "{one:?}");
    }
    assert_eq!(seed::fill(&base.store, lexicon(), None, &settings).await.unwrap(), []);
    let summary = base.store.summary(&IncidentFilter::default()).await.unwrap();
    assert_eq!(summary.n_documents as usize, first.len());
    base.check_integrity().await;
}
