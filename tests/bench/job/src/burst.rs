//! What is published in one go.

/// So many messages of so many bytes, to be published in one go.
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

    /// The messages, each made anew, as those of an application are.
    pub fn messages(self) -> impl Iterator<Item = String> {
        (0..self.count).map(move |_| "x".repeat(self.size))
    }
}
