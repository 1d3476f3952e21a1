//! Reading actors.

use super::candidate;
use super::error::Context;
use super::filter::{self, ActorFilter, CursorValue, Page, Rows, Total};
use super::read::{Keyed, lane_of, lane_of_words, page_of};
use super::{Store, StoreError};
use crate::model::actor::{ActorName, ActorRef, ActorRow, StoredActor, StoredRelation};
use crate::model::id::fold_name;
use sea_query::{Expr, Query, SelectStatement};
use sqlx::SqliteConnection;

/// Number of incidents that lists show, in any role.
const N_INCIDENTS: &str = "(select coalesce(sum(u.n_incidents), 0) from rollup_actor u where u.actor = a.uid)";

/// Incidents by role, those of actors merged into this one counted: by the participants of reports, save where curators changed them.
const ROLES: &str = "with changed (id) as (select distinct coalesce(i.merged_into, i.id) from correction c cross join incident i on i.uid = c.uid \
       where c.entity = 'incident' and c.undone_at is null and c.field >= 'participants.' and c.field < 'participants/') \
     select role, count(distinct id) from (\
       select p.role, p.incident_id as id from participant p join incident i on i.id = p.incident_id \
       where p.actor_id in (select id from actor where id = ?1 or merged_into = ?1) and i.shown = 1 and p.incident_id not in (select id from changed) \
       union all \
       select j.value ->> 'role', i.id from changed c cross join incident i on i.id = c.id cross join incident_doc d on d.id = i.id, json_each(d.doc, '$.parties') j \
       where i.shown = 1 and j.value ->> 'actor' = ?2) group by role order by 2 desc, 1";

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    uid: String,
    name: String,
    r#type: String,
    country: Option<String>,
    tags: String,
    known: bool,
    status: String,
    merged_into: Option<String>,
    n_incidents: u32,
    n_statements: u32,
    n_documents: u32,
    revision: i64,
    withheld: bool,
}

impl Keyed for Row {
    fn key(&self) -> CursorValue {
        CursorValue::Number(i64::from(self.n_incidents))
    }
    fn number(&self) -> i64 {
        self.id
    }
}

impl Row {
    fn into_model(self) -> Result<ActorRow, StoreError> {
        Ok(ActorRow {
            id: self.uid,
            name: self.name,
            kind: self.r#type,
            country: self.country,
            tags: serde_json::from_str(&self.tags).context("read an actor")?,
            known: self.known,
            status: self.status,
            merged_into: self.merged_into,
            n_incidents: self.n_incidents,
            n_statements: self.n_statements,
            n_documents: self.n_documents,
            revision: self.revision,
            withheld: self.withheld,
        })
    }
}

impl Store {
    /// One page of actors, those with the most incidents first.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn actors(&self, filter: &ActorFilter, page: &Page) -> Result<Rows<ActorRow>, StoreError> {
        let mut select = select_actors();
        select.cond_where(filter::actors(filter));
        filter::order_and_cut(&mut select, &[(Expr::cust(N_INCIDENTS), true)], &Expr::col(("a", "id")), page);
        page_of(self.fetch_in(lane_of(page, filter.q.as_ref()), &select, "list actors").await?, page, Row::into_model)
    }

    /// How many actors there are, counted up to `at_most`.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn count_actors(&self, filter: &ActorFilter, at_most: Option<u64>) -> Result<Total, StoreError> {
        let matching = Query::select().expr(Expr::cust("1")).from_as("actor", "a").cond_where(filter::actors(filter)).to_owned();
        self.count(lane_of_words(filter.q.as_ref()), matching, at_most, "count actors").await
    }

    /// Actors that a text may mean: by id, else by any name, case, accents and hyphens apart; canonical names first, then by incidents.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn resolve_actor(&self, text: &str) -> Result<Vec<ActorRef>, StoreError> {
        const WHAT: &str = "look up an actor";
        let text = text.trim();
        let by_id: Option<(String, String)> =
            sqlx::query_as("select s.uid, s.name from actor a join actor s on s.id = coalesce(a.merged_into, a.id) where a.uid = ?")
                .bind(text)
                .fetch_optional(&self.reader)
                .await
                .context(WHAT)?;
        if let Some((id, name)) = by_id {
            return Ok(vec![ActorRef { id, name }]);
        }
        let named: Vec<(String, String)> = sqlx::query_as(
            "select s.uid, s.name from actor_name n join actor a on a.id = n.actor_id join actor s on s.id = coalesce(a.merged_into, a.id) \
             where n.folded = ? and s.status <> 'rejected' and s.id not in (select w.actor_id from withheld w) group by s.id \
             order by min(n.kind <> 'canonical'), (select sum(u.n_incidents) from rollup_actor u where u.actor = s.uid) desc, s.id limit 20",
        )
        .bind(fold_name(text))
        .fetch_all(&self.reader)
        .await
        .context(WHAT)?;
        Ok(named.into_iter().map(|(id, name)| ActorRef { id, name }).collect())
    }

    /// One actor with names, titles, relations and counts by role; a merged one is found as well and names its successor.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn actor(&self, uid: &str) -> Result<Option<StoredActor>, StoreError> {
        const WHAT: &str = "read an actor";
        let mut select = select_actors();
        select.and_where(Expr::cust_with_values("a.uid = ?", [uid]));
        let Some(row) = self.fetch::<Row>(&select, WHAT).await?.pop() else { return Ok(None) };
        let number = row.id;
        let mut connection = self.reader.acquire().await.context(WHAT)?;
        let (source, valid_from, valid_to) =
            sqlx::query_as("select source, valid_from, valid_to from actor where id = ?").bind(number).fetch_one(&mut *connection).await.context(WHAT)?;
        let titles = sqlx::query_as("select title, count(distinct document_id) from actor_title where actor_id in (select id from actor where id = ?1 or merged_into = ?1) group by title order by 2 desc, 1")
            .bind(number)
            .fetch_all(&mut *connection)
            .await
            .context(WHAT)?;
        let roles = sqlx::query_as(ROLES).bind(number).bind(uid).fetch_all(&mut *connection).await.context(WHAT)?;
        let names = names(&mut connection, number).await?;
        let relations = relations(&mut connection, number).await?;
        let decisions = candidate::decisions(&mut connection, number).await?;
        Ok(Some(StoredActor { row: row.into_model()?, names, titles, source, valid_from, valid_to, relations, roles, decisions }))
    }

    /// Actors by id, in no particular order; unknown ids are left out. For networks and labels.
    pub(super) async fn actors_by_id(&self, uids: &[String]) -> Result<Vec<ActorRow>, StoreError> {
        let mut select = select_actors();
        select.and_where(Expr::cust_with_values("a.uid in (select value from json_each(?))", [serde_json::json!(uids).to_string()]));
        self.fetch::<Row>(&select, "read actors").await?.into_iter().map(Row::into_model).collect()
    }
}

