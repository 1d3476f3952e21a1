//! `waqia eval reports`: how reports of several documents are merged, from a base that is made for it.

use super::reports::{self, GoldIncident, Told};
use crate::clock::Clock;
use crate::config::EngineSettings;
use crate::eval::links::{LinkScores, Linked};
use crate::ingest::intake::Documents;
use crate::ingest::{self, Settings};
use crate::lexicon::Lexicon;
use crate::model::document::Article;
use crate::model::id::{fold_name, sha256};
use crate::model::incident::IncidentRow;
use crate::model::{Count, id};
use crate::store::filter::{IncidentFilter, Page};
use crate::store::{Store, StoreOptions};
use anyhow::{Context, Result};
use clap::Args;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Days between publications from which a joined pair of the other files counts as far apart.
const FAR: i32 = 7;

#[derive(Args, Debug)]
pub struct ReportsArgs {
    /// One incident a line {"incident","gold","documents"}; all documents go shuffled into one base
    #[arg(value_name = "GOLD")]
    gold: PathBuf,
    /// Documents of which hardly any two tell one incident: joined pairs are counted
    #[arg(long, value_name = "FILE")]
    apart: Vec<PathBuf>,
    /// Orders in which the documents arrive
    #[arg(long, default_value_t = 3, value_name = "N")]
    orders: u64,
    /// Documents in one transaction
    #[arg(long, default_value_t = 200, value_name = "N")]
    batch: usize,
    #[command(flatten)]
    engine: EngineSettings,
}

/// What a base holds: of each document its incidents, and the incidents.
#[derive(Default)]
struct Held {
    /// By document: incident, and whether the document tells it as context only.
    of: BTreeMap<String, Vec<(String, bool)>>,
    incidents: BTreeMap<String, IncidentRow>,
}

pub fn run(args: &ReportsArgs) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the runtime")?;
    runtime.block_on(measure(args))
}

