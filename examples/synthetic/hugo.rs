//! The same archive as a site for Hugo, as its users would make it: a page an event with its text in Markdown, people
//! and venues as taxonomies (each term a page), tables of meetups, talks and people, a feed of the home page, a
//! sitemap. Ours has a page of each talk and topic too; so has a second site for Hugo, and the first has less to write.

use std::fmt::Write;

use super::facts::{Event, Facts, Talk};

/// Configuration and templates, with what is around each page in ours: navigation, breadcrumbs, footer, description,
/// canonical link.
const SITE: [(&str, &str); 8] = [
    ("config.yaml", include_str!("hugo/config.yaml")),
    ("layouts/_default/baseof.html", include_str!("hugo/layouts/baseof.html")),
    ("layouts/_default/single.html", include_str!("hugo/layouts/single.html")),
    ("layouts/_default/terms.html", include_str!("hugo/layouts/terms.html")),
    ("layouts/_default/term.html", include_str!("hugo/layouts/term.html")),
    ("layouts/_default/list.html", include_str!("hugo/layouts/list.html")),
    ("layouts/meetups/single.html", include_str!("hugo/layouts/meetup.html")),
    ("layouts/index.html", include_str!("hugo/layouts/index.html")),
];

/// What has a page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pages {
    /// Events, people, venues.
    Few,
    /// Talks and topics too: the same pages as in ours.
    Same,
}

/// All files by their names.
pub(crate) fn files(facts: &Facts, pages: Pages) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = SITE.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    files.push(("layouts/meetups/list.html".to_owned(), include_str!("hugo/layouts/meetups.html").to_owned()));
    files.push(("layouts/talks/list.html".to_owned(), include_str!("hugo/layouts/talks.html").to_owned()));
    files.push(("content/talks/_index.md".to_owned(), "---\ntitle: Talks\n---\n".to_owned()));
    files.push(("content/meetups/_index.md".to_owned(), "---\ntitle: Meetups\n---\n".to_owned()));
    for event in &facts.events {
        files.push((format!("content/meetups/{}.md", event.number), meetup(facts, event)));
        files.extend(texts(event));
    }
    if pages == Pages::Same {
        files[0].1 = files[0].1.replace("  venue: venues\n", "  venue: venues\n  topic: topics\n");
        files.push(("layouts/talks/single.html".to_owned(), include_str!("hugo/layouts/talk.html").to_owned()));
        files.extend(facts.events.iter().flat_map(|event| talks(facts, event)));
    }
    files
}

/// A page of each talk of an event.
fn talks(facts: &Facts, event: &Event) -> Vec<(String, String)> {
    let Event { number, date, .. } = event;
    let page = |(index, talk): (usize, &Talk)| {
        let speakers: Vec<&str> = talk.speakers.iter().map(|person| facts.people[*person].name.as_str()).collect();
        let mut text = format!(
            "---\ntitle: {}\nnumber: {number}\ndate: {date}\nspeakers: [{}]\n",
            talk.title,
            speakers.join(", ")
        );
        text += &format!(
            "affiliation: {}\ntopics: [{}]\n",
            facts.people[talk.speakers[0]].institution,
            talk.tags.join(", ")
        );
        text.extend(slides(event, index).map(|address| format!("slides: {address}\n")));
        text.extend(video(event, index).map(|address| format!("video: {address}\n")));
        text += &format!("---\n\n{}\n", talk.note);
        (format!("content/talks/{number}-{index}.md"), text)
    };
    event.talks.iter().enumerate().map(page).collect()
}

/// The address of the slides of a talk, if it has any.
fn slides(event: &Event, talk: usize) -> Option<String> {
    let number = event.number;
    let address = || format!("https://example.org/slm/files/Meetups/Meetup_{number}/slides/deck-{}.pdf", talk + 1);
    event.talks[talk].slides.then(address)
}

/// The address of the recording of a talk, if it has one.
fn video(event: &Event, talk: usize) -> Option<String> {
    event.talks[talk].video.then(|| format!("https://www.youtube.com/watch?v=slm{}x{talk}", event.number))
}

fn meetup(facts: &Facts, event: &Event) -> String {
    let Event { number, date, topic, .. } = event;
    let mut text =
        format!("---\ntitle: {topic}\nnumber: {number}\ndate: {date}\nvenues: [{}]\n", facts.venues[event.venue].name);
    let mut people: Vec<&str> =
        event.talks.iter().flat_map(|talk| &talk.speakers).map(|person| facts.people[*person].name.as_str()).collect();
    people.sort_unstable();
    people.dedup();
    // Writing to a string cannot fail.
    let _ = write!(text, "people: [{}]\ntalks:\n", people.join(", "));
    for (index, talk) in event.talks.iter().enumerate() {
        let speakers: Vec<&str> = talk.speakers.iter().map(|person| facts.people[*person].name.as_str()).collect();
        let _ = writeln!(text, "  - title: {}\n    speakers: [{}]", talk.title, speakers.join(", "));
        let _ = writeln!(text, "    affiliation: {}", facts.people[talk.speakers[0]].institution);
        let _ = writeln!(text, "    tags: [{}]", talk.tags.join(", "));
        text.extend(slides(event, index).map(|address| format!("    slides: {address}\n")));
        text.extend(video(event, index).map(|address| format!("    video: {address}\n")));
    }
    text.push_str("---\n\n");
    for talk in &event.talks {
        let _ = write!(text, "## {}\n\n{}\n\n", talk.title, talk.note);
    }
    text
}

/// The articles, offers and announcements of an event.
fn texts(event: &Event) -> Vec<(String, String)> {
    let date = event.date;
    let page = |section: &str, slug: &str, title: &str, paragraphs: &[String]| {
        let text = format!("---\ntitle: {title}\ndate: {date}\n---\n\n{}\n", paragraphs.join("\n\n"));
        (format!("content/{section}/{slug}.md"), text)
    };
    let article = event.article.iter().map(|text| page("hot-topics", &text.slug, &text.title, &text.paragraphs));
    let job = event.job.iter().map(|text| page("jobs", &text.slug, &text.title, &text.paragraphs));
    let announcement = event.announcement.iter().map(|text| page("events", &text.slug, &text.title, &text.paragraphs));
    article.chain(job).chain(announcement).collect()
}
