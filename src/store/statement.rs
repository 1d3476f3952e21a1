//! Reading statements.

use super::error::Context;
use super::filter::{self, CursorValue, Page, Rows, StatementFilter, Total};
use super::read::{Keyed, interval, lane_of, lane_of_words, page_of};
use super::{Store, StoreError};
use crate::model::actor::ActorRef;
use crate::model::statement::{StatementSpan, StoredSpeaker, StoredStatement};
use sea_query::{Expr, JoinType, Query, SelectStatement};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    uid: String,
    kind: String,
    mode: String,
    speaker_uid: Option<String>,
    speaker_actor: Option<String>,
    speaker_name: Option<String>,
    speaker_text: Option<String>,
    affiliation: Option<String>,
    on_behalf_of: Option<String>,
    addressee: Option<String>,
    cue: Option<String>,
    channel: Option<String>,
    standing: Option<String>,
    said_start: Option<String>,
    said_end: Option<String>,
    said_precision: Option<String>,
    day: String,
    content: String,
    confidence: f64,
    status: String,
    fictional: bool,
    revision: i64,
    document: String,
    title: Option<String>,
    source: Option<String>,
    published: Option<String>,
    /// JSON array of ids.
    about: String,
    /// JSON array of (part, start, end, text).
    spans: String,
}

impl Keyed for Row {
    fn key(&self) -> CursorValue {
        CursorValue::Text(self.day.clone())
    }
    fn number(&self) -> i64 {
        self.id
    }
}

impl Row {
    fn into_model(self) -> Result<StoredStatement, StoreError> {
        const WHAT: &str = "read a statement";
        let said_on = interval(self.said_start.as_deref(), self.said_end.as_deref(), self.said_precision.as_deref(), WHAT)?;
        let spans: Vec<(String, u32, u32, String)> = serde_json::from_str(&self.spans).context(WHAT)?;
        let speaker = self.speaker_text.map(|text| StoredSpeaker {
            actor: self.speaker_uid.zip(self.speaker_actor).map(|(id, name)| ActorRef { id, name }),
            name: self.speaker_name,
            text,
            affiliation: self.affiliation,
            on_behalf_of: self.on_behalf_of,
        });
        Ok(StoredStatement {
            id: self.uid,
            kind: self.kind,
            mode: self.mode,
            speaker,
            cue: self.cue,
            addressee: self.addressee,
            content: self.content,
            channel: self.channel,
            standing: self.standing,
            said_on,
            about: serde_json::from_str(&self.about).context(WHAT)?,
            document: self.document,
            document_title: self.title,
            source: self.source,
            published: self.published,
            status: self.status,
            fictional: self.fictional,
            confidence: self.confidence,
            spans: spans.into_iter().map(|(part, start, end, text)| StatementSpan { part, start, end, text }).collect(),
            revision: self.revision,
        })
    }
}

impl Store {
    /// One page of statements, the newest first unless the page sorts ascending.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn statements(&self, filter: &StatementFilter, page: &Page) -> Result<Rows<StoredStatement>, StoreError> {
        let mut select = select_statements();
        select.cond_where(filter::statements(filter));
        let descending = page.sort.first().is_none_or(|s| s.descending);
        filter::order_and_cut(&mut select, &[(Expr::col(("s", "day")), descending)], &Expr::col(("s", "id")), page);
        page_of(self.fetch_in(lane_of(page, filter.q.as_ref()), &select, "list statements").await?, page, Row::into_model)
    }

    /// How many statements there are, counted up to `at_most`.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn count_statements(&self, filter: &StatementFilter, at_most: Option<u64>) -> Result<Total, StoreError> {
        let mut matching = Query::select();
        matching.expr(Expr::cust("1")).from_as("statement", "s");
        join_document(&mut matching).cond_where(filter::statements(filter));
        self.count(lane_of_words(filter.q.as_ref()), matching, at_most, "count statements").await
    }

    /// One statement.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn statement(&self, uid: &str) -> Result<Option<StoredStatement>, StoreError> {
        let mut select = select_statements();
        select.and_where(Expr::cust_with_values("s.uid = ?", [uid]));
        self.fetch::<Row>(&select, "read a statement").await?.pop().map(Row::into_model).transpose()
    }
}

fn select_statements() -> SelectStatement {
    let mut select = Query::select();
    select
        .expr(Expr::cust(
            "s.id, s.uid, s.kind, s.mode, a.uid as speaker_uid, a.name as speaker_actor, s.speaker_name, s.speaker_text, s.affiliation, s.on_behalf_of, \
             s.addressee, s.cue, s.channel, s.standing, s.said_start, s.said_end, s.said_precision, s.day, s.content, s.confidence, s.status, s.fictional, s.revision, \
             d.uid as document, d.title, d.source, d.published, \
             (select json_group_array(i.uid order by i.id) from statement_about b join incident i on i.id = b.incident_id where b.statement_id = s.id) as about, \
             (select json_group_array(json_array(p.part, p.start, p.end, p.text) order by p.start, p.part) from statement_span p where p.statement_id = s.id) as spans",
        ))
        .from_as("statement", "s")
        .join_as(JoinType::LeftJoin, "actor", "o", Expr::cust("o.id = s.speaker_id"))
        .join_as(JoinType::LeftJoin, "actor", "a", Expr::cust("a.id = coalesce(o.merged_into, o.id)"));
    join_document(&mut select);
    select
}

fn join_document(select: &mut SelectStatement) -> &mut SelectStatement {
    select.join_as(JoinType::InnerJoin, "document", "d", Expr::cust("d.id = s.document_id"))
}
