//! Details, the other lists, and search.

use super::{list, page, populated};
use std::collections::BTreeSet;
use waqia::store::filter::{ActorFilter, DocumentFilter, Fictional, FigureFilter, IncidentFilter, Page, StatementFilter, Total};
use waqia::store::{HIT_END, HIT_START, SearchOrder, SearchQuery};

#[tokio::test]
async fn details_lead_back_to_the_words() {
    let base = populated().await;
    let filter = IncidentFilter { suicide: Some(true), ..IncidentFilter::default() };
    let row = base.store.incidents(&filter, &page(1)).await.unwrap().rows.remove(0);
    let detail = base.store.incident(&row.id).await.unwrap().unwrap();
    assert_eq!(detail.row, row);
    assert_eq!(detail.reports.len(), 1);
    assert_eq!(detail.reports[0].voices[0].kind, "claim");
    assert_eq!(row.parties[0].actor.as_deref(), Some("tehreek-i-taliban-pakistan"));
    let evidence = base.store.evidence(&row.id).await.unwrap();
    assert_eq!((evidence[0].field.as_str(), evidence[0].sentence.text.as_str()), ("type", "A suicide bomber struck a mosque in Peshawar."));
    assert!(base.store.incident("inc_none").await.unwrap().is_none());
    assert!(base.store.evidence("inc_none").await.unwrap().is_empty());
    let about = StatementFilter { incident: vec![row.id.clone()], ..StatementFilter::default() };
    let statement = base.store.statements(&about, &page(5)).await.unwrap().rows.remove(0);
    assert_eq!(statement.about, [row.id.as_str()]);
    assert_eq!(statement.speaker.as_ref().unwrap().actor.as_ref().unwrap().id, "tehreek-i-taliban-pakistan");
    assert_eq!(statement.spans.iter().map(|s| s.part.as_str()).collect::<Vec<_>>(), ["content", "speaker", "cue"]);
    assert_eq!(base.store.statement(&statement.id).await.unwrap().unwrap(), statement);
    assert_eq!(base.store.statement("stm_none").await.unwrap(), None);
    let document = base.store.document(&statement.document).await.unwrap().unwrap();
    assert_eq!((document.n_incidents, document.n_statements), (1, 1));
    let text = base.store.document_text(&document.id).await.unwrap().unwrap();
    assert_eq!(text.chars().count(), document.n_chars as usize);
    assert_eq!(base.store.record(&document.id).await.unwrap().unwrap().statements.len(), 1);
    let annotations = base.store.annotations(&document.id).await.unwrap().unwrap();
    for kind in ["incident", "statement", "actor", "place"] {
        assert!(annotations.iter().any(|a| a.kind == kind), "{kind}");
    }
    assert!(annotations.iter().any(|a| a.kind == "incident" && a.entity.as_deref() == Some(row.id.as_str())));
    assert_eq!(base.store.annotations("doc_none").await.unwrap(), None);
}

