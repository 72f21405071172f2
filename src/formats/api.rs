//! `/api/*.json`: the [views](crate::views) as JSON, with a schema that is made from the same types.

use schemars::generate::SchemaSettings;
use schemars::transform::transform_subschemas;
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde_json::Value;
use serde_with::skip_serializing_none;

use super::markdown;
use crate::content::Body;
use crate::context::{Answer, CachePolicy, Kind, Request, Site, results};
use crate::prose;
use crate::views::{
    AnnouncementView, ArticleView, EventView, JobView, PersonView, SiteView, TalkView, TopicView, VenueView, words,
};

/// The page that describes the files.
pub(crate) const PATH: &str = "/api/";
/// The schema of all files.
pub(crate) const SCHEMA: &str = "/api/schema.json";

pub(crate) const KIND: Kind = Kind { answer, paths: |_| FILE_NAMES.map(path).into() };

const FILE_NAMES: [&str; 10] =
    ["all", "events", "talks", "people", "venues", "topics", "articles", "jobs", "announcements", "schema"];

/// Data of a site. Each file has the same shape: `all.json` has all lists, the others have one of them. A key that is
/// absent is one of which nothing is known. Addresses begin with the site's own where it is known, else with a slash:
/// they are paths on the host of the file.
#[skip_serializing_none]
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Data of a meetup")]
struct Data<'a> {
    /// Address of this schema.
    #[serde(rename = "$schema")]
    schema: String,
    /// The group and its site.
    site: &'a SiteView,
    /// Meetups, oldest first.
    events: Option<&'a [EventView]>,
    /// Talks in the order of their meetups.
    talks: Option<&'a [TalkView]>,
    /// Everybody who spoke, presented, hosted or organised.
    people: Option<&'a [PersonView]>,
    /// Places, in the order of the first meetup there.
    venues: Option<&'a [VenueView]>,
    /// Subjects of talks, meetups and articles.
    topics: Option<&'a [TopicView]>,
    /// Articles on hot topics, newest first.
    articles: Option<Vec<Article<'a>>>,
    /// Job offers, newest first, closed ones too.
    jobs: Option<Vec<WithText<'a, JobView>>>,
    /// Announcements, newest first.
    announcements: Option<Vec<WithText<'a, AnnouncementView>>>,
}

// No doc comment, so that the schema has the description of the view.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "{T}", deny_unknown_fields)]
struct WithText<'a, T> {
    #[serde(flatten)]
    view: &'a T,
    /// The text as Markdown, with addresses for its links, and words and tables with their numbers for its figures.
    markdown: String,
}

/// An article.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Article<'a> {
    #[serde(flatten)]
    view: &'a ArticleView,
    /// Its experiments that have results.
    experiments: Vec<Experiment>,
    /// The text as Markdown, with addresses for its links, and words and tables with their numbers for its figures.
    markdown: String,
}

/// An experiment with its result.
#[skip_serializing_none]
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Experiment {
    /// Hash of everything that decides the numbers.
    id: String,
    /// The title of the figure.
    title: Option<String>,
    /// Address of the figure.
    #[schemars(extend("format" = "uri-reference"))]
    figure: String,
    /// Address of the whole result, as JSON.
    #[schemars(extend("format" = "uri-reference"))]
    result: String,
}

/// Returns the files with all lists or one, each with what is in it.
pub(crate) fn files(site: &Site) -> Vec<(String, String)> {
    let views = &*site.views;
    let lists = [
        ("events", views.events.len(), "meetup"),
        ("talks", views.talks.len(), "talk"),
        ("people", views.people.len(), "person"),
        ("venues", views.venues.len(), "venue"),
        ("topics", views.topics.len(), "topic"),
        ("articles", views.articles.len(), "article"),
        ("jobs", views.jobs.len(), "job offer"),
        ("announcements", views.announcements.len(), "announcement"),
    ];
    let lists = lists.map(|(name, count, noun)| (path(name), words::count(count, noun)));
    [(path("all"), "All of these".to_owned())].into_iter().chain(lists).collect()
}

