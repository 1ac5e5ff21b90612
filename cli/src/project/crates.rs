//! What a package calls the crates that generated code uses.

use crate::error::{Environment, Error};
use serde::Deserialize;
use toml::{Table, Value};

/// Paths to the crates that generated code uses, as the package writes them in Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crates {
    /// The runtime: `autumn_ws`.
    pub autumn_ws: String,
    /// `axum`.
    pub axum: String,
    /// `serde`.
    pub serde: String,
    /// `serde_json`.
    pub serde_json: String,
}

impl Crates {
    /// The names with which the paths begin.
    pub(crate) fn roots(&self) -> impl Iterator<Item = &str> {
        let paths = [&self.autumn_ws, &self.axum, &self.serde, &self.serde_json];
        paths
            .into_iter()
            .filter_map(|path| path.trim_start_matches("::").split("::").next())
    }
}

impl Default for Crates {
    fn default() -> Self {
        Self {
            autumn_ws: "autumn_ws".to_owned(),
            axum: "axum".to_owned(),
            serde: "serde".to_owned(),
            serde_json: "serde_json".to_owned(),
        }
    }
}

/// The same in the settings of a package, where they are not what its dependencies say: another crate may re-export them.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct CratePaths {
    autumn_ws: Option<String>,
    axum: Option<String>,
    serde: Option<String>,
    serde_json: Option<String>,
}

impl CratePaths {
    /// These settings, and those of `other` where there are none.
    pub fn or(self, other: Self) -> Self {
        Self {
            autumn_ws: self.autumn_ws.or(other.autumn_ws),
            axum: self.axum.or(other.axum),
            serde: self.serde.or(other.serde),
            serde_json: self.serde_json.or(other.serde_json),
        }
    }

    /// The crates of a package with these dependencies.
    ///
    /// # Errors
    ///
    /// When a setting is not a path in Rust.
    pub fn crates(self, dependencies: &Dependencies) -> Result<Crates, Error> {
        let path = |setting: Option<String>, package: &str| match setting {
            Some(path) if is_path(&path) => Ok(path),
            Some(path) => {
                let message = format!("`crates.{package} = \"{path}\"` is not a path in Rust");
                let help = format!(
                    "write the path to the crate, such as `framework::{}`",
                    package.replace('-', "_")
                );
                Err(Environment::new(message, help))
            }
            None => Ok(dependencies.path(package)),
        };
        Ok(Crates {
            autumn_ws: path(self.autumn_ws, "autumn-ws")?,
            axum: path(self.axum, "axum")?,
            serde: path(self.serde, "serde")?,
            serde_json: path(self.serde_json, "serde-json")?,
        })
    }
}

/// Whether a text is a path that means the same in every module.
fn is_path(text: &str) -> bool {
    let Ok(path) = syn::parse_str::<syn::Path>(text) else {
        return false;
    };
    let is_relative = path
        .segments
        .first()
        .is_none_or(|first| first.ident == "self" || first.ident == "super");
    let is_plain = path.segments.iter().all(|part| part.arguments.is_none());
    is_plain && !is_relative && !text.contains(char::is_whitespace)
}

/// The dependencies of a package, for every platform.
#[derive(Clone, Debug, Default)]
pub struct Dependencies(Vec<Dependency>);

/// One entry in a table of dependencies.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// What the manifest calls it.
    pub name: String,
    /// The package, which has another name where `package = …` says so.
    package: String,
    features: Vec<String>,
    has_default_features: bool,
}

impl Dependencies {
    /// Reads a manifest. What it inherits is in the manifest of its `workspace`.
    #[must_use]
    pub fn read(manifest: &Table, workspace: Option<&Table>) -> Self {
        let shared =
            workspace.and_then(|workspace| table(table(workspace, "workspace")?, "dependencies"));
        let platforms = table(manifest, "target")
            .into_iter()
            .flat_map(Table::values);
        let platforms: Vec<&Table> = platforms.filter_map(Value::as_table).collect();
        let mut found = Vec::new();
        for section in ["dependencies", "dev-dependencies"] {
            let tables = [manifest].into_iter().chain(platforms.iter().copied());
            let entries = tables
                .filter_map(|platform| table(platform, section))
                .flatten();
            found.extend(entries.map(|(name, value)| Dependency::read(name, value, shared)));
        }
        Self(found)
    }

