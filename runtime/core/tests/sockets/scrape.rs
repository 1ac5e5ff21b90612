//! Parses metrics as Prometheus does, but more strictly.

use crate::app::in_time;
use autumn_ws_core::testing::TestServer;
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::sleep,
};

/// An HTTP response, its head and its body.
pub async fn get(server: &TestServer, path: &str) -> (String, String) {
    get_over(TcpStream::connect(server.addr()).await.unwrap(), path).await
}

/// An HTTP response over a connection of its own.
pub async fn get_over(mut stream: TcpStream, path: &str) -> (String, String) {
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    in_time(stream.read_to_string(&mut response)).await.unwrap();
    let (head, body) = response.split_once("\r\n\r\n").expect("a head");
    (head.to_owned(), body.to_owned())
}

/// All series at one moment, by name and labels.
#[derive(Debug)]
pub struct Scrape(BTreeMap<String, u64>);

impl Scrape {
    pub async fn of(server: &TestServer) -> Self {
        Self::over(TcpStream::connect(server.addr()).await.unwrap()).await
    }

    /// Over a connection that was opened before.
    pub async fn over(stream: TcpStream) -> Self {
        let (head, body) = get_over(stream, "/metrics").await;
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        let kind = "content-type: text/plain; version=0.0.4; charset=utf-8";
        assert!(head.contains(kind), "{head}");
        Self::read(&body)
    }

    /// Waits until a series has a value.
    pub async fn until(server: &TestServer, series: &str, value: u64) -> Self {
        for _ in 0..500 {
            let scrape = Self::of(server).await;
            if scrape.find(series) == Some(value) {
                return scrape;
            }
            sleep(Duration::from_millis(10)).await;
        }
        let scrape = Self::of(server).await;
        panic!("never: {series} {value}\n{scrape:#?}");
    }

    /// The value of an existing series.
    pub fn get(&self, series: &str) -> u64 {
        let value = self.find(series);
        value.unwrap_or_else(|| panic!("no {series}\n{self:#?}"))
    }

    pub fn find(&self, series: &str) -> Option<u64> {
        self.0.get(&format!("autumn_ws_{series}")).copied()
    }

    /// The number of series.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Reads the text format, version 0.0.4.
    pub fn read(text: &str) -> Self {
        assert!(text.ends_with('\n'));
        let mut series = BTreeMap::new();
        let mut families = BTreeSet::new();
        let mut family = "";
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if let Some(help) = line.strip_prefix("# HELP ") {
                let (name, _) = help.split_once(' ').expect("a help text");
                let kind = lines.next().and_then(|kind| kind.strip_prefix("# TYPE "));
                let (typed, kind) = kind.and_then(|kind| kind.split_once(' ')).expect(line);
                assert_eq!(typed, name);
                assert_eq!(kind == "counter", name.ends_with("_total"), "{name}");
                assert!(["counter", "gauge"].contains(&kind), "{line}");
                assert!(is_name(name) && families.insert(name), "{line}");
                family = name;
                continue;
            }
            let (name, value) = line.rsplit_once(' ').expect(line);
            let labels = name.strip_prefix(family).expect("a series of its family");
            assert!(labels.is_empty() || are_labels(labels), "{line}");
            let before = series.insert(name.to_owned(), value.parse().expect(line));
            assert_eq!(before, None, "{name} twice");
        }
        Self(series)
    }
}

fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Whether this is `{name="value",name="value"}`.
fn are_labels(text: &str) -> bool {
    let inside = text
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'));
    let Some(mut rest) = inside else {
        return false;
    };
    loop {
        let Some((name, value)) = rest.split_once("=\"") else {
            return false;
        };
        let Some(beyond) = after_value(value).filter(|_| is_name(name)) else {
            return false;
        };
        match beyond.strip_prefix(',') {
            Some(more) => rest = more,
            None => return beyond.is_empty(),
        }
    }
}

/// What comes after the closing quote.
fn after_value(value: &str) -> Option<&str> {
    let mut chars = value.chars();
    loop {
        match chars.next()? {
            '"' => return Some(chars.as_str()),
            '\\' if !matches!(chars.next()?, '\\' | '"' | 'n') => return None,
            _ => {}
        }
    }
}

#[test]
fn a_malformed_label_is_noticed() {
    assert!(are_labels(r#"{a="b"}"#));
    assert!(are_labels(r#"{a="b",c="\\d\"=e,{}"}"#));
    for wrong in [
        "{}",
        r#"{a="b"#,
        r"{a=b}",
        r#"{a="b" c="d"}"#,
        r#"{a="b",}"#,
        r#"{1="b"}"#,
        r#"{a="b"c"}"#,
        r#"{a="\b"}"#,
    ] {
        assert!(!are_labels(wrong), "{wrong}");
    }
}