async fn measure(args: &ReportsArgs) -> Result<ExitCode> {
    let lexicon = Arc::new(Lexicon::load(&args.engine.source()?)?);
    let incidents = reports::read(&args.gold)?;
    let told = reports::documents(&incidents);
    let mut out = io::stdout().lock();
    writeln!(out, "{} incidents, {} documents", incidents.len(), told.len())?;
    let mut partitions: Vec<BTreeSet<(String, String)>> = Vec::new();
    for order in 1..=args.orders {
        let mut articles: Vec<&Article> = told.iter().map(|t| &t.article).collect();
        articles.sort_by_cached_key(|a| sha256(&format!("{order} {}", a.id.as_deref().unwrap_or(""))));
        let held = hold(args, &lexicon, articles.into_iter().cloned().collect()).await?;
        writeln!(out, "order {order}: {} incidents in the base", held.incidents.len())?;
        for (name, chosen) in halves(&told, &incidents) {
            for (way, own) in [("own foreground report", true), ("foreground incident", false)] {
                writeln!(out, "  {name:<10} linked by {way:<22} {}", scores(&chosen, &incidents, &held, own))?;
            }
            writeln!(out, "  {name:<10} {}", facts(&chosen, &incidents, &held))?;
        }
        partitions.push(pairs(&held));
    }
    for (n, other) in partitions.iter().enumerate().skip(1) {
        writeln!(out, "orders 1 and {}: {} pairs differ", n + 1, partitions[0].symmetric_difference(other).count())?;
    }
    for path in &args.apart {
        let articles: Vec<Article> = Documents::of_file(path)?.collect::<Result<_, _>>().with_context(|| format!("cannot read {}", path.display()))?;
        let published: BTreeMap<String, _> = articles.iter().filter_map(|a| Some((id::document(&sha256(&a.text)), a.published?))).collect();
        let joined = pairs(&hold(args, &lexicon, articles).await?);
        let days = |a: &String, b: &String| published.get(a)?.since(*published.get(b)?).ok().map(|span| span.get_days().abs());
        let far: Vec<_> = joined.iter().filter(|(a, b)| days(a, b).is_some_and(|days| days > FAR)).collect();
        writeln!(out, "{}: {} pairs joined, {} of them more than a week apart", path.display(), joined.len(), far.len())?;
        for (a, b) in far {
            writeln!(out, "  {a} {b}")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads documents into a fresh base and looks at what it holds.
async fn hold(args: &ReportsArgs, lexicon: &Arc<Lexicon>, articles: Vec<Article>) -> Result<Held> {
    let folder = std::env::temp_dir().join(format!("waqia-eval-{}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let held = fill(args, lexicon, articles, &folder.join("base.db")).await;
    std::fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    held
}

async fn fill(args: &ReportsArgs, lexicon: &Arc<Lexicon>, articles: Vec<Article>, path: &std::path::Path) -> Result<Held> {
    let store = Store::open(path, StoreOptions::default()).await?;
    let now = Clock::System.now();
    ingest::seed::lexicon(&store, lexicon, now).await?;
    let settings = Settings { models: !args.engine.no_models, batch: args.batch, ..Settings::new(now, "waqia eval") };
    ingest::documents(&store, Arc::clone(lexicon), articles.into_iter().map(Ok), &settings, |_| {}).await?;
    let mut held = Held::default();
    let all = IncidentFilter {
        certainty: ["reported", "claimed", "alleged", "denied", "threatened", "planned", "hypothetical"].map(str::to_owned).to_vec(),
        ..IncidentFilter::default()
    };
    let mut page = Page { limit: 500, ..Page::default() };
    loop {
        let rows = store.incidents(&all, &page).await?;
        for row in rows.rows {
            let Some(stored) = store.incident(&row.id).await? else { continue };
            for report in stored.reports {
                held.of.entry(report.source.document).or_default().push((row.id.clone(), report.incident.background));
            }
            held.incidents.insert(row.id.clone(), row);
        }
        let Some(next) = rows.next else { break };
        page.after = Some(next);
    }
    store.close().await;
    Ok(held)
}

type Half<'t> = (&'static str, Vec<&'t Told>);

fn halves<'t>(told: &'t [Told], incidents: &[GoldIncident]) -> [Half<'t>; 3] {
    let of = |held_out: bool| told.iter().filter(|t| reports::is_held_out(&incidents[t.incident].incident) == held_out).collect();
    [("held out", of(true)), ("trained on", of(false)), ("all", told.iter().collect())]
}

/// Documents are linked that share an incident; `own`: only those that tell it as their news.
fn scores(chosen: &[&Told], incidents: &[GoldIncident], held: &Held, own: bool) -> LinkScores {
    let found = |t: &Told| {
        let of = held.of.get(&t.uid).into_iter().flatten();
        let is_news = |incident: &String| held.incidents.get(incident).is_some_and(|row| !row.background);
        of.filter(|(incident, background)| if own { !background } else { is_news(incident) }).map(|(incident, _)| incident.clone()).collect()
    };
    let linked: Vec<Linked> =
        chosen.iter().map(|t| Linked { document: t.uid.clone(), found: found(t), gold: incidents[t.incident].incident.clone() }).collect();
    LinkScores::of(&linked)
}

/// The incident that most documents of a gold incident tell, against what is known of it.
fn facts(chosen: &[&Told], incidents: &[GoldIncident], held: &Held) -> String {
    let mut by_gold: BTreeMap<usize, Vec<&Told>> = BTreeMap::new();
    chosen.iter().for_each(|t| by_gold.entry(t.incident).or_default().push(t));
    let (mut n, mut right) = (0usize, [0usize; 4]);
    for (gold, documents) in &by_gold {
        let gold = &incidents[*gold].gold;
        let mut votes: BTreeMap<&str, (usize, f64)> = BTreeMap::new();
        for (incident, _) in documents.iter().filter_map(|t| held.of.get(&t.uid)).flatten().filter(|(_, background)| !background) {
            let Some(row) = held.incidents.get(incident) else { continue };
            let vote = votes.entry(incident).or_insert((0, fit(row, gold)));
            vote.0 += 1;
        }
        n += 1;
        let best = votes.into_iter().max_by(|(_, a), (_, b)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let Some(row) = best.and_then(|(incident, _)| held.incidents.get(incident)) else { continue };
        let place = row.place.as_ref();
        let named = |name: Option<&str>| name.is_some_and(|name| gold.city.as_deref().is_some_and(|city| fold_name(city) == fold_name(name)));
        let figure = |count: Option<Count>| count.and_then(Count::figure).unwrap_or(0);
        let facts = [
            row.date.is_some_and(|d| d.start == gold.date && d.end == gold.date),
            place.is_some_and(|p| [Some(p.name.as_str()), p.admin2.as_deref(), Some(p.mention.as_str())].into_iter().any(named)),
            figure(row.killed) == gold.killed,
            figure(row.injured) == gold.injured,
        ];
        right.iter_mut().zip(facts).for_each(|(n, is)| *n += usize::from(is));
    }
    let share = |k: usize| 100.0 * right[k] as f64 / n.max(1) as f64;
    format!("merged incidents: date {:.1} %, city {:.1} %, killed {:.1} %, injured {:.1} % of {n}", share(0), share(1), share(2), share(3))
}

/// How well a type fits, where two incidents have as many documents.
fn fit(row: &IncidentRow, gold: &reports::Facts) -> f64 {
    let date = row.date.is_some_and(|d| d.start <= gold.date && gold.date <= d.end);
    f64::from(u8::from(date)) + if row.kind.starts_with("attack.") { 0.5 } else { 0.0 }
}

/// Pairs of documents that share an incident as their news.
fn pairs(held: &Held) -> BTreeSet<(String, String)> {
    let mut by_incident: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (document, incidents) in &held.of {
        incidents.iter().filter(|(_, background)| !background).for_each(|(incident, _)| by_incident.entry(incident).or_default().push(document));
    }
    let of = |documents: &Vec<&str>| {
        let pair = |(n, a): (usize, &&str)| documents[n + 1..].iter().map(|b| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
        documents.iter().enumerate().flat_map(pair).collect::<Vec<_>>()
    };
    by_incident.values().flat_map(of).filter(|(a, b)| a < b).collect()
}
