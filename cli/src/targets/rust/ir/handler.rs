//! The user's code behind an endpoint.

use super::tokens::{Comment, Tokens};

/// The user's code behind an endpoint.
#[derive(Debug)]
pub struct Handler {
    /// The trait.
    pub trait_name: Tokens,
    /// The user's type, in the user's module.
    pub ty: Tokens,
    /// The methods.
    pub methods: Vec<Method>,
    /// The fields of the request struct, and where each comes from.
    pub request: Vec<RequestField>,
    /// Whether clippy may object to the names and types of these fields.
    pub allows: bool,
    /// Whether other replicas are heard before `open`.
    pub joins: bool,
}

/// A method of a handler trait.
#[derive(Clone, Debug)]
pub struct Method {
    /// What it is called.
    pub name: Tokens,
    /// What calls it.
    pub kind: MethodKind,
    /// What a first version of it needs of the runtime; `None`: it has a default.
    pub needs: Option<Vec<&'static str>>,
    /// What it needs of the generated module.
    pub beside: Vec<String>,
}

/// What calls a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MethodKind {
    /// A request to connect.
    Open,
    /// The socket is open.
    Opened,
    /// A message of the client.
    Message,
    /// A message of the channel, of this type.
    Channel(Tokens, Tokens),
    /// A message of a kind that the spec declares.
    Kind(Said),
    /// The same, and the method answers with this.
    Request(Said, Tokens),
    /// The same, and the method answers with this, in parts.
    Stream(Said, Tokens),
    /// A binary frame.
    Binary,
    /// A message of a channel that the user's code has subscribed to itself.
    OwnChannel,
    /// Messages were missed.
    Lag,
    /// Messages of other replicas may be missing.
    Gap,
    /// The endpoint's period has passed.
    Tick,
    /// The server shuts down.
    Shutdown,
    /// The session is over.
    Close,
}

/// A message that a method gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What the spec calls it.
    pub kind: Comment,
    /// What the method calls it.
    pub parameter: Tokens,
    /// Its type.
    pub ty: Tokens,
}

/// A field of the struct that `open` gets.
#[derive(Debug)]
pub struct RequestField {
    /// Its name.
    pub ident: Tokens,
    /// Its type.
    pub ty: Tokens,
    /// Where it comes from, for its doc.
    pub doc: Comment,
    /// The expression that fills it; `None`: a variable of the same name.
    pub from: Option<Tokens>,
}
