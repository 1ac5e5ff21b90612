//! Whether a process gave back what it took.

use std::fmt;

use crate::crowd::Tally;
use crate::drive::shown;
use crate::sample::Sample;

/// What must be the same at the end as at the beginning.
pub const HELD: [&str; 5] = ["files", "tasks", "sessions", "channels", "subscribers"];

/// What must have happened, or nothing is proven.
const GONE_THROUGH: [&str; 7] = [
    "opened",
    "rejected",
    "send_timeouts",
    "idle_timeouts",
    "panics",
    "lagged",
    "sent",
];

/// How much memory may grow, in percent and in KiB: allocators round up and keep pages.
const SLACK: (u64, u64) = (5, 2048);

/// A run, from the first to the last sample.
pub struct Course {
    pub before: Sample,
    /// Samples under load, in equal steps.
    pub samples: Vec<Sample>,
    pub after: Sample,
}

impl Course {
    /// The median of the resident memory in a sixth of the run. The first sixth is the warm-up. Of
    /// 30 minutes, the second is minutes 5 to 10, and the last is the last 5.
    fn resident_kib(&self, sixth: usize) -> u64 {
        let length = self.samples.len();
        let part = length * sixth / 6..length * (sixth + 1) / 6;
        let part = self.samples.get(part).unwrap_or_default();
        let mut sizes: Vec<u64> = part
            .iter()
            .map(|sample| sample.get("resident_kib"))
            .collect();
        sizes.sort_unstable();
        sizes.get(sizes.len() / 2).copied().unwrap_or_default()
    }
}

/// All faults.
pub fn faults(course: &Course, tally: &Tally) -> Vec<String> {
    let mut faults = Vec::new();
    for name in HELD {
        let (before, after) = (course.before.get(name), course.after.get(name));
        if after > before {
            faults.push(format!("{after} {name} instead of {before}"));
        }
    }
    for name in GONE_THROUGH {
        if course.after.get(name) == 0 {
            faults.push(format!("no {name}: nothing is proven"));
        }
    }
    faults.extend(
        tally
            .idle()
            .map(|part| format!("no client succeeded in {part}")),
    );
    let (early, late) = (course.resident_kib(1), course.resident_kib(5));
    let (percent, kib) = SLACK;
    if late > early + early * percent / 100 + kib {
        faults.push(format!("memory grew from {early} to {late} KiB"));
    }
    faults
}

impl fmt::Display for Course {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "before:  {}", shown(&self.before))?;
        writeln!(f, "after:   {}", shown(&self.after))?;
        for name in GONE_THROUGH {
            write!(f, "{name} {}  ", self.after.get(name))?;
        }
        writeln!(f)?;
        for sixth in 0..6 {
            write!(
                f,
                "resident in sixth {}: {} KiB  ",
                sixth + 1,
                self.resident_kib(sixth)
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Course, GONE_THROUGH, HELD, Sample, faults};
    use crate::crowd::Tally;

    fn sample(resident_kib: u64) -> Sample {
        let held = HELD.iter().map(|name| ((*name).to_owned(), 3));
        let gone_through = GONE_THROUGH.iter().map(|name| ((*name).to_owned(), 9));
        let mut numbers: std::collections::BTreeMap<_, _> = held.chain(gone_through).collect();
        numbers.insert("resident_kib".to_owned(), resident_kib);
        Sample { numbers }
    }

    fn course(resident_kib: impl Fn(u64) -> u64) -> Course {
        Course {
            before: sample(1),
            samples: (0..180)
                .map(|number| sample(resident_kib(number)))
                .collect(),
            after: sample(1),
        }
    }

    fn found(course: &Course) -> Vec<String> {
        faults(course, &Tally::default())
    }

    #[test]
    fn warm_up_and_noise_are_not_growth() {
        let noisy = |number: u64| 20_000 + number.min(30) * 1000 + number % 7 * 100;
        assert!(found(&course(noisy)).is_empty());
    }

    #[test]
    fn steady_growth_is_found() {
        let found = found(&course(|number| 20_000 + number * 40));
        assert_eq!(found, ["memory grew from 21800 to 26600 KiB"]);
    }

    #[test]
    fn a_leak_is_found() {
        let mut course = course(|_| 1);
        course.after.numbers.insert("tasks".to_owned(), 4);
        assert_eq!(found(&course), ["4 tasks instead of 3"]);
    }

    #[test]
    fn missing_traffic_is_found() {
        let mut course = course(|_| 1);
        course.after.numbers.insert("panics".to_owned(), 0);
        assert_eq!(found(&course), ["no panics: nothing is proven"]);
    }
}
