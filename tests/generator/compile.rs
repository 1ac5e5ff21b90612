//! What every spec in `specs/` becomes compiles without a warning in every edition: in a binary, where nothing unused is
//! forgiven, and in a library, where everything public is documented. It is quiet under `clippy::pedantic` and the lints that
//! libraries switch on, documents without a warning, and the user's `cargo fmt --check` stays green.

use crate::support::{
    HANDLED, Project, cargo, cargo_command, finish, generate_alone, repository, specs, specs_below,
    stem,
};
use autumn_gen::{Mode, Options, Overrides, Ownership, generate_with, write};
use std::{fmt::Write as _, fs, path::Path};

/// The items that specs may name in their user's crate.
const CRATE: &str = r#"
/// The state of the application.
#[derive(Clone, Debug)]
pub struct AppState(pub autumn_ws::AppState);

impl axum::extract::FromRef<AppState> for autumn_ws::AppState {
    fn from_ref(state: &AppState) -> Self {
        state.0.clone()
    }
}

/// An order.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// The newest first.
    Newest,
    /// The oldest first.
    Oldest,
}

/// Whose data it is.
#[derive(Clone, Copy, Debug)]
pub struct Tenant {
    /// Its number.
    pub id: i64,
}

impl<S: Sync> axum::extract::FromRequestParts<S> for Tenant {
    type Rejection = axum::http::StatusCode;

    async fn from_request_parts(
        _parts: &mut axum::http::request::Parts,
        _state: &S,
    ) -> Result<Self, Self::Rejection> {
        Ok(Self { id: 1 })
    }
}

/// A type of messages.
#[derive(Clone, Copy, Debug, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Tick {
    /// A price.
    pub bid: u32,
}

