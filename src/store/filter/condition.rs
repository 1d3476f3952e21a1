//! From a filter to the condition of a statement over `incident i`.

use super::resources::found;
use super::{BoundingBox, Fictional, IncidentFilter, Near};
use crate::model::casualty::CasualtyPolicy;
use sea_query::{Cond, Condition, Expr, ExprTrait, Value};

/// Kilometres of one degree of latitude on a sphere of the earth's mean radius, 6371.0088 km.
const KM_PER_DEGREE: f64 = 111.195;

/// The condition that `filter` sets on the rows of `incident i`.
pub(in crate::store) fn incidents(filter: &IncidentFilter) -> Condition {
    let f = filter;
    let mut all = reality(f);
    if f.from.is_some() || f.to.is_some() {
        // Unknown days are '' and sort before all others.
        all = all.add(match &f.from {
            Some(from) => col("day").gte(from.as_str()),
            None => col("day").gt(""),
        });
        all = all.add_option(f.to.as_ref().map(|to| col("day").lte(to.as_str())));
    }
    all = all.add_option(any_country(&f.country)).add_option(any("admin1", &f.admin1));
    all = all.add_option(any_of(f.place.iter().map(|uid| inside_place(uid))));
    all = all.add_option(f.bbox.map(in_box)).add_option(f.near.map(within_radius));
    all = all.add_option(any_of(f.kind.iter().map(|code| kind(code))));
    all = all.add_option(facet("actor", &f.actor)).add_option(facet("perpetrator", &f.perpetrator));
    all = all.add_option(facet_code("target_type", &f.target_type)).add_option(facet_code("weapon", &f.weapon));
    all = all.add_option(f.suicide.map(|b| flag("suicide", b))).add_option(f.background.map(|b| flag("background", b)));
    all = all.add_option(f.killed_min.map(|n| killed_min(f.policy, i64::from(n))));
    all = all.add_option(f.killed_max.map(|n| Expr::cust(killed(f.policy)).between(0, i64::from(n))));
    all = all.add_option(any("evidence_grade", &f.evidence_grade));
    all = all.add_option(facet("document", &f.document)).add_option(facet("source", &f.source));
    all = all.add_option(f.updated_since.as_ref().map(|since| col("updated_at").gte(since.as_str())));
    all = all.add_option(any("uid", &f.id));
    all.add_option(f.q.as_ref().map(|q| found("i.id", "incident", q)))
}

/// Deaths of `incident i` under a policy; -1 where none are reported.
pub(in crate::store) fn killed(policy: CasualtyPolicy) -> &'static str {
    match policy {
        CasualtyPolicy::OfficialLatest => "i.killed_key",
        CasualtyPolicy::Lowest => "coalesce(i.killed_lowest, i.killed_key)",
        CasualtyPolicy::Highest => "coalesce(i.killed_highest, i.killed_key)",
        CasualtyPolicy::Median => "coalesce(i.killed_median, i.killed_key)",
    }
}

/// Injured, likewise.
pub(in crate::store) fn injured(policy: CasualtyPolicy) -> &'static str {
    match policy {
        CasualtyPolicy::OfficialLatest => "i.injured_key",
        CasualtyPolicy::Lowest => "coalesce(i.injured_lowest, i.injured_key)",
        CasualtyPolicy::Highest => "coalesce(i.injured_highest, i.injured_key)",
        CasualtyPolicy::Median => "coalesce(i.injured_median, i.injured_key)",
    }
}

/// The lowest figure is never above that of the default policy, whose index can be asked first.
fn killed_min(policy: CasualtyPolicy, n: i64) -> Condition {
    let bound = Cond::all().add(Expr::cust(killed(policy)).gte(n));
    if policy == CasualtyPolicy::Lowest { bound.add(col("killed_key").gte(n)) } else { bound }
}

/// A column of `incident i`.
pub(super) fn col(name: &'static str) -> Expr {
    Expr::col(("i", name))
}

/// What happened and stands, unless the filter asks for other states. As a constant, so that the partial indexes can be used.
fn reality(f: &IncidentFilter) -> Condition {
    let constant = |text: &'static str| Expr::Constant(Value::from(text));
    match (f.status.is_empty(), f.certainty.is_empty(), f.fictional) {
        (true, true, Fictional::Without) => Cond::all().add(Expr::cust("i.shown = 1")),
        (status_default, certainty_default, _) => {
            let status = if status_default { Some(col("status").is_in(["machine", "confirmed"].map(constant))) } else { any("status", &f.status) };
            let certainty =
                if certainty_default { Some(col("certainty").is_in(["reported", "alleged", "claimed"].map(constant))) } else { any("certainty", &f.certainty) };
            let fictional = match f.fictional {
                Fictional::Without => Some("i.fictional = 0"),
                Fictional::Only => Some("i.fictional = 1"),
                Fictional::Any => None,
            };
            Cond::all().add_option(status).add_option(certainty).add_option(fictional.map(Expr::cust))
        }
    }
}

