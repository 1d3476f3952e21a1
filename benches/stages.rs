//! Where the time goes: each stage of the engine over the seeds, or over a file of documents given as argument.
//!
//! `cargo bench --bench stages --no-default-features -- ../shared/evaluation/muc4.jsonl [rounds]`
//!
//! Prints, per stage, its share of the whole and its time per document, then documents and megabytes of text per second, apart for
//! documents that tell of no incident, and, where only incidents are wanted, for those that are set aside unparsed. One thread. It asserts nothing: how fast a machine is says nothing about the code's being right.

mod clock;

use clock::now;
use std::hint::black_box;
use std::io::{self, BufRead, Write};
use std::time::Duration;
use waqia::extract::{Analysis, Input, Options, PASSES, applies, output};
use waqia::lexicon::Lexicon;
use waqia::text::Document;

/// The allocator of the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// So many documents go through a stage together: enough to time, few enough to keep in memory.
const BATCH: usize = 200;

/// The members of a document that the engine reads.
#[derive(Clone, Debug, serde::Deserialize)]
struct Given {
    id: String,
    text: String,
    #[serde(default)]
    published: Option<String>,
}

/// Time of each stage by its name, in the order of the stages.
type Times = Vec<(&'static str, Duration)>;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let documents = match arguments.first() {
        Some(file) => of_file(file)?,
        None => seeds()?,
    };
    let rounds = arguments.get(1).and_then(|n| n.parse().ok()).unwrap_or(3);
    let start = now();
    let lexicon = Lexicon::embedded().map_err(io::Error::other)?;
    let loading = start.elapsed();
    let mut out = io::stdout().lock();
    writeln!(out, "lexicon loaded in {:.0} ms", loading.as_secs_f64() * 1000.0)?;
    // The best of some rounds: what else the machine does only makes it slower.
    let best = (0..rounds).map(|_| stages(&documents, &lexicon)).reduce(faster).unwrap_or_default();
    let bytes: usize = documents.iter().map(|d| d.text.len()).sum();
    let total: Duration = best.iter().map(|(_, t)| *t).sum();
    writeln!(out, "{:<12} {:>7} {:>10} {:>9}", "stage", "share", "µs/doc", "MB/s")?;
    for (name, time) in &best {
        let share = 100.0 * time.as_secs_f64() / total.as_secs_f64().max(f64::MIN_POSITIVE);
        writeln!(out, "{name:<12} {share:>6.1}% {:>10.1} {:>9.1}", micros(*time, documents.len()), rate(bytes, *time))?;
    }
    let row = |name: &str, n: usize, bytes: usize, time: Duration| {
        let seconds = time.as_secs_f64().max(f64::MIN_POSITIVE);
        format!("{name}: {n} documents, {:.2} MB, {:.0} documents/s, {:.1} MB/s", bytes as f64 / 1e6, n as f64 / seconds, rate(bytes, time))
    };
    writeln!(out, "{}", row("sum of stages", documents.len(), bytes, total))?;
    let best = |part: &[Given], group: usize, options: Options| (0..rounds).map(|_| grouped(part, group, &lexicon, &options)).min().unwrap_or_default();
    for group in [8, 64] {
        let time = best(&documents, group, Options::default());
        writeln!(out, "{}", row(&format!("all, {group} at a time"), documents.len(), bytes, time))?;
    }
    let only = Options { incidents_only: true, ..Options::default() };
    writeln!(out, "{}", row("all, 64 at a time, incidents only", documents.len(), bytes, best(&documents, 64, only)))?;
    let aside: Vec<Given> = documents.iter().filter(|d| Analysis::new(&input(d), &lexicon, &only).set_aside).cloned().collect();
    let size = aside.iter().map(|d| d.text.len()).sum();
    writeln!(out, "{}", row("those set aside", aside.len(), size, best(&aside, 64, only)))?;
    writeln!(out, "{}", row("the same, read in full", aside.len(), size, best(&aside, 64, Options::default())))?;
    let (telling, silent): (Vec<Given>, Vec<Given>) = documents.iter().cloned().partition(|d| tells(d, &lexicon));
    for (name, part) in [("all, one after the other", documents), ("with incidents", telling), ("without", silent)] {
        let time = (0..rounds).map(|_| whole(&part, &lexicon)).min().unwrap_or_default();
        writeln!(out, "{}", row(name, part.len(), part.iter().map(|d| d.text.len()).sum(), time))?;
    }
    Ok(())
}

