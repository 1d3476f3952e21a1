use super::*;
use crate::extract::{Input, Options, run};
use crate::lexicon::Lexicon;

fn explained(text: &str) -> Explanation {
    let lexicon = Lexicon::embedded().expect("the embedded lexicon loads");
    let input = Input { id: "a <b> & \"c\"", text, published: Some(jiff::civil::date(2023, 6, 15)), title: None };
    let options = Options::default();
    let mut a = Analysis::new(&input, &lexicon, &options);
    run(&mut a);
    explain(&a)
}

#[track_caller]
fn check(explanation: &Explanation, topic: Topic, wanted: &str) {
    let lines: Vec<&Line> = explanation.document.iter().chain(explanation.sentences.iter().flat_map(|s| &s.lines)).collect();
    assert!(lines.iter().any(|l| l.topic == topic && l.text.contains(wanted)), "no {topic:?} with \"{wanted}\" in {lines:#?}");
}

#[test]
fn what_fired_and_what_lost_is_told() {
    let e = explained(
        "Gunmen killed two policemen in Hyderabad, Sindh, on Monday. The striker led the attack in the final. \
         The shop stands on Jundullah Street. If gunmen attack the camp in Tank, troops will fight.",
    );
    check(&e, Topic::Tags, "Gunmen/NNS killed/VBD");
    check(&e, Topic::Nouns, "two policemen (=2)");
    check(&e, Topic::Clause, "killed: subject Gunmen; object two policemen");
    check(&e, Topic::Hit, "policemen = people policeman (police)");
    check(&e, Topic::Date, "Monday = 2023-06-12");
    check(&e, Topic::Place, "[gn:");
    check(&e, Topic::Frame, "trigger.kill \"kill\"");
    check(&e, Topic::Lost, "trigger.attack at \"attack\": context sport");
    check(&e, Topic::Lost, "actor jundallah-pakistan");
    check(&e, Topic::Lost, "Hyderabad");
    check(&e, Topic::Note, "incident.hypothetical");
    check(&e, Topic::Incident, "told in sentences 0");
}

#[test]
fn the_page_stands_alone_and_is_escaped() {
    let e = explained("A bomb killed <script>alert(1)</script> five people & hurt \"nine\" in Quetta.");
    let html = page(&[e.clone(), e]);
    assert!(!html.contains("<script") && html.contains("&lt;script&gt;"), "{html}");
    assert!(html.contains("a &lt;b&gt; &amp; &quot;c&quot;"));
    assert!(!html.contains("http"), "nothing is fetched");
    for tag in ["section", "dl", "dd", "dt", "h1", "h2"] {
        assert_eq!(html.matches(&format!("<{tag}>")).count() + html.matches(&format!("<{tag} ")).count(), html.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn any_text_is_explained() {
    for text in ["", " ", "\u{0}\u{1}", "…", "“", "کابل میں دھماکہ", "IF"] {
        let text = print(&explained(text));
        assert!(text.ends_with('\n'));
    }
}
