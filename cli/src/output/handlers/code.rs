//! Hand-written Rust, as far as it matters here: which modules it declares, and which traits it implements.
//!
//! It is read word by word and not as a syntax tree, since that works for macros, too, and for files that do not parse. Comments
//! and strings do not count.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::{collections::BTreeSet, ffi::OsStr, path::Path};

/// The words of a Rust file.
#[derive(Debug)]
pub struct Code {
    words: Vec<Word>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    Name(String),
    Sign(char),
    Text(String),
}

impl Code {
    /// Reads a file, of any shape.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let words = match text.parse::<TokenStream>() {
            Ok(tokens) => words(tokens),
            Err(_) => words_of_text(text),
        };
        Self { words }
    }

    /// The modules that it declares without their code: `mod parts;`.
    #[must_use]
    pub fn modules(&self) -> BTreeSet<&str> {
        let modules = self.words.windows(3).filter_map(|words| match words {
            [Word::Name(module), Word::Name(name), Word::Sign(';')] if module == "mod" => {
                Some(name.as_str())
            }
            _ => None,
        });
        modules.collect()
    }

    /// Rust files that it names in a string, as in `#[path = "parts.rs"]`.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.words.iter().filter_map(|word| match word {
            Word::Text(text) if Path::new(text).extension() == Some(OsStr::new("rs")) => {
                Some(text.as_str())
            }
            _ => None,
        })
    }

    /// The names of its functions.
    #[must_use]
    pub fn functions(&self) -> BTreeSet<&str> {
        self.names_after("fn").collect()
    }

    /// The traits that it implements and does not declare itself, by the paths from which they are imported.
    #[must_use]
    pub fn traits(&self) -> Vec<Vec<String>> {
        let own: BTreeSet<&str> = self.names_after("trait").collect();
        let imports = self.imports();
        let implemented = self.positions("impl").filter_map(|at| self.implemented(at));
        let foreign = implemented.filter(|path| !path.iter().any(|name| own.contains(name)));
        foreign.flat_map(|path| resolved(&path, &imports)).collect()
    }

    fn positions(&self, keyword: &str) -> impl Iterator<Item = usize> {
        let is_keyword = move |word: &Word| matches!(word, Word::Name(name) if name == keyword);
        let words = self.words.iter().enumerate();
        words
            .filter(move |(_, word)| is_keyword(word))
            .map(|(at, _)| at)
    }

    fn names_after(&self, keyword: &str) -> impl Iterator<Item = &str> {
        self.positions(keyword)
            .filter_map(|at| match self.words.get(at + 1) {
                Some(Word::Name(name)) => Some(name.as_str()),
                _ => None,
            })
    }

    /// The path of the trait in `impl<T> path::Trait<T> for Type`; `None`: the type implements no trait here.
    fn implemented(&self, at: usize) -> Option<Vec<&str>> {
        let mut words = self.words.get(at + 1..)?;
        if words.first() == Some(&Word::Sign('<')) {
            words = after_generics(words)?;
        }
        let mut path = Vec::new();
        loop {
            words = match words {
                [Word::Name(name), ..] if name == "for" => return Some(path),
                [Word::Name(name), rest @ ..] => {
                    path.push(name.as_str());
                    rest
                }
                [Word::Sign(':'), rest @ ..] => rest,
                [Word::Sign('<'), ..] => after_generics(words)?,
                _ => return None,
            };
        }
    }

    /// What `use` brings in by a name.
    fn imports(&self) -> Vec<Import> {
        let mut imports = Vec::new();
        for at in self.positions("use") {
            let mut prefixes: Vec<Vec<String>> = vec![Vec::new()];
            let mut path: Vec<String> = Vec::new();
            let mut alias = None;
            let mut words = self.words.iter().skip(at + 1).peekable();
            while let Some(word) = words.next() {
                match word {
                    Word::Name(name) if name == "as" => {
                        alias = words.next_if(|word| matches!(word, Word::Name(_)));
                    }
                    Word::Name(name) => path.push(name.clone()),
                    Word::Sign('{') => prefixes.push(path.clone()),
                    Word::Sign(',' | '}' | ';') => {
                        imports.extend(Import::new(&path, alias.take()));
                        if *word == Word::Sign('}') {
                            prefixes.pop();
                        }
                        path = prefixes.last().cloned().unwrap_or_default();
                    }
                    Word::Sign(':' | '*') => {}
                    _ => break,
                }
                if *word == Word::Sign(';') {
                    break;
                }
            }
        }
        imports
    }
}

/// A name and the path that it stands for.
struct Import {
    name: String,
    path: Vec<String>,
}

impl Import {
    fn new(path: &[String], alias: Option<&Word>) -> Option<Self> {
        // `use super::{self as chat}` imports `super`.
        let path = match path {
            [path @ .., last] if last == "self" => path,
            path => path,
        };
        let name = match alias {
            Some(Word::Name(alias)) => alias.clone(),
            _ => path.last()?.clone(),
        };
        Some(Self {
            name,
            path: path.to_vec(),
        })
    }
}

