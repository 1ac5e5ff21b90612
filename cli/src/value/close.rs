//! What a close frame carries (RFC 6455, section 5.5.1).

use super::{
    Described, Form, Mistake, Notation, Scalar, Setting, choices,
    quantity::{begins_with_number, number_label},
};
use crate::diagnostic::code;
use std::borrow::Cow;

/// A close code that a server may send (RFC 6455, section 7.4).
#[derive(Clone, Copy, Debug)]
pub struct CloseCode(pub u16);

impl CloseCode {
    /// The server restarts: clients connect again.
    pub const SERVICE_RESTART: Self = Self(1012);
}

impl Described for CloseCode {
    const FORM: Form = Form::Notation(&Notation {
        name: "close code",
        doc: "A code that a server may send (RFC 6455, section 7.4); your own are from 4000 to 4999.",
        pattern: Some("^[0-9]{4}$"),
        numbers: &[1000..=1003, 1007..=1009, 1011..=1014, 3000..=4999],
        examples: &["1012", "1001", "4000"],
    });
}

impl Scalar for CloseCode {
    const MAY_BE_NUMBER: bool = true;

    fn parse(text: &str) -> Result<Self, Mistake> {
        let mistake = |label: &str| {
            Err(
                Mistake::new(code::BAD_CLOSE_CODE, format!("`{text}` is not a close code that a server may send"), label)
                    .help("use 1012 (service restart), 1001 (going away), or a code of your own from 4000 to 4999"),
            )
        };
        match text.parse::<u16>() {
            Ok(code @ (1000..=1003 | 1007..=1009 | 1011..=1014 | 3000..=4999))
                if begins_with_number(text) =>
            {
                Ok(Self(code))
            }
            Ok(1005 | 1006 | 1015) => mistake("means that there is no code, and is never sent"),
            Ok(1010) => mistake("only a client may send it"),
            Ok(1004 | 1016..=2999) => mistake("reserved by RFC 6455"),
            _ => mistake(number_label(text, "codes are numbers from 1000 to 4999")),
        }
    }
}

/// A close code that an application gives a meaning (RFC 6455, section 7.4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnCloseCode(pub u16);

impl OwnCloseCode {
    /// What a session is closed with that another one of the same user replaces.
    const REPLACED: u16 = 4000;
}

impl Described for OwnCloseCode {
    const FORM: Form = Form::Notation(&Notation {
        name: "own close code",
        doc: "A code to which your application gives a meaning: from 4001 to 4999, or from 3000 to 3999 if it is registered with IANA (RFC 6455, section 7.4.2).",
        pattern: Some("^[34][0-9]{3}$"),
        numbers: &[3000..=3999, 4001..=4999],
        examples: &["4001"],
    });
}

impl Scalar for OwnCloseCode {
    const MAY_BE_NUMBER: bool = true;

    fn parse(text: &str) -> Result<Self, Mistake> {
        let label = match text.parse::<u16>() {
            Ok(Self::REPLACED) => "means that another session has replaced this one",
            Ok(code @ 3000..=4999) if begins_with_number(text) => return Ok(Self(code)),
            Ok(1000..=2999) => "has a meaning already, or is reserved",
            _ => number_label(text, "codes are numbers from 3000 to 4999"),
        };
        let message = format!("`{text}` is not a close code that you can declare");
        Err(Mistake::new(code::BAD_CLOSE_CODE, message, label).help("choose one from 4001 to 4999"))
    }
}

choices! {
    /// What clients do after a close code.
    Retry {
        /// They do not connect again.
        Never = "never",
        /// They connect again after a pause, which grows with each failure.
        Later = "later",
        /// They connect again at once.
        Now = "now",
    }
}

impl Setting for CloseCode {
    type Resolved = u16;

    fn resolved(&self) -> u16 {
        self.0
    }

    fn written(&self) -> String {
        self.0.to_string()
    }
}

/// A close reason: UTF-8 text that fits into a close frame behind the code.
#[derive(Clone, Debug)]
pub struct Reason(pub Cow<'static, str>);

impl Reason {
    /// A control frame takes 125 bytes, the code two of them.
    const LONGEST: usize = 123;

    /// A reason of the format itself.
    #[must_use]
    pub const fn of(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl Described for Reason {
    const FORM: Form = Form::Notation(&Notation {
        name: "close reason",
        doc: "Text of at most 123 bytes, as a close frame takes it.",
        pattern: Some(r"^[\s\S]{0,123}$"),
        numbers: &[],
        examples: &["server is restarting"],
    });
}

impl Scalar for Reason {
    fn parse(text: &str) -> Result<Self, Mistake> {
        if text.len() > Self::LONGEST {
            let longest = (0..=Self::LONGEST)
                .rev()
                .find(|&end| text.is_char_boundary(end))
                .unwrap_or(0);
            return Err(Mistake::new(
                code::BAD_REASON,
                format!("a close reason of {} bytes is too long", text.len()),
                format!(
                    "does not fit into the {} bytes of a close frame",
                    Self::LONGEST
                ),
            )
            .within(longest..text.len())
            .help("shorten it, or send the long text as a message first (`notify: handle`)"));
        }
        Ok(Self(text.to_owned().into()))
    }
}

impl Setting for Reason {
    type Resolved = String;

    fn resolved(&self) -> String {
        self.0.clone().into_owned()
    }

    fn written(&self) -> String {
        self.0.clone().into_owned()
    }
}
