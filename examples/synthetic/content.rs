//! The archive as a content folder of this program.

use std::fmt::Write;

use super::facts::{Article, Event, Facts, Talk};
use super::words;

const SITE: &str = "\
name: Synthetic Learning Meetup
short_name: SLM
city: Vienna, Austria
language: en
time_zone: Europe/Vienna
description: An invented archive for measuring.
contact: slm@example.org
files: https://example.org/slm/files/
";

const ABOUT: &str =
    "---\ntitle: About\nsummary: What this archive is for.\n---\n\nEverything here is invented. It is for measuring.\n";

/// All files by their names.
pub(crate) fn files(facts: &Facts) -> Vec<(String, String)> {
    let mut files = vec![
        ("site.yaml".to_owned(), format!("{SITE}organisers:\n  - name: {}\n", facts.people[0].name)),
        ("pages/about.md".to_owned(), ABOUT.to_owned()),
        ("people.yaml".to_owned(), people(facts)),
        ("venues.yaml".to_owned(), venues(facts)),
        ("topics.yaml".to_owned(), topics()),
    ];
    for event in &facts.events {
        files.push((format!("meetups/{:05}.yaml", event.number), meetup(facts, event)));
        files.extend(
            event
                .article
                .as_ref()
                .map(|article| (format!("hot-topics/{}.md", article.slug), hot_topic(facts, event, article))),
        );
        files.extend(event.job.as_ref().map(|job| {
            let front = format!(
                "title: {}\ncompany: {}\nmeetup: {}\ndate: {}\nexpires: {}\ncontact:\n  mail: jobs@example.org\n",
                job.title, job.company, event.number, event.date, job.expires
            );
            (format!("jobs/{}.md", job.slug), markdown(&front, &job.paragraphs))
        }));
        files.extend(event.announcement.as_ref().map(|item| {
            let front =
                format!("title: {}\nkind: workshop\ndate: {}\nmeetup: {}\n", item.title, item.date, event.number);
            (format!("events/{}.md", item.slug), markdown(&front, &item.paragraphs))
        }));
    }
    files
}

fn people(facts: &Facts) -> String {
    let one = |person: &super::facts::Person| {
        format!(
            "- name: {}\n  affiliations:\n    - name: {}\n      meetups: [{}]\n",
            person.name, person.institution, person.first
        )
    };
    facts.people.iter().map(one).collect()
}

fn venues(facts: &Facts) -> String {
    facts.venues.iter().map(|venue| format!("- name: {}\n  address: {}\n", venue.name, venue.address)).collect()
}

fn topics() -> String {
    words::TOPICS.iter().map(|(name, about)| format!("- name: {name}\n  about: {about}\n")).collect()
}

/// Writing to a string cannot fail, so its result is dropped here and below.
fn meetup(facts: &Facts, event: &Event) -> String {
    let mut text = String::new();
    let Event { number, date, topic, .. } = event;
    let venue = &facts.venues[event.venue].name;
    let _ =
        write!(text, "number: {number}\ndate: {date}\ntime: 18:30\nvenue: {venue}\ntopic: {topic}\ntags: [{topic}]\n");
    let _ = write!(
        text,
        "meetup_url: https://example.org/slm/events/{number}/\nfolder: Meetups/Meetup_{number}/\n\nagenda:\n  - Welcome\n"
    );
    for talk in &event.talks {
        let _ = writeln!(text, "  - talk: {}", talk.title);
    }
    let _ = write!(text, "  - Networking\n\ntalks:\n");
    for (index, talk) in event.talks.iter().enumerate() {
        text.push_str(&talk_entry(facts, event, index, talk));
    }
    if let Some(article) = &event.article {
        let (title, slug) = (&article.title, &article.slug);
        let presenter = &facts.people[article.presenter].name;
        let _ =
            write!(text, "\nhot_topics:\n  - title: {title}\n    presenters: [{presenter}]\n    articles: [{slug}]\n");
    }
    text
}

fn talk_entry(facts: &Facts, event: &Event, index: usize, talk: &Talk) -> String {
    let speakers: Vec<&str> = talk.speakers.iter().map(|person| facts.people[*person].name.as_str()).collect();
    let mut text = format!("  - title: {}\n    speakers: [{}]\n", talk.title, speakers.join(", "));
    let _ = writeln!(text, "    affiliation: {}", facts.people[talk.speakers[0]].institution);
    let _ = writeln!(text, "    tags: [{}]", talk.tags.join(", "));
    if talk.slides {
        let _ = writeln!(text, "    slides: Meetups/Meetup_{}/slides/deck-{}.pdf", event.number, index + 1);
    }
    if talk.video {
        let _ = writeln!(text, "    videos: https://www.youtube.com/watch?v=slm{}x{index}", event.number);
    }
    let _ = writeln!(text, "    note: {}", talk.note);
    text
}

fn hot_topic(facts: &Facts, event: &Event, article: &Article) -> String {
    let (presenter, next) = (&facts.people[article.presenter].name, &article.paragraphs[1]);
    let front = format!(
        "title: {}\nsummary: A note from the evening.\ndate: {}\nmeetup: {}\npresenters: [{presenter}]\ntags: [{}]\n",
        article.title, event.date, event.number, article.tag
    );
    let number = event.number;
    let body = format!(
        "Shown at [meetup {number}](/meetups/{number}/).\n\n## What was *new*\n\n- {next}\n- It takes `0.5` of the time.\n"
    );
    let mut paragraphs = vec![article.paragraphs[0].clone(), body];
    paragraphs.push(article.paragraphs[2].clone());
    markdown(&front, &paragraphs)
}

fn markdown(front: &str, paragraphs: &[String]) -> String {
    format!("---\n{front}---\n\n{}\n", paragraphs.join("\n\n"))
}
