//! Who listens to what.

use crate::messages::ToClient;
use axum::{
    extract::ws::Utf8Bytes,
    http::{HeaderName, StatusCode, header::RETRY_AFTER},
};
use futures_util::{StreamExt, stream::SelectAll};
use shop_rest::{CurrentUser, Live, Order};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::broadcast::{self, Sender};
use tokio_stream::wrappers::{BroadcastStream, errors::BroadcastStreamRecvError};

/// How many messages a socket may fall behind.
const CAPACITY: usize = 128;

/// How many sockets a user may have.
const SOCKETS: usize = 5;

/// What a socket can listen to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    Feed,
    Order(i64),
    Room(String),
    User(i64),
    Login(i64),
}

/// What arrives on a topic.
#[derive(Clone, Debug)]
pub enum Mail {
    /// A message for all sockets, or for all but one.
    Message {
        text: Utf8Bytes,
        except: Option<u64>,
    },
    /// Every socket is to be closed.
    Close(u16, &'static str),
}

/// The topics that somebody listens to. Clones are the same hub.
#[derive(Clone, Default)]
pub struct Hub {
    topics: Arc<Mutex<HashMap<Topic, Sender<Mail>>>>,
    last_id: Arc<AtomicU64>,
}

/// A socket's place. It listens until it is dropped.
pub struct Seat {
    pub id: u64,
    topics: Vec<Topic>,
    mail: SelectAll<BroadcastStream<Mail>>,
    hub: Hub,
}

/// The response to a user who has too many sockets.
pub type TooMany = (StatusCode, [(HeaderName, &'static str); 1], &'static str);

impl Hub {
    /// Starts to listen for a user: to what concerns the user, and to a topic.
    pub fn enter(&self, user: &CurrentUser, topic: Option<Topic>) -> Result<Seat, TooMany> {
        let mut topics = vec![Topic::User(user.id), Topic::Login(user.login)];
        topics.extend(topic);
        let mut open = self.open();
        let sockets = open.get(&Topic::User(user.id));
        if sockets.is_some_and(|sender| sender.receiver_count() >= SOCKETS) {
            let retry = [(RETRY_AFTER, "5")];
            return Err((StatusCode::TOO_MANY_REQUESTS, retry, "too many sockets"));
        }
        let mail = topics.iter().map(|topic| {
            let sender = open.entry(topic.clone());
            let sender = sender.or_insert_with(|| broadcast::channel(CAPACITY).0);
            BroadcastStream::new(sender.subscribe())
        });
        Ok(Seat {
            id: self.last_id.fetch_add(1, Ordering::Relaxed),
            mail: mail.collect(),
            topics,
            hub: self.clone(),
        })
    }

    /// Sends a message to all who listen to a topic, or to all but one.
    pub fn publish(&self, topic: &Topic, message: &ToClient, except: Option<u64>) {
        if let Ok(text) = message.encode() {
            self.send(topic, Mail::Message { text, except });
        }
    }

    fn send(&self, topic: &Topic, mail: Mail) {
        if let Some(sender) = self.open().get(topic) {
            // Nobody may be left.
            let _ = sender.send(mail);
        }
    }

    fn open(&self) -> MutexGuard<'_, HashMap<Topic, Sender<Mail>>> {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Live for Hub {
    fn order_changed(&self, order: Order) {
        let topic = Topic::Order(order.id);
        let changed = ToClient::Changed { order };
        self.publish(&topic, &changed, None);
        self.publish(&Topic::Feed, &changed, None);
    }

    fn notice(&self, user: i64, text: String) {
        self.publish(&Topic::User(user), &ToClient::Notice { text }, None);
    }

    fn signed_out(&self, login: i64) {
        self.send(&Topic::Login(login), Mail::Close(4001, "signed out"));
    }
}

impl Seat {
    /// The next mail, or an error if some was missed.
    pub async fn next(&mut self) -> Option<Result<Mail, BroadcastStreamRecvError>> {
        self.mail.next().await
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.mail.clear();
        let mut open = self.hub.open();
        for topic in &self.topics {
            if open
                .get(topic)
                .is_some_and(|sender| sender.receiver_count() == 0)
            {
                open.remove(topic);
            }
        }
    }
}
