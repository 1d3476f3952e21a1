//! Values of parameters: how each is read and described.

use crate::api::problem::{Code, Fault};
use crate::store::filter::{LEAST_PREFIX, MOST_PREFIXES, MOST_WORDS, check_words};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn, ParameterStyle};
use utoipa::openapi::schema::{ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Required};

/// Longest value of any parameter, in bytes.
const MAX_VALUE: usize = 8192;
/// Most values of one parameter.
const MAX_VALUES: usize = 200;

/// Why a value cannot be understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bad {
    /// What is expected, beginning with "is not" or the like.
    pub detail: String,
    /// What would be allowed, where that is a closed list.
    pub allowed: Vec<String>,
}

impl From<String> for Bad {
    fn from(detail: String) -> Self {
        Self { detail, allowed: Vec::new() }
    }
}

impl From<&str> for Bad {
    fn from(detail: &str) -> Self {
        detail.to_owned().into()
    }
}

/// Why a parameter is refused.
pub type Refusal = Box<(Code, Fault)>;

/// One value of a parameter.
pub trait QueryValue: Sized {
    /// Reads it; the text is already decoded and free of U+0000.
    ///
    /// # Errors
    /// Says what is expected.
    fn parse(text: &str) -> Result<Self, Bad>;

    /// Describes it for OpenAPI.
    fn schema() -> Schema;
}

/// A whole parameter: one value or several.
pub trait QueryField: Sized {
    /// Reads all values given for `name`.
    ///
    /// # Errors
    /// Says what is wrong.
    fn read(name: &str, values: &[&str]) -> Result<Self, Refusal>;

    /// Describes it for OpenAPI.
    fn describe(name: &str, doc: &str) -> Parameter;
}

impl<T: QueryValue> QueryField for Option<T> {
    fn read(name: &str, values: &[&str]) -> Result<Self, Refusal> {
        match values {
            [] => Ok(None),
            [value] => read_value(name, value).map(Some),
            _ => Err(Box::new((Code::RepeatedParameter, Fault::parameter(name, "takes one value and was given more than once")))),
        }
    }

    fn describe(name: &str, doc: &str) -> Parameter {
        parameter(name, doc).schema(Some(T::schema())).build()
    }
}

impl<T: QueryValue> QueryField for Vec<T> {
    fn read(name: &str, values: &[&str]) -> Result<Self, Refusal> {
        let values: Vec<&str> = values.iter().flat_map(|v| v.split(',')).map(str::trim).collect();
        if values.len() > MAX_VALUES {
            return Err(Box::new((Code::InvalidParameter, Fault::parameter(name, format!("has more than {MAX_VALUES} values")))));
        }
        values.into_iter().map(|value| read_value(name, value)).collect()
    }

    fn describe(name: &str, doc: &str) -> Parameter {
        let schema = ArrayBuilder::new().items(RefOr::T(T::schema())).max_items(Some(MAX_VALUES)).build();
        parameter(name, doc).style(Some(ParameterStyle::Form)).explode(Some(true)).schema(Some(schema)).build()
    }
}

fn read_value<T: QueryValue>(name: &str, value: &str) -> Result<T, Refusal> {
    let parsed = if value.is_empty() {
        Err(Bad::from("is empty; leave the parameter out instead"))
    } else if value.len() > MAX_VALUE {
        Err(Bad::from(format!("is longer than {MAX_VALUE} bytes")))
    } else {
        T::parse(value)
    };
    parsed.map_err(|bad| {
        let fault = Fault::parameter(name, bad.detail);
        Box::new((Code::InvalidParameter, if bad.allowed.is_empty() { fault } else { fault.with_allowed(value, bad.allowed) }))
    })
}

fn parameter(name: &str, doc: &str) -> ParameterBuilder {
    let doc: Vec<&str> = doc.lines().map(str::trim).collect();
    ParameterBuilder::new().name(name).parameter_in(ParameterIn::Query).required(Required::False).description(Some(doc.join(" ").trim()))
}

/// A schema of one type, to build on.
pub fn schema(kind: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(kind)
}

impl QueryValue for String {
    fn parse(text: &str) -> Result<Self, Bad> {
        match text.trim() {
            "" => Err("is blank; leave the parameter out instead".into()),
            _ => Ok(text.to_owned()),
        }
    }

    fn schema() -> Schema {
        schema(Type::String).min_length(Some(1)).max_length(Some(MAX_VALUE)).build().into()
    }
}

/// Words to be looked for in the full-text index, no more than it can find in reasonable time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(pub String);

impl QueryValue for Words {
    fn parse(text: &str) -> Result<Self, Bad> {
        let words = String::parse(text)?;
        check_words(&words)?;
        Ok(Self(words))
    }

    fn schema() -> Schema {
        let limits = format!(
            "At most {MOST_WORDS} words, those in phrases counted; at most {MOST_PREFIXES} of them ending in `*`, with {LEAST_PREFIX} letters or more before it."
        );
        schema(Type::String).min_length(Some(1)).max_length(Some(MAX_VALUE)).description(Some(limits)).build().into()
    }
}

impl QueryValue for u32 {
    fn parse(text: &str) -> Result<Self, Bad> {
        // `parse` alone would take "+5".
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse().ok()).flatten().ok_or_else(|| "is not a whole number from 0 to 4294967295".into())
    }

    fn schema() -> Schema {
        let format = SchemaFormat::KnownFormat(KnownFormat::Int64);
        schema(Type::Integer).format(Some(format)).minimum(Some(0)).maximum(Some(u32::MAX)).build().into()
    }
}

impl QueryValue for bool {
    fn parse(text: &str) -> Result<Self, Bad> {
        match text {
            "true" | "1" | "yes" => Ok(true),
            "false" | "0" | "no" => Ok(false),
            _ => Err(Bad { detail: "is neither true nor false".to_owned(), allowed: vec!["true".to_owned(), "false".to_owned()] }),
        }
    }

    fn schema() -> Schema {
        schema(Type::Boolean).build().into()
    }
}

/// Declares a closed list of words that a parameter takes.
#[macro_export]
macro_rules! query_words {
    ($(#[doc = $doc:literal])* pub enum $Name:ident { $($(#[$meta:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub enum $Name { $($(#[$meta])* $variant),* }

        impl $Name {
            /// Every word, in order.
            pub const WORDS: &[&str] = &[$($word),*];
        }

        impl $crate::api::query::QueryValue for $Name {
            fn parse(text: &str) -> Result<Self, $crate::api::query::Bad> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err($crate::api::query::Bad {
                        detail: format!("\"{}\" is not one of: {}", text.chars().take(60).collect::<String>(), Self::WORDS.join(", ")),
                        allowed: Self::WORDS.iter().map(|&w| w.to_owned()).collect(),
                    }),
                }
            }

            fn schema() -> utoipa::openapi::schema::Schema {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some(Self::WORDS.iter().copied()))
                    .build()
                    .into()
            }
        }
    };
}