    /// A package among them, under whatever name. If there are several versions of it, the one that keeps its name counts.
    #[must_use]
    pub fn find(&self, package: &str) -> Option<&Dependency> {
        let all = || self.0.iter();
        let is_it = |dependency: &&Dependency| dependency.package == package;
        all()
            .filter(is_it)
            .find(|dependency| dependency.keeps_name_of(package))
            .or_else(|| all().find(is_it))
            .or_else(|| all().find(|dependency| dependency.keeps_name_of(package)))
    }

    /// The path to a package in Rust.
    fn path(&self, package: &str) -> String {
        let name = self.find(package).map(|found| found.name.as_str());
        let path = |name: &str| name.replace('-', "_");
        name.map(path)
            .filter(|path| is_path(path))
            .unwrap_or_else(|| path(package))
    }
}

impl Dependency {
    fn read(name: &str, entry: &Value, shared: Option<&Table>) -> Self {
        let inherits = entry.get("workspace").and_then(Value::as_bool);
        let inherited = shared
            .and_then(|shared| shared.get(name))
            .filter(|_| inherits == Some(true));
        let entries = || [Some(entry), inherited].into_iter().flatten();
        let package = entries().find_map(|entry| entry.get("package")?.as_str());
        let defaults = entries().find_map(|entry| entry.get("default-features")?.as_bool());
        let features = entries().filter_map(|entry| entry.get("features")?.as_array());
        let features = features.flatten().filter_map(Value::as_str);
        Self {
            name: name.to_owned(),
            package: dashed(package.unwrap_or(name)),
            features: features.map(str::to_owned).collect(),
            has_default_features: defaults.unwrap_or(true),
        }
    }

    /// Whether it has the name of a package.
    #[must_use]
    pub fn keeps_name_of(&self, package: &str) -> bool {
        dashed(&self.name) == package
    }

    /// Whether it has a feature, which may be among its default ones.
    #[must_use]
    pub fn has(&self, feature: &str, is_default: bool) -> bool {
        (is_default && self.has_default_features) || self.features.iter().any(|own| own == feature)
    }
}

/// Cargo takes `-` and `_` for the same in many places.
fn dashed(name: &str) -> String {
    name.replace('_', "-")
}

fn table<'a>(parent: &'a Table, name: &str) -> Option<&'a Table> {
    parent.get(name)?.as_table()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crates(manifest: &str, workspace: &str) -> Crates {
        let workspace: Table = workspace.parse().unwrap();
        let dependencies = Dependencies::read(&manifest.parse().unwrap(), Some(&workspace));
        CratePaths::default().crates(&dependencies).unwrap()
    }

    #[test]
    fn dependencies_are_found_under_the_names_that_the_manifest_gives_them() {
        let expected = Crates {
            axum: "web_frame".to_owned(),
            autumn_ws: "sockets".to_owned(),
            serde: "ser".to_owned(),
            ..Crates::default()
        };
        let manifest = r#"
            [dependencies]
            web-frame = { package = "axum", version = "0.8" }
            ser = { workspace = true, features = ["derive"] }
            [target.'cfg(unix)'.dependencies.sockets]
            package = "autumn-ws"
            path = "../runtime"
        "#;
        let workspace = r#"
            [workspace.dependencies]
            ser = { package = "serde", version = "1" }
        "#;
        assert_eq!(crates(manifest, workspace), expected);
    }

    #[test]
    fn a_dependency_that_keeps_its_name_is_preferred() {
        let two = r#"
            [dependencies]
            axum = "0.8"
            axum-07 = { package = "axum", version = "0.7" }
            [dev-dependencies]
            json = { package = "serde" }
        "#;
        let found = crates(two, "");
        assert_eq!(
            (found.axum.as_str(), found.serde.as_str()),
            ("axum", "json")
        );
        let fork = "[dependencies]\naxum = { package = \"axum-fork\", version = \"0.8\" }\n";
        assert_eq!(crates(fork, "").axum, "axum");
        assert_eq!(crates("", ""), Crates::default());
    }

    #[test]
    fn only_paths_are_accepted_as_settings() {
        for path in ["web", "::axum", "crate::deps::axum", "my_framework::axum"] {
            assert!(is_path(path), "{path}");
        }
        for other in [
            "",
            "my-axum",
            "super::axum",
            "a<b>",
            "a b",
            "fn",
            "a::",
            "a :: b",
            "a; b",
        ] {
            assert!(!is_path(other), "{other}");
        }
    }
}
