//! `autumn-gen schema`: the format of specs, for editors and for people.

use std::io::Write as _;

use super::args::Schema;
use super::shell::Shell;
use crate::error::{Environment, Error};
use crate::output::write::replace;
use crate::schema::{json_schema, reference_page};

pub(super) fn run(schema: &Schema, shell: &Shell) -> Result<u8, Error> {
    let text = if schema.markdown {
        reference_page()?
    } else {
        json_schema()
    };
    if let Some(path) = &schema.out {
        replace(path, text.as_bytes()).map_err(|error| Environment::io("write", path, error))?;
        shell.status("Wrote", &path.display().to_string());
    } else {
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes())
            .map_err(|error| Environment::io("write to", "standard output".as_ref(), error))?;
    }
    Ok(0)
}
