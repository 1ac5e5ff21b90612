//! The table of keys: every key of the format, once.
//!
//! A row is a key with its doc, its type and its default. What is made of the rows:
//!
//! | by | in | what |
//! | --- | --- | --- |
//! | `written!` | `spec/written.rs` | the structs of a spec as its author wrote it, and how an endpoint's settings override the spec's |
//! | `described!` | `spec/described.rs` | [`Section`](super::Section)s: suggestions, the JSON Schema, the reference page |
//! | `reading!` | `read/sections.rs` | how the structs are read |
//! | `resolved!` | `spec/policy.rs` | the settings that hold, each with a value |
//!
//! A row reads `key: Type = default;` where the format has a default, and else `key: Type;`. A key that is a keyword of
//! Rust has a field of another name: `field as "key"`. What stands in parentheses is no key: it says which one of its
//! kind it is. `..field: Section` adds the keys of another section.

/// Settings: an endpoint may have each of these keys, and so may `defaults`.
macro_rules! settings {
    ($expand:ident) => {
        $expand! {
            /// What one client may cost, and how long it is waited for.
            Limits "`limits`" {
                /// The largest message that a client may send, in bytes. A larger one closes the connection with 1009.
                message_size: Size = Size::mebibytes(1);
                /// How often a silent client is pinged.
                heartbeat: Switch<Span> = Switch::On(Span::seconds(30));
                /// How long a client may be silent, answers to pings included. After that, the connection is closed with
                /// 1001. Longer than `heartbeat`.
                idle: Switch<Span> = Switch::On(Span::minutes(2));
                /// How long a client may take no bytes. After that, the connection is cut.
                send_timeout: Span = Span::seconds(10);
                /// How many connections the endpoint may have in one process. More get 503 with `Retry-After`.
                connections: Switch<Count> = Switch::Off;
                /// What happens to a client that falls behind a channel and has missed messages: it is closed with 1013,
                /// continues without them, or your code decides in `on_lag`.
                lag: Missed = Missed::Close;
                /// What happens to a client that may have missed messages in an outage between replicas: it is closed with
                /// 1012, continues without them, or your code decides in `on_gap`.
                gap: Missed = Missed::Close;
            }

            /// How connections end when the server shuts down.
            Shutdown "`shutdown`" {
                /// The close code.
                code: CloseCode = CloseCode::SERVICE_RESTART;
                /// The close reason.
                reason: Reason = Reason::of("server shutting down");
                /// How long a session may take to end. After that, it is cut.
                drain: Span = Span::seconds(10);
                /// What happens first: the close frame is sent, or your code runs (`on_shutdown`) and then it is sent.
                notify: Notify = Notify::Close;
            }

            /// What an endpoint can override of the spec's `defaults`.
            Policy "`defaults`" {
                /// Whose pages may connect: those of the host that serves the socket (`same`, by the `Host` header), everybody's
                /// (`any`), or those of a list of origins. Others get 403. A request without `Origin` does not come from a
                /// page and may connect.
                origins: Origins = Origins::Same;
                /// What one client may cost, and how long it is waited for.
                limits: Limits;
                /// How connections end when the server shuts down.
                shutdown: Shutdown;
            }
        }
    };
}

/// The other parts of a spec.
macro_rules! records {
    ($expand:ident) => {
        $expand! {
            /// One spec file.
            Spec(source: SourceId) "a spec" {
                /// The version of the format: `1`.
                version: Option<At<Version>>, required "begin the file with `version: 1`";
                /// What the generated module is about.
                description: Option<At<String>>;
                /// The axum state. All specs of a project name the same.
                state: Option<At<RustType>>;
                /// The channels, by name.
                channels: Vec<Channel>;
                /// What holds for all endpoints that do not say otherwise.
                defaults: Policy;
                /// The endpoints, by name.
                endpoints: Vec<Endpoint>, required "add an endpoint, as in `endpoints: { echo: { path: /echo, on_message: echo } }`";
            }

            /// A named broadcast channel.
            Channel(key: At<Name>) "a channel" {
                /// What it is called at run time: the same for everybody (`lobby`), or with placeholders that each endpoint
                /// fills from its path params and query fields (`room:{room}`). Values are escaped. Without it: the key.
                name: Option<At<ChannelName>>;
                /// How many messages a subscriber may fall behind. At most 16 MiB of them are kept.
                capacity: Count = Count::CHANNEL_CAPACITY;
            }

            /// A WebSocket endpoint.
            Endpoint(key: At<Name>) "an endpoint" {
                /// Where it is mounted, as in axum: `/rooms/{room}`, `/files/{*rest}`.
                path: Option<At<RoutePath>>, required "add `path: /{}`";
                /// The doc of what is generated for it.
                description: Option<At<String>>;
                /// The types of path params, by name. A param that is not named here is a `String`.
                params: Vec<Param>;
                /// The fields of the query string, by name.
                query: Vec<QueryField>;
                /// What else is extracted from the request: any axum `FromRequestParts` type, by the name of its value. A
                /// rejection refuses the connection.
                extract: Vec<Extract>;
                /// The channels it listens to: a list, or a mapping that says of each whether its messages are sent to the
                /// client (`relay`) or go to your code (`handle`).
                subscribe: Vec<Subscribe>;
                /// `handle`: your code decides who may connect, even if it handles nothing else.
                open: Option<At<Open>>;
                /// What happens to a client's message: it goes to your code, back to the client, nowhere, or to a channel.
                on_message: OnMessage = OnMessage::Handle;
                /// The kinds of message it takes. Others close the connection with 1003.
                accept: Accept = Accept::TextAndBinary;
                /// The subprotocols it speaks, the preferred one first.
                subprotocols: Vec<At<Subprotocol>>;
                ..settings: Policy;
            }

            /// A query field with a default.
            LongQueryField() "a query field" {
                /// Its type.
                ty as "type": Option<At<QueryType>>, required "add `type: u32`, or the type that it has";
                /// Its value where the client gives none.
                default: Option<At<Given>>;
            }

            /// A channel to publish to.
            Publish() "`on_message`" {
                /// The channel, by its key.
                channel as "publish": Option<At<String>>, required "write `on_message: { publish: CHANNEL }`";
            }
        }
    };
}

pub(crate) use {records, settings};
