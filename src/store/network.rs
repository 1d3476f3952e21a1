//! Who is tied to whom.

use super::error::Context;
use super::readers::Lane;
use super::{Store, StoreError};
use crate::model::actor::{ActorRow, Network, Tie};
use std::collections::BTreeSet;

/// How many actors a network shows at most; more cannot be told apart on a screen.
const MOST_ACTORS: usize = 60;

impl Store {
    /// An actor with those it shares incidents with or is related to, and, at depth 2, theirs. The strongest ties come first; at most 60
    /// actors. None where there is no such actor.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn network(&self, uid: &str, depth: u8) -> Result<Option<Network>, StoreError> {
        let mut order = vec![uid.to_owned()];
        let mut known: BTreeSet<String> = order.iter().cloned().collect();
        let mut ties: Vec<Tie> = Vec::new();
        let mut ring = order.clone();
        for _ in 0..depth.clamp(1, 2) {
            let mut next = Vec::new();
            for actor in &ring {
                for tie in self.ties_of(actor).await? {
                    let other = if tie.from == *actor { &tie.to } else { &tie.from };
                    if !known.contains(other) && order.len() < MOST_ACTORS {
                        known.insert(other.clone());
                        order.push(other.clone());
                        next.push(other.clone());
                    }
                    if known.contains(other) && !ties.contains(&tie) {
                        ties.push(tie);
                    }
                }
            }
            ring = next;
        }
        let mut actors: Vec<ActorRow> = self.actors_by_id(&order).await?;
        actors.sort_by_key(|a| order.iter().position(|uid| *uid == a.id));
        Ok(actors.first().is_some_and(|a| a.id == uid).then_some(Network { actors, ties }))
    }

    /// The ties of one actor, the heaviest first; `from` sorts before `to` where a tie has no direction.
    async fn ties_of(&self, uid: &str) -> Result<Vec<Tie>, StoreError> {
        let rows: Vec<(String, String, String, u32)> = sqlx::query_as(
            "select min(?1, o.value), max(?1, o.value), 'incident', count(*) as weight \
             from incident_facet f join incident i on i.id = f.incident_id and i.shown = 1 \
             join incident_facet o on o.incident_id = f.incident_id and o.facet = 'actor' and o.value <> ?1 \
             where f.facet = 'actor' and f.value = ?1 group by o.value \
             union all \
             select s.uid, o.uid, r.relation, count(*) from actor_relation r join actor sm on sm.id = r.subject_id \
             join actor s on s.id = coalesce(sm.merged_into, sm.id) join actor om on om.id = r.object_id join actor o on o.id = coalesce(om.merged_into, om.id) \
             where r.subject_id in (select m.id from actor x join actor m on m.id = x.id or m.merged_into = x.id where x.uid = ?1) and o.id <> s.id group by 1, 2, 3 \
             union all \
             select s.uid, o.uid, r.relation, count(*) from actor_relation r join actor sm on sm.id = r.subject_id \
             join actor s on s.id = coalesce(sm.merged_into, sm.id) join actor om on om.id = r.object_id join actor o on o.id = coalesce(om.merged_into, om.id) \
             where r.object_id in (select m.id from actor x join actor m on m.id = x.id or m.merged_into = x.id where x.uid = ?1) and o.id <> s.id group by 1, 2, 3 \
             order by weight desc, 1, 2, 3 limit 200",
        )
        .bind(uid)
        .fetch_all(&self.reader.lane(Lane::Heavy))
        .await
        .context("read an actor's ties")?;
        Ok(rows.into_iter().map(|(from, to, relation, weight)| Tie { from, to, relation, weight }).collect())
    }
}
