//! The Rust types that a package chooses for types of specs.

use crate::{
    error::{Environment, Error},
    value::{self, Use},
};
use serde::Deserialize;

/// The Rust types behind types of specs.
#[derive(Clone, Debug)]
pub struct RustTypes {
    /// Of `time`.
    pub time: RustType,
    /// Of `uuid`.
    pub uuid: RustType,
}

/// A Rust type behind a type of specs.
#[derive(Clone, Debug)]
pub struct RustType {
    /// The type.
    pub ty: value::RustType,
    /// The module that reads and writes it for serde, where the type does not do it itself.
    pub with: Option<value::RustType>,
}

impl Default for RustTypes {
    fn default() -> Self {
        let alone = |path| RustType {
            ty: value::RustType::known(path),
            with: None,
        };
        Self {
            time: alone("chrono::DateTime<chrono::Utc>"),
            uuid: alone("uuid::Uuid"),
        }
    }
}

/// The same in the settings of a package.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Chosen {
    time: Option<ChosenType>,
    uuid: Option<ChosenType>,
}

/// A type, or a type and the module that reads and writes it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum ChosenType {
    Alone(String),
    With(ChosenWith),
}

/// A type and the module that reads and writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChosenWith {
    #[serde(rename = "type")]
    ty: String,
    with: Option<String>,
}

impl Chosen {
    /// These settings, and those of `other` where there are none.
    pub fn or(self, other: Self) -> Self {
        Self {
            time: self.time.or(other.time),
            uuid: self.uuid.or(other.uuid),
        }
    }

    /// The types that are chosen, and the usual ones for what is left open.
    ///
    /// # Errors
    ///
    /// When something that is chosen is not a type.
    pub fn types(self) -> Result<RustTypes, Error> {
        let usual = RustTypes::default();
        Ok(RustTypes {
            time: chosen("time", self.time, usual.time)?,
            uuid: chosen("uuid", self.uuid, usual.uuid)?,
        })
    }
}

fn chosen(key: &str, chosen: Option<ChosenType>, usual: RustType) -> Result<RustType, Environment> {
    let (ty, with) = match chosen {
        None => return Ok(usual),
        Some(ChosenType::Alone(ty)) => (ty, None),
        Some(ChosenType::With(ChosenWith { ty, with })) => (ty, with),
    };
    let read = |text: &str| {
        value::RustType::parse_for(text, Use::Message).map_err(|mistake| {
            let message = format!("`types.{key}` is not a type: {}", mistake.message());
            Environment::new(message, "write a type with its full path, as in `time = \"chrono::DateTime<chrono::Utc>\"`, or `time = { type = \"time::OffsetDateTime\", with = \"time::serde::rfc3339\" }`")
        })
    };
    Ok(RustType {
        ty: read(&ty)?,
        with: with.as_deref().map(read).transpose()?,
    })
}
