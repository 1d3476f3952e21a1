//! By which way something was said: a telephone call, a statement sent out, a video, a channel on the internet.

/// Code of the channel that a noun phrase names ("its Telegram channel", "a video message"); `None` where it names none.
///
/// Codes: `telegram`, `whatsapp`, `social_media`, `website`, `video`, `audio`, `phone`, `email`, `radio`, `leaflet`, `statement`, `press`.
pub fn of_words(words: &str) -> Option<&'static str> {
    let lower = words.to_lowercase();
    let parts: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|w| !w.is_empty()).collect();
    let has = |list: &[&str]| parts.iter().any(|p| list.contains(p) || p.strip_suffix('s').is_some_and(|one| list.contains(&one)));
    // The more telling word first: "a statement on Telegram", "a video message".
    const KINDS: [(&str, &[&str]); 12] = [
        ("telegram", &["telegram"]),
        ("whatsapp", &["whatsapp"]),
        ("social_media", &["twitter", "facebook", "instagram", "youtube", "tweet", "tiktok"]),
        ("website", &["website", "web-site", "online", "internet", "blog"]),
        ("video", &["video", "videotape", "footage"]),
        ("audio", &["audio", "audiotape", "recording"]),
        ("phone", &["phone", "telephone", "sms", "text-message"]),
        ("email", &["e-mail", "email"]),
        ("radio", &["radio", "broadcast"]),
        ("leaflet", &["leaflet", "pamphlet", "poster", "letter", "handbill"]),
        ("statement", &["statement", "communique", "communiqu\u{e9}", "message", "release"]),
        ("press", &["interview", "newspaper", "press-conference"]),
    ];
    KINDS.iter().find(|(_, list)| has(list)).map(|(code, _)| *code)
}

#[cfg(test)]
mod tests {
    use super::of_words;

    #[test]
    fn the_more_telling_word_decides() {
        assert_eq!(of_words("its Telegram channel"), Some("telegram"));
        assert_eq!(of_words("a video message"), Some("video"));
        assert_eq!(of_words("a one-line message"), Some("statement"));
        assert_eq!(of_words("phone calls"), Some("phone"));
        assert_eq!(of_words("the market"), None);
    }
}
