//! The choices that a policy has.

use super::{Choice, Described, Form, MOST_ENTRIES, Origin, Setting, choices};
use crate::place::At;

choices! {
    /// The kinds of message an endpoint takes.
    MessageKind {
        /// Text messages.
        Text = "text",
        /// Binary messages.
        Binary = "binary",
    }
}

/// The kinds of message an endpoint takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// Text only.
    Text,
    /// Binary only.
    Binary,
    /// Both.
    TextAndBinary,
}

impl Described for Accept {
    const FORM: Form = Form::Either(&[
        MessageKind::FORM,
        Form::List {
            element: &MessageKind::FORM,
            distinct: false,
            least: 1,
            most: MOST_ENTRIES,
        },
    ]);
}

impl Setting for Accept {
    type Resolved = Self;

    fn resolved(&self) -> Self {
        *self
    }

    fn written(&self) -> String {
        match self {
            Self::Text => "text",
            Self::Binary => "binary",
            Self::TextAndBinary => "[text, binary]",
        }
        .to_owned()
    }
}

choices! {
    /// Whether the messages of the format itself are in use.
    BuiltIn {
        /// They are.
        On = "on",
        /// They are not.
        Off = "off",
    }
}

choices! {
    /// What happens to a client that sends what is not accepted.
    OnInvalid {
        /// It is answered with the places that are wrong.
        Reply = "reply",
        /// The connection is closed with 1008.
        Close = "close",
    }
}

/// A limit that can be switched off.
#[derive(Clone, Debug)]
pub enum Switch<T> {
    /// No limit.
    Off,
    /// This limit.
    On(T),
}

/// The word that switches a limit off.
pub const OFF: Form = Form::Choices(&[Choice {
    text: "off",
    doc: &["No limit."],
}]);

impl<T: Described> Described for Switch<T> {
    const FORM: Form = Form::Either(&[T::FORM, OFF]);
}

impl<T: Setting> Setting for Switch<T> {
    type Resolved = Option<T::Resolved>;

    fn resolved(&self) -> Self::Resolved {
        match self {
            Self::Off => None,
            Self::On(value) => Some(value.resolved()),
        }
    }

    fn written(&self) -> String {
        match self {
            Self::Off => "off".to_owned(),
            Self::On(value) => value.written(),
        }
    }
}

choices! {
    /// Whose pages may connect, in one word.
    OriginsChoice {
        /// Those of the host that serves the socket.
        Same = "same",
        /// Those that the application allows at run time.
        Configured = "configured",
        /// Everybody's.
        Any = "any",
    }
}

choices! {
    /// Pages that a list of origins may name in a word.
    ListedPages {
        /// Those of the host that serves the socket.
        Same = "same",
        /// Those that the application allows at run time.
        Configured = "configured",
    }
}

/// Whose pages may connect.
#[derive(Clone, Debug)]
pub enum Origins {
    /// Those of the host that serves the socket, and those that the application allows at run time.
    Own,
    /// Those of the host that serves the socket.
    Same,
    /// Everybody's.
    Any,
    /// Those of these origins, among them `same` and `configured`.
    Only(Vec<At<Origin>>),
}

impl Described for Origins {
    const FORM: Form = Form::Either(&[
        OriginsChoice::FORM,
        Origin::FORM,
        Form::List {
            element: &Form::Either(&[ListedPages::FORM, Origin::FORM]),
            distinct: false,
            least: 1,
            most: MOST_ENTRIES,
        },
    ]);
}

impl Origins {
    /// Whose pages a list names.
    pub fn listed(origins: Vec<At<Origin>>) -> Self {
        let names: Vec<&str> = origins.iter().map(|at| at.value.0.as_str()).collect();
        match *names {
            ["same"] => Self::Same,
            ["same", "configured"] | ["configured", "same"] => Self::Own,
            _ => Self::Only(origins),
        }
    }
}

impl Setting for Origins {
    type Resolved = Self;

    fn resolved(&self) -> Self {
        self.clone()
    }

    fn written(&self) -> String {
        match self {
            Self::Own => "[same, configured]".to_owned(),
            Self::Same => OriginsChoice::Same.written(),
            Self::Any => OriginsChoice::Any.written(),
            Self::Only(origins) => {
                let origins: Vec<&str> = origins.iter().map(|at| at.value.0.as_str()).collect();
                format!("[{}]", origins.join(", "))
            }
        }
    }
}

choices! {
    /// What happens to a client that speaks none of the endpoint's subprotocols.
    WithoutSubprotocol {
        /// It gets a socket without a subprotocol.
        Open = "open",
        /// It gets 400.
        Refuse = "refuse",
    }
}

choices! {
    /// What happens to a client that has missed messages of a channel, or may have.
    Missed {
        /// It is closed and may reconnect.
        Close = "close",
        /// It continues without what it missed.
        Skip = "skip",
        /// The user's code decides.
        Handle = "handle",
    }
}

choices! {
    /// What happens first when the server shuts down.
    Notify {
        /// The close frame is sent.
        Close = "close",
        /// The user's code runs, then the close frame is sent.
        Handle = "handle",
    }
}

choices! {
    /// Who gets the messages of a subscribed channel.
    Delivery {
        /// The client, as they are.
        Relay = "relay",
        /// The user's code.
        Handle = "handle",
        /// Your code joins and leaves the channel at run time: `session.join(symbol_channel("ACME"))`.
        OnDemand = "on_demand",
    }
}

choices! {
    /// How a web page gets to know that its request is refused.
    Refuse {
        /// On a socket that is closed at once, with 4000 and the status.
        Close = "close",
        /// By the status, which it cannot see.
        Status = "status",
    }
}

choices! {
    /// What happens to one connection more than there may be.
    Over {
        /// Its request gets 429.
        Refuse = "refuse",
        /// The oldest one is closed with 4000.
        Oldest = "oldest",
    }
}

choices! {
    /// Who does not hear a message that is published.
    Except {
        /// The client that has sent it.
        Myself = "self",
    }
}

choices! {
    /// Who decides whether a client may connect.
    Open {
        /// The user's code.
        Handle = "handle",
    }
}