fn select_actors() -> SelectStatement {
    Query::select()
        .expr(Expr::cust(
            "a.id, a.uid, a.name, a.type, a.country, a.tags, a.known, a.status, (select m.uid from actor m where m.id = a.merged_into) as merged_into, \
             a.revision, exists (select 1 from withheld w where w.actor_id = a.id) as withheld, (select count(*) from statement s where s.speaker_id = a.id) + \
             (select count(*) from actor o cross join statement s on s.speaker_id = o.id where o.merged_into = a.id) as n_statements, \
             (select count(*) from (select m.document_id from actor_mention m where m.actor_id = a.id union \
             select m.document_id from actor o cross join actor_mention m on m.actor_id = o.id where o.merged_into = a.id)) as n_documents",
        ))
        .expr_as(Expr::cust(N_INCIDENTS), "n_incidents")
        .from_as("actor", "a")
        .to_owned()
}

async fn names(connection: &mut SqliteConnection, actor: i64) -> Result<Vec<ActorName>, StoreError> {
    #[derive(sqlx::FromRow)]
    struct Row {
        name: String,
        kind: String,
        script: Option<String>,
        valid_from: Option<String>,
        valid_to: Option<String>,
        ambiguous: bool,
    }
    let rows: Vec<Row> = sqlx::query_as(
        "select name, kind, script, valid_from, valid_to, ambiguous from actor_name \
         where actor_id in (select id from actor where id = ?1 or merged_into = ?1) order by actor_id <> ?1, kind <> 'canonical', id",
    )
    .bind(actor)
    .fetch_all(connection)
    .await
    .context("read an actor's names")?;
    let convert = |r: Row| ActorName { name: r.name, kind: r.kind, script: r.script, valid_from: r.valid_from, valid_to: r.valid_to, ambiguous: r.ambiguous };
    Ok(rows.into_iter().map(convert).collect())
}

async fn relations(connection: &mut SqliteConnection, actor: i64) -> Result<Vec<StoredRelation>, StoreError> {
    #[derive(sqlx::FromRow)]
    struct Row {
        subject_uid: Option<String>,
        subject: String,
        relation: String,
        object_uid: Option<String>,
        object: String,
        certainty: String,
        valid_from: Option<String>,
        valid_to: Option<String>,
        document: Option<String>,
        start: Option<u32>,
        end: Option<u32>,
        text: Option<String>,
        confidence: f64,
    }
    let rows: Vec<Row> = sqlx::query_as(
        "select s.uid as subject_uid, coalesce(s.name, r.subject) as subject, r.relation, o.uid as object_uid, coalesce(o.name, r.object) as object, \
         r.certainty, r.valid_from, r.valid_to, d.uid as document, r.start, r.end, r.text, r.confidence from actor_relation r \
         left join actor sm on sm.id = r.subject_id left join actor s on s.id = coalesce(sm.merged_into, sm.id) \
         left join actor om on om.id = r.object_id left join actor o on o.id = coalesce(om.merged_into, om.id) left join document d on d.id = r.document_id \
         where r.subject_id in (select id from actor where id = ?1 or merged_into = ?1) or r.object_id in (select id from actor where id = ?1 or merged_into = ?1) order by r.relation, r.document_id is not null, r.id",
    )
    .bind(actor)
    .fetch_all(connection)
    .await
    .context("read an actor's relations")?;
    let convert = |r: Row| StoredRelation {
        subject: ActorRef { id: r.subject_uid.unwrap_or_default(), name: r.subject },
        relation: r.relation,
        object: ActorRef { id: r.object_uid.unwrap_or_default(), name: r.object },
        certainty: r.certainty,
        valid_from: r.valid_from,
        valid_to: r.valid_to,
        document: r.document,
        start: r.start,
        end: r.end,
        text: r.text,
        confidence: r.confidence,
    };
    Ok(rows.into_iter().map(convert).collect())
}
