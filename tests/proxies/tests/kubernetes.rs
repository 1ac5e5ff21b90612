//! The manifest's numbers, against those of the runtime and of the code beside it.

use crate::recipe::blocks;
use autumn_ws::Endpoint;
use serde_yaml::Value;

/// An endpoint as generated without settings.
struct Plain;

impl Endpoint for Plain {
    const NAME: &'static str = "plain";
}

/// What `serve` gives the last requests before the drain, and those under way after it.
const LAST_REQUESTS: u64 = 1;
const UNDER_WAY: u64 = 10;

fn number(value: &Value, path: &[&str]) -> u64 {
    let found = path.iter().fold(value, |value, key| &value[*key]);
    found
        .as_u64()
        .unwrap_or_else(|| panic!("no number at {path:?}"))
}

/// The seconds that the code of the recipe lingers.
fn lingers() -> u64 {
    let code = blocks("rust")
        .into_iter()
        .find(|code| code.contains(".linger("));
    let (_, seconds) = code
        .unwrap()
        .split_once(".linger(Duration::from_secs(")
        .unwrap();
    seconds.split(')').next().unwrap().parse().unwrap()
}

/// How long a pod may take that drains after this long.
fn takes(before: u64) -> u64 {
    before + LAST_REQUESTS + Plain::DRAIN.as_secs() + UNDER_WAY
}

#[test]
fn the_grace_period_covers_the_longest_drain() {
    let deployment: Value = serde_yaml::from_str(blocks("yaml other")[0]).unwrap();
    let pod = &deployment["spec"]["template"]["spec"];
    assert_eq!(
        number(pod, &["terminationGracePeriodSeconds"]),
        takes(lingers())
    );
    assert!(
        pod["containers"][0]["lifecycle"].is_null(),
        "it lingers already"
    );
}

#[test]
fn readiness_is_noticed_while_it_lingers() {
    let deployment: Value = serde_yaml::from_str(blocks("yaml other")[0]).unwrap();
    let container = &deployment["spec"]["template"]["spec"]["containers"][0];
    let probe = &container["readinessProbe"];
    let noticed = number(probe, &["periodSeconds"]) * number(probe, &["failureThreshold"]);
    assert!(noticed < lingers());
    let port = number(probe, &["httpGet", "port"]);
    assert_eq!(number(&container["ports"][0], &["containerPort"]), port);
    let code = blocks("rust").concat();
    let path = probe["httpGet"]["path"].as_str().unwrap();
    assert!(code.contains(&format!("\"0.0.0.0:{port}\"")), "{port}");
    assert!(code.contains(&format!(".route(\"{path}\"")), "{path}");
}

#[test]
fn a_hook_that_sleeps_counts_towards_the_grace_period() {
    let pod: Value = serde_yaml::from_str(blocks("yaml other")[1]).unwrap();
    let pod = &pod["spec"];
    let hook = &pod["containers"][0]["lifecycle"]["preStop"];
    let sleeps = number(hook, &["sleep", "seconds"]);
    assert_eq!(
        number(pod, &["terminationGracePeriodSeconds"]),
        takes(sleeps)
    );
}