/// What a path may mean: its first name may have been imported, in one module of the file or in several.
fn resolved(path: &[&str], imports: &[Import]) -> Vec<Vec<String>> {
    let Some((first, rest)) = path.split_first() else {
        return Vec::new();
    };
    let mut starts: Vec<Vec<String>> = imports
        .iter()
        .filter(|import| import.name == *first)
        .map(|import| import.path.clone())
        .collect();
    if starts.is_empty() {
        starts.push(vec![(*first).to_owned()]);
    }
    let whole = |mut start: Vec<String>| {
        start.extend(rest.iter().map(|&name| name.to_owned()));
        start
    };
    starts.into_iter().map(whole).collect()
}

/// What follows `<…>`, with which the words begin.
fn after_generics(words: &[Word]) -> Option<&[Word]> {
    let mut depth = 0_usize;
    let mut before = &Word::Sign(' ');
    for (at, word) in words.iter().enumerate() {
        match word {
            Word::Sign('<') => depth += 1,
            // The end of an arrow, as in `Fn() -> u8`, closes nothing.
            Word::Sign('>') if *before != Word::Sign('-') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return words.get(at + 1..);
        }
        before = word;
    }
    None
}

/// The tokens without their tree. It may be of any depth, so no function calls itself here.
fn words(tokens: TokenStream) -> Vec<Word> {
    let mut words = Vec::new();
    let mut open = vec![(tokens.into_iter(), None)];
    while let Some((tokens, close)) = open.last_mut() {
        match tokens.next() {
            Some(TokenTree::Group(group)) => {
                let (start, end) = match group.delimiter() {
                    Delimiter::Parenthesis => (Some('('), Some(')')),
                    Delimiter::Brace => (Some('{'), Some('}')),
                    Delimiter::Bracket => (Some('['), Some(']')),
                    Delimiter::None => (None, None),
                };
                words.extend(start.map(Word::Sign));
                open.push((group.stream().into_iter(), end));
            }
            Some(TokenTree::Ident(name)) => words.push(Word::Name(name.to_string())),
            Some(TokenTree::Punct(sign)) => words.push(Word::Sign(sign.as_char())),
            Some(TokenTree::Literal(literal)) => {
                let text = syn::parse_str::<syn::LitStr>(&literal.to_string());
                words.push(Word::Text(
                    text.map(|text| text.value()).unwrap_or_default(),
                ));
            }
            None => {
                words.extend(close.map(Word::Sign));
                open.pop();
            }
        }
    }
    words
}

/// The words of a file that is not Rust at the moment. Strings in it count: better one handler too many than one lost.
fn words_of_text(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut name = String::new();
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    for character in text
        .lines()
        .filter(is_code)
        .flat_map(|line| line.chars().chain(['\n']))
    {
        if character.is_alphanumeric() || character == '_' {
            name.push(character);
            continue;
        }
        if !name.is_empty() {
            words.push(Word::Name(std::mem::take(&mut name)));
        }
        if !character.is_whitespace() {
            words.push(Word::Sign(character));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traits(text: &str) -> Vec<String> {
        Code::read(text)
            .traits()
            .iter()
            .map(|path| path.join("::"))
            .collect()
    }

    #[test]
    fn traits_are_found_however_they_are_written() {
        for text in [
            "use super::DeskHandler; impl DeskHandler for Desk {}",
            "use super::{DeskHandler, DeskRequest}; impl<T> DeskHandler for Desk<T> {}",
            "use super::{a::{B, C}, DeskHandler as Trait}; impl Trait for Desk {}",
            "impl super::DeskHandler for Desk {}",
            "use super::{self as ws}; impl ws::DeskHandler for Desk {}",
            "use super as ws; mod inner { impl crate::x::Foreign for Y {} } impl ws::DeskHandler for Desk {}",
            "wrap! { impl<F: Fn() -> u8> super::DeskHandler for Desk<F> {} }",
            "fn f() { #[async_trait] impl super::DeskHandler for Desk {} }",
            "impl super::DeskHandler for Desk { fn unfinished( {}",
        ] {
            let found = traits(text);
            assert!(
                found.contains(&"super::DeskHandler".to_owned()),
                "{text}: {found:?}"
            );
        }
    }

    #[test]
    fn comments_strings_and_traits_of_the_file_itself_do_not_count() {
        for text in [
            "// impl super::DeskHandler for Desk {}",
            "/* impl super::DeskHandler for Desk {} */",
            "/// impl super::DeskHandler for Desk {}\nfn f() {}",
            "const X: &str = \"impl super::DeskHandler for Desk {}\";",
            "trait DeskHandler {} impl DeskHandler for Desk {}",
            "impl Desk { fn f(x: impl Fn()) {} }",
            "// impl super::DeskHandler for Desk {}\nfn unfinished( {}",
        ] {
            assert_eq!(traits(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn modules_and_files_are_found() {
        let code =
            Code::read("mod parts; #[path = \"../other.rs\"] mod other; mod inner { fn f() {} }");
        assert_eq!(code.modules(), BTreeSet::from(["parts", "other"]));
        assert_eq!(code.files().collect::<Vec<_>>(), ["../other.rs"]);
    }

    #[test]
    fn any_depth_is_read() {
        let deep = format!("{}{}", "(".repeat(200_000), ")".repeat(200_000));
        assert_eq!(
            Code::read(&format!("mod a; fn x() {{ {deep} }}"))
                .modules()
                .len(),
            1
        );
    }
}
