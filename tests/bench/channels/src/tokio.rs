//! tokio's broadcast channels, as hand-written code on axum uses them. They have no names: a
//! server that knows its channels keeps each in a field.

use autumn_ws::Utf8Bytes;
use bus::Bus;
use job::CAPACITY;
use tokio::sync::broadcast::{Receiver, Sender, channel};

/// Two channels, `a` and `b`.
pub struct Fields {
    a: Sender<Utf8Bytes>,
    b: Sender<Utf8Bytes>,
}

impl Fields {
    fn field(&self, name: &str) -> &Sender<Utf8Bytes> {
        if name == "a" { &self.a } else { &self.b }
    }
}

impl Default for Fields {
    fn default() -> Self {
        Self {
            a: channel(CAPACITY).0,
            b: channel(CAPACITY).0,
        }
    }
}

impl Bus for Fields {
    type Listener = Receiver<Utf8Bytes>;

    fn listen(&self, name: &str) -> Receiver<Utf8Bytes> {
        self.field(name).subscribe()
    }

    fn publish(&self, name: &str, message: String) {
        // It fails if nobody listens, which is fine here.
        self.field(name).send(message.into()).ok();
    }

    fn receive(listener: &mut Receiver<Utf8Bytes>) -> bool {
        listener.try_recv().is_ok()
    }
}
