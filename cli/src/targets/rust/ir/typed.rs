//! What clients and an endpoint say to each other.

use super::{
    incoming::Incoming,
    tokens::{Comment, Tokens},
};

/// What clients of an endpoint say, and what they hear.
#[derive(Debug)]
pub struct Typed {
    /// The enum of what clients send, where it is one of the endpoint's own.
    pub incoming: Option<Incoming>,
    /// What clients send: that enum, or a type of the runtime.
    pub said: Tokens,
    /// Whether what is not accepted closes the connection.
    pub closes: bool,
    /// The messages that clients may be sent.
    pub heard: Vec<Tokens>,
    /// Whether clients may be sent anything.
    pub hears_anything: bool,
    /// What the channels carry that its sessions may join.
    pub joined: Vec<Tokens>,
    /// The enums of replies.
    pub replies: Vec<Replies>,
    /// What is answered in parts.
    pub answers: Vec<Answer>,
}

/// What a request may be answered with.
#[derive(Debug)]
pub struct Replies {
    /// What it is called.
    pub name: Tokens,
    /// The request.
    pub kind: Comment,
    /// What it derives.
    pub derives: Tokens,
    /// The replies: what each is called, and its type.
    pub variants: Vec<(Tokens, Tokens)>,
}

/// An answer in parts.
#[derive(Debug)]
pub struct Answer {
    /// What it is called.
    pub name: Tokens,
    /// The type that tells it from others.
    pub marker: Tokens,
    /// The request.
    pub kind: Comment,
    /// What the parts are.
    pub parts: Vec<Tokens>,
    /// What ends them.
    pub replies: Vec<Tokens>,
}
