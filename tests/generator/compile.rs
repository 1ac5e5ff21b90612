//! What every spec in `specs/` becomes compiles without a warning, in a binary, where nothing unused is forgiven; it is
//! quiet under `clippy::pedantic`, documents without a warning, and the user's `cargo fmt --check` stays green.

use crate::support::{Project, cargo, repository, specs, stem};
use std::fs;

/// What specs may name in the crate of their user.
const MAIN: &str = r"
#[derive(Clone)]
pub struct AppState(autumn_ws::AppState);

impl axum::extract::FromRef<AppState> for autumn_ws::AppState {
    fn from_ref(state: &AppState) -> Self {
        state.0.clone()
    }
}

pub mod auth {
    pub struct CurrentUser;

    impl<S: Sync> axum::extract::FromRequestParts<S> for CurrentUser {
        type Rejection = axum::http::StatusCode;

        async fn from_request_parts(
            _parts: &mut axum::http::request::Parts,
            _state: &S,
        ) -> Result<Self, Self::Rejection> {
            Ok(Self)
        }
    }
}

fn main() {
    let state = autumn_ws::AppState::new();
    let own = AppState(state.clone());
";

fn project() -> Project {
    let project = Project::new();
    let runtime = repository().join("runtime").display().to_string();
    let manifest = format!(
        "[dependencies]\nautumn-ws = {{ path = {runtime:?} }}\naxum = \"0.8\"\nserde = {{ version = \"1\", features = [\"derive\"] }}\n"
    );
    project.write("Cargo.toml", project.read("Cargo.toml") + &manifest);
    fs::copy(repository().join("Cargo.lock"), project.at("Cargo.lock")).unwrap();
    let (mut modules, mut routers) = (String::new(), String::new());
    for spec in specs("specs") {
        let (name, text) = (stem(&spec), fs::read_to_string(&spec).unwrap());
        project.write(&format!("specs/{name}/{name}.yaml"), &text);
        project.done(&[
            "ws",
            "--specs",
            &format!("specs/{name}"),
            "--out",
            &format!("src/{name}"),
        ]);
        let state = if text.contains("\nstate:") {
            "own"
        } else {
            "state"
        };
        modules.extend(["mod ", &name, ";\n"]);
        routers.extend([
            "    let _: axum::Router = ",
            &name,
            "::router().with_state(",
            state,
            ".clone());\n",
        ]);
    }
    project.write("src/main.rs", format!("{modules}{MAIN}{routers}}}\n"));
    project
}

#[test]
fn every_spec_becomes_clean_rust() {
    let project = project();
    cargo(project.path(), &["fmt", "--check"]);
    cargo(
        project.path(),
        &[
            "clippy",
            "--",
            "-D",
            "warnings",
            "-D",
            "clippy::pedantic",
            "-D",
            "clippy::unwrap_used",
        ],
    );
    cargo(
        project.path(),
        &["doc", "--no-deps", "--document-private-items"],
    );
}
