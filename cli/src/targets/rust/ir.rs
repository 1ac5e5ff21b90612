//! What is to be generated, decided to the last word: templates only print it.
//!
//! Every value that lands in code is printable by its type ([`tokens::Tokens`], [`tokens::Str`], [`tokens::Comment`]), so that
//! nothing a spec says can break out of the place it is printed in.

mod handler;
pub mod incoming;
pub mod messages;
pub mod tokens;
pub mod typed;

pub use handler::{Handler, Method, MethodKind, RequestField, Said};

use tokens::{Comment, Str, Tokens};

/// Everything that a run generates.
#[derive(Debug)]
pub struct Project {
    /// The router of all specs and of the folders between them.
    pub folders: Vec<Folder>,
    /// One module for each spec.
    pub modules: Vec<Module>,
    /// The messages of specs.
    pub messages: Vec<messages::Messages>,
    /// What the package calls the crates that generated code uses.
    pub crates: Crates,
    /// Files are included by a macro, where no inner attribute may stand.
    pub is_included: bool,
}

/// Paths to the crates that generated code uses.
#[derive(Debug)]
pub struct Crates {
    /// The runtime.
    pub autumn_ws: Tokens,
    /// axum.
    pub axum: Tokens,
    /// serde.
    pub serde: Tokens,
    /// The same for serde's derive, which would not find it under this path.
    pub serde_elsewhere: Option<Str>,
}

/// A module that only gathers others: `mod.rs`.
#[derive(Debug)]
pub struct Folder {
    /// Where it stands; empty: at the root.
    pub path: Vec<String>,
    /// The modules in it.
    pub children: Vec<Child>,
    /// The state of the router.
    pub state: State,
}

/// A module in a folder, or below the module of a spec.
#[derive(Debug)]
pub struct Child {
    /// What it is called.
    pub name: Tokens,
    /// Whether the module that declares it has the same name.
    pub is_namesake: bool,
    /// Whether generated code declares it; else a person does.
    pub is_declared: bool,
}

/// The module of one spec.
#[derive(Debug)]
pub struct Module {
    /// Where it stands.
    pub path: Vec<String>,
    /// The spec it comes from.
    pub source: Comment,
    /// The module of its messages, if it has any; where files are included, with the path to it.
    pub messages: Option<Tokens>,
    /// Modules of handlers.
    pub handlers: Vec<Child>,
    /// Modules of specs in the folder of the same name.
    pub children: Vec<Child>,
    /// What is imported.
    pub imports: Vec<Import>,
    /// What it is about, in plain words.
    pub about: Vec<Comment>,
    /// What it is about, where the spec says it in anything but plain words: the doc of the router.
    pub doc: Vec<Comment>,
    /// Whether clippy may object to the router: it is long, or has such a doc.
    pub allows: bool,
    /// The state of the router.
    pub state: State,
    /// The channels in use.
    pub channels: Vec<Channel>,
    /// The endpoints.
    pub endpoints: Vec<Endpoint>,
}

/// What is imported from a crate.
#[derive(Debug)]
pub struct Import {
    /// The path to the crate.
    pub root: Tokens,
    /// What follows the crate: `Router`, or `{Router, extract::{Path, State}}`.
    pub names: String,
}

/// The axum state.
#[derive(Clone, Debug)]
pub struct State {
    /// The type.
    pub ty: Tokens,
    /// The type for which users write `FromRef`.
    pub own: Tokens,
    /// Whether it is the runtime's own, which is the default.
    pub is_default: bool,
}

/// A channel: a constant or a function that makes its name.
#[derive(Debug)]
pub struct Channel {
    /// What the spec calls it.
    pub key: Tokens,
    /// The constant or function.
    pub item: Tokens,
    /// The name as the spec writes it.
    pub pattern: Str,
    /// The same, for people.
    pub shown: Comment,
    /// The format string of the name.
    pub format: Str,
    /// The placeholders, as parameters of the function; none: the name is fixed.
    pub fills: Vec<Parameter>,
    /// Whether clippy may object to the names of these parameters.
    pub allows: bool,
    /// How far a subscriber may fall behind, where that is not what the runtime does by itself.
    pub capacity: Option<Capacity>,
    /// The same, where the item has it itself.
    pub inline_capacity: Option<Tokens>,
    /// What it carries, where the spec says so.
    pub carries: Option<incoming::Incoming>,
    /// Its type: `ChannelName`, or `Channel<RoomMessage>`.
    pub ty: Tokens,
    /// What makes one: `ChannelName`, or `Channel`.
    pub maker: Tokens,
    /// The type of the item, as others use it, where nothing in the module does.
    pub unused: Option<Tokens>,
}

/// A named capacity.
#[derive(Clone, Debug)]
pub struct Capacity {
    /// The constant.
    pub item: Tokens,
    /// Its value.
    pub value: Tokens,
}

