//! The query string: strict, and described by the same declaration that reads it.
//!
//! [`query!`](crate::query) declares a set of parameters once; from it come the fields, the reading, and the OpenAPI description, so the
//! documentation cannot differ from what is accepted. A handler takes `Query<(Filter, Paging)>`.

mod params;
mod value;

pub use params::{Params, encode};
pub use value::{Bad, QueryField, QueryValue, Refusal, Words, schema};

use super::problem::{Code, Fault, Problem};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

/// A set of parameters.
pub trait FromQuery: Sized {
    /// Names of all parameters.
    fn names() -> Vec<&'static str>;

    /// Reads them; `None` where a fault was noted.
    fn read(reader: &mut Reader<'_>) -> Option<Self>;
}

/// Reads parameters and notes what is wrong, so that all faults are told at once.
#[derive(Debug)]
pub struct Reader<'a> {
    params: &'a Params,
    faults: Vec<(Code, Fault)>,
}

impl Reader<'_> {
    /// Reads one parameter.
    pub fn field<F: QueryField>(&mut self, name: &'static str) -> Option<F> {
        let values: Vec<&str> = self.params.all(name).collect();
        F::read(name, &values).map_err(|refusal| self.faults.push(*refusal)).ok()
    }
}

/// Extracts declared parameters; any other parameter, and any bad value, is refused.
#[derive(Clone, Debug)]
pub struct Query<T>(pub T);

impl<T: FromQuery> Query<T> {
    /// Reads a decoded query string.
    ///
    /// # Errors
    /// Names every parameter that is unknown or wrong.
    pub fn from_params(params: &Params) -> Result<T, Problem> {
        let names = T::names();
        let mut unknown: Vec<Fault> = Vec::new();
        for name in params.names() {
            if !names.contains(&name) && !unknown.iter().any(|f| f.parameter.as_deref() == Some(name)) {
                let mut allowed = names.clone();
                allowed.sort_unstable();
                unknown.push(Fault::parameter(name, "is not a parameter of this endpoint").with_allowed(name, allowed));
            }
        }
        if !unknown.is_empty() {
            return Err(Problem::of(Code::UnknownParameter, unknown));
        }
        let mut reader = Reader { params, faults: Vec::new() };
        let read = T::read(&mut reader);
        match (read, reader.faults.first().map(|(code, _)| *code)) {
            (Some(value), None) => Ok(value),
            (_, code) => {
                let faults = reader.faults.into_iter().map(|(_, fault)| fault).collect();
                Err(Problem::of(code.unwrap_or(Code::InvalidParameter), faults))
            }
        }
    }
}

impl<S: Sync, T: FromQuery> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let params = Params::parse(parts.uri.query().unwrap_or(""))?;
        Self::from_params(&params).map(Self)
    }
}

impl FromQuery for () {
    fn names() -> Vec<&'static str> {
        Vec::new()
    }

    fn read(_: &mut Reader<'_>) -> Option<Self> {
        Some(())
    }
}

macro_rules! tuples {
    ($($name:ident)*) => {
        impl<$($name: FromQuery),*> FromQuery for ($($name,)*) {
            fn names() -> Vec<&'static str> {
                [$($name::names()),*].concat()
            }

            fn read(reader: &mut Reader<'_>) -> Option<Self> {
                // Each is read before any failure returns, so that all faults are noted.
                let all = ($($name::read(reader),)*);
                #[expect(non_snake_case, reason = "the type parameters' names name the values too")]
                let ($($name,)*) = all;
                Some(($($name?,)*))
            }
        }
    };
}
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);

/// Declares a set of query parameters: fields are `Option<T>` (one value) or `Vec<T>` (several, repeated or with commas between),
/// `T: QueryValue`.
#[macro_export]
macro_rules! query {
    ($(#[doc = $doc:literal])* pub struct $Name:ident { $($(#[doc = $field_doc:literal])* $field:ident : $type:ty),* $(,)? }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Default)]
        pub struct $Name { $($(#[doc = $field_doc])* pub $field: $type),* }

        impl $crate::api::query::FromQuery for $Name {
            fn names() -> Vec<&'static str> {
                vec![$(stringify!($field).trim_start_matches("r#")),*]
            }

            fn read(reader: &mut $crate::api::query::Reader<'_>) -> Option<Self> {
                // Each field is read before any failure returns, so that all faults are noted.
                $(let $field = reader.field::<$type>(stringify!($field).trim_start_matches("r#"));)*
                Some(Self { $($field: $field?),* })
            }
        }

        impl utoipa::IntoParams for $Name {
            fn into_params(_: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>) -> Vec<utoipa::openapi::path::Parameter> {
                vec![$(
                    <$type as $crate::api::query::QueryField>::describe(
                        stringify!($field).trim_start_matches("r#"),
                        concat!($($field_doc, "\n"),*),
                    )
                ),*]
            }
        }
    };
}
