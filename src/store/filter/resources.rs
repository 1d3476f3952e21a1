//! Filters of the other lists: documents, actors, statements, places, figures, changes.

use super::Fictional;
use super::words::match_expression;
use sea_query::{Cond, Condition, Expr, ExprTrait};

/// Which documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentFilter {
    /// Published on this ISO day or later.
    pub from: Option<String>,
    /// Published on this ISO day or earlier.
    pub to: Option<String>,
    /// Publishers, as documents name them.
    pub source: Vec<String>,
    /// ISO 639-1.
    pub language: Vec<String>,
    /// Invented.
    pub fictional: Fictional,
    /// Says the same as an earlier one in nearly the same words.
    pub near_duplicate: Option<bool>,
    /// Ids of actors that it mentions.
    pub actor: Vec<String>,
    /// Words to be found in title or text.
    pub q: Option<String>,
}

/// Which actors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActorFilter {
    /// Actor types: full codes or classes.
    pub kind: Vec<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Vec<String>,
    /// Entries of the lexicon.
    pub known: Option<bool>,
    /// Documents mention it.
    pub mentioned: Option<bool>,
    /// A document leaves open whether it is another of the base.
    pub open: Option<bool>,
    /// Named by invented documents only.
    pub fictional: Fictional,
    /// Words to be found in its names.
    pub q: Option<String>,
}

/// Which statements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatementFilter {
    /// Said (else published) on this ISO day or later.
    pub from: Option<String>,
    /// Said (else published) on this ISO day or earlier.
    pub to: Option<String>,
    /// Codes of the statement kind list.
    pub kind: Vec<String>,
    /// Codes of the statement mode list.
    pub mode: Vec<String>,
    /// Codes of the statement channel list.
    pub channel: Vec<String>,
    /// Codes of the claim standing list.
    pub standing: Vec<String>,
    /// Ids of actors.
    pub speaker: Vec<String>,
    /// Ids of incidents that it is about.
    pub incident: Vec<String>,
    /// Ids of documents.
    pub document: Vec<String>,
    /// Publishers, as documents name them.
    pub source: Vec<String>,
    /// Told by an invented document.
    pub fictional: Fictional,
    /// Words to be found in what was said.
    pub q: Option<String>,
}

/// Which places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceFilter {
    /// ISO 3166-1 alpha-2.
    pub country: Vec<String>,
    /// Codes of the place precision list.
    pub precision: Vec<String>,
    /// Ids of the region or country that holds it.
    pub parent: Vec<String>,
    /// Beginning of the name.
    pub q: Option<String>,
}

/// Which quoted figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FigureFilter {
    /// Ids of documents.
    pub document: Vec<String>,
    /// ISO countries or place names.
    pub place: Vec<String>,
    /// `increase` or `decrease`.
    pub change: Vec<String>,
    /// Told by an invented document.
    pub fictional: Fictional,
    /// Part of what is counted.
    pub q: Option<String>,
}

/// Which entries of the log of changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    /// `incident`, `report`, `actor`, `statement`, `document`.
    pub entity: Vec<String>,
    /// `created`, `changed`, `merged`, `split`, `confirmed`, `rejected`, `deleted`, `restored`.
    pub action: Vec<String>,
    /// Ids of what changed.
    pub id: Vec<String>,
}

/// Over `document d`.
pub(in crate::store) fn documents(f: &DocumentFilter) -> Condition {
    between("d.day", f.from.as_deref(), f.to.as_deref())
        .add(Expr::cust("d.id not in (select x.id from document x where x.withdrawn_at is not null)"))
        .add_option(any("d", "source", &f.source))
        .add_option(any("d", "language", &f.language))
        .add_option(f.fictional.rows("d.id not in (select x.id from document x where x.fictional = 1)", "d.fictional = 1"))
        .add_option(f.near_duplicate.map(|b| if b { Expr::cust("d.near_duplicate_of is not null") } else { Expr::cust("d.near_duplicate_of is null") }))
        .add_option(each(&f.actor, "d.id in (select m.document_id from actor_mention m join actor o on o.id = m.actor_id join actor x on x.id = coalesce(o.merged_into, o.id) where x.uid = ?)"))
        .add_option(f.q.as_ref().map(|q| found("d.id", "document", q)))
}

/// Over `actor a`.
pub(in crate::store) fn actors(f: &ActorFilter) -> Condition {
    let kinds = f.kind.iter().fold(Cond::any(), |any, code| {
        // '/' comes right after '.', so this range holds every code of the class.
        let class = Expr::col(("a", "type")).gte(format!("{code}.")).and(Expr::col(("a", "type")).lt(format!("{code}/")));
        any.add(Expr::col(("a", "type")).eq(code.as_str()).or(class))
    });
    Cond::all()
        .add(Expr::cust("a.status in ('machine', 'confirmed')"))
        .add_option((!kinds.is_empty()).then_some(kinds))
        .add_option(any("a", "country", &f.country))
        .add_option(f.known.map(|b| Expr::col(("a", "known")).eq(i32::from(b))))
        .add_option(f.mentioned.map(|b| {
            let mentioned = Expr::cust("exists (select 1 from actor_mention m where m.actor_id = a.id)");
            if b { mentioned } else { mentioned.not() }
        }))
        .add_option(f.open.map(|b| {
            let open = Expr::cust("(a.status = 'machine' and a.id in (select x.actor_id from actor_decision x where x.verdict = 'open'))");
            if b { open } else { open.not() }
        }))
        .add_option(f.fictional.rows("a.id not in (select x.id from actor x where x.fictional = 1)", "a.fictional = 1"))
        .add_option(f.q.as_ref().map(|q| found("a.id", "actor", q)))
}