/// A user.
pub mod auth {
    /// Its name.
    #[derive(Clone, Copy, Debug)]
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
"#;

/// What strict libraries have at their head. Nothing that is forbidden can be allowed again further down.
const LINTS: &str = r#"
[lints.rust]
missing_docs = "deny"
unreachable_pub = "deny"
missing_debug_implementations = "deny"
missing_copy_implementations = "deny"
redundant_imports = "deny"
unused_results = "deny"
unsafe_code = "forbid"
dead_code = "forbid"

[lints.clippy]
all = { level = "deny", priority = -1 }
pedantic = { level = "deny", priority = -1 }
unwrap_used = "deny"
"#;

const EDITIONS: [&str; 3] = ["2018", "2021", "2024"];

/// What a package calls its dependencies: the package, its path in Rust, and how its entry in the manifest continues.
type Names = [(&'static str, &'static str, &'static str); 3];

const USUAL: Names = [
    ("autumn-ws", "autumn_ws", ""),
    ("axum", "axum", ""),
    ("serde", "serde", ""),
];

const RENAMED: Names = [
    ("my-sockets", "my_sockets", "package = \"autumn-ws\", "),
    ("web", "web", "package = \"axum\", "),
    ("ser", "ser", "package = \"serde\", "),
];

/// A package with a library and a binary of the same modules, one for each spec.
struct Package {
    project: Project,
    names: Names,
}

impl Package {
    fn empty(names: Names) -> Self {
        let package = Self {
            project: Project::new(),
            names,
        };
        let lock = package.project.at("Cargo.lock");
        fs::copy(repository().join("Cargo.lock"), lock).unwrap();
        package.set_edition("2024");
        package
    }

    /// With all specs of the repository.
    fn new(names: Names) -> Self {
        let package = Self::empty(names);
        let mut names = vec!["uses".to_owned()];
        let mut routers = String::new();
        for spec in specs("specs") {
            let text = package.renamed(&fs::read_to_string(&spec).unwrap());
            let name = stem(&spec);
            package.generate(&name, &text);
            let state = match text.split_once("\nstate: ") {
                Some((_, state)) if state.starts_with("std::sync::Arc<") => "shared",
                Some(_) => "own",
                None => "state",
            };
            let _ = writeln!(
                routers,
                "    let _: axum::Router = {name}::router().with_state({state}.clone());"
            );
            names.push(name);
        }
        for (below, text) in specs_below(&repository().join("specs/uses")) {
            package
                .project
                .write(&format!("specs/uses/{}", below.display()), text);
        }
        package
            .project
            .done(&["ws", "--specs", "specs/uses", "--out", "src/uses"]);
        names.sort();
        let modules: Vec<String> = names
            .iter()
            .map(|name| format!("pub mod {name};\n"))
            .collect();
        let modules = modules.concat();
        routers.push_str("    let _: axum::Router = uses::router().with_state(state.clone());\n");
        let library = format!("//! A library.\n\n{modules}{CRATE}");
        package
            .project
            .write("src/lib.rs", package.renamed(&library));
        let main = format!(
            "//! A program.\n\n{}{CRATE}\nfn main() {{\n    let state = autumn_ws::AppState::new();\n    let own = AppState(state.clone());\n    let shared = std::sync::Arc::new(own.clone());\n{routers}}}\n",
            modules.replace("pub mod", "mod")
        );
        package.project.write("src/main.rs", package.renamed(&main));
        package
    }

    /// Code or a spec of the package's user, who knows the crates by these names.
    fn renamed(&self, text: &str) -> String {
        let names = USUAL.iter().zip(&self.names);
        let text = names.fold(text.to_owned(), |text, ((_, usual, _), (_, path, _))| {
            text.replace(&format!("{usual}::"), &format!("{path}::"))
        });
        let [.., (_, serde, _)] = self.names;
        text.replace("#[serde(", &format!("#[serde(crate = {serde:?}, "))
    }

    fn generate(&self, name: &str, spec: &str) {
        let project = &self.project;
        project.write(&format!("specs/{name}/{name}.yaml"), spec);
        let (specs, out) = (format!("specs/{name}"), format!("src/{name}"));
        project.done(&["ws", "--specs", &specs, "--out", &out]);
    }

    fn set_edition(&self, edition: &str) {
        let runtime = repository().join("runtime").display().to_string();
        let [(sockets, _, a), (web, _, b), (ser, _, c)] = self.names;
        let manifest = format!(
            "[package]\nname = \"sample\"\nversion = \"0.1.0\"\nedition = \"{edition}\"\n\n[workspace]\nresolver = \"3\"\n\n[dependencies]\n{sockets} = {{ {a}path = {runtime:?}, features = [\"messages\"] }}\n{web} = {{ {b}version = \"0.8\" }}\n{ser} = {{ {c}version = \"1\", features = [\"derive\"] }}\nchrono = {{ version = \"0.4\", default-features = false, features = [\"serde\", \"std\"] }}\nserde_json = \"1\"\nuuid = {{ version = \"1\", features = [\"serde\"] }}\n{LINTS}"
        );
        self.project.write("Cargo.toml", manifest);
    }

    fn cargo(&self, arguments: &[&str]) {
        cargo(self.project.path(), arguments);
    }
}

#[test]
fn every_spec_becomes_clean_rust() {
    let package = Package::new(USUAL);
    for edition in EDITIONS {
        package.set_edition(edition);
        package.cargo(&["fmt", "--check"]);
        package.cargo(&["clippy", "--", "-D", "warnings"]);
    }
    package.cargo(&["doc", "--no-deps", "--lib", "--document-private-items"]);
}

#[test]
fn dependencies_with_other_names_are_named_as_the_package_names_them() {
    let package = Package::new(RENAMED);
    package.cargo(&["fmt", "--check"]);
    package.cargo(&["clippy", "--", "-D", "warnings"]);
    let run = package
        .project
        .done(&["ws", "--specs", "specs/handlers", "--out", "src/handlers"]);
    assert!(!run.stderr.contains("cargo add"), "{}", run.stderr);
}

/// A state in which the sockets find nothing of theirs.
const FORGETFUL: &str = "//! A program.

mod ws;

/// The state of the application.
#[derive(Clone, Debug)]
pub struct App(pub autumn_ws::AppState);

fn main() {
    let app = App(autumn_ws::AppState::new());
    let _: axum::Router = ws::router().with_state(app);
}
";

#[test]
fn a_state_without_from_ref_gives_no_error_but_the_one_that_helps() {
    let package = Package::empty(USUAL);
    let project = &package.project;
    for name in ["one", "two"] {
        let spec = format!(
            "version: 1\nstate: crate::App\nchannels: {{ news: news }}\nendpoints:\n  {name}: {{ path: /{name} }}\n  {name}_echo: {{ path: /{name}/echo, on_message: echo }}\n  {name}_news: {{ path: \"/{name}/{{id}}\", subscribe: [news], on_message: ignore }}\n"
        );
        project.write(&format!("specs/{name}.yaml"), spec);
    }
    project.done(&["ws"]);
    project.write("src/main.rs", FORGETFUL);
    let mut check = cargo_command(project.path(), &["check", "--message-format", "short"]);
    let run = finish(&mut check);
    let errors: Vec<&str> = run
        .stderr
        .lines()
        .filter(|line| line.contains("error[") && line.starts_with("src/"))
        .collect();
    // Where the state is needed: the router of each spec, that of all specs, and the call.
    assert_eq!(errors.len(), 4, "{}", run.stderr);
    for error in errors {
        assert!(
            error.contains("the trait bound `AppState: FromRef<App>` is not satisfied"),
            "{error}"
        );
    }
    let shared = FORGETFUL.replace("(app)", "(std::sync::Arc::new(app))");
    let implemented = "
impl axum::extract::FromRef<App> for autumn_ws::AppState {
    fn from_ref(app: &App) -> Self {
        app.0.clone()
    }
}
";
    project.write("src/main.rs", shared + implemented);
    for name in ["one", "two"] {
        let path = format!("specs/{name}.yaml");
        let spec = project.read(&path);
        project.write(
            &path,
            spec.replace("crate::App", "std::sync::Arc<crate::App>"),
        );
        project.remove(&format!("src/ws/{name}/{name}.rs"));
    }
    project.done(&["ws"]);
    cargo(project.path(), &["check"]);
}

/// Writes what a person writes around included files: the module of a spec that has a handler, and the handler.
fn include_beside_a_handler(project: &Project, out: &Path) {
    let include = |file: &str| format!("include!({:?});\n", out.join(file).display().to_string());
    let root = include("mod.rs");
    project.write(
        "src/ws.rs",
        format!("//! The sockets.\n\n#[allow(missing_copy_implementations, missing_debug_implementations, redundant_imports, unreachable_pub)]\npub mod support;\n{root}"),
    );
    let support = include("support.rs");
    project.write(
        "src/ws/support.rs",
        format!("//! The desk.\n\nmod desk;\n{support}"),
    );
    let files = generate_alone(&project.at("specs/support.yaml")).unwrap();
    let handler = files.iter().find_map(|file| match &file.ownership {
        Ownership::Handwritten(skeleton) => Some(&skeleton.code),
        Ownership::Generated(_) => None,
    });
    project.write("src/ws/support/desk.rs", handler.unwrap());
    assert!(
        !out.join("support/desk.rs").exists(),
        "a handler is nobody's there"
    );
}

const INCLUDED: &str = "version: 1
description: \"Rooms, and `more`.\"
channels: { lobby: lobby, room: \"room:{room}\" }
endpoints:
  lobby: { path: /lobby, subscribe: [lobby], on_message: { publish: lobby }, limits: { connections: 10 } }
  room: { path: \"/rooms/{room}\", query: { loud: bool }, subscribe: [room], on_message: ignore }
messages: { say: { text: string } }
";

/// Files for `include!`, generated as a `build.rs` does it: without inner attributes and docs, which could not stand there.
#[test]
fn included_files_compile_in_a_strict_library() {
    let package = Package::empty(USUAL);
    let project = &package.project;
    project.write("specs/chat.yaml", INCLUDED);
    let other = "version: 1\nendpoints: { echo: { path: /echo, on_message: echo } }\n";
    project.write("specs/admin/echo.yaml", other);
    let handled = format!("{HANDLED}types: {{ Note: {{ text: string(1..) }} }}\n");
    project.write("specs/support.yaml", handled);
    let out = project.at("target/debug/build/sample-0123/out/ws");
    let overrides = Overrides {
        out: Some(out.clone()),
        ..Overrides::default()
    };
    let found = autumn_gen::Project::find(project.path(), &overrides).unwrap();
    let generated = generate_with(&found, &Options::included()).unwrap();
    write(&found, &generated, None, Mode::Force).unwrap();
    include_beside_a_handler(project, &out);
    let again = write(&found, &generated, None, Mode::Force).unwrap();
    assert!(again.is_clean(), "{again}");
    for visibility in ["pub ", ""] {
        let library = format!(
            "//! A library.\n\n/// Sockets.\n{visibility}mod ws;\n\n/// The router of the sockets.\npub fn router() -> axum::Router {{\n    ws::router().with_state(autumn_ws::AppState::new())\n}}\n"
        );
        project.write("src/lib.rs", library);
        for edition in EDITIONS {
            package.set_edition(edition);
            package.cargo(&["clippy", "--", "-D", "warnings"]);
        }
    }
}
