//! What an endpoint takes.

use super::{
    check::{At, Check},
    fault::Fault,
    invalid::{Invalid, InvalidKind},
    kind::{Kind, Tag, Wire},
    request_id::RequestId,
    tree::{Entry, Node, Tree},
};
use serde_core::de::DeserializeOwned;

/// The kinds of message that can be received somewhere: an enum with a variant for each.
///
/// ```
/// use autumn_ws::messages::{self, Body, Check, Incoming, Invalid, Kind, RequestId, Tag, Wire};
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
/// let ChatIncoming::Say(say) = messages::decode(Wire::DEFAULT, r#"{"type":"say","text":"hello"}"#)?;
/// assert_eq!(say.text, "hello");
///
/// let wrong = messages::decode::<ChatIncoming>(Wire::DEFAULT, r#"{"type":"say","text":5}"#);
/// assert_eq!(wrong.err().unwrap().to_string(), "invalid message: at /text: must be a string");
/// # Ok::<(), Invalid>(())
/// ```
pub trait Incoming: Sized {
    /// Reads the message of the kind that `tag` names.
    ///
    /// # Errors
    ///
    /// [`Invalid`] if there is no such kind, or the message is not as the kind should be.
    fn read(tag: Tag<'_>, body: Body<'_>) -> Result<Self, Invalid>;
}

/// The content of a message whose kind is known.
#[derive(Debug)]
pub struct Body<'a> {
    wire: &'a Wire,
    content: Node<'a>,
    id: Option<Node<'a>>,
}

impl Body<'_> {
    /// Reads and checks the message.
    ///
    /// # Errors
    ///
    /// [`Invalid`] with the first place where the shape is wrong, or up to 8 where a range is broken.
    pub fn read<M: Kind + DeserializeOwned + Check>(self) -> Result<M, Invalid> {
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
    /// As [`read`](Body::read), and where the id is missing or is not one.
    pub fn request<M: Kind + DeserializeOwned + Check>(self) -> Result<(RequestId, M), Invalid> {
        let id = match self.id {
            Some(id) => RequestId::read(id),
            None => Err(Fault::here("be present")),
        };
        match id {
            Ok(id) => Ok((id, self.read()?)),
            Err(fault) => {
                let fault = fault.inside(self.wire.id);
                Err(Invalid::new(vec![fault], None, InvalidKind::Known(M::TAG)))
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
    fn id(&self) -> Option<RequestId> {
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
pub fn decode<I: Incoming>(wire: Wire, text: &str) -> Result<I, Invalid> {
    let whole = |fault| Invalid::new(vec![fault], None, InvalidKind::None);
    let tree = Tree::parse(text).map_err(whole)?;
    let (tag, body) = open(&wire, tree.root())?;
    I::read(tag, body)
}

/// Finds the parts of a message.
fn open<'a>(wire: &'a Wire, message: Node<'a>) -> Result<(Tag<'a>, Body<'a>), Invalid> {
    if !matches!(message.entry, Entry::Object { .. }) {
        let fault = Fault::here("be an object");
        return Err(Invalid::new(vec![fault], None, InvalidKind::None));
    }
    let mut tag = None;
    let mut id = None;
    let mut content = wire.content.map_or(message, |_| Node::EMPTY);
    for (key, value) in message.members() {
        if key == wire.tag {
            tag = Some(value);
        } else if key == wire.id {
            id = Some(value);
        } else if Some(key) == wire.content {
            content = value;
        }
    }
    let body = Body { wire, content, id };
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
