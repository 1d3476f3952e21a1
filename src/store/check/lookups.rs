//! What names are looked up by.

use super::Probe;
use crate::model::id::fold_name;
use crate::model::name;
use futures_util::TryStreamExt;
use std::collections::BTreeSet;

async fn keys_of_names(probe: &mut Probe) -> Result<(), sqlx::Error> {
    let mut last = i64::MIN;
    loop {
        let actors: Vec<(i64, String)> =
            sqlx::query_as("select id, type from actor where id > ? order by id limit 500").bind(last).fetch_all(&mut probe.connection).await?;
        let Some(end) = actors.last().map(|a| a.0) else { return Ok(()) };
        let names: Vec<(i64, String)> = sqlx::query_as("select actor_id, name from actor_name where actor_id > ? and actor_id <= ?")
            .bind(last)
            .bind(end)
            .fetch_all(&mut probe.connection)
            .await?;
        let there: BTreeSet<(i64, String)> = sqlx::query_as("select actor_id, key from actor_key where actor_id > ? and actor_id <= ?")
            .bind(last)
            .bind(end)
            .fetch_all(&mut probe.connection)
            .await?
            .into_iter()
            .collect();
        let type_of = |actor: i64| actors.binary_search_by_key(&actor, |a| a.0).ok().and_then(|n| actors.get(n)).map_or("", |a| a.1.as_str());
        let wanted: BTreeSet<(i64, String)> =
            names.iter().flat_map(|(actor, words)| name::keys(words, type_of(*actor)).into_iter().map(|key| (*actor, key))).collect();
        for (actor, key) in wanted.difference(&there) {
            probe.fault(|| format!("actor {actor} is not found by \"{key}\""));
        }
        // Names that the lexicon dropped leave their keys, which costs a comparison and no more.
        last = end;
    }
}

pub(super) async fn keys(probe: &mut Probe) -> Result<(), sqlx::Error> {
    for (what, sql) in [("actor name", "select id, name, folded from actor_name"), ("place", "select id, name, folded from place")] {
        let mut rows = sqlx::query_as::<_, (i64, String, String)>(sql).fetch(&mut probe.connection);
        while let Some((number, name, folded)) = rows.try_next().await? {
            if folded != fold_name(&name) {
                probe.faults.add(|| format!("{what} {number}: \"{folded}\" is not what \"{name}\" is looked up by"));
            }
        }
    }
    keys_of_names(probe).await
}
