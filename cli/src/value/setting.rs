//! What the types of values have in common.

use super::{Form, Mistake};
use crate::{diagnostic::code, suggest};

/// A value of which it is known how it is written.
pub trait Described {
    /// How it is written.
    const FORM: Form;
}

/// A value that is written as one text or one number.
pub trait Scalar: Described + Sized {
    /// Whether it may be a number, in YAML's sense.
    const MAY_BE_NUMBER: bool = false;

    /// Reads the value from its text.
    ///
    /// # Errors
    ///
    /// When the text is not such a value.
    fn parse(text: &str) -> Result<Self, Mistake>;
}

/// A value of a key that has a default.
pub trait Setting {
    /// The value in plain types.
    type Resolved;

    /// The value in plain types.
    fn resolved(&self) -> Self::Resolved;

    /// The value as an author would write it.
    fn written(&self) -> String;
}

/// Declares a value that is one of a few choices.
macro_rules! choices {
    (
        $(#[doc = $doc:literal])+
        $Name:ident { $($(#[doc = $choice_doc:literal])+ $Variant:ident = $text:literal,)+ }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $Name {
            $($(#[doc = $choice_doc])+ $Variant,)+
        }

        impl $crate::value::Described for $Name {
            const FORM: $crate::value::Form = $crate::value::Form::Choices(&[
                $($crate::value::Choice { text: $text, doc: &[$($choice_doc),+] },)+
            ]);
        }

        impl $crate::value::Scalar for $Name {
            fn parse(text: &str) -> Result<Self, $crate::value::Mistake> {
                $crate::value::choose(text, &[$(($text, Self::$Variant)),+])
            }
        }

        impl $crate::value::Setting for $Name {
            type Resolved = Self;

            fn resolved(&self) -> Self {
                *self
            }

            fn written(&self) -> String {
                match self {
                    $(Self::$Variant => $text,)+
                }
                .to_owned()
            }
        }
    };
}

pub(crate) use choices;

/// One of a few choices.
///
/// # Errors
///
/// When the text is none of them.
pub fn choose<T: Copy>(text: &str, choices: &[(&str, T)]) -> Result<T, Mistake> {
    let found = choices.iter().find(|(choice, _)| *choice == text);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let texts: Vec<&str> = choices.iter().map(|(choice, _)| *choice).collect();
        Mistake::new(
            code::UNKNOWN_VALUE,
            format!("unknown value `{text}`"),
            format!("expected {}", suggest::alternatives(&texts)),
        )
        .help_if(suggest::closest(text, texts).map(|close| format!("did you mean `{close}`?")))
    })
}
