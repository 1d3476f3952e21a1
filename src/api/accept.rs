//! Which of the forms an endpoint has the client wants: by `?format=`, else by the `Accept` header.

use super::problem::{Code, Fault, Problem};
use axum::http::{HeaderMap, header};

/// The first of `offered` (media types, best first) that the header takes, by its weights; all of them without a header.
///
/// # Errors
/// 406 where none fits.
pub fn negotiate(headers: &HeaderMap, offered: &[&'static str]) -> Result<&'static str, Problem> {
    let accept: Vec<&str> = headers.get_all(header::ACCEPT).iter().filter_map(|v| v.to_str().ok()).collect();
    let ranges: Vec<(&str, u16)> = accept.iter().flat_map(|value| value.split(',')).filter_map(range).collect();
    let best = offered.iter().copied().enumerate().map(|(n, offer)| (weight(&ranges, offer), std::cmp::Reverse(n), offer)).max();
    match best {
        Some((weight, _, offer)) if weight > 0 => Ok(offer),
        _ => Err(Problem {
            errors: vec![
                Fault { detail: "Accept has none of the media types served here".to_owned(), ..Fault::default() }.with_allowed("", offered.iter().copied()),
            ],
            ..Problem::new(Code::NotAcceptable, format!("Served here: {}.", offered.join(", ")))
        }),
    }
}

/// One media range with its weight in thousandths.
fn range(text: &str) -> Option<(&str, u16)> {
    let mut parts = text.split(';').map(str::trim);
    let media = parts.next().filter(|m| !m.is_empty())?;
    let weight = parts.find_map(|p| p.strip_prefix("q=")).and_then(|q| q.parse::<f32>().ok()).unwrap_or(1.0);
    Some((media, (weight.clamp(0.0, 1.0) * 1000.0) as u16))
}

/// The weight that the most specific matching range gives.
fn weight(ranges: &[(&str, u16)], offer: &str) -> u16 {
    if ranges.is_empty() {
        return 1000;
    }
    let (class, _) = offer.split_once('/').unwrap_or((offer, ""));
    let specific = |media: &str| match media {
        _ if media.eq_ignore_ascii_case(offer) => 3,
        _ if media.strip_suffix("/*").is_some_and(|c| c.eq_ignore_ascii_case(class)) => 2,
        "*/*" => 1,
        _ => 0,
    };
    ranges.iter().map(|(media, q)| (specific(media), *q)).filter(|(s, _)| *s > 0).max_by_key(|(s, _)| *s).map_or(0, |(_, q)| q)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(accept: &str, expect: Option<&str>) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        assert_eq!(negotiate(&headers, &["application/json", "text/csv"]).ok(), expect, "{accept}");
    }

    #[test]
    fn the_best_form_is_chosen() {
        check("*/*", Some("application/json"));
        check("text/csv", Some("text/csv"));
        check("text/*", Some("text/csv"));
        check("application/json;q=0.2, text/csv;q=0.9", Some("text/csv"));
        check("text/html,application/xhtml+xml,*/*;q=0.8", Some("application/json"));
        check("*/*;q=0.5, application/json;q=0", Some("text/csv"));
        check("image/png", None);
        check(";;;,,,q=", None);
        assert_eq!(negotiate(&HeaderMap::new(), &["a/b"]).unwrap(), "a/b");
    }
}
