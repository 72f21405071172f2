//! `/lab/results/<id>.json`, and below `/lab/results/<id>/` the pictures of a result as SVG and its numbers as CSV.
//!
//! The id is a hash of all that decides the numbers, so these addresses keep what they hold.

use std::collections::BTreeSet;

use crate::chart::{self, Picture};
use crate::context::results::{FOLDER, TABLE, json, picture, table};
use crate::context::{Answer, CachePolicy, Kind, Request, Results, Site};
use crate::lab::{Experiment, Record};
use crate::prose::experiments;

pub(crate) const KIND: Kind = Kind { answer, paths };

fn answer(request: &Request<'_>) -> Option<Answer> {
    let (id, file) = named(request.path)?;
    of_record(request.site, request.site.results.records.get(id)?, file)
}

/// Returns the id and the file that a path names.
fn named(path: &str) -> Option<(&str, &str)> {
    let rest = path.strip_prefix(FOLDER)?;
    let end = rest.find(['.', '/'])?;
    Some(rest.split_at(end))
}

/// Renders a file of a result that no page shows; `record` returns the record of an id.
pub fn result_file(site: &Site, path: &str, record: impl FnOnce(&str) -> Option<Record>) -> Option<Answer> {
    let (id, file) = named(path)?;
    of_record(site, &record(id)?, file)
}

/// The file `.json` of a record, or one of those in its folder, such as `/table.csv`.
fn of_record(site: &Site, record: &Record, file: &str) -> Option<Answer> {
    let sent = |media_type, text: String| Some(Answer::new(200, media_type, CachePolicy::Immutable, text.into_bytes()));
    if file == ".json" {
        return sent("application/json", record.to_json());
    }
    let (name, ending) = file.strip_prefix('/')?.rsplit_once('.')?;
    match ending {
        "csv" if name == TABLE => sent("text/csv; charset=utf-8", chart::data(record).csv()),
        "csv" => sent("text/csv; charset=utf-8", drawn(site, record, name)?.data().csv()),
        "svg" => sent("image/svg+xml", drawn(site, record, name)?.file().to_string()),
        _ => None,
    }
}

/// Returns the picture of this name. One that only some text asks for, such as one with a window, is found by that
/// text.
fn drawn(site: &Site, record: &Record, name: &str) -> Option<Picture> {
    let picture_of = |experiment: &Experiment| {
        let pictures = chart::draw(record, experiment, "figure").pictures;
        pictures.into_iter().find(|picture| picture.name() == name)
    };
    picture_of(&Experiment::of(record.recipe.spec.clone())).or_else(|| {
        let of_record = shown(site).into_iter().filter(|(id, _)| *id == record.id);
        of_record.filter_map(|(_, experiment)| picture_of(&experiment)).next()
    })
}

/// The experiments of all texts with the ids of their results.
pub(crate) fn shown(site: &Site) -> Vec<(String, Experiment)> {
    let all = experiments(&site.archive).into_iter().map(|(_, experiment)| experiment);
    all.filter_map(|experiment| Some((site.results.id(&experiment).ok()?, experiment))).collect()
}

/// Returns the names of the files in the folder of a record, such as `table.csv`.
pub fn file_names(site: &Site, record: &Record) -> BTreeSet<String> {
    let of_record = shown(site).into_iter().filter(|(id, _)| *id == record.id).map(|(_, experiment)| experiment);
    let shown = of_record.chain([Experiment::of(record.recipe.spec.clone())]);
    let drawings = shown.map(|experiment| chart::draw(record, &experiment, "figure"));
    let pictures = drawings.flat_map(|drawing| drawing.pictures);
    let files = pictures.flat_map(|picture| ["svg", "csv"].map(|ending| format!("{}.{ending}", picture.name())));
    files.chain([format!("{TABLE}.csv")]).collect()
}

/// All files of the results that texts show.
fn paths(site: &Site) -> Vec<String> {
    let mut paths: Vec<String> =
        shown(site).iter().flat_map(|(id, experiment)| files(&site.results, id, experiment)).collect();
    paths.sort();
    paths.dedup();
    paths
}

fn files(results: &Results, id: &str, experiment: &Experiment) -> Vec<String> {
    let Some(record) = results.records.get(id) else { return Vec::new() };
    let drawing = chart::draw(record, experiment, "figure");
    let pictures = drawing
        .pictures
        .iter()
        .flat_map(|drawn| ["svg", "csv"].map(|ending| format!("{}.{ending}", picture(id, drawn.name()))));
    [json(id), table(id)].into_iter().chain(pictures).collect()
}
