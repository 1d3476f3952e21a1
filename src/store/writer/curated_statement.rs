//! Writing what curators decide of statements.

use super::Writer;
use super::document::rows;
use crate::model::correction::{SpeakerValue, StatementChange};
use crate::store::StoreError;
use crate::store::error::Context;
use serde_json::{Value, json};

const WHAT: &str = "correct a statement";

impl Writer {
    /// What a statement has where a change would put something else.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn statement_value(&mut self, statement: i64, change: &StatementChange) -> Result<StatementChange, StoreError> {
        Ok(match change {
            StatementChange::Kind(_) => StatementChange::Kind(self.statement_column("select kind from statement where id = ?", statement).await?),
            StatementChange::Status(_) => StatementChange::Status(self.statement_column("select status from statement where id = ?", statement).await?),
            StatementChange::Content(_) => StatementChange::Content(
                sqlx::query_as("select start, end from statement_span where statement_id = ? and part = 'content' order by idx")
                    .bind(statement)
                    .fetch_all(self.connection())
                    .await
                    .context(WHAT)?,
            ),
            StatementChange::Speaker(_) => StatementChange::Speaker(self.speaker(statement).await?),
        })
    }

    async fn statement_column(&mut self, sql: &'static str, statement: i64) -> Result<String, StoreError> {
        sqlx::query_scalar(sql).bind(statement).fetch_one(self.connection()).await.context(WHAT)
    }

    async fn speaker(&mut self, statement: i64) -> Result<Option<SpeakerValue>, StoreError> {
        #[derive(sqlx::FromRow)]
        struct Row {
            actor: Option<String>,
            name: Option<String>,
            text: Option<String>,
            affiliation: Option<String>,
            on_behalf_of: Option<String>,
            start: Option<u32>,
            end: Option<u32>,
        }
        let row: Row = sqlx::query_as(
            "select a.uid as actor, s.speaker_name as name, s.speaker_text as text, s.affiliation, s.on_behalf_of, p.start, p.end from statement s \
             left join actor a on a.id = s.speaker_id left join statement_span p on p.statement_id = s.id and p.part = 'speaker' and p.idx = 0 where s.id = ?",
        )
        .bind(statement)
        .fetch_one(self.connection())
        .await
        .context(WHAT)?;
        let Row { actor, name, text, affiliation, on_behalf_of, start, end } = row;
        Ok(text.map(|text| SpeakerValue { actor, name, text, affiliation, on_behalf_of, span: start.zip(end) }))
    }

    /// What a field of a statement was before any correction that holds.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn statement_original(&mut self, uid: &str, field: &str) -> Result<Option<Value>, StoreError> {
        let found: Option<String> = sqlx::query_scalar(
            "select original from correction where entity = 'statement' and uid = ? and field = ? and undone_at is null order by id limit 1",
        )
        .bind(uid)
        .bind(field)
        .fetch_optional(self.connection())
        .await
        .context(WHAT)?;
        found.map(|text| serde_json::from_str(&text).context(WHAT)).transpose()
    }

    /// Puts fields of a statement in place of what it has.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn set_statement(&mut self, statement: i64, change: &StatementChange) -> Result<(), StoreError> {
        match change {
            StatementChange::Kind(kind) => self.set_statement_column("update statement set kind = ?2 where id = ?1", statement, kind).await?,
            StatementChange::Status(status) => self.set_statement_column("update statement set status = ?2 where id = ?1", statement, status).await?,
            StatementChange::Content(spans) => self.set_content(statement, spans).await?,
            StatementChange::Speaker(speaker) => self.set_speaker(statement, speaker.as_ref()).await?,
        }
        let (now, revision) = (self.now.clone(), self.revision);
        sqlx::query("update statement set updated_at = ?, revision = ? where id = ?")
            .bind(now)
            .bind(revision)
            .bind(statement)
            .execute(self.connection())
            .await
            .context(WHAT)?;
        sqlx::query(
            "update search_entry set title = coalesce(s.speaker_name, s.speaker_text, ''), body = s.content from statement s \
             where s.id = ?1 and search_entry.kind = 'statement' and search_entry.entity_id = ?1",
        )
        .bind(statement)
        .execute(self.connection())
        .await
        .context(WHAT)?;
        // Spans are summed with their document.
        let document: i64 =
            sqlx::query_scalar("select document_id from statement where id = ?").bind(statement).fetch_one(self.connection()).await.context(WHAT)?;
        self.transaction.touched().add("document", std::iter::once(document));
        Ok(())
    }

    async fn set_statement_column(&mut self, sql: &'static str, statement: i64, value: &str) -> Result<(), StoreError> {
        sqlx::query(sql).bind(statement).bind(value).execute(self.connection()).await.context(WHAT)?;
        Ok(())
    }

    async fn set_content(&mut self, statement: i64, spans: &[(u32, u32)]) -> Result<(), StoreError> {
        self.replace_spans(statement, "content", spans).await?;
        sqlx::query(
            "update statement set content = coalesce((select group_concat(p.text, ' ' order by p.idx) from statement_span p \
             where p.statement_id = ?1 and p.part = 'content'), '') where id = ?1",
        )
        .bind(statement)
        .execute(self.connection())
        .await
        .context(WHAT)?;
        Ok(())
    }

    async fn set_speaker(&mut self, statement: i64, speaker: Option<&SpeakerValue>) -> Result<(), StoreError> {
        let spans: Vec<(u32, u32)> = speaker.and_then(|s| s.span).into_iter().collect();
        self.replace_spans(statement, "speaker", &spans).await?;
        sqlx::query(
            "update statement set speaker_id = (select id from actor where uid = ?2), speaker_name = ?3, speaker_text = ?4, affiliation = ?5, on_behalf_of = ?6 \
             where id = ?1",
        )
        .bind(statement)
        .bind(speaker.and_then(|s| s.actor.as_ref()))
        .bind(speaker.and_then(|s| s.name.as_ref()))
        .bind(speaker.map(|s| &s.text))
        .bind(speaker.and_then(|s| s.affiliation.as_ref()))
        .bind(speaker.and_then(|s| s.on_behalf_of.as_ref()))
        .execute(self.connection())
        .await
        .context(WHAT)?;
        Ok(())
    }

    /// Stretches of the statement's document, with their words.
    async fn replace_spans(&mut self, statement: i64, part: &'static str, spans: &[(u32, u32)]) -> Result<(), StoreError> {
        sqlx::query("delete from statement_span where statement_id = ? and part = ?")
            .bind(statement)
            .bind(part)
            .execute(self.connection())
            .await
            .context(WHAT)?;
        // SQLite counts code points from 1.
        sqlx::query(
            "insert into statement_span (statement_id, part, idx, start, end, text) \
             select s.id, ?2, j.key, j.value ->> 0, j.value ->> 1, substr(t.text, (j.value ->> 0) + 1, (j.value ->> 1) - (j.value ->> 0)) \
             from statement s join document_text t on t.document_id = s.document_id, json_each(?3) j where s.id = ?1",
        )
        .bind(statement)
        .bind(part)
        .bind(rows(spans.iter().map(|(start, end)| json!([start, end])).collect()))
        .execute(self.connection())
        .await
        .context(WHAT)?;
        Ok(())
    }

    /// The text of a statement's document.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn text_of_statement(&mut self, statement: i64) -> Result<String, StoreError> {
        sqlx::query_scalar("select t.text from statement s join document_text t on t.document_id = s.document_id where s.id = ?")
            .bind(statement)
            .fetch_one(self.connection())
            .await
            .context(WHAT)
    }

    /// The fields that the corrections of a statement set, the last of each.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn statement_corrections(&mut self, uid: &str) -> Result<Vec<StatementChange>, StoreError> {
        let found: Vec<(String, String)> = sqlx::query_as(
            "select c.field, c.value from correction c where c.entity = 'statement' and c.uid = ?1 and c.undone_at is null and c.id = (\
             select max(l.id) from correction l where l.entity = 'statement' and l.uid = ?1 and l.field = c.field and l.undone_at is null) order by c.id",
        )
        .bind(uid)
        .fetch_all(self.connection())
        .await
        .context(WHAT)?;
        found.into_iter().map(|(field, value)| StatementChange::of_stored(&field, serde_json::from_str(&value).context(WHAT)?).context(WHAT)).collect()
    }

    /// What undoing the corrections of a field leads back to is what the text was read to say last.
    async fn renew_original(&mut self, statement: i64, uid: &str, change: &StatementChange) -> Result<(), StoreError> {
        let (field, original) = self.statement_value(statement, change).await?.stored().context(WHAT)?;
        sqlx::query("update correction set original = ? where entity = 'statement' and uid = ? and field = ? and undone_at is null")
            .bind(original.to_string())
            .bind(uid)
            .bind(field)
            .execute(self.connection())
            .await
            .context(WHAT)?;
        Ok(())
    }

    /// Applies corrections again to statements that were just stored under these ids: a document that was read anew, or came back.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub(super) async fn correct_statements(&mut self, uids: &[&str]) -> Result<(), StoreError> {
        if uids.is_empty() || !self.has_corrections().await? {
            return Ok(());
        }
        let corrected: Vec<(i64, String)> = sqlx::query_as(
            "select distinct s.id, s.uid from json_each(?) j cross join correction c on c.entity = 'statement' and c.uid = j.value and c.undone_at is null \
             join statement s on s.uid = c.uid",
        )
        .bind(json!(uids).to_string())
        .fetch_all(self.connection())
        .await
        .context(WHAT)?;
        for (number, uid) in corrected {
            for change in self.statement_corrections(&uid).await? {
                self.renew_original(number, &uid, &change).await?;
                self.set_statement(number, &change).await?;
            }
        }
        Ok(())
    }
}
