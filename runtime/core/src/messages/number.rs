//! Numbers.

/// The largest integer that a JSON number holds in every language: 2^53 - 1. `int` is this, and the
/// same below zero.
pub(super) const LARGEST_INT: i64 = (1 << 53) - 1;

/// The whole number that a value is. What is too large becomes the largest number, which is beyond
/// every type that asks.
pub(super) fn whole(value: f64) -> Option<i128> {
    #[expect(clippy::cast_possible_truncation, reason = "it saturates")]
    let whole = value as i128;
    (value.fract() == 0.0).then_some(whole)
}

/// The number of 32 bits that is written as `value`. `None`: it is too large.
pub(super) fn single(value: f64) -> Option<f32> {
    #[expect(clippy::cast_possible_truncation, reason = "it rounds")]
    let nearest = value as f32;
    if !nearest.is_finite() {
        return None;
    }
    // The text was rounded to 64 bits, and now again. Where that is right in the middle between two
    // numbers, the text may have been on the other side of it.
    let neighbours = [nearest.next_down(), nearest.next_up()];
    let middle = |other: f32| f64::midpoint(nearest.into(), other.into());
    let is_tie = |other: f32| middle(other).total_cmp(&value).is_eq();
    let written = neighbours
        .into_iter()
        .find(|&other| is_tie(other) && other.to_string().parse() == Ok(value));
    Some(written.unwrap_or(nearest))
}

#[cfg(test)]
mod tests {
    use super::single;

    #[test]
    fn a_number_of_32_bits_survives_its_text() {
        // Rounded to 64 bits and then to 32, the first one becomes its neighbour.
        for value in [
            7.038_531e-26_f32,
            0.1,
            f32::MAX,
            f32::MIN_POSITIVE,
            1e-45,
            0.0,
            -0.0,
        ] {
            let parsed = value.to_string().parse().unwrap();
            assert_eq!(
                single(parsed).map(f32::to_bits),
                Some(value.to_bits()),
                "{value}"
            );
        }
    }

    #[test]
    fn what_is_too_large_for_32_bits_is_refused() {
        assert_eq!(single(1e39), None);
        assert_eq!(single(-1e39), None);
    }
}
