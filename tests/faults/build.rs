//! Generates the modules of the specs where `src/ws.rs` includes them.

use autumn_gen::{Mode, Options, Overrides, Project, generate_with, write};
use std::{env, error::Error, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=specs");
    let out = Path::new(&env::var("OUT_DIR")?).join("ws");
    let overrides = Overrides {
        out: Some(out),
        ..Overrides::default()
    };
    let project = Project::find(".".as_ref(), &overrides)?;
    let generated = generate_with(&project, &Options::included())?;
    write(&project, &generated, None, Mode::Force)?;
    Ok(())
}
