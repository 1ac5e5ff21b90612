//! Compares a generated file with what is on the disk.

use super::{
    file::Format,
    header::{Header, unix},
    merged::is_merged,
    report::State,
};
use std::path::Path;

/// How the text on the disk, if there is one, compares with the text that is wanted.
#[must_use]
pub fn compare(path: &Path, text: Option<&str>, wanted: &str, format: &Format) -> State {
    let Some(text) = text else {
        return State::Missing;
    };
    if text == wanted {
        return State::Unchanged;
    }
    let text = unix(text);
    if text == wanted {
        return State::LineEndings;
    }
    match Header::find(&text) {
        Some(header) if is_newer(&header, format) => State::Newer,
        Some(header) if header.is_intact() => State::OutOfDate,
        header => match (is_merged(path, &text, wanted), header) {
            (true, _) => State::Merged,
            (false, Some(_)) => State::Edited,
            (false, None) => State::Foreign,
        },
    }
}

/// How a generated file stands that no spec asks for.
#[must_use]
pub fn left_over(header: &Header, formats: &[&'static Format], path: &Path) -> State {
    let format = formats.iter().find(|format| {
        path.extension()
            .is_some_and(|extension| extension == format.extension)
    });
    match format {
        Some(format) if is_newer(header, format) => State::Newer,
        _ if header.is_intact() => State::LeftOver,
        _ => State::EditedLeftOver,
    }
}

fn is_newer(header: &Header, format: &Format) -> bool {
    header.epoch().is_some_and(|epoch| epoch > format.epoch)
}