#[tokio::test]
async fn other_lists_filter_and_page() {
    let base = populated().await;
    let store = &base.store;
    let statements = async |f: StatementFilter| {
        let rows = store.statements(&f, &page(10)).await.unwrap().rows.len();
        assert_eq!(store.count_statements(&f, None).await.unwrap(), Total::Exact(rows as u64));
        rows
    };
    let any = StatementFilter::default();
    assert_eq!(statements(any.clone()).await, 1);
    assert_eq!(statements(StatementFilter { kind: list(&["claim"]), mode: list(&["indirect"]), q: Some("Peshawar".into()), ..any.clone() }).await, 1);
    assert_eq!(statements(StatementFilter { speaker: list(&["tehreek-i-taliban-pakistan"]), from: Some("2024-01-01".into()), ..any.clone() }).await, 1);
    assert_eq!(statements(StatementFilter { speaker: list(&["pakistan"]), ..any.clone() }).await, 0);
    assert_eq!(statements(StatementFilter { source: list(&["Paper"]), ..any.clone() }).await, 0);
    assert_eq!(statements(StatementFilter { to: Some("2023-12-31".into()), document: list(&["doc_x"]), ..any }).await, 0);
    let documents = async |f: DocumentFilter| {
        let rows = store.documents(&f, &page(10)).await.unwrap().rows.len();
        assert_eq!(store.count_documents(&f, None).await.unwrap(), Total::Exact(rows as u64));
        rows
    };
    assert_eq!(documents(DocumentFilter::default()).await, 6, "the invented one is left out");
    let any = DocumentFilter { fictional: Fictional::Any, ..DocumentFilter::default() };
    assert_eq!(documents(any.clone()).await, 7);
    assert_eq!(documents(DocumentFilter { fictional: Fictional::Only, ..any.clone() }).await, 1);
    assert_eq!(documents(DocumentFilter { near_duplicate: Some(true), ..any.clone() }).await, 0);
    assert_eq!(documents(DocumentFilter { near_duplicate: Some(false), language: list(&["en"]), ..any.clone() }).await, 7);
    assert_eq!(documents(DocumentFilter { from: Some("2023-02-01".into()), to: Some("2023-02-28".into()), ..any.clone() }).await, 1);
    assert_eq!(documents(DocumentFilter { actor: list(&["tehreek-i-taliban-pakistan"]), ..any.clone() }).await, 3);
    assert_eq!(documents(DocumentFilter { q: Some("\"suicide bomber\"".into()), ..any.clone() }).await, 1);
    let first = store.documents(&any, &page(3)).await.unwrap();
    let second = store.documents(&any, &Page { after: first.next, limit: 10, ..Page::default() }).await.unwrap();
    let ids: BTreeSet<String> = first.rows.into_iter().chain(second.rows).map(|d| d.id).collect();
    assert_eq!(ids.len(), 7);
    assert_eq!(store.sources().await.unwrap(), [("Agency".to_owned(), 6), ("Paper".to_owned(), 1)]);
    let figures = store.figures(&FigureFilter { place: list(&["AF"]), q: Some("ATTACKS".into()), ..FigureFilter::default() }, &page(5)).await.unwrap().rows;
    assert_eq!((figures[0].value, figures[0].change.as_deref()), (Some(50.0), Some("increase")));
    let falling = FigureFilter { change: list(&["decrease"]), document: vec![figures[0].document.clone()], ..FigureFilter::default() };
    assert_eq!(store.count_figures(&falling, None).await.unwrap(), Total::Exact(0));
}

#[tokio::test]
async fn actors_are_found_by_any_name() {
    let base = populated().await;
    let store = &base.store;
    for name in ["TTP", "tehreek i taliban pakistan", "Pakistani Taliban", "tehreek-i-taliban-pakistan", "  تحریک طالبان پاکستان "] {
        let found = store.resolve_actor(name).await.unwrap();
        assert_eq!(found.first().map(|a| a.id.as_str()), Some("tehreek-i-taliban-pakistan"), "{name}");
    }
    assert_eq!(store.resolve_actor("nobody of that name").await.unwrap(), []);
    assert_eq!(store.resolve_actor("").await.unwrap(), []);
    let new = store.resolve_actor("ARIF  WALI").await.unwrap().remove(0);
    assert!(new.id.starts_with("act_"));
    let actor = store.actor("tehreek-i-taliban-pakistan").await.unwrap().unwrap();
    assert_eq!((actor.row.n_incidents, actor.row.n_statements, actor.row.n_documents), (3, 1, 3));
    assert_eq!(actor.roles, [("claimant".to_owned(), 1), ("suspected".to_owned(), 1), ("target".to_owned(), 1)]);
    assert!(actor.names.iter().any(|n| n.kind == "acronym" && n.name == "TTP"));
    assert!(actor.names.iter().any(|n| n.kind == "native" && n.script.as_deref() == Some("Arab")));
    assert!(actor.relations.iter().any(|r| r.document.is_none() && r.relation == "allied_with"));
    assert!(actor.relations.iter().any(|r| r.document.is_some() && r.subject.name == "Noor Test" && r.certainty == "alleged"));
    assert_eq!(store.actor("act_none").await.unwrap(), None);
    let rows = store.actors(&ActorFilter::default(), &page(2)).await.unwrap();
    assert_eq!(rows.rows[0].id, "tehreek-i-taliban-pakistan", "the one with the most incidents comes first");
    let next = store.actors(&ActorFilter::default(), &Page { after: rows.next, limit: 2, ..Page::default() }).await.unwrap().rows;
    assert!(next.iter().all(|a| rows.rows.iter().all(|b| a.id != b.id)));
    let filter = ActorFilter {
        kind: list(&["armed"]),
        country: list(&["PK"]),
        known: Some(true),
        mentioned: Some(true),
        open: Some(false),
        q: Some("taliban".into()),
        ..ActorFilter::default()
    };
    assert_eq!(store.count_actors(&filter, None).await.unwrap(), Total::Exact(1));
    let network = store.network("tehreek-i-taliban-pakistan", 2).await.unwrap().unwrap();
    assert_eq!(network.actors[0].id, "tehreek-i-taliban-pakistan");
    assert!(network.actors.iter().any(|a| a.id == new.id) && network.actors.len() <= 60);
    assert!(network.ties.iter().any(|t| t.relation == "incident") && network.ties.iter().any(|t| t.relation == "leader_of"));
    assert_eq!(store.network("act_none", 1).await.unwrap(), None);
}

