//! Close codes as label values.

use crate::{CloseCode, close::EXPIRED};
use std::ops::RangeInclusive;

/// A close code, or a group of close codes. There is a fixed number of labels, so that no client can
/// create another series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CloseLabel(usize);

/// The codes of the registry (RFC 6455, 7.4.1 and 11.7) and of this crate, and groups of all others.
const LABELS: [&str; 20] = [
    "1000", "1001", "1002", "1003", "1004", "1005", "1006", "1007", "1008", "1009", "1010", "1011",
    "1012", "1013", "1014", "1015", "3xxx", "4401", "4xxx", "other",
];

impl CloseLabel {
    pub(crate) const COUNT: usize = LABELS.len();

    /// All labels, in order.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT).map(Self)
    }

    pub(crate) fn as_str(self) -> &'static str {
        LABELS.get(self.0).copied().unwrap_or("other")
    }

    pub(crate) const fn index(self) -> usize {
        self.0
    }
}

/// The codes that are for applications (RFC 6455, 7.4.2).
pub(super) const OWN: RangeInclusive<CloseCode> = 3000..=4999;

/// The label of such a code by itself, where the application chooses it.
pub(crate) fn own_label(code: CloseCode) -> &'static str {
    let digits = OWN
        .contains(&code)
        .then(|| DIGITS.get(usize::from(code - *OWN.start())))
        .flatten();
    digits.map_or("other", |digits| str::from_utf8(digits).unwrap_or("other"))
}

/// The last digit of a number.
const fn digit_of(number: u16) -> u8 {
    b'0' + (number % 10).to_le_bytes()[0]
}

/// The digits of each of these codes, since labels are static texts.
static DIGITS: [[u8; 4]; 2000] = {
    let mut all = [[b'3', b'0', b'0', b'0']; 2000];
    let mut rest: &mut [[u8; 4]] = &mut all;
    let mut code: u16 = 3000;
    while let [first, others @ ..] = rest {
        *first = [
            digit_of(code / 1000),
            digit_of(code / 100),
            digit_of(code / 10),
            digit_of(code),
        ];
        code += 1;
        rest = others;
    }
    all
};

impl From<CloseCode> for CloseLabel {
    fn from(code: CloseCode) -> Self {
        Self(match code {
            1000..=1015 => usize::from(code - 1000),
            3000..=3999 => 16,
            EXPIRED => 17,
            4000..=4999 => 18,
            _ => 19,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{CloseLabel, OWN, own_label};
    use std::collections::BTreeSet;

    #[test]
    fn a_code_of_the_application_has_a_label_of_its_own() {
        for code in OWN {
            assert_eq!(own_label(code), code.to_string());
        }
        assert_eq!((own_label(2999), own_label(5000)), ("other", "other"));
    }

    #[test]
    fn every_code_has_one_of_a_few_labels() {
        let label = |code: u16| CloseLabel::from(code).as_str();
        for code in 1000..=1015 {
            assert_eq!(label(code), code.to_string());
        }
        assert_eq!((label(3000), label(3999)), ("3xxx", "3xxx"));
        assert_eq!((label(4000), label(4999)), ("4xxx", "4xxx"));
        assert_eq!(label(4401), "4401");
        for code in [0, 999, 1016, 2999, 5000, u16::MAX] {
            assert_eq!(label(code), "other");
        }
        let labels: BTreeSet<_> = (0..=u16::MAX).map(label).collect();
        assert_eq!(labels, CloseLabel::all().map(CloseLabel::as_str).collect());
    }
}
