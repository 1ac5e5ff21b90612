//! What an endpoint takes.

use super::{
    check::{At, Check},
    fault::Fault,
    invalid::{Invalid, InvalidKind},
    kind::{Kind, Tag, Wire},
    request_id::RequestId,
    tree::{Entry, Node, Tree},
};
use crate::{Bytes, Message, Utf8Bytes};
use serde_core::de::DeserializeOwned;
use std::{cell::Cell, fmt};

/// The kinds of message that can be received somewhere: an enum with a variant for each.
///
/// ```
/// use autumn_ws::messages::{self, Body, Check, Incoming, Invalid, Kind, Tag};
///
/// #[derive(serde::Deserialize, serde::Serialize)]
/// struct Say { text: String }
///
/// impl Kind for Say {
///     const TAG: Tag<'static> = Tag::Text("say");
/// }
///
/// impl Check for Say {}
///
/// enum ChatIncoming {
///     Say(Say),
/// }
///
/// impl Incoming for ChatIncoming {
///     fn read(tag: Tag<'_>, body: Body<'_>) -> Result<Self, Invalid> {
///         match tag {
///             Tag::Text("say") => Ok(Self::Say(body.read()?)),
///             _ => Err(body.unknown_kind()),
///         }
///     }
/// }
///
/// let ChatIncoming::Say(say) = messages::decode(r#"{"type":"say","text":"hello"}"#)?;
/// assert_eq!(say.text, "hello");
///
/// let wrong = messages::decode::<ChatIncoming>(r#"{"type":"say","text":5}"#);
/// assert_eq!(wrong.err().unwrap().to_string(), "invalid message: at /text: must be a string");
/// # Ok::<(), Invalid>(())
/// ```
pub trait Incoming: Sized {
    /// Which fields are ours. All kinds of message here have the same.
    const WIRE: Wire = Wire::DEFAULT;

    /// Reads the message of the kind that `tag` names.
    ///
    /// # Errors
    ///
    /// [`Invalid`] if there is no such kind, or the message is not as the kind should be.
    fn read(tag: Tag<'_>, body: Body<'_>) -> Result<Self, Invalid>;

    /// Takes a binary message. By default there are none: a client that sends one is closed with
    /// 1003.
    fn binary(data: Bytes) -> Option<Self> {
        let _ = data;
        None
    }

    /// Takes a text as it is, without reading it as JSON. By default no text is taken in this way.
    fn text(text: &Utf8Bytes) -> Option<Self> {
        let _ = text;
        None
    }
}

/// What clients say where the spec has no kinds for it (`from_client: raw`): the message, as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Raw(pub Message);

impl Incoming for Raw {
    fn read(_: Tag<'_>, body: Body<'_>) -> Result<Self, Invalid> {
        Err(body.unknown_kind())
    }

    fn binary(data: Bytes) -> Option<Self> {
        Some(Self(Message::Binary(data)))
    }

    fn text(text: &Utf8Bytes) -> Option<Self> {
        Some(Self(Message::Text(text.clone())))
    }
}

/// Where clients may say nothing: every message is of an unknown kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nothing {}

impl Incoming for Nothing {
    fn read(_: Tag<'_>, body: Body<'_>) -> Result<Self, Invalid> {
        Err(body.unknown_kind())
    }
}

/// The content of a message whose kind is known.
#[derive(Debug)]
pub struct Body<'a> {
    wire: &'a Wire,
    content: Node<'a>,
    id: Option<Node<'a>>,
    reading: &'a Reading<'a>,
}

/// What is known about the message that is being read.
pub(super) struct Reading<'a> {
    /// The kind, once that is known.
    pub(super) kind: Cell<Option<Tag<'static>>>,
    /// Whether a request with this id may come now, and what must be the case if it may not.
    admit: &'a dyn Fn(&RequestId) -> Result<(), &'static str>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(admit: &'a dyn Fn(&RequestId) -> Result<(), &'static str>) -> Self {
        let kind = Cell::new(None);
        Self { kind, admit }
    }
}

impl fmt::Debug for Reading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reading").field(&self.kind.get()).finish()
    }
}