/// Over `statement s join document d`.
pub(in crate::store) fn statements(f: &StatementFilter) -> Condition {
    between("s.day", f.from.as_deref(), f.to.as_deref())
        .add(Expr::cust("s.status <> 'rejected'"))
        .add_option(f.fictional.rows("s.id not in (select x.id from statement x where x.fictional = 1)", "s.fictional = 1"))
        .add_option(any("s", "kind", &f.kind))
        .add_option(any("s", "mode", &f.mode))
        .add_option(any("s", "channel", &f.channel))
        .add_option(any("s", "standing", &f.standing))
        .add_option(each(&f.speaker, "s.speaker_id in (select m.id from actor x join actor m on m.id = x.id or m.merged_into = x.id where x.uid = ?)"))
        .add_option(each(&f.incident, "s.id in (select b.statement_id from statement_about b join incident i on i.id = b.incident_id where i.uid = ?)"))
        .add_option(any("d", "uid", &f.document))
        .add_option(any("d", "source", &f.source))
        .add_option(f.q.as_ref().map(|q| found("s.id", "statement", q)))
}

/// Over `place p`.
pub(in crate::store) fn places(f: &PlaceFilter) -> Condition {
    let beginning = f.q.as_ref().map(|q| {
        let folded = crate::model::id::fold_name(q);
        // The last code point sorts after every name that begins so.
        Expr::cust_with_values("p.folded >= ? and p.folded < ?", [folded.clone(), format!("{folded}\u{10FFFF}")])
    });
    Cond::all()
        .add_option(any("p", "country", &f.country))
        .add_option(any("p", "precision", &f.precision))
        .add_option(each(&f.parent, "p.parent_id = (select x.id from place x where x.uid = ?)"))
        .add_option(beginning)
}

/// Over `figure f join document d`.
pub(in crate::store) fn figures(f: &FigureFilter) -> Condition {
    Cond::all()
        .add_option(any("d", "uid", &f.document))
        .add_option(any("f", "place", &f.place))
        .add_option(any("f", "change", &f.change))
        .add_option(f.fictional.rows("f.id not in (select x.id from figure x where x.fictional = 1)", "f.fictional = 1"))
        .add_option(f.q.as_ref().map(|q| Expr::cust_with_values("instr(lower(f.measure), lower(?)) > 0", [q.as_str()])))
}

/// Over `revision r`.
pub(in crate::store) fn changes(f: &ChangeFilter) -> Condition {
    // The unary plus keeps the planner from an index by entity, which would have to sort the whole log by number.
    let entity = (!f.entity.is_empty()).then(|| Expr::cust("+r.entity").is_in(f.entity.iter().map(String::as_str)));
    Cond::all().add_option(entity).add_option(any("r", "action", &f.action)).add_option(any("r", "uid", &f.id))
}

impl Fictional {
    /// The condition for rows of which `only` holds where they are invented. `without` reads their numbers from an index: asking each row
    /// would make counting read all rows.
    fn rows(self, without: &'static str, only: &'static str) -> Option<Expr> {
        match self {
            Self::Without => Some(Expr::cust(without)),
            Self::Only => Some(Expr::cust(only)),
            Self::Any => None,
        }
    }
}

/// One of the values; a single one as `=`, which lets an index serve the order as well.
pub(super) fn any(table: &'static str, name: &'static str, values: &[String]) -> Option<Expr> {
    let column = Expr::col((table, name));
    match values {
        [] => None,
        [one] => Some(column.eq(one.as_str())),
        many => Some(column.is_in(many.iter().map(String::as_str))),
    }
}

/// `sql` for one of the values, each bound to its `?`.
fn each(values: &[String], sql: &'static str) -> Option<Condition> {
    let any = values.iter().fold(Cond::any(), |any, value| any.add(Expr::cust_with_values(sql, [value.as_str()])));
    (!any.is_empty()).then_some(any)
}

/// Days within bounds; unknown days are '' and lie within none.
fn between(day: &'static str, from: Option<&str>, to: Option<&str>) -> Condition {
    let mut all = Cond::all();
    if from.is_some() || to.is_some() {
        all = all.add(Expr::cust(day).gte(from.unwrap_or("0")));
    }
    all.add_option(to.map(|to| Expr::cust(day).lte(to)))
}

/// What the search index finds, as the numbers of one kind of entity.
pub(super) fn found(column: &'static str, kind: &'static str, q: &str) -> Expr {
    Expr::cust(column).in_subquery(found_numbers(kind, q))
}

fn found_numbers(kind: &'static str, q: &str) -> sea_query::SelectStatement {
    let condition = Expr::cust_with_values("x.kind = ? and search.search match ?", [kind, &match_expression(q)]);
    sea_query::Query::select()
        .expr(Expr::cust("x.entity_id"))
        .from("search")
        .join_as(sea_query::JoinType::InnerJoin, "search_entry", "x", Expr::cust("x.id = search.rowid"))
        .and_where(condition)
        .to_owned()
}
