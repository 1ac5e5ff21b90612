//! The settings of an endpoint, each with the value that holds.

use crate::{
    spec::{self, ConnectionsPer, keys::settings},
    value::{
        CloseCode, Count, Missed, Notify, Origins, Period, Rate, Reason, Setting, Size, Span,
        Switch, WithoutSubprotocol,
    },
};

/// The type of a setting's value.
macro_rules! resolved_type {
    ($Type:ty) => {
        $Type
    };
    ($Type:ty, $default:expr) => {
        <$Type as Setting>::Resolved
    };
}

/// The value that holds.
macro_rules! resolved_value {
    ($written:ident.$field:ident: $Type:ty) => {
        <$Type>::of(&$written.$field)
    };
    ($written:ident.$field:ident: $Type:ty, $default:expr) => {
        $written.$field()
    };
}

macro_rules! resolved {
    ($(
        $(#[doc = $doc:literal])+
        $Name:ident $what:literal {
            $(
                $(#[doc = $key_doc:literal])+
                $field:ident: $Type:ty $(= $default:expr)?;
            )*
        }
    )*) => { $(
        $(#[doc = $doc])+
        #[derive(Clone, Debug)]
        pub struct $Name {
            $($(#[doc = $key_doc])+ pub $field: resolved_type!($Type $(, $default)?),)*
        }

        impl $Name {
            /// The values that hold where the author has written `written`.
            #[must_use]
            pub fn of(written: &spec::$Name) -> Self {
                Self { $($field: resolved_value!(written.$field: $Type $(, $default)?),)* }
            }
        }
    )* };
}

settings!(resolved);

/// What holds where the spec says nothing.
impl Default for Policy {
    fn default() -> Self {
        Self::of(&spec::Policy::default())
    }
}
