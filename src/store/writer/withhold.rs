//! Withholding names: who is concerned, and that no search finds them.

use super::history::Entry;
use super::{Writer, first_line, search_words};
use crate::model::incident::IncidentRow;
use crate::store::error::Context;
use crate::store::{StoreError, withheld};
use serde_json::json;

const WHAT: &str = "withhold names";

impl Writer {
    /// Withholds all names of an actor. Gives whether they were shown before; none where there is no such actor.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn withhold(&mut self, uid: &str, reason: &str) -> Result<Option<bool>, StoreError> {
        let Some(number) = self.unmerged_actor(uid).await? else { return Ok(None) };
        let (now, who) = (self.now.clone(), self.who.clone());
        let done = sqlx::query("insert into withheld (actor_id, reason, by, at) values (?, ?, ?, ?) on conflict (actor_id) do nothing")
            .bind(number)
            .bind(reason)
            .bind(who)
            .bind(now)
            .execute(self.connection())
            .await
            .context(WHAT)?;
        if done.rows_affected() == 0 {
            return Ok(Some(false));
        }
        self.log_withheld(number, uid, reason, true).await?;
        let names: Vec<String> =
            sqlx::query_scalar("select n.name from actor_name n join actor a on a.id = n.actor_id where coalesce(a.merged_into, a.id) = ?")
                .bind(number)
                .fetch_all(self.connection())
                .await
                .context(WHAT)?;
        let mut entries = Vec::new();
        let mut phrases: Vec<String> = Vec::new();
        for name in names.into_iter().filter(|name| name.chars().any(char::is_alphanumeric)) {
            phrases.extend(name.rsplit(' ').next().map(str::to_owned));
            phrases.push(name);
        }
        for phrase in phrases {
            let found: Vec<i64> = sqlx::query_scalar("select rowid from search where search match ?")
                .bind(format!("\"{}\"", phrase.replace(['"', '\0'], " ")))
                .fetch_all(self.connection())
                .await
                .context(WHAT)?;
            entries.extend(found);
        }
        self.mask_entries(&entries).await?;
        Ok(Some(true))
    }

    /// Shows the names of an actor again. Gives whether they were withheld; none where there is no such actor.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn show_again(&mut self, uid: &str, reason: &str) -> Result<Option<bool>, StoreError> {
        let Some(number) = self.unmerged_actor(uid).await? else { return Ok(None) };
        let done = sqlx::query("delete from withheld where actor_id = ?").bind(number).execute(self.connection()).await.context(WHAT)?;
        if done.rows_affected() == 0 {
            return Ok(Some(false));
        }
        self.log_withheld(number, uid, reason, false).await?;
        // What stands for others is masked again when the transaction ends.
        self.unmask_entries().await?;
        Ok(Some(true))
    }

    async fn unmerged_actor(&mut self, uid: &str) -> Result<Option<i64>, StoreError> {
        sqlx::query_scalar("select id from actor where uid = ? and merged_into is null").bind(uid).fetch_optional(self.connection()).await.context(WHAT)
    }

    async fn log_withheld(&mut self, number: i64, uid: &str, reason: &str, is: bool) -> Result<(), StoreError> {
        let (now, revision) = (self.now.clone(), self.revision);
        sqlx::query("update actor set updated_at = ?, revision = ? where id = ?")
            .bind(now)
            .bind(revision)
            .bind(number)
            .execute(self.connection())
            .await
            .context(WHAT)?;
        let (before, after) = (json!({ "withheld": !is }).to_string(), json!({ "withheld": is }).to_string());
        self.log(Entry { entity: "actor", uid, action: "changed", why: reason, before: Some(before), after: Some(after), ..Entry::default() }).await
    }

    /// Masks search entries in which a withheld name stands; nothing where no name is withheld.
    pub(super) async fn mask_entries(&mut self, entries: &[i64]) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        let Some(mask) = withheld::mask(self.connection()).await? else { return Ok(()) };
        for some in entries.chunks(500) {
            let rows: Vec<(i64, String, String)> =
                sqlx::query_as("select c.id, c.title, coalesce(c.body, '') from json_each(?) j cross join search_content c on c.id = j.value group by c.id")
                    .bind(json!(some).to_string())
                    .fetch_all(self.connection())
                    .await
                    .context(WHAT)?;
            for (id, title, body) in rows {
                let (masked_title, masked_body) = (mask.text(&title), mask.text(&body));
                let sql = if masked_title.is_some() || masked_body.is_some() {
                    sqlx::query("update search_entry set title = coalesce(?, title), body = coalesce(?, body) where id = ?")
                        .bind(masked_title)
                        .bind(masked_body)
                        .bind(id)
                        .execute(self.connection())
                        .await
                        .context(WHAT)?;
                    "insert into withheld_entry (entry_id) values (?) on conflict (entry_id) do nothing"
                } else if title.contains('█') || body.contains('█') {
                    continue;
                } else {
                    "delete from withheld_entry where entry_id = ?"
                };
                sqlx::query(sql).bind(id).execute(self.connection()).await.context(WHAT)?;
            }
        }
        Ok(())
    }

    /// Lets every masked search entry say again what it stands for.
    async fn unmask_entries(&mut self) -> Result<(), StoreError> {
        for sql in [
            "update search_entry set title = coalesce(s.speaker_name, s.speaker_text, ''), body = s.content from statement s \
             where search_entry.kind = 'statement' and s.id = search_entry.entity_id and search_entry.id in (select entry_id from withheld_entry)",
            "update search_entry set title = a.name, body = (select group_concat(n.name, ' · ') from actor_name n where n.actor_id = a.id) from actor a \
             where search_entry.kind = 'actor' and a.id = search_entry.entity_id and search_entry.id in (select entry_id from withheld_entry)",
        ] {
            sqlx::query(sql).execute(self.connection()).await.context(WHAT)?;
        }
        let incidents: Vec<(i64, String)> = sqlx::query_as(
            "select e.id, d.doc from withheld_entry w join search_entry e on e.id = w.entry_id join incident_doc d on d.id = e.entity_id where e.kind = 'incident'",
        )
        .fetch_all(self.connection())
        .await
        .context(WHAT)?;
        for (entry, doc) in incidents {
            let row: IncidentRow = serde_json::from_str(&doc).context(WHAT)?;
            self.set_words(entry, &row.summary, &search_words(&row)).await?;
        }
        let documents: Vec<(i64, Option<String>, String)> = sqlx::query_as(
            "select e.id, d.title, t.text from withheld_entry w join search_entry e on e.id = w.entry_id join document d on d.id = e.entity_id \
             join document_text t on t.document_id = d.id where e.kind = 'document'",
        )
        .fetch_all(self.connection())
        .await
        .context(WHAT)?;
        for (entry, title, text) in documents {
            self.set_words(entry, title.as_deref().unwrap_or_else(|| first_line(&text)), "").await?;
        }
        sqlx::query("delete from withheld_entry").execute(self.connection()).await.map(drop).context(WHAT)
    }

    async fn set_words(&mut self, entry: i64, title: &str, body: &str) -> Result<(), StoreError> {
        sqlx::query("update search_entry set title = ?, body = ? where id = ?")
            .bind(title)
            .bind(body)
            .bind(entry)
            .execute(self.connection())
            .await
            .map(drop)
            .context(WHAT)
    }
}
