//! What is to be generated, decided to the last word: templates only print it.
//!
//! Every value that lands in code is printable by its type ([`code::Code`], [`code::Str`], [`code::Comment`]), so that nothing a spec
//! says can break out of the place it is printed in.

pub mod code;

use code::{Code, Comment, Str};

/// Up to so many parts, a function is never too long for clippy's `too_many_lines`.
const SHORT: usize = 15;

/// Everything that a run generates.
#[derive(Debug)]
pub struct Project {
    /// The router of all specs and of the folders between them.
    pub folders: Vec<Folder>,
    /// One module for each spec.
    pub modules: Vec<Module>,
}

/// A module that only gathers others: `mod.rs`.
#[derive(Debug)]
pub struct Folder {
    /// Where it stands; empty: at the root.
    pub path: Vec<String>,
    /// What its folder is called.
    pub name: String,
    /// The modules in it.
    pub children: Vec<String>,
    /// The state of the router.
    pub state: State,
}

/// The module of one spec.
#[derive(Debug)]
pub struct Module {
    /// Where it stands.
    pub path: Vec<String>,
    /// The spec it comes from.
    pub source: Comment,
    /// What it is about, line by line.
    pub doc: Vec<Comment>,
    /// Modules of specs in the folder of the same name.
    pub children: Vec<String>,
    /// The lines of `use`, in groups.
    pub imports: Vec<Vec<String>>,
    /// The state of the router.
    pub state: State,
    /// The channels in use.
    pub channels: Vec<Channel>,
    /// The endpoints.
    pub endpoints: Vec<Endpoint>,
}

/// The axum state.
#[derive(Clone, Debug)]
pub struct State {
    /// The type.
    pub ty: Code,
    /// The type as people write it: tokens are printed with spaces between them.
    pub shown: Comment,
    /// Whether it is the runtime's own, which is the default.
    pub is_default: bool,
}

/// A channel: a constant or a function that tells its name.
#[derive(Debug)]
pub struct Channel {
    /// What the spec calls it.
    pub key: String,
    /// The constant or function.
    pub item: Code,
    /// The name as the spec writes it.
    pub pattern: Str,
    /// The same, for people.
    pub shown: Comment,
    /// The format string of the name; the name itself where it is fixed.
    pub format: Str,
    /// The placeholders, as parameters of the function.
    pub fills: Vec<Code>,
    /// Lints about the names of these parameters.
    pub lints: Vec<&'static str>,
    /// How far a subscriber may fall behind, where the spec says so.
    pub capacity: Option<Capacity>,
}

/// A named capacity.
#[derive(Clone, Debug)]
pub struct Capacity {
    /// The constant.
    pub item: Code,
    /// Its value.
    pub value: u32,
}

/// An endpoint.
#[derive(Debug)]
pub struct Endpoint {
    /// What the spec calls it, and the function of phase one.
    pub name: Code,
    /// The start of its type names.
    pub camel: Code,
    /// What it is for, line by line.
    pub doc: Vec<Comment>,
    /// Where it is mounted, for people.
    pub path: Comment,
    /// The same as a literal.
    pub route: Str,
    /// What listeners hear and what a message does, for the module's table.
    pub summary: Summary,
    /// What holds for every connection.
    pub rules: Rules,
    /// The struct of path params.
    pub path_params: Deserialized,
    /// The struct of query fields.
    pub query: Deserialized,
    /// Other extractors.
    pub extract: Vec<Extract>,
    /// Whether they are gathered into one tuple, so that the function does not have too many parameters.
    pub extract_in_tuple: bool,
    /// Lints about the names and types of what phase one extracts.
    pub lints: Vec<&'static str>,
    /// Whether the application's state is extracted.
    pub needs_state: bool,
    /// Whether the runtime's part of a state of the user's own is extracted.
    pub needs_ws: bool,
    /// The channels it listens to.
    pub subscriptions: Vec<Subscription>,
    /// The name of the channel that it both listens and publishes to, where making it takes a call.
    pub topic: Option<Code>,
    /// The channel it publishes to.
    pub publishes: Option<ChannelUse>,
    /// The user's code.
    pub handler: Option<Handler>,
    /// What is done about each event.
    pub arms: Vec<Arm>,
}

/// Cells of the table at the top of a module.
#[derive(Debug)]
pub struct Summary {
    /// The channels it listens to.
    pub hears: String,
    /// What becomes of a client's message.
    pub message: String,
}

/// A struct that is deserialized from the request.
#[derive(Debug)]
pub struct Deserialized {
    /// Its fields; none: it is not extracted.
    pub fields: Vec<Field>,
    /// How many of them are used; the others are there to be checked.
    pub used: usize,
    /// Lints about the names and types of fields, which here are the client's.
    pub lints: Vec<&'static str>,
}

/// The constants of an endpoint, as Rust expressions.
#[derive(Debug)]
pub struct Rules {
    /// The name in logs and metrics.
    pub name: Str,
    /// Whose pages may connect.
    pub origins: Code,
    /// The kinds of message it takes.
    pub accept: Code,
    /// The subprotocols it speaks.
    pub subprotocols: Vec<Str>,
    /// Bytes.
    pub message_size: Code,
    /// The interval of pings.
    pub heartbeat: Code,
    /// How long a client may be silent.
    pub idle: Code,
    /// How long a client may take nothing.
    pub send_timeout: Code,
    /// How many connections there may be.
    pub connections: Code,
    /// What happens to a client that has missed messages, where it is not closed.
    pub lag: Option<Code>,
    /// What happens where messages of other replicas may be missing, where that does not close.
    pub gap: Option<Code>,
    /// The close code on shutdown.
    pub shutdown_code: Code,
    /// The close reason on shutdown.
    pub shutdown_reason: Str,
    /// How long goodbye may take.
    pub drain: Code,
}

