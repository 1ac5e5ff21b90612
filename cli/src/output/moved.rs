//! Handlers that were moved over a path which cargo has compiled before.
//!
//! Moving a file keeps the time of its last edit. If cargo has compiled another file under that path since, it takes the moved
//! one for compiled, too. The time of the move is known where the system keeps the time of a file's last change of any kind.

use super::file::places;
use std::{
    fs::{self, Metadata},
    path::Path,
    time::SystemTime,
};

/// Whether the handler at `handler`, below `out`, was moved there after the module that declares it was written.
#[must_use]
pub fn is_moved(out: &Path, handler: &Path, module: &Path) -> bool {
    let Some(written) = fs::metadata(module)
        .ok()
        .and_then(|metadata| metadata.modified().ok())
    else {
        return false;
    };
    let files = places(handler).map(|path| out.join(path));
    // Moving a folder changes the times of the folder, not those of what is in it.
    let mut moved = files.iter().flat_map(|file| {
        let above = file
            .ancestors()
            .take_while(|path| *path != out && path.starts_with(out));
        above.filter_map(|path| moved_at(&fs::metadata(path).ok()?))
    });
    moved.any(|moved| moved > written)
}

/// When a file or folder was moved, if that was later than its last edit.
#[cfg(unix)]
fn moved_at(metadata: &Metadata) -> Option<SystemTime> {
    use std::{os::unix::fs::MetadataExt, time::Duration};

    /// Editors write a file and then move it into its place: that takes a moment.
    const MOMENT: Duration = Duration::from_millis(100);
    let changed = Duration::new(
        metadata.ctime().try_into().ok()?,
        metadata.ctime_nsec().try_into().ok()?,
    );
    let changed = SystemTime::UNIX_EPOCH.checked_add(changed)?;
    (changed > metadata.modified().ok()? + MOMENT).then_some(changed)
}

#[cfg(not(unix))]
fn moved_at(_: &Metadata) -> Option<SystemTime> {
    None
}
