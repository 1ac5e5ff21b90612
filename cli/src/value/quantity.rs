//! Durations, sizes and counts.

use super::{Choice, Described, Form, Mistake, Notation, Scalar, Setting};
use crate::{characters::look_alike, diagnostic::code};
use bytesize::ByteSize;
use std::{fmt, time::Duration};

/// A duration from one millisecond to a day.
#[derive(Clone, Copy, Debug)]
pub struct Period(pub Duration);

impl Period {
    const SHORTEST: Duration = Duration::from_millis(1);
    const LONGEST: Duration = Duration::from_hours(24);

    /// A number of seconds.
    #[must_use]
    pub const fn seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    /// A number of minutes.
    #[must_use]
    pub const fn minutes(minutes: u64) -> Self {
        Self(Duration::from_mins(minutes))
    }
}

impl Described for Period {
    const FORM: Form = Form::Notation(&Notation {
        name: "duration",
        doc: "A number and a unit: `ms`, `s`, `m` or `h`. Whole milliseconds, from `1ms` to `24h`.",
        pattern: Some(
            r"^\s*([0-9]+(\.[0-9]+)?\s*(nanos|nsec|ns|micros|usec|us|µs|millis|msec|ms|seconds|second|secs|sec|s|minutes|minute|mins|min|m|hours|hour|hrs|hr|h|days|day|d)\s*)+$",
        ),
        numbers: &[],
        examples: &["500ms", "30s", "2m", "1h"],
    });
}

impl Scalar for Period {
    const MAY_BE_NUMBER: bool = true;

    fn parse(text: &str) -> Result<Self, Mistake> {
        const HELP: &str = "write a number and a unit: `500ms`, `30s`, `2m`, `1h`";
        let read = humantime::parse_duration(text).ok();
        let is_plain = begins_with_number(text) && !text.contains(|c| look_alike(c).is_some());
        let Some(duration) = read.filter(|_| is_plain) else {
            return Err(Mistake::new(
                code::BAD_DURATION,
                format!("`{text}` is not a duration"),
                number_label(text, "needs a number and a unit"),
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
                "expected whole milliseconds, from 1ms to 24h",
            )
            .help(HELP));
        }
        Ok(Self(duration))
    }
}

impl Setting for Period {
    type Resolved = Duration;

    fn resolved(&self) -> Duration {
        self.0
    }

    fn written(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            &humantime::format_duration(self.0)
                .to_string()
                .replace(' ', ""),
        )
    }
}

/// A duration that may be nothing, to a day.
#[derive(Clone, Copy, Debug)]
pub struct Span(pub Duration);

impl Span {
    /// No time.
    pub const ZERO: Self = Self(Duration::ZERO);
}

impl Described for Span {
    const FORM: Form = Form::Either(&[Period::FORM, NOTHING]);
}

const NOTHING: Form = Form::Choices(&[Choice {
    text: "0s",
    doc: &["No time."],
}]);

impl Scalar for Span {
    const MAY_BE_NUMBER: bool = true;

    fn parse(text: &str) -> Result<Self, Mistake> {
        match text {
            "0s" | "0ms" => Ok(Self::ZERO),
            text => Period::parse(text)
                .map(|Period(duration)| Self(duration))
                .map_err(|mistake| {
                    mistake.help("write a number and a unit: `500ms`, `30s`, `2m`, or `0s`")
                }),
        }
    }
}

impl Setting for Span {
    type Resolved = Duration;

    fn resolved(&self) -> Duration {
        self.0
    }

    fn written(&self) -> String {
        Period(self.0).written()
    }
}

/// A size from one byte to a gibibyte.
#[derive(Clone, Copy, Debug)]
pub struct Size(pub u32);

impl Size {
    const LARGEST: u32 = 1 << 30;
    const MEBIBYTE: u32 = 1 << 20;
    const KIBIBYTE: u32 = 1 << 10;

    /// A number of mebibytes.
    #[must_use]
    pub const fn mebibytes(count: u32) -> Self {
        Self(count * Self::MEBIBYTE)
    }
}

