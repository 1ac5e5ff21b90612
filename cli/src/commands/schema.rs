//! `autumn-gen schema`: the format of specs, for editors and for people.

use super::{args::Schema, shell::Shell, ws::put};
use crate::{
    error::{Environment, Error},
    output::replace,
    schema::{json_schema, reference_page},
};

pub(super) fn run(schema: &Schema, shell: &Shell) -> Result<u8, Error> {
    let text = if schema.markdown {
        reference_page()?
    } else {
        json_schema()
    };
    let Some(path) = &schema.out else {
        return put(&text).map(|()| 0);
    };
    replace(path, text.as_bytes()).map_err(|error| Environment::io("write", path, error))?;
    shell.status("Wrote", &path.display().to_string());
    Ok(0)
}
