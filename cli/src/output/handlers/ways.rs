//! What can become of a handler that is not used any more, as commands to paste.

use super::{
    out_of_use::{Handler, folder_of},
    pairs::new_places,
    tracked::Tracked,
};
use crate::{
    output::{
        file::places,
        generated::{Generated, HandlerPlace},
        sets::Unwanted,
    },
    project::Project,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// What can become of a handler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ways {
    /// What keeps it in use, if its endpoint exists and handles nothing.
    pub keep: Option<String>,
    /// The command that makes it the handler of an endpoint for which nobody has written one, if there is one.
    pub rename: Option<String>,
    /// The command that moves it out of the output folder.
    pub set_aside: String,
    /// The command that deletes it.
    pub delete: String,
}

impl Ways {
    /// Each way: what it does, and how.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let keep = self.keep.as_deref().map(|how| ("keep it", how));
        let rename = self.rename.as_deref().map(|how| ("rename it", how));
        let set_aside = ("set it aside", self.set_aside.as_str());
        let delete = ("delete it", self.delete.as_str());
        keep.into_iter().chain(rename).chain([set_aside, delete])
    }
}

/// The ways for each handler. No two of them lead to the same place.
pub(super) fn ways(
    project: &Project,
    unwanted: &Unwanted,
    generated: &Generated,
    handlers: &[Handler],
) -> Vec<Ways> {
    let endpoints = endpoints(project, generated);
    let keep: Vec<Option<String>> = handlers
        .iter()
        .map(|handler| endpoints.get(&handler.path).copied().map(keep))
        .collect();
    let homeless: Vec<&Handler> = handlers
        .iter()
        .zip(&keep)
        .filter(|(_, keep)| keep.is_none())
        .map(|(handler, _)| handler)
        .collect();
    let mut new_places = new_places(project, unwanted, generated, &homeless).into_iter();
    let paths = handlers.iter().map(|handler| &handler.path);
    let paths = paths.flat_map(|path| [path.clone(), folder_of(path)]);
    let tracked = Tracked::find(project, paths);
    let mut taken = BTreeSet::new();
    let mut ways_of = |(handler, keep): (&Handler, Option<String>)| {
        let path = &handler.path;
        let new = if keep.is_none() {
            new_places.next().flatten()
        } else {
            None
        };
        Ways {
            keep,
            rename: new.map(|new| moved(project, &tracked, path, &new)),
            set_aside: moved(
                project,
                &tracked,
                path,
                &aside(project, unwanted, path, &mut taken),
            ),
            delete: deleted(project, &tracked, path),
        }
    };
    handlers.iter().zip(keep).map(&mut ways_of).collect()
}

/// The endpoints by the files in which their handlers may stand.
fn endpoints<'a>(
    project: &Project,
    generated: &'a Generated,
) -> BTreeMap<PathBuf, &'a HandlerPlace> {
    let places = generated
        .handler_places
        .iter()
        .flat_map(|place| places(&place.path).map(|path| (project.out().join(path), place)));
    places.collect()
}

fn keep(place: &HandlerPlace) -> String {
    let HandlerPlace { endpoint, spec, .. } = place;
    format!("add `open: handle` to the endpoint `{endpoint}` in {spec}")
}

/// The command that moves a handler, with the modules that belong to it.
fn moved(project: &Project, tracked: &Tracked, from: &Path, to: &Path) -> String {
    let mut commands = Vec::new();
    let parent = to.parent().unwrap_or(Path::new(""));
    if !parent.exists() {
        commands.push(format!("mkdir -p {}", project.pasted(parent)));
    }
    let mut mv = |from: &Path, to: &Path| {
        let mv = match (tracked.contains(from), to.exists()) {
            (true, true) => "git mv -f",
            (true, false) => "git mv",
            (false, _) => "mv",
        };
        let (from, to) = (project.pasted(from), project.pasted(to));
        commands.push(format!("{mv} {from} {to}"));
    };
    let (folder, new_folder) = (folder_of(from), folder_of(to));
    if !from.ends_with("mod.rs") {
        mv(from, to);
    }
    if folder.is_dir() {
        mv(&folder, &new_folder);
    }
    commands.join(" && ")
}

/// The command that deletes a handler, with the modules that belong to it.
fn deleted(project: &Project, tracked: &Tracked, path: &Path) -> String {
    let folder = folder_of(path);
    let file = (!path.ends_with("mod.rs")).then(|| path.to_owned());
    let folder = Some(folder).filter(|folder| folder.is_dir());
    let (tracked, others): (Vec<PathBuf>, Vec<PathBuf>) = file
        .into_iter()
        .chain(folder)
        .partition(|path| tracked.contains(path));
    let commands = [("git rm", tracked), ("rm", others)].map(|(rm, paths)| {
        let all = if paths.iter().any(|path| path.is_dir()) {
            " -r"
        } else {
            ""
        };
        let words = paths.iter().map(|path| project.pasted(path));
        let words: Vec<String> = words.collect();
        (!words.is_empty()).then(|| format!("{rm}{all} {}", words.join(" ")))
    });
    let commands: Vec<String> = commands.into_iter().flatten().collect();
    commands.join(" && ")
}

/// A free place for a handler outside of every folder of generated code.
fn aside(
    project: &Project,
    unwanted: &Unwanted,
    path: &Path,
    taken: &mut BTreeSet<PathBuf>,
) -> PathBuf {
    let is_outside = |folder: &&Path| {
        let mut generated = unwanted.folders(project);
        !generated.any(|generated| folder.starts_with(generated))
    };
    let base = path
        .ancestors()
        .skip(1)
        .find(is_outside)
        .unwrap_or(project.root());
    let name = folder_of(path);
    let name = name.strip_prefix(base).unwrap_or(&name);
    // `desk`, or else `chat_desk`, `ws_chat_desk`.
    let parts: Vec<_> = name
        .iter()
        .rev()
        .map(|part| part.to_string_lossy())
        .collect();
    let mut stem = String::new();
    for part in parts {
        stem = if stem.is_empty() {
            part.into_owned()
        } else {
            format!("{part}_{stem}")
        };
        let place = base.join(&stem).with_extension("rs");
        if !place.exists() && !base.join(&stem).exists() && taken.insert(place.clone()) {
            return place;
        }
    }
    base.join(format!("unused_{stem}")).with_extension("rs")
}