impl Described for Size {
    const FORM: Form = Form::Notation(&Notation {
        name: "size",
        doc: "A number of bytes, or a number and a unit: `KiB`, `MiB`, `kB`, `MB`. From 1 byte to `1GiB`.",
        pattern: Some(r"^\s*[0-9]+(\.[0-9]*)?\s*([KkMmGg]i?)?[Bb]?\s*$"),
        numbers: &[1..=Self::LARGEST],
        examples: &["64KiB", "1MiB", "500kB", "4096"],
    });
}

impl Scalar for Size {
    const MAY_BE_NUMBER: bool = true;

    fn parse(text: &str) -> Result<Self, Mistake> {
        const HELP: &str =
            "write a number and a unit: `64KiB`, `1MiB`, `500kB`; without a unit, it is in bytes";
        let read = text.parse::<ByteSize>().ok();
        let Some(ByteSize(bytes)) = read.filter(|_| begins_with_number(text)) else {
            return Err(Mistake::new(
                code::BAD_SIZE,
                format!("`{text}` is not a size"),
                number_label(text, "needs a number and a unit"),
            )
            .help(HELP));
        };
        match u32::try_from(bytes) {
            Ok(bytes) if (1..=Self::LARGEST).contains(&bytes) => Ok(Self(bytes)),
            _ => Err(Mistake::new(
                code::BAD_SIZE,
                format!("a size of `{text}` is out of range"),
                "expected 1 byte to 1GiB",
            )
            .help(HELP)),
        }
    }
}

impl Setting for Size {
    type Resolved = u32;

    fn resolved(&self) -> u32 {
        self.0
    }

    fn written(&self) -> String {
        match self.0 {
            bytes if bytes.is_multiple_of(Self::MEBIBYTE) => {
                format!("{}MiB", bytes / Self::MEBIBYTE)
            }
            bytes if bytes.is_multiple_of(Self::KIBIBYTE) => {
                format!("{}KiB", bytes / Self::KIBIBYTE)
            }
            bytes => bytes.to_string(),
        }
    }
}

/// A count from one to a million.
#[derive(Clone, Copy, Debug)]
pub struct Count(pub u32);

impl Count {
    const LARGEST: u32 = 1_000_000;
    /// How many channels a session may have joined by default, in the runtime, too.
    pub const JOINED: Self = Self(100);
    /// How many messages a subscriber may fall behind by default, in the runtime, too.
    pub const CHANNEL_CAPACITY: Self = Self(128);
}

impl Described for Count {
    const FORM: Form = Form::Notation(&Notation {
        name: "count",
        doc: "A whole number from 1 to 1000000.",
        pattern: Some("^[1-9][0-9]*$"),
        numbers: &[1..=Self::LARGEST],
        examples: &["100"],
    });
}

impl Scalar for Count {
    const MAY_BE_NUMBER: bool = true;

    fn parse(text: &str) -> Result<Self, Mistake> {
        match text.parse::<u32>() {
            Ok(count) if (1..=Self::LARGEST).contains(&count) && begins_with_number(text) => {
                Ok(Self(count))
            }
            _ => Err(Mistake::new(
                code::BAD_COUNT,
                format!("`{text}` is not a count"),
                number_label(text, "expected a whole number from 1 to 1000000"),
            )),
        }
    }
}

impl Setting for Count {
    type Resolved = u32;

    fn resolved(&self) -> u32 {
        self.0
    }

    fn written(&self) -> String {
        self.0.to_string()
    }
}

/// Whether a text begins with a number. One with a leading zero is none: some YAML parsers take it for octal.
pub(super) fn begins_with_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && !has_leading_zero(text)
}

/// What to say about a text that is not a number: `expected`, or what is wrong with its first digit.
pub(super) fn number_label(text: &str, expected: &'static str) -> &'static str {
    if has_leading_zero(text) {
        "a number must not begin with a zero"
    } else {
        expected
    }
}

fn has_leading_zero(text: &str) -> bool {
    matches!(text.as_bytes(), [b'0', second, ..] if second.is_ascii_digit())
}
