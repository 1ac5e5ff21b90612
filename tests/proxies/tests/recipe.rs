//! The blocks of the recipes' page.

use std::net::SocketAddr;

const PAGE: &str = include_str!("../../../runtime/docs/recipes.md");

/// The blocks in a language, whose line begins with this.
pub fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    let behind = PAGE.split(&fence).skip(1);
    let blocks: Vec<_> = behind
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    assert!(!blocks.is_empty(), "no block in {language}");
    blocks
}

/// A proxy's recipe, which listens on this port and forwards to these replicas.
pub fn filled(recipe: &str, port: u16, replicas: &[SocketAddr]) -> String {
    // In one pass each, since a replica may have any port.
    let [first, last] = [replicas.first().unwrap(), replicas.last().unwrap()];
    let filled = recipe
        .replace("127.0.0.1:3001", "LAST")
        .replace("127.0.0.1:3000", "FIRST");
    let filled = filled
        .replace("LAST", &last.to_string())
        .replace("FIRST", &first.to_string());
    let port = port.to_string();
    for listens in ["listen 80;", "bind :80\n", ":80 {"] {
        if filled.contains(listens) {
            let here = listens.replace(":80", &format!("127.0.0.1:{port}"));
            let here = here.replace("listen 80", &format!("listen 127.0.0.1:{port}"));
            // Caddy would add the address to what it matches, and the tests ask for localhost.
            let here = if listens == ":80 {" {
                format!(":{port} {{\n    bind 127.0.0.1")
            } else {
                here
            };
            return filled.replace(listens, &here);
        }
    }
    panic!("it listens nowhere:\n{recipe}");
}

/// The same recipe with a line missing.
pub fn without(recipe: &str, line: &str) -> String {
    let is_other = |other: &&str| !other.trim_start().starts_with(line);
    let shorter = recipe
        .lines()
        .filter(is_other)
        .map(|line| format!("{line}\n"));
    let shorter: String = shorter.collect();
    assert_eq!(
        shorter.lines().count() + 1,
        recipe.lines().count(),
        "{line}"
    );
    shorter
}