#[tokio::test]
async fn words_are_found_everywhere() {
    let base = populated().await;
    let find = async |q: &str, order, kinds: &[&str]| {
        let query = SearchQuery { q: q.to_owned(), kinds: list(kinds), order, limit: 50, ..SearchQuery::default() };
        base.store.search(&query).await.unwrap().0
    };
    let hits = find("peshawar", SearchOrder::Newest, &[]).await;
    let kinds: BTreeSet<&str> = hits.iter().map(|h| h.kind.as_str()).collect();
    assert!(kinds.is_superset(&BTreeSet::from(["document", "incident", "statement"])), "{kinds:?}");
    // What an invented document tells is found where it is asked for.
    let told =
        async |fictional| base.store.search(&SearchQuery { q: "somebody taken".into(), fictional, limit: 50, ..SearchQuery::default() }).await.unwrap().0.len();
    assert_eq!([told(Fictional::Without).await, told(Fictional::Only).await, told(Fictional::Any).await], [0, 2, 2]);
    let marked = format!("{HIT_START}Peshawar{HIT_END}");
    assert!(hits.iter().any(|h| h.kind == "document" && h.snippet.contains(&marked)), "{hits:?}");
    let ranked = find("peshawar mosque", SearchOrder::Relevance, &["incident", "document"]).await;
    assert!(ranked.len() == 2 && ranked[0].score >= ranked[1].score && ranked[0].score > 0.0);
    assert!(find("pakistani taliban", SearchOrder::Newest, &["actor"]).await.iter().any(|h| h.id == "tehreek-i-taliban-pakistan"));
    for q in ["", "\"", "*", "AND", "NOT", "title:", "(", "^x", "a AND", "NEAR(", "\u{0}", "'; drop table incident; --", "-x"] {
        find(q, SearchOrder::Newest, &[]).await;
        find(q, SearchOrder::Relevance, &[]).await;
    }
    // Both orders page through all hits, each once.
    for order in [SearchOrder::Newest, SearchOrder::Relevance] {
        let mut after = None;
        let mut seen = Vec::new();
        loop {
            let (part, more) = base.store.search(&SearchQuery { q: "taliban".into(), order, after, limit: 3, ..SearchQuery::default() }).await.unwrap();
            after = part.last().map(|h| h.position);
            seen.extend(part.into_iter().map(|h| (h.kind, h.id)));
            if !more {
                break;
            }
        }
        let total = base.store.count_hits(&SearchQuery { q: "taliban".into(), ..SearchQuery::default() }, 10_000).await.unwrap();
        assert_eq!(total, Total::Exact(seen.len() as u64), "{order:?}");
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len());
    }
}
