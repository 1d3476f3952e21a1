//! Shown answers made anew from real ones: the same members and as many items as before, with today's values, laid out the same way.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// Columns of the guide.
const WIDTH: usize = 120;

/// JSON whose members keep the order in which they are written.
#[derive(Clone, Debug)]
pub enum Shown {
    Scalar(Value),
    Array(Vec<Shown>),
    Object(Vec<(String, Shown)>),
}

/// Ids that the guide shows and those that took their place; later requests may ask for them.
#[derive(Default)]
pub struct Ids(BTreeMap<String, String>);

impl Ids {
    /// Text with each id replaced by that which took its place.
    pub fn renew(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (old, new)| text.replace(old, new))
    }

    fn note(&mut self, old: &str, new: &str) {
        let kind = |id: &str| id.split_once('_').map(|(kind, _)| kind.to_owned()).filter(|kind| matches!(kind.as_str(), "inc" | "doc" | "stm" | "act" | "plc"));
        if old != new && !old.contains(' ') && kind(old).is_some() && kind(old) == kind(new) {
            self.0.entry(old.to_owned()).or_insert_with(|| new.to_owned());
        }
    }
}

/// The shown JSON with the values of the real one. What the real one lacks stays as it is, for the comparison to find.
pub fn json(shown: &Shown, real: &Value, ids: &mut Ids) -> Shown {
    match (shown, real) {
        (Shown::Object(members), Value::Object(known)) => {
            let renewed = |(name, value): &(String, Shown)| {
                let value = known.get(name).map_or_else(|| value.clone(), |real| json(value, real, ids));
                (name.clone(), value)
            };
            Shown::Object(members.iter().map(renewed).collect())
        }
        (Shown::Array(items), Value::Array(known)) if known.is_empty() && !items.is_empty() => shown.clone(),
        (Shown::Array(items), Value::Array(known)) => Shown::Array(items.iter().zip(known).map(|(item, real)| json(item, real, ids)).collect()),
        (Shown::Scalar(Value::String(old)), Value::String(new)) => {
            ids.note(old, new);
            whole(real)
        }
        _ => whole(real),
    }
}

/// As many lines of the real text as are shown.
pub fn lines(shown: &str, real: &str) -> String {
    real.lines().take(shown.trim_end().lines().count()).collect::<Vec<_>>().join("\n")
}

fn whole(value: &Value) -> Shown {
    match value {
        Value::Array(items) => Shown::Array(items.iter().map(whole).collect()),
        Value::Object(members) => Shown::Object(members.iter().map(|(name, value)| (name.clone(), whole(value))).collect()),
        scalar => Shown::Scalar(scalar.clone()),
    }
}

impl Shown {
    /// The text of it: on one line where it fits, else with as many members on each line as fit.
    pub fn text(&self) -> String {
        self.block(0, 0)
    }

    /// `indent` columns before each line, `used` on the first.
    fn block(&self, indent: usize, used: usize) -> String {
        let line = self.line();
        if used.max(indent) + width(&line) < WIDTH {
            return line;
        }
        let (open, close, parts) = match self {
            Self::Scalar(_) => return line,
            Self::Array(items) => ('[', ']', items.iter().map(|item| (String::new(), item)).collect::<Vec<_>>()),
            Self::Object(members) => ('{', '}', members.iter().map(|(name, value)| (format!("{}: ", quoted(name)), value)).collect()),
        };
        let inner = indent + 2;
        let mut rows: Vec<String> = Vec::new();
        let mut is_open = false;
        for (n, (name, value)) in parts.iter().enumerate() {
            let comma = if n + 1 < parts.len() { "," } else { "" };
            let text = format!("{name}{}{comma}", value.block(inner, inner + width(name)));
            let fits = rows.last().is_some_and(|row| inner + width(row) + 1 + width(&text) <= WIDTH);
            let is_line = !text.contains('\n');
            match rows.last_mut() {
                Some(row) if is_open && is_line && fits => *row = format!("{row} {text}"),
                _ => rows.push(text),
            }
            is_open = is_line;
        }
        let pad = " ".repeat(inner);
        let body: String = rows.iter().map(|row| format!("\n{pad}{row}")).collect();
        format!("{open}{body}\n{}{close}", " ".repeat(indent))
    }

    fn line(&self) -> String {
        match self {
            Self::Scalar(value) => value.to_string(),
            Self::Array(items) => format!("[{}]", items.iter().map(Self::line).collect::<Vec<_>>().join(", ")),
            Self::Object(members) => {
                format!("{{{}}}", members.iter().map(|(name, value)| format!("{}: {}", quoted(name), value.line())).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn quoted(name: &str) -> Value {
    Value::from(name)
}

impl<'de> Deserialize<'de> for Shown {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Shown;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Shown, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Shown::Object(members))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Shown, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Shown::Array(items))
            }

            fn visit_unit<E>(self) -> Result<Shown, E> {
                Ok(Shown::Scalar(Value::Null))
            }

            fn visit_bool<E>(self, value: bool) -> Result<Shown, E> {
                Ok(Shown::Scalar(value.into()))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Shown, E> {
                Ok(Shown::Scalar(value.into()))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Shown, E> {
                Ok(Shown::Scalar(value.into()))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Shown, E> {
                Ok(Shown::Scalar(value.into()))
            }

            fn visit_str<E>(self, value: &str) -> Result<Shown, E> {
                Ok(Shown::Scalar(value.into()))
            }
        }
        deserializer.deserialize_any(InOrder)
    }
}
