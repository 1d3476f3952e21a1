//! Pages and what is read out of them.

use super::*;

#[track_caller]
fn check(html: &str, expect: &str) {
    let mut article = Article::default();
    take(html, &mut article);
    assert_eq!(article.text, expect);
}

#[test]
fn paragraphs_and_entities_are_kept() {
    check("<p>A bomb &amp; a gun.<p>“Two”&nbsp;men&#8217;s<br>car", "A bomb & a gun.\n\n“Two”\u{a0}men’s\ncar");
    check("<div>one\n   <b>t</b>wo <i>three</i></div><div> </div><ul><li>x</li><li>y</li></ul>", "one two three\n\nx\n\ny");
    check("plain text < 3 & more", "plain text < 3 & more");
    check("", "");
}

#[test]
fn what_is_no_text_is_left_out() {
    check("<script>if (a < b) { '</p>' }</script><p>x</p><style>p{}</style><!-- c --><noscript><p>y</p></noscript>", "x");
    check("<nav><ul><li>Home</ul></nav><article><p>Story</p></article><footer>© us</footer>", "Story");
    check("<svg><text>in a picture</text></svg>after<template><p>t</p></template>", "after");
    check("<nav>never closed <p>but all there is", "never closed\n\nbut all there is");
    check("</nav></p></script>still here", "still here");
}

#[test]
fn the_head_gives_what_is_known() {
    let mut a = Article::default();
    let html = r#"<html lang="en-GB"><head><title>Blast &amp; more | Site</title><meta property="og:title" content="Blast in Hangu">
        <meta property="og:site_name" content="The Site"><meta property="article:published_time" content="2007-07-19T08:00:00+05:00">
        <link rel=canonical href="https://site.example/1"></head><body><h1>Blast in Hangu</h1><p>HANGU.</p></body></html>"#;
    take(html, &mut a);
    assert_eq!((a.title.as_deref(), a.source.as_deref(), a.url.as_deref()), (Some("Blast in Hangu"), Some("The Site"), Some("https://site.example/1")));
    assert_eq!((a.language.as_deref(), a.published.unwrap().to_string().as_str()), (Some("en"), "2007-07-19"));
    assert_eq!(a.text, "Blast in Hangu\n\nHANGU.");
}

const STORY: &str =
    "<p>Gunmen on a motorcycle shot dead two policemen in the Saddar area of Peshawar on Monday, the police said, and fled before help came.</p>
    <p>The two men, a constable and his driver, were on their way home from a checkpoint, according to the district officer, who spoke to reporters.</p>
    <p>Nobody said at first who was behind the attack, the third on policemen in the city this month, and a search of the area went on at night.</p>
    <p>Last week, a bomb hidden in a cart killed four people near a market in Quetta, among them a child, and wounded eleven, hospital staff said.</p>";

fn taken(html: &str) -> Article {
    let mut article = Article::default();
    take(html, &mut article);
    article
}

#[test]
fn the_main_text_is_told_from_what_stands_around_it() {
    let teasers: String = (0..12).map(|n| format!("<li><a href=/{n}>Teaser number {n}: bomb kills {n} in Kabul</a></li>")).collect();
    let html = format!(
        "<html><body><div class=header><a href=/>Home</a> <a href=/w>World</a></div><div id=content><h1>Two policemen shot dead</h1>{STORY}</div>
        <div class=sidebar><h3>Most read</h3><ul>{teasers}</ul></div><div class=footer>All rights reserved</div></body></html>"
    );
    let text = taken(&html).text;
    assert!(text.contains("Gunmen on a motorcycle") && text.contains("hospital staff said."), "{text}");
    assert!(!text.contains("Teaser") && !text.contains("rights reserved"), "{text}");
    assert_eq!(text.matches("\n\n").count(), text.split("\n\n").count() - 1);
    // The same in a form, as some servers put around every page.
    assert_eq!(taken(&html.replace("<body>", "<body><form>").replace("</body>", "</form></body>")).text, text);
}

#[test]
fn a_list_of_reports_is_taken_whole() {
    let days: String =
        (1..40).map(|n| format!("<tr><td>{n} May 2013</td><td>A bomb, hidden in a cart, killed {n} people in Quetta, police said.</td></tr>")).collect();
    let text = taken(&format!("<table>{days}</table>")).text;
    assert!((1..40).all(|n| text.contains(&format!("killed {n} people"))), "{text}");
}

#[test]
fn pages_beyond_the_limits_are_taken_whole_and_it_is_noted() {
    let page = taken(&format!("{STORY}{}", "<br>".repeat(outline::MAX_ELEMENTS)));
    assert!(page.text.contains("Gunmen on a motorcycle") && page.notes[0].contains("more than 20000 elements"), "{:?}", page.notes);
    // Deeper than any parser that calls itself for each level would bear.
    let page = taken(&format!("{}{STORY}", "<div>".repeat(1_000_000)));
    assert!(page.text.contains("Gunmen on a motorcycle") && page.notes.len() == 1);
    let page = taken(&format!("{}{STORY}{}", "<div>".repeat(1000), "</div>".repeat(1000)));
    assert!(page.text.contains("Gunmen on a motorcycle") && page.notes.len() == 1, "{:?}", page.notes);
    let page = taken(&format!("{}{STORY}{}", "<div>".repeat(50), "</div>".repeat(50)));
    assert!(page.text.contains("Gunmen on a motorcycle") && page.notes.is_empty(), "{:?}", page.notes);
}

#[test]
fn broken_markup_costs_no_words() {
    let many = 100_000;
    let attributes: String = (0..many).map(|n| format!(" a{n}=1")).collect();
    check(&format!("<p{attributes} class=x>x</p{attributes}>"), "x");
    check(&format!("{}{}y", "<nav>".repeat(many), "</aside>".repeat(many)), "y");
    check(&format!("{}z", "</nav></script></title>".repeat(many)), "z");
    check(&format!("<!--{}", "<!--".repeat(many)), "");
    check(&format!("<script>{}", "<script><!--".repeat(many)), "");
    check(&format!("<p title='{}'>w", "&amp;".repeat(many)), "w");
}

#[test]
fn a_title_has_a_limit() {
    let page = taken(&format!("<title>{}</title><meta property=og:site_name content='{}'><p>x", "&amp; ".repeat(40_000), "s".repeat(300)));
    assert_eq!((page.title.unwrap().chars().count(), page.source), (MAX_TITLE, None));
    assert_eq!(page.notes, ["the page's title was cut after 1024 characters"]);
    let page = taken("<title> </title><title>second</title><p>x");
    assert_eq!(page.title, Some("second".to_owned()));
}