fn path(name: &str) -> String {
    format!("{PATH}{name}.json")
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let name = request.path.strip_prefix(PATH)?.strip_suffix(".json").filter(|name| FILE_NAMES.contains(name))?;
    Some(match name {
        "schema" => json("application/schema+json", pretty(&schema(request.site))),
        name => json("application/json", with_base(pretty(&Data::new(request.site, name)), request.site)),
    })
}

fn json(media_type: &'static str, text: String) -> Answer {
    Answer::new(200, media_type, CachePolicy::Page, text.into_bytes())
}

/// Fields are in the order of their declaration.
fn pretty(value: &impl Serialize) -> String {
    // The types have string keys only, and writing to memory cannot fail.
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

/// Puts the base URL before the paths in a pretty-printed file. That cannot change a text: quotes inside a string are
/// escaped, so a key with its quotes and an unescaped quote after it is always a key.
fn with_base(json: String, site: &Site) -> String {
    if site.base.is_none() {
        return json;
    }
    ["url", "calendar"].into_iter().fold(json, |json, key| {
        json.replace(&format!("\"{key}\": \"/"), &format!("\"{key}\": \"{}", site.address("/")))
    })
}

impl<'a> Data<'a> {
    /// Returns the list of a name, or all lists.
    fn new(site: &'a Site, name: &str) -> Self {
        let views = &*site.views;
        let has = |list: &str| name == "all" || name == list;
        Self {
            schema: site.address(SCHEMA),
            site: &views.site,
            events: has("events").then_some(&views.events),
            talks: has("talks").then_some(&views.talks),
            people: has("people").then_some(&views.people),
            venues: has("venues").then_some(&views.venues),
            topics: has("topics").then_some(&views.topics),
            articles: has("articles").then(|| views.articles.iter().map(|it| Article::new(site, it)).collect()),
            jobs: has("jobs").then(|| views.jobs.iter().map(|it| WithText::new(site, it, &it.body)).collect()),
            announcements: has("announcements")
                .then(|| views.announcements.iter().map(|it| WithText::new(site, it, &it.body)).collect()),
        }
    }
}

impl<'a, T> WithText<'a, T> {
    fn new(site: &Site, view: &'a T, body: &Body) -> Self {
        Self { view, markdown: markdown::of_body(site, body) }
    }
}

impl<'a> Article<'a> {
    fn new(site: &Site, view: &'a ArticleView) -> Self {
        Self { view, experiments: experiments(site, view), markdown: markdown::of_body(site, &view.body) }
    }
}

/// The experiments of an article that have results, in the order of its text.
fn experiments(site: &Site, article: &ArticleView) -> Vec<Experiment> {
    let results = &site.results;
    let blocks = prose::read(&site.archive, &site.views, &article.body, None).0;
    let with_result = blocks.into_iter().filter_map(|prose::Block { number, experiment, .. }| {
        let id = results.id(&experiment).ok().filter(|id| results.records.contains_key(id))?;
        let figure = site.address(&format!("{}#figure-{number}", article.url));
        let result = site.address(&results::json(&id));
        Some(Experiment { id, title: experiment.title, figure, result })
    });
    with_result.collect()
}

fn schema(site: &Site) -> Schema {
    let settings = SchemaSettings::draft2020_12().for_serialize().with_transform(strict as fn(&mut Schema));
    let mut schema = settings.into_generator().into_root_schema_for::<Data<'_>>();
    // The name by which others can refer to it, which must be absolute.
    if site.base.is_some() {
        schema.insert("$id".to_owned(), site.address(SCHEMA).into());
    }
    schema
}

/// Removes null from what may be absent, because it is never null here, and the line breaks of the source from
/// descriptions.
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
