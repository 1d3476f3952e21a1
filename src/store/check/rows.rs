//! Rows against their checksums.

use super::Probe;
use crate::store::checksum::{KINDS, Kind};
use crate::store::inspect::is_damage;
use std::collections::BTreeMap;

/// Numbers without a row, with a row and no sum, with another sum.
pub(super) async fn checksums(probe: &mut Probe) -> Result<(), sqlx::Error> {
    for kind in &KINDS {
        let mut last = i64::MIN;
        loop {
            let numbers = kind.after(&mut probe.connection, last).await?;
            let Some(&end) = numbers.last() else { break };
            compare(probe, kind, &numbers).await?;
            last = end;
        }
        // Sums without anything.
        let mut last = i64::MIN;
        loop {
            let stored = stored(probe, kind, "select id, sum from checksum where kind = ?1 and id > ?2 order by id limit 500", last).await?;
            let Some(&end) = stored.keys().last() else { break };
            let numbers: Vec<i64> = stored.keys().copied().collect();
            let there = kind.sums(&mut probe.connection, &numbers).await?;
            for number in numbers.iter().filter(|n| !there.contains_key(n)) {
                probe.fault(|| format!("{} {number} is gone", kind.name));
            }
            last = end;
        }
    }
    Ok(())
}

async fn compare(probe: &mut Probe, kind: &Kind, numbers: &[i64]) -> Result<(), sqlx::Error> {
    let there = match kind.sums(&mut probe.connection, numbers).await {
        Ok(there) => there,
        Err(e) if is_damage(&e) => return one_by_one(probe, kind, numbers).await,
        Err(e) => return Err(e),
    };
    let (first, last) = (numbers.first().copied().unwrap_or_default(), numbers.last().copied().unwrap_or_default());
    let stored: BTreeMap<i64, i64> = sqlx::query_as("select id, sum from checksum where kind = ?1 and id between ?2 and ?3")
        .bind(kind.name)
        .bind(first)
        .bind(last)
        .fetch_all(&mut probe.connection)
        .await?
        .into_iter()
        .collect();
    for (number, sum) in &there {
        match stored.get(number) {
            None => probe.fault(|| format!("{} {number} has no checksum", kind.name)),
            Some(kept) if kept != sum => probe.fault(|| format!("{} {number} is not as it was written", kind.name)),
            Some(_) => {}
        }
    }
    Ok(())
}

/// Where a page is broken, its neighbours are read one by one.
async fn one_by_one(probe: &mut Probe, kind: &Kind, numbers: &[i64]) -> Result<(), sqlx::Error> {
    for number in numbers {
        let there = match kind.sums(&mut probe.connection, &[*number]).await {
            Ok(there) => there.get(number).copied(),
            Err(e) if is_damage(&e) => {
                probe.fault(|| format!("{} {number} cannot be read: {e}", kind.name));
                continue;
            }
            Err(e) => return Err(e),
        };
        let kept: Option<i64> = sqlx::query_scalar("select sum from checksum where kind = ?1 and id = ?2")
            .bind(kind.name)
            .bind(number)
            .fetch_optional(&mut probe.connection)
            .await?;
        if kept != there {
            probe.fault(|| format!("{} {number} is not as it was written", kind.name));
        }
    }
    Ok(())
}

async fn stored(probe: &mut Probe, kind: &Kind, sql: &'static str, last: i64) -> Result<BTreeMap<i64, i64>, sqlx::Error> {
    let rows: Vec<(i64, i64)> = sqlx::query_as(sql).bind(kind.name).bind(last).fetch_all(&mut probe.connection).await?;
    Ok(rows.into_iter().collect())
}
