//! `autumn-gen new`: a project that runs.

use super::args::New;
use super::shell::Shell;
use crate::error::Error;

pub(super) fn run(_new: &New, _shell: &Shell) -> Result<u8, Error> {
    Ok(0)
}