/// Times each stage over all documents, batch by batch.
fn stages(documents: &[Given], lexicon: &Lexicon) -> Times {
    let options = Options::default();
    let mut times: Times = Vec::new();
    let mut add = |stage: &'static str, time: Duration| match times.iter_mut().find(|(name, _)| *name == stage) {
        Some((_, sum)) => *sum += time,
        None => times.push((stage, time)),
    };
    for batch in documents.chunks(BATCH) {
        let inputs: Vec<Input<'_>> = batch.iter().map(input).collect();
        let start = now();
        let read: Vec<Document<'_>> = inputs.iter().map(|i| Document::read(i.text, &lexicon.text)).collect();
        add("text", start.elapsed());
        let start = now();
        black_box(read.iter().map(|doc| lexicon.hits(doc).len()).sum::<usize>());
        add("matching", start.elapsed());
        drop(read);
        let mut analyses: Vec<Analysis<'_>> = inputs.iter().map(|i| Analysis::new(i, lexicon, &options)).collect();
        for (name, pass) in PASSES {
            let start = now();
            analyses.iter_mut().filter(|a| applies(a, name)).for_each(pass);
            add(name, start.elapsed());
        }
        let start = now();
        let records: Vec<_> = analyses.iter().map(output::record).collect();
        add("record", start.elapsed());
        let start = now();
        black_box(records.iter().filter_map(|r| serde_json::to_vec(r).ok()).map(|line| line.len()).sum::<usize>());
        add("json", start.elapsed());
    }
    times
}

/// Time of everything over some documents, one after the other as `waqia extract` does.
fn whole(documents: &[Given], lexicon: &Lexicon) -> Duration {
    let options = Options::default();
    let start = now();
    for given in documents {
        black_box(serde_json::to_vec(&waqia::extract::extract(&input(given), lexicon, &options)).map_or(0, |line| line.len()));
    }
    start.elapsed()
}

/// The same with some documents at a time.
fn grouped(documents: &[Given], group: usize, lexicon: &Lexicon, options: &Options) -> Duration {
    let start = now();
    for group in documents.chunks(group) {
        let inputs: Vec<Input<'_>> = group.iter().map(input).collect();
        for record in waqia::extract::extract_all(&inputs, lexicon, options) {
            black_box(serde_json::to_vec(&record).map_or(0, |line| line.len()));
        }
    }
    start.elapsed()
}

fn tells(given: &Given, lexicon: &Lexicon) -> bool {
    !waqia::extract::extract(&input(given), lexicon, &Options::default()).incidents.is_empty()
}

fn input(given: &Given) -> Input<'_> {
    Input { id: &given.id, text: &given.text, published: given.published.as_deref().and_then(|d| d.parse().ok()), title: None }
}

fn faster(one: Times, other: Times) -> Times {
    one.into_iter().zip(other).map(|((name, a), (_, b))| (name, a.min(b))).collect()
}

fn micros(time: Duration, n: usize) -> f64 {
    time.as_secs_f64() * 1e6 / n.max(1) as f64
}

fn rate(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / 1e6 / time.as_secs_f64().max(f64::MIN_POSITIVE)
}

fn of_file(file: &str) -> io::Result<Vec<Given>> {
    let lines = io::BufReader::new(std::fs::File::open(file)?).lines();
    lines.map(|line| Ok(serde_json::from_str(&line?)?)).collect()
}

/// The texts under `seeds/`, without their front matter.
fn seeds() -> io::Result<Vec<Given>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds");
    let mut paths: Vec<_> = std::fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<io::Result<_>>()?;
    paths.retain(|p| p.extension().is_some_and(|e| e == "md") && p.file_name().is_some_and(|n| n != "README.md"));
    paths.sort();
    let read = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(&path)?;
        let body = text.splitn(3, "---\n").nth(2).unwrap_or(&text).trim_start().to_owned();
        Ok(Given { id: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), text: body, published: None })
    };
    paths.into_iter().map(read).collect()
}
