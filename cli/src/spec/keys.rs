//! The table of keys: every key of the format, once.
//!
//! A row is a key with its doc, its type, its default, and for a key that must be there what to write. What is made of the
//! rows:
//!
//! | macro | file | makes |
//! | --- | --- | --- |
//! | `declared!` | `spec/declared.rs` | the structs of a spec as its author wrote it, and [`Section`](crate::value::Section)s, which the JSON Schema, the reference page and suggestions are made of |
//! | `overriding!` | `spec/declared.rs` | how an endpoint's settings override the spec's |
//! | `reading!` | `read/sections.rs` | how the structs are read |
//! | `resolved!` | `contract/policy.rs` | the settings that apply, each with a value |
//!
//! To add a setting, add a row, use the field in the targets that it concerns, and refresh the reference page. Docs are
//! written for users: the reference page and editors show them.
//!
//! A key that is a keyword of Rust has a field of another name: `field as "key"`. Parentheses hold what is not
//! a key: which of its kind a part is. `..field: Section` adds the keys of another section, and `+ field: Entries` takes
//! keys that the author chooses beside those of the format.

/// Settings: an endpoint may have each of these keys, and so may `defaults`.
macro_rules! settings {
    ($expand:ident) => {
        $expand! {
            /// Limits of a connection and of the number of connections.
            Limits "`limits`" {
                /// The largest message that a client may send. A larger one closes the connection with 1009.
                message_size: Size = Size::mebibytes(1);
                /// How often a silent client is pinged.
                heartbeat: Switch<Period> = Switch::On(Period::seconds(30));
                /// How long a client may be silent; an answer to a ping ends the silence. After that, the connection is
                /// closed with 1001. Must be longer than `heartbeat`.
                idle: Switch<Period> = Switch::On(Period::minutes(2));
                /// How long a client may take no bytes before the connection is cut.
                send_timeout: Period = Period::seconds(10);
                /// How many connections the endpoint may have in one process. Any more get 503 with `Retry-After`.
                connections: Switch<Count> = Switch::Off;
                /// How many connections of the endpoint may have the same value in one process, as in
                /// `{ user.id: 5, peer: 50 }`. Any more get 429 with `Retry-After`; with `{ user.id: { most: 1, over: oldest } }`,
                /// the oldest one is closed with 4000 instead.
                connections_per: ConnectionsPer = ConnectionsPer::default();
                /// How many channels a session may have joined at run time (`subscribe: { symbol: on_demand }`).
                joined: Count = Count::JOINED;
                /// How many messages a client may send; up to twice as many may come at once. After that, its next message
                /// waits until there is room, and TCP slows the client down. No message is dropped.
                rate: Switch<Rate> = Switch::Off;
                /// How long a connection may last, less a random tenth, so that not all end together. Then it is closed with
                /// 4401, unless your code has moved that moment with `session.expires_at`.
                lifetime: Switch<Period> = Switch::Off;
                /// What happens to a client that has fallen behind a channel and missed messages: it is closed with 1013,
                /// it continues without them, or your code decides in `on_lag`.
                lag: Missed = Missed::Close;
                /// What happens to a client that may have missed messages during an outage between replicas: it is closed
                /// with 1012, it continues without them, or your code decides in `on_gap`.
                gap: Missed = Missed::Close;
            }

            /// How connections end when the server shuts down.
            Shutdown "`shutdown`" {
                /// The close code. After 1012 (service restart), clients reconnect.
                code: CloseCode = CloseCode::SERVICE_RESTART;
                /// The close reason.
                reason: Reason = Reason::of("server shutting down");
                /// How long a session may take to end before it is cut.
                drain: Period = Period::seconds(10);
                /// The time over which the close frames are sent, so that not all clients reconnect at once. Must be shorter
                /// than `drain`.
                spread: Span = Span::ZERO;
                /// Whether the close frame is sent at once, or your code runs first, in `on_shutdown`.
                notify: Notify = Notify::Close;
            }

            /// Settings of all endpoints. An endpoint may have the same keys, and overrides them one by one.
            Policy "`defaults`" {
                /// Which web pages may connect: those of the host that serves the socket (`same`, compared with the `Host`
                /// header), those that the application allows at run time (`configured`: `AppState::allow_origins`,
                /// `AUTUMN_WS_ORIGINS`), those of the origins listed, or all (`any`). `https://*.example.com` stands for one
                /// label, and `"null"` for pages that hide their origin. Others get 403. A request without `Origin` does not
                /// come from a web page and may connect.
                origins: Origins = Origins::Own;
                /// What happens to a client that offers none of the endpoint's `subprotocols`: it gets a socket without one
                /// (`open`), or 400 (`refuse`). An endpoint without `subprotocols` requires none.
                without_subprotocol: WithoutSubprotocol = WithoutSubprotocol::Open;
                /// Limits of a connection and of the number of connections.
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
            /// One file: the endpoints of one module, and the channels that they share.
            Spec(source: SourceId) "a spec" {
                /// The version of the format.
                version: Option<At<Version>>, required "begin the file with `version: 1`";
                /// The doc of the generated module.
                description: Option<At<String>>;
                /// The axum state, the same in all specs of a project. Without it: `autumn_ws::AppState`.
                state: Option<At<RustType>>;
                /// Other specs, as in `[common]`: their types, messages and channels can be named like this spec's own. What they use
                /// in turn is not included.
                uses as "use": Vec<At<SpecPath>>;
                /// How messages are written on the wire.
                wire: Wire;
                /// The types that messages are made of.
                types: Vec<TypeEntry>;
                /// What travels. The key of a message is its kind: what it has on the wire, in its tag.
                messages: Vec<Message>;
                /// The channels, as in `{ room: "room:{room}", news: { name: news-feed, capacity: 256 } }`. A channel without a
                /// value is named as its key.
                channels: Vec<Channel>;
                /// The endpoints.
                endpoints: Vec<Endpoint>;
                /// Settings of all endpoints.
                defaults: Policy;
            }

            /// A broadcast channel.
            Channel(key: At<Name>) "a channel" {
                /// Its name at run time, without which it has the name of its key. With placeholders, as in `room:{room}`, it
                /// is one channel for each value: an endpoint fills them from its path params, its query fields and what it
                /// extracts, and escapes the values. `{user.id}` is a public field of the extracted `user`: so a channel is
                /// filled with who a client is, which clients must not choose.
                name: Option<At<ChannelName>>;
                /// The types of what fills placeholders, as in `{ user.id: i64 }`: `string`, `bool`, `uuid` or a kind of whole
                /// number. Without it, code may fill them with anything that displays.
                params: Vec<ChannelParam>;
                /// How many messages a subscriber may fall behind. A larger burst overtakes all subscribers. At most
                /// 16 MiB of messages are kept.
                capacity: Count = Count::CHANNEL_CAPACITY;
                /// The kinds of message that it carries, as in `[said, typing]`: nothing else can be published to it. `[]` is a
                /// channel that is only there to be closed.
                carries: Option<At<Kinds>>;
            }

            /// A WebSocket endpoint.
            Endpoint(key: At<Name>) "an endpoint" {
                /// The path, as axum takes it: `/rooms/{room}`.
                path: Option<At<RoutePath>>, required "add `path: /{}`";
                /// The doc of what is generated for the endpoint.
                description: Option<At<String>>;
                /// The types of path params, as in `{ id: u64 }`, and what code calls them, as in
                /// `{ 2nd: { type: u64, name: second } }`. The others are `String`s.
                params: Vec<Param>;
                /// The fields of the query string, as in `{ nick: "Option<String>", page: { type: u32, default: 1 } }`.
                query: Vec<QueryField>;
                /// What else to extract from the request, as in `{ user: crate::auth::CurrentUser }`: values of axum
                /// `FromRequestParts` types. Where one rejects the request, no socket opens.
                extract: Vec<Extract>;
                /// The channels that the endpoint listens to. Their messages are sent to the client (`[lobby, room]`), or
                /// some of them go to your code (`{ lobby: handle, room: relay }`). `symbol: on_demand` is joined and left at run
                /// time.
                subscribe: Vec<Subscribe>;
                /// `handle` lets your code decide who may connect, even if it handles nothing else.
                open: Option<At<Open>>;
                /// What happens to a message of the client: it goes to your code, back to the client, nowhere, or to a
                /// channel (`{ publish: lobby }`).
                on_message: OnMessage = OnMessage::Handle;
                /// How often your code runs without a message, in `on_tick`. The first time is after one period; where your
                /// code is late, periods are skipped.
                tick: Option<At<Period>>;
                /// The kinds of message that the endpoint takes. Others close the connection with 1003.
                accept: Accept = Accept::TextAndBinary;
                /// The kinds of message that clients may send, and what happens to each: your code gets it (`handle`, or a list of
                /// kinds), nothing (`ignore`), a channel gets it (`{ publish: room }`), or your code answers it
                /// (`{ reply: [joined, denied] }`, or in parts with `stream`). `binary` stands for binary frames, and `raw` for
                /// whatever a client sends.
                from_client: Option<At<FromClient>>;
                /// The kinds of message that clients may be sent, besides replies and what subscribed channels carry. `raw`: anything.
                to_client: Option<At<ToClient>>;
                /// What happens to a client that sends a message that is not accepted, where `from_client` says what is.
                on_invalid: OnInvalid = OnInvalid::Reply;
                /// The subprotocols that the endpoint speaks, the preferred one first.
                subprotocols: Vec<At<Subprotocol>>;
                /// The close codes with which your code ends sessions, as in `{ 4001: elsewhere }`: each becomes a constant of
                /// the endpoint.
                closes: Vec<Close>;
                /// How a web page gets to know that an extractor, `open` or a limit refuses it: by a socket that is closed at once
                /// with 4000 and the status (4401, 4403), or by the status alone, which pages cannot see. Without it: `close`
                /// where messages are typed, else `status`.
                refuse: Option<At<Refuse>>;
                ..settings: Policy;
            }

            /// A path param that is called something else in code.
            LongParam() "a path param" {
                /// The type. Without it: `String`.
                ty as "type": Option<At<ParamType>>;
                /// What it is called in code. The path has the name that clients know.
                name: Option<At<Name>>;
            }

            /// A channel whose placeholders are not called like what fills them. Its messages are sent to the client.
            LongSubscribe() "a subscription" {
                /// What fills each placeholder, as in `{ user.login: admin.login }`: a path param, a query field, an extracted
                /// value or a field of one.
                fill: Vec<Filling>, required "add `fill:`, or write `relay`";
            }

            /// A query field that has a default, or is called something else in code.
            LongQueryField() "a query field" {
                /// The type.
                ty as "type": Option<At<QueryType>>, required "add `type: u32`, or the type that it has";
                /// The value where the client gives none. That of a type of your own is what a client would write, and is read by
                /// serde; if it is not a value of the type, requests that need it get 500.
                default: Option<At<Given>>;
                /// What it is called in code, where no name can be made of what clients write, or you want another one.
                name: Option<At<Name>>;
            }

            /// A close code, and what it means.
            LongClose() "a close code" {
                /// What it is called in code.
                name: Option<At<Name>>, required "add `name: elsewhere`, or what it is called";
                /// What clients do after it.
                retry: Retry = Retry::Later;
                /// What it means, for the docs of the constant.
                doc: Option<At<String>>;
            }

            /// How messages are written on the wire. Specs that use each other have the same.
            Wire() "`wire`" {
                /// The field that says of which kind a message is.
                tag: WireName = WireName::known("type");
                /// The field that says to which request a reply belongs.
                id: WireName = WireName::known("$id");
                /// The field in which the fields of a message are. Without it, they stand beside the tag.
                content: Option<At<WireName>>;
                /// Whether there are messages of the format itself, whose kinds begin with `$`.
                built_in: BuiltIn = BuiltIn::On;
            }

            /// A type: an object with fields, or what one of these keys makes of it. A type can also be another name of a type, as
            /// in `Email: string(3..254)`.
            TypeBody() "a declared type" {
                /// The doc of what is generated for the type.
                doc as "$doc": Option<At<String>>;
                /// The type is one of these texts.
                values as "$enum": Option<At<Variants>>;
                /// The type is one of these types, as in `{ user: User, place: Place }`. The key is what the tag has on the wire.
                one_of as "$one_of": Vec<Member>;
                /// The field that says which one it is, beside `$one_of`.
                tag as "$tag": Option<At<WireName>>;
                /// The type is one of the application's, with `Serialize` and `Deserialize` of its own.
                rust as "$rust": Option<At<ForeignType>>;
                /// Its type in TypeScript, beside `$rust`. Without it: `unknown`.
                ts as "$ts": Option<At<String>>;
                + fields: Vec<Field>, "The type is an object with these fields.";
            }

            /// A message: an object with fields. It is a type, too: its fields, without the tag.
            MessageBody() "a message" {
                /// The doc of what is generated for the message.
                doc as "$doc": Option<At<String>>;
                /// What the message is called in code, where no good name can be made of its kind.
                name as "$name": Option<At<TypeName>>;
                /// The value of its tag, where that is a number.
                kind as "$kind": Option<At<Number>>;
                /// Since which version of your application there is such a message, for documents.
                since as "$since": Option<At<Count>>;
                /// A message as it may be, without its tag, for documents and tests.
                example as "$example": Option<At<Json>>;
                + fields: Vec<Field>, "A field.";
            }

            /// A type, and more about it. One of `type`, `map` and `enum` says what it is.
            LongType() "a detailed type" {
                /// The type.
                ty as "type": Option<TypeExpr>;
                /// An object of any keys whose values are of this type.
                map: Option<TypeExpr>;
                /// One of these texts.
                values as "enum": Option<At<Variants>>;
                /// How many elements the list or map has.
                items: Option<At<Lengths>>;
                /// Whether it may be `null`.
                nullable: Option<At<bool>>;
            }

            /// The type of a field, and more about the field.
            LongField() "a field" {
                /// The doc of the field.
                doc: Option<At<String>>;
                /// Whether the field should not be used any more.
                deprecated: Option<At<bool>>;
                /// What the field is called in code, where no good name can be made of what it is called on the wire.
                name: Option<At<Name>>;
                ..long: LongType;
            }

            /// A text of an `enum`, and the name of its variant.
            LongVariant() "a variant" {
                /// The text.
                value: Option<At<String>>, required "add `value:`, the text";
                /// What it is called in code.
                name: Option<At<TypeName>>, required "add `name:`, or write only the text";
            }

            /// What happens to a message of a client: a channel gets it, or it is answered.
            LongAction() "an action" {
                /// The key of the channel that gets it.
                publish: Option<At<String>>;
                /// Who does not hear what is published: the client itself.
                except: Option<At<Except>>;
                /// The kinds of message that may be the reply. The message is a request, with an id that its reply has as well.
                reply: Option<At<Kinds>>;
                /// The kinds of message that may come before the reply, as its parts. Such a request is answered beside the session.
                stream: Option<At<Kinds>>;
            }

            /// How many connections may have the same value.
            LongPlaces() "an entry of `connections_per`" {
                /// How many.
                most: Option<At<Count>>, required "add `most: 1`, or the number that it is";
                /// What happens to one more: its request is refused, or the oldest connection is closed with 4000.
                over: Over = Over::Refuse;
            }

            /// Publishes a message of the client.
            Publish() "`on_message`" {
                /// The key of the channel to publish to.
                channel as "publish": Option<At<String>>, required "write `on_message: { publish: CHANNEL }`";
                /// `self` leaves out the client itself, where it listens to the channel; not its user's other connections.
                except: Option<At<Except>>;
            }
        }
    };
}

pub(crate) use {records, settings};
