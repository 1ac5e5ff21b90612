//! Durations, sizes and counts.

use std::time::Duration;

use bytesize::ByteSize;

use super::Mistake;
use crate::diagnostic::code;

/// A duration from one millisecond to a day.
#[derive(Clone, Copy, Debug)]
pub struct Span(pub Duration);

impl Span {
    const SHORTEST: Duration = Duration::from_millis(1);
    const LONGEST: Duration = Duration::from_hours(24);

    /// Reads a duration with its unit: `500ms`, `30s`, `2m`.
    ///
    /// # Errors
    ///
    /// When it is no duration, is out of range, or is finer than a millisecond.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        const HELP: &str = "write a number and a unit: `500ms`, `30s`, `2m`, `1h`";
        let Ok(duration) = humantime::parse_duration(text) else {
            return Err(Mistake::new(
                code::BAD_DURATION,
                format!("`{text}` is not a duration"),
                "needs a number and a unit",
            )
            .help(HELP));
        };
        if duration < Self::SHORTEST
            || duration > Self::LONGEST
            || !duration.subsec_nanos().is_multiple_of(1_000_000)
        {
            return Err(Mistake::new(
                code::BAD_DURATION,
                format!("a duration of `{text}` is out of range"),
                "whole milliseconds, from 1ms to 24h",
            )
            .help(HELP));
        }
        Ok(Self(duration))
    }
}

/// A size from one byte to a gibibyte.
#[derive(Clone, Copy, Debug)]
pub struct Size(pub u32);

impl Size {
    const LARGEST: u32 = 1 << 30;

    /// Reads a size with its unit: `64KiB`, `1MiB`, or a number of bytes.
    ///
    /// # Errors
    ///
    /// When it is no size or is out of range.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        const HELP: &str =
            "write a number and a unit: `64KiB`, `1MiB`, `500kB`; without a unit: bytes";
        let Ok(ByteSize(bytes)) = text.parse::<ByteSize>() else {
            return Err(Mistake::new(
                code::BAD_SIZE,
                format!("`{text}` is not a size"),
                "needs a number and a unit",
            )
            .help(HELP));
        };
        match u32::try_from(bytes) {
            Ok(bytes) if (1..=Self::LARGEST).contains(&bytes) => Ok(Self(bytes)),
            _ => Err(Mistake::new(
                code::BAD_SIZE,
                format!("a size of `{text}` is out of range"),
                "from 1 byte to 1GiB",
            )
            .help(HELP)),
        }
    }
}

/// A count from one to a million.
#[derive(Clone, Copy, Debug)]
pub struct Count(pub u32);

impl Count {
    const LARGEST: u32 = 1_000_000;

    /// Reads a count.
    ///
    /// # Errors
    ///
    /// When it is no whole number or is out of range.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        match text.parse::<u32>() {
            Ok(count) if (1..=Self::LARGEST).contains(&count) => Ok(Self(count)),
            _ => Err(Mistake::new(
                code::BAD_COUNT,
                format!("`{text}` is not a count"),
                "a whole number from 1 to 1000000",
            )),
        }
    }
}
