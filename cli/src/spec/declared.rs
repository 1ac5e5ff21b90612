//! The structs that the table of keys declares, and what is known of their keys.

use super::{
    ChannelParam, Close, ConnectionsPer, Extract, Field, Filling, FromClient, Json, Kinds, Member,
    Message, Number, OnMessage, Param, QueryField, Subscribe, ToClient, TypeEntry, TypeExpr,
    Variants,
    keys::{records, settings},
};
use crate::{
    place::{At, SourceId},
    value::{
        Accept, BuiltIn, ChannelName, CloseCode, Count, Described, Except, ForeignType, Form,
        Given, Key, Lengths, Missed, Name, Notify, OnInvalid, Open, Origins, Others, Over,
        ParamType, Period, QueryType, Rate, Reason, Refuse, Retry, RoutePath, RustType, Section,
        Setting, Size, Span, SpecPath, Subprotocol, Switch, TypeName, Version, WireName,
        WithoutSubprotocol,
    },
};

/// A mapping whose keys are the format's own.
pub trait Keyed {
    /// Its keys.
    const SECTION: &'static Section;
}

/// The type of a key's field: the value and its place where the key has a default.
macro_rules! field {
    ($Type:ty) => { $Type };
    ($Type:ty, $default:expr) => { Option<At<$Type>> };
}

/// The key of a field.
macro_rules! key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $key:literal) => {
        $key
    };
}

/// The first of what is given, or `None`.
macro_rules! option {
    () => {
        None
    };
    ($value:expr) => {
        Some($value)
    };
}

/// Structs of the sections, each with its place in [`Form`]s.
macro_rules! declared {
    ($(
        $(#[doc = $doc:literal])+
        $Name:ident $(($($id:ident: $Id:ty)?))? $what:literal {
            $(
                $(#[doc = $key_doc:literal])+
                $field:ident $(as $key:literal)?: $Type:ty $(= $default:expr)? $(, required $help:literal)?;
            )*
            $(..$shared:ident: $Shared:ty;)?
            $(+ $others:ident: $Others:ty, $others_doc:literal;)?
        }
    )*) => { $(
        $(#[doc = $doc])+
        #[derive(Debug)]
        #[allow(dead_code, reason = "some keys only have to be right")]
        pub struct $Name {
            $($(
                /// Which one it is.
                pub $id: $Id,
            )?)?
            $($(#[doc = $key_doc])+ pub $field: field!($Type $(, $default)?),)*
            $(
                /// The settings, with the spec's defaults where the author says nothing.
                pub $shared: $Shared,
            )?
            $(#[doc = $others_doc] pub $others: $Others,)?
        }

        impl Keyed for $Name {
            const SECTION: &'static Section = &Section {
                name: stringify!($Name),
                what: $what,
                doc: &[$($doc),+],
                own: &[$(Key {
                    name: key!($field $($key)?),
                    doc: &[$($key_doc),+],
                    form: <field!($Type $(, $default)?) as Described>::FORM,
                    default: option!($(|| Setting::written(&{ let default: $Type = $default; default }))?),
                    required: option!($($help)?),
                },)*],
                shared: option!($(<$Shared as Keyed>::SECTION)?),
                others: option!($(Others {
                    doc: &[$others_doc],
                    form: <$Others as Described>::FORM,
                })?),
            };
        }

        impl Described for $Name {
            const FORM: Form = Form::Section(Self::SECTION);
        }

        impl $Name {
            $($(
                /// The value of the key, or its default.
                #[must_use]
                pub fn $field(&self) -> <$Type as Setting>::Resolved {
                    let default: $Type = $default;
                    self.$field.as_ref().map_or(&default, |at| &at.value).resolved()
                }
            )?)*
        }
    )* };
}

/// How settings override others.
macro_rules! overriding {
    ($(
        $(#[doc = $doc:literal])+
        $Name:ident $what:literal {
            $(
                $(#[doc = $key_doc:literal])+
                $field:ident: $Type:ty $(= $default:expr)?;
            )*
        }
    )*) => { $(
        impl Default for $Name {
            fn default() -> Self {
                Self { $($field: Default::default(),)* }
            }
        }

        impl Override for $Name {
            fn over(&self, defaults: &Self) -> Self {
                Self { $($field: self.$field.over(&defaults.$field),)* }
            }
        }
    )* };
}

settings!(declared);
records!(declared);
settings!(overriding);

/// Settings that can be left to defaults.
pub trait Override {
    /// These settings, and `defaults` for what they leave open.
    #[must_use]
    fn over(&self, defaults: &Self) -> Self;
}

impl<T: Clone> Override for Option<At<T>> {
    fn over(&self, defaults: &Self) -> Self {
        self.as_ref().or(defaults.as_ref()).cloned()
    }
}
