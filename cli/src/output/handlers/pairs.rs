//! Which handler that is out of use may have been written for which new endpoint: the one that is most alike.

use super::out_of_use::{Handler, folder_of};
use crate::{
    output::{
        file::{Ownership, Skeleton, places},
        generated::Generated,
        header::unix,
        sets::Unwanted,
    },
    project::Project,
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A place where a handler is expected, and nobody has written one.
struct Vacancy<'a> {
    /// The file, below the output folder.
    path: &'a Path,
    skeleton: &'a Skeleton,
    /// Whether the file is there, as an earlier run has created it.
    is_filled: bool,
}

/// For each handler the place of a new endpoint that has no code, if there are enough of them.
pub(super) fn new_places(
    project: &Project,
    unwanted: &Unwanted,
    generated: &Generated,
    handlers: &[&Handler],
) -> Vec<Option<PathBuf>> {
    let vacancies = vacancies(project, generated);
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (handler_at, handler) in handlers.iter().enumerate() {
        let places = places_below(project, unwanted, handler);
        for (vacancy_at, vacancy) in vacancies.iter().enumerate() {
            if vacancy.is_filled && handler.path.ends_with("mod.rs") {
                // The folder cannot replace the file.
                continue;
            }
            pairs.push((likeness(handler, &places, vacancy), handler_at, vacancy_at));
        }
    }
    pairs.sort_by(|(a, ..), (b, ..)| b.total_cmp(a));
    let mut places: Vec<Option<PathBuf>> = vec![None; handlers.len()];
    let mut is_taken = vec![false; vacancies.len()];
    for (_, handler, vacancy) in pairs {
        if let (Some(place @ None), Some(is_taken @ false), Some(vacancy)) = (
            places.get_mut(handler),
            is_taken.get_mut(vacancy),
            vacancies.get(vacancy),
        ) {
            *place = Some(project.out().join(vacancy.path));
            *is_taken = true;
        }
    }
    places
}

fn vacancies<'a>(project: &Project, generated: &'a Generated) -> Vec<Vacancy<'a>> {
    let handwritten = generated
        .files
        .iter()
        .filter_map(|file| match &file.ownership {
            Ownership::Handwritten(skeleton) => Some((file.path.as_path(), skeleton)),
            Ownership::Generated(_) => None,
        });
    let vacancies = handwritten.filter_map(|(path, skeleton)| {
        let is_there = |place: PathBuf| project.out().join(place).exists();
        let is_filled = places(path).into_iter().any(is_there);
        let is_untouched = || {
            let text = fs::read_to_string(project.out().join(path)).unwrap_or_default();
            unix(&text) == skeleton.code
        };
        (!is_filled || is_untouched()).then_some(Vacancy {
            path,
            skeleton,
            is_filled,
        })
    });
    vacancies.collect()
}

/// Where a handler stands below the folders of generated code, of which one may be in another.
fn places_below(project: &Project, unwanted: &Unwanted, handler: &Handler) -> Vec<PathBuf> {
    let module = folder_of(&handler.path);
    let below = unwanted
        .folders(project)
        .filter_map(|folder| module.strip_prefix(folder).ok());
    below.map(|module| module.with_extension("rs")).collect()
}

/// How much a handler looks like what is expected: the same place elsewhere counts most, then its trait, methods and name.
fn likeness(handler: &Handler, places: &[PathBuf], vacancy: &Vacancy) -> f64 {
    const PLACE: f64 = 8.0;
    const TRAIT: f64 = 4.0;
    const METHODS: f64 = 2.0;
    const FREE: f64 = 1.0;
    let name = |path: &Path| {
        path.file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    let alike = strsim::jaro_winkler(&name(&folder_of(&handler.path)), &name(vacancy.path));
    let score = |holds: bool, weight: f64| if holds { weight } else { 0.0 };
    let is_free = !vacancy.is_filled;
    score(is_free, FREE)
        + score(places.iter().any(|place| place == vacancy.path), PLACE)
        + score(handler.traits.contains(&vacancy.skeleton.trait_name), TRAIT)
        + METHODS * shared_methods(handler, vacancy.skeleton)
        + alike
}

/// The share of the methods that both have.
fn shared_methods(handler: &Handler, skeleton: &Skeleton) -> f64 {
    let count = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let shared = skeleton
        .methods
        .iter()
        .filter(|method| handler.functions.contains(&method.name));
    count(shared.count()) / count(skeleton.methods.len().max(1))
}
