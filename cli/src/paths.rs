//! Paths as people write them.

use std::path::{Component, Path, PathBuf};

/// The path from the folder `from` to `to`, both absolute and without `.` and `..`, with `/` on every system; `.` if they are the
/// same.
///
/// Where no path leads from one to the other, as between the drives of Windows, it is `to` itself.
#[must_use]
pub fn relative(from: &Path, to: &Path) -> String {
    let common = from
        .components()
        .zip(to.components())
        .take_while(|(a, b)| a == b)
        .count();
    let way: PathBuf = if common == 0 {
        to.to_owned()
    } else {
        let up = from.components().skip(common).map(|_| Component::ParentDir);
        up.chain(to.components().skip(common)).collect()
    };
    let way = way.to_string_lossy();
    match way.as_ref() {
        "" => ".".to_owned(),
        way if cfg!(windows) => way.replace('\\', "/"),
        way => way.to_owned(),
    }
}

/// The path without `.` and `..`, as it is written: links are not followed.
#[must_use]
pub fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if normal.file_name().is_some() => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}

/// Whether Windows has a device of this name. It takes no file or folder of it, whatever its ending.
#[must_use]
pub fn is_device(name: &str) -> bool {
    match name.to_ascii_lowercase().as_bytes() {
        b"aux" | b"con" | b"nul" | b"prn" => true,
        [b'c', b'o', b'm', number] | [b'l', b'p', b't', number] => (b'1'..=b'9').contains(number),
        _ => false,
    }
}

/// A word for the command line of a shell, in quotes where it needs them.
#[must_use]
pub fn quoted(word: &str) -> String {
    let is_plain =
        |c: char| c.is_alphanumeric() || "-_./:@".contains(c) || (cfg!(windows) && c == '\\');
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn paths_lead_down_up_and_aside() {
        let way = |from: &str, to: &str| relative(from.as_ref(), to.as_ref());
        assert_eq!(way("/a/b", "/a/b/c/d.rs"), "c/d.rs");
        assert_eq!(way("/a/b", "/a/c"), "../c");
        assert_eq!(way("/a/b", "/x"), "../../x");
        assert_eq!(way("/a/b", "/a/b"), ".");
    }
}