/// An endpoint.
#[derive(Debug)]
pub struct Endpoint {
    /// What the spec calls it, and the function that answers the request.
    pub name: Tokens,
    /// The start of its type names.
    pub camel: Tokens,
    /// What it is for, line by line.
    pub doc: Vec<Comment>,
    /// Whether that is anything but plain words, to which lints may object.
    pub doc_allows: bool,
    /// Where it is mounted, for people.
    pub path: Comment,
    /// The same as a literal.
    pub route: Str,
    /// What listeners hear and what a message does, for the module's table.
    pub summary: Summary,
    /// What is not as the runtime has it by itself, and the name.
    pub constants: Vec<Constant>,
    /// Its close codes, which other modules may use.
    pub closes: Vec<CloseConstant>,
    /// The structs of path params and query fields.
    pub deserialized: Vec<Deserialized>,
    /// The parameters of the function that answers the request.
    pub parameters: Vec<Parameter>,
    /// Whether clippy may object to the names and types of these parameters.
    pub allows: bool,
    /// Whether this function may answer with something else than an upgrade.
    pub may_refuse: bool,
    /// A layer around it.
    pub layer: Option<&'static str>,
    /// What it computes first.
    pub variables: Vec<Variable>,
    /// How it looks up the places of users and the like.
    pub places: Vec<Tokens>,
    /// The application's channels.
    pub channels: Channels,
    /// The name of the channel that it both listens and publishes to, where making it takes a call.
    pub topic: Option<Tokens>,
    /// The channels it listens to.
    pub subscriptions: Vec<Subscription>,
    /// The channels it publishes to.
    pub publishers: Vec<Publisher>,
    /// What is said, where the spec says so.
    pub typed: Option<typed::Typed>,
    /// The type of its sessions.
    pub session: Tokens,
    /// What becomes of the socket.
    pub serve: Tokens,
    /// The user's code.
    pub handler: Option<Handler>,
    /// What is done about events that are handled.
    pub arms: Vec<Arm>,
}

/// A variable of a function.
#[derive(Debug)]
pub struct Variable {
    /// What it is called.
    pub ident: Tokens,
    /// Its value.
    pub value: Tokens,
}

/// A channel that an endpoint publishes to.
#[derive(Debug)]
pub struct Publisher {
    /// The variable that publishes.
    pub variable: Tokens,
    /// Its type.
    pub ty: Tokens,
    /// What it is made of.
    pub value: Tokens,
}

/// Where an endpoint's function has the application's channels.
#[derive(Debug)]
pub struct Channels {
    /// What a variable for them is made of, where they are used more than once.
    pub variable: Option<Tokens>,
    /// That variable, or what they are.
    pub code: Tokens,
}

/// What is said about an endpoint at the top of its module.
#[derive(Debug)]
pub struct Summary {
    /// The channels it listens to.
    pub hears: String,
    /// What happens to a client's message.
    pub message: Comment,
}

/// A close code.
#[derive(Debug)]
pub struct CloseConstant {
    /// What it is called.
    pub name: Tokens,
    /// The code.
    pub code: Tokens,
    /// What it means, line by line.
    pub doc: Vec<Comment>,
    /// Whether that is anything but plain words, to which lints may object.
    pub allows: bool,
}

/// A constant of an endpoint.
#[derive(Debug)]
pub struct Constant {
    /// What it is called.
    pub name: &'static str,
    /// Its type.
    pub ty: &'static str,
    /// Its value.
    pub value: Tokens,
}

/// A struct that is deserialized from the request.
#[derive(Debug)]
pub struct Deserialized {
    /// What it is called.
    pub name: Tokens,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Whether clippy may object to their names and types.
    pub allows: bool,
}

/// A field of a struct that is deserialized.
#[derive(Debug)]
pub struct Field {
    /// Its name in Rust.
    pub ident: Tokens,
    /// Its attributes for serde.
    pub attributes: Vec<Tokens>,
    /// Its type.
    pub ty: Tokens,
    /// Its value where the client gives none.
    pub default: Option<FieldDefault>,
}

/// The default of a query field.
#[derive(Debug)]
pub struct FieldDefault {
    /// The function that yields it.
    pub function: Tokens,
    /// The value.
    pub value: Tokens,
    /// Whether clippy may take the value for something else.
    pub allows: bool,
}

/// A parameter of a function.
#[derive(Debug)]
pub struct Parameter {
    /// How it is taken.
    pub pattern: Tokens,
    /// Its type.
    pub ty: Tokens,
}

/// A channel that an endpoint listens to.
#[derive(Debug)]
pub struct Subscription {
    /// `relay` or `subscribe`.
    pub method: &'static str,
    /// The label under which its messages arrive.
    pub label: Str,
    /// The name of the channel.
    pub name: Tokens,
    /// How far it may fall behind, where that is not what the runtime does by itself.
    pub capacity: Option<Tokens>,
    /// Whether the channel has messages of declared kinds.
    pub is_typed: bool,
}

/// What is done about one kind of event.
#[derive(Debug)]
pub struct Arm {
    /// Why, for the reader.
    pub comment: Option<Comment>,
    /// Which event.
    pub pattern: Tokens,
    /// What is done.
    pub action: Action,
}

/// What is done about an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The message goes to the client.
    Send,
    /// One expression.
    Line(Tokens),
    /// These statements.
    Block(Vec<Tokens>),
    /// The user's method gets the event.
    Handle {
        /// The method.
        method: Tokens,
        /// What the method gets.
        arguments: &'static str,
    },
    /// The user's method, then the socket is closed.
    Goodbye,
}

impl Endpoint {
    /// Whether other modules name its marker: for what may be said there, or for its close codes.
    pub fn is_public(&self) -> bool {
        self.typed.is_some() || !self.closes.is_empty()
    }

    /// Whether clients may be sent anything.
    #[must_use]
    pub fn hears_anything(&self) -> bool {
        let typed = self.typed.as_ref();
        typed.is_none_or(|typed| typed.hears_anything)
    }
}

impl Deserialized {
    /// The fields that have a value where the client gives none, with it.
    #[must_use]
    pub fn defaults(&self) -> Vec<(&Field, &FieldDefault)> {
        let fields = self.fields.iter();
        fields
            .filter_map(|field| Some((field, field.default.as_ref()?)))
            .collect()
    }
}
