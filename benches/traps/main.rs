//! What hostile texts cost: each text of `texts.rs` at three sizes, through the whole engine and into JSON.
//!
//! `cargo bench --bench traps --no-default-features -- [part of a name…]`
//!
//! Prints the CPU seconds for each megabyte of text at each size, by which power of its size the time grew from the last size but one to the
//! last (where it took long enough to say), how many times as large as the text the record is, and the stage that took longest; the worst
//! text last. What costs more than a second a megabyte is marked. It asserts nothing: how fast a machine is says nothing about the code's
//! being right.

#[path = "../clock/mod.rs"]
mod clock;
mod texts;

use clock::now;
use std::hint::black_box;
use std::io::{self, Write};
use std::time::Duration;
use waqia::extract::{Analysis, Input, Options, PASSES, applies, extract, output};
use waqia::lexicon::Lexicon;

/// The allocator of the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Bytes of each text.
const SIZES: [usize; 3] = [62_500, 250_000, 1_000_000];

/// CPU seconds for a megabyte that no text may cost.
const MARK: f64 = 1.0;

/// A text that took so long is not tried at the next size.
const PATIENCE: Duration = Duration::from_secs(20);

/// What one text cost.
struct Row {
    name: &'static str,
    /// Bytes of the text and of its record, and the time, at each size.
    runs: Vec<(usize, usize, Duration)>,
    /// The stage that took longest at the last size, and its share of the time.
    stage: (&'static str, f64),
}

fn main() -> io::Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let lexicon = Lexicon::embedded().map_err(io::Error::other)?;
    let mut out = io::stdout().lock();
    // What is unpacked at its first use is no cost of a text.
    measure("Gunmen killed three policemen in Peshawar on Monday.", &lexicon);
    let chosen = texts::TRAPS.iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|w| name.contains(w.as_str())));
    let mut rows: Vec<Row> = chosen.map(|(name, text)| row(name, *text, &lexicon)).collect();
    rows.sort_by(|x, y| x.worst().total_cmp(&y.worst()));
    writeln!(out, "  {:<32} {:>8} {:>8} {:>8}  {:>5}  {:>7}  stage", "text", "62 kB", "250 kB", "1 MB", "power", "record")?;
    for row in &rows {
        writeln!(out, "{row}")?;
    }
    let over = rows.iter().filter(|r| r.is_over()).count();
    writeln!(out, "{} texts, {over} above {MARK} s/MB or not finished", rows.len())
}

fn row(name: &'static str, text: texts::Text, lexicon: &Lexicon) -> Row {
    let mut runs: Vec<(usize, usize, Duration)> = Vec::new();
    for size in SIZES {
        if runs.last().is_some_and(|(_, _, time)| *time > PATIENCE) {
            break;
        }
        let text = text(size);
        let (bytes, time) = measure(&text, lexicon);
        runs.push((text.len(), bytes, time));
    }
    let stage = runs.last().map(|(length, ..)| slowest(&text(*length), lexicon)).unwrap_or_default();
    Row { name, runs, stage }
}

/// The stage that takes longest over a text, and its share of the time.
fn slowest(text: &str, lexicon: &Lexicon) -> (&'static str, f64) {
    let (input, options) = (Input { id: "trap", text, ..Input::default() }, Options::default());
    let mut times: Vec<(&'static str, Duration)> = Vec::new();
    let start = now();
    let mut analysis = Analysis::new(&input, lexicon, &options);
    times.push(("text", start.elapsed()));
    for (name, pass) in PASSES {
        let start = now();
        if applies(&analysis, name) {
            pass(&mut analysis);
        }
        times.push((name, start.elapsed()));
    }
    let start = now();
    black_box(output::record(&analysis));
    times.push(("record", start.elapsed()));
    let total: Duration = times.iter().map(|(_, time)| *time).sum();
    let (name, time) = times.into_iter().max_by_key(|(_, time)| *time).unwrap_or_default();
    (name, time.as_secs_f64() / total.as_secs_f64().max(f64::MIN_POSITIVE))
}

/// Bytes of the record of a text, and the time that it took.
fn measure(text: &str, lexicon: &Lexicon) -> (usize, Duration) {
    let start = now();
    let record = extract(&Input { id: "trap", text, ..Input::default() }, lexicon, &Options::default());
    let bytes = black_box(serde_json::to_vec(&record).map_or(0, |json| json.len()));
    drop(record);
    (bytes, start.elapsed())
}

impl Row {
    fn per_megabyte(&self) -> impl Iterator<Item = f64> {
        self.runs.iter().map(|(length, _, time)| time.as_secs_f64() * 1e6 / (*length).max(1) as f64)
    }

    fn worst(&self) -> f64 {
        self.per_megabyte().last().unwrap_or(0.0)
    }

    fn is_over(&self) -> bool {
        self.worst() > MARK || self.runs.len() < SIZES.len()
    }

    /// The power of its size with which the time of a text grew last; none where it took less than a twentieth of a second.
    fn power(&self) -> Option<f64> {
        let [.., (n, _, before), (m, _, after)] = self.runs.as_slice() else { return None };
        let grown = after.as_secs_f64() / before.as_secs_f64().max(f64::MIN_POSITIVE);
        (after.as_millis() > 50).then(|| grown.ln() / (*m as f64 / *n as f64).ln())
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:<32}", if self.is_over() { "!" } else { " " }, self.name)?;
        let mut seconds = self.per_megabyte();
        for _ in SIZES {
            write!(f, " {:>8}", seconds.next().map_or_else(|| "-".to_owned(), |s| format!("{s:.2}")))?;
        }
        let (length, bytes, _) = self.runs.last().copied().unwrap_or_default();
        let power = self.power().map_or_else(|| "-".to_owned(), |p| format!("{p:.2}"));
        let (stage, share) = self.stage;
        write!(f, "  {power:>5}  {:>6.1}x  {stage} {:.0} %", bytes as f64 / length.max(1) as f64, share * 100.0)
    }
}
