//! `/api/`: the archive as JSON, and the page that says what there is.

mod events;
mod gather;
mod records;
mod texts;
mod who;

use std::borrow::Cow;

use askama::Template;
use schemars::generate::SchemaSettings;
use schemars::transform::transform_subschemas;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::Value;

use super::subscribe::{self, Offer};
use crate::pages::{Answer, CachePolicy, Kind, Request, Site, frame::Frame, words};
use crate::problem::Text;
use gather::Gather;
use records::Data;

/// The page that describes the files.
pub(in crate::pages) const PATH: &str = "/api/";
/// The schema of all files.
const SCHEMA: &str = "/api/schema.json";

pub(in crate::pages) const PAGE: Kind = Kind { answer: page, paths: |_| vec![PATH.to_owned()] };
pub(in crate::pages) const FILES: Kind = Kind { answer: file, paths: |_| FILE_NAMES.map(path).into() };

/// The whole, the parts, and the schema.
const FILE_NAMES: [&str; 10] =
    ["all", "events", "talks", "people", "venues", "topics", "articles", "jobs", "announcements", "schema"];

/// A text is one in JSON too.
impl JsonSchema for Text {
    fn inline_schema() -> bool {
        str::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        str::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        str::json_schema(generator)
    }
}

fn path(name: &str) -> String {
    format!("{PATH}{name}.json")
}

fn file(request: &Request<'_>) -> Option<Answer> {
    let name = request.path.strip_prefix(PATH)?.strip_suffix(".json")?;
    if name == "schema" {
        return Some(json("application/schema+json", &schema(request.site)));
    }
    let gather = Gather { site: request.site };
    let mut data = gather.nothing(request.site.address(SCHEMA));
    let all = name == "all";
    let mut known = all;
    let mut wants = |part: &str| {
        known |= name == part;
        all || name == part
    };
    data.events = wants("events").then(|| gather.events());
    data.talks = wants("talks").then(|| gather.talks());
    data.people = wants("people").then(|| gather.people());
    data.venues = wants("venues").then(|| gather.venues());
    data.topics = wants("topics").then(|| gather.topics());
    data.articles = wants("articles").then(|| gather.articles());
    data.jobs = wants("jobs").then(|| gather.jobs());
    data.announcements = wants("announcements").then(|| gather.announcements());
    known.then(|| json("application/json", &data))
}

/// Fields stand in the order of their declaration.
fn json(media_type: &'static str, value: &impl serde::Serialize) -> Answer {
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    Answer::new(200, media_type, CachePolicy::Page, bytes)
}

/// The schema, from the types that are written: it cannot say anything else than the files do.
fn schema(site: &Site) -> Schema {
    let settings = SchemaSettings::draft2020_12().for_serialize().with_transform(strict as fn(&mut Schema));
    let mut schema = settings.into_generator().into_root_schema_for::<Data<'_>>();
    // By which others can refer to it. It has to be a whole address.
    if site.base.is_some() {
        schema.insert("$id".to_owned(), site.address(SCHEMA).into());
    }
    schema
}

/// What may be absent is never null here, and the lines of a description are those of the source.
fn strict(schema: &mut Schema) {
    let null = |value: &Value| value == "null" || value.get("type").is_some_and(|kind| kind == "null");
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|kind| !null(kind));
        if let [only] = &types[..] {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| !null(choice));
        if let [Value::Object(only)] = &choices[..] {
            let only = only.clone();
            schema.remove("anyOf");
            for (key, value) in only {
                schema.insert(key, value);
            }
        }
    }
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = text.replace('\n', " ");
    }
    transform_subschemas(&mut strict, schema);
}

/// What a file holds, for the page.
struct File {
    path: String,
    what: String,
}

#[derive(Template)]
#[template(path = "api.html")]
struct ApiPage<'a> {
    frame: Frame<'a>,
    files: Vec<File>,
    subscriptions: Vec<Offer>,
    schema: &'static str,
}

fn page(request: &Request<'_>) -> Option<Answer> {
    if request.path != PATH {
        return None;
    }
    let archive = request.archive;
    let description = format!("The archive of {} as calendars, feeds and JSON.", archive.site.name);
    let frame = Frame::new(request, "Data", description).offering(subscribe::of_site(archive));
    let subscriptions = subscribe::of_lists(archive);
    Some(Answer::html(200, &ApiPage { frame, files: files(request.site), subscriptions, schema: SCHEMA }))
}

fn files(site: &Site) -> Vec<File> {
    let archive = &site.archive;
    let parts = [
        ("events", archive.events.len(), "meetup"),
        ("talks", archive.talks.len(), "talk"),
        ("people", archive.people.len(), "person"),
        ("venues", archive.venues.len(), "venue"),
        ("topics", archive.topics.len(), "topic"),
        ("articles", archive.articles.len(), "article"),
        ("jobs", archive.jobs.len(), "job offer"),
        ("announcements", archive.announcements.len(), "announcement"),
    ];
    let parts = parts.map(|(name, count, noun)| File { path: path(name), what: words::count(count, noun) });
    [File { path: path("all"), what: "All of these".to_owned() }].into_iter().chain(parts).collect()
}
