//! Meetups and talks.

use jiff::civil::Date;

use super::lines;
use super::write::{Page, escape, link, links, to, whole};
use crate::archive::{Agenda, AgendaItem, Event, HotTopicId, TalkId};
use crate::pages::{Site, event, talk, words};

pub(super) fn event(site: &Site, day: Date, event: &Event) -> String {
    let archive = &site.archive;
    let mut page = Page::new(site, &format!("{}{}", words::headline(event), lines::status(event.status)));
    let coming =
        if event.is_past(day) || !event.takes_place() { String::new() } else { format!(" Coming{}.", lines::as_of(site, day)) };
    page.paragraph(&format!("{} of {}.{coming}", escape(&words::meetup(event)), escape(&archive.site.name)));
    facts(&mut page, day, event);
    if event::has_agenda(event) {
        page.heading(2, "Agenda");
        page.list(event.agenda.iter().map(|item| agenda_item(site, event, item)));
    }
    talks(&mut page, event);
    panel(&mut page, event);
    let topic = |id: &HotTopicId| {
        let beyond = [lines::people(site, &archive[*id].presenters), lines::articles_and_slides(site, *id)];
        let beyond = beyond.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ");
        let title = escape(&archive[*id].title);
        if beyond.is_empty() { title } else { format!("{title}: {beyond}") }
    };
    page.part("Hot topics", event.hot_topics.iter().map(topic));
    page.part("Announced", event.announcements.iter().map(|id| lines::announcement(site, *id)));
    page.part("Job offers", event.jobs.iter().map(|id| lines::job(site, day, *id)));
    material(&mut page, event);
    page.part("Also there", event.credits.iter().map(|seat| lines::credited(site, seat)));
    record(&mut page, event);
    neighbours(&mut page, event);
    page.done()
}

fn facts(page: &mut Page<'_>, day: Date, event: &Event) {
    let site = page.site;
    let time = event.time.map_or_else(String::new, |time| format!(", {}", words::clock(&time)));
    let organisers: Vec<String> = event.organisers.iter().map(|seat| lines::credited(site, seat)).collect();
    let meetup_page = event.meetup_url.as_ref().map(|url| link("Meetup.com page", url));
    let web_page = event.web_page.as_ref().map(|url| link("Page of the event", url));
    let register = event.registration.as_ref().filter(|_| event.is_open(day)).map(|url| link("Register", url));
    let announced = meetup_page.into_iter().chain(web_page).collect::<Vec<_>>().join(", ");
    page.facts([
        ("Date", Some(format!("{}{time}", lines::when(event)))),
        ("Venue", Some(lines::place(site, event))),
        ("Address", event.address.as_deref().map(escape)),
        ("Hosted by", Some(escape(&event.hosts.join(", ")))),
        ("Organised by", Some(organisers.join("; "))),
        ("Topics", Some(lines::topics(site, &event.tags))),
        ("Take part", register),
        ("Price", event.price.as_ref().map(words::price)),
        ("Announced at", Some(announced)),
    ]);
}

fn agenda_item(site: &Site, event: &Event, item: &AgendaItem) -> String {
    let archive = &site.archive;
    let time = item.time.as_ref().map_or_else(String::new, |time| format!("{} ", escape(&time.replace('-', "–"))));
    let by = |speakers: &[_]| {
        if speakers.is_empty() { String::new() } else { format!(", {}", lines::people(site, speakers)) }
    };
    let what = match &item.what {
        Agenda::Item { title, speakers } => format!("{}{}", escape(&words::capital(title)), by(speakers)),
        Agenda::Talk { talk, wording } => {
            let held = &archive[*talk];
            let wording = wording.as_ref().map_or_else(String::new, |wording| format!("{}: ", escape(wording)));
            // A status of the item says it already.
            let status = if item.status.words().is_some() { String::new() } else { lines::status(held.status) };
            format!("{wording}{}{}{status}", to(site, &held.title, &held.route), by(&held.speakers))
        }
        Agenda::Panel => format!("Panel: {}", event.panel.as_ref().map(|panel| escape(&panel.title)).unwrap_or_default()),
    };
    format!("{time}{what}{}", lines::status(item.status))
}

