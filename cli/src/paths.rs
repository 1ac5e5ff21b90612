//! Paths as people write them.

use std::path::{Component, Path, PathBuf};

/// The way from the folder `from` to `to`, both absolute and without `.` and `..`, with `/` on every system.
///
/// Where nothing leads from one to the other, as between the drives of Windows, it is `to` itself.
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
    way.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn ways_lead_down_up_and_aside() {
        let way = |from: &str, to: &str| relative(from.as_ref(), to.as_ref());
        assert_eq!(way("/a/b", "/a/b/c/d.rs"), "c/d.rs");
        assert_eq!(way("/a/b", "/a/c"), "../c");
        assert_eq!(way("/a/b", "/x"), "../../x");
    }
}