/// One of the values of a column of `incident i`.
fn any(name: &'static str, values: &[String]) -> Option<Expr> {
    super::resources::any("i", name, values)
}

fn any_of(conditions: impl Iterator<Item = Expr>) -> Option<Condition> {
    let any = conditions.fold(Cond::any(), Condition::add);
    (!any.is_empty()).then_some(any)
}

fn any_country(values: &[String]) -> Option<Condition> {
    let (unknown, known): (Vec<_>, Vec<_>) = values.iter().cloned().partition(String::is_empty);
    any_of(any("country", &known).into_iter().chain((!unknown.is_empty()).then(|| col("country").is_null())))
}

fn flag(name: &'static str, wanted: bool) -> Expr {
    col(name).eq(i32::from(wanted))
}

/// A full code has a dot in it, a class has none.
fn kind(code: &str) -> Expr {
    col(if code.contains('.') { "type" } else { "class" }).eq(code)
}

fn facet(name: &'static str, values: &[String]) -> Option<Condition> {
    any_of(
        values.iter().map(|value| {
            Expr::cust_with_values("i.id in (select f.incident_id from incident_facet f where f.facet = ? and f.value = ?)", [name, value.as_str()])
        }),
    )
}

/// A facet that holds codes, by full code or by class.
fn facet_code(name: &'static str, codes: &[String]) -> Option<Condition> {
    any_of(codes.iter().map(|code| {
        // '/' comes right after '.', so this range holds every code of the class.
        let (low, high) = (format!("{code}."), format!("{code}/"));
        Expr::cust_with_values(
            "i.id in (select f.incident_id from incident_facet f where f.facet = ? and (f.value = ? or f.value >= ? and f.value < ?))",
            [name, code.as_str(), low.as_str(), high.as_str()],
        )
    }))
}

fn inside_place(uid: &str) -> Expr {
    Expr::cust_with_values(
        "i.place_id in (with recursive inside (id) as (select p.id from place p where p.uid = ? \
         union select p.id from place p join inside on p.parent_id = inside.id) select id from inside)",
        [uid],
    )
}

/// Exact box. The bounding-box index picks out the candidates; it holds coordinates rounded outwards, so the columns are asked again.
fn in_box(b: BoundingBox) -> Condition {
    if b.west > b.east {
        let west = in_box(BoundingBox { east: 180.0, ..b });
        let east = in_box(BoundingBox { west: -180.0, ..b });
        return Cond::any().add(west).add(east);
    }
    Cond::all().add(in_rtree(b)).add(col("longitude").between(b.west, b.east)).add(col("latitude").between(b.south, b.north))
}

/// SQLite's own index; another dialect asks its own kind here.
fn in_rtree(b: BoundingBox) -> Expr {
    Expr::cust_with_values(
        "i.id in (select id from incident_rtree where max_longitude >= ? and min_longitude <= ? and max_latitude >= ? and min_latitude <= ?)",
        [b.west, b.east, b.south, b.north],
    )
}

/// A box around the circle, then the distance by the formula for short distances: the cosine of the middle latitude is developed around
/// that of the centre (third order), because SQLite is built without trigonometry.
fn within_radius(n: Near) -> Condition {
    let (sin, cos) = n.latitude.to_radians().sin_cos();
    let reach = n.radius_km / KM_PER_DEGREE;
    let (south, north) = ((n.latitude - reach).max(-90.0), (n.latitude + reach).min(90.0));
    // How far the circle reaches east and west is largest towards the nearer pole.
    let narrowest = south.abs().max(north.abs()).to_radians().cos();
    let sideways = if narrowest * 180.0 <= reach { 180.0 } else { reach / narrowest };
    let (mut west, mut east) = (n.longitude - sideways, n.longitude + sideways);
    if sideways >= 180.0 {
        (west, east) = (-180.0, 180.0);
    } else if west < -180.0 {
        west += 360.0;
    } else if east > 180.0 {
        east -= 360.0;
    }
    let half = "((i.latitude - ?) * 0.008726646259971648)";
    let cos_middle = format!("(? * (1 - {half} * {half} / 2) - ? * ({half} - {half} * {half} * {half} / 6))");
    let sideways = "min(abs(i.longitude - ?), 360 - abs(i.longitude - ?))";
    let sql = format!("(i.latitude - ?) * (i.latitude - ?) + {sideways} * {sideways} * {cos_middle} * {cos_middle} <= ?");
    let (lat, lon) = (n.latitude, n.longitude);
    let middle = [cos, lat, lat, sin, lat, lat, lat, lat];
    let mut values = vec![lat, lat, lon, lon, lon, lon];
    values.extend(middle);
    values.extend(middle);
    values.push(reach * reach);
    Cond::all().add(in_box(BoundingBox { west, south, east, north })).add(Expr::cust_with_values(sql, values))
}
