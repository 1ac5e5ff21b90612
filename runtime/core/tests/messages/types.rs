//! A message with a field of every type, as autumn-gen prints it.

use autumn_ws_core::{
    Bytes,
    messages::{As, At, Base64, Body, Check, Decimal, Incoming, Invalid, Kind, Tag, decode},
};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::{collections::BTreeMap, fmt::Debug};

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Every {
    pub text: String,
    pub is: bool,
    pub int: i64,
    pub tiny: i8,
    pub byte: u8,
    pub single: f32,
    pub double: f64,
    #[serde(with = "As::<Decimal>")]
    pub big: i64,
    #[serde(with = "As::<BTreeMap<String, Vec<Decimal>>>")]
    pub counts: BTreeMap<String, Vec<u64>>,
    #[serde(with = "As::<Base64>")]
    pub data: Bytes,
    pub json: Value,
    pub list: Vec<Role>,
    pub map: BTreeMap<String, User>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maybe: Option<String>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "As::<Option<Decimal>>"
    )]
    pub maybe_big: Option<u64>,
    #[serde(deserialize_with = "Option::deserialize")]
    pub nullable: Option<User>,
    pub tree: Tree,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
pub enum Role {
    #[serde(rename = "admin")]
    Admin,
    #[serde(rename = "over-size")]
    OverSize,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct User {
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Tree {
    pub left: Option<Box<Tree>>,
    pub children: Vec<Tree>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind")]
pub enum Target {
    #[serde(rename = "user")]
    User(User),
    #[serde(rename = "role")]
    Role(HasRole),
    #[serde(rename = "nested")]
    Nested(Nested),
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct HasRole {
    pub role: Role,
    pub level: u8,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Nested {
    pub targets: Vec<Target>,
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        autumn_ws_core::messages::one_of(deserializer, "kind")?
            .member("user", Self::User)
            .member("role", Self::Role)
            .member("nested", Self::Nested)
            .read()
    }
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Aim {
    pub at: Target,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Ping {}

impl Kind for Every {
    const TAG: Tag<'static> = Tag::Text("every");
}

impl Kind for Aim {
    const TAG: Tag<'static> = Tag::Text("aim");
}

impl Kind for Ping {
    const TAG: Tag<'static> = Tag::Number(10);
}

impl Check for Every {
    fn check(&self, at: &mut At<'_>) {
        at.field("text").length(&self.text, ..=500);
        at.field("int").int(self.int, ..);
        at.field("map").value(&self.map);
        at.field("nullable").value(&self.nullable);
    }
}

impl Check for User {
    fn check(&self, at: &mut At<'_>) {
        at.field("name").length(&self.name, 1..=40);
    }
}

impl Check for Aim {}

impl Check for Ping {}

#[derive(Debug, PartialEq)]
pub enum Any {
    Every(Box<Every>),
    Aim(Aim),
    Ping(Ping),
    Ask(autumn_ws_core::messages::RequestId, Aim),
}

impl Incoming for Any {
    fn read(tag: Tag<'_>, body: Body<'_>) -> Result<Self, Invalid> {
        match tag {
            Tag::Text("every") => Ok(Self::Every(Box::new(body.read()?))),
            Tag::Text("aim") => Ok(Self::Aim(body.read()?)),
            Tag::Number(10) => Ok(Self::Ping(body.read()?)),
            Tag::Text("ask") => {
                let (id, aim) = body.request()?;
                Ok(Self::Ask(id, aim))
            }
            _ => Err(body.unknown_kind()),
        }
    }
}

/// A message in which nothing is wrong.
pub fn every() -> Value {
    serde_json::json!({
        "type": "every", "text": "héllo", "is": true, "int": 5.0, "tiny": -128, "byte": 255,
        "single": 0.1, "double": -1e300, "big": "-9223372036854775808", "counts": {"a": ["1", 2]},
        "data": "/+8", "json": {"any": [null, 1.5, -3]}, "list": ["admin", "over-size"],
        "map": {"x": {"name": "Ada", "unknown": 1}}, "nullable": null,
        "tree": {"left": {"left": null, "children": []}, "children": []},
    })
}

/// What is wrong with a message: each fault as text.
pub fn faults(text: &str) -> Vec<String> {
    faults_in::<Any>(text)
}

pub fn faults_in<I: Incoming + Debug>(text: &str) -> Vec<String> {
    let invalid = decode::<I>(text).expect_err(text);
    invalid.faults().iter().map(ToString::to_string).collect()
}