impl Body<'_> {
    /// Reads and checks the message.
    ///
    /// # Errors
    ///
    /// [`Invalid`] with the first place where the shape is wrong, or up to 8 where a range is broken.
    pub fn read<M: Kind + DeserializeOwned + Check>(self) -> Result<M, Invalid> {
        self.reading.kind.set(Some(M::TAG));
        let read = M::deserialize(self.content);
        let message = read.map_err(|refusal| self.invalid::<M>(vec![refusal.into_fault()]))?;
        let faults = At::faults_of(&message);
        if faults.is_empty() {
            Ok(message)
        } else {
            Err(self.invalid::<M>(faults))
        }
    }

    /// Reads and checks a request, with the id that its replies carry.
    ///
    /// # Errors
    ///
    /// As [`read`](Body::read), and where the id is missing, is not one, or belongs to a request of
    /// the session that is under way.
    pub fn request<M: Kind + DeserializeOwned + Check>(self) -> Result<(RequestId, M), Invalid> {
        let id = match self.id {
            Some(id) => RequestId::read(id),
            None => Err(Fault::here("be present")),
        };
        let admitted = id.and_then(|id| match (self.reading.admit)(&id) {
            Ok(()) => Ok(id),
            Err(must) => Err(Fault::here(must)),
        });
        match admitted {
            Ok(id) => Ok((id, self.read()?)),
            Err(fault) => {
                let faults = vec![fault.inside(self.wire.id)];
                Err(Invalid::new(faults, self.id(), InvalidKind::Known(M::TAG)))
            }
        }
    }

    /// The message is of a kind that is not taken here.
    #[must_use]
    pub fn unknown_kind(self) -> Invalid {
        let fault = Fault::here("be a kind of message that is accepted here");
        let faults = vec![fault.inside(self.wire.tag)];
        Invalid::new(faults, self.id(), InvalidKind::Unknown)
    }

    /// The message's id, if it has a good one.
    pub(super) fn id(&self) -> Option<RequestId> {
        RequestId::read(self.id?).ok()
    }

    fn invalid<M: Kind>(&self, faults: Vec<Fault>) -> Invalid {
        Invalid::new(faults, self.id(), InvalidKind::Known(M::TAG)).inside(self.wire)
    }
}

/// Reads a message.
///
/// Time and memory are in proportion to the text. At most 64 levels of arrays and objects are read,
/// and no key may occur twice in one object, wherever it is. Fields that are not known are ignored.
/// `5.0` is an integer.
///
/// # Errors
///
/// [`Invalid`] for what is not a message of `I`.
pub fn decode<I: Incoming>(text: &str) -> Result<I, Invalid> {
    let tree = parse(text)?;
    let reading = Reading::new(&|_| Ok(()));
    let (tag, body) = open(&I::WIRE, &tree, &reading)?;
    I::read(tag, body)
}

/// Parses a message.
pub(super) fn parse(text: &str) -> Result<Tree<'_>, Invalid> {
    Tree::parse(text).map_err(|fault| Invalid::new(vec![fault], None, InvalidKind::None))
}

/// Finds the parts of a message.
pub(super) fn open<'a>(
    wire: &'a Wire,
    tree: &'a Tree<'_>,
    reading: &'a Reading<'a>,
) -> Result<(Tag<'a>, Body<'a>), Invalid> {
    let message = tree.root();
    if !matches!(message.entry, Entry::Object { .. }) {
        let fault = Fault::here("be an object");
        return Err(Invalid::new(vec![fault], None, InvalidKind::None));
    }
    let mut tag = None;
    let mut body = Body {
        wire,
        content: wire.content.map_or(message, |_| Node::EMPTY),
        id: None,
        reading,
    };
    for (key, value) in message.members() {
        if key == wire.tag {
            tag = Some(value);
        } else if key == wire.id {
            body.id = Some(value);
        } else if Some(key) == wire.content {
            body.content = value;
        }
    }
    match read_tag(tag) {
        Ok(tag) => Ok((tag, body)),
        Err(fault) => {
            let faults = vec![fault.inside(wire.tag)];
            Err(Invalid::new(faults, body.id(), InvalidKind::None))
        }
    }
}

fn read_tag(tag: Option<Node<'_>>) -> Result<Tag<'_>, Fault> {
    let node = tag.ok_or_else(|| Fault::here("be present"))?;
    let number = || i64::try_from(node.integer()?).ok();
    match node.entry.text() {
        Some(text) => Ok(Tag::Text(text)),
        None => number()
            .map(Tag::Number)
            .ok_or_else(|| Fault::here("be a string or an integer")),
    }
}
