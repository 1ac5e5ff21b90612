//! A burst of messages.

/// `count` messages of `size` bytes, to be published at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Burst {
    /// How many messages.
    pub count: usize,
    /// How many bytes each has.
    pub size: usize,
}

impl Burst {
    /// Reads `COUNT SIZE`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (count, size) = text.split_once(' ')?;
        Some(Self {
            count: count.parse().ok()?,
            size: size.parse().ok()?,
        })
    }

    /// The messages, each made anew, as an application does.
    pub fn messages(self) -> impl Iterator<Item = String> {
        (0..self.count).map(move |_| "x".repeat(self.size))
    }
}
