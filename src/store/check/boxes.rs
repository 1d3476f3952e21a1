//! The tree of boxes against the coordinates.

use super::Probe;

/// Coordinates are rounded outwards to 32 bits: the exact one lies between, and the box is no wider than rounding makes it.
const COORDINATES: [&str; 3] = [
    "select 'incident ' || i.uid || ' is not in the tree of boxes' from incident i where i.latitude is not null \
     and not exists (select 1 from incident_rtree r where r.id = i.id)",
    "select 'the tree of boxes has ' || r.id || ', which has no coordinates' from incident_rtree r left join incident i on i.id = r.id where i.latitude is null",
    "select 'the box of incident ' || i.uid || ' is not where it is' from incident i join incident_rtree r on r.id = i.id \
     where not (i.longitude between r.min_longitude and r.max_longitude and i.latitude between r.min_latitude and r.max_latitude) \
     or r.max_longitude - r.min_longitude > 0.0001 or r.max_latitude - r.min_latitude > 0.0001",
];

pub(super) async fn coordinates(probe: &mut Probe) -> Result<(), sqlx::Error> {
    let found: String = sqlx::query_scalar("select rtreecheck('incident_rtree')").fetch_one(&mut probe.connection).await?;
    for fault in found.lines().filter(|line| *line != "ok") {
        probe.fault(|| fault.to_owned());
    }
    for sql in COORDINATES {
        probe.none(sql).await?;
    }
    Ok(())
}
