//! Ends a run early: a flag that another thread sets, looked at between passes and in the long loops inside them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A flag that ends every run that was given it or a clone of it. Once set it stays set.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    flag: Arc<AtomicBool>,
    /// Lets a test stop a run at the same point of its work each time.
    #[cfg(test)]
    looks: Option<Arc<tests::Looks>>,
}

impl Stop {
    /// One that is not set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the runs; they notice within some 50 ms.
    pub fn stop(&self) {
        self.flag.store(true, Ordering::Relaxed);
    }

    /// Whether it is set.
    #[inline]
    pub fn is_stopped(&self) -> bool {
        #[cfg(test)]
        self.count_look();
        self.flag.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Input, Options, extract, extract_until};
    use crate::lexicon::Lexicon;
    use crate::model::Record;
    use std::sync::atomic::AtomicUsize;

    const REPORT: &str = "Gunmen killed three policemen in Peshawar on Monday, officials said. The TTP, an ally of al-Qaeda, claimed the attack. ";

    /// How often the flag may be looked at before it sets itself, and how often it was looked at after that.
    #[derive(Debug)]
    pub struct Looks {
        left: AtomicUsize,
        late: AtomicUsize,
    }

    impl Stop {
        fn after(n_looks: usize) -> Self {
            Self { looks: Some(Arc::new(Looks { left: n_looks.into(), late: 0.into() })), ..Self::default() }
        }

        pub(super) fn count_look(&self) {
            let Some(looks) = &self.looks else { return };
            if looks.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_err() {
                looks.late.fetch_add(1, Ordering::Relaxed);
                self.stop();
            }
        }

        fn left(&self) -> usize {
            self.looks.as_ref().map_or(0, |looks| looks.left.load(Ordering::Relaxed))
        }

        fn late(&self) -> usize {
            self.looks.as_ref().map_or(0, |looks| looks.late.load(Ordering::Relaxed))
        }
    }

    fn until(text: &str, lexicon: &Lexicon, stop: &Stop) -> Option<Record> {
        extract_until(&Input { id: "t", text, ..Input::default() }, lexicon, &Options::default(), stop)
    }

    #[test]
    fn a_run_stopped_before_it_begins_gives_nothing() {
        let lexicon = Lexicon::embedded().unwrap();
        let stop = Stop::new();
        stop.clone().stop();
        assert!(until(REPORT, &lexicon, &stop).is_none());
        assert!(until("", &lexicon, &stop).is_none());
    }

    #[test]
    fn a_run_that_is_never_stopped_gives_the_record_of_extract() {
        let lexicon = Lexicon::embedded().unwrap();
        for text in [REPORT, "", "Des hommes armés ont tué trois policiers à Peshawar lundi, selon des responsables de la police."] {
            let input = Input { id: "t", text, ..Input::default() };
            let whole = extract(&input, &lexicon, &Options::default());
            let until = until(text, &lexicon, &Stop::new());
            assert_eq!(serde_json::to_string(&until).unwrap(), serde_json::to_string(&whole).unwrap());
        }
    }

    /// Work is counted in looks at the flag: several for each sentence, and after it is set at most one for each loop that is left.
    #[test]
    fn a_run_ends_soon_after_it_is_stopped() {
        let lexicon = Lexicon::embedded().unwrap();
        let text = REPORT.repeat(100);
        let many = usize::MAX / 2;
        let whole = Stop::after(many);
        assert!(until(&text, &lexicon, &whole).is_some());
        let n_looks = many - whole.left();
        assert!(n_looks > 2_000, "{n_looks} looks in 200 sentences");
        for part in 0..20 {
            let stop = Stop::after(n_looks * part / 20);
            assert!(until(&text, &lexicon, &stop).is_none(), "stopped after {part}/20 of its work");
            assert!(stop.late() < 60, "{} looks after {part}/20 of its work", stop.late());
        }
    }
}
