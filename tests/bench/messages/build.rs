//! Generates the modules of the specs where `src/ws.rs` includes them.

use autumn_gen::{Mode, Options, Overrides, Project, generate_with, write};
use std::{env, error::Error, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let out = Path::new(&env::var("OUT_DIR")?).join("ws");
    let overrides = Overrides {
        out: Some(out),
        ..Overrides::default()
    };
    let project = Project::find(".".as_ref(), &overrides)?;
    for input in project.inputs() {
        println!("cargo::rerun-if-changed={}", input.display());
    }
    let generated = generate_with(&project, &Options::included())?;
    write(&project, &generated, None, Mode::Force)?;
    Ok(())
}