/// A field of a struct that is deserialized.
#[derive(Debug)]
pub struct Field {
    /// Its name in Rust.
    pub ident: Code,
    /// Its name on the wire, where that is another.
    pub rename: Option<Str>,
    /// Its type.
    pub ty: Code,
    /// Its value where the client gives none.
    pub default: Option<FieldDefault>,
}

/// The default of a query field.
#[derive(Debug)]
pub struct FieldDefault {
    /// The function that yields it.
    pub function: Code,
    /// The path of that function, for serde.
    pub path: Str,
    /// The value.
    pub value: Code,
    /// Lints about the value.
    pub lints: Vec<&'static str>,
}

/// An extractor.
#[derive(Debug)]
pub struct Extract {
    /// What its value is called.
    pub ident: Code,
    /// Its type.
    pub ty: Code,
}

/// A channel as an endpoint uses it.
#[derive(Debug)]
pub struct ChannelUse {
    /// The label under which its messages arrive.
    pub label: Str,
    /// Whether its name is made by a call.
    pub is_made: bool,
    /// The constant that is its name, or a call of the function that makes it.
    pub name: Code,
}

/// A channel that an endpoint listens to.
#[derive(Debug)]
pub struct Subscription {
    /// The channel.
    pub channel: ChannelUse,
    /// How far it may fall behind, where the spec says so.
    pub capacity: Option<Capacity>,
    /// Its messages go to the client without passing the event loop.
    pub is_relayed: bool,
}

/// The user's code behind an endpoint.
#[derive(Debug)]
pub struct Handler {
    /// The trait.
    pub trait_name: Code,
    /// The user's type, in the user's module.
    pub ty: Code,
    /// The methods of phase two.
    pub methods: Vec<Method>,
    /// The fields of the request struct, and where each comes from.
    pub request: Vec<RequestField>,
    /// Lints about the names and types of these fields.
    pub lints: Vec<&'static str>,
}

/// A method of a handler trait.
#[derive(Clone, Debug)]
pub struct Method {
    /// What it is called.
    pub name: Code,
    /// What calls it.
    pub kind: MethodKind,
}

/// What calls a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MethodKind {
    /// The socket is open.
    Open,
    /// A message of the client.
    Message,
    /// A message of the channel.
    Channel(String),
    /// A message of a channel that the user's code has subscribed to itself.
    OwnChannel,
    /// Messages were missed.
    Lag,
    /// Messages of other replicas may be missing.
    Gap,
    /// The server shuts down.
    Shutdown,
    /// The session is over.
    Close,
}

/// A field of the struct that `open` gets.
#[derive(Debug)]
pub struct RequestField {
    /// Its name.
    pub ident: Code,
    /// Its type.
    pub ty: Code,
    /// Where it comes from, for its doc.
    pub doc: Comment,
    /// The expression that fills it; `None`: a variable of the same name.
    pub from: Option<Code>,
}

/// What is done about one kind of event.
#[derive(Debug)]
pub struct Arm {
    /// Why, for the reader.
    pub comment: Comment,
    /// Which event.
    pub pattern: Pattern,
    /// What is done.
    pub action: Action,
}

/// A pattern of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// A message of the client.
    Message,
    /// A message of this channel.
    Channel(Str),
    /// A message of any other channel, with the channel's label.
    LabelledChannel,
    /// Messages were missed.
    Lagged,
    /// Messages of other replicas may be missing.
    Gap,
    /// The server shuts down.
    Shutdown,
}

/// What is done about an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The message goes to the client.
    Send,
    /// The message goes to the channel.
    Publish,
    /// The user's method gets it.
    Handle(Code),
    /// The user's method, then the socket is closed.
    HandleGoodbye,
}

impl Endpoint {
    /// Whether a query field has a default.
    #[must_use]
    pub fn has_defaults(&self) -> bool {
        self.query
            .fields
            .iter()
            .any(|field| field.default.is_some())
    }

    /// Whether its event loop may be longer than clippy likes.
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.subscriptions.len() > SHORT
    }

    /// Whether it relays a channel.
    #[must_use]
    pub fn relays(&self) -> bool {
        let mut subscriptions = self.subscriptions.iter();
        subscriptions.any(|subscription| subscription.is_relayed)
    }

    /// Whether it listens or publishes.
    #[must_use]
    pub fn touches_channels(&self) -> bool {
        !self.subscriptions.is_empty() || self.publishes.is_some()
    }
}

impl Module {
    /// Whether its router may be longer than clippy likes.
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.endpoints.len() > SHORT
    }

    /// Whether the module itself has this name.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.path.last().is_some_and(|last| last == name)
    }
}

impl Arm {
    /// What the pattern calls the event's values.
    #[must_use]
    pub fn binding(&self) -> &'static str {
        match self.pattern {
            Pattern::Lagged => "lagged",
            Pattern::Gap => "channel",
            Pattern::LabelledChannel => "channel, message",
            _ => "message",
        }
    }
}