fn talks(page: &mut Page<'_>, event: &Event) {
    if event.talks.is_empty() {
        return;
    }
    let site = page.site;
    page.heading(2, if event.talks.len() == 1 { "Talk" } else { "Talks" });
    for id in &event.talks {
        let talk = &site.archive[*id];
        let status = talk.status.words().map_or_else(String::new, |status| format!(" {}", words::capital(status)));
        page.heading(3, &format!("{}{status}", talk.title));
        let by = lines::speakers(site, &talk.speakers, talk.affiliation.as_deref());
        page.facts([
            ("Page", Some(to(site, &talk.title, &talk.route))),
            ("Kind", talk.kind.map(|kind| words::capital(kind.words()))),
            ("By", Some(by)),
            ("Note", talk.note.as_deref().map(escape)),
            ("Material", Some(lines::material(site, *id).join(", "))),
        ]);
    }
}

fn panel(page: &mut Page<'_>, event: &Event) {
    let Some(panel) = &event.panel else { return };
    let site = page.site;
    page.heading(2, "Panel");
    page.heading(3, &panel.title);
    page.list(panel.panelists.iter().map(|seat| lines::credited(site, seat)));
    if let Some(seat) = &panel.moderator {
        page.paragraph(&format!("Moderated by {}", lines::credited(site, seat)));
    }
}

fn material(page: &mut Page<'_>, event: &Event) {
    let site = page.site;
    let one = |it: &Option<_>, what: &str| it.as_ref().map(|it| links(site, std::slice::from_ref(it), what)).unwrap_or_default();
    let of_evening = [
        links(site, &event.slides, "Slides"),
        links(site, &event.videos, "Recording"),
        one(&event.poster, "Poster"),
        one(&event.banner, "Banner"),
        links(site, &event.files, "File"),
    ];
    page.part("Of the evening", of_evening.concat());
    let album = |album: &crate::archive::Album| {
        let label = album.link.label.as_ref().map_or_else(|| "Photo album".to_owned(), |label| words::capital(label));
        let count = album.count.map_or_else(String::new, |count| format!("{}, ", words::count(count as usize, "photo")));
        format!("{} ({count}{})", link(&label, &whole(site, &album.link.href)), escape(words::link_kind(&album.link)))
    };
    page.part("Photos", event.photos.iter().map(album));
    page.part("References", event.links.iter().map(|it| link(it.text(), &whole(site, &it.href))));
}

fn record(page: &mut Page<'_>, event: &Event) {
    if event.next_words.is_none() && event.notes.is_empty() && event.folder.is_none() {
        return;
    }
    page.heading(2, "On record");
    if let Some(next) = &event.next_words {
        page.paragraph(&format!("What was said of the next meetup: {}", escape(next)));
    }
    if !event.notes.is_empty() {
        page.heading(3, "Where the sources disagree or surprise");
        page.list(event.notes.iter().map(|note| escape(note)));
    }
    if let Some(folder) = &event.folder {
        let address = whole(page.site, &folder.href);
        page.paragraph(&link(&format!("Folder of {}", words::meetup(event)), &address));
    }
}

fn neighbours(page: &mut Page<'_>, event: &Event) {
    let site = page.site;
    page.facts([
        ("Previous", event.previous.map(|id| lines::event(site, id))),
        ("Next", event.next.map(|id| lines::event(site, id))),
    ]);
}

pub(super) fn talk(site: &Site, day: Date, id: TalkId) -> String {
    let archive = &site.archive;
    let (it, event) = (&archive[id], &archive[archive[id].event]);
    let mut page = Page::new(site, &it.title);
    let kind = it.kind.map_or_else(|| "Talk".to_owned(), |kind| words::capital(kind.words()));
    let past = event.is_past(day) || !event.takes_place();
    let coming = if past { String::new() } else { format!(" Coming{}.", lines::as_of(site, day)) };
    page.paragraph(&format!("{kind}{} of {}.{coming}", lines::status(it.status), escape(&archive.site.name)));
    let by = lines::speakers(site, &it.speakers, it.affiliation.as_deref());
    page.facts([
        ("By", Some(by)),
        ("Held at", Some(format!("{}: {}", lines::meetup(site, it.event), escape(&words::headline(event))))),
        ("When", Some(lines::when(event))),
        ("Where", Some(lines::place(site, event))),
        ("Topics", Some(lines::topics(site, &it.tags))),
        ("Also listed as", it.listed_as.as_deref().map(escape)),
        ("Note", it.note.as_deref().map(escape)),
    ]);
    page.heading(2, "Material");
    match lines::material(site, id) {
        none if none.is_empty() => page.paragraph("No slides or recording of this talk are in the archive."),
        material => page.list(material),
    }
    let (beside, related) = talk::others(archive, id);
    page.part("Same evening", beside.into_iter().map(|id| lines::talk(site, id)));
    page.part("On the same topics", related.into_iter().map(|id| lines::talk(site, id)));
    page.done()
}
