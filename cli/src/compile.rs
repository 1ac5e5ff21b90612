//! From a project's specs to its files, stage by stage. Everything but `discover` and `write` is pure.

use crate::{
    check::{self, Checked},
    contract::Contract,
    diagnostic::Diagnostics,
    discover::{self, Discovered},
    error::Error,
    options::Options,
    output::{
        self, Mode,
        clean::Cleaned,
        generated::{Generated, HandlerPlace},
    },
    project::{Project, Surroundings},
    read, targets,
};
use std::path::PathBuf;

/// Generates the files of a project. Nothing is written. A project whose last spec was removed generates nothing.
///
/// # Errors
///
/// [`Error::Environment`] when there are no specs and never were, or they cannot be read, [`Error::Specs`] with everything that
/// is wrong in all of them.
pub fn generate(project: &Project) -> Result<Generated, Error> {
    generate_with(project, &Options::default())
}

/// Generates the files of a project in another way. Nothing is written.
///
/// # Errors
///
/// As [`generate`], and for what cannot be generated in this way.
pub fn generate_with(project: &Project, options: &Options) -> Result<Generated, Error> {
    let discovered = discover::discover(project)?;
    if discovered.sources.is_empty() && !output::has_generated_code(project, &targets::FORMATS)? {
        return Err(discover::no_specs(project).into());
    }
    compile(&discovered, &project.surroundings(), options)
}

/// Removes what was generated for a project and nobody has edited, unless somebody's work would drop out of the build. Specs are
/// not read. [`Mode::Force`] removes what was edited, too; [`Mode::DryRun`] only reports.
///
/// # Errors
///
/// [`Error::Environment`] when the file system refuses.
pub fn clean(project: &Project, mode: Mode) -> Result<Cleaned, Error> {
    output::clean::clean(project, &targets::FORMATS, mode)
}

/// Generates files from texts that are at hand.
///
/// # Errors
///
/// [`Error::Specs`] with everything that is wrong.
pub fn generate_from(
    discovered: &Discovered,
    surroundings: &Surroundings,
) -> Result<Generated, Error> {
    compile(discovered, surroundings, &Options::default())
}

fn compile(
    discovered: &Discovered,
    surroundings: &Surroundings,
    options: &Options,
) -> Result<Generated, Error> {
    let sources = &discovered.sources;
    if sources.is_empty() {
        return Ok(Generated {
            formats: targets::FORMATS.to_vec(),
            ..Generated::default()
        });
    }
    let targets = targets::of(options, surroundings);
    let (specs, mistakes) = read::read(sources);
    let known = [discovered.diagnostics.clone(), mistakes].concat();
    let Checked { contract, warnings } = check::check(sources, &specs, known, &targets)
        .map_err(|diagnostics| Error::Specs(Diagnostics::new(sources, &diagnostics)))?;
    let mut files = Vec::new();
    for target in &targets {
        let unsigned = target.files(&contract, surroundings)?.into_iter();
        files.extend(unsigned.map(|file| file.signed(surroundings.notice.as_deref())));
    }
    Ok(Generated {
        files,
        formats: targets::FORMATS.to_vec(),
        handler_places: handler_places(&contract),
        warnings: Diagnostics::new(sources, &warnings),
    })
}

fn handler_places(contract: &Contract) -> Vec<HandlerPlace> {
    let places = contract.modules.iter().flat_map(|module| {
        let folder: PathBuf = module.path.iter().collect();
        module.endpoints.iter().map(move |endpoint| {
            let name = endpoint.key.value.as_str();
            HandlerPlace {
                endpoint: name.to_owned(),
                spec: module.spec.clone(),
                path: folder.join(name).with_extension("rs"),
            }
        })
    });
    places.collect()
}
