//! Reading what is on the disk. Pipes are not opened: reading one would block the run.

use crate::error::{Environment, Error};
use std::{fs, io, path::Path};

/// The text of a file; `None` if there is none, or not any more: another run may just have removed it.
///
/// # Errors
///
/// When it cannot be read, is not a regular file, or is a link to nothing.
pub fn read(path: &Path) -> Result<Option<String>, Error> {
    match regular(path).and_then(|()| fs::read(path)) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if is_absent(&error) && !path.is_symlink() => Ok(None),
        Err(error) if is_absent(&error) => {
            let message = format!("`{}` is a symbolic link to nothing", path.display());
            Err(Environment::new(message, "remove it, or create what it points to").into())
        }
        Err(error) => Err(Environment::io("read", path, error).into()),
    }
}

fn regular(path: &Path) -> io::Result<()> {
    if fs::metadata(path)?.is_file() {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::InvalidInput,
        "not a regular file",
    ))
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}
